"""The columns of a file as derivations take them: text stripped, numbers float64, dates datetime64; and what was met on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.sources.formats import Note
from adam.sources.moments import as_moments

SPACES = "".join(
    map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x20), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
"""What Unicode calls white space."""
UNSEEN = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
"""Characters of no width."""
DOMAIN = "DOMAIN"
TWO_LETTERS = re.compile(r"[A-Z][A-Z0-9]")
DTYPES = {"text": "str", "date": "datetime64[s]", "datetime": "datetime64[s]"}
MISSING = {"date": np.datetime64("NaT", "s"), "datetime": np.datetime64("NaT", "s")}


def cleaned(frame: pd.DataFrame, kinds: Mapping[str, str]) -> tuple[pd.DataFrame, list[Note]]:
    """The columns in the order of `kinds`: text stripped, "" where there is none; numbers and times float64, dates datetime64.

    A column that is not there is blank or missing. Blanks at both ends of a text are dropped; other white space there, and characters
    of no width, are dropped with a note.
    """
    columns, notes = {}, []
    for name, kind in kinds.items():
        if name not in frame:
            columns[name] = pd.Series("" if kind == "text" else MISSING.get(kind, np.nan), index=frame.index, dtype=DTYPES.get(kind, "float64"))
            continue
        columns[name], found = _column(frame[name].rename(name), kind)
        notes += found
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame))), notes


def _column(column: pd.Series, kind: str) -> tuple[pd.Series, list[Note]]:
    if kind == "text":
        return _stripped(_text(column).fillna(""))
    if column.dtype.kind == "M":
        return column.astype("datetime64[s]"), []
    values = column.astype("float64")
    return (values, []) if kind == "number" else as_moments(values, kind)


def _text(column: pd.Series) -> pd.Series:
    """Numbers as they are read, 3 and not 3.0, and dates in ISO 8601; they stand where SUPP-- has text."""
    if pd.api.types.is_float_dtype(column.dtype):
        return column.astype("str").str.replace(r"\.0$", "", regex=True)
    return column.astype("str")


def _stripped(column: pd.Series) -> tuple[pd.Series, list[Note]]:
    """Text without what is at its ends, and notes on what was there other than blanks, and on NUL characters anywhere."""
    name, plain = str(column.name), column.str.strip(" ")
    bare = column.str.strip(SPACES + UNSEEN)
    more = (plain != bare).to_numpy(dtype=bool)
    notes = [Note(name, "white space other than blanks, or characters without width, at the ends were removed", more, column)] if more.any() else []
    nul = column.str.contains("\0", regex=False).to_numpy(dtype=bool)
    if nul.any():
        notes.append(Note(name, "text with a NUL character in it; remove it", nul, column, error=True))
    return bare, notes


def strangers(frame: pd.DataFrame, domain: str) -> list[Note]:
    """A note on the records whose DOMAIN is another than that of their file."""
    if DOMAIN not in frame or not TWO_LETTERS.fullmatch(domain):
        return []
    other = ~frame[DOMAIN].str.upper().isin(["", domain]).to_numpy(dtype=bool)
    return [Note(DOMAIN, f"DOMAIN is not {domain}; the record was read with the others of its file", other)] if other.any() else []
