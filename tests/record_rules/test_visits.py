"""Records added at visits without a value: each expected record is worked out by hand in a comment."""

import re
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import adam

FILES = {
    "sdtm/dm.csv": """
        STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,AGE,AGEU,SEX,RACE,ENDDTC
        T,DM,1,1,10,34,YEARS,F,ASIAN,2024-02-12
        T,DM,2,2,10,34,YEARS,F,ASIAN,2024-01-20
        T,DM,3,3,10,34,YEARS,F,ASIAN,
        T,DM,4,4,10,34,YEARS,F,ASIAN,2024-02-12
    """,
    "sdtm/ex.csv": """
        STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXSTDTC
        T,EX,1,1,A,1,2024-01-01
        T,EX,2,1,A,1,2024-01-01
        T,EX,3,1,A,1,2024-01-01
        T,EX,4,1,A,1,2024-01-01
    """,
    # targets: Baseline 2024-01-01, Week 2 2024-01-15, Week 4 2024-01-29, Week 6 2024-02-12
    "sdtm/vs.csv": """
        STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSSTRESN,VSSTRESU,VSPOS,VSTPT,VSTPTNUM,VSDTC
        T,VS,1,1,SYSBP,Systolic,120,mmHg,SUPINE,After lying,1,2024-01-01
        T,VS,1,2,SYSBP,Systolic,130,mmHg,STANDING,After standing,2,2024-01-01
        T,VS,1,3,SYSBP,Systolic,140,mmHg,SUPINE,After lying,1,2024-01-15
        T,VS,1,4,SYSBP,Systolic,125,mmHg,SUPINE,After lying,1,2024-01-29
        T,VS,2,1,SYSBP,Systolic,110,mmHg,SUPINE,After lying,1,2024-01-02
        T,VS,3,1,SYSBP,Systolic,115,mmHg,SUPINE,After lying,1,2024-01-01
        T,VS,3,2,SYSBP,Systolic,,mmHg,SUPINE,After lying,1,2024-01-15
        T,VS,3,3,SYSBP,Systolic,135,mmHg,STANDING,After standing,2,2024-01-15
    """,
    "specs/study.yaml": """
        language: 1
        study: T
        extends: adamig
        label: Visits
        ids: [T]
        windows:
          VISITS:
            Baseline: {number: 0, target: 1, high: 1}
            Week 2: {number: 2, target: 15, low: 2, high: 22}
            Week 4: {number: 4, target: 29, low: 23, high: 36}
            Week 6: {number: 6, target: 43, low: 37, high: 50}
    """,
    "specs/adsl.yaml": """
        dataset: ADSL
        class: SUBJECT LEVEL ANALYSIS DATASET
        label: Subject-Level Analysis Dataset
        records: {from: DM}
        variables:
          STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU, SEX, RACE: DM
          TRTSDT: {first: date(EX.EXSTDTC)}
          EOSDT: date(DM.ENDDTC)
    """,
    "specs/advs.yaml": """
        dataset: ADVS
        class: BASIC DATA STRUCTURE
        label: Vital Signs Analysis Dataset
        key: [STUDYID, USUBJID, PARAMCD, AVISITN, ATPTN, DTYPE, ADT]
        copy: [ADT]
        windows: {use: VISITS, date: ADT, reference: TRTSDT}
        variables:
          STUDYID, USUBJID, TRTSDT: ADSL
          PARAM, PARAMCD, AVAL, DTYPE: PARAMETER
          ADT: date(SRC.DTC)
          ATPTN: {label: Analysis Timepoint (N), type: integer, value: SRC.TPTNUM}
          ATPT: {label: Analysis Timepoint, type: text, length: 20, value: SRC.TPT}
          VSPOS: {label: Position, type: text, length: 10, value: SRC.VSPOS}
          AVISIT, AVISITN, AWTARGET, AWRANGE: WINDOW
          ABLFL: {flag: AVISITN == 0 and not missing(AVAL)}
        parameters:
          PLAIN:
            label: Without time points
            records: {from: VS}
            add: {locf: {visits: [2, 4, 6], where: ATPTN == 1, dtype: LOCF}}
          POINTS:
            label: Combinations that occur
            records: {from: VS}
            add:
              locf:
                visits: [2, 4, 6]
                by: [ATPTN, ATPT]
                combinations: study
                where: not missing(AVAL)
                copy: [VSPOS]
                windows: imputed
                dtype: LOCF
          OWN:
            label: Combinations of the subject
            records: {from: VS}
            add: {locf: {visits: [2, 4, 6], by: [ATPTN, ATPT], where: not missing(AVAL), dtype: LOCF}}
          EXPECTED:
            label: Empty records for combinations of the subject
            records: {from: VS}
            add: {expected: {visits: [6], by: [ATPTN, ATPT], combinations: subject, subjects: ADSL.USUBJID != "2", dtype: PHANTOM}}
          LISTED:
            label: Time points of every visit
            records: {from: VS}
            add: {locf: {visits: [4], time_points: [1, 2], where: not missing(AVAL), copy: [ATPT], dtype: LOCF}}
          WORST:
            label: Worst of the earlier visits
            records: {from: VS}
            add: {wocf: {visits: [4, 6], worst: highest, where: ATPTN == 1, dtype: WOCF}}
          BASE:
            label: Baseline
            records: {from: VS}
            add: {bocf: {visits: [2, 4, 6], where: ABLFL == "Y" and ATPTN == 1, dtype: BOCF, until: ADSL.EOSDT}}
          EMPTY:
            label: Empty records
            records: {from: VS}
            add: {expected: {visits: [2, 4, 6], subjects: ADSL.USUBJID != "1", until: 'coalesce(ADSL.EOSDT, date("2024-01-29"))'}}
    """,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[adam.BuildResult, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("visits")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line[8:] for line in text.strip("\n").splitlines()).rstrip() + "\n", encoding="utf-8")
    result = adam.build(folder / "specs", folder / "sdtm", folder / "out")
    assert result.folder is not None, [each.message for each in result.findings]
    assert not [(each.message, each.variable, each.keys) for each in result.findings if each.severity == "error"]
    frame, _ = pyreadstat.read_xport(str(result.folder / "advs.xpt"))
    return result, frame


