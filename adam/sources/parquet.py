"""Parquet files: text, numbers, and columns with the type of dates, datetimes or times. Booleans and time zones are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from adam.core.errors import SourceError
from adam.sources.formats import DAMAGED, Layout, Note, Records, layout_of, readable, register
from adam.sources.numbers import EXACT, numbers_of_text, refuse_large, too_large

SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _values(kind: pa.DataType) -> pa.DataType:
    """The type of the values of a column; of a dictionary that of its entries."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _kind(column: pa.Field, path: Path) -> str:
    kind = _values(column.type)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return "text"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return "datetime"
    if pa.types.is_time(kind):
        return "time"
    raise SourceError(
        f"{path.name}: {column.name} has the type {kind}; a variable must be text, a number, or a date without time zone. Store it as one of these."
    )


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a Parquet file.

    Raises:
        SourceError: the type of a variable does not exist in SDTM.
    """
    import pyarrow.parquet as pq  # loads file systems of clouds

    with readable(path, pa.ArrowException, cure=DAMAGED):
        schema, records = pq.read_schema(path), pq.read_metadata(path).num_rows
    variables = [(column.name, _kind(column, path), "") for column in schema if column.name != "__index_level_0__"]
    return layout_of(path, variables, records, encoding)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:  # noqa: ARG001
    """The records of a Parquet file.

    Raises:
        SourceError: a float cannot hold a number.
    """
    import pyarrow.parquet as pq

    with readable(path, pa.ArrowException, cure=DAMAGED):
        return _records(pq.read_table(path, columns=[layout.names[name] for name in columns]), path, layout, columns)


def windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:
    """The records of a Parquet file by windows; one without records is one window.

    Raises:
        SourceError: as for `records`.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    if not layout.records:
        yield records(path, layout, columns)
        return
    with readable(path, pa.ArrowException, cure=DAMAGED), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(size, columns=[layout.names[name] for name in columns]):
            yield _records(pa.Table.from_batches([batch]), path, layout, columns)


def _records(table: pa.Table, path: Path, layout: Layout, columns: Sequence[str]) -> Records:
    frame, notes = {}, []
    for name in columns:
        column = table.column(layout.names[name])
        frame[name], found = _column(name, column.cast(_values(column.type)), path)
        notes += found
    return Records(pd.DataFrame(frame, index=pd.RangeIndex(table.num_rows)), notes=tuple(notes))


def _column(name: str, column: pa.ChunkedArray, path: Path) -> tuple[pd.Series, list[Note]]:
    """A column as text, float64 or datetime64, with notes; null is blank or missing."""
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _moment(name, column)
    if pa.types.is_time(kind):
        ticks = column.cast(pa.int64() if kind.bit_width == 64 else pa.int32()).cast(pa.float64())
        return pd.Series(ticks.to_numpy() / SECOND[kind.unit], name=name), []
    if pa.types.is_decimal(kind):
        return numbers_of_text(_series(name, compute.fill_null(column.cast(pa.large_string()), "")), path)
    if pa.types.is_integer(kind):
        _refuse_large_integers(name, column, path)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        values = pd.Series(column.cast(pa.float64()).to_numpy(), name=name)
        refuse_large(values, path)
        return values, []
    return _series(name, compute.fill_null(column.cast(pa.large_string()), "")), []


def _series(name: str, text: pa.ChunkedArray) -> pd.Series:
    return text.to_pandas().astype("str").rename(name)


def _refuse_large_integers(name: str, column: pa.ChunkedArray, path: Path) -> None:
    """Refuse a stored whole number above 2**53 before it becomes a float.

    Raises:
        SourceError: a number is above 2**53.
    """
    large = compute.greater(column, pa.scalar(EXACT, column.type)) if column.type.bit_width == 64 else None
    if large is not None and pa.types.is_signed_integer(column.type):
        large = compute.or_(large, compute.less(column, pa.scalar(-EXACT, column.type)))
    found = np.flatnonzero(large.fill_null(False).to_numpy()) if large is not None else np.zeros(0, dtype="int64")
    if len(found):
        raise too_large(path, int(found[0]), name, str(column[int(found[0])].as_py()))


def _moment(name: str, column: pa.ChunkedArray) -> tuple[pd.Series, list[Note]]:
    """A date or datetime in whole seconds, with a note if a fraction of a second is cut off."""
    exact = pd.Series(column.cast(pa.timestamp("ns") if column.type == pa.timestamp("ns") else pa.timestamp("us")).to_numpy(), name=name)
    whole = exact.dt.floor("s")
    cut = ((whole != exact) & exact.notna()).to_numpy(dtype=bool)
    notes = [Note(name, "The fraction of a second was cut off", cut, exact.astype("str"))] if cut.any() else []
    return whole.astype("datetime64[s]"), notes


register(".parquet", layout, records, "a Parquet file", encoded=False, windows=windows)
