"""A folder beside an output for the records of a run, if these are not kept in memory. It is removed when the run ends.

.OUT.scratch    If it is locked, another run is writing the output. If not, a run that was killed left it: the next run removes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from adam.core.errors import UsageError
from adam.core.interrupts import deferred
from adam.pipeline.temporary import new_folder, remove_abandoned
from adam.submission.earlier_output import sibling
from adam.submission.locks import is_locked, lock_folder, locked, unlock


class Scratch:
    """The scratch folder of an output; without an output a temporary folder. It exists once `folder` was called."""

    def __init__(self, out: Path | None = None) -> None:
        self.out = out.resolve() if out is not None else None
        self._folder: Path | None = None
        self._lock: int | None = None

    def folder(self, name: str) -> Path:
        """An empty folder for one kind of files.

        Raises:
            UsageError: another run is writing the output.
        """
        if self._folder is None:
            with deferred():
                self._folder = self._created()
        made = self._folder / name
        made.mkdir()
        return made

    def _created(self) -> Path:
        if self.out is None:
            folder, self._lock = new_folder()
            return folder
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.out.parent):
            self._recover(self.out)
            folder = sibling(self.out, "scratch")
            folder.mkdir()
            self._lock = lock_folder(folder)
        return folder

    def recover(self) -> None:
        """Remove what a killed run left.

        Raises:
            UsageError: another run is writing the output.
        """
        if self.out is not None and self.out.parent.exists():
            with locked(self.out.parent):  # another run may have made its folder and not locked it yet
                self._recover(self.out)

    @staticmethod
    def _recover(out: Path) -> None:
        folder, removed = sibling(out, "scratch"), sibling(out, "scratch-old")
        if folder.exists() and is_locked(folder):
            raise UsageError(f"Another run is writing {out}. Wait for it, or choose another folder")
        for each in (removed, folder):
            if each.exists():
                _remove(each, removed)

    def remove(self) -> None:
        """Remove the folder. What cannot be removed is left for the next run, because the output is in place."""
        if self._folder is None:
            return
        folder, self._folder = self._folder, None
        _remove(folder, folder if self.out is None else sibling(self.out, "scratch-old"))
        unlock(self._lock)


def _remove(folder: Path, renamed: Path) -> None:
    """Remove a folder under another name, so that a worker that outlives its run for a moment cannot write to it any more.

    If a file of a folder removed before is still open on network storage, that folder is still there: then it is removed as it is.
    """
    with suppress(OSError):
        folder = folder.rename(renamed)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_beside(out: Path | None) -> Iterator[Scratch]:
    """The scratch folder of an output in this block; what a killed run left is removed before it and after it.

    A worker of a killed run may live a moment longer than that run, and create the folder again.

    Raises:
        UsageError: another run is writing the output.
    """
    found = Scratch(out)
    remove_abandoned()
    found.recover()
    try:
        yield found
    finally:
        with deferred():
            found.remove()
            with suppress(UsageError, OSError):  # another run is at work now
                found.recover()
