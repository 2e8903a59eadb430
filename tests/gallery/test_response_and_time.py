"""Tasks of oncology and of times to an event. Every expected value is worked out by hand; dates are days since 1960-01-01 (2024-01-01 is 23376)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

DM = """STUDYID,DOMAIN,USUBJID,AGE,SEX,RFSTDTC,DTHDTC,ENDDTC
S1,DM,S1-1,34,F,2024-01-01,,2024-03-31
S1,DM,S1-2,65,M,2024-01-01,2024-02-15,2024-02-15
S1,DM,S1-3,50,F,2024-01-01,,2024-03-01
"""
# subject 1: stable on day 41, partial on 60, progression on 90; subject 2: complete on day 41; subject 3: nothing
RS = """STUDYID,DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSSTRESC,RSDTC
S1,RS,S1-1,1,OVRLRESP,SD,2024-02-10
S1,RS,S1-1,2,OVRLRESP,PR,2024-02-29
S1,RS,S1-1,3,OVRLRESP,PD,2024-03-30
S1,RS,S1-2,1,OVRLRESP,CR,2024-02-10
"""
TU = """STUDYID,DOMAIN,USUBJID,TUSEQ,TUSTRESC,TUDTC
S1,TU,S1-1,1,NON-TARGET,2023-12-30
S1,TU,S1-1,2,TARGET,2023-12-30
S1,TU,S1-2,1,NON-TARGET,2023-12-30
"""
AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AEDECOD,AESER,AESTDTC
S1,AE,S1-1,1,Rash,N,2024-01-20
S1,AE,S1-1,2,Cough,N,2024-01-05
S1,AE,S1-2,1,Sepsis,Y,2024-02-01
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  RANDDT: date(DM.RFSTDTC)
  DTHDT: date(DM.DTHDTC)
  EOSDT: date(DM.ENDDTC)
  RSPDT: {label: Date of First Response, first: {of: date(RS.RSDTC), where: 'RS.RSSTRESC in ("CR", "PR")'}}
"""
ADRS = """
dataset: ADRS
class: BASIC DATA STRUCTURE
label: Response Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
sources: {RS: {variables: {RANK: {recode: {of: RSSTRESC, map: {CR: 1, PR: 2, SD: 3, PD: 4}}}}}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, AVALC, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
  ADT: date(SRC.DTC)
parameters:
  OVR: {label: Overall Response, codelist: RESPONSE, records: {from: RS, value: RANK}}
  BOR:
    label: Best Overall Response
    codelist: RESPONSE
    records: {extreme: {of: OVR, first: [AVAL, ADT]}}
    add: {expected: {subjects: not missing(ADSL.RANDDT), set: {AVAL: 9}}}
  MDIS:
    label: Measurable Disease at Baseline
    codelist: YESNO
    records: {from: TU, where: TUSTRESC == "TARGET", value: 1}
    add: {expected: {subjects: not missing(ADSL.RANDDT), set: {AVAL: 0}}}
"""
CODELISTS = """
codelists:
  RESPONSE: {terms: {CR: 1, PR: 2, SD: 3, PD: 4, MISSING: 9}}
  YESNO: {terms: {N: 0, Y: 1}}
"""
ADTTE = """
dataset: ADTTE
class: BASIC DATA STRUCTURE
label: Time-to-Event Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD]
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, ADT, STARTDT, CNSR, EVNTDESC, CNSDTDSC, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
events:
  death: {{from: ADSL, date: DTHDT, description: Death}}
  progression: {{from: RS, where: RSSTRESC == "PD", date: date(RSDTC), description: Progression}}
  any_event: {{from: AE, date: date(AESTDTC), description: Adverse Event}}
  serious_event: {{from: AE, where: AESER == "Y", date: date(AESTDTC), description: Serious Adverse Event}}
  assessment: {{from: RS, date: date(RSDTC), description: Last Assessment}}
  end: {{from: ADSL, date: EOSDT, description: End of Study}}
  start: {{from: ADSL, date: RANDDT, description: Randomization}}
parameters:
  TIME:
    label: Time
    subjects: {subjects}
    records: {{time_to_event: {{start: {start}, events: [{events}], censors: [{censors}]}}}}
"""


def response(folder: Path) -> SmallStudy:
    return small_study(folder, {"adsl": ADSL, "adrs": ADRS, "codelists": CODELISTS}, {"dm": DM, "rs": RS, "tu": TU})


