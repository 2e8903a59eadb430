"""Folders that a command creates."""

from __future__ import annotations

from pathlib import Path

from adam.core.errors import UsageError


def require_free(folder: Path) -> None:
    """Refuse a folder that has files, or that cannot be created.

    Raises:
        UsageError: the folder exists and is not empty, or its parent does not exist.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} already exists and is not empty. Name a new folder; nothing was written.")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"The folder {folder.parent} does not exist. Create it first.")
