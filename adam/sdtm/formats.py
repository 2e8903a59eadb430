"""What a file format has to offer: the layout of a file, and its records. One module of this package is one format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pandas as pd

from adam.errors import SourceError

SHOWN = 40
"""Characters of a name that is none in a message: the first line of another format can be long."""
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,31}")
PLAIN = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
"""How a number is written; anything else (`inf`, `NA`, `0x1F`) is not one."""


@dataclass(frozen=True)
class Layout:
    """A file without its records; every name in capitals, `names` gives it as the file has it.

    `lengths` are the bytes of texts and `formats` the formats of numbers, where the file says them.
    """

    variables: Mapping[str, str]
    names: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    records: int | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """Gives the records of a file with the variables asked for, and whether its text is bytes still to be decoded.

    With `limit` only so many records are wanted; a format that cannot stop early may give more.
    """

    def __call__(self, path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]: ...  # noqa: D102


class Opener(Protocol):
    """Gives the layout of a file."""

    def __call__(self, path: Path) -> Layout: ...  # noqa: D102


@dataclass(frozen=True)
class Format:
    """How files of one suffix are read."""

    layout: Opener
    records: Reader


FORMATS: dict[str, Format] = {}


def register(suffix: str, layout: Opener, records: Reader) -> None:
    """Make a format known by the suffix of its files."""
    if suffix in FORMATS:
        raise ValueError(f"the format '{suffix}' is registered twice")
    FORMATS[suffix] = Format(layout, records)


def format_of(path: Path) -> Format:
    """The format of a file, by suffix."""
    return FORMATS[path.suffix.lower()]


def layout_of(path: Path, variables: Iterable[tuple[str, str, str]], records: int | None = None) -> Layout:
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
            raise SourceError(f"{path.name}: variable {capitals} is there twice")
        kinds[capitals], names[capitals], labels[capitals] = kind, name, label
    return Layout(kinds, names, labels, records)


@contextmanager
def readable(path: Path, *errors: type[Exception]) -> Iterator[None]:
    """Say which file it was that could not be read.

    Raises:
        SourceError: one of `errors` was raised, or the system could not give the file.
    """
    expected: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except expected as error:
        raise SourceError(f"{path.name}: cannot be read: {error}") from error
