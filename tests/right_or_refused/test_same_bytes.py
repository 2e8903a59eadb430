"""The manifest names the bytes that were read: a file that changes during a run is refused."""

import hashlib
import json
from pathlib import Path

import pytest

from adam.core.errors import SourceError
from adam.pipeline import part
from adam.sources import open_source
from adam.specification.layers import SUITES
from tests.right_or_refused.small_study import ADSL, SmallStudy, small_study
from validation.custom_suites import FOLDER

AE = "STUDYID,USUBJID,AESEQ\nS1,S1-1,1\n"
SUPP = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS1,DM,S1-1,,,NOTE,first\n"


def test_a_header_and_records_are_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text(AE)
    source = open_source(tmp_path)
    (tmp_path / "ae.csv").write_text(AE + "S1,S1-1,2\n")
    with pytest.raises(SourceError, match=r"ae\.csv: The file changed while it was read"):
        source.read("AE", [])


@pytest.mark.parametrize("name", ["dm.csv", "suppdm.csv"])
def test_a_file_that_changes_after_it_was_read_has_no_digest(tmp_path: Path, name: str) -> None:
    (tmp_path / "dm.csv").write_text("STUDYID,USUBJID\nS1,S1-1\n")
    (tmp_path / "suppdm.csv").write_text(SUPP)
    source = open_source(tmp_path)
    assert source.read("DM", ["NOTE"])["NOTE"].tolist() == ["first"]
    assert source.digests()["suppdm.csv"] == hashlib.sha256(SUPP.encode()).hexdigest()
    (tmp_path / name).write_text((tmp_path / name).read_text().replace("S1-1", "S1-2"))
    with pytest.raises(SourceError, match=rf"{name}: The file changed while it was read"):
        source.digests()


@pytest.mark.parametrize("name", ["specs/adsl.yaml", "specs/study.yaml", "sdtm/dm.csv", "sdtm/suppdm.csv", f"specs/{SUITES}/ADSL.json"])
def test_a_file_edited_during_a_run_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    study = with_note(tmp_path)
    real = part.build_part
    monkeypatch.setattr(part, "build_part", lambda *given: edited(study.folder / name) or real(*given))
    ran = study.build()
    assert ran.exit_code == 2, ran.text
    assert name.split("/")[-1] in ran.text
    assert "changed" in ran.text
    assert not (ran.out / "manifest.json").exists()


def edited(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


def with_note(folder: Path) -> SmallStudy:
    study = small_study(folder, {"adsl": ADSL + "  NOTE: {label: Note, length: 20, value: DM.NOTE}\n"}, {"suppdm": SUPP})
    suite = {"expectations": [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "USUBJID"}}]}
    (study.specs / SUITES).mkdir()
    (study.specs / SUITES / "ADSL.json").write_text(json.dumps(suite))
    return study


def test_a_run_without_edits_names_what_it_read(tmp_path: Path) -> None:
    study = with_note(tmp_path)
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    manifest = json.loads((ran.out / "manifest.json").read_text())
    for name, path in (("specs/adsl.yaml", study.specs / "adsl.yaml"), (f"{FOLDER}/ADSL.json", study.specs / SUITES / "ADSL.json")):
        assert manifest["specs"][name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest["inputs"]["suppdm.csv"] == hashlib.sha256(SUPP.encode()).hexdigest()
    assert FOLDER == SUITES
