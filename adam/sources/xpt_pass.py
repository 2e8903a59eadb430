"""One pass over a transport file: its bytes are read once, hashed, searched for a second dataset, and put together by variable.

They are read into one buffer, which stays in the cache of a processor. The bytes that are decoded are those that are hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

import numpy as np

from adam.sources.file_hash import changed
from adam.sources.xpt_bytes import CARD, MEMBER, OBSERVATIONS, Body, Field, located, second_dataset

BLOCK = 1_000
"""The number of records that are read at once: they fit in the cache of a processor."""
UNITS = {1: "u1", 2: "u2", 4: "u4", 8: "u8"}
"""The whole number of a width, which numpy copies faster than bytes of that width."""


class OnePass:
    """The records of a transport file by variable, in the order of the file."""

    def __init__(self, file: BinaryIO, path: Path, body: Body, fields: Collection[Field]) -> None:
        """Read the header.

        Args:
            file: the file, at its start.
            path: its path, for messages.
            body: where its records are.
            fields: the variables to read.
        """
        self.file, self.path, self.body = file, path, body
        header = file.read(body.start)
        self.sha256, self.size = hashlib.sha256(header), len(header)
        self.as_located = header.find(OBSERVATIONS) + CARD == body.start
        self.margin = max(CARD, body.width)  # the end of the block before: a text can go on in the next one
        self.buffer = bytearray(self.margin + BLOCK * body.width)
        self.block = np.frombuffer(self.buffer, dtype=np.uint8)[self.margin :]
        self.end, self.has_second = self.margin, False
        formats = [UNITS.get(field.width, f"V{field.width}") for field in fields]
        names, places = [str(number) for number in range(len(fields))], [field.place for field in fields]
        self.record = np.dtype({"names": names, "formats": formats, "offsets": places, "itemsize": body.width})
        self.columns: dict[str, np.ndarray] = {}

    def next(self, count: int) -> list[np.ndarray]:
        """The bytes of each variable in the next records. The next call writes to the same arrays.

        Raises:
            SourceError: the file ends before.
        """
        if any(len(each) < count for each in self.columns.values()) or not self.columns:
            self.columns = {name: np.empty(count, self.record[name]) for name in self.record.names or ()}
        for start in range(0, count, BLOCK):
            size = min(BLOCK, count - start)
            if self._read(size * self.body.width) < size * self.body.width:
                raise changed(self.path)
            records = self.block[: size * self.body.width].view(self.record)
            for name, column in self.columns.items():
                column[start : start + size] = records[name]
        return [each[:count].view(np.uint8).reshape(count, each.itemsize) for each in self.columns.values()]

    def finish(self, count: int, *, has_text: bool) -> str:
        """The sha256 of the file, after what follows its records was read.

        Args:
            count: the number of records that were read, which is that of the file.
            has_text: records have text.

        Raises:
            SourceError: the file has a second dataset, or it is not as its records were located.
        """
        padded = not count or not self._is_blank(self.end - self.body.width, self.end)
        while read := self._read(len(self.block)):
            rest = max(0, min(read, self.body.end - (self.size - read)))  # records after the last one are blank
            padded = padded and self._is_blank(self.margin, self.margin + rest)
        if self.has_second:
            raise second_dataset(self.path)
        last = bytes(self.buffer[self.end - min(self.margin, self.size - self.body.start) : self.end])
        body = located(self.path, self.body.start, self.size, last, self.body.width, has_text=has_text)
        if not padded or not self.as_located or body != self.body:
            raise changed(self.path)
        return self.sha256.hexdigest()

    def _is_blank(self, start: int, end: int) -> bool:
        return not self.buffer[start:end].strip(b" ")

    def _read(self, size: int) -> int:
        """Read the next bytes of the file into the buffer, after the end of those before; their number."""
        self.buffer[: self.margin] = self.buffer[self.end - self.margin : self.end]
        found = self.file.readinto(memoryview(self.buffer)[self.margin : self.margin + size])  # type: ignore[attr-defined]
        self.end, self.size = self.margin + found, self.size + found
        self.sha256.update(memoryview(self.buffer)[self.margin : self.end])
        self.has_second = self.has_second or self.buffer.find(MEMBER, self.margin - len(MEMBER) + 1, self.end) >= 0
        return int(found)
