"""Temporary folders of this program. Each is locked as long as its process uses it, so the next run can remove those of killed processes."""

from __future__ import annotations

import multiprocessing.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from adam.core.interrupts import deferred
from adam.submission.locks import lock_folder, unlock

PREFIX = "adam-run-"
LONGEST = 53
"""The longest path of a folder for sockets: a system allows 103 bytes for the path of a socket, and multiprocessing adds two random names."""
SHORT = "/tmp"  # noqa: S108  (only folders with random names and access for their user are created in it)


def new_folder(where: str | None = None) -> tuple[Path, int | None]:
    """A new temporary folder and its lock.

    Args:
        where: the folder for it; without one that for temporary files.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        with suppress(FileNotFoundError):
            lock = lock_folder(folder)
            if folder.exists():
                return folder, lock
            unlock(lock)  # between the two lines another run took it for abandoned


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A temporary folder that is removed after the block, or by the next run if this process is killed."""
    remove_abandoned()
    with deferred():
        folder, lock = new_folder()
    try:
        yield folder
    finally:
        with deferred():
            shutil.rmtree(folder, ignore_errors=True)
            unlock(lock)


def remove_abandoned() -> None:
    """Remove the temporary folders of this user that no process uses. Without locks on folders none is removed."""
    if sys.platform == "win32":
        return
    for folder in [folder for where in {tempfile.gettempdir(), SHORT} for folder in Path(where).glob(f"{PREFIX}*")]:
        with suppress(OSError):
            if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.getuid():
                continue
            lock = lock_folder(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                unlock(lock)


@cache
def keep_sockets() -> None:
    """Make multiprocessing keep the socket of its workers in a folder that the next run removes if this process is killed."""
    folder, _ = new_folder(SHORT if len(os.fsencode(tempfile.gettempdir())) > LONGEST else None)
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        multiprocessing.util.get_temp_dir()
    finally:
        tempfile.tempdir = before
    after_multiprocessing = -101  # it removes its own folder with the priority -100
    multiprocessing.util.Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=after_multiprocessing)
