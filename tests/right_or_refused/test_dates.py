"""Dates: what is not one is refused, what is partial or impossible is counted with its value, and offsets from UTC are reported."""

from pathlib import Path

import pytest

from adam.core.kinds import dates
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse
from tests.right_or_refused.small_study import Ran, small_study

ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX, AGE: DM
  TRTSDT: {first: date(EX.EXSTDTC)}
  SAFFL: {flag_yn: not missing(TRTSDT)}
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ: AE
  AETERM: AE
  ASTDT: date(AE.AESTDTC)
  ASTDTM: datetime(AE.AESTDTC)
  ASTDY: {study_day: {date: date(AE.AESTDTC), reference: ADSL.TRTSDT}}
"""
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXSTDTC\nS1,EX,S1-1,1,{}\nS1,EX,S1-2,1,2024-01-09\n"
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESTDTC\n"


def events(*values: str) -> str:
    return AE + "".join(f"S1,AE,S1-1,{place + 1},A{place},{value}\n" for place, value in enumerate(values))


def built(folder: Path, *values: str, first: str = "2024-01-08", study: str = "") -> Ran:
    return small_study(folder, {"adsl": ADSL, "adae": ADAE}, {"ex": EX.format(first), "ae": events(*values)}, study).build()


def issues(ran: Ran) -> list[tuple[str, str, str, int, list[str]]]:
    """Severity, variable, the first words, how many, and the values shown."""
    found = [each for each in ran.findings() if each["id"] == "issue"]
    return [
        (each["severity"], f"{each['dataset']}.{each['variable']}", each["message"].split(" ")[0], each["count"], [*each["values"][0].values()])
        for each in found
    ]


@pytest.mark.parametrize("text", ["1/8/2024", "10JAN2023", "45326", "20240108", "2024-1-8", "2024-01-08 10:00", "08.01.2024", "2024-W02"])
def test_csv_excel_date_a_source_date_that_is_not_iso_8601_is_an_error(tmp_path: Path, text: str) -> None:
    ran = built(tmp_path, "2024-01-10", first=text)
    assert ran.exit_code == 1
    assert ("error", "EX.EXSTDTC", "not", 1, [text]) in issues(ran)


def test_csv_excel_date_the_source_may_say_that_it_is_a_warning(tmp_path: Path) -> None:
    ran = built(tmp_path, "2024-01-10", first="1/8/2024", study="sources: {EX: {dates: warning}}\n")
    assert ran.exit_code == 0, ran.text
    assert ("warning", "EX.EXSTDTC", "not", 1, ["1/8/2024"]) in issues(ran)


def test_partial_and_impossible_dates_are_one_warning_for_each_variable_with_the_values(tmp_path: Path) -> None:
    ran = built(tmp_path, "2024-01-10", "2024-01", "2024-02-30", "1024-01-01", "")
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", "ASTDY") == [3, None, None, None, None]
    assert issues(ran) == [
        ("warning", "AE.AESTDTC", "no", 2, ["2024-02-30"]),
        ("warning", "ADAE.ASTDT", "date()", 3, ["2024-01"]),
        ("warning", "ADAE.ASTDTM", "datetime()", 3, ["2024-01"]),
        ("warning", "ADAE.ASTDY", "date()", 3, ["2024-01"]),
    ]
    (one,) = [each for each in ran.findings() if each["variable"] == "ASTDT"]
    assert [each["AE.AESTDTC"] for each in one["values"]] == ["2024-01", "2024-02-30", "1024-01-01"]
    assert [each["AESEQ"] for each in one["keys"]] == ["2", "3", "4"]


def test_a_date_that_is_asked_whether_it_is_complete_is_no_warning() -> None:
    texts = Columns({"T": dates("2024-01-01").dt.strftime("%Y-%m")}, dates("2024-01-01").index)
    for formula, told in (("missing(date(T))", 0), ("coalesce(date(T), first_date(T))", 0), ("date(T)", 1), ("max(date(T), first_date(T))", 1)):
        evaluation = Evaluation(texts)
        evaluation.column(parse(formula))
        assert len(evaluation.issues) == told, formula


def test_utc_mix_times_with_an_offset_are_named_with_keys_and_values(tmp_path: Path) -> None:
    ran = built(tmp_path, "2024-01-08T10:00+05:30", "2024-01-08T06:00Z", "2024-01-08T23:30-05:00", "2024-01-08T07:00")
    assert ran.exit_code == 0, ran.text
    (one,) = [each for each in ran.findings() if each["variable"] == "AESTDTC"]
    assert (one["severity"], one["count"]) == ("warning", 3) and "offset from UTC" in one["message"]
    assert [(each["AESEQ"], value["AESTDTC"]) for each, value in zip(one["keys"], one["values"], strict=True)] == [
        ("1", "2024-01-08T10:00+05:30"),
        ("2", "2024-01-08T06:00Z"),
        ("3", "2024-01-08T23:30-05:00"),
    ]


def test_times_without_offsets_are_no_finding(tmp_path: Path) -> None:
    ran = built(tmp_path, "2024-01-08T10:00", "2024-01-08", "2024-01-08T06:00:30")
    assert ran.exit_code == 0 and issues(ran) == []


@pytest.mark.parametrize(
    ("day", "march", "february"),
    [("2001-02-27", 0, 0), ("2001-02-28", 0, 1), ("2001-03-01", 1, 1), ("2004-02-28", 3, 3), ("2004-02-29", 4, 4), ("2100-02-28", 99, 100)],
)
def test_29_february_completes_a_year_on_1_march_or_as_the_option_says(day: str, march: int, february: int) -> None:
    columns = Columns({"A": dates("2000-02-29"), "B": dates(day)}, dates(day).index)
    assert Evaluation(columns).column(parse("full_years(A, B)")).tolist() == [march]
    assert Evaluation(columns).column(parse('full_years(A, B, "03-01")')).tolist() == [march]
    assert Evaluation(columns).column(parse('full_years(A, B, "02-28")')).tolist() == [february]


def test_29_february_another_day_is_refused(tmp_path: Path) -> None:
    line = "  YEARS: {label: y, type: integer, value: 'full_years(TRTSDT, TRTSDT, \"02-29\")'}\n"
    ran = small_study(tmp_path, {"adsl": ADSL + line}, {"ex": EX.format("2024-01-08")}).check()
    assert ran.exit_code == 2 and 'requires "03-01" or "02-28"' in ran.text
