"""What is refused of source data, and what is warned of (DOMAIN §11.0)."""

from pathlib import Path

import pytest

from adam.core.errors import Finding, SourceError
from adam.sources import open_source


def check(folder: Path, **files: str) -> list[Finding]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    source = open_source(folder)
    return source.check({name: source.read(name, header.variables) for name, header in source.headers.items() if name.lower() in files})


DM = "STUDYID,USUBJID\nS,1\nS,2\n"


def test_case_76_two_records_of_one_subject_in_dm(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError,
        match="refused: DM: The key STUDYID USUBJID is not unique; 2 records; first: STUDYID=S USUBJID=1",
    ):
        check(tmp_path, dm="STUDYID,USUBJID\nS,1\nS,1\n")


def test_case_113_duplicate_aeseq_and_its_number_as_written(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError,
        match="refused: AE: The key STUDYID USUBJID AESEQ is not unique; 2 records; first: STUDYID=S USUBJID=1 AESEQ=1234567$",
    ):
        check(tmp_path, dm=DM, ae="STUDYID,USUBJID,AESEQ\nS,1,1234567\nS,1,1234567\nS,1,1234568\n")


def test_a_duplicate_elsewhere_is_a_warning(tmp_path: Path) -> None:
    found = check(tmp_path, dm=DM, cm="STUDYID,USUBJID,CMSEQ\nS,1,1\nS,1,1\n", sv="STUDYID,USUBJID\nS,1\nS,1\n")
    assert [(finding.dataset, finding.count, str(finding.severity)) for finding in found] == [("CM", 2, "warning")]


@pytest.mark.parametrize(
    ("records", "count"), [("1,1 2,1 1,1", 2), ("1,1 1,2 2,1 1,2 2,2", 2), ("1,2 1,1 2,1", 0), ("1, 1, 2,1", 2), ("1,1 2,1 2,2", 0)]
)
def test_a_duplicate_in_any_order(tmp_path: Path, records: str, count: int) -> None:
    """Subject and sequence of each record: also where the records of a subject are not together, or the sequence is missing."""
    lines = "".join(f"S,{each}\n" for each in records.split())
    found = check(tmp_path, dm=DM, cm=f"STUDYID,USUBJID,CMSEQ\n{lines}")
    assert [finding.count for finding in found if "is not unique" in finding.message] == [count] * (count > 0)


def test_a_subject_that_is_not_in_dm_is_refused_though_dm_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_text(DM)
    with pytest.raises(SourceError, match="refused: EX: The subject is not in DM; 1 record; first: STUDYID=S USUBJID=3"):
        check(tmp_path, ex="STUDYID,USUBJID\nS,3\n")


def test_a_record_of_no_subject_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="refused: DM: USUBJID is blank; 1 record"):
        check(tmp_path, dm=DM + "S,\n")


def test_a_text_of_any_length_is_read(tmp_path: Path) -> None:
    """What is exported of it is checked, as only that has to fit (G-03)."""
    assert check(tmp_path, dm=DM, mh=f"STUDYID,USUBJID,MHTERM\nS,1,{'é' * 300}\n") == []


def test_trial_design_needs_no_subject_and_a_domain_does(tmp_path: Path) -> None:
    assert check(tmp_path, dm=DM, ts="STUDYID,TSSEQ,TSVAL\nS,1,x\n") == []
    with pytest.raises(SourceError, match="refused: VS: The domain has no USUBJID"):
        check(tmp_path, dm=DM, vs="STUDYID,VSSEQ\nS,1\n")


def test_all_reasons_are_told_at_once_with_the_keys_of_ten(tmp_path: Path) -> None:
    records = "".join(f"S,{subject}\n" for subject in range(3, 15))
    with pytest.raises(SourceError) as caught:
        check(tmp_path, ex=f"STUDYID,USUBJID\n{records}", dm="STUDYID,USUBJID\nS,1\nS,1\n")
    assert [line.split(";")[0] for line in str(caught.value).splitlines()] == [
        "refused: DM: The key STUDYID USUBJID is not unique",
        "refused: EX: The subject is not in DM",
    ]
    assert [(finding.count, len(finding.keys)) for finding in caught.value.findings] == [(2, 2), (12, 10)]
