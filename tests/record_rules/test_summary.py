"""Records that summarize others: each value worked out by hand from the records in the comments."""

from __future__ import annotations

from pathlib import Path

import pytest

import adam
from tests.right_or_refused.small_study import Ran, SmallStudy, small_study

# PULSE of the first subject: visit 1 on 21 January: 60, 64 and 71; on 22 January 66; visit 2: 70 and one without a result.
VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISIT,VISITNUM,VSDTC,VSPOS
S1,VS,S1-1,1,PULSE,60,ONE,1,2024-01-21,SITTING
S1,VS,S1-1,2,PULSE,64,ONE,1,2024-01-21,STANDING
S1,VS,S1-1,3,PULSE,71,ONE,1,2024-01-21,STANDING
S1,VS,S1-1,4,PULSE,66,ONE,1,2024-01-22,SITTING
S1,VS,S1-1,5,PULSE,70,TWO,2,2024-02-01,SITTING
S1,VS,S1-1,6,PULSE,,TWO,2,2024-02-01,STANDING
S1,VS,S1-2,1,PULSE,0.1,ONE,1,2024-01-21,SITTING
S1,VS,S1-2,2,PULSE,0.2,ONE,1,2024-01-21,SITTING
S1,VS,S1-2,3,TEMP,37,ONE,1,2024-01-21,SITTING
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VISITNUM, ADT, DTYPE, VSSEQ]
parameters:
  PULSE: {{label: Pulse, records: {{from: VS, where: SRC.TESTCD == "PULSE"}}{add}}}
  {other}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, AVALC, DTYPE, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
  ADT: date(SRC.DTC)
  ASTDT: ADT
  VISITNUM: {{type: integer, value: SRC.VISITNUM}}
  VISIT: {{length: 20, value: SRC.VISIT}}
  VSPOS: {{label: Position, length: 20, value: SRC.POS}}
  VSSEQ: {{label: Sequence Number, value: SRC.SEQ}}
  CHG: AVAL - 60
