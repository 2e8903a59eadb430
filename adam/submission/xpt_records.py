"""Records of a transport file as SAS TS-140 defines them: IBM doubles, text padded with blanks, records without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adam.submission.text_terms import text_terms
from adam.submission.xpt_limits import DATES

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset

Column: TypeAlias = npt.NDArray[np.float64] | pa.DictionaryArray
"""A variable as SAS stores it: numbers as float64, text as an Arrow dictionary without nulls."""
Columns: TypeAlias = Mapping[str, Column]

SAS_EPOCH = np.datetime64("1960-01-01T00:00:00", "s")
NUMBER = 8
CARD, NAMESTR = 80, 140
"""Bytes of a card, and of the description of a variable in the header."""
MISSING = np.uint64(0x2E << 56)
"""The missing number: a period and seven zero bytes."""
SIGN, FRACTION, LEADING = np.uint64(1 << 63), np.uint64((1 << 52) - 1), np.uint64(1 << 52)


def to_sas_columns(frame: pd.DataFrame, dataset: ResolvedDataset) -> Columns:
    """The columns as SAS stores them: dates as days and datetimes as seconds since 1960-01-01, NaN for missing, text as terms."""
    columns: dict[str, Column] = {}
    for name, variable in dataset.variables.items():
        column = frame[name]
        if variable.type == "text":
            columns[name] = text_terms(column)
        elif variable.type in DATES:
            seconds = (column - SAS_EPOCH) / np.timedelta64(1, "s")
            columns[name] = (seconds / 86400 if variable.type == "date" else seconds).to_numpy(dtype="float64")
        else:
            columns[name] = column.astype("float64").to_numpy(dtype="float64")
    return columns


def to_ibm_doubles(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Doubles in the IBM format: a sign, a power of 16 plus 64, and a fraction of 56 bits, which holds all 53 bits of an IEEE double.

    Args:
        values: 0, or numbers between 5.4e-79 and 7.2e75 in size; NaN is missing. `xpt_limits.require_writable` refuses all others.

    Source: SAS TS-140.

    >>> [hex(bits) for bits in to_ibm_doubles(np.array([1.0, -118.625, 0.0, np.nan])).tolist()]
    ['0x4110000000000000', '0xc276a00000000000', '0x0', '0x2e00000000000000']
    """
    bits = values.view(np.uint64)
    exponent = ((bits >> np.uint64(52)) & np.uint64(0x7FF)).astype(np.int64) - 1022
    halvings = -exponent % 4  # to the next power of 16
    fraction = ((bits & FRACTION) | LEADING) << (3 - halvings).astype(np.uint64)
    power = ((exponent + halvings) // 4 + 64).astype(np.uint64) << np.uint64(56)
    return np.where(np.isnan(values), MISSING, np.where(values == 0, np.uint64(0), (bits & SIGN) | power | fraction))


def padded_terms(terms: pa.Array, width: int) -> npt.NDArray[np.bytes_]:
    """Texts as UTF-8, padded with blanks to `width` bytes; no text may be longer."""
    return np.array([term.encode("utf-8").ljust(width) for term in terms.to_pylist()], dtype=f"S{width}")


def encode_records(columns: Columns, widths: Mapping[str, int]) -> memoryview:
    """The bytes of some records.

    Args:
        columns: from `to_sas_columns`, within the limits that `xpt_limits.require_writable` checks.
        widths: the bytes of each text variable.
    """
    layout = np.dtype([(name, f"S{widths[name]}" if name in widths else ">u8") for name in columns])
    records = np.empty(len(next(iter(columns.values()))), dtype=layout)
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            records[name] = to_ibm_doubles(column)
        else:
            records[name] = padded_terms(column.dictionary, widths[name])[column.indices.to_numpy()]
    return records.view(np.uint8).data


def header_size(variables: int) -> int:
    """Bytes before the first record: eight cards, the descriptions of the variables filled up to whole cards, one card."""
    return 8 * CARD + -(-variables * NAMESTR // CARD) * CARD + CARD
