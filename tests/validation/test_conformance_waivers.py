"""How conformance findings are told: one for a check and a variable, what stops a run, and what a waiver explains."""

from dataclasses import replace

import pytest

from adam.core.errors import Severity
from adam.planning.values import Check, Waiver
from tests.validation.conforming import package, study
from tests.validation.test_conformance import KEY, coded
from validation.conformance.run_conformance import run_conformance

FLAGGED = package("ADSL", {**KEY, "SAFFL": [""], "ITTFL": ["X"]})


def test_one_finding_for_a_check_and_a_variable_names_all_its_rules() -> None:
    found = {finding.variable: finding for finding in run_conformance(FLAGGED) if finding.variable}
    assert found["SAFFL"].message == "A value is not allowed: missing; allowed are Y, N [AD0019, AD0023]"
    assert found["ITTFL"].message.endswith("[AD0005B, AD0019, AD0021]")
    assert (found["SAFFL"].id, found["SAFFL"].severity, found["SAFFL"].count, found["SAFFL"].keys) == (
        "AD0019",
        Severity.WARNING,
        1,
        ({"USUBJID": "1"},),
    )


def test_the_study_says_how_much_a_rule_weighs() -> None:
    assert run_conformance(replace(FLAGGED, study=study(conformance="off"))) == []
    assert {finding.severity for finding in run_conformance(replace(FLAGGED, study=study(conformance="error"))) if finding.variable} == {
        Severity.ERROR
    }


def test_what_is_stated_for_every_dataset_is_an_error_under_its_id_unless_the_study_softened_it() -> None:
    bad = package("BDS", {**KEY, "ADY": [0]}, KEY)
    (found,) = [finding for finding in run_conformance(bad) if finding.variable == "ADY"]
    assert (found.id, found.severity) == ("G-10", Severity.ERROR)
    soft = replace(bad, study=study(checks=(Check(id="G-10", kind="generated", severity="warning"),)))
    assert [finding.severity for finding in run_conformance(soft) if finding.variable == "ADY"] == [Severity.WARNING]


def test_a_waiver_explains_the_records_it_names() -> None:
    two = package("ADSL", {"STUDYID": ["S", "S"], "USUBJID": ["1", "2"], "SAFFL": ["", ""]})
    waived = replace(two, study=study(waivers=(Waiver(check="AD0023", reason="known", keys={"USUBJID": "2"}),)))
    found = [(finding.id, finding.waived, finding.count) for finding in run_conformance(waived) if finding.variable == "SAFFL"]
    assert found == [("AD0023", "known", 1), ("AD0019", "", 1)]


def test_a_line_of_one_dataset_softens_what_is_stated_there_alone() -> None:
    given = package("BDS", {**KEY, "ADY": [0]}, {**KEY, "ADY": [0]})
    lines = {"ADEFF": (Check(id="G-10", kind="generated", severity="warning"),), "ADSL": (Check(id="G-10", kind="expect", severity="warning"),)}
    said = {name: each.model_copy(update={"checks": lines[name]}) for name, each in given.datasets.items()}
    found = {
        finding.dataset: str(finding.severity) for finding in run_conformance(replace(given, study=study(datasets=said))) if finding.variable == "ADY"
    }
    assert found == {"ADEFF": "warning", "ADSL": "error"}


TIMED = {
    "STUDYID": ["S", "S"],
    "USUBJID": ["1", "2"],
    "ASTDTM": ["2024-01-01T10:00", "2024-01-02T10:00"],
    "ASTDT": ["2024-01-05", "2024-01-02"],
    "AENDTM": ["2024-01-05T10:00", "2024-01-01T10:00"],
}


@pytest.mark.parametrize(
    ("waived", "expected"),
    [
        ("", [("G-08", "error", "1", ""), ("AD0362", "warning", "2", "")]),
        ("AD0362", [("G-08", "error", "1", ""), ("AD0362", "warning", "2", "known")]),
        ("AD0045", [("G-08", "error", "1", ""), ("AD0362", "warning", "2", "")]),
        ("G-08", [("G-08", "error", "1", "known"), ("AD0362", "warning", "2", "")]),
    ],
)
def test_a_waiver_explains_what_its_own_rule_says(waived: str, expected: list[tuple[str, str, str, str]]) -> None:
    given = package("BDS", TIMED, {name: TIMED[name] for name in KEY})  # type: ignore[arg-type]
    waivers = (Waiver(check=waived, reason="known"),) if waived else ()
    found = run_conformance(replace(given, study=study(waivers=waivers)))
    told = [(each.id, str(each.severity), each.keys[0]["USUBJID"], each.waived) for each in found if each.variable == "ASTDTM" and each.keys]
    assert told == expected


def test_what_is_stated_is_told_and_explained_by_its_id_with_what_else_is_said_of_the_record() -> None:
    given = coded("ADSL", "X", "SEX", "U")
    for waived, expected in [("SD0037", ("G-05", "")), ("CT2001", ("G-05", "")), ("G-05", ("G-05", "known"))]:
        found = run_conformance(replace(given, study=study(waivers=(Waiver(check=waived, reason="known"),))))
        mine = [(each.id, each.waived) for each in found if each.variable == "X" and each.keys]
        assert mine == [expected], waived
        assert [each.message.split("[")[-1] for each in found if each.variable == "X" and each.keys] == ["SD0037, CT2001]"]


def test_a_waiver_of_one_rule_leaves_another_of_the_same_record() -> None:
    given = package("BDS", {**{name: values * 2 for name, values in KEY.items()}, "PARAMCD": ["A", "A"], "PARAM": ["A", "B"], "PARCAT1": ["X", "Y"]})
    found = run_conformance(replace(given, study=study(waivers=(Waiver(check="AD0124", reason="known"),))))
    assert [(each.id, each.waived) for each in found if each.variable == "PARAMCD" and each.keys] == [("AD0124", "known"), ("AD0141", "")]


def test_what_is_of_no_records_is_explained_by_its_rule() -> None:
    given = package("BDS", {**KEY, "BTOXGR": ["1"]}, KEY)
    waivers = (Waiver(check="AD0164", reason="known"), Waiver(check="AD0163", reason="one", keys={"USUBJID": "1"}))
    found = run_conformance(replace(given, study=study(waivers=waivers)))
    mine = [(each.id, each.waived) for each in found if each.variable == "BTOXGR" and "AD016" in each.message]
    assert mine == [("AD0163", ""), ("AD0164", "known")]
