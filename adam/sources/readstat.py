"""Code that the two SAS formats share: pyreadstat reads both, as UTF-8 or as bytes to be decoded."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.errors import SourceError
from adam.sources.encoding import decoded_text
from adam.sources.formats import DAMAGED, Layout, Note, Records, StoredAttributes, layout_of, readable
from adam.sources.moments import kind_of_format
from adam.sources.numbers import refuse_large

BYTES = "ISO-8859-1"
DUPLICATE = re.compile(r"column '(.*)' is duplicated")
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def _parsed(function: str, path: Path, encoding: str = "", **options: Any) -> tuple[Any, Any, bool]:  # noqa: ANN401  (pyreadstat has no types)
    """The records, the metadata, and whether text is bytes. The encoding in the file is used unless the study declares another.

    SAS dates remain numbers.

    Raises:
        SourceError: the file cannot be read, or has a variable twice, which pyreadstat renames with a warning.
    """
    import pyreadstat  # loads narwhals, so only where a SAS file is read

    reader: Callable[..., Any] = getattr(pyreadstat, function)
    errors = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError)
    with readable(path, *errors, cure=DAMAGED), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            frame, meta = reader(str(path), disable_datetime_conversion=True, **options, **({"encoding": BYTES} if encoding else {}))
            latin = bool(encoding)
        except (UnicodeDecodeError, pyreadstat.ReadstatError):
            frame, meta = reader(str(path), disable_datetime_conversion=True, **{**options, "encoding": BYTES})
            latin = True
    for each in warned:
        found = DUPLICATE.search(str(each.message))
        what = f"The file has the variable {found[1]} twice. Rename or remove one." if found else f"The file cannot be read reliably: {each.message}"
        raise SourceError(f"{path.name}: {what}")
    return frame, meta, latin


def metadata(function: str, path: Path) -> Any:  # noqa: ANN401
    """The metadata object of pyreadstat for a file."""
    return _parsed(function, path, metadataonly=True, output_format="dict")[1]


def layout(function: str, path: Path, encoding: str = "") -> Layout:
    """The layout of a SAS file; a number with the format of a date, datetime or time has that kind."""
    _, meta, latin = _parsed(function, path, encoding, metadataonly=True, output_format="dict")
    labels = {name: label or "" for name, label in meta.column_names_to_labels.items()}
    if latin:
        with readable(path, UnicodeError):
            labels = {name: decoded_text(label, encoding) for name, label in labels.items()}
    formats = {name: written or "" for name, written in meta.original_variable_types.items()}
    kinds = {name: "text" if kind == "string" else kind_of_format(formats[name]) for name, kind in meta.readstat_variable_types.items()}
    found = layout_of(path, [(name, kinds[name], labels[name]) for name in meta.column_names], meta.number_rows, encoding)
    sizes = {name: int(meta.variable_storage_width[own]) for name, own in found.names.items() if found.variables[name] == "text"}
    plain = {name: re.sub(r"^F(?=[0-9])", "", formats[own]) for name, own in found.names.items() if found.variables[name] == "number"}
    label = meta.file_label or ""
    if latin:
        with readable(path, UnicodeError):
            label = decoded_text(label, encoding)
    attributes = {
        name: StoredAttributes(labels[own], int(meta.variable_storage_width[own]), with_period(formats[own])) for name, own in found.names.items()
    }
    return replace(found, lengths=sizes, formats=plain, attributes=attributes, dataset_label=label)


def with_period(written: str) -> str:
    """A SAS format with its period.

    >>> with_period("DATE9"), with_period("8.2"), with_period("")
    ('DATE9.', '8.2', '')
    """
    return f"{written}." if written and "." not in written else written


def records(function: str, path: Path, layout: Layout, columns: Sequence[str], limit: int, **options: Any) -> Records:  # noqa: ANN401
    """The records with some of the columns; pyreadstat skips the others.

    Columns are made from lists: this takes a third of the time that pyreadstat needs for a frame, because it infers types.
    """
    names = [layout.names[name] for name in columns]
    found, _, latin = _parsed(function, path, layout.encoding, usecols=names, row_limit=limit, output_format="dict", **options)
    size = len(next(iter(found.values()), []))
    own, notes = {}, []
    for name in columns:
        own[name], letters = _column(found.pop(layout.names[name]), layout.variables[name])
        if letters is not None:
            notes.append(special_missing(name, letters))
        if layout.variables[name] != "text":
            refuse_large(own[name].rename(name), path)
    return Records(pd.DataFrame(own, index=pd.RangeIndex(size)), latin, tuple(notes))


def special_missing(name: str, letters: pd.Series) -> Note:
    """A note on the special missing values of a variable: `letters` has `.A` and the like, and "" where there is none."""
    return Note(name, "Special missing values were read as missing", (letters != "").to_numpy(dtype=bool), letters, counted=True)


def _column(values: list[Any], kind: str) -> tuple[pd.Series, pd.Series | None]:
    """Text as `str`, numbers as float64, NaN where missing; and the special missing values of a number, if there are any."""
    if kind != "text":
        try:
            return pd.Series(np.array(values, dtype="float64")), None
        except ValueError:  # pyreadstat returns .A as the text A
            mixed = pd.Series(values, dtype=object)
            text = mixed.map(lambda value: isinstance(value, str)).to_numpy(dtype=bool)
            return mixed.where(~text, np.nan).astype("float64"), ("." + mixed.where(text, "").astype("str")).where(text, "")
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([pa.array(values, type=pa.large_string())]), dtype=TEXT)), None
