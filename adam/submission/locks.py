"""Locks on folders, so that two runs do not write the same output, and syncing to disk. Windows has no locks for folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def lock_folder(folder: Path, *, wait: bool = False) -> int | None:
    """Lock a folder until `unlock` or the end of the process. Returns None if another process has the lock or the system cannot lock folders."""
    if sys.platform == "win32":
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def is_locked(folder: Path) -> bool:
    """Whether a process has locked a folder; False if the system cannot lock folders."""
    if sys.platform == "win32":
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def unlock(handle: int | None) -> None:
    """Release the lock on a folder."""
    if handle is not None:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The lock on a folder in this block, as soon as no other process has it. A folder that cannot be locked is used without a lock."""
    handle = lock_folder(folder, wait=True)
    try:
        yield
    finally:
        unlock(handle)


def sync(folder: Path) -> None:
    """Write a folder and everything in it to disk."""
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            sync_path(path)


def sync_path(path: Path) -> None:
    """Write one file or folder to disk."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
