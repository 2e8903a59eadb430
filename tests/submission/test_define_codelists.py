"""Codelists as documents show them: the type of numbers is integer only where every one is whole."""

from pathlib import Path

import pytest

from adam.expressions.parse import parse
from adam.planning.values import Codelist, CodelistTerm, ResolvedDataset, ResolvedStudy, ResolvedVariable, Window, WindowUse
from adam.submission.define.codelists import codelist_element, codelist_of


def study(numbers: tuple[float, float]) -> ResolvedStudy:
    codelist = Codelist(name="SIZE", terms={"small": CodelistTerm(number=numbers[0]), "large": CodelistTerm(number=numbers[1])})
    windows = {"VISITS": {name: Window(name=name, number=number) for name, number in zip(("First", "Second"), numbers, strict=True)}}
    return ResolvedStudy(name="S", folder=Path(), ids=("S",), codelists={"SIZE": codelist}, windows=windows)


def dataset() -> ResolvedDataset:
    variables = {
        "SIZE": ResolvedVariable(name="SIZE", type="text", codelist="SIZE"),
        "SIZEN": ResolvedVariable(name="SIZEN", type="float"),
        "AVISITN": ResolvedVariable(name="AVISITN", type="float"),
    }
    use = WindowUse(use="VISITS", date=parse("ADT"), reference=parse("TRTSDT"))
    return ResolvedDataset(name="D", class_="", label="", key=(), variables=variables, windows=use)


@pytest.mark.parametrize("name", ["SIZEN", "AVISITN"])
@pytest.mark.parametrize(("numbers", "kind"), [((1.0, 2.0), "integer"), ((1.0, 2.5), "float"), ((0.5, 2.0), "float")])
def test_numbers_are_integers_only_if_all_are_whole(name: str, numbers: tuple[float, float], kind: str) -> None:
    model = dataset()
    codelist = codelist_of(study(numbers), model, model.variables[name])
    assert codelist is not None
    assert (codelist.type, [term.value for term in codelist.terms]) == (kind, [f"{number:g}" for number in numbers])


def test_the_codes_of_a_dictionary_are_a_codelist_with_a_name_of_its_own() -> None:
    variables = {
        "AEDECOD": ResolvedVariable(name="AEDECOD", type="text", codelist="MedDRA"),
        "AEPTCD": ResolvedVariable(name="AEPTCD", type="integer", codelist="MedDRA"),
    }
    model = ResolvedDataset(name="D", class_="", label="", key=(), variables=variables)
    of_study = ResolvedStudy(name="S", folder=Path(), ids=("S",), dictionaries={"MedDRA": "27.1"})
    found = []
    for variable in variables.values():
        codelist = codelist_of(of_study, model, variable)
        assert codelist is not None
        made = codelist_element(of_study, codelist)
        (external,) = made
        found.append((made.get("Name"), made.get("DataType"), external.get("Dictionary"), external.get("Version")))
    assert found == [("MedDRA", "text", "MedDRA", "27.1"), ("MedDRA (N)", "integer", "MedDRA", "27.1")]
