"""What a file format has to offer: the layout of a file, and its records. One module of this package is one format."""

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

DAMAGED = "it looks cut short or damaged; copy or export it again"
SHOWN = 40
"""Characters of a name that is none in a message: the first line of another format can be long."""
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,31}")
PLAIN = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
"""How a number is written; anything else (`inf`, `NA`, `0x1F`) is not one."""


@dataclass(frozen=True)
class Layout:
    """A file without its records; every name in capitals, `names` gives it as the file has it.

    `variables` gives the kind of each: text, number, date, datetime or time. `encoding` is what the study says of the file's text, or nothing.
    `lengths` are the bytes of texts and `formats` the formats of numbers, where the file says them; `dataset` is what it says that it is.
    """

    variables: Mapping[str, str]
    names: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    records: int | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    dataset: str = ""


@dataclass(frozen=True, eq=False)
class Note:
    """What a reader met in records of a variable: which, in words, and the values as the file has them (None: as they were read).

    It becomes a warning, or with `error` an error that keeps the datasets from being exported.
    """

    variable: str
    message: str
    mask: np.ndarray
    values: pd.Series | None = None
    error: bool = False


class Records(NamedTuple):
    """The records of a file, whether their text is bytes still to be decoded, and what was met.

    Numbers are float64, and so are dates that SAS has as numbers; dates of a format that has them as such are datetime64.
    """

    frame: pd.DataFrame
    undecoded: bool = False
    notes: tuple[Note, ...] = ()


class Reader(Protocol):
    """Gives the records of a file with the variables asked for.

    With `limit` only so many records are wanted; a format that cannot stop early may give more.
    """

    def __call__(self, path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records: ...  # noqa: D102


class Opener(Protocol):
    """Gives the layout of a file whose text is in an encoding, or in one that is to be found out."""

    def __call__(self, path: Path, encoding: str = "") -> Layout: ...  # noqa: D102


@dataclass(frozen=True)
class Format:
    """How files of one suffix are read; `what` is what they are called, `encoded` whether the study can say their encoding."""

    layout: Opener
    records: Reader
    what: str
    encoded: bool


FORMATS: dict[str, Format] = {}


def register(suffix: str, layout: Opener, records: Reader, what: str, *, encoded: bool = True) -> None:
    """Make a format known by the suffix of its files."""
    if suffix in FORMATS:
        raise ValueError(f"the format '{suffix}' is registered twice")
    FORMATS[suffix] = Format(layout, records, what, encoded)


def format_of(path: Path) -> Format:
    """The format of a file, by suffix."""
    return FORMATS[path.suffix.lower()]


def layout_of(path: Path, variables: Iterable[tuple[str, str, str]], records: int | None = None, encoding: str = "") -> Layout:
    """The layout of a file from the name, kind and label of each variable.

    Raises:
        SourceError: a name that is none, or two that differ only in case.
    """
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    for name, kind, label in variables:
        capitals = name.strip().upper()
        if not NAME.fullmatch(capitals):
            shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
            raise SourceError(f"{path.name}: {shown!r} is not the name of a variable (letters, digits and _, at most 32)")
        if capitals in names:
            raise SourceError(f"{path.name}: variable {capitals} is there twice; rename or remove one")
        kinds[capitals], names[capitals], labels[capitals] = kind, name, label
    return Layout(kinds, names, labels, records, encoding=encoding)


@contextmanager
def readable(path: Path, *errors: type[Exception], cure: str = "") -> Iterator[None]:
    """Say which file it was that could not be read, and with `cure` what to do where the system could give the file.

    Raises:
        SourceError: one of `errors` was raised, or the system could not give the file.
    """
    expected: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except expected as error:
        advice = f"; {cure}" if cure and not (isinstance(error, OSError) and error.errno) else ""
        raise SourceError(f"{path.name}: cannot be read: {str(error).rstrip('.')}{advice}") from error
