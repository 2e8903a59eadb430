"""Values that come from elsewhere, formats, and what only some datasets of a class need: the edges of the rules."""

from dataclasses import replace

import pytest

from adam.planning.values import Attributes
from tests.validation.conforming import fires, package, study
from tests.validation.test_conformance import KEY, changed
from validation.conformance.run_conformance import run_conformance


@pytest.mark.parametrize(
    ("rule", "name", "own", "collected", "found"),
    [
        ("AD0204", "AGE", [3], ["abc"], True),
        ("AD0204", "AGE", ["abc"], [3], True),
        ("AD0204", "AGE", ["3"], [3], False),
        ("AD0204", "AGE", [3], [""], True),
        ("AD0204", "AGE", [None], [""], False),
        ("AD0206", "SEX", [" M"], ["M "], False),
        ("AD0206", "SEX", ["M"], [""], True),
        ("AD0206", "SEX", ["M"], None, True),
        ("AD0206", "SEX", [""], None, False),
    ],
)
def test_values_of_another_type_and_of_a_variable_the_domain_has_not(
    rule: str, name: str, own: list[object], collected: list[object] | None, found: bool
) -> None:
    source = KEY if collected is None else {**KEY, name: collected}
    assert fires(package("ADSL", {**KEY, name: own}, sources={"DM": source}), rule) is found  # type: ignore[dict-item]


def test_a_value_of_a_phase_without_a_date_is_found() -> None:
    phased = {**KEY, "APHASEN": [3], "PHSDT": ["2024-01-01"]}
    assert fires(package("BDS", phased, {**KEY, "PH2SDT": ["2024-01-01"]}), "AD0605")
    assert fires(package("BDS", phased, KEY), "AD0605")
    assert not fires(package("BDS", {**phased, "PHSDT": [""]}, KEY), "AD0605")
    assert not fires(package("BDS", {**phased, "APHASEN": [None]}, KEY), "AD0605")
    assert not fires(package("BDS", phased, {**KEY, "USUBJID": ["2"]}), "AD0605")


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("ADT", "DATE9. MONYY7. YYMMDDP10. WEEKDATX29. NLDATE20. E8601DA10. YYQC6. WEEKV11. DDMMYY8. ENGDFDD."),
        ("ATM", "TIME5. TOD8. HHMM5. NLTIMAP10. E8601TM8."),
        ("ADTM", "DATETIME20. NLDATM30. DTMONYY7. E8601DT19. B8601DN8."),
    ],
)
def test_formats_of_dates_and_times(name: str, formats: str) -> None:
    given = package("BDS", {name: {"ADT": ["2024-01-01"], "ATM": [1], "ADTM": ["2024-01-01T10:00"]}[name]})
    rules_of = {"ADT": "AD0041", "ATM": "AD0042", "ADTM": "AD0043"}
    assert [each for each in formats.split() if fires(changed(given, name, format=each), rules_of[name])] == []
    assert all(fires(changed(given, name, format=each), rules_of[name]) for each in ("BEST12.", "COMMA8.", "MYDATE9."))


def test_what_adverse_events_need_other_occurrences_need_not() -> None:
    core = {"AETERM": Attributes(core="Req"), "TRTEMFL": Attributes(core="Req"), "ASTDT": Attributes(core="Req")}
    given = package("OCCDS", {**KEY, "CMTRT": ["A"], "ASTDT": ["2024-01-01"]})
    medication = given.held["ADAE"].model_copy(update={"subclass": "CONCOMITANT MEDICATION"})
    for held, frame, lacking in [
        (medication, given.frames["ADAE"], set()),
        (medication.model_copy(update={"variables": {k: v for k, v in medication.variables.items() if k != "ASTDT"}}), None, {"ASTDT"}),
        (given.held["ADAE"], given.frames["ADAE"], {"AETERM", "TRTEMFL"}),
    ]:
        frames = {"ADAE": given.frames["ADAE"].drop(columns="ASTDT") if frame is None else frame}
        of_events = {name: core[name] for name in ("AETERM", "TRTEMFL")}
        known = study(dictionary={"OCCURRENCE DATA STRUCTURE": {"ASTDT": core["ASTDT"]}, "ADVERSE EVENT": of_events})
        found = run_conformance(replace(given, study=known, held={"ADAE": held}, datasets={"ADAE": held}, frames=frames))
        said = [each.message for each in found if "[AD0047]" in each.message]
        assert {name for name in core if any(name in each for each in said)} == lacking
