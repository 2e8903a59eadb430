"""Comparison of a transport file with what was written to it: the same header, the same values to the last bit, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from adam.core.errors import ExportError
from adam.core.identifiers import FORMAT
from adam.submission.distinct_pieces import same_records
from adam.submission.formats import require_same
from adam.submission.same_values import combined_blocks
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
    from adam.submission.combinations import Combinations, Terms

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
        for block in combined_blocks(frame, dataset):
            count = len(block[0].codes)
            compare_records(file.read(count * header.record_size), header, block, path.name, first)
            first += count
        compare_end(file.read(), file.tell(), path.name)


def compare_header(raw: bytes | memoryview, dataset: ResolvedDataset, created: datetime.datetime | None, file: str) -> Header:
    """Compare the header of a file with the dataset and, if it is given, the creation time.

    Raises:
        ExportError: anything differs.
    """
    try:
        header = read_header(bytes(raw))
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


def compare_records(raw: bytes | memoryview, header: Header, block: Sequence[Combinations], file: str, first: int) -> None:
    """Compare the bytes of some records with the values of these records.

    The fields of a combination repeat together, so few of their bytes are distinct, and each distinct one is decoded once.

    Args:
        raw: the bytes.
        header: from `compare_header`.
        block: the values of the records that were written, from `combined_blocks`.
        file: the name of the file in messages.
        first: the number of records before these.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    where = f"{file}, from record {first + 1}," if first else file
    records = len(block[0].codes)
    if len(raw) != records * header.record_size:
        count = len(raw) // header.record_size
        raise ExportError(f"{where} does not read back as it was written: {records} records were written, {count} were read")
    different = []
    found = read_fields(raw, header, [len(each.columns) for each in block], [each.codes for each in block])
    for combinations, (fields, codes) in zip(block, found, strict=True):
        read, expected = same_records(codes, combinations.codes, len(combinations))
        for column, (field, distinct) in zip(combinations.columns, fields, strict=True):
            if not _is_same(distinct, read, field, column.terms.take(column.places).take(expected), column.variable):
                different.append(f"{field.name} (values)")
    require_same(where, different)


def compare_end(raw: bytes | memoryview, size: int, file: str) -> None:
    """Check what follows the last record: blanks up to a whole card, in a file of `size` bytes.

    Raises:
        ExportError: there is anything else.
    """
    if bytes(raw).strip(b" ") or len(raw) >= CARD or size % CARD:
        raise ExportError(f"{file} does not read back as it was written: its end is not filled up to a whole card with blanks")


def _header_size(dataset: ResolvedDataset) -> int:
    return (FIRST_CARDS + -(-len(dataset.variables) * DESCRIPTION // CARD) + 1) * CARD


def _unreadable(file: str, error: UnreadableError) -> ExportError:
    return ExportError(f"{file} does not read back as it was written: {error} cannot be read. Check the disk and export again")


def _is_same(distinct: np.ndarray, codes: np.ndarray, field: Field, written: Terms, variable: ResolvedVariable) -> bool:
    """Whether the values of a variable are those that were written.

    Args:
        distinct: distinct bytes, one row for each.
        codes: the number of the bytes of each value.
        field: the variable in the file.
        written: the values.
        variable: the variable of the dataset.
    """
    try:
        if field.is_text:
            texts = read_texts(distinct)
            return [texts[code] for code in codes.tolist()] == written.tolist()
        numbers = read_numbers(distinct)
    except UnreadableError:
        return False
    if variable.type not in SECONDS:
        return np.array_equal(numbers[codes], written, equal_nan=True)
    missing, expected = np.isnan(numbers), written.astype("datetime64[s]")
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