def time(folder: Path, events: str, censors: str, start: str = "ADSL.RANDDT", subjects: str = "not missing(ADSL.RANDDT)") -> SmallStudy:
    named = [*events.split(", "), *censors.split(", ")]
    lines = [line for line in ADTTE.splitlines() if not line.startswith("  ") or "description:" not in line or line.split(":")[0].strip() in named]
    text = "\n".join(lines).format(events=events, censors=censors, start=start, subjects=subjects)
    return small_study(folder, {"adsl": ADSL, "adtte": text}, {"dm": DM, "rs": RS, "ae": AE})


def test_best_overall_response(tmp_path: Path) -> None:
    ran = response(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    best = [row for row in ran.records("ADRS", "PARAMCD", "USUBJID", "AVALC", "ADT", "SRCSEQ") if row[0] == "BOR"]
    assert best == [
        ("BOR", "S1-1", "PR", 23435, 2),  # 29 February: 31 + 28 days after 1 January
        ("BOR", "S1-2", "CR", 23416, 1),  # 10 February
        ("BOR", "S1-3", "MISSING", None, None),
    ]


def test_measurable_disease_at_baseline(tmp_path: Path) -> None:
    ran = response(tmp_path).build()
    found = [row for row in ran.records("ADRS", "PARAMCD", "USUBJID", "AVALC", "SRCDOM", "SRCSEQ") if row[0] == "MDIS"]
    assert found == [("MDIS", "S1-1", "Y", "TU", 2), ("MDIS", "S1-2", "N", "", None), ("MDIS", "S1-3", "N", "", None)]


@pytest.mark.parametrize(
    ("events", "censors", "expected"),
    [
        # first adverse event: the earlier of two on day 5; the end of the study on day 61 (31 + 29 + 1)
        (
            "any_event", "end",
            [("S1-1", 5, 0, "Adverse Event", "AE", "AESTDTC", 2), ("S1-2", 32, 0, "Adverse Event", "AE", "AESTDTC", 1),
             ("S1-3", 61, 1, "End of Study", "ADSL", "EOSDT", None)],
        ),
        # first serious adverse event: subject 1 has none until day 91 (31 + 29 + 31)
        (
            "serious_event", "end",
            [("S1-1", 91, 1, "End of Study", "ADSL", "EOSDT", None), ("S1-2", 32, 0, "Serious Adverse Event", "AE", "AESTDTC", 1),
             ("S1-3", 61, 1, "End of Study", "ADSL", "EOSDT", None)],
        ),
        # overall survival: death on day 46 (31 + 15)
        (
            "death", "end",
            [("S1-1", 91, 1, "End of Study", "ADSL", "EOSDT", None), ("S1-2", 46, 0, "Death", "ADSL", "DTHDT", None),
             ("S1-3", 61, 1, "End of Study", "ADSL", "EOSDT", None)],
        ),
        # progression-free survival: progression on day 90; without an assessment the subject is censored at the start
        (
            "progression, death", "start, assessment",
            [("S1-1", 90, 0, "Progression", "RS", "RSDTC", 3), ("S1-2", 46, 0, "Death", "ADSL", "DTHDT", None),
             ("S1-3", 1, 1, "Randomization", "ADSL", "RANDDT", None)],
        ),
    ],
    ids=["first adverse event", "first serious adverse event", "overall survival", "progression-free survival"],
)  # fmt: skip
def test_times_with_the_record_of_the_date(tmp_path: Path, events: str, censors: str, expected: list[tuple[object, ...]]) -> None:
    ran = time(tmp_path, events, censors).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADTTE", "USUBJID", "AVAL", "CNSR", "EVNTDESC", "SRCDOM", "SRCVAR", "SRCSEQ") == expected


def test_duration_of_response(tmp_path: Path) -> None:
    # from 29 February to 30 March: 31 days; from 10 to 15 February: 6 days; subject 3 has no response and no record
    ran = time(tmp_path, "progression, death", "assessment", "ADSL.RSPDT", "not missing(ADSL.RSPDT)").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADTTE", "USUBJID", "AVAL", "STARTDT", "CNSR") == [("S1-1", 31, 23435, 0), ("S1-2", 6, 23416, 0)]


def test_an_event_that_no_parameter_uses_is_reported(tmp_path: Path) -> None:
    made = time(tmp_path, "death", "end")
    path = made.specs / "adtte.yaml"
    path.write_text(path.read_text().replace("events:\n", "events:\n  relapse: {from: AE, date: date(AESTDTC), description: Relapse}\n", 1))
    ran = made.check()
    assert ran.exit_code == 2 and "No parameter of ADTTE uses the event 'relapse'." in ran.text
