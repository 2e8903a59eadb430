"""Parquet files. SDTM knows text and numbers: a column of dates, times or truth values is refused rather than turned into text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from adam.errors import SourceError
from adam.sdtm.formats import Layout, layout_of, readable, register

EXACT = 2**53


def _kind(column: pa.Field, path: Path) -> str:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return "text"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    raise SourceError(f"{path.name}: {column.name} is of type {kind}; a variable of SDTM is text or a number, its dates are ISO 8601 text")


def layout(path: Path) -> Layout:
    """The layout of a Parquet file.

    Raises:
        SourceError: a variable is neither text nor a number.
    """
    with readable(path, pa.ArrowException):
        schema, records = pq.read_schema(path), pq.read_metadata(path).num_rows
    return layout_of(path, [(column.name, _kind(column, path), "") for column in schema if column.name != "__index_level_0__"], records)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:  # noqa: ARG001
    """The records of a Parquet file.

    Raises:
        SourceError: a whole number that a float cannot hold.
    """
    with readable(path, pa.ArrowException):
        table = pq.read_table(path, columns=[layout.names[name] for name in columns])
    frame = pd.DataFrame({name: table.column(layout.names[name]).to_pandas() for name in columns}, index=pd.RangeIndex(table.num_rows))
    for name in columns:
        if layout.variables[name] == "text":
            frame[name] = frame[name].astype("str")
            continue
        if pd.api.types.is_integer_dtype(frame[name].dtype) and (frame[name].abs() > EXACT).any():
            record = int(np.argmax((frame[name].abs() > EXACT).to_numpy())) + 1
            raise SourceError(f"{path.name}: record {record}: {name} is above 2**53 and would be rounded")
        frame[name] = frame[name].astype("float64")
    return frame, False


register(".parquet", layout, records)