def added(built: tuple[adam.BuildResult, pd.DataFrame], parameter: str, *names: str) -> list[tuple[object, ...]]:
    frame = built[1]
    mine = frame[(frame["PARAMCD"] == parameter) & ~frame["ADT"].isna()] if parameter != "EMPTY" else frame[(frame["PARAMCD"] == parameter)]
    mine = mine[mine["DTYPE"] != ""] if parameter != "EMPTY" else mine[mine["ADT"].isna()]
    mine = mine.assign(ADT=mine["ADT"].astype(str))
    return [tuple(None if pd.isna(value) else value for value in row) for row in mine[["USUBJID", *names]].itertuples(index=False, name=None)]


def test_a_visit_with_any_value_is_not_imputed_without_time_points(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "PLAIN", "AVISITN", "AVISIT", "ATPTN", "AVAL", "ADT", "AWTARGET", "AWRANGE") == [
        ("1", 6, "Week 6", None, 125, "2024-01-29", None, ""),  # of Week 4; ATPTN is not copied; no window is shown
        # subject 2 has a value at Week 2, by its window from day 2 on; none before Baseline
        ("2", 4, "Week 4", None, 110, "2024-01-02", None, ""),
        ("2", 6, "Week 6", None, 110, "2024-01-02", None, ""),
        ("3", 4, "Week 4", None, 115, "2024-01-01", None, ""),  # Week 2 has a value of time point 2, which is not carried
        ("3", 6, "Week 6", None, 115, "2024-01-01", None, ""),
    ]


