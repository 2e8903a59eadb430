"""An output that would touch what is read, or cannot be written, is refused before any work, and nothing has changed."""

import json
import os
from pathlib import Path

import pytest

from adam.core.errors import UsageError
from adam.pipeline.build import build_study
from adam.pipeline.simulate import simulate_study
from adam.submission.folder import require_usable_output

SPECS = Path(__file__).parents[1] / "study" / "specs"
SDTM = Path(__file__).parents[1] / "study" / "sdtm"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Source data as `adam simulate` leaves them: with a manifest that lists them as outputs."""
    folder = tmp_path / "package"
    folder.mkdir()
    for path in SDTM.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "manifest.json").write_text(json.dumps({"outputs": dict.fromkeys((path.name for path in SDTM.iterdir()), "0")}))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("where", [".", "..", "out", "a/b"])
def test_source_data_are_never_replaced_nor_written_to(package: Path, where: str) -> None:
    before = files(package.parent)
    with pytest.raises(UsageError, match=r"is an input and is inside|holds package|is read-only"):
        build_study(SPECS, package, package / where)
    assert files(package.parent) == before


def test_a_link_to_the_source_data_is_the_source_data(package: Path) -> None:
    link = package.parent / "link"
    link.symlink_to(package, target_is_directory=True)
    with pytest.raises(UsageError, match="is an input and is inside"):
        build_study(SPECS, package, link)


def test_a_specification_in_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    with pytest.raises(UsageError, match="is an input and is inside"):
        simulate_study(tmp_path / "specs", tmp_path, 1, 1, exact=False, edge_cases=False)


def test_an_output_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("of others")
    with pytest.raises(UsageError, match=r"file is a file\. Name a folder"):
        require_usable_output(tmp_path / "file" / "out", SPECS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot be written"):
        require_usable_output(tmp_path / "out", SPECS)


def test_a_new_folder_and_one_beside_the_specification_are_usable(tmp_path: Path) -> None:
    require_usable_output(tmp_path / "a" / "b", SPECS, SDTM)
    require_usable_output(SPECS / "out", SPECS, SDTM)
