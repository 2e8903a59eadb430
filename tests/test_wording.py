"""Values that no line of a variable spells out have an origin, a method text and a lineage after the plan."""

import re
from pathlib import Path

import pytest

from adam.pipeline.planning import plan_with_source
from adam.specification.models import Dataset

STUDY = Path(__file__).parent / "study"
SPECS = Path(__file__).parents[1] / "specs"


@pytest.fixture(scope="module")
def aditch() -> Dataset:
    found, _ = plan_with_source(STUDY / "specs", STUDY / "sdtm")
    return found.datasets["ADITCH"]


def test_a_source_record_has_the_variable_of_its_domain(aditch: Dataset) -> None:
    assert aditch.variables["ADT"].lineage == ("QS.QSDTC",)


def test_what_the_parameter_assigns_and_what_the_window_gives(aditch: Dataset) -> None:
    assert (aditch.variables["PARAMCD"].origin, aditch.variables["PARAMCD"].method) == ("Assigned", "The code of the parameter.")
    visit = aditch.variables["AVISIT"]
    assert visit.origin == "Derived"
    assert visit.method.endswith("Windows of ADY: Baseline: any to 1 (target 1); Week 2: 2 to 22 (target 15); Week 4: 23 to 43 (target 29).")


def test_a_plain_result_is_a_predecessor(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH"].variables["AVAL"]
    assert (value.origin, value.lineage, value.type) == ("Predecessor", ("QS.QSSTRESN",), "integer")


def test_records_made_of_others_tell_how(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH4"].variables["AVAL"]
    assert (value.origin, value.codelist) == ("Derived", "NYNUM")
    assert "response (of: ITCH; criterion: 1)." in value.method
    assert 'nonresponse (visits: 2, 4; subjects: ADSL.SAFFL == "Y"; dtype: NRI).' in value.method
    assert "DOMAIN" not in value.method


def test_a_criterion_is_told_where_it_is_judged(aditch: Dataset) -> None:
    values = aditch.parameters["ITCH"].variables
    assert (values["CRIT1"].origin, values["CRIT1"].method) == ("Assigned", ">=4-point reduction")
    assert "flag_yn (when: CHG <= -4)" in values["CRIT1FL"].method
    assert "CRIT1FL" not in aditch.parameters["ITCH4"].variables


def test_values_that_methods_name_are_told() -> None:
    found, _ = plan_with_source(STUDY / "specs", STUDY / "sdtm")
    prepared_there = found.documented.sources["EX"].variables["STDT"]
    assert (prepared_there.method, prepared_there.lineage) == ("date(EXSTDTC)", ("EXSTDTC",))


@pytest.mark.parametrize(("study", "least"), [("true_ad", 200), ("cdiscpilot01", 80)])
def test_no_sign_of_the_program_is_in_a_method(study: str, least: int) -> None:
    """Every method text of the studies in `specs/`: no empty argument, no list or mapping of Python, no number with a point that is whole."""
    found, _ = plan_with_source(SPECS / study)
    texts = [text for dataset in found.datasets.values() for text in methods(dataset)]
    texts += [variable.method for use in found.documented.sources.values() for variable in use.variables.values()]
    assert len(set(texts)) > least
    for text in texts:
        bare = re.sub('"[^"]*"', "text", text)
        assert not re.search(r"[\[\]{}`]|'(?!s)|: ;|: \)|\bNone\b|\d\.0\b|\(\)", bare), text


def methods(dataset: Dataset) -> list[str]:
    own = [variable.method for variable in dataset.variables.values()]
    return own + [variable.method for parameter in dataset.parameters.values() for variable in parameter.variables.values()]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AGEGR1", 'cut (of: AAGE; at: 12, 18, 65; terms: blank, "12-17", "18-64", ">=65")'),
        ("RACEGR1", 'map: "WHITE" as "White", "BLACK OR AFRICAN AMERICAN" as "Black", "ASIAN" as "Asian"; otherwise: Other)'),
        ("EOTSTT", 'case (EOSSTT when EOTDECOD == ""; "COMPLETED" when EOTDECOD == "COMPLETED"; otherwise "DISCONTINUED"), where SAFFL == "Y"'),
        ("DTHDT", "imputed_date (dtc: DM.DTHDTC; day: first; month: first; not_before: LASTDTC)"),
        ("REGION1", 'refused as "country without a region" when COUNTRY != "")'),
        ("AGEGR1N", "The number of the term of AGEGR1 in its codelist."),
        ("TRTSEQP", 'join (of: TRT01P, TRT02P; by: " / ")'),
        ("ITTFL", "Equal to RANDFL"),
    ],
)
def test_methods_are_words(name: str, text: str) -> None:
    found, _ = plan_with_source(SPECS / "true_ad")
    assert found.datasets["ADSL"].variables[name].method.endswith(text)