"""


def study(folder: Path, add: str = "", other: str = "") -> SmallStudy:
    return small_study(folder, {"advs": ADVS.format(add=f", add: [{add}]" if add else "", other=other)}, {"vs": VS})


def added(folder: Path, add: str, *variables: str) -> list[object]:
    done = study(folder, add).build()
    assert done.exit_code == 0, done.text
    return [row[1:] for row in done.records("ADVS", "VSSEQ", *variables) if row[0] is None]


def derived(folder: Path, rule: str, *variables: str) -> list[object]:
    done = study(folder, other=f"OTHER: {{label: Other, records: {{summary: {{{rule}}}}}}}").build()
    assert done.exit_code == 0, done.text
    return [row[1:] for row in done.records("ADVS", "PARAMCD", *variables) if row[0] == "OTHER"]


def test_a_mean_of_the_records_of_a_day(tmp_path: Path) -> None:
    # (60 + 64 + 71) / 3 = 65 on 21 January (23396 as a SAS date); (0.1 + 0.2) / 2 = 0.15 for the second subject; CHG follows its formula
    summary = "{summary: {value: mean(AVAL), by: [VISITNUM, ADT], at_least: 2, dtype: AVERAGE}}"
    found = added(tmp_path, summary, "USUBJID", "AVAL", "CHG", "VISITNUM", "ADT", "DTYPE", "VISIT", "SRCDOM", "SRCVAR", "SRCSEQ")
    assert found == [
        ("S1-1", 65, 5, 1, 23396, "AVERAGE", "", "ADVS", "AVAL", None),
        ("S1-2", 0.15, -59.85, 1, 23396, "AVERAGE", "", "ADVS", "AVAL", None),
    ]


def test_variables_are_taken_over_where_the_group_agrees(tmp_path: Path) -> None:
    # every record of a visit has its VISIT; the positions differ, except at visit 1 of the second subject
    summary = "{summary: {value: max(AVAL), by: [VISITNUM], copy: [VISIT, VSPOS]}}"
    assert added(tmp_path, summary, "AVAL", "VISIT", "VSPOS") == [(71, "ONE", ""), (70, "TWO", ""), (0.2, "ONE", "SITTING")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sum(AVAL)", [331, 0.3]),  # 60 + 64 + 71 + 66 + 70
        ("n(AVAL)", [5, 2]),  # the record without a result does not count
        ("nmiss(AVAL)", [1, 0]),
        ("min(AVAL)", [60, 0.1]),
        ("max(AVAL) - min(AVAL)", [11, 0.1]),
        ("median(AVAL)", [66, 0.15]),  # of 60, 64, 66, 70, 71
        ("round(sd(AVAL), 3)", [4.494, 0.071]),  # variance (38.44 + 4.84 + 23.04 + 0.04 + 14.44) / 4 = 20.2; of 0.1 and 0.2 it is 0.005
        ("100 * sum(AVAL * 2) / n(AVAL)", [13240, 30]),  # 100 * 662 / 5; 100 * 0.6 / 2
        ("max(sum(AVAL), 100)", [331, 100]),  # with two arguments the larger of them
        ("mean(AVAL) + ADSL.AGE", [100.2, 65.15]),  # 66.2 + 34; 0.15 + 65
    ],
)
def test_aggregates_of_another_parameter(tmp_path: Path, value: str, expected: list[float]) -> None:
    assert derived(tmp_path, f"of: PULSE, value: '{value}'", "AVAL") == [(each,) for each in expected]


def test_the_first_and_last_in_an_order(tmp_path: Path) -> None:
    # on 21 January the standing records are 64 and 71; the last in the order of their number is 71
    assert derived(tmp_path, 'of: PULSE, where: VSPOS == "STANDING" and not missing(AVAL), value: last(AVAL), order: [ADT, VSSEQ]', "AVAL") == [(71,)]
    assert derived(tmp_path, "of: PULSE, value: first(AVAL), order: [desc(ADT), VSSEQ]", "AVAL") == [(70,), (0.1,)]


def test_texts_and_dates(tmp_path: Path) -> None:
    # 21 January is 23396, 1 February 23407; the second subject never stood
    rule = """of: PULSE, text: 'if_else(exists(VSPOS == "STANDING"), "Y", "N")', set: {ASTDT: min(ADT), VISIT: Any visit}"""
    assert derived(tmp_path, rule, "AVAL", "AVALC", "ASTDT", "VISIT") == [(None, "Y", 23396, "Any visit"), (None, "N", 23396, "Any visit")]


def test_a_group_without_a_result_stays_if_asked(tmp_path: Path) -> None:
    # only visit 2 of the first subject has a record that stands without a result
    rule = 'of: PULSE, where: VSPOS == "STANDING" and VISITNUM == 2, value: mean(AVAL), by: [VISITNUM]'
    assert derived(tmp_path, f"{rule}, keep_missing: true", "VISITNUM", "AVAL", "SRCVAR") == [(2, None, "AVAL")]
    assert derived(tmp_path, "of: PULSE, value: mean(AVAL), at_least: 3, keep_missing: true", "AVAL") == [(66.2,), (None,)]


def test_records_that_the_order_leaves_equal_are_a_warning(tmp_path: Path) -> None:
    done = study(tmp_path, other="OTHER: {label: Other, records: {summary: {of: PULSE, value: last(AVAL), order: [ADT], by: [VISITNUM]}}}").build()
    # visit 2 of the first subject has 70 and a missing value on one day, visit 1 of the second subject 0.1 and 0.2; the key ends with VSSEQ
    assert [row[1] for row in done.records("ADVS", "PARAMCD", "AVAL") if row[0] == "OTHER"] == [66, 0.2]
    found = [each for each in done.findings() if "equal in order" in each["message"]]
    assert [each["count"] for each in found] == [4]


@pytest.mark.parametrize(
    ("add", "message"),
    [
        ("{summary: {by: [ADT]}}", "summary requires value (AVAL) or text (AVALC)"),
        ("{summary: {of: PULSE, value: mean(AVAL)}}", "reads the records of the parameter itself"),
        ("{summary: {value: AVAL, by: [ADT]}}", "AVAL differs between the records of a group"),
        ("{summary: {value: mean(AVALC), by: [ADT]}}", "mean(AVALC) must be a number"),
        ("{summary: {value: max(mean(AVAL)), by: [ADT]}}", "is an aggregate of an aggregate"),
        ("{summary: {value: last(AVAL)}}", "first and last require order"),
        ("{summary: {value: mean(AVAL), order: [ADT]}}", "order has no effect"),
        ("{summary: {value: mean(AVAL), set: {ADT: End}}}", "ADT is a date, but set gives it a text"),
        ("{summary: {value: mean(AVAL), set: {AENDT: max(ADT)}}}", "set has AENDT, which is not a variable of the dataset"),
        ("{summary: {value: mean(AVAL), by: [ADT], set: {ADT: max(ADT)}}}", "share by by"),
        ("{summary: {value: mean(AVAL), set: {PARAMCD: OTHER}}}", "cannot change PARAMCD"),
        ("{summary: {value: mean(AVAL), dtype: AVERAGE, set: {DTYPE: MEAN}}}", "both give DTYPE"),
        ("{summary: {value: mean(AVAL), set: {AVAL: 5}}}", "value and set both give AVAL"),
        ("{summary: {text: '\"A\"', set: {AVALC: Other}}}", "text and set both give AVALC"),
        ("{computed: {value: PULSE + 1, by: [ADT], set: {AVAL: 5}}}", "value and set both give AVAL"),
        ("{summary: {value: mean(AVAL), by: [NONE]}}", "NONE"),
        ("{summary: {text: min(AVALC)}}", "Function min requires"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, add: str, message: str) -> None:
    done: Ran = study(tmp_path, add).check()
    assert done.exit_code == 2
    assert message in done.text
    assert "advs.yaml:7:" in done.text


@pytest.mark.parametrize(
    ("variable", "add", "message"),
    [
        ("AVALC", "{summary: {text: first(VSPOS), order: [VSSEQ]}}", "summary: text has no effect: ADVS has no variable AVALC"),
        ("AVALC", '{computed: {text: \'if_else(PULSE > 60, "Y", "N")\', by: [ADT]}}', "computed: text has no effect: ADVS has no variable AVALC"),
        ("DTYPE", "{copies: {dtype: COPY}}", "copies: dtype has no effect: ADVS has no variable DTYPE"),
        ("DTYPE", "{summary: {value: mean(AVAL), dtype: AVERAGE}}", "summary: dtype has no effect: ADVS has no variable DTYPE"),
    ],
)
def test_a_value_of_a_variable_that_the_dataset_has_not_is_refused(tmp_path: Path, variable: str, add: str, message: str) -> None:
    text = ADVS.format(add=f", add: [{add}]", other="").replace(f"{variable}, ", "")
    done = small_study(tmp_path, {"advs": text}, {"vs": VS}).check()
    assert done.exit_code == 2
    assert message in done.text
    assert "advs.yaml:7:" in done.text


@pytest.mark.parametrize(
    "rule", ["summary: {of: NONE, value: mean(AVAL)}", "computed: {value: NONE + 1, by: [ADT]}", "extreme: {of: NONE, highest: AVAL}"]
)
def test_an_unknown_parameter_causes_no_other_errors(tmp_path: Path, rule: str) -> None:
    done: Ran = study(tmp_path, other=f"OTHER: {{label: Other, records: {{{rule}}}}}").check()
    assert done.exit_code == 2
    assert "ADVS.OTHER: ADVS has no parameter NONE." in done.text
    assert "1 problem in 1 file." in done.text


def method_of(folder: Path, records: str) -> str:
    made = study(folder, other=f"OTHER: {{label: Other, records: {{{records}}}}}")
    return adam.plan(made.specs, made.sdtm).datasets["ADVS"].parameters["OTHER"].variables["AVAL"].method


def test_the_method_text_names_the_records_before_a_value_with_an_alternative(tmp_path: Path) -> None:
    rule = "summary: {of: [PULSE], by: [USUBJID], value: 'coalesce(sum(AVAL), 0)'}"
    assert method_of(tmp_path, rule) == "Over PULSE records with the same USUBJID: the sum of AVAL, or if that is missing, 0."


def test_the_method_text_of_records_without_a_number(tmp_path: Path) -> None:
    rule = 'from: VS, where: SRC.TESTCD == "TEMP", value: missing'
    assert method_of(tmp_path, rule) == 'Always missing, on one record for each VS record where VS.VSTESTCD is "TEMP".'
