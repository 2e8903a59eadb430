"""A new file that is written piece by piece. Each piece is read back from the file, so that it can be verified while its records are known."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from adam.core.errors import ExportError
from adam.submission.formats import temporary_file

MEMORY = 32 << 20
"""Bytes that are read back at once without a larger memory: more than most blocks have."""


@dataclass(frozen=True)
class WrittenFile:
    """What a writer returns of its file: the number of records, and the sha256 of the bytes that were read back."""

    records: int
    sha256: str


class NewFile:
    """A file under construction."""

    def __init__(self, name: str, target: BinaryIO, source: BinaryIO) -> None:
        """Args: the name of the file in messages, the file opened for writing, and the same file opened for reading."""
        self.name = name
        self.size = 0
        self._target, self._source = target, source
        self._digest = hashlib.sha256()
        self._found = memoryview(bytearray())

    def append(self, pieces: Iterable[bytes | memoryview]) -> bytes | memoryview:
        """Write bytes at the end of the file. Each piece is read back before the next one is made, while the processor has it at hand.

        Returns:
            The bytes that the file has in their place, until the next call; fewer if the file is shorter.
        """
        read = 0
        for piece in pieces:
            self._target.write(piece)
            self._target.flush()
            found = self._space(read, len(piece))
            count = self._source.readinto(found)  # type: ignore[attr-defined]  # as every file without a buffer
            self._digest.update(found[:count])
            self.size += len(piece)
            read += count
        return self._found[:read]

    def _space(self, place: int, size: int) -> memoryview:
        """Memory for bytes after those that were read. It is used again for the next pieces: new memory costs more than reading."""
        if place + size > len(self._found):
            larger = np.empty(max(place + size, 2 * place, MEMORY), dtype=np.uint8).data  # costs nothing until it is used
            larger[:place] = self._found[:place]
            self._found = larger
        return self._found[place : place + size]

    def finish(self) -> str:
        """Save the file to the disk and return the sha256 of all bytes that were read back.

        Raises:
            ExportError: the file is shorter or longer than what was written.
        """
        os.fsync(self._target.fileno())
        actual = os.fstat(self._source.fileno()).st_size
        if actual != self.size or self._source.read(1):
            raise ExportError(f"{self.name} does not read back as it was written: {self.size} bytes were written, the file has {actual}")
        return self._digest.hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[NewFile]:
    """A file to write, which replaces `path` if the block succeeds, and is removed if it fails.

    Raises:
        OSError: the file cannot be written, for example because the disk is full. It has the path, which the system omits for an open file.
    """
    try:
        with temporary_file(path) as temporary, temporary.open("wb") as target, temporary.open("rb", buffering=0) as source:
            yield NewFile(path.name, target, source)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
