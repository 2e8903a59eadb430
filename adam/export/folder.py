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

from adam.errors import UsageError

if sys.platform != "win32":
    import fcntl

MANIFEST = "manifest.json"
REJECTED = "rejected"
EXCHANGE = 2
HERE = -100
UNABLE = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP)


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """The staging folder of an output: `replaced`, but an output with files of others is refused, before and after.

    Raises:
        UsageError: the output holds files no manifest of ours lists, is no folder, or another run is writing it.
    """
    out = _real(out)
    recover(out)
    ours(out)
    with replaced(out) as new:
        yield new
        ours(out)


@contextmanager
def rejected(out: Path) -> Iterator[Path]:
    """An empty folder that becomes `OUT/rejected` when the block ends well; all else in the output stays as it is.

    Raises:
        UsageError: as for `staged`; nothing is written into a folder of others.
    """
    out = _real(out)
    ours(out)
    with replaced(out / REJECTED) as new:
        yield new


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """An empty folder beside the target that takes its place when the block ends well; else the target stays as it was.

    Raises:
        UsageError: the target cannot be replaced, or another run is replacing it.
    """
    target = _real(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(target, "new")
    parent = _locked(target.parent, wait=True)
    try:
        recover(target)
        new.mkdir()
        handle = _locked(new)
    finally:
        _unlocked(parent)
    try:
        yield new
        _sync(new)
        exchange(new, target)
    finally:
        if new.exists():
            shutil.rmtree(new)
        _unlocked(handle)


def usable(out: Path, specs: Path, source: Path | None = None) -> None:
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
    ours(real)


def ours(out: Path) -> None:
    """Refuse a folder with files that no manifest of ours lists; `rejected` is ours.

    Raises:
        UsageError: there are such files, or it is no folder.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file; a folder is wanted")
    listed = {MANIFEST, *_listed(out / MANIFEST)}
    own = {REJECTED, *(_beside(out / REJECTED, what).name for what in ("new", "old"))}
    strange = [name for name in files_in(out) if name not in listed and not ("/" in name and name.split("/")[0] in own)]
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise UsageError(f"{out} holds {strange[0]}{more}, which no run of ours wrote; choose another folder or empty this one")


def recover(target: Path) -> None:
    """Put right what an interrupted run left: without a target its old content comes back; what else is beside it goes.

    Raises:
        UsageError: a run is still writing it.
    """
    old, new = _beside(target, "old"), _beside(target, "new")
    if new.exists() and _busy(new):
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
            old = _beside(target, "old")
            target.rename(old)
            try:
                new.rename(target)
            except OSError:
                old.rename(target)
                raise
            old.rename(new)
    _sync_one(target.parent)


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
    real = out.resolve()
    if not real.name or real.is_mount():
        raise UsageError(f"{out} is the root of a file system and cannot be replaced; choose a folder inside it")
    return real


def _beside(out: Path, what: str) -> Path:
    return out.with_name(f".{out.name}.{what}")


def _listed(manifest: Path) -> set[str]:
    """The outputs a manifest lists; none without one."""
    if not manifest.is_file():
        return set()
    try:
        return set(json.loads(manifest.read_text(encoding="utf-8"))["outputs"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{manifest} is no manifest of ours; choose another folder or empty this one") from None


def files_in(out: Path) -> list[str]:
    """The relative names of all that is no folder; a link to a folder is a file."""
    found = []
    for folder, folders, files in os.walk(out):
        here = Path(folder)
        found += [(here / name).relative_to(out).as_posix() for name in [*files, *(name for name in folders if (here / name).is_symlink())]]
    return sorted(found)


def _locked(folder: Path, *, wait: bool = False) -> int | None:
    """Hold a folder until `_unlocked` or the end of the process; None where another holds it or the system has no locks for folders."""
    if sys.platform == "win32":
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def _busy(folder: Path) -> bool:
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


def _unlocked(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            _sync_one(path)


def _sync_one(path: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
