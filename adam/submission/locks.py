"""Folders held against other runs, and forced to disk; where a system has no locks for folders nothing is ever held."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def lock_folder(folder: Path, *, wait: bool = False) -> int | None:
    """Hold a folder until `unlocked` or the end of the process; None where another holds it or the system has no locks for folders."""
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
    """Whether a process holds a folder. Where folders cannot be locked nothing is busy."""
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
    """Let a folder go."""
    if handle is not None:
        os.close(handle)


def sync(folder: Path) -> None:
    """Force all that is in a folder to disk."""
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            sync_path(path)


def sync_path(path: Path) -> None:
    """Force one file or folder to disk."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
