"""ADVS, ADLB and ADTTE of the made-up study, with values worked out by hand from tests/study/sdtm.

The first dose is on 8 to 18 January for subjects 001 to 011, the last 27 days later. Week 4 is the day after the last dose: it counts
as on treatment. 006 has no pressures and no laboratory results at Week 4; 011 has "<5" for ALT at Week 2; 012 is not treated.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import adam
from adam.core.errors import Severity

HERE = Path(__file__).parent
STUDY = HERE.parent / "study"

Row = tuple[object, ...]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> adam.BuildResult:
    folder = tmp_path_factory.mktemp("growth")
    return adam.build(edited(folder, "study.yaml", "", ""), STUDY / "sdtm", folder / "out")


@pytest.fixture(scope="module")
def built(result: adam.BuildResult) -> dict[str, pd.DataFrame]:
    assert result.folder is not None, [each.message for each in result.findings]
    return {name: pyreadstat.read_xport(str(result.folder / f"{name.lower()}.xpt"))[0] for name in ("ADVS", "ADLB", "ADTTE")}


def rows(frame: pd.DataFrame, where: str, *names: str) -> list[Row]:
    chosen = frame.query(where)[list(names)]
    return [tuple(None if pd.isna(value) else value for value in row) for row in chosen.round(6).itertuples(index=False, name=None)]


def test_findings_are_true_of_the_data(result: adam.BuildResult) -> None:
    assert not [each for each in result.findings if each.severity is Severity.ERROR]
    assert {(each.id, each.dataset) for each in result.findings if each.severity is Severity.WARNING} == {
        ("issue", "ADLB"),  # "<5" is no number
        ("AD0624", "ADAE"),  # no MedDRA codes
    }


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """The specification with one text of one file replaced."""
    specs = folder / "specs"
    shutil.copytree(STUDY / "specs", specs)
    shutil.copytree(HERE / "specs", specs, dirs_exist_ok=True)
    text = (specs / file).read_text(encoding="utf-8")
    assert not old or text.count(old) == 1
    (specs / file).write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return specs


def test_a_record_rule_that_selects_nothing_names_the_block_of_its_parameter(tmp_path: Path) -> None:
    specs = edited(tmp_path, "advs.yaml", "  HEIGHT: {allow_empty: true}\n", "")
    found = [each.message for each in adam.build(specs, STUDY / "sdtm", tmp_path / "out").findings if each.id == "unmatched"]
    assert len(found) == 1
    assert found[0].startswith("HEIGHT: where: of extreme selects none of 11 records")
    assert found[0].endswith("Correct it, or add 'allow_empty: true' to the block of HEIGHT.")


def test_standard_in_formulas_names_what_to_write(tmp_path: Path) -> None:
    specs = edited(tmp_path, "study.yaml", "{on_treatment: {days_after: 1}}", "{standard: {days_after: 1}}")
    with pytest.raises(adam.SpecError, match=r"Write the derivation itself with the arguments to replace, such as NAME: \{on_treatment: "):
        adam.build(specs, STUDY / "sdtm", tmp_path / "out")


def test_vital_signs_of_a_subject_with_every_visit(built: dict[str, pd.DataFrame]) -> None:
    columns = ("AVISIT", "AVISITN", "ADY", "AVAL", "BASE", "CHG", "DTYPE", "ABLFL")
    of = 'USUBJID == "EX01-001" and PARAMCD == '
    assert rows(built["ADVS"], of + '"SYSBP"', *columns) == [
        ("Baseline", 0, 1, 125, 125, 0, "", "Y"),
        ("Week 2", 2, 15, 121, 125, -4, "", ""),
        ("Week 4", 4, 29, 117, 125, -8, "", ""),
        ("Last on Treatment", 99, 29, 117, 125, -8, "LOV", ""),
    ]
    assert rows(built["ADVS"], of + '"MAP"', "AVAL", "CHG") == [(94.3, 0), (91.7, -2.6), (89, -5.3), (89, -5.3)]  # 283 / 3, 275 / 3, 267 / 3
    assert rows(built["ADVS"], of + '"BMI"', "AVAL", "CHG") == [(22.7, 0), (22.6, -0.1), (22.5, -0.2), (22.5, -0.2)]  # 64.2 / 1.68 ** 2 = 22.75
    assert rows(built["ADVS"], of + '"HEIGHT"', "AVISIT", "AVAL") == [("Baseline", 168)]  # no value after the first dose


def test_the_last_value_on_treatment_is_a_value(built: dict[str, pd.DataFrame]) -> None:
    assert rows(built["ADVS"], 'USUBJID == "EX01-006" and DTYPE == "LOV"', "PARAMCD", "ADY", "AVAL", "CHG") == [
        ("BMI", 29, 28.9, -0.2),  # 91.7 / 1.78 ** 2 = 28.94
        ("DIABP", 15, 90, -2),  # Week 4 was not done
        ("MAP", 15, 107.3, -2.7),  # (2 * 90 + 142) / 3
        ("SYSBP", 15, 142, -4),
        ("WEIGHT", 29, 91.7, -0.6),
    ]
    assert set(built["ADVS"]["USUBJID"].str[-3:]) == {f"{number:03}" for number in range(1, 12)}


GRADE = ("AVISITN", "AVAL", "ANRIND", "ATOXGR", "BTOXGR", "SHIFT1", "SHIFT2")


@pytest.mark.parametrize(
    ("subject", "parameter", "expected"),
    [
        # 300 is 5.4 and 1200 is 21.4 times the upper limit of 56
        ("005", "ALT", [(0, 28, "NORMAL", "0", "0", "NORMAL to NORMAL", "0 to 0"), (2, 300, "HIGH", "3", "0", "NORMAL to HIGH", "0 to 3")]),
        # baseline above 56: grade 1 starts at 1.5 times the baseline of 61
        ("008", "ALT", [(0, 61, "HIGH", "0", "0", "HIGH to HIGH", "0 to 0"), (2, 66, "HIGH", "0", "0", "HIGH to HIGH", "0 to 0")]),
        # 43 is 2.05 times the upper limit of 21
        ("005", "BILI", [(0, 11, "NORMAL", "0", "0", "NORMAL to NORMAL", "0 to 0"), (2, 43, "HIGH", "2", "0", "NORMAL to HIGH", "0 to 2")]),
        ("007", "HGB", [(0, 124, "NORMAL", "0", "0", "NORMAL to NORMAL", "0 to 0"), (2, 101, "LOW", "-1", "0", "NORMAL to LOW", "0 to -1")]),
        # 163 is 3 g/L above the upper limit of 160
        ("008", "HGB", [(0, 163, "HIGH", "1", "1", "HIGH to HIGH", "1 to 1"), (2, 168, "HIGH", "1", "1", "HIGH to HIGH", "1 to 1")]),
        ("011", "HGB", [(0, 119, "LOW", "-1", "-1", "LOW to LOW", "-1 to -1"), (2, 117, "LOW", "-1", "-1", "LOW to LOW", "-1 to -1")]),
        ("011", "K", [(0, 4.3, "NORMAL", "0", "0", "NORMAL to NORMAL", "0 to 0"), (2, 2.4, "LOW", "-4", "0", "NORMAL to LOW", "0 to -4")]),
        # "<5" has no value, so no term, no grade and no shift of grades
        ("011", "ALT", [(0, 20, "NORMAL", "0", "0", "NORMAL to NORMAL", "0 to 0"), (2, None, "", "", "0", "NORMAL to NULL", "")]),
    ],
)
def test_grades_and_shifts(built: dict[str, pd.DataFrame], subject: str, parameter: str, expected: list[Row]) -> None:
    where = f'USUBJID == "EX01-{subject}" and PARAMCD == "{parameter}" and AVISITN < 4'
    assert rows(built["ADLB"], where, *GRADE) == expected


def test_the_worst_value_on_treatment(built: dict[str, pd.DataFrame]) -> None:
    columns = ("USUBJID", "PARAMCD", "DTYPE", "ADY", "AVAL", "ATOXGR")
    assert rows(built["ADLB"], 'USUBJID == "EX01-011" and DTYPE != ""', *columns) == [
        ("EX01-011", "ALT", "MAXIMUM", 29, 18, "0"),
        ("EX01-011", "BILI", "MAXIMUM", 29, 9, "0"),
        ("EX01-011", "HGB", "MAXIMUM", 15, 117, "-1"),
        ("EX01-011", "HGB", "MINIMUM", 29, 115, "-1"),
        ("EX01-011", "K", "MINIMUM", 15, 2.4, "-4"),
        ("EX01-011", "K", "MAXIMUM", 29, 6.6, "3"),  # above 6.0
    ]
    assert rows(built["ADLB"], 'USUBJID == "EX01-007" and PARAMCD == "HGB" and DTYPE == "MINIMUM"', *columns[2:]) == [("MINIMUM", 29, 79, "-3")]
    assert rows(built["ADLB"], 'USUBJID == "EX01-003" and PARAMCD == "HGB" and DTYPE == "MINIMUM"', *columns[2:]) == [("MINIMUM", 29, 99, "-2")]
    assert rows(built["ADLB"], 'USUBJID == "EX01-006" and PARAMCD == "ALT" and DTYPE == "MAXIMUM"', *columns[2:]) == [("MAXIMUM", 15, 39, "0")]


def test_hys_law_has_no_range_and_no_grade(built: dict[str, pd.DataFrame]) -> None:
    columns = ("USUBJID", "AVISITN", "AVALC", "ANRLO", "ANRIND", "SHIFT1", "ATOXGR")
    cases = built["ADLB"].query('PARAMCD == "HYSLAW"')
    assert rows(cases, 'AVALC == "Y"', *columns) == [
        ("EX01-005", 2, "Y", None, "", "", ""),  # ALT 300 of 56, bilirubin 43 of 21
        ("EX01-005", 4, "Y", None, "", "", ""),
    ]
    assert rows(cases, 'AVALC == ""', "USUBJID", "AVISITN") == [("EX01-006", 4)]  # not done
    # ALT 180 with bilirubin 30, below two upper limits; ALT "<5" with normal bilirubin
    assert rows(cases, 'USUBJID == "EX01-002" and AVISITN == 4', "AVALC") == [("N",)]
    assert rows(cases, 'USUBJID == "EX01-011" and AVISITN == 2', "AVALC") == [("N",)]


def test_times_to_event(built: dict[str, pd.DataFrame]) -> None:
    columns = ("USUBJID", "PARAMCD", "AVAL", "ADTF", "SRCDOM", "SRCVAR", "SRCSEQ", "EVNTDESC")
    assert rows(built["ADTTE"], "CNSR == 0", *columns) == [
        ("EX01-001", "TTAE", 1, "D", "ADAE", "ASTDT", 2, "Any TEAE"),  # 2024-01: the day of the first dose is possible
        ("EX01-002", "TTALT", 29, "", "ADLB", "ADT", 9, "ALT > 3 x ULN"),  # 180 of 56
        ("EX01-005", "TTALT", 15, "", "ADLB", "ADT", 5, "ALT > 3 x ULN"),  # 300 of 56
    ]
    censored = rows(built["ADTTE"], "CNSR == 1", "AVAL", "SRCDOM", "SRCVAR", "EVNTDESC", "CNSDTDSC")
    assert censored == [(28, "ADSL", "TRTEDT", "End of treatment", "Date of last dose")] * 19
