"""Transport files with all attributes of their variables, for the validation of analysis datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources import readstat, xpt
from adam.sources.encoding import decode_frame, decoded_text
from adam.sources.formats import readable
from adam.sources.xpt_bytes import CARD

SUFFIX = ".xpt"
VERSION_8 = b"LIBV8"
"""Is in the first record of a transport file of version 8."""


@dataclass(frozen=True)
class Attribute:
    """The attributes of a variable in a transport file: label, whether it is text, length in bytes and SAS format; blank if there is none."""

    label: str
    is_text: bool
    length: int
    format: str


@dataclass(frozen=True)
class TransportFile:
    """A transport file: its name in capitals, label, variables in order (names in capitals), and records.

    `inside` is the dataset name in the file, `small` are the variable names in the file that are not in capitals. Text has no trailing
    blanks (the format pads with them) and is "" where it is missing; numbers, including dates, are float64, NaN where missing. `windows`
    has for each variable the records that are Windows-1252 and not UTF-8.
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
        SourceError: the folder does not exist, has no transport file, or has two whose names differ only in case.
    """
    if not folder.is_dir():
        raise SourceError(f"The folder {folder} of the datasets does not exist. Correct the path.")
    found = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == SUFFIX and path.is_file() and not path.name.startswith(".")]
    names = [path.stem.upper() for path in found]
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise SourceError(f"{folder}: The folder has several files whose names differ only in case: {', '.join(duplicates)}. Keep one of them.")
    if not found:
        raise SourceError(f"{folder}: The folder has no transport files (*{SUFFIX}). Name the folder of the datasets.")
    return found


def variables_of_files(folder: Path) -> dict[str, tuple[str, ...]]:
    """The variables of each transport file of a folder, in order; a file that cannot be read is left out.

    Raises:
        SourceError: as `transport_files`.
    """
    found = {}
    for path in transport_files(folder):
        try:
            found[path.stem.upper()] = tuple(xpt.layout(path).variables)
        except SourceError:
            continue  # it is reported where its records are read
    return found


def transport_file(path: Path) -> TransportFile:
    """A transport file with its records.

    Raises:
        SourceError: the file is not a transport file of version 5, is damaged, or has a second dataset.
    """
    with readable(path), path.open("rb") as file:
        if VERSION_8 in file.read(CARD):
            raise SourceError(
                f"{path.name}: The file is a transport file of version 8; a submission requires version 5. Export it as version 5 (XPORT engine)."
            )
    layout, meta = xpt.layout(path), readstat.metadata(xpt.FUNCTION, path)
    frame, latin, notes, _ = xpt.records(path, layout, list(layout.variables))
    for note in notes:
        if note.error:
            raise SourceError(f"{path.name}: record {int(np.argmax(note.mask)) + 1}: {note.variable}: {note.message}")
    windows: dict[str, np.ndarray] = {}
    if latin:
        frame, windows = decode_frame(frame, path)
    for name, kind in layout.variables.items():
        if kind == "text":
            frame[name] = frame[name].fillna("").str.rstrip(" ").astype("str")
    attributes = {
        name: Attribute(
            layout.labels[name],
            layout.variables[name] == "text",
            int(meta.variable_storage_width[own]),
            readstat.with_period(meta.original_variable_types[own] or ""),
        )
        for name, own in layout.names.items()
    }
    label = meta.file_label or ""
    small = tuple(own for name, own in layout.names.items() if own != name)
    return TransportFile(path.stem.upper(), decoded_text(label) if latin else label, attributes, frame, windows, meta.table_name or "", small)
