"""Convert the columns of a file to the form that derivations read: text stripped, numbers float64, dates datetime64; with notes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.core.coded_columns import is_bare
from adam.core.coded_text import as_codes
from adam.sources.formats import Note
from adam.sources.moments import as_moments

SPACES = "".join(
    map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x20), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
"""The white space characters of Unicode."""
ZERO_WIDTH = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
"""Characters without width."""
DOMAIN = "DOMAIN"
TWO_LETTERS = re.compile(r"[A-Z][A-Z0-9]")
DTYPES = {"text": "str", "date": "datetime64[s]", "datetime": "datetime64[s]"}
MISSING = {"date": np.datetime64("NaT", "s"), "datetime": np.datetime64("NaT", "s")}


def clean_columns(frame: pd.DataFrame, kinds: Mapping[str, str]) -> tuple[pd.DataFrame, list[Note]]:
    """Convert the columns in `kinds`, in that order: text stripped, "" where missing; numbers and times float64, dates datetime64.

    A column that the frame lacks is blank or missing. Blanks at both ends of a text are removed; other white space and characters
    without width are removed with a note.
    """
    columns, notes = {}, []
    for name, kind in kinds.items():
        if name not in frame:
            columns[name] = pd.Series("" if kind == "text" else MISSING.get(kind, np.nan), index=frame.index, dtype=DTYPES.get(kind, "float64"))
            continue
        columns[name], found = _column(frame[name].rename(name), kind)
        notes += found
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), copy=False), notes


def _column(column: pd.Series, kind: str) -> tuple[pd.Series, list[Note]]:
    if kind == "text":
        return _stripped(as_codes(_text(column).fillna("")))
    if column.dtype.kind == "M":
        return column.astype("datetime64[s]"), []
    values = column.astype("float64")
    return (values, []) if kind == "number" else as_moments(values, kind)


def _text(column: pd.Series) -> pd.Series:
    """Numbers as short text, 3 and not 3.0, and dates in ISO 8601: SUPP-- has them as text."""
    if pd.api.types.is_float_dtype(column.dtype):
        return column.astype("str").str.replace(r"\.0$", "", regex=True)
    return column.astype("str")


def _stripped(column: pd.Series) -> tuple[pd.Series, list[Note]]:
    """Text without white space at its ends, and notes on white space other than blanks and on NUL characters."""
    if is_bare(column):
        return column, []
    name, plain = str(column.name), column.str.strip(" ")
    bare = column.str.strip(SPACES + ZERO_WIDTH)
    more = (plain != bare).to_numpy(dtype=bool)
    notes = (
        [Note(name, "White space other than blanks, or characters without width, was removed from the ends of the text", more, column)]
        if more.any()
        else []
    )
    nul = column.str.contains("\0", regex=False).to_numpy(dtype=bool)
    if nul.any():
        notes.append(Note(name, "The text has a NUL character. Remove it from the source", nul, column, error=True, rank=1))
    return bare, notes


def other_domains(frame: pd.DataFrame, domain: str) -> list[Note]:
    """A note on the records whose DOMAIN differs from that of their file."""
    if DOMAIN not in frame or not TWO_LETTERS.fullmatch(domain):
        return []
    other = ~frame[DOMAIN].str.upper().isin(["", domain]).to_numpy(dtype=bool)
    return (
        [
            Note(
                DOMAIN,
                f"DOMAIN is not {domain}; the record was read with the others of its file",
                other,
            )
        ]
        if other.any()
        else []
    )
