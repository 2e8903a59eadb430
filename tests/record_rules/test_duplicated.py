"""Copies of records: `extreme` and `copies`; each value worked out by hand from the records in the comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

# PULSE of the first subject: 60 (visit 1), 75 (visit 2), 75 (visit 3), 70 and 72 at visit 4 on one day; of the second 80 (visit 1), none (visit 2)
VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC,VSPOS
S1,VS,S1-1,1,PULSE,60,1,2024-01-21,SITTING
S1,VS,S1-1,2,PULSE,75,2,2024-01-22,STANDING
S1,VS,S1-1,3,PULSE,75,3,2024-01-23,SITTING
S1,VS,S1-1,4,PULSE,70,4,2024-01-24,SITTING
S1,VS,S1-1,5,PULSE,72,4,2024-01-24,STANDING
S1,VS,S1-2,1,PULSE,80,1,2024-01-21,SITTING
S1,VS,S1-2,2,PULSE,,2,2024-01-22,SITTING
S1,VS,S1-2,3,TEMP,37,1,2024-01-21,SITTING
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, DTYPE, BASETYPE, VSSEQ]
parameters:
  PULSE: {{label: Pulse, records: {{from: VS, where: SRC.TESTCD == "PULSE"}}{add}}}
  {other}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, DTYPE, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
  ADT: date(SRC.DTC)
  AVISITN: SRC.VISITNUM
  AVISIT: {{length: 20, value: 'concat("Visit ", text(SRC.VISITNUM))'}}
  BASETYPE: {{length: 20, value: '"FIRST"'}}
  VSPOS: {{label: Position, length: 20, value: SRC.POS}}
  VSSEQ: {{label: Sequence Number, value: SRC.SEQ}}
  ABLFL: {{flag_first: {{within: [PARAMCD, BASETYPE], order: [AVISITN], where: not missing(AVAL)}}}}
  ANL01FL: {{flag_last: {{within: [PARAMCD, BASETYPE, ADT], order: [AVAL], where: not missing(AVAL)}}}}
  BASE: {{single: {{of: AVAL, within: [PARAMCD, BASETYPE], where: ABLFL == "Y"}}}}
  CHG: AVAL - BASE
  AVALCAT1: {{cut: {{of: AVISITN, at: [50], terms: [Visit, End]}}}}
  ASEQ: {{sequence_number: {{order: [PARAMCD, AVISITN, DTYPE, BASETYPE, VSSEQ]}}}}
codelists: {{}}
"""


def study(folder: Path, add: str = "", other: str = "") -> SmallStudy:
    text = ADVS.format(add=f", add: [{add}]" if add else "", other=other).replace("codelists: {}\n", "")
    return small_study(folder, {"advs": text}, {"vs": VS})


def records(folder: Path, add: str = "", other: str = "", wanted: str = "DTYPE", *variables: str) -> list[object]:
    done = study(folder, add, other).build()
    assert done.exit_code == 0, done.text
    first = {"DTYPE": "LOV", "BASETYPE": "LAST", "PARAMCD": "WORST"}[wanted]
    return [row[1:] for row in done.records("ADVS", wanted, *variables) if row[0] == first]


LOV = "set: {AVISIT: End of Treatment, AVISITN: 99}, dtype: LOV"


def test_a_copy_has_everything_of_its_record_except_what_is_set(tmp_path: Path) -> None:
    # the last record is 72 (standing, number 5) and, of the second subject, the one without a result; 24 January is 23399, 22 January 23397
    names = ("AVAL", "ADT", "AVISIT", "AVISITN", "VSPOS", "VSSEQ", "SRCDOM", "SRCVAR", "SRCSEQ")
    found = records(tmp_path, f"{{extreme: {{last: [ADT, VSSEQ], {LOV}}}}}", "", "DTYPE", *names)
    assert found == [
        (72, 23399, "End of Treatment", 99, "STANDING", 5, "VS", "VSSTRESN", 5),
        (None, 23397, "End of Treatment", 99, "SITTING", 2, "VS", "VSSTRESN", 2),
    ]


