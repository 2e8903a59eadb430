"""Each check on a good frame and on one broken once; and the ways Great Expectations could pass in silence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.core.errors import Finding, Severity
from adam.planning.plan import plan
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.specification.read import read
from validation.check import CHECKS, Records
from validation.run_suites import run_suites
from validation.suite import Rule, Suite, suites

STUDY = """
language: 1
study: TINY
extends: adamig
ids: [T]
as_of: 2024-01-31
datasets: [ADX]
"""
ADX = """
dataset: ADX
class: OCCURRENCE DATA STRUCTURE
label: A Small Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID, AESEQ, AETERM: AE
  ASTDT: date(AE.AESTDTC)
  AENDT: date(AE.AEENDTC)
  AESEV: AE
  ASTDY: {value: missing}
checks:
  X-1: {ordered: [ASTDT, AENDT]}
  X-2: {equivalent: [AESEV == "SEVERE", AETERM == "Bad"]}
  X-3: {implies: [AETERM == "Worse", AESEV == "MODERATE"], severity: warning}
  X-4: {one_to_one: [AETERM, AESEV]}
  X-5: {where: AETERM == "Bad", expect: ASTDT > "2023-01-01"}
  X-6: {at_most_one: {where: AESEV == "SEVERE"}}
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResolvedStudy, dict[str, ResolvedDataset]]:
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "study.yaml").write_text(STUDY)
    (folder / "adx.yaml").write_text(ADX)
    planned = plan(read(folder))
    return planned.study, dict(planned.datasets)


def good() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "STUDYID": ["T", "T", "T"],
            "USUBJID": ["1", "1", "2"],
            "AESEQ": [1.0, 2.0, 1.0],
            "AETERM": ["Bad", "Fine", "Worse"],
            "ASTDT": pd.to_datetime(["2024-01-01", "2024-01-02", None]).astype("datetime64[s]"),
            "AENDT": pd.to_datetime(["2024-01-03", None, None]).astype("datetime64[s]"),
            "AESEV": ["SEVERE", "MILD", "MODERATE"],
            "ASTDY": [1.0, 2.0, np.nan],
        }
    )
    return frame.astype(dict.fromkeys(("STUDYID", "USUBJID", "AETERM", "AESEV"), "str"))


def found(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]], frame: pd.DataFrame) -> list[Finding]:
    return run_suites(suites(*tiny), {"ADX": frame}, {})


def test_a_good_frame_has_no_finding(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    assert found(tiny, good()) == []


BROKEN = {
    "G-03 ": ("AESEQ", 1, 2.5, 1),
    "G-03 AETERM": ("AETERM", 1, "x" * 201, 1),
    "G-03 AETERM blank": ("AETERM", 1, " Fine", 1),
    "G-03 AETERM word": ("AETERM", 1, "NaN", 1),
    "G-04 USUBJID": ("USUBJID", 2, "", 1),
    "G-05 AESEV": ("AESEV", 1, "AWFUL", 1),
    "G-06": ("AESEQ", 1, 1.0, 2),
    "G-08 ASTDT": ("ASTDT", 2, pd.Timestamp("1899-12-31"), 1),
    "G-08 AENDT": ("AENDT", 2, pd.Timestamp("2025-02-01"), 1),
    "G-10": ("ASTDY", 0, 0.0, 1),
    "X-1": ("AENDT", 1, pd.Timestamp("2024-01-01"), 1),
    "X-5": ("ASTDT", 0, pd.Timestamp("2022-12-31"), 1),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_once_is_found_once(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]], case: str) -> None:
    column, row, value, count = BROKEN[case]
    frame = good()
    frame.loc[row, column] = value
    frame[["ASTDT", "AENDT"]] = frame[["ASTDT", "AENDT"]].astype("datetime64[s]")
    assert [(finding.id, finding.count) for finding in found(tiny, frame)] == [(case.split()[0], count)]


def test_rules_that_hang_together(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    frame = good()
    frame.loc[1, "AESEV"] = "SEVERE"
    assert {finding.id for finding in found(tiny, frame)} == {"X-2", "X-4", "X-6"}
    frame = good()
    frame.loc[2, "AESEV"] = "MILD"
    assert {(finding.id, finding.severity) for finding in found(tiny, frame)} == {("X-3", Severity.WARNING), ("X-4", Severity.ERROR)}


def test_keys_name_the_record(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    frame = good()
    frame.loc[1, "AESEV"] = "AWFUL"
    (finding,) = found(tiny, frame)
    assert finding.keys == ({"USUBJID": "1", "STUDYID": "T", "AESEQ": "2"},)
    assert finding.mark.line == 11


def test_columns_out_of_order_are_found(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    assert [finding.id for finding in found(tiny, good()[list(good().columns)[::-1]])] == ["G-01"]


def test_an_empty_suite_is_an_error(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study, datasets = tiny
    (finding,) = run_suites((Suite(study, datasets["ADX"], (), {}),), {"ADX": good()}, {})
    assert (finding.id, finding.severity) == ("suite", Severity.ERROR)


def test_a_rule_that_raises_is_an_error(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study, datasets = tiny
    arguments = CHECKS["unique"].model.model_construct(unique=["NOSUCH"], where=None)
    rule = Rule("R-1", Severity.WARNING, "ADX", "unique", arguments, "broken")
    (finding,) = run_suites((Suite(study, datasets["ADX"], (rule,), {}),), {"ADX": good()}, {})
    assert (finding.id, finding.severity) == ("suite", Severity.ERROR)
    assert "R-1 could not be run" in finding.message


def test_a_record_without_its_source_is_found(tiny: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study, datasets = tiny
    arguments = CHECKS["same_records"].model.model_validate({"as": "AE", "key": ["STUDYID", "USUBJID", "AESEQ"]})
    rule = Rule("R-2", Severity.ERROR, "ADX", "same_records", arguments, "no source")
    records = Records(study, datasets["ADX"], {"ADX": good()}, {"AE": good()[["STUDYID", "USUBJID", "AESEQ"]].iloc[:2]})
    assert [each.mask.tolist() for each in rule.failures(records)] == [[False, False, True]]


def test_a_temporary_is_not_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "adx.yaml").write_text(ADX.replace("checks:", 'temporary:\n  T1: AE.AETERM\nchecks:\n  X-9: {expect: T1 != ""}'))
    planned = plan(read(tmp_path))
    with pytest.raises(Exception, match="it is a temporary and not in the file"):
        suites(planned.study, planned.datasets)
