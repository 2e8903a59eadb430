"""Values that no line of a variable spells out have an origin, a method text and a lineage after the plan."""

from pathlib import Path

import pytest

from adam.flow import prepared
from adam.spec.models import Dataset

STUDY = Path(__file__).parent / "study"


@pytest.fixture(scope="module")
def aditch() -> Dataset:
    found, _ = prepared(STUDY / "specs", STUDY / "sdtm")
    return found.datasets["ADITCH"]


def test_a_source_record_has_the_variable_of_its_domain(aditch: Dataset) -> None:
    assert aditch.variables["ADT"].lineage == ("QS.QSDTC",)


def test_what_the_parameter_assigns_and_what_the_window_gives(aditch: Dataset) -> None:
    assert (aditch.variables["PARAMCD"].origin, aditch.variables["PARAMCD"].method) == ("Assigned", "The code of the parameter.")
    visit = aditch.variables["AVISIT"]
    assert visit.origin == "Derived"
    assert visit.method.endswith("Windows of ADY: Baseline any to 1 (target 1); Week 2 2 to 22 (target 15); Week 4 23 to 43 (target 29).")


def test_a_plain_result_is_a_predecessor(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH"].variables["AVAL"]
    assert (value.origin, value.lineage, value.type) == ("Predecessor", ("QS.QSSTRESN",), "integer")


def test_records_made_of_others_tell_how(aditch: Dataset) -> None:
    value = aditch.parameters["ITCH4"].variables["AVAL"]
    assert (value.origin, value.codelist) == ("Derived", "NYNUM")
    assert "response (of: [ITCH], criterion: 1)." in value.method
    assert 'nonresponse (visits: [2.0, 4.0], subjects: ADSL.SAFFL == "Y", dtype: NRI).' in value.method
    assert "DOMAIN" not in value.method


def test_a_criterion_is_told_where_it_is_judged(aditch: Dataset) -> None:
    values = aditch.parameters["ITCH"].variables
    assert (values["CRIT1"].origin, values["CRIT1"].method) == ("Assigned", ">=4-point reduction")
    assert "flag_yn (when: CHG <= -4)" in values["CRIT1FL"].method
    assert "CRIT1FL" not in aditch.parameters["ITCH4"].variables


def test_values_that_methods_name_are_told() -> None:
    found, _ = prepared(STUDY / "specs", STUDY / "sdtm")
    prepared_there = found.documented.sources["EX"].variables["STDT"]
    assert (prepared_there.method, prepared_there.lineage) == ("date(EXSTDTC)", ("EXSTDTC",))