def test_other_variables_follow_their_formulas(tmp_path: Path) -> None:
    # BASE is of the first visit: 60; the class of AVISITN 99 is End; the copy is number 6 of the first subject's 6 records
    found = records(
        tmp_path, f"{{extreme: {{last: [ADT, VSSEQ], where: not missing(AVAL), {LOV}}}}}", "", "DTYPE", "BASE", "CHG", "AVALCAT1", "ABLFL", "ASEQ"
    )
    assert found == [(60, 12, "End", "", 6), (80, 0, "End", "", 3)]


def test_a_flag_that_decides_is_taken_over(tmp_path: Path) -> None:
    # ANL01FL flags the highest value of a day; it cannot see the copy, which cannot be made without it, so the copy is flagged as its record is
    found = records(tmp_path, f'{{extreme: {{last: [ADT], where: ANL01FL == "Y", {LOV}}}}}', "", "DTYPE", "AVAL", "ANL01FL", "CHG")
    assert found == [(72, "Y", 12), (80, "Y", 0)]


def test_a_copy_is_no_second_baseline_if_the_flag_is_set(tmp_path: Path) -> None:
    rule = f'{{extreme: {{first: [ADT], where: ABLFL == "Y", {LOV.replace("{", "{ABLFL: missing, ")}}}}}'
    assert records(tmp_path, rule, "", "DTYPE", "AVAL", "ABLFL", "BASE", "CHG") == [(60, "", 60, 0), (80, "", 80, 0)]
    done = study(tmp_path / "again", rule.replace("ABLFL: missing, ", "")).build()
    assert "ADVS.BASE: Several records match where one is expected" in done.text


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("lowest: AVAL", [(60, 1), (80, 1)]),
        ("highest: AVAL, order: [ADT]", [(75, 2), (80, 1)]),  # 75 twice: the first in the order
        ("highest: AVAL, order: [desc(ADT)]", [(75, 3), (80, 1)]),
        ("first: [ADT], by: [VSPOS]", [(60, 1), (75, 2), (80, 1)]),  # sitting first and standing first
        ("last: [AVAL], where: AVISITN > 1", [(75, 3), (None, 2)]),  # a missing value comes first, and is the only one of the second subject
    ],
)
def test_which_record_is_copied(tmp_path: Path, rule: str, expected: list[object]) -> None:
    assert records(tmp_path, f"{{extreme: {{{rule}, {LOV}}}}}", "", "DTYPE", "AVAL", "VSSEQ") == expected


def test_records_of_other_parameters(tmp_path: Path) -> None:
    # the highest of pulse and temperature, with the source of the record it is of
    other = 'TEMP: {label: Temperature, records: {from: VS, where: SRC.TESTCD == "TEMP"}}\n'
    other += "  WORST: {label: Worst, records: {extreme: {of: [PULSE, TEMP], lowest: AVAL, where: AVISITN == 1}}}"
    assert records(tmp_path, "", other, "PARAMCD", "AVAL", "SRCSEQ", "VSPOS", "PARAM") == [(60, 1, "SITTING", "Worst"), (37, 3, "SITTING", "Worst")]


def test_values_of_equal_rank_that_differ_are_a_warning(tmp_path: Path) -> None:
    done = study(tmp_path, f"{{extreme: {{highest: AVAL, {LOV}}}}}").build()
    assert [each["count"] for each in done.findings() if "equal in order and differ in ADT" in each["message"]] == [2]  # 75 on two days
    done = study(tmp_path / "again", f"{{extreme: {{last: [ADT], {LOV}}}}}").build()
    assert [each["count"] for each in done.findings() if "equal in order and differ in AVAL" in each["message"]] == [2]  # 70 and 72 on one day


def test_copies_under_another_basetype_have_their_own_baseline(tmp_path: Path) -> None:
    # from visit 2 on: 75, 75, 70, 72 under LAST, whose first value is 75; the second subject has no value there
    add = "{copies: {where: AVISITN > 1, set: {BASETYPE: LAST one}}}".replace("LAST one", "'\"LAST\"'")
    found = records(tmp_path, add, "", "BASETYPE", "AVAL", "ABLFL", "BASE", "CHG", "SRCSEQ")
    assert found == [(75, "Y", 75, 0, 2), (75, "", 75, 0, 3), (70, "", 75, -5, 4), (72, "", 75, -3, 5), (None, "", None, None, 2)]


