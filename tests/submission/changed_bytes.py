"""Files of which one byte is not what was written."""

from collections.abc import Callable, Iterable

import pytest

from adam.core.errors import ExportError
from adam.submission.new_file import NewFile


def reads_back(place: int, bits: int, write: Callable[[], object]) -> bool:
    """Whether the writer accepts a file in which one byte differs from what it wrote."""
    with pytest.MonkeyPatch.context() as patch:
        real = NewFile.append

        def spoiled(self: NewFile, pieces: Iterable[bytes]) -> bytes:
            first, found = self.size, bytearray(real(self, pieces))
            if first <= place < first + len(found):
                found[place - first] ^= bits
            return bytes(found)

        patch.setattr(NewFile, "append", spoiled)
        try:
            write()
        except ExportError:
            return False
        return True


def spoil(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Let a file have other bytes than those that were written."""
    real = NewFile.append
    monkeypatch.setattr(NewFile, "append", lambda self, pieces: bytes(real(self, pieces)).replace(old.encode(), new.encode(), 1))
