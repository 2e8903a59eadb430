"""A reader of transport files of version 5 by their published layout: it shares no code with the writer, and accepts no unexplained byte.

Source: SAS TS-140, The Record Layout of a Data Set in SAS Transport (XPORT) Format.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adam.submission.distinct_pieces import distinct_pieces

CARD, DESCRIPTION = 80, 140
FIRST_CARDS = 8
"""Cards before the descriptions of the variables."""
DATE_TIME = rb"(\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d)"
BEFORE = re.compile(
    rb"HEADER RECORD\*{7}LIBRARY HEADER RECORD!{7}0{30}  "
    rb"SAS     SAS     SASLIB  6\.06    bsd4\.2   {24}" + DATE_TIME + DATE_TIME + rb" {64}"
    rb"HEADER RECORD\*{7}MEMBER  HEADER RECORD!{7}0{17}1600000000140  "
    rb"HEADER RECORD\*{7}DSCRPTR HEADER RECORD!{7}0{30}  "
    rb"SAS     (.{8})SASDATA 6\.06    bsd4\.2   {24}" + DATE_TIME + DATE_TIME + rb" {16}(.{40}) {8}"
    rb"HEADER RECORD\*{7}NAMESTR HEADER RECORD!{7}0{6}(\d{4})0{20}  ",
    re.DOTALL,
)
"""The cards before the descriptions: the times of the library, name, times and label of the dataset, the number of variables."""
AFTER = re.compile(rb" *HEADER RECORD\*{7}OBS     HEADER RECORD!{7}0{30}  ")
VARIABLE = struct.Struct(">hhhh8s40s8shhhh8shhl52s")
NUMBER, TEXT = 1, 2
LEFT, RIGHT = 0, 1
IBM_MISSING, IBM_SIGN = 0x2E << 56, 1 << 63
FRACTION, TOP_DIGIT = (1 << 56) - 1, 0xF << 52
POWERS = np.array([16.0 ** (power - 64 - 14) for power in range(128)])
"""The value of a unit of the fraction, which has 14 hexadecimal digits, by the 7 bits of the exponent."""


@dataclass(frozen=True)
class Field:
    """A variable as the header describes it; `place` is its first byte in a record, `format` has name, width and decimals."""

    name: str
    label: str
    is_text: bool
    width: int
    place: int
    format: tuple[str, int, int]


@dataclass(frozen=True)
class Header:
    """What the header of a file states."""

    name: str
    label: str
    times: frozenset[str]
    fields: tuple[Field, ...]

    @property
    def record_size(self) -> int:
        """The bytes of a record."""
        return sum(field.width for field in self.fields)


class UnreadableError(Exception):
    """The bytes are not those of a transport file."""


def read_header(raw: bytes) -> Header:
    """Read all bytes before the first record.

    Raises:
        UnreadableError: a byte is not as the layout has it.
    """
    cards = BEFORE.fullmatch(raw, 0, FIRST_CARDS * CARD)
    if cards is None:
        raise UnreadableError("the cards of the library and the dataset")
    *times, name, created, modified, label, count = cards.groups()
    end = FIRST_CARDS * CARD + int(count) * DESCRIPTION
    filled = -(-end // CARD) * CARD
    if len(raw) != filled + CARD or AFTER.fullmatch(raw, end) is None:
        raise UnreadableError("the card before the records")
    fields = tuple(_fields(raw[FIRST_CARDS * CARD : end]))
    return Header(_name(name), _name(label), frozenset(_name(time) for time in (*times, created, modified)), fields)


def _fields(raw: bytes) -> Iterator[Field]:
    place = 0
    for number, parts in enumerate(VARIABLE.iter_unpack(raw), 1):
        kind, hashed, width, own, name, label, form, shown, decimals, side, fill, read, read_width, read_decimals, start, rest = parts
        zeros = (hashed, fill, read_width, read_decimals)
        expected = (number, place, RIGHT if kind == NUMBER else LEFT)
        if any(zeros) or rest.strip(b"\0") or read.strip(b" ") or (own, start, side) != expected or kind not in (NUMBER, TEXT) or width < 1:
            raise UnreadableError(f"the description of variable {number}")
        yield Field(_name(name), _name(label), kind == TEXT, width, place, (_name(form), shown, decimals))
        place += width


def _name(raw: bytes) -> str:
    """A text of the header without its padding."""
    try:
        return raw.rstrip(b" ").decode("ascii")
    except UnicodeDecodeError:
        raise UnreadableError("a text of the header") from None


Fields = list[tuple[Field, np.ndarray]]
"""Neighboring fields, each with its bytes in the distinct pieces: a row for each piece."""


def read_fields(
    raw: bytes | memoryview, header: Header, together: Sequence[int], suggested: Sequence[np.ndarray] = ()
) -> Iterator[tuple[Fields, np.ndarray]]:
    """The fields of each piece of a record, and the number of the piece of each record.

    Args:
        raw: the bytes of some records.
        header: what the header of the file states.
        together: the number of neighboring fields in each piece of a record; all fields are in one.
        suggested: numbers for the pieces of each record, see `distinct_pieces`.
    """
    ends = np.cumsum(together)
    starts = np.array([field.place for field in header.fields])[ends - together]
    records = len(raw) // header.record_size
    borders = np.full(records * len(starts) + 1, len(raw))
    np.add.outer(np.arange(records) * header.record_size, starts, out=borders[:-1].reshape(records, len(starts)))
    for end, count, first, (distinct, codes) in zip(ends, together, starts, distinct_pieces(raw, borders, records, suggested), strict=True):
        rows = np.frombuffer(distinct.buffers()[2], dtype=np.uint8).reshape(len(distinct), -1)
        own = header.fields[end - count : end]
        yield [(field, np.ascontiguousarray(rows[:, field.place - first : field.place - first + field.width])) for field in own], codes


def read_numbers(raw: np.ndarray) -> np.ndarray:
    """IBM doubles as float64, NaN where a number is missing.

    A number must be in its shortest form and have no more digits than a float64 has, so that each number has one form only.

    >>> read_numbers(np.frombuffer(bytes.fromhex("4110000000000000C2640000000000002E00000000000000"), dtype=np.uint8).reshape(3, 8))
    array([   1., -100.,   nan])

    Raises:
        UnreadableError: a number has another form.
    """
    words = raw.view(">u8").ravel().astype(np.uint64)
    digits = words & np.uint64(FRACTION)
    whole = digits.astype(np.float64)
    zero = digits == 0
    missing = words == IBM_MISSING
    unfinished = np.where(zero, (words != 0) & ~missing, (digits & np.uint64(TOP_DIGIT)) == 0)
    if unfinished.any() or (whole.astype(np.uint64) != digits).any():
        raise UnreadableError("a number")
    values = whole * POWERS[(words >> np.uint64(56)) & np.uint64(0x7F)]
    np.negative(values, out=values, where=(words & np.uint64(IBM_SIGN)) != 0)
    values[missing] = np.nan
    return values


def read_texts(raw: np.ndarray) -> list[str]:
    """Texts without the blanks at their end.

    Raises:
        UnreadableError: a text is not UTF-8.
    """
    size, width = raw.shape
    whole = raw.tobytes()
    try:
        return [whole[at : at + width].rstrip(b" ").decode("utf-8") for at in range(0, size * width, width)]
    except UnicodeDecodeError:
        raise UnreadableError("a text") from None
