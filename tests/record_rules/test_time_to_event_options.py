"""Named events, and the options of times to an event: each record is worked out by hand in a comment."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import adam

FILES = {
    "sdtm/dm.csv": """
        STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,AGE,AGEU,SEX,RACE,THERDTC
        T,DM,1,1,10,34,YEARS,F,ASIAN,2024-01-20
        T,DM,2,2,10,34,YEARS,F,ASIAN,
        T,DM,3,3,10,34,YEARS,F,ASIAN,
    """,
    "sdtm/ex.csv": """
        STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXSTDTC
        T,EX,1,1,A,1,2024-01-01
        T,EX,2,1,A,1,2024-01-01
        T,EX,3,1,A,1,2024-01-01
    """,
    "sdtm/rs.csv": """
        STUDYID,DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSORRES,RSSTRESC,RSDTC
        T,RS,1,1,OVRLRESP,SD,SD,2024-01-10
        T,RS,1,2,OVRLRESP,SD,SD,2024-01-19
        T,RS,1,3,OVRLRESP,PD,PD,2024-02-01
        T,RS,2,1,OVRLRESP,SD,SD,2024-01-10
        T,RS,2,2,OVRLRESP,PD,PD,2024-04-20
        T,RS,2,3,OVRLRESP,SD,SD,2024-04-30
        T,RS,3,1,OVRLRESP,SD,SD,2024-01-10
        T,RS,3,2,OVRLRESP,SD,SD,2024-02-10
    """,
    "sdtm/ae.csv": """
        STUDYID,DOMAIN,USUBJID,AESEQ,AEDECOD,AESTDTC
        T,AE,1,1,Cough,2024-01-05
        T,AE,1,2,Cough,2024-01-03
        T,AE,2,1,Headache,2024-02
    """,
    "specs/study.yaml": """
        language: 1
        study: T
        extends: adamig
        label: Times to an event
        ids: [T]
    """,
    "specs/events.yaml": """
        events:
          progression: {from: RS, where: RSSTRESC == "PD", date: date(RSDTC), description: Progression}
          last_assessment: {from: RS, date: date(RSDTC), description: Last assessment}
          therapy:
            from: RS
            where: date(RSDTC) < ADSL.THERDT
            date: date(RSDTC)
            description: Last assessment before new therapy
            censor_description: Before new therapy
            cnsr: 2
    """,
    "specs/adsl.yaml": """
        dataset: ADSL
        class: SUBJECT LEVEL ANALYSIS DATASET
        label: Subject-Level Analysis Dataset
        records: {from: DM}
        variables:
          STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU, SEX, RACE: DM
          TRTSDT: {first: date(EX.EXSTDTC)}
          THERDT: {label: Date of New Therapy, type: date, value: date(DM.THERDTC)}
    """,
    "specs/adtte.yaml": """
        dataset: ADTTE
        class: BASIC DATA STRUCTURE
        label: Time-to-Event Analysis Dataset
        structure: One record per subject per parameter per term
        key: [STUDYID, USUBJID, PARAMCD, AEDECOD]
        variables:
          STUDYID, USUBJID: ADSL
          PARAM, PARAMCD, AVAL, STARTDT, ADT, CNSR, EVNTDESC, CNSDTDSC, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
          AEDECOD: {label: Dictionary-Derived Term, type: text, length: 20, value: PARAMETER}
          ADTF: {label: Analysis Date Imputation Flag, type: text, length: 1, value: PARAMETER}
        events:
          progression: {description: Disease progression}
          event: {from: AE, date: first_date(AESTDTC), description: Event, imputation_flag: 'if_else(missing(date(AESTDTC)), "D", "")'}
          start: {from: ADSL, date: TRTSDT, description: Start}
        parameters:
          PFS:
            label: Progression
            records: {time_to_event: {start: ADSL.TRTSDT, events: [progression], censors: [last_assessment]}}
          PFSEND:
            label: Progression before new therapy
            subjects: not missing(ADSL.THERDT)
            records: {time_to_event: {start: ADSL.TRTSDT, events: [progression], censors: [last_assessment, therapy], end: ADSL.THERDT}}
          PFSGAP:
            label: Progression without a gap
            records:
              time_to_event:
                start: ADSL.TRTSDT
                events: [progression]
                censors: [last_assessment]
                gap: {days: 91, of: [last_assessment]}
          TTAE:
            label: First event of each term
            records: {time_to_event: {start: ADSL.TRTSDT, events: [event], censors: [start], by: [AEDECOD], combinations: study}}
          TTOWN:
            label: First event of each term of the subject
            records: {time_to_event: {start: ADSL.TRTSDT, events: [event], censors: [start], by: [AEDECOD], combinations: subject}}
    """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("options")


@pytest.fixture(scope="module")
def built(folder: Path) -> pd.DataFrame:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line[8:] for line in text.strip("\n").splitlines()).rstrip() + "\n", encoding="utf-8")
    return exported(folder, adam.RunOptions())


def exported(folder: Path, options: adam.RunOptions) -> pd.DataFrame:
    result = adam.build(folder / "specs", folder / "sdtm", folder / "out", options=options)
    assert result.folder is not None, [each.message for each in result.findings]
    assert not [(each.message, each.variable, each.keys) for each in result.findings if each.severity == "error"]
    frame, _ = pyreadstat.read_xport(str(result.folder / "adtte.xpt"))
    return frame


def records(frame: pd.DataFrame, parameter: str, *names: str) -> list[tuple[object, ...]]:
    mine = frame[frame["PARAMCD"] == parameter].assign(ADT=frame["ADT"].astype(str))
    return [tuple(None if pd.isna(value) else value for value in row) for row in mine[["USUBJID", *names]].itertuples(index=False, name=None)]


def test_named_events_of_a_layer_and_of_the_dataset(built: pd.DataFrame) -> None:
    assert records(built, "PFS", "AVAL", "ADT", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCSEQ") == [
        ("1", 32, "2024-02-01", 0, "Disease progression", "", 3),  # the dataset replaces the description of the layer
        ("2", 111, "2024-04-20", 0, "Disease progression", "", 2),  # 31 + 29 + 31 + 20
        ("3", 41, "2024-02-10", 1, "Last assessment", "Last assessment", 2),  # 31 + 10
    ]


def test_dates_after_the_end_do_not_count(built: pd.DataFrame) -> None:
    # only subject 1 has a new therapy, on 20 January; the progression of February does not count, nor does its assessment
    assert records(built, "PFSEND", "AVAL", "ADT", "CNSR", "EVNTDESC", "CNSDTDSC") == [
        ("1", 19, "2024-01-19", 2, "Last assessment before new therapy", "Before new therapy"),  # of equal dates the last of the list
    ]


def test_an_event_after_a_gap_does_not_count(built: pd.DataFrame) -> None:
    # subject 1: 13 days since the assessment before; subject 2: from 10 January to 20 April are 101 days
    assert records(built, "PFSGAP", "AVAL", "ADT", "CNSR", "SRCSEQ") == [
        ("1", 32, "2024-02-01", 0, 3),
        ("2", 10, "2024-01-10", 1, 1),  # not the assessment of 30 April either
        ("3", 41, "2024-02-10", 1, 2),
    ]


def test_one_record_for_each_term_of_each_subject(built: pd.DataFrame) -> None:
    assert records(built, "TTAE", "AEDECOD", "AVAL", "CNSR", "SRCSEQ", "ADTF") == [
        ("1", "Cough", 3, 0, 2, ""),  # the earlier of two
        ("1", "Headache", 1, 1, None, ""),
        ("2", "Cough", 1, 1, None, ""),
        ("2", "Headache", 32, 0, 1, "D"),  # February: the first
        ("3", "Cough", 1, 1, None, ""),
        ("3", "Headache", 1, 1, None, ""),
    ]


def test_one_record_for_each_term_of_the_subject_itself(built: pd.DataFrame) -> None:
    assert records(built, "TTOWN", "AEDECOD", "AVAL", "CNSR") == [("1", "Cough", 3, 0), ("2", "Headache", 32, 0)]  # subject 3 has no event


def test_a_record_for_the_terms_of_other_subjects_is_the_same_with_smaller_parts(folder: Path, built: pd.DataFrame) -> None:
    """With `combinations: study` the records of a subject depend on those of others, so all subjects are derived together."""
    pd.testing.assert_frame_equal(exported(folder, adam.RunOptions(part_size=1)), built)
