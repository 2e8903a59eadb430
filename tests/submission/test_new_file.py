"""A file that cannot be written leaves nothing, and the error has its path."""

import errno
import os
import pickle
from pathlib import Path

import pytest

from adam.submission.new_file import new_file


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_an_error_of_the_disk_has_the_path_of_the_file(tmp_path: Path, number: int) -> None:
    path = tmp_path / "adsl.xpt"
    path.write_bytes(b"before")
    with pytest.raises(OSError, match="adsl.xpt") as caught, new_file(path) as file:
        file.append([b"HEADER RECORD"])
        raise OSError(number, os.strerror(number))
    assert pickle.loads(pickle.dumps(caught.value)).filename == str(path)  # noqa: S301  (as a worker sends it)
    assert [each.name for each in tmp_path.iterdir()] == ["adsl.xpt"] and path.read_bytes() == b"before"


def test_the_path_of_another_file_stays(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, new_file(tmp_path / "adsl.xpt"):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "part/adsl.arrow")
    assert caught.value.filename == "part/adsl.arrow"
