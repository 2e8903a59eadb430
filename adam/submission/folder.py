"""Folders that change whole: all is written beside the target and changes places with it as the last act (DESIGN §7).

Beside `OUT` (and, for the rejected datasets, beside `OUT/rejected`) there can be, and what the next run makes of them:

    .OUT.new    a run is going on if it holds a lock: the output is refused. Else an interrupted run left it, an output that was not
                finished or the old one after the exchange: removed
    .OUT.old    the old output between two renames, where the system cannot exchange: without an OUT it becomes OUT again,
                with one it is removed
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adam.core.errors import UsageError
from adam.core.interrupts import committed, deferred
from adam.submission.earlier_output import MANIFEST, REJECTED, list_files, require_own_files, sibling
from adam.submission.locks import is_locked, lock_folder, sync, sync_path, unlock
from adam.submission.manifest import sha256_of

EXCHANGE = 2
HERE = -100
UNABLE = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP)


@contextmanager
def stage_output(out: Path) -> Iterator[Path]:
    """The staging folder of an output: `replaced`, but an output with files of others is refused, before and after.

    Raises:
        UsageError: the output holds files no manifest of ours lists, is no folder, or another run is writing it.
    """
    out = _real(out)
    recover(out)
    require_own_files(out)
    with stage_folder(out) as new:
        yield new
        require_own_files(out)


@contextmanager
def stage_rejected(out: Path) -> Iterator[Path]:
    """An empty folder that becomes `OUT/rejected` when the block ends well; all else in the output stays as it is.

    Raises:
        UsageError: as for `staged`; nothing is written into a folder of others.
    """
    out = _real(out)
    require_own_files(out)
    with stage_folder(out / REJECTED) as new:
        yield new
        outputs = {name: sha256_of(new / name) for name in list_files(new)}
        (new / MANIFEST).write_text(json.dumps({"outputs": outputs}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        require_own_files(out)


@contextmanager
def stage_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside the target that takes its place when the block ends well; else the target stays as it was.

    Signals are held back while the two change places and while what is left is removed, so that none leaves a staging folder.

    Raises:
        UsageError: the target cannot be replaced, or another run is replacing it.
    """
    target = _real(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    held: list[tuple[Path, int | None]] = []
    try:
        parent = lock_folder(target.parent, wait=True)
        with deferred():
            try:
                held.append(_begun(target))
            finally:
                unlock(parent)
        new = held[0][0]
        yield new
        sync(new)
        with deferred():
            exchange(new, target)
            committed(target)
    finally:
        with deferred():
            for folder, handle in held:
                if folder.exists():
                    shutil.rmtree(folder)
                unlock(handle)


def _begun(target: Path) -> tuple[Path, int | None]:
    """The staging folder of a target, new and held."""
    recover(target)
    new = sibling(target, "new")
    new.mkdir()
    return new, lock_folder(new)


def require_usable_output(out: Path, specs: Path, source: Path | None = None) -> None:
    """Refuse an output before the work for it is done: what `staged` refuses, and one that would touch what is read.

    An output is replaced whole, so nothing that is read may lie in it; a folder of source data is left as it was delivered, so no output
    lies in that. A folder of specifications may hold outputs.

    Raises:
        UsageError: the output holds files no manifest of ours lists, the source or the specification, lies in the source, or cannot be written.
    """
    real = _real(out)
    for folder in (specs, *([source] if source is not None else [])):
        if folder.resolve().is_relative_to(real):
            raise UsageError(f"{folder} is read and lies in {out}, which is replaced whole; choose another folder for --out")
    if source is not None and real.is_relative_to(source.resolve()):
        raise UsageError(f"{out} lies in {source}, which is only read; choose a folder outside it for --out")
    there = next(folder for folder in (real, *real.parents) if folder.exists())
    if not there.is_dir():
        raise UsageError(f"{there} is a file; a folder is wanted")
    place = there.parent if there == real else there  # a folder changes places with one beside it
    if not os.access(place, os.W_OK | os.X_OK):
        raise UsageError(f"{place} cannot be written; choose another folder for --out")
    require_own_files(real)


def recover(target: Path) -> None:
    """Put right what an interrupted run left: without a target its old content comes back; what else is beside it goes.

    Raises:
        UsageError: a run is still writing it.
    """
    old, new = sibling(target, "old"), sibling(target, "new")
    if new.exists() and is_locked(new):
        raise UsageError(f"another run is writing {target}; wait for it or choose another folder")
    if old.exists() and not target.exists():
        old.rename(target)
    for rest in (old, new):
        if rest.exists():
            shutil.rmtree(rest)


def exchange(new: Path, target: Path) -> None:
    """Put `new` in the place of `target`, whose content is in `new` afterwards.

    In one rename where the system can exchange two folders, else in two that `recover` can undo.
    """
    if not target.exists():
        new.rename(target)
    else:
        shutil.copymode(target, new)
        if not _exchanged(new, target):
            old = sibling(target, "old")
            target.rename(old)
            try:
                new.rename(target)
            except OSError:
                old.rename(target)
                raise
            old.rename(new)
    sync_path(target.parent)


def _exchanged(new: Path, target: Path) -> bool:
    """Exchange in one act; False where the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(HERE, os.fsencode(new), HERE, os.fsencode(target), EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(target))


def _real(out: Path) -> Path:
    """The folder itself where the path is a link to it.

    Raises:
        UsageError: it is one that cannot be renamed.
    """
    try:
        real = out.resolve()
    except RuntimeError:
        raise UsageError(f"{out} is a link that leads back to itself; choose another folder") from None
    if not real.name or real.is_mount():
        raise UsageError(f"{out} is the root of a file system and cannot be replaced; choose a folder inside it")
    return real
