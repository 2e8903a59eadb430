"""The command writes files that read back as sources."""

from pathlib import Path

from click.testing import CliRunner

from adam.cli.commands import main
from adam.sources import open_source

ROOT = Path(__file__).parents[2]


def test_a_small_package_is_written_and_can_be_read(tmp_path: Path) -> None:
    arguments = ["simulate", str(ROOT / "specs" / "true_ad"), "--out", str(tmp_path / "sdtm"), "--subjects", "30", "--seed", "3"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    source = open_source(tmp_path / "sdtm")
    frames = {domain: source.read(domain, ["STUDYID"]) for domain in ("DM", "EX", "DS", "RS", "QS", "AE")}
    assert len(frames["DM"]) >= 30
    assert source.check(frames) == []
    assert set(frames["DM"]["STUDYID"]) <= {"SYNAD1", "SYNAD2"}


def test_a_study_without_facts_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["simulate", str(ROOT / "specs" / "cdiscpilot01"), "--out", str(tmp_path / "sdtm")])
    assert result.exit_code == 2
    assert "simulation" in result.stderr


def test_packages_to_refuse_are_separate_and_are_written_even_if_a_transport_file_cannot_hold_them(tmp_path: Path) -> None:
    arguments = ["simulate", str(ROOT / "specs" / "true_ad"), "--out", str(tmp_path / "sdtm"), "--subjects", "1", "--edge-cases"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    packages = tmp_path / "sdtm" / "refused"
    assert sorted(folder.name for folder in packages.iterdir()) == ["113", "114", "200", "21", "215", "236", "276", "54", "55"]
    assert "déménager" in (packages / "114" / "ae.csv").read_text(encoding="utf-8")
