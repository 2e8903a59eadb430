"""Records of a transport file as SAS TS-140 defines them: IBM doubles, text padded with blanks, records without gaps.

Each distinct combination of the values of neighboring columns is encoded once, then Arrow copies its bytes to the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adam.submission.blocks import NUMBER
from adam.submission.combinations import Combinations, EncodedRecords, Terms
from adam.submission.xpt_limits import DATES

if TYPE_CHECKING:
    from adam.planning.values import ResolvedVariable

SAS_EPOCH = np.datetime64("1960-01-01T00:00:00", "s")
CARD, NAMESTR = 80, 140
"""Bytes of a card, and of the description of a variable in the header."""
MISSING = np.uint64(0x2E << 56)
"""The missing number: a period and seven zero bytes."""
SIGN, FRACTION, LEADING = np.uint64(1 << 63), np.uint64((1 << 52) - 1), np.uint64(1 << 52)


def encode_records(combinations: Sequence[Combinations], widths: Mapping[str, int]) -> EncodedRecords:
    """The bytes of one or more records.

    Args:
        combinations: the values of the records, within the limits that `xpt_limits.require_writable` checks.
        widths: the bytes of each text variable.
    """
    return EncodedRecords([_pieces(each, widths) for each in combinations], [each.codes for each in combinations])


def _pieces(combinations: Combinations, widths: Mapping[str, int]) -> pa.Array:
    """The bytes of each combination."""
    columns = [(column, widths.get(column.variable.name, NUMBER)) for column in combinations.columns]
    width = sum(own for _, own in columns)
    data = np.empty((len(combinations), width), dtype=np.uint8)
    first = 0
    for column, own in columns:
        data[:, first : first + own] = term_bytes(column.terms, column.variable, own)[column.places]
        first += own
    offsets = np.arange(len(data) + 1, dtype=np.int64) * width
    return pa.Array.from_buffers(pa.large_binary(), len(data), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def term_bytes(terms: Terms, variable: ResolvedVariable, width: int) -> npt.NDArray[np.uint8]:
    """The bytes of the distinct values of a variable, a row for each; no text may be longer than `width`."""
    if variable.type == "text":
        padded = b"".join(term.encode("utf-8").ljust(width) for term in terms.tolist())
        return np.frombuffer(padded, dtype=np.uint8).reshape(len(terms), width)
    return to_ibm_doubles(_sas_numbers(terms, variable)).astype(">u8").view(np.uint8).reshape(len(terms), NUMBER)


def _sas_numbers(terms: np.ndarray, variable: ResolvedVariable) -> npt.NDArray[np.float64]:
    """Numbers as SAS stores them: dates as days and datetimes as seconds since 1960-01-01, NaN for missing."""
    if variable.type not in DATES:
        return terms
    return (terms - SAS_EPOCH) / np.timedelta64(86400 if variable.type == "date" else 1, "s")


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


def header_size(variables: int) -> int:
    """Bytes before the first record: eight cards, the descriptions of the variables filled up to whole cards, one card."""
    return 8 * CARD + -(-variables * NAMESTR // CARD) * CARD + CARD
