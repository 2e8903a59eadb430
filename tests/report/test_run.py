"""A run writes its report: beside the submission, or with the rejected datasets."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from adam.cli.commands import main

STUDY = Path(__file__).parents[1] / "study"


@pytest.mark.parametrize(
    ("old", "new", "place", "state"), [("", "", "report", "Exported."), ("N,MILD,NONE", "N,TERRIBLE,NONE", "rejected/report", "Not exported.")]
)
def test_the_report_of_a_run(tmp_path: Path, old: str, new: str, place: str, state: str) -> None:
    sdtm = tmp_path / "sdtm"
    shutil.copytree(STUDY / "sdtm", sdtm)
    events = sdtm / "ae.csv"
    events.write_text(events.read_text().replace(old, new, 1) if old else events.read_text())
    result = CliRunner().invoke(main, ["build", str(STUDY / "specs"), "--sdtm", str(sdtm), "--out", str(tmp_path / "out")])
    assert result.exit_code == (1 if old else 0), result.output
    assert [path.parent for path in (tmp_path / "out").rglob("index.html")] == [tmp_path / "out" / place]
    text = (tmp_path / "out" / place / "index.html").read_text(encoding="utf-8")
    assert f"<b>{state}</b>" in text
    assert ("is not a term of codelist" in text) == bool(old)
    assert str(tmp_path) not in text
