"""Comparison of a transport file with what was written to it: the same header, the same values to the last bit, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from adam.core.errors import ExportError
from adam.core.identifiers import FORMAT
from adam.submission.blocks import blocks_of
from adam.submission.formats import require_same
from adam.submission.text_terms import same_texts
from adam.submission.xpt_reader import (
    CARD,
    DESCRIPTION,
    FIRST_CARDS,
    Field,
    Header,
    UnreadableError,
    read_fields,
    read_header,
    read_numbers,
    read_texts,
)

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset, ResolvedVariable

NUMBER = 8
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
SECONDS = {"date": 86400, "datetime": 1}
EPOCH, NO_MOMENT = np.datetime64("1960-01-01T00:00:00", "s"), np.datetime64("NaT", "s")


def compare_file(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path) -> None:
    """Compare a whole file with the records and the dataset; only the times in its header are not compared.

    Raises:
        ExportError: anything differs.
    """
    with path.open("rb") as file:
        header = compare_header(file.read(_header_size(dataset)), dataset, None, path.name)
        first = 0
        for block in blocks_of(frame, dataset):
            compare_records(file.read(len(block) * header.record_size), header, block, dataset, path.name, first)
            first += len(block)
        compare_end(file.read(), file.tell(), path.name)


def compare_header(raw: bytes, dataset: ResolvedDataset, created: datetime.datetime | None, file: str) -> Header:
    """Compare the header of a file with the dataset and, if it is given, the creation time.

    Raises:
        ExportError: anything differs.
    """
    try:
        header = read_header(raw)
    except UnreadableError as error:
        raise _unreadable(file, error) from None
    names, expected = [field.name for field in header.fields], list(dataset.variables)
    if names != expected:
        raise ExportError(f"{file} does not read back as it was written: the variables {expected} were written, {names} were read")
    differences = [] if (header.name, header.label) == (dataset.name, dataset.label) else ["name or label of the dataset"]
    if created is not None and header.times != {f"{created:%d}{MONTHS[created.month - 1]}{created:%y:%H:%M:%S}"}:
        differences.append("creation time")
    for field, variable in zip(header.fields, dataset.variables.values(), strict=True):
        differences += [f"{field.name} ({attribute})" for attribute in _different_attributes(field, variable)]
    require_same(file, differences)
    return header


def compare_records(
    raw: bytes, header: Header, frame: pd.DataFrame, dataset: ResolvedDataset, file: str, first: int, *, together: Sequence[int] = ()
) -> None:
    """Compare the bytes of some records with these records.

    Args:
        raw: the bytes.
        header: from `compare_header`.
        frame: the records that were written.
        dataset: the resolved dataset.
        file: the name of the file in messages.
        first: the number of records before these.
        together: how many neighboring fields are read together, for all fields in order. If these repeat together, few of their bytes are
            distinct, and each distinct one is decoded once. The result does not depend on it.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    where = f"{file}, from record {first + 1}," if first else file
    if len(raw) != len(frame) * header.record_size:
        count = len(raw) // header.record_size
        raise ExportError(f"{where} does not read back as it was written: {len(frame)} records were written, {count} were read")
    if sum(together) != len(header.fields):
        together = (1,) * len(header.fields)
    fields = read_fields(raw, header, together)
    require_same(where, [f"{field.name} (values)" for field, distinct, codes in fields
                         if not _is_same(distinct, codes, field, frame[field.name], dataset.variables[field.name])])  # fmt: skip


def compare_end(raw: bytes, size: int, file: str) -> None:
    """Check what follows the last record: blanks up to a whole card, in a file of `size` bytes.

    Raises:
        ExportError: there is anything else.
    """
    if raw.strip(b" ") or len(raw) >= CARD or size % CARD:
        raise ExportError(f"{file} does not read back as it was written: its end is not filled up to a whole card with blanks")


def _header_size(dataset: ResolvedDataset) -> int:
    return (FIRST_CARDS + -(-len(dataset.variables) * DESCRIPTION // CARD) + 1) * CARD


def _unreadable(file: str, error: UnreadableError) -> ExportError:
    return ExportError(f"{file} does not read back as it was written: {error} cannot be read. Check the disk and export again")


def _is_same(distinct: np.ndarray, codes: np.ndarray, field: Field, written: pd.Series, variable: ResolvedVariable) -> bool:
    """Whether the values of a variable are those that were written.

    Args:
        distinct: distinct bytes, one row for each.
        codes: the number of the bytes of each record.
        field: the variable in the file.
        written: the values.
        variable: the variable of the dataset.
    """
    try:
        if field.is_text:
            return same_texts(read_texts(distinct), codes, written)
        numbers = read_numbers(distinct)
    except UnreadableError:
        return False
    if variable.type not in SECONDS:
        return np.array_equal(numbers[codes], written.to_numpy(dtype="float64", na_value=np.nan), equal_nan=True)
    missing, expected = np.isnan(numbers), written.to_numpy(dtype="datetime64[s]")
    counts = np.clip(np.where(missing, 0, numbers), -(2**40), 2**40).astype("int64")  # a number that is no date differs from its count
    moments = np.where(missing, NO_MOMENT, EPOCH + (counts * SECONDS[variable.type]).astype("timedelta64[s]"))
    whole = missing | (counts == numbers)
    return bool(whole.all() and np.array_equal(moments[codes].view(np.int64), expected.view(np.int64)))


def _different_attributes(field: Field, variable: ResolvedVariable) -> Iterator[str]:
    if field.is_text != (variable.type == "text"):
        yield "type"
    if field.label != variable.label:
        yield "label"
    if field.width != (variable.length if field.is_text else NUMBER):
        yield "length"
    if field.format != _format_parts(variable.format):
        yield "format"


def _format_parts(text: str) -> tuple[str, int, int]:
    """Name, width and decimals of a format: `8.`, `8.0` and `8` are the same format."""
    parts = FORMAT.fullmatch(text)
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)
