"""Tasks about partial dates, times and intervals. Every expected value is worked out by hand from the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX,BRTHDTC,RFICDTC\nS1,DM,S1-1,34,F,1990-02,2024-01-31\nS1,DM,S1-2,65,M,1958-05-20,2024-02-29\n"
# first dose on 2024-01-10 at 08:30 and on 2024-03-01 at 09:00
EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXSTDTC
S1,EX,S1-1,1,2024-01-10T08:30
S1,EX,S1-2,1,2024-03-01T09:00
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {{from: DM}}
variables:
  STUDYID, USUBJID: DM
  TRTSDTM: {{first: datetime(EX.EXSTDTC)}}
  TRTSDT: date(TRTSDTM)
  {line}
"""


def subjects(folder: Path, line: str) -> SmallStudy:
    return small_study(folder, {"adsl": ADSL.format(line=line)}, {"dm": DM, "ex": EX})


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        # 8.5 hours and 9 hours after midnight of the day of the first dose
        ("HOURS", "HOURS: {label: Hours, type: float, duration: {start: first_datetime(TRTSDT), end: TRTSDTM, unit: hours, inclusive: false}}",
         [8.5, 9]),
        ("MIN", "MIN: {label: Minutes, type: float, duration: {start: first_datetime(TRTSDT), end: TRTSDTM, unit: minutes, inclusive: false}}",
         [510, 540]),
        # two hours after the first dose: 10:30 and 11:00
        ("LATER", "LATER: {label: Two hours later, type: text, value: 'time_text(time(add_time(TRTSDTM, 2, \"hours\")))'}", ["10:30:00", "11:00:00"]),
        # completed months to 30 May: from 31 January three, since April has no day 31; from 29 February three
        ("MONTHS", "MONTHS: {label: Months, type: integer, duration: {start: RFICDT, end: date(\"2024-05-30\"), unit: months, inclusive: false, "
         "calendar: true}}\ntemporary: {RFICDT: date(DM.RFICDTC)}", [3, 3]),
        # the year of birth is known of both, the day only of the second
        ("BYEAR", "BYEAR: {label: Year of birth, type: integer, value: year(DM.BRTHDTC)}", [1990, 1958]),
        ("BDAY", "BDAY: {label: Day of birth, type: integer, value: day(DM.BRTHDTC)}", [None, 20]),
        ("WDAY", "WDAY: {label: Day of the week, type: integer, value: weekday(TRTSDT)}", [4, 6]),
    ],
)  # fmt: skip
def test_parts_and_differences(tmp_path: Path, name: str, line: str, expected: list[object]) -> None:
    ran = subjects(tmp_path, line).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", name) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("HOURS: {label: Hours, type: float, duration: {start: TRTSDT, end: TRTSDTM, unit: hours, inclusive: false}}",
         "duration: start must be a datetime; TRTSDT is a date."),
        ("DAYS: {label: Days, type: float, duration: {start: TRTSDT, end: TRTSDTM, unit: days, inclusive: true}}",
         "duration: end must be a date; TRTSDTM is a datetime."),
        ("HOURS: {label: Hours, type: float, duration: {start: TRTSDTM, end: TRTSDTM, unit: hours, inclusive: true}}",
         "inclusive must be false with unit: hours"),
        ("HOURS: {label: Hours, type: float, value: TRTSDTM - TRTSDTM}", "Use the derivation duration for the time between datetimes"),
    ],
)  # fmt: skip
def test_a_time_of_the_wrong_kind_is_refused(tmp_path: Path, line: str, message: str) -> None:
    ran = subjects(tmp_path, line).check()
    assert ran.exit_code == 2
    assert message in ran.text
    assert "adsl.yaml:10:" in ran.text


def test_a_partial_date_that_becomes_missing_is_counted_and_shown(tmp_path: Path) -> None:
    ran = subjects(tmp_path, "BRTHDT: {label: Date of birth, value: date(DM.BRTHDTC)}").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "BRTHDT") == [None, -591]  # 591 days before 1960: 226 of 1958, 365 of 1959
    (found,) = [each for each in ran.findings() if "partial or invalid date" in each["message"]]
    assert found["count"] == 1
    assert found["values"] == [{"DM.BRTHDTC": "1990-02"}]


AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESTDTC,AEENDTC
S1,AE,S1-1,1,Headache,2024-01-10,2024-01-11T10
S1,AE,S1-1,2,Rash,2024-01,2024-02
S1,AE,S1-1,3,Fever,2024-01-12T07:15,
S1,AE,S1-2,1,Nausea,2024,2024-03-05
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID, AESEQ, AETERM, AESTDTC, AEENDTC: AE
  ASTDTM:
    imputed_datetime:
      {dtc: AESTDTC, time: first, day: {otherwise: first}, month: {otherwise: first}, not_before: ADSL.TRTSDTM}
  ASTDT: date(ASTDTM)
  ASTDTF: {date_imputation_flag: {dtc: AESTDTC, date: ASTDT}}
  ASTTMF: {time_imputation_flag: {dtc: AESTDTC, datetime: ASTDTM}}
  AENDTM: {imputed_datetime: {dtc: AEENDTC, time: last, day: {otherwise: last}}}
"""


def test_datetimes_of_adverse_events_with_their_flags(tmp_path: Path) -> None:
    # a start that may be on treatment is not before the first dose: 10 January 08:30, and 1 March 09:00 of the second subject
    ran = small_study(tmp_path, {"adsl": ADSL.format(line="SEX: DM"), "adae": ADAE}, {"dm": DM, "ex": EX, "ae": AE}).build()
    assert ran.exit_code == 0, ran.text
    start = 23385  # 2024-01-10 as a SAS date
    seconds = [(start, 30600, "", "H"), (start, 30600, "D", "H"), (start + 2, 26100, "", ""), (start + 51, 32400, "M", "H")]
    assert ran.records("ADAE", "ASTDTM", "ASTDTF", "ASTTMF") == [(day * 86400 + time, *flags) for day, time, *flags in seconds]
    # 11 January 10:59:59, 29 February 23:59:59 (a leap year), none, 5 March 23:59:59
    ends = [(start + 1) * 86400 + 39599, (start + 50) * 86400 + 86399, None, (start + 55) * 86400 + 86399]
    assert ran.records("ADAE", "AENDTM") == ends