def test_visits_and_time_points_that_occur_are_expected(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    # Week 2 occurs with time points 1 and 2, Week 4 with 1, Week 6 not at all
    assert added(built, "POINTS", "AVISITN", "ATPTN", "ATPT", "AVAL", "VSPOS", "ADT", "AWTARGET", "AWRANGE") == [
        ("1", 2, 2, "After standing", 130, "STANDING", "2024-01-01", 15, "2-22 DAYS"),
        ("2", 4, 1, "After lying", 110, "SUPINE", "2024-01-02", 29, "23-36 DAYS"),
        ("3", 2, 1, "After lying", 115, "SUPINE", "2024-01-01", 15, "2-22 DAYS"),  # its own record of Week 2 has no value
        ("3", 4, 1, "After lying", 115, "SUPINE", "2024-01-01", 29, "23-36 DAYS"),
    ]


def test_combinations_of_the_subject_itself_are_expected_at_every_visit(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "OWN", "AVISITN", "ATPTN", "AVAL") == [
        ("1", 2, 2, 130),
        ("1", 4, 2, 130),
        ("1", 6, 1, 125),
        ("1", 6, 2, 130),
        ("2", 4, 1, 110),  # no record after standing, whatever other subjects have
        ("2", 6, 1, 110),
        ("3", 2, 1, 115),
        ("3", 4, 1, 115),
        ("3", 4, 2, 135),
        ("3", 6, 1, 115),
        ("3", 6, 2, 135),
    ]


def test_a_subject_without_a_record_has_no_combination(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    frame = built[1]
    mine = frame[(frame["PARAMCD"] == "EXPECTED") & (frame["DTYPE"] == "PHANTOM")]
    assert mine[["USUBJID", "AVISITN", "ATPTN"]].to_numpy().tolist() == [["1", 6, 1], ["1", 6, 2], ["3", 6, 1], ["3", 6, 2]]
    messages = {each.message: [key["USUBJID"] for key in each.keys] for each in built[0].findings if "values of by:" in each.message}
    assert list(messages.values()) == [["4"]]


def test_listed_time_points_are_expected_at_every_visit(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "LISTED", "AVISITN", "ATPTN", "ATPT", "AVAL") == [
        ("1", 4, 2, "After standing", 130),
        ("2", 4, 1, "After lying", 110),
        ("3", 4, 1, "After lying", 115),
        ("3", 4, 2, "After standing", 135),
    ]


def test_the_worst_of_the_earlier_visits(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "WORST", "AVISITN", "AVAL", "ADT") == [
        ("1", 6, 140, "2024-01-15"),  # 120, 140, 125
        ("2", 4, 110, "2024-01-02"),
        ("2", 6, 110, "2024-01-02"),
        ("3", 4, 115, "2024-01-01"),
        ("3", 6, 115, "2024-01-01"),
    ]


def test_the_baseline_at_visits_that_are_reached(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "BASE", "AVISITN", "AVAL", "DTYPE") == [
        ("1", 6, 120, "BOCF"),  # the study ends on the target day of Week 6
    ]  # subject 2 has no baseline, subject 3 no end of the study
    messages = {each.message: [key["USUBJID"] for key in each.keys] for each in built[0].findings if "until:" in each.message}
    assert list(messages.values()) == [["3"]]


def test_empty_records_of_chosen_subjects(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert added(built, "EMPTY", "AVISITN", "AVISIT", "AVAL", "DTYPE", "AWTARGET") == [
        # subject 2 ends on 20 January: Week 2 only, where it has a value
        ("3", 4, "Week 4", None, "", 29),  # its limit is 29 January; Week 2 has a value
        ("4", 2, "Week 2", None, "", 15),  # without any record
        ("4", 4, "Week 4", None, "", 29),
        ("4", 6, "Week 6", None, "", 43),
    ]


FAMILY = """
        dataset: ADVS
        class: BASIC DATA STRUCTURE
        label: Vital Signs Analysis Dataset
        key: [STUDYID, USUBJID, PARAMCD, AVISITN, DTYPE, ADT]
        copy: [ADT]
        windows: {use: VISITS, date: ADT, reference: TRTSDT}
        variables:
          STUDYID, USUBJID, TRTSDT: ADSL
          PARAM, PARAMCD, AVAL, DTYPE: PARAMETER
          ADT: date(SRC.DTC)
          AVISIT, AVISITN: WINDOW
        parameters:
          POSITION: {table: POSITIONS, match: {POS: SRC.POS}, records: {from: VS, where: not missing(VSSTRESN)}}
          all:
            add: [{locf: {visits: [2, 4], where: not missing(AVAL), dtype: LOCF}}]
"""


def test_a_value_is_carried_within_its_parameter_of_a_family(tmp_path: Path) -> None:
    files = {
        **FILES,
        "specs/advs.yaml": FAMILY,
        "specs/positions.csv": "\n        PARAMCD,PARAM,POS\n        LYING,Lying,SUPINE\n        STOOD,Standing,STANDING\n",
    }
    files["specs/study.yaml"] += "\n        tables: {POSITIONS: positions.csv}\n"
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line[8:] for line in text.strip("\n").splitlines() if line.strip()).rstrip() + "\n", encoding="utf-8")
    result = adam.build(tmp_path / "specs", tmp_path / "sdtm", tmp_path / "out")
    assert result.folder is not None, [each.message for each in result.findings]
    frame, _ = pyreadstat.read_xport(str(result.folder / "advs.xpt"))
    found = frame.loc[frame["DTYPE"] == "LOCF", ["USUBJID", "PARAMCD", "PARAM", "AVISITN", "AVAL"]]
    assert list(found.itertuples(index=False, name=None)) == [
        ("1", "STOOD", "Standing", 2, 130),  # lying has a value at both visits
        ("1", "STOOD", "Standing", 4, 130),
        ("2", "LYING", "Lying", 4, 110),
        ("3", "LYING", "Lying", 2, 115),
        ("3", "LYING", "Lying", 4, 115),
        ("3", "STOOD", "Standing", 4, 135),
    ]


@pytest.mark.parametrize(("rule", "message"), [
    ("expected: {visits: [2], by: [ATPT], subjects: not missing(ADSL.TRTSDT)}", "by: does not show which values of ATPT a subject is expected"),
    ("nonresponse: {visits: [2], by: [ATPT], subjects: not missing(ADSL.TRTSDT), dtype: NRI}", "Write combinations: subject for those of the"),
    ("expected: {visits: [2], time_points: [1], by: [ATPT]}", "by: does not show which values of ATPT a subject is expected"),
    ("expected: {visits: [2], time_points: [1], combinations: study}", "combinations has no effect without by."),
    ("locf: {visits: [2], combinations: study, where: AVAL > 0, dtype: LOCF}", "combinations has no effect without by."),
])  # fmt: skip
def test_where_the_values_of_by_come_from_must_be_known(tmp_path: Path, rule: str, message: str) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = [line[8:] for line in text.strip("\n").splitlines()]
        changed = [f"    add: {{{rule}}}" if "locf: {visits: [2, 4, 6], where: ATPTN == 1" in line else line for line in lines]
        path.write_text("\n".join(changed).rstrip() + "\n", encoding="utf-8")
    with pytest.raises(adam.SpecError, match=re.escape(message)):
        adam.plan(tmp_path / "specs", tmp_path / "sdtm")