def test_copies_as_another_parameter(tmp_path: Path) -> None:
    other = 'WORST: {label: Pulse While Standing, records: {copies: {of: PULSE, where: VSPOS == "STANDING", set: {AVISIT: Any, AVISITN: 1}}}}'
    assert records(tmp_path, "", other, "PARAMCD", "AVAL", "AVISIT", "PARAM", "SRCSEQ") == [
        (75, "Any", "Pulse While Standing", 2),
        (72, "Any", "Pulse While Standing", 5),
    ]


def test_values_that_a_formula_of_the_other_parameter_gives_are_taken_over(tmp_path: Path) -> None:
    # DAYS is the day of the month of the visit number times 10: 10, 20 ... by a formula of its own; the copy has it, and the text
    other = 'DAYS: {label: Days, records: {from: VS, where: SRC.TESTCD == "PULSE", value: SRC.VISITNUM * 10},\n'
    other += "    variables: {AVALC: {length: 8, value: 'concat(\"D\", text(AVAL))'}}}\n"
    other += "  WORST: {label: Worst Days, records: {extreme: {of: DAYS, highest: AVAL, order: [VSSEQ]}}}"
    done = small_study(
        tmp_path,
        {"advs": ADVS.format(add="", other=other).replace("AVAL, DTYPE,", "AVAL, AVALC, DTYPE,").replace("codelists: {}\n", "")},
        {"vs": VS},
    ).build()
    assert done.exit_code == 0, done.text
    assert [row[1:] for row in done.records("ADVS", "PARAMCD", "AVAL", "AVALC", "VSSEQ") if row[0] == "WORST"] == [(40, "D40", 4), (20, "D20", 2)]


def test_entries_do_not_see_each_other(tmp_path: Path) -> None:
    # a summary and a copy: neither is made of the other; the mean of 60, 75, 75, 70 and 72 is 70.4, of the second subject 80
    add = "{summary: {value: mean(AVAL), set: {AVISIT: Mean, BASETYPE: FIRST visit, AVISITN: 98}, dtype: AVERAGE}}, "
    add += f"{{extreme: {{highest: AVAL, order: [ADT], {LOV}}}}}"
    done = study(tmp_path, add).build()
    assert done.exit_code == 0, done.text
    added = [row for row in done.records("ADVS", "DTYPE", "AVAL", "AVISITN", "ADT", "VSSEQ") if row[0]]
    assert added == [("AVERAGE", 70.4, 98, None, None), ("LOV", 75, 99, 23397, 2), ("AVERAGE", 80, 98, None, None), ("LOV", 80, 99, 23396, 1)]


def test_a_later_entry_reads_an_earlier_one_if_asked(tmp_path: Path) -> None:
    # the last record of the first subject in the order of AVISITN is the mean 70.4 at 98, and not 72 at visit 4; its class is End
    add = "{summary: {value: mean(AVAL), set: {AVISIT: Mean, AVISITN: 98, BASETYPE: FIRST visit}, dtype: AVERAGE}}, "
    add += f"{{extreme: {{last: [AVISITN, VSSEQ], added: true, where: not missing(AVAL), {LOV}}}}}"
    assert records(tmp_path, add, "", "DTYPE", "AVAL", "AVISITN", "BASETYPE", "SRCDOM", "AVALCAT1") == [
        (70.4, 99, "FIRST visit", "ADVS", "End"),
        (80, 99, "FIRST visit", "ADVS", "End"),
    ]
    before = ", ".join(reversed([each + "}}" for each in add.removesuffix("}}").split("}}, ")]))  # the copy first: it cannot see the mean
    assert records(tmp_path / "again", before, "", "DTYPE", "AVAL", "AVISITN") == [(72, 99), (80, 99)]


