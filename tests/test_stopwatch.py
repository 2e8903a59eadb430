"""The stages of a build are measured in their order, and nothing of the output depends on them."""

from pathlib import Path

import adam
from adam.cli.terminal import stages

STUDY = Path(__file__).parent / "study"


def test_a_build_has_the_time_of_each_stage(tmp_path: Path) -> None:
    result = adam.build(STUDY / "specs", STUDY / "sdtm", tmp_path / "out")
    assert list(result.seconds) == ["plan", "read", "derive", "check", "export"]
    assert min(result.seconds.values()) >= 0
    assert stages(result.seconds).startswith("plan ")
    assert "seconds" not in (tmp_path / "out" / "manifest.json").read_text()
