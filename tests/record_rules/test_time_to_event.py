"""Times to an event: seven subjects, each with the record worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from pydantic import ValidationError

import adam
from adam.catalog.record_rule import InputRecords, ParameterContext
from adam.catalog.record_rules.time_to_event import TimesToEvent, TimeToEvent
from adam.core.kinds import dates

FILES = {
    "sdtm/dm.csv": """
        STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,AGE,AGEU,SEX,RACE,DTHDTC
        T,DM,1,1,10,34,YEARS,F,ASIAN,
        T,DM,2,2,10,34,YEARS,F,ASIAN,2024-01-20
        T,DM,3,3,10,34,YEARS,F,ASIAN,
        T,DM,4,4,10,34,YEARS,F,ASIAN,
        T,DM,5,5,10,34,YEARS,F,ASIAN,
        T,DM,6,6,10,34,YEARS,F,ASIAN,
        T,DM,7,7,10,34,YEARS,F,ASIAN,2024-01-10
    """,
    "sdtm/ex.csv": """
        STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXSTDTC,EXENDTC
        T,EX,1,1,A,1,2024-01-01,2024-02-01
        T,EX,2,1,A,1,2024-01-01,2024-02-01
        T,EX,3,1,A,1,2024-01-01,2024-02-01
        T,EX,4,1,A,1,2024-01-01,2024-02-01
        T,EX,6,1,A,1,2024-01-01,
        T,EX,7,1,A,1,2024-01-01,
    """,
    "sdtm/ae.csv": """
        STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AESTDTC,AESER
        T,AE,1,1,headache,Headache,2024-01-09,Y
        T,AE,1,2,nausea,Nausea,2024-01-05,Y
        T,AE,1,3,cough,Cough,2024-01-03,N
        T,AE,2,1,cough,Cough,2024-01-20,Y
        T,AE,3,1,cough,Cough,2024-01,Y
        T,AE,4,1,cough,Cough,2023-12-30,Y
        T,AE,7,1,cough,Cough,2024-01-11,Y
    """,
    "sdtm/sv.csv": """
        STUDYID,DOMAIN,USUBJID,VISITNUM,VISIT,SVSTDTC
        T,SV,3,1,ONE,2024-01-15
        T,SV,3,2,TWO,2024-01-29
        T,SV,5,1,ONE,2024-01-15
        T,SV,7,1,ONE,2024-01-09
    """,
    "specs/study.yaml": """
        language: 1
        study: T
        extends: adamig
        label: Times to an event
        ids: [T]
    """,
    "specs/adsl.yaml": """
        dataset: ADSL
        class: SUBJECT LEVEL ANALYSIS DATASET
        label: Subject-Level Analysis Dataset
        records: {from: DM}
        variables:
          STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU, SEX, RACE: DM
          TRTSDT: {first: date(EX.EXSTDTC)}
          DTHDT: {label: Date of Death, type: date, value: date(DM.DTHDTC)}
    """,
    "specs/adtte.yaml": """
        dataset: ADTTE
        class: BASIC DATA STRUCTURE
        label: Time-to-Event Analysis Dataset
        structure: One record per subject per parameter
        key: [STUDYID, USUBJID, PARAMCD]
        variables:
          STUDYID, USUBJID: ADSL
          PARAM, PARAMCD, AVAL, STARTDT, ADT, CNSR, EVNTDESC, CNSDTDSC, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
        parameters:
          TTSAE:
            label: Time to First Serious Adverse Event (Days)
            records:
              time_to_event:
                start: ADSL.TRTSDT
                unit: days
                events:
                  - {from: AE, where: SRC.AESER == "Y", date: date(SRC.AESTDTC), description: Serious adverse event}
                  - {from: ADSL, date: SRC.DTHDT, description: Death}
                censors:
                  - {from: SV, date: date(SRC.SVSTDTC), description: Censored, censor_description: Last visit}
    """,
}


def laid(folder: Path) -> tuple[Path, Path]:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line[8:] for line in text.strip("\n").splitlines()).rstrip() + "\n", encoding="utf-8")
    return folder / "specs", folder / "sdtm"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[adam.BuildResult, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("time_to_event")
    specs, sdtm = laid(folder)
    result = adam.build(specs, sdtm, folder / "out")
    assert result.folder is not None
    frame, _ = pyreadstat.read_xport(str(result.folder / "adtte.xpt"))
    return result, frame.set_index("USUBJID")


@pytest.mark.parametrize(
    ("subject", "aval", "date", "censored", "description", "date_description", "source"),
    [
        ("1", 5, "2024-01-05", 0, "Serious adverse event", "", ("AE", "AESTDTC", 2)),  # the earliest one that is serious
        ("2", 20, "2024-01-20", 0, "Serious adverse event", "", ("AE", "AESTDTC", 1)),  # of equal dates the source listed first
        ("3", 29, "2024-01-29", 1, "Censored", "Last visit", ("SV", "SVSTDTC", None)),  # a partial date is none; the last visit
        ("4", 1, "2024-01-01", 0, "Serious adverse event", "", ("AE", "AESTDTC", 1)),  # before the start: on the start
        ("7", 10, "2024-01-10", 0, "Death", "", ("ADSL", "DTHDT", None)),  # a death before a serious event and a visit
    ],
)
def test_the_record_of_a_subject(
    built: tuple[adam.BuildResult, pd.DataFrame],
    subject: str,
    aval: int,
    date: str,
    censored: int,
    description: str,
    date_description: str,
    source: tuple[str, str, int | None],
) -> None:
    record = built[1].loc[subject]
    assert (record["AVAL"], str(record["ADT"]), str(record["STARTDT"]), record["CNSR"]) == (aval, date, "2024-01-01", censored)
    assert (record["EVNTDESC"], record["CNSDTDSC"]) == (description, date_description)
    sequence = None if pd.isna(record["SRCSEQ"]) else record["SRCSEQ"]
    assert (record["SRCDOM"], record["SRCVAR"], sequence) == source


def test_a_subject_without_a_date_has_no_record_and_a_warning(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    result, frame = built
    assert not {"5", "6"} & set(frame.index)
    found = {each.message: [key["USUBJID"] for key in each.keys] for each in result.findings if each.id == "issue"}
    assert found["The start is missing; there is no record"] == ["5"]
    assert found["The subject has neither an event nor a censoring date; there is no record"] == ["6"]
    assert found["The date is before the start; ADT is the start"] == ["4"]


def test_no_generated_check_fails(built: tuple[adam.BuildResult, pd.DataFrame]) -> None:
    assert [each.message for each in built[0].findings if each.severity == "error"] == []
    assert built[0].exported


def test_the_method_text_names_every_source(tmp_path: Path) -> None:
    specs, sdtm = laid(tmp_path)
    method = adam.plan(specs, sdtm).datasets["ADTTE"].parameters["TTSAE"].variables["AVAL"].method
    assert method == (
        "The time in days from ADSL.TRTSDT to the earliest of these events: "
        'Serious adverse event (the date of AE.AESTDTC of AE records where AE.AESER is "Y"); Death (ADSL.DTHDT of ADSL records). '
        "A subject without an event is censored at the latest of: Censored (the date of SV.SVSTDTC of SV records)."
    )


def test_a_unit_of_datetimes_is_refused() -> None:
    # dates have no hours, and inclusive: true would not count the start and the end
    event = {"from": "ADAE", "date": "ASTDT", "description": "Event"}
    with pytest.raises(ValidationError, match="Input should be 'days', 'weeks', 'months' or 'years'"):
        TimeToEvent.model_validate({"start": "ADSL.TRTSDT", "unit": "hours", "events": [event]})


@pytest.mark.parametrize(("unit", "inclusive", "aval"), [("weeks", False, 2), ("weeks", True, 15 / 7), ("days", False, 14)])
def test_the_unit_of_the_time(unit: str, inclusive: bool, aval: float) -> None:
    event = {"from": "AE", "date": "SRC.DT", "description": "Event"}
    arguments = TimeToEvent.model_validate({"start": "ADSL.TRTSDT", "unit": unit, "inclusive": inclusive, "events": [event]})
    subjects = InputRecords(np.array([0]), {"where": pd.Series([True], dtype="boolean"), "start": dates("2024-01-01")})
    source = InputRecords(np.array([0]), {"date": dates("2024-01-15"), "SEQ": pd.Series([1.0])}, {"date": "AEDT"})
    read = {"subjects": subjects, "source1": source}
    made = TimesToEvent.create(arguments, ParameterContext("ADTTE", "T", {}, {}), read)
    assert made.given["AVAL"].round(12).tolist() == [round(aval, 12)]
