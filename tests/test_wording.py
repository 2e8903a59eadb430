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
    assert visit.method.endswith(
        ": Baseline: up to day 1 (target day 1); Week 2: days 2 to 22 (target day 15); Week 4: days 23 to 43 (target day 29)."
    )


def test_a_plain_result_is_a_predecessor(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH"].variables["AVAL"]
    assert (value.origin, value.lineage, value.type) == ("Predecessor", ("QS.QSSTRESN",), "integer")


def test_the_method_of_derived_records_is_a_sentence(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH4"].variables["AVAL"]
    assert (value.origin, value.codelist) == ("Derived", "NYNUM")
    assert '1 if CRIT1FL of that record is "Y", 0 if it is "N".' in value.method
    imputed = 'One more record with AVAL 0 and DTYPE "NRI" for each subject where ADSL.SAFFL is "Y", at each of Week 2 and Week 4'
    assert f"{imputed} where the subject has no value." in value.method
    assert "DOMAIN" not in value.method


def test_a_criterion_has_a_method_where_it_applies(aditch: Dataset) -> None:
    values = aditch.parameters["ITCH"].variables
    assert (values["CRIT1"].origin, values["CRIT1"].method) == ("Assigned", 'Set to ">=4-point reduction".')
    assert values["CRIT1FL"].method.startswith('"Y" if CHG is at most -4; otherwise "N".')
    assert "CRIT1FL" not in aditch.parameters["ITCH4"].variables


def test_variables_prepared_in_a_source_have_methods() -> None:
    found, _ = plan_with_source(STUDY / "specs", STUDY / "sdtm")
    step = found.study.sources["EX"].variables["STDT"]
    assert (step.method, step.lineage) == ("The date of EXSTDTC.", ("EXSTDTC",))


@pytest.mark.parametrize(("study", "least"), [("true_ad", 200), ("cdiscpilot01", 80)])
def test_no_code_is_in_a_method(study: str, least: int) -> None:
    """Every method text of the studies in `specs/`: no empty argument, no list or mapping of Python, no number with a point that is whole."""
    found, _ = plan_with_source(SPECS / study)
    texts = [text for dataset in found.datasets.values() for text in methods(dataset)]
    texts += [variable.method for use in found.study.sources.values() for variable in use.variables.values()]
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
        ("SAFFL", '"Y" if TRTSDT is not missing; otherwise "N".'),
        ("AGEGR1", '"18-64" if AAGE is at least 18 and less than 65; ">=65" if AAGE is at least 65; blank if AAGE is missing.'),
        ("RACEGR1", '"White" if RACE is "WHITE"; "Black" if RACE is "BLACK OR AFRICAN AMERICAN"; "Asian" if RACE is "ASIAN"; otherwise "Other".'),
        ("EOTSTT", '"COMPLETED" if EOTDECOD is "COMPLETED"; otherwise "DISCONTINUED". Only where SAFFL is "Y"; blank elsewhere.'),
        ("DTHDT", "If the month is missing: the first possible date. An imputed date is not earlier than LASTDTC. Otherwise missing."),
        ("REGION1", 'reported as an error ("country without a region") if COUNTRY is not blank; otherwise blank.'),
        ("RANDDT", 'DS.STDT of the DS record where DS.DSDECOD is "RANDOMIZED" and DS.STDT is not missing.'),
        ("AGEGR1N", '1 if AGEGR1 is "12-17"; 2 if AGEGR1 is "18-64"; 3 if AGEGR1 is ">=65"; otherwise missing.'),
        ("TRTSEQP", 'TRT01P and TRT02P joined by " / "; blank values are left out.'),
        ("ITTFL", "Equal to RANDFL."),
    ],
)
def test_methods_are_sentences(name: str, text: str) -> None:
    found, _ = plan_with_source(SPECS / "true_ad")
    assert found.datasets["ADSL"].variables[name].method.endswith(text)
