"""Write a new file: never over an existing file without --force, never into a folder that the command reads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from adam.core.errors import UsageError


def require_writable(path: Path, read: Iterable[Path], force: bool) -> None:
    """Refuse a file that cannot be written, before any work.

    Args:
        path: the file to be written.
        read: the folders that the command reads.
        force: the file may replace an existing one.

    Raises:
        UsageError: its folder does not exist or is read by the command, it is a folder or a device, or it exists and `force` is False.
    """
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} of {path.name} does not exist. Create it, or choose another folder.")
    real = path.resolve()
    within = next((folder for folder in read if real.is_relative_to(folder.resolve())), None)
    if within is not None:
        raise UsageError(f"{path} is in {within}, which the command reads. Choose a file outside that folder.")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a regular file. Choose a file.")
    if os.path.lexists(path) and not force:
        raise UsageError(f"{path} already exists. Choose another file, or use --force to replace it.")


def write_new(path: Path, text: str, force: bool, encoding: str = "utf-8-sig") -> None:
    """Write a file completely or not at all; with `force` an existing file is replaced in one step.

    Args:
        path: the file.
        text: its content.
        force: the file may replace an existing one.
        encoding: that of a table begins with a mark that spreadsheet programs need.

    Raises:
        UsageError: the file was created by another program since `require_writable`.
    """
    try:
        if not force:
            _fill(path.open("x", encoding=encoding, newline=""), path, text)
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        _fill(open(handle, "w", encoding=encoding, newline=""), Path(name), text)  # noqa: PTH123, SIM115  (a handle; closed there)
        Path(name).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(name).replace(path)
    except FileExistsError:
        raise UsageError(f"{path} already exists. Choose another file, or use --force to replace it.") from None


def write_new_bytes(path: Path, content: bytes, force: bool) -> None:
    """Write a binary file completely or not at all; with `force` an existing file is replaced in one step.

    Raises:
        UsageError: the file was created by another program since `require_writable`.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123  (a handle)
            file.write(content)
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        if force:
            temporary.replace(path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        raise UsageError(f"{path} already exists. Choose another file, or use --force to replace it.") from None
    finally:
        temporary.unlink(missing_ok=True)


def _fill(file: TextIO, path: Path, text: str) -> None:
    """Write and close a new file; it is removed if that fails."""
    try:
        with file:
            file.write(text)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
