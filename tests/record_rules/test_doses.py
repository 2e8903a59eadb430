"""Single doses of exposure intervals: the dates are worked out by hand."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adam
from adam.catalog.record_rule import InputRecords, NewRecords, ParameterContext
from adam.catalog.record_rules.doses import DoseIntervals, Doses
from adam.core.kinds import dates
from adam.core.reference_table import ReferenceTable
from adam.sources.reference_table import read_reference_table

TABLE = Path(__file__).parents[2] / "specs/adamig/tables/dose_frequency.csv"
COLUMNS, KINDS = read_reference_table(TABLE)
FREQUENCIES = ReferenceTable("DOSE_FREQUENCY", TABLE.name, COLUMNS, KINDS)
ARGUMENTS = {"from": "EX", "start": "SRC.A", "end": "SRC.B", "table": FREQUENCIES}


def created(*intervals: tuple[str, str, str]) -> NewRecords:
    starts, ends, frequencies = zip(*intervals, strict=True)
    columns = {"start": dates(*starts), "end": dates(*ends), "frequency": pd.Series(frequencies, dtype="str")}
    columns |= {"value": pd.Series(np.arange(len(intervals), dtype="float64")), "SEQ": pd.Series(np.arange(len(intervals)) + 1.0)}
    source = InputRecords(np.zeros(len(intervals), dtype="int64"), columns, {"value": "EXDOSE"})
    arguments = DoseIntervals.model_validate(ARGUMENTS)
    return Doses.create(arguments, ParameterContext("ADEX", "DOSE", {}, {}), {"source": source})


@pytest.mark.parametrize(
    ("frequency", "start", "end", "expected"),
    [
        ("ONCE", "2024-01-05", "", ["2024-01-05"]),
        ("QD", "2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("BID", "2024-01-01", "2024-01-02", ["2024-01-01"] * 2 + ["2024-01-02"] * 2),
        ("Q8H", "2024-01-01", "2024-01-01", ["2024-01-01"] * 3),
        ("Q36H", "2024-01-01", "2024-01-04", ["2024-01-01", "2024-01-02", "2024-01-04"]),  # after 0, 36 and 72 hours
        ("QOD", "2024-01-01", "2024-01-06", ["2024-01-01", "2024-01-03", "2024-01-05"]),
        ("Q2W", "2024-01-01", "2024-01-29", ["2024-01-01", "2024-01-15", "2024-01-29"]),
        ("EVERY 3 WEEKS", "2024-01-01", "2024-02-11", ["2024-01-01", "2024-01-22"]),
        ("3 TIMES PER WEEK", "2024-01-01", "2024-01-08", ["2024-01-01", "2024-01-03", "2024-01-05", "2024-01-08"]),  # days 0, 2.3, 4.7, 7
        ("QM", "2024-01-31", "2024-04-29", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("QM", "2024-01-31", "2024-04-30", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("Q3M", "2023-11-30", "2024-03-01", ["2023-11-30", "2024-02-29"]),
    ],
)
def test_the_doses_of_an_interval(frequency: str, start: str, end: str, expected: list[str]) -> None:
    new = created((start, end, frequency))
    assert new.given["ADT"].dt.strftime("%Y-%m-%d").tolist() == expected
    assert new.issues == () and new.ambiguities == ()


def test_what_is_not_dated_is_reported() -> None:
    new = created(("2024-01-01", "2024-01-01", "PRN"), ("", "2024-01-01", "QD"), ("2024-01-03", "2024-01-02", "QD"), ("2024-01-01", "", "qd"))
    assert len(new.subject) == 0
    assert {text: mask.tolist() for text, mask in new.issues} == {
        "The start or the end of the interval is missing or incomplete; there is no dose": [False, True, False, True],
        "The end of the interval is before its start; there is no dose": [False, False, True, False],
    }
    (unknown,) = new.ambiguities
    assert unknown.error and unknown.mask.tolist() == [True, False, False, False] and "'PRN'" in unknown.text


DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1))


@given(DAYS, st.integers(0, 400), st.sampled_from(FREQUENCIES.texts("FREQUENCY")))
def test_doses_are_in_their_interval_and_the_first_is_on_its_start(start: datetime.date, length: int, frequency: str) -> None:
    end = start + datetime.timedelta(days=length)
    found = [each.date() for each in created((start.isoformat(), end.isoformat(), frequency)).given["ADT"]]
    assert found[0] == start and found[-1] <= end and found == sorted(found)


FILES = {
    "sdtm/dm.csv": """
        STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,AGE,AGEU,SEX,RACE
        T,DM,1,1,10,34,YEARS,F,ASIAN
    """,
    "sdtm/ex.csv": """
        STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC
        T,EX,1,1,A,5,mg,QD,2024-01-01,2024-01-02
        T,EX,1,2,A,9,mg,ONCE,2024-01-09,
        T,EX,1,3,A,0,mg,QD,2024-01-03,2024-01-04
        T,EX,1,4,A,7,mg,QD,2024-01,2024-02-01
    """,
    "specs/study.yaml": """
        language: 1
        study: T
        extends: adamig
        label: Doses
        ids: [T]
    """,
    "specs/adsl.yaml": """
        dataset: ADSL
        class: SUBJECT LEVEL ANALYSIS DATASET
        label: Subject-Level Analysis Dataset
        records: {from: DM}
        variables:
          STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU, SEX, RACE: DM
    """,
    "specs/adex.yaml": """
        dataset: ADEX
        class: BASIC DATA STRUCTURE
        label: Exposure Analysis Dataset
        key: [STUDYID, USUBJID, PARAMCD, ASTDT]
        variables:
          STUDYID, USUBJID: ADSL
          PARAM, PARAMCD, AVAL, ASTDT, AENDT, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
          EXTRT: {length: 8, value: SRC.EXTRT}
        parameters:
          DOSE: {label: Dose (mg), records: {doses: {from: EX, start: date(EXSTDTC), end: date(EXENDTC), where: EXDOSE > 0}}}
    """,
    "specs/addose.yaml": """
        dataset: ADDOSE
        class: OCCURRENCE DATA STRUCTURE
        label: Doses
        structure: One record per subject per dose
        key: [STUDYID, USUBJID, ASTDT]
        records: {doses: {from: EX, start: date(EXSTDTC), end: date(EXENDTC), where: EXDOSE > 0}}
        variables:
          STUDYID, USUBJID: ADSL
          ASTDT, AENDT: PARAMETER
          EXSEQ, EXDOSE: EX
    """,
}


def test_doses_of_a_dataset_and_of_a_parameter(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line[8:] for line in text.strip("\n").splitlines()).rstrip() + "\n", encoding="utf-8")
    result = adam.build(tmp_path / "specs", tmp_path / "sdtm", tmp_path / "out")
    assert result.folder is not None, [each.message for each in result.findings]
    assert not [(each.message, each.variable, each.keys) for each in result.findings if each.severity == "error"]
    assert [each.keys[0]["EXSEQ"] for each in result.findings if "no dose" in each.message] == ["4", "4"]
    adex, _ = pyreadstat.read_xport(str(result.folder / "adex.xpt"))
    rows = adex.assign(ASTDT=adex["ASTDT"].astype(str))[["ASTDT", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ", "EXTRT"]].to_numpy().tolist()
    assert rows == [
        ["2024-01-01", 5, "EX", "EXDOSE", 1, "A"],
        ["2024-01-02", 5, "EX", "EXDOSE", 1, "A"],
        ["2024-01-09", 9, "EX", "EXDOSE", 2, "A"],
    ]
    addose, _ = pyreadstat.read_xport(str(result.folder / "addose.xpt"))
    assert addose.assign(AENDT=addose["AENDT"].astype(str))[["AENDT", "EXSEQ", "EXDOSE"]].to_numpy().tolist() == [
        ["2024-01-01", 1, 5],
        ["2024-01-02", 1, 5],
        ["2024-01-09", 2, 9],
    ]
