"""What SAS's two formats share: pyreadstat reads both, in UTF-8 or in bytes to be decoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyreadstat

from adam.sdtm.encoding import decoded_text
from adam.sdtm.formats import Layout, layout_of, readable

BYTES = "ISO-8859-1"
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def _parsed(function: str, path: Path, **options: Any) -> tuple[Any, Any, bool]:  # noqa: ANN401  (pyreadstat has no types)
    """The records, the metadata, and whether text is bytes; a file that names its encoding is read in that.

    Dates of SAS stay the numbers they are.
    """
    reader: Callable[..., Any] = getattr(pyreadstat, function)
    with readable(path, pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError):
        try:
            frame, meta = reader(str(path), disable_datetime_conversion=True, **options)
        except (UnicodeDecodeError, pyreadstat.ReadstatError):
            frame, meta = reader(str(path), disable_datetime_conversion=True, encoding=BYTES, **options)
            return frame, meta, True
    return frame, meta, False


def metadata(function: str, path: Path) -> Any:  # noqa: ANN401
    """The metadata of a file as pyreadstat gives them."""
    return _parsed(function, path, metadataonly=True)[1]


def layout(function: str, path: Path) -> Layout:
    """The layout of a file of SAS."""
    _, meta, latin = _parsed(function, path, metadataonly=True)
    labels = {name: label or "" for name, label in meta.column_names_to_labels.items()}
    if latin:
        with readable(path, UnicodeDecodeError):
            labels = {name: decoded_text(label) for name, label in labels.items()}
    kinds = {name: "text" if kind == "string" else "number" for name, kind in meta.readstat_variable_types.items()}
    found = layout_of(path, [(name, kinds[name], labels[name]) for name in meta.column_names], meta.number_rows)
    sizes = {name: int(meta.variable_storage_width[each]) for name, each in found.names.items() if found.variables[name] == "text"}
    formats = {name: str(meta.original_variable_types[each] or "").removeprefix("F") for name, each in found.names.items()}
    return replace(found, lengths=sizes, formats={name: each for name, each in formats.items() if found.variables[name] == "number"})


def records(function: str, path: Path, layout: Layout, columns: Sequence[str], limit: int) -> tuple[pd.DataFrame, bool]:
    """The records with only the columns asked for; pyreadstat skips the others.

    Of lists the columns are made in a third of the time pyreadstat takes for a frame, which has to guess what each holds.
    """
    found, _, latin = _parsed(function, path, usecols=[layout.names[name] for name in columns], row_limit=limit, output_format="dict")
    size = len(next(iter(found.values()), []))
    own = {name: _column(found.pop(layout.names[name]), layout.variables[name]) for name in columns}
    return pd.DataFrame(own, index=pd.RangeIndex(size)), latin


def _column(values: list[Any], kind: str) -> pd.Series:
    """Text as `str`, numbers as float64, NaN where missing."""
    if kind == "number":
        return pd.Series(np.array(values, dtype="float64"))
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([pa.array(values, type=pa.large_string())]), dtype=TEXT))
