"""The sha256 of source files, and whether a file is still the one that was hashed."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import NamedTuple

from adam.core.errors import SourceError
from adam.sources.formats import readable

SETTLED = 2_000_000_000
"""The nanoseconds after a change of a file within which another change may have the same time: file systems store it in steps."""


class FileHash(NamedTuple):
    """The sha256 of a file. `state` is that of the file before it was read, if its records were decoded from the bytes that were hashed."""

    sha256: str
    state: tuple[int, ...] | None = None

    def is_of(self, path: Path) -> bool:
        """Whether a file still has this hash. It is hashed again unless its state shows that nobody wrote to it."""
        return (self.state is not None and self.state == state_of(path)) or digest_of(path) == self.sha256


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path) -> tuple[int, ...]:
    """Size, modification time and inode of a file: they change when it is written."""
    with readable(path):
        found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def state_of(path: Path) -> tuple[int, ...] | None:
    """What changes with every change of a file, also if its modification time is set back; None if a change could leave all of it.

    That is so just after a change, and on Windows, which has no time of the last change of any kind.
    """
    with readable(path), path.open("rb") as file:
        found = os.fstat(file.fileno())  # of an open file, for which a network file system does not use what it stored
    if os.name == "nt" or time.time_ns() - max(found.st_ctime_ns, found.st_mtime_ns) < SETTLED:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def changed(path: Path) -> SourceError:
    """The error for a file that changed during a run."""
    return SourceError(f"{path.name}: The file changed while it was read. Run the command again when no program writes to it.")
