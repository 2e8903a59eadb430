"""A large transport file is read by windows: the same records as read at once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.sources import readstat, xpt

COLUMNS = ["AETERM", "AESEQ", "STUDYID"]


def whole(path: Path) -> tuple[pd.DataFrame, bool]:
    return readstat.records(xpt.FUNCTION, path, xpt.layout(path), COLUMNS, 0)[:2]


def written(path: Path, frame: pd.DataFrame, version: int) -> Path:
    pyreadstat.write_xport(frame, str(path), file_format_version=version, table_name="AE")
    return path


@pytest.fixture
def frame() -> pd.DataFrame:
    terms = ["Cough", "", "Fièvre", "x" * 90, " lead", "", ""]
    return pd.DataFrame({"STUDYID": ["S", "S", "", "S", "", "", ""], "AESEQ": [1.0, np.nan, 3.5, np.nan, -2.0, np.nan, np.nan], "AETERM": terms})


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("window", [1, 2, 3, 6, 7])
def test_windows_give_what_the_whole_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame, version: int, window: int) -> None:
    path = written(tmp_path / "ae.xpt", frame, version)
    expected, latin = whole(path)
    monkeypatch.setattr(xpt, "WINDOW", window)
    found, same, *_ = xpt.records(path, xpt.layout(path), COLUMNS)
    pd.testing.assert_frame_equal(found, expected)
    assert (len(found), same) == (7, latin)


@pytest.mark.parametrize("window", [1, 2, 39])
def test_blank_records_between_stay_and_padding_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    frame = pd.DataFrame({"STUDYID": ["S", "", "", "S"], "AETERM": ["a", "", "", "b"]})
    path = written(tmp_path / "ae.xpt", frame, 5)
    monkeypatch.setattr(xpt, "WINDOW", window)
    assert xpt.records(path, xpt.layout(path), ["AETERM"])[0]["AETERM"].tolist() == ["a", "", "", "b"]


@pytest.mark.parametrize("window", [1, 2, 3])
def test_one_encoding_for_all_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame, window: int) -> None:
    path = written(tmp_path / "ae.xpt", frame, 5)
    path.write_bytes(path.read_bytes().replace(b"Cough", b"C\xf6ugh"[:5]))
    monkeypatch.setattr(xpt, "WINDOW", window)
    found, latin, *_ = xpt.records(path, xpt.layout(path), COLUMNS)
    assert latin
    pd.testing.assert_frame_equal(found, whole(path)[0])
