"""Read a reference table: a CSV, XLSX, Parquet or transport file of facts without subjects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.core.kinds import OF_TYPE, ValueKind
from adam.core.numerals import number_of
from adam.core.reference_table import Cell
from adam.sources.cleaning import clean_columns
from adam.sources.encoding import decode_frame
from adam.sources.formats import FORMATS, format_of, layout_of
from adam.sources.xlsx import cells

SUFFIXES = (".csv", ".xlsx", ".parquet", ".xpt")
"""The files that can be reference tables."""
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?")
"""A number in a file that does not declare kinds. A leading zero belongs to a code, not to a number."""
TYPES = {**OF_TYPE, "number": ValueKind.NUMBER}


def read_reference_table(path: Path) -> tuple[Mapping[str, tuple[Cell, ...]], Mapping[str, ValueKind]]:
    """The columns of a table with their kinds. White space at the ends of texts is removed.

    In CSV and XLSX a column is a number if every cell that is not blank is a plain number; a leading zero makes it text.

    Raises:
        SourceError: the file cannot be read, or its suffix is none of a table.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES or (suffix != ".xlsx" and suffix not in FORMATS):
        raise SourceError(f"{path.name}: A table must be a file with one of the suffixes {', '.join(SUFFIXES)}.")
    frame, kinds = _of_sheet(path) if suffix == ".xlsx" else _of_file(path, typed=suffix != ".csv")
    frame, _ = clean_columns(frame, kinds)
    found, known = {}, {}
    for name, kind in kinds.items():
        column, known[name] = frame[name], TYPES[kind]
        if kind == "text" and suffix in (".csv", ".xlsx") and (numbers := _numbers(column)) is not None:
            column, known[name] = numbers, ValueKind.NUMBER
        found[name] = tuple(column.to_numpy()) if column.dtype.kind == "M" else tuple(column.tolist())
    return found, known


def _of_file(path: Path, *, typed: bool) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """The records of a file, and the kind of each column; all are text if the format declares no kinds."""
    layout = format_of(path).layout(path)
    if not typed:
        layout = replace(layout, variables=dict.fromkeys(layout.variables, "text"))
    read = format_of(path).records(path, layout, list(layout.variables))
    frame = decode_frame(read.frame, path)[0] if read.undecoded else read.frame
    return frame, layout.variables


def _of_sheet(path: Path) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """The records of a sheet as text; the first row has the names."""
    names, *rows = cells(path)
    layout = layout_of(path, [(name, "text", "") for name in names])
    return pd.DataFrame(rows, columns=list(layout.variables), dtype="str"), layout.variables


def _numbers(column: pd.Series) -> pd.Series | None:
    """A text column as numbers; None if a cell is not a plain number, or if all are blank."""
    filled = column[column != ""]
    if not len(filled) or not all(PLAIN.fullmatch(text) for text in filled):
        return None
    values = column.map({text: number_of(text) for text in filled.unique()} | {"": np.nan}).astype("float64")
    return None if values[column != ""].isna().any() else values
