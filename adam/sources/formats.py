"""The interface of a file format: the layout of a file, and its records. Each format is one module of this package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from adam.core.errors import SourceError

DAMAGED = "It may be truncated or damaged; copy or export it again"
SHOWN = 40
"""The number of characters of an invalid name that a message shows: the first line of another format can be long."""
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,31}")


@dataclass(frozen=True)
class StoredAttributes:
    """The attributes of a variable as a file stores them, the length in bytes; None for one that its format does not store."""

    label: str | None = None
    length: int | None = None
    format: str | None = None


@dataclass(frozen=True)
class Layout:
    """A file without its records. Names are in capitals; `names` has the spelling of the file for each.

    `variables` has the kind of each variable: text, number, date, datetime or time. `encoding` is the encoding that the study declares, or
    blank. `lengths` are the bytes of texts and `formats` the formats of numbers, and `dataset` is the dataset name, if the file has them.
    `attributes` has what the file stores of each variable, `dataset_label` the label of the dataset; None if the format has none.
    `record_size` is about the number of bytes of a record if the file does not store the number of records.
    """

    variables: Mapping[str, str]
    names: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    records: int | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    dataset: str = ""
    attributes: Mapping[str, StoredAttributes] = field(default_factory=dict)
    dataset_label: str | None = None
    record_size: float = 0


@dataclass(frozen=True, eq=False)
class Note:
    """An observation on records of a variable: a message, the records, and the values in the file (None: the values that were read).

    It becomes a warning, or with `error` an error that prevents the export of the datasets. With `counted` the message ends with the number
    of records of each value. `rank` orders the notes that one step of reading has on a variable.
    """

    variable: str
    message: str
    mask: np.ndarray
    values: pd.Series | None = None
    error: bool = False
    counted: bool = False
    rank: int = 0


class Hashed(NamedTuple):
    """The sha256 of a file, hashed when its records were read or just before; `alone` if they were decoded from the hashed bytes alone."""

    sha256: str
    alone: bool


class Records(NamedTuple):
    """The records of a file, whether their text is bytes still to be decoded, and notes.

    Numbers are float64, and so are dates that SAS stores as numbers; dates of a format with a date type are datetime64. `hashed` is known
    with the last records, if the format hashes its files.
    """

    frame: pd.DataFrame
    undecoded: bool = False
    notes: tuple[Note, ...] = ()
    hashed: Hashed | None = None


class Reader(Protocol):
    """Returns the records of a file with some of its variables.

    With `limit` only that number of records is needed; a format that cannot stop early may return more.
    """

    def __call__(self, path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records: ...  # noqa: D102


class Windows(Protocol):
    """Returns the records of a file with some of its variables as windows of `size` records, at least one, so that few are in memory at a time.

    An error of a window names another record than that of the whole file. The windows can differ in whether their text is to be decoded.
    """

    def __call__(self, path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]: ...  # noqa: D102


class Opener(Protocol):
    """Returns the layout of a file whose text is in an encoding; if it is blank the encoding is detected."""

    def __call__(self, path: Path, encoding: str = "") -> Layout: ...  # noqa: D102


@dataclass(frozen=True)
class Format:
    """How files with one suffix are read; `what` is the name of the format, `encoded` whether the study can declare their encoding.

    A format without `windows` is read as a whole. One that `hashes` returns the sha256 of a file with its last records.
    """

    layout: Opener
    records: Reader
    what: str
    encoded: bool
    windows: Windows | None = None
    hashes: bool = False


FORMATS: dict[str, Format] = {}


def register(
    suffix: str, layout: Opener, records: Reader, what: str, *, encoded: bool = True, windows: Windows | None = None, hashes: bool = False
) -> None:
    """Register a format by the suffix of its files."""
    if suffix in FORMATS:
        raise ValueError(f"the format '{suffix}' is registered twice")
    FORMATS[suffix] = Format(layout, records, what, encoded, windows, hashes)


def format_of(path: Path) -> Format:
    """The format of a file, by suffix."""
    return FORMATS[path.suffix.lower()]


def layout_of(path: Path, variables: Iterable[tuple[str, str, str]], records: int | None = None, encoding: str = "") -> Layout:
    """The layout of a file from the name, kind and label of each variable.

    Raises:
        SourceError: a name is not valid, or two names differ only in case.
    """
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    for name, kind, label in variables:
        capitals = name.strip().upper()
        if not NAME.fullmatch(capitals):
            shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
            raise SourceError(f"{path.name}: {shown!r} is not a valid variable name. Use at most 32 letters, digits and _.")
        if capitals in names:
            raise SourceError(f"{path.name}: The file has the variable {capitals} twice. Rename or remove one.")
        kinds[capitals], names[capitals], labels[capitals] = kind, name, label
    return Layout(kinds, names, labels, records, encoding=encoding)


@contextmanager
def readable(path: Path, *errors: type[Exception], cure: str = "") -> Iterator[None]:
    """Turn an error while a file is read into a message that names the file; `cure` is added unless the system refused the file.

    Raises:
        SourceError: one of `errors` was raised, or the system refused the file.
    """
    expected: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except expected as error:
        advice = f" {cure}." if cure and not (isinstance(error, OSError) and error.errno) else ""
        raise SourceError(f"{path.name}: The file cannot be read: {str(error).rstrip('.')}.{advice}") from error
