"""Atomic replacement of output folders: a run writes into a staging folder, which is exchanged with the output as the last step.

An interrupted run can leave two folders next to `OUT` (or next to `OUT/rejected`). The next run handles them:

    .OUT.new    If it is locked, another run is writing: the output is refused. If not, it is an unfinished output, or the old output
                after the exchange: it is removed.
    .OUT.old    The old output between two renames, on systems that cannot exchange folders. If OUT is missing, it becomes OUT again;
                otherwise it is removed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adam.core.errors import UsageError
from adam.core.interrupts import committed, deferred
from adam.submission.earlier_output import REJECTED, list_files, require_own_files, sibling
from adam.submission.locks import is_locked, lock_folder, locked, sync, sync_path, unlock
from adam.submission.manifest import save_manifest, sha256_of

EXCHANGE = 2
"""RENAME_EXCHANGE of renameat2(2)."""
HERE = -100
"""AT_FDCWD of renameat2(2)."""
NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP)


@contextmanager
def stage_output(out: Path) -> Iterator[Path]:
    """Like `stage_folder`, but refuse an output with files that adamsmith did not write, before and after the block.

    Raises:
        UsageError: the output has such files, is not a folder, or another run is writing it.
    """
    out = _resolve(out)
    if out.parent.exists():
        with locked(out.parent):  # a staging folder that another run has just created is locked, too
            recover(out)
    require_own_files(out)
    with stage_folder(out) as new:
        yield new
        require_own_files(out)


@contextmanager
def stage_rejected(out: Path) -> Iterator[Path]:
    """An empty folder that becomes `OUT/rejected` if the block succeeds; the rest of the output is unchanged.

    Raises:
        UsageError: as for `stage_output`; nothing is written into a folder with files that adamsmith did not write.
    """
    out = _resolve(out)
    require_own_files(out)
    with stage_folder(out / REJECTED) as new:
        yield new
        save_manifest(new, {"outputs": {name: sha256_of(new / name) for name in list_files(new)}})
        require_own_files(out)


@contextmanager
def stage_folder(target: Path) -> Iterator[Path]:
    """An empty folder that replaces the target if the block succeeds; if it fails, the target is unchanged.

    Signals are deferred during the exchange and the clean-up, so that no signal leaves a staging folder.

    Raises:
        UsageError: the target cannot be replaced, or another run is replacing it.
    """
    target = _resolve(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged: list[tuple[Path, int | None]] = []
    try:
        parent = lock_folder(target.parent, wait=True)
        with deferred():
            try:
                staged.append(_new_folder(target))
            finally:
                unlock(parent)
        new = staged[0][0]
        yield new
        sync(new)
        with deferred():
            exchange(new, target)
            committed(target)
    finally:
        with deferred():
            for folder, handle in staged:
                if folder.exists():
                    shutil.rmtree(folder)
                unlock(handle)


def _new_folder(target: Path) -> tuple[Path, int | None]:
    """A new, locked staging folder for a target."""
    recover(target)
    new = sibling(target, "new")
    new.mkdir()
    return new, lock_folder(new)


def require_usable_output(out: Path, specs: Path, source: Path | None = None) -> None:
    """Refuse an output before any work is done: one that `stage_output` would refuse, or one that overlaps with the inputs.

    The whole output is replaced, so no input may be in it. Source data stay as they were delivered, so no output may be in their folder.
    A folder of specifications may hold outputs.

    Raises:
        UsageError: the output has files that adamsmith did not write, has an input in it, is in the source data, or cannot be written.
    """
    real = _resolve(out)
    for folder in (specs, *([source] if source is not None else [])):
        if folder.resolve().is_relative_to(real):
            raise UsageError(f"{folder} is an input and is inside {out}, which is replaced. Choose another folder for --out")
    if source is not None and real.is_relative_to(source.resolve()):
        raise UsageError(f"{out} is inside {source}, which is read-only source data. Choose a folder outside it for --out")
    existing = next(folder for folder in (real, *real.parents) if folder.exists())
    if not existing.is_dir():
        raise UsageError(f"{existing} is a file. Name a folder")
    parent = existing.parent if existing == real else existing  # the staging folder is created in the parent
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UsageError(f"{parent} cannot be written. Choose another folder for --out")
    require_own_files(real)


def recover(target: Path) -> None:
    """Clean up after an interrupted run: restore the old content if the target is missing, and remove other leftovers.

    Raises:
        UsageError: another run is writing the target.
    """
    old, new = sibling(target, "old"), sibling(target, "new")
    if new.exists() and is_locked(new):
        raise UsageError(f"Another run is writing {target}. Wait for it, or choose another folder")
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (old, new):
        if leftover.exists():
            shutil.rmtree(leftover)


def exchange(new: Path, target: Path) -> None:
    """Exchange `new` and `target`; afterwards `new` has the old content, if there was any.

    One rename is enough if the system can exchange folders. Otherwise there are two renames, which `recover` can undo.
    """
    if not target.exists():
        new.rename(target)
    else:
        shutil.copymode(target, new)
        if not _exchange_atomically(new, target):
            old = sibling(target, "old")
            target.rename(old)
            try:
                new.rename(target)
            except OSError:
                old.rename(target)
                raise
            old.rename(new)
    sync_path(target.parent)


def _exchange_atomically(new: Path, target: Path) -> bool:
    """Exchange two folders in one rename; False if the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(HERE, os.fsencode(new), HERE, os.fsencode(target), EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(target))


def _resolve(out: Path) -> Path:
    """The folder that the path leads to, through links.

    Raises:
        UsageError: it cannot be renamed.
    """
    try:
        real = out.resolve()
    except RuntimeError:
        raise UsageError(f"{out} is a link that leads back to itself. Choose another folder") from None
    if not real.name or real.is_mount():
        raise UsageError(f"{out} is the root of a file system and cannot be replaced. Choose a folder inside it")
    return real
