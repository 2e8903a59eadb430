"""A transport file with all that is known of its variables, for files that are looked at rather than read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources import readstat, xpt
from adam.sources.encoding import decoded, decoded_text
from adam.sources.formats import readable
from adam.sources.xpt_bytes import CARD

SUFFIX = ".xpt"
VERSION_8 = b"LIBV8"
"""What the first record of a transport file of version 8 has."""


@dataclass(frozen=True)
class Attribute:
    """What a transport file says of a variable: label, whether it is text, length in bytes and SAS format; empty where it says nothing."""

    label: str
    is_text: bool
    length: int
    format: str


@dataclass(frozen=True)
class TransportFile:
    """A transport file: its name in capitals, label, variables in order (names in capitals), and records.

    `inside` is the name of the dataset as the file says it, `small` are the names of variables that are not in capitals there.
    Text has no blanks at its end (the format cannot tell) and "" where there is nothing; numbers, dates among them, are float64, NaN where
    missing. `windows` are for each variable the records that were Windows-1252 and not UTF-8.
    """

    name: str
    label: str
    variables: Mapping[str, Attribute]
    frame: pd.DataFrame
    windows: Mapping[str, np.ndarray]
    inside: str
    small: tuple[str, ...]


def transport_files(folder: Path) -> list[Path]:
    """The transport files of a folder.

    Raises:
        SourceError: there is no such folder, it has none, or one is there twice but for capitals.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of datasets")
    found = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == SUFFIX and path.is_file() and not path.name.startswith(".")]
    names = [path.stem.upper() for path in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{folder}: {', '.join(twice)} is there more than once, in capitals and not; keep one")
    if not found:
        raise SourceError(f"{folder}: no transport files (*{SUFFIX})")
    return found


def transport_file(path: Path) -> TransportFile:
    """A transport file with its records.

    Raises:
        SourceError: it is none, is damaged, or holds a second dataset.
    """
    with readable(path), path.open("rb") as file:
        if VERSION_8 in file.read(CARD):
            raise SourceError(f"{path.name}: is a transport file of version 8; a submission wants version 5")
    layout, meta = xpt.layout(path), readstat.metadata(xpt.FUNCTION, path)
    frame, latin, notes = xpt.records(path, layout, list(layout.variables))
    for note in notes:
        if note.error:
            raise SourceError(f"{path.name}: record {int(np.argmax(note.mask)) + 1}: {note.variable}: {note.message}")
    windows: dict[str, np.ndarray] = {}
    if latin:
        frame, windows = decoded(frame, path)
    for name, kind in layout.variables.items():
        if kind == "text":
            frame[name] = frame[name].fillna("").str.rstrip(" ").astype("str")
    attributes = {
        name: Attribute(
            layout.labels[name],
            layout.variables[name] == "text",
            int(meta.variable_storage_width[own]),
            _format(meta.original_variable_types[own] or ""),
        )
        for name, own in layout.names.items()
    }
    label = meta.file_label or ""
    small = tuple(own for name, own in layout.names.items() if own != name)
    return TransportFile(path.stem.upper(), decoded_text(label) if latin else label, attributes, frame, windows, meta.table_name or "", small)


def _format(text: str) -> str:
    """A format as SAS writes it, with its point.

    >>> _format("DATE9"), _format("8.2"), _format("")
    ('DATE9.', '8.2', '')
    """
    return f"{text}." if text and "." not in text else text
