"""adam init --from: the specification of another study for new data."""

import shutil
from pathlib import Path

from click.testing import CliRunner

import adam
from adam.cli.commands import main

ROOT = Path(__file__).parents[2]
SPECS, SDTM = ROOT / "tests" / "study" / "specs", ROOT / "tests" / "study" / "sdtm"


def new_data(folder: Path, *, without: str = "") -> Path:
    """The data of the small study with another STUDYID, and without a variable of AE."""
    shutil.copytree(SDTM, folder)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text().replace("EX01,", "EX02,"))
    if without:
        path = folder / "ae.csv"
        path.write_text(path.read_text().replace(without, f"{without[:-1]}X", 1))
    return folder


def test_the_copy_has_the_names_of_the_new_study_and_builds(tmp_path: Path) -> None:
    sdtm = new_data(tmp_path / "sdtm")
    started = adam.init_like(tmp_path / "new", sdtm, SPECS, "NEW-1")
    assert started.errors == ()
    text = (tmp_path / "new" / "study.yaml").read_text()
    assert "study: NEW-1\n" in text and "ids: [EX02]\n" in text
    assert "label: NEW-1  # CHECK: the title of the study\n" in text
    assert "as_of: 2024-03-20  # CHECK:" in text
    assert "  # CHECK: the treatments are those of the other study; the data have ACTIVE, VEHICLE\n" in text
    for name in started.files:
        if name != "study.yaml":
            assert (tmp_path / "new" / name).read_bytes() == (SPECS / name).read_bytes()
    assert adam.check(tmp_path / "new", sdtm).study.name == "NEW-1"


def test_what_the_data_lack_is_reported_with_its_line(tmp_path: Path) -> None:
    sdtm = new_data(tmp_path / "sdtm", without="AESEV")
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--sdtm", str(sdtm), "--from", str(SPECS)])
    assert result.exit_code == 1
    assert f"{tmp_path / 'new' / 'adae.yaml'}:" in result.output and "AESEV" in result.output
    assert (tmp_path / "new" / "adsl.yaml").is_file()


def test_simulation_facts_are_not_copied(tmp_path: Path) -> None:
    started = adam.init_like(tmp_path / "new", SDTM, ROOT / "specs" / "true_ad")
    assert "adeff.yaml" in started.files
    assert [name for name in started.files if "simulation" in name or "cases" in name] == []
    assert started.errors  # the small study has no RS, FA and SV


def test_another_study_requires_the_data(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--from-define", "x.xml", "--from", str(SPECS)])
    assert result.exit_code == 2 and "--sdtm DIR" in result.output