@pytest.mark.parametrize(
    ("add", "message"),
    [
        ("{extreme: {by: [AVISITN]}}", "extreme requires one of first, last, lowest and highest"),
        ("{extreme: {first: [ADT], lowest: AVAL}}", "it has first and lowest"),
        ("{extreme: {first: [ADT], order: [AVAL]}}", "order has no effect with first"),
        ("{extreme: {of: PULSE, first: [ADT]}}", "Delete of"),
        ("{copies: {set: {AVISITN: End}}}", "AVISITN is a number, but set gives it a text"),
        ("{copies: {set: {BASETYPE: LAST}}}", "LAST"),
        ("{copies: {set: {BASETYPE: 'concat(VSPOS'}}}", "A '(' is not closed"),
        ("{copies: {set: BASETYPE}}", "set must be a block"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, add: str, message: str) -> None:
    done = study(tmp_path, add).check()
    assert done.exit_code == 2
    assert message in done.text
    assert "advs.yaml:7:" in done.text


def test_an_entry_of_add_reads_the_records_of_the_entries_before_if_it_says_so(tmp_path: Path) -> None:
    copies = "{copies: {where: AVISITN == 1, dtype: COPY}}"
    lowest = '{{extreme: {{lowest: AVAL, where: DTYPE == "COPY"{added}, dtype: LOV}}}}'
    assert records(tmp_path / "a", f"{copies}, {lowest.format(added=', added: true')}", "", "DTYPE", "AVAL", "AVISITN") == [(60, 1), (80, 1)]
    assert records(tmp_path / "b", f"{copies}, {lowest.format(added='')}", "", "DTYPE", "AVAL") == []


def test_all_in_a_list_of_add_stands_for_the_entries_below(tmp_path: Path) -> None:
    lowest = "all: {add: [{extreme: {lowest: AVAL, where: not missing(AVAL), dtype: LOV}}]}"
    copies = "{copies: {where: AVISITN == 1, set: {BASETYPE: Last}}}"
    done = study(tmp_path / "a", f"{copies}, all", lowest).build()
    assert done.exit_code == 0, done.text
    assert [row[1] for row in done.records("ADVS", "DTYPE", "AVAL") if row[0] == "LOV"] == [60, 80]
    assert [row[1] for row in done.records("ADVS", "BASETYPE", "AVAL") if row[0] == "Last"] == [60, 80]
    alone = study(tmp_path / "b", copies, lowest).build()
    assert "LOV" not in alone.records("ADVS", "DTYPE")
    refused = study(tmp_path / "c", f"{copies}, all").check()
    assert "all stands for the entries of add: in all: or in the category, but these have none. Delete it." in refused.text


EXPECTED = "{expected: {subjects: ADSL.AGE > 0, set: {AVISITN: 99, AVISIT: End of Treatment}}}"
LAST = "{extreme: {last: [AVISITN, VSSEQ], set: {AVISITN: 99, AVISIT: End of Treatment}}}"
DOUBLED = "{copies: {where: AVISITN == 3, set: {AVISITN: 99, AVISIT: Double, AVAL: AVAL * 2}}}"


@pytest.mark.parametrize("has_dtype", [True, False])
@pytest.mark.parametrize(
    ("parameter", "add", "expected"),
    [
        # neither subject has a record of RESP: two records without a value and without a source
        ("RESP", EXPECTED, [("S1-1", None, "", None), ("S1-2", None, "", None)]),
        # the last record of the first subject is that of --SEQ 5 (72), of the second that of --SEQ 2, which has no result
        ("PULSE", LAST, [("S1-1", 72, "VS", 5), ("S1-2", None, "VS", 2)]),
        # --SEQ 3 of the first subject is the only record at visit 3: 2 x 75
        ("PULSE", DOUBLED, [("S1-1", 150, "VS", 3)]),
    ],
)
def test_the_check_of_sources_accepts_added_records_without_a_dtype(
    tmp_path: Path, has_dtype: bool, parameter: str, add: str, expected: list[object]
) -> None:
    resp = 'RESP: {label: Respiration, records: {from: VS, where: SRC.TESTCD == "RESP"}, allow_empty: true, add: [ADD]}'
    text = ADVS.format(add=f", add: [{add}]" if parameter == "PULSE" else "", other=resp.replace("ADD", add) if parameter == "RESP" else "")
    text = text.replace("codelists: {}\n", "") if has_dtype else text.replace("codelists: {}\n", "").replace("DTYPE, ", "")
    done = small_study(tmp_path, {"advs": text}, {"vs": VS}).build()
    assert done.exit_code == 0, done.text
    assert "G-13" not in done.text  # one record from each source record
    found = done.records("ADVS", "PARAMCD", "AVISITN", "USUBJID", "AVAL", "SRCDOM", "SRCSEQ")
    assert [row[2:] for row in found if row[:2] == (parameter, 99)] == expected
