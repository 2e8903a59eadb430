"""What `all:` declares for every parameter of a dataset, and `add:` as a list of rules."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import Ran, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC
S1,VS,S1-1,1,PULSE,60,1,2024-01-21
S1,VS,S1-1,2,TEMP,37,1,2024-01-21
S1,VS,S1-2,1,PULSE,64,2,2024-01-21
S1,VS,S1-2,2,TEMP,38,2,2024-01-21
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, DTYPE]
parameters:
  all: ALL
  PULSE: {number: 1, label: Pulse, category: HEART, records: {where: SRC.TESTCD == "PULSE"}}
  TEMP: {number: 2, label: Temperature, records: {where: SRC.TESTCD == "TEMP"}OWN}
parameter_categories:
  HEART: {number: 1CATEGORY}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, PARCAT1, AVAL, DTYPE: PARAMETER
  CRIT1, CRIT1FL: PARAMETER
  AVISITN: {type: integer, value: SRC.VISITNUM}
  ABLFL: {flag: AVISITN == 1}
  SHIFT1: PARAMETER
codelists: {}
"""
FROM = "records: {from: VS}"
LOCF = "{locf: {visits: [2], where: AVISITN == 1, dtype: LOCF}}"
WINDOWS = '\nwindows: {W: {One: {number: 1, where: ADT < "2000-01-01"}, Two: {number: 2, where: ADT < "2000-01-01"}}}\n'


def ran(folder: Path, every: str, own: str = "", category: str = "") -> Ran:
    text = ADVS.replace("ALL", every).replace("OWN", own).replace("CATEGORY", category).replace("codelists: {}\n", "")
    text += "windows: {use: W, date: ADT, reference: ADT}\ntemporary: {ADT: date(SRC.DTC)}\n"
    return small_study(folder, {"advs": text}, {"vs": VS}, WINDOWS).build()


def records(done: Ran, *variables: str) -> list[tuple[object, ...]]:
    assert done.exit_code == 0, done.text
    return done.records("ADVS", "USUBJID", "PARAMCD", "AVISITN", *variables)


SHIFT = "variables: {SHIFT1: {label: Shift, value: 'concat(\"TEXT \", text(AVAL))'}}"


def test_every_parameter_has_its_records_formulas_and_criteria(tmp_path: Path) -> None:
    criteria = "criteria: {1: {text: Over 60, when: AVAL > 60}}"
    done = ran(tmp_path, f"{{{FROM}, {criteria}, {SHIFT.replace('TEXT', 'ALL')}}}")
    assert records(done, "AVAL", "CRIT1", "CRIT1FL", "SHIFT1") == [
        ("S1-1", "PULSE", 1, 60, "Over 60", "N", "ALL 60"),
        ("S1-1", "TEMP", 1, 37, "Over 60", "N", "ALL 37"),
        ("S1-2", "PULSE", 2, 64, "Over 60", "Y", "ALL 64"),
        ("S1-2", "TEMP", 2, 38, "Over 60", "N", "ALL 38"),
    ]


def test_a_category_and_a_parameter_are_merged_over_it(tmp_path: Path) -> None:
    criteria = "criteria: {1: {text: Over 60, when: AVAL > 60}}"
    own, category = f", {SHIFT.replace('TEXT', 'OWN')}", f", {SHIFT.replace('TEXT', 'HEART')}"
    done = ran(tmp_path, f"{{{FROM}, {criteria}, {SHIFT.replace('TEXT', 'ALL')}}}", own, category)
    assert records(done, "SHIFT1") == [
        ("S1-1", "PULSE", 1, "HEART 60"),
        ("S1-1", "TEMP", 1, "OWN 37"),
        ("S1-2", "PULSE", 2, "HEART 64"),
        ("S1-2", "TEMP", 2, "OWN 38"),
    ]


EVERY = f"criteria: {{1: {{text: X, when: AVAL > 60}}}}, {SHIFT}"
CARRIED = [("S1-1", "PULSE", 2, "LOCF", 60), ("S1-1", "TEMP", 2, "LOCF", 37)]


@pytest.mark.parametrize(("own", "added"), [("", CARRIED), (", add: []", CARRIED[:1])])
@pytest.mark.parametrize("add", [LOCF, f"[{LOCF}]"])
def test_records_are_added_to_each_parameter_unless_its_own_list_is_another(tmp_path: Path, add: str, own: str, added: list[object]) -> None:
    done = ran(tmp_path, f"{{{FROM}, add: {add}, {EVERY}}}", own)
    assert [record for record in records(done, "DTYPE", "AVAL") if record[3]] == added


def test_a_list_may_have_a_rule_twice(tmp_path: Path) -> None:
    add = "[{locf: {visits: [2], where: AVAL == 60, dtype: LOCF}}, {locf: {visits: [2], where: AVAL == 37, dtype: LOCF}}]"
    done = ran(tmp_path, f"{{{FROM}, add: {add}, {EVERY}}}")
    assert [record for record in records(done, "DTYPE", "AVAL") if record[3]] == CARRIED


def test_another_rule_replaces_the_one_of_all(tmp_path: Path) -> None:
    done = ran(tmp_path, f"{{{FROM}, {EVERY}}}", "}\n  X: {number: 3, label: X, records: {computed: {value: PULSE * 2, by: [AVISITN]}}")
    assert [record[3] for record in records(done, "AVAL") if record[1] == "X"] == [120, 128]


WRONG = [
    ("X", "ADVS: all must be a block of what holds for every parameter, such as {add: [...]}."),
    (f"{{{FROM}, number: 1}}", "ADVS: Every parameter has a number of its own, so number cannot be in all:. Move it to the parameters."),
    (f"{{{FROM}, add: locf}}", "ADVS.PULSE: add must be a rule with its arguments, such as {locf: {...}}, or a list with one rule for each entry."),
    (f"{{{FROM}, add: [{{}}]}}", "ADVS.PULSE: add must be a rule with its arguments"),
    (f"{{{FROM}, add: [{{locf: 1}}]}}", "ADVS.PULSE: locf must be a block of its arguments. Write locf: {...}."),
]


@pytest.mark.parametrize(("every", "message"), WRONG)
def test_what_is_wrong_is_reported(tmp_path: Path, every: str, message: str) -> None:
    done = ran(tmp_path, every)
    assert done.exit_code == 2
    assert message in done.text
