"""One dataset from a file of any format, as it is: its attributes, all of its records, and what the file cannot express as a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources.encoding import decode_frame
from adam.sources.formats import FORMATS, Layout, StoredAttributes, format_of
from adam.sources.signatures import check_file

UNTYPED = (".csv",)
"""The formats that do not store which variables are numbers."""
NOT_DATASETS = ("manifest.json", "findings.json")
"""Files that stand next to datasets and are none."""
SPECIAL = "Special missing values"


@dataclass(frozen=True, eq=False)
class DatasetFile:
    """A dataset as a file stores it; names are in capitals.

    `kinds` has text, number, date, datetime or time for each variable in order, blank if the format stores no types; `names` the spelling in
    the file. In `frame` text is as in the file, numbers are float64; a date is a number in SAS files, otherwise datetime64. `special` has
    the special missing values of a variable, `.A` and the like, blank in the other records. `notes` is what the records show that their
    values do not.
    """

    path: Path
    label: str | None
    kinds: Mapping[str, str]
    names: Mapping[str, str]
    attributes: Mapping[str, StoredAttributes]
    frame: pd.DataFrame
    special: Mapping[str, pd.Series]
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the file in capitals, which is the name of its dataset."""
        return self.path.stem.upper()


def dataset_paths(folder: Path) -> dict[str, Path]:
    """The files of a folder that can be datasets, by the name of the dataset in capitals.

    Raises:
        SourceError: the folder does not exist, has no such file, or has two of one name.
    """
    if not folder.is_dir():
        raise SourceError(f"The folder {folder} does not exist. Correct the path.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in FORMATS or not path.is_file() or path.name.startswith(".") or path.name in NOT_DATASETS:
            continue
        other = found.setdefault(path.stem.upper(), path)
        if other != path:
            raise SourceError(f"{folder}: {other.name} and {path.name} are the same dataset in two formats or spellings. Keep one, or name a file.")
    if not found:
        inner = sorted(each.name for each in folder.iterdir() if each.is_dir() and any(path.suffix.lower() in FORMATS for path in each.iterdir()))
        advice = f" Datasets may be in {', '.join(str(folder / name) for name in inner)}." if inner else " Name a folder that has some."
        raise SourceError(f"{folder}: The folder has no datasets ({', '.join(sorted(FORMATS))}).{advice}")
    return found


def read_dataset_file(path: Path) -> DatasetFile:
    """Read one dataset with all of its variables and records.

    Raises:
        SourceError: the file does not exist, has no suffix of a known format, or cannot be read.
    """
    layout = _layout(path)
    columns = list(layout.variables)
    read = format_of(path).records(path, layout, columns)
    frame, notes = read.frame, []
    for note in read.notes:
        if note.error:
            raise SourceError(f"{path.name}: record {int(np.argmax(note.mask)) + 1}: {note.variable}: {note.message}.")
        if not note.message.startswith(SPECIAL):
            notes.append(f"{note.variable}: {note.message} ({int(note.mask.sum())} records).")
    if read.undecoded:
        frame, windows = decode_frame(frame, path)
        notes += [f"{name}: The text is not UTF-8; it was read as windows-1252 ({int(mask.sum())} records)." for name, mask in windows.items()]
    special = {note.variable: note.values for note in read.notes if note.message.startswith(SPECIAL) and note.values is not None}
    untyped = path.suffix.lower() in UNTYPED
    kinds = dict.fromkeys(columns, "") if untyped else dict(layout.variables)
    attributes = {name: layout.attributes.get(name, StoredAttributes()) for name in columns}
    return DatasetFile(path, layout.dataset_label, kinds, layout.names, attributes, frame[columns], special, tuple(notes))


def _layout(path: Path) -> Layout:
    """The layout of a file; all variables of a format without types are text.

    Raises:
        SourceError: the file does not exist, or its format is unknown.
    """
    if not path.exists():
        raise SourceError(f"{path} does not exist. Correct the path.")
    if path.suffix.lower() not in FORMATS:
        raise SourceError(f"{path}: The suffix {path.suffix or '(none)'} is not that of a dataset ({', '.join(sorted(FORMATS))}). Name another file.")
    check_file(path, {suffix: each.what for suffix, each in FORMATS.items()})
    layout = format_of(path).layout(path)
    return replace(layout, variables=dict.fromkeys(layout.variables, "text")) if path.suffix.lower() in UNTYPED else layout
