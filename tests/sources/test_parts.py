"""A source in parts: the parts together are the source, for any number of subjects in each."""

from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import SourceError
from adam.sources import open_source
from adam.sources.parts import split

DM = "STUDYID,USUBJID,ARM\nS,S-3,C\nS,S-1,A\nS,S-2,B\n"
AE = "STUDYID,USUBJID,AESEQ,AETERM\nS,S-2,1,Rash\nS,S-1,2,Cough\nS,S-2,2,Fall\nS,S-1,1,Pain\n"
NEEDED = {"DM": ["ARM", "NOTE"], "AE": ["AETERM", "AETRTEM"], "TA": ["ARM"], "XX": ["X"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dm.csv").write_text(DM)
    (tmp_path / "ae.csv").write_text(AE)
    (tmp_path / "ta.csv").write_text("STUDYID,ARM\nS,A\nS,B\n")
    (tmp_path / "suppae.csv").write_text("STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,S-2,AESEQ,2,AETRTEM,Y\n")
    (tmp_path / "scratch").mkdir()
    return tmp_path


def test_a_part_has_some_subjects_with_all_of_their_records(folder: Path) -> None:
    found = split(open_source(folder), NEEDED, folder / "scratch", 2)
    first, second = (part.load() for part in found.parts)
    assert [part.subjects for part in found.parts] == [2, 1]
    assert first["DM"].to_numpy().tolist() == [["S", "S-1", "A"], ["S", "S-2", "B"]]
    assert first["AE"].to_numpy().tolist() == [
        ["S", "S-1", 2.0, "Cough", ""],
        ["S", "S-1", 1.0, "Pain", ""],
        ["S", "S-2", 1.0, "Rash", ""],
        ["S", "S-2", 2.0, "Fall", "Y"],
    ]
    assert (second["DM"]["USUBJID"].tolist(), len(second["AE"]), list(second["AE"])) == (["S-3"], 0, list(first["AE"]))
    assert first["TA"].to_numpy().tolist() == second["TA"].to_numpy().tolist() == [["S", "A"], ["S", "B"]]
    assert found.counts == {"DM": 3, "AE": 4, "TA": 2}


@pytest.mark.parametrize("size", [1, 2, 3, None])
def test_parts_together_are_the_whole(folder: Path, size: int | None) -> None:
    found = split(open_source(folder), NEEDED, folder / "scratch", size)
    whole = open_source(folder).read("AE", ["AETERM", "AETRTEM"]).sort_values("USUBJID", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(found.records["AE"].read(), whole)
    pd.testing.assert_frame_equal(pd.concat([part.load()["AE"] for part in found.parts], ignore_index=True), whole)
    assert found.records["AE"].read(["AETRTEM"])["AETRTEM"].tolist() == ["", "", "", "Y"]


def test_records_of_a_subject_that_is_not_in_dm_are_refused(folder: Path) -> None:
    (folder / "ae.csv").write_text(AE + "S,S-9,1,Rash\n")
    with pytest.raises(SourceError, match="refused: AE: The subject is not in DM; 1 record; first: STUDYID=S USUBJID=S-9 AESEQ=1"):
        split(open_source(folder), NEEDED, folder / "scratch", 1)


@pytest.mark.parametrize("size", [1, 2, None])
def test_of_two_errors_that_of_the_first_domain_is_raised_for_any_parts(folder: Path, size: int | None) -> None:
    (folder / "suppae.csv").unlink()
    (folder / "ae.csv").write_text("STUDYID,USUBJID,AESEQ,AETERM\nS,S-1,1e20,Rash\n")
    (folder / "vs.csv").write_text("STUDYID,USUBJID,VSSEQ,VSTESTCD,VSPOS\n" + "S,S-1,1e20,TEMP,SITTING\n" * 5)
    with pytest.raises(SourceError, match="^ae.csv: record 1: AESEQ is 1e"):
        split(open_source(folder), {"DM": ["ARM"], "AE": ["AETERM"], "VS": ["VSTESTCD", "VSPOS"]}, folder / "scratch", size)


def test_a_demography_without_records_is_one_part(folder: Path) -> None:
    for name in ("dm", "ae"):
        (folder / f"{name}.csv").write_text((folder / f"{name}.csv").read_text().split("\n")[0] + "\n")
    found = split(open_source(folder), NEEDED, folder / "scratch", 2)
    (part,) = found.parts
    assert (part.subjects, part.load()["AE"].shape, len(part.load()["TA"])) == (0, (0, 5), 2)
    assert "dm.csv: The file has no records. Check that the export is complete" in [each.message for each in found.findings]
