"""A table written where the user says: never over a file that exists unless that is asked for, never among the files that are read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from adam.core.errors import UsageError


def writable(path: Path, read: Iterable[Path], force: bool) -> None:
    """Refuse a file before the work for it is done.

    Args:
        path: the file to be written.
        read: the folders the command reads.
        force: it may replace a file.

    Raises:
        UsageError: its folder does not exist or is one that is read, it is a folder or a device, or it exists and `force` is not given.
    """
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: no such folder to write {path.name} to")
    real = path.resolve()
    within = next((folder for folder in read if real.is_relative_to(folder.resolve())), None)
    if within is not None:
        raise UsageError(f"{path} lies in {within}, which is only read; choose a file outside it")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a regular file; choose a file")
    if os.path.lexists(path) and not force:
        raise UsageError(f"{path} exists; choose another file, or say --force to replace it")


def write_new(path: Path, text: str, force: bool) -> None:
    """Write a table whole: with a file of that name it is replaced in one act if `force` is given, else left as it is.

    Raises:
        UsageError: a file of that name came while the work went on.
    """
    try:
        if not force:
            _fill(path.open("x", encoding="utf-8-sig", newline=""), path, text)
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        _fill(open(handle, "w", encoding="utf-8-sig", newline=""), Path(name), text)  # noqa: PTH123, SIM115  (a handle; closed there)
        Path(name).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(name).replace(path)
    except FileExistsError:
        raise UsageError(f"{path} exists; choose another file, or say --force to replace it") from None


def _fill(file: TextIO, path: Path, text: str) -> None:
    """Write and close a file that is ours; it is removed if that fails."""
    try:
        with file:
            file.write(text)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
