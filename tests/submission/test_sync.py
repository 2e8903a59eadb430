"""An output is written to the disk before it takes the place of the previous one."""

import os
from pathlib import Path

import pytest

from tests.right_or_refused.small_study import small_study


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the path of an open file is not known here")
def test_every_file_of_an_output_is_synced(tmp_path, monkeypatch):
    synced = set()
    monkeypatch.setattr(os, "fsync", lambda handle: synced.add(Path(f"/proc/self/fd/{handle}").readlink().name))
    ran = small_study(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    assert {path.name for path in ran.out.rglob("*")} <= synced
