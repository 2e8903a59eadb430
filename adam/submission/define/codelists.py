"""The codelists of define.xml: those that the study declares, and those of parameters, windows and numbered terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from adam.planning.values import Codelist, ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.submission.define.elements import element


@dataclass(frozen=True)
class DefineTerm:
    """One value of a codelist, with its decode and its NCI code if they are known."""

    value: str
    decode: str = ""
    nci: str = ""


@dataclass(frozen=True)
class DefineCodelist:
    """A codelist of define.xml, or a dictionary of coded terms, which has a version and no terms.

    `type` is the type of its values; `package` is the CDISC package, blank for a sponsor codelist; `dictionary` and `version` are those of
    coded terms.
    """

    oid: str
    name: str
    type: str
    terms: tuple[DefineTerm, ...]
    nci: str = ""
    package: str = ""
    extensible: bool = False
    dictionary: str = ""
    version: str = ""


def codelist_of(study: ResolvedStudy, dataset: ResolvedDataset, variable: ResolvedVariable) -> DefineCodelist | None:
    """The codelist of a variable, or of its value-level metadata; None if it has none.

    A numeric variable xxxN has the numbers of the codelist of xxx. PARAM, PARAMCD and PARAMN have the parameters of the dataset, AVISIT
    and AVISITN its windows.
    """
    if variable.codelist in study.codelists:
        return _declared(study.codelists[variable.codelist], variable)
    if variable.codelist in study.dictionaries:
        return _dictionary(variable.codelist, study.dictionaries[variable.codelist], variable)
    codelist = _of_parameters(dataset, variable.name) or _of_windows(study, dataset, variable.name)
    if codelist is not None:
        return codelist
    text = dataset.variables.get(variable.name[:-1]) if variable.name.endswith("N") else None
    if text is not None and variable.type != "text" and text.codelist in study.codelists and study.codelists[text.codelist].numbers:
        return _of_numbers(study.codelists[text.codelist])
    return None


def codelist_element(study: ResolvedStudy, codelist: DefineCodelist) -> ET.Element:
    """The definition of a codelist, or of a dictionary with its version."""
    if codelist.version:
        dictionary = element("ExternalCodeList", Dictionary=codelist.dictionary, Version=codelist.version)
        return element("CodeList", dictionary, OID=codelist.oid, Name=codelist.name, DataType=codelist.type)
    packages = {standard.package for standard in study.standards if standard.terminology}
    standard = f"STD.CT.{codelist.package}" if codelist.package in packages and codelist.package else ""
    decoded = any(term.decode for term in codelist.terms)
    coded = codelist.extensible and any(term.nci for term in codelist.terms)
    return element(
        "CodeList",
        *(_term_element(term, number, decoded, coded and not term.nci) for number, term in enumerate(codelist.terms, 1)),
        *_alias(codelist.nci),
        OID=codelist.oid,
        Name=codelist.name,
        DataType=codelist.type,
        def__StandardOID=standard,
        def__IsNonStandard="" if standard else "Yes",
    )


def _dictionary(name: str, version: str, variable: ResolvedVariable) -> DefineCodelist:
    """A dictionary of coded terms; its codes are numbers, which are a codelist of another type and name, or text."""
    if variable.type == "text":
        return DefineCodelist(f"CL.{name}", name, "text", (), dictionary=name, version=version)
    return DefineCodelist(f"CL.{name}.N", f"{name} (N)", "integer" if variable.type == "integer" else "float", (), dictionary=name, version=version)


def _declared(codelist: Codelist, variable: ResolvedVariable) -> DefineCodelist | None:
    if variable.type != "text":
        return _of_numbers(codelist) if codelist.numbers else None
    terms = tuple(DefineTerm(term, entry.decode, entry.nci) for term, entry in codelist.terms.items())
    package = codelist.published if codelist.nci else ""
    return DefineCodelist(f"CL.{codelist.name}", codelist.name, "text", terms, codelist.nci, package, codelist.extensible)


def _of_numbers(codelist: Codelist) -> DefineCodelist:
    """The numbers of the terms; the terms are their decodes."""
    terms = tuple(DefineTerm(f"{number:.15g}", term) for term, number in codelist.numbers.items())
    return DefineCodelist(f"CL.{codelist.name}.N", f"{codelist.name} (N)", _number_type(codelist.numbers.values()), terms)


def _number_type(numbers: Iterable[float]) -> str:
    return "integer" if all(number.is_integer() for number in numbers) else "float"


def _of_parameters(dataset: ResolvedDataset, name: str) -> DefineCodelist | None:
    parameters = list(dataset.parameters.values())
    terms: dict[str, list[DefineTerm]] = {
        "PARAMCD": [DefineTerm(each.name, each.label) for each in parameters],
        "PARAM": [DefineTerm(each.label) for each in parameters],
        "PARAMN": [DefineTerm(f"{each.number:.15g}", each.label) for each in parameters if each.number is not None],
    }
    if not terms.get(name):
        return None
    return DefineCodelist(f"CL.{dataset.name}.{name}", f"{dataset.name} {name}", "integer" if name == "PARAMN" else "text", tuple(terms[name]))


def _of_windows(study: ResolvedStudy, dataset: ResolvedDataset, name: str) -> DefineCodelist | None:
    use = dataset.windows.use if dataset.windows else ""
    windows = study.windows.get(use, {})
    if name not in ("AVISIT", "AVISITN") or not windows:
        return None
    oid, title = f"CL.{use}.{name}", f"{name} of {use}"
    if name == "AVISIT":
        return DefineCodelist(oid, title, "text", tuple(DefineTerm(visit) for visit in windows))
    terms = tuple(DefineTerm(f"{window.number:.15g}", visit) for visit, window in windows.items())
    return DefineCodelist(oid, title, _number_type(window.number for window in windows.values()), terms)


def _term_element(term: DefineTerm, number: int, decoded: bool, extended: bool) -> ET.Element:
    children = [element("Decode", element("TranslatedText", text=term.decode or term.value, xml__lang="en"))] if decoded else []
    return element(
        "CodeListItem" if decoded else "EnumeratedItem",
        *children,
        *_alias(term.nci),
        CodedValue=term.value,
        OrderNumber=str(number),
        def__ExtendedValue="Yes" if extended else "",
    )


def _alias(code: str) -> Iterator[ET.Element]:
    if code:
        yield element("Alias", Context="nci:ExtCodeID", Name=code)
