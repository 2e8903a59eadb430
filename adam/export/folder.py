"""Folders that change whole: all is written beside the target and changes places with it as the last act (DESIGN §7)."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adam.errors import UsageError

EXCHANGE = 2
HERE = -100


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def ours(out: Path) -> None:
    """Refuse a folder with files that no manifest of ours lists.

    Raises:
        UsageError: there are such files.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file; --out wants a folder")
    listed = {"manifest.json"}
    manifest = out / "manifest.json"
    if manifest.is_file():
        try:
            listed |= set(json.loads(manifest.read_text(encoding="utf-8"))["outputs"])
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{manifest} is no manifest of ours; choose another folder or empty this one") from None
    files = [path.relative_to(out).as_posix() for path in sorted(out.rglob("*")) if not path.is_dir()]
    strange = [name for name in files if name not in listed and not name.startswith("rejected/")]
    if strange:
        raise UsageError(f"{out} holds {strange[0]}, which no run of ours wrote; choose another folder or empty this one")


def recover(target: Path) -> None:
    """Put right what an interrupted run left: without a target its old content comes back; what else is beside it goes."""
    old, new = _beside(target, "old"), _beside(target, "new")
    if old.exists() and not target.exists():
        old.rename(target)
    for rest in (old, new):
        if rest.exists():
            shutil.rmtree(rest)


def exchange(new: Path, target: Path) -> None:
    """Let two folders change places in one rename where the system offers it, else in two that `recover` can undo."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        if libc.renameat2(HERE, os.fsencode(new), HERE, os.fsencode(target), EXCHANGE) == 0:
            return
        if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(target))
    old = _beside(target, "old")
    target.rename(old)
    new.rename(target)
    old.rename(new)


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """An empty folder beside the target that takes its place when the block ends well; else the target stays as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    new = _beside(target, "new")
    new.mkdir()
    try:
        yield new
        _sync(new)
        if target.exists():
            exchange(new, target)
        else:
            new.rename(target)
    finally:
        if new.exists():
            shutil.rmtree(new)


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """The staging folder of an output: `replaced`, but an output with files of others is refused.

    Raises:
        UsageError: the output holds files no manifest of ours lists.
    """
    recover(out)
    ours(out)
    with replaced(out) as new:
        yield new
