"""Records of a dataset or domain in parts: in memory, or in files of Arrow that are mapped into memory when they are read.

A run holds one part of a study at a time. What a later stage reads again (another pass over the parts, or some variables of all records) is
a `StoredRecords`. It can be pickled: it has paths, or the frame itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.coded_columns import column_of_dictionary, dictionary_of
from adam.core.coded_text import is_coded

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
DTYPE, RECORDS = b"dtype", b"records"
"""The metadata of a column that its type in the file does not show, and of the file."""
ORDERED, NULLABLE, CODED = b"ordered", b"boolean", b"text"


@dataclass(frozen=True, eq=False)
class Piece:
    """Some records: their number, and a frame or the file with them."""

    count: int
    columns: tuple[str, ...]
    content: pd.DataFrame | Path

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """The records with some columns."""
        if isinstance(self.content, pd.DataFrame):
            return self.content[names[0]].to_frame() if len(names) == 1 else self.content[list(names)]  # a choice costs time for every column
        return _read(self.content, names)


@dataclass(frozen=True, eq=False)
class StoredRecords:
    """The records of a dataset or domain, in parts, in order. All parts have the same columns."""

    columns: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def count(self) -> int:
        """The number of records."""
        return sum(self.sizes)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of records of each part."""
        return tuple(piece.count for piece in self.pieces)

    def __len__(self) -> int:
        return self.count

    def parts(self, names: Iterable[str] | None = None) -> Iterator[pd.DataFrame]:
        """One part after another, each with a RangeIndex from 0 and the columns named (all without `names`).

        Raises:
            KeyError: there is no such column.
        """
        wanted = self._names(names)
        for piece in self.pieces:
            yield piece.frame(wanted)

    def read(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """All records with the columns named (all without `names`). One column after another is read, so that only the result is in memory.

        Raises:
            KeyError: there is no such column.
        """
        wanted = self._names(names)
        if len(self.pieces) == 1:
            return self.pieces[0].frame(wanted)
        found = {name: _joined([piece.frame([name])[name] for piece in self.pieces]) for name in wanted}
        return pd.DataFrame(found, index=pd.RangeIndex(self.count), columns=pd.Index(wanted), copy=False)

    def column(self, name: str) -> pd.Series:
        """All records of one column.

        Raises:
            KeyError: there is no such column.
        """
        content = self.pieces[0].content if len(self.pieces) == 1 and name in self.columns else None
        return content[name] if isinstance(content, pd.DataFrame) else self.read([name])[name]

    def chosen(self, names: Iterable[str]) -> StoredRecords:
        """The same records with some of their columns; nothing is read.

        Raises:
            KeyError: there is no such column.
        """
        columns = self._names(names)
        return StoredRecords(columns, tuple(replace(piece, columns=columns) for piece in self.pieces))

    def _names(self, names: Iterable[str] | None) -> tuple[str, ...]:
        wanted = self.columns if names is None else tuple(dict.fromkeys(names))
        for name in wanted:
            if name not in self.columns:
                raise KeyError(f"there is no column {name}; there are {', '.join(self.columns)}")
        return wanted

    @staticmethod
    def in_memory(frame: pd.DataFrame) -> StoredRecords:
        """The records of a frame, which are one part."""
        frame = frame.set_axis(pd.RangeIndex(len(frame)))
        columns = tuple(frame.columns)
        return StoredRecords(columns, (Piece(len(frame), columns, frame),))

    @staticmethod
    def on_disk(paths: Iterable[Path]) -> StoredRecords:
        """The records of files that `write_records` wrote, each a part.

        Raises:
            ValueError: there is no file, or two have different columns.
        """
        return StoredRecords.joined([_stored(path) for path in paths])

    @staticmethod
    def joined(stored: Iterable[StoredRecords]) -> StoredRecords:
        """The parts of several records, one after another.

        Raises:
            ValueError: there are none, or two have different columns.
        """
        pieces = tuple(piece for each in stored for piece in each.pieces)
        if not pieces:
            raise ValueError("records without a part have no columns")
        for piece in pieces[1:]:
            if piece.columns != pieces[0].columns:
                raise ValueError(f"two parts have different columns: {', '.join(pieces[0].columns)} and {', '.join(piece.columns)}")
        return StoredRecords(pieces[0].columns, pieces)


def write_records(frame: pd.DataFrame, path: Path) -> StoredRecords:
    """Write a frame as an Arrow file without compression, and return it as stored records. Its index is not stored.

    Text, numbers, whole numbers, dates and datetimes of any unit, plain and nullable booleans, and categories of text are read back with the
    same dtype and values; so are NaN, NaT, and a text that is missing and not blank.

    Raises:
        TypeError: a column has another dtype.
        OSError: the file cannot be written; the error has its name.
    """
    arrays = {str(name): _arrow(frame[name]) for name in frame.columns}
    fields = [pa.field(name, array.type, metadata=_metadata(frame[name], array)) for name, array in arrays.items()]
    schema = pa.schema(fields, metadata={RECORDS: str(len(frame))})
    batch = pa.RecordBatch.from_arrays(list(arrays.values()), schema=schema)
    try:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
            writer.write_batch(batch)
    except OSError as error:  # its message is that of Arrow
        raise OSError(error.errno, os.strerror(error.errno) if error.errno else str(error), str(path)) from error
    columns = tuple(arrays)
    return StoredRecords(columns, (Piece(len(frame), columns, path),))


def _stored(path: Path) -> StoredRecords:
    with pa.memory_map(str(path)) as file:
        schema = pa.ipc.open_file(file).schema
    columns = tuple(schema.names)
    return StoredRecords(columns, (Piece(int(schema.metadata[RECORDS]), columns, path),))


def _read(path: Path, names: Sequence[str]) -> pd.DataFrame:
    """Some columns of a file. Numbers, dates and text are not copied: the system reads their pages when they are used."""
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)  # with a choice of fields, it copies them
        schema, batch = reader.schema, reader.get_batch(0)
        found = {name: _pandas(batch.column(name), (schema.field(name).metadata or {}).get(DTYPE, b"")) for name in names}
    return pd.DataFrame(found, index=pd.RangeIndex(int(schema.metadata[RECORDS])), columns=pd.Index(names), copy=False)


def _arrow(column: pd.Series) -> pa.Array:
    """A column as one array of Arrow.

    Raises:
        TypeError: it has a dtype that is not read back as it is.
    """
    dtype = column.dtype
    if dtype == TEXT:
        return dictionary_of(column.array) if is_coded(column) else _whole(pa.array(column.array))
    if isinstance(dtype, pd.CategoricalDtype) and dtype.categories.dtype == TEXT:
        codes = column.cat.codes.to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), _whole(pa.array(dtype.categories.array)), ordered=bool(dtype.ordered))
    if isinstance(dtype, pd.BooleanDtype):
        return pa.array(column.array)
    if isinstance(dtype, np.dtype) and dtype.kind == "M":
        values = np.ascontiguousarray(column.to_numpy())  # NaT stays a number, so that the values are read back without a copy
        return pa.array(values.view("int64")).view(pa.timestamp(np.datetime_data(dtype)[0]))
    if isinstance(dtype, np.dtype) and dtype.kind in "iufb":
        return pa.array(np.ascontiguousarray(column.to_numpy()), from_pandas=False)
    raise TypeError(f"{column.name} has the dtype {dtype}, which cannot be stored")


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Text as one array."""
    if not isinstance(array, pa.ChunkedArray):
        return array.cast(pa.large_string())
    array = array.cast(pa.large_string())
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()


def _metadata(column: pd.Series, array: pa.Array) -> dict[bytes, bytes] | None:
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return {DTYPE: ORDERED} if dtype.ordered else None
    if isinstance(dtype, pd.BooleanDtype):
        return {DTYPE: NULLABLE}
    return {DTYPE: CODED} if pa.types.is_dictionary(array.type) else None


def _pandas(array: pa.Array, dtype: bytes) -> pd.Series:
    kind = array.type
    if pa.types.is_large_string(kind):
        return _text(array)
    if pa.types.is_dictionary(kind) and dtype == CODED:
        return column_of_dictionary(array)
    if pa.types.is_dictionary(kind):
        codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return pd.Series(pd.Categorical.from_codes(codes, pd.Index(_text(array.dictionary)), ordered=dtype == ORDERED))
    if pa.types.is_boolean(kind):
        values = array.to_numpy(zero_copy_only=False)
        return pd.Series(values, dtype="boolean" if dtype == NULLABLE else "bool")
    if pa.types.is_timestamp(kind):
        return pd.Series(array.view(pa.int64()).to_numpy().view(f"datetime64[{kind.unit}]"), copy=False)
    return pd.Series(array.to_numpy(), copy=False)


def _text(array: Any) -> pd.Series:  # noqa: ANN401  (an array or a chunked array of Arrow)
    return pd.Series(pd.arrays.ArrowStringArray(array, dtype=TEXT), copy=False)


def _joined(columns: Sequence[pd.Series]) -> pd.Series:
    """The columns one after another; categories in the order in which they are first met."""
    if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
        return pd.Series(pd.api.types.union_categoricals([column.array for column in columns]))
    return pd.concat(columns, ignore_index=True)
