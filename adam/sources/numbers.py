"""Numbers of source files: the double nearest to what is written, and what a double cannot hold is refused or reported."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources.formats import PLAIN, SHOWN, Note

EXACT = 2**53
"""Above this whole numbers are no longer all different as doubles."""
DIGITS = 17
"""Significant digits that always identify one double; more are rounded away."""


def refuse_large(values: pd.Series, path: Path) -> None:
    """Refuse numbers above 2**53 by name.

    Raises:
        SourceError: one is.
    """
    large = (values.abs() > EXACT).to_numpy(dtype=bool, na_value=False)
    if large.any():
        record = int(np.argmax(large))
        raise too_large(path, record, values.name, f"{values.iloc[record]:.17g}")


def too_large(path: Path, record: int, name: object, value: str) -> SourceError:
    """The refusal of a number above 2**53: which record (from 0) of which variable, and the number as it is written."""
    value = value if len(value) <= SHOWN else f"{value[:SHOWN]}..."
    cure = "store an identifier as text"
    return SourceError(f"{path.name}: record {record + 1}: {name} is above 2**53, where whole numbers are no longer exact: {value}; {cure}")


def numbers_of_text(column: pd.Series, path: Path) -> tuple[pd.Series, list[Note]]:
    """Written numbers as float64, NaN where blank, and the records with more digits than a double holds.

    Raises:
        SourceError: a text is no number, or a number above 2**53.
    """
    text = column.str.strip()
    blank = (text == "").to_numpy(dtype=bool)
    bad = ~text.str.fullmatch(PLAIN).to_numpy(dtype=bool) & ~blank
    if bad.any():
        record = int(np.argmax(bad))
        raise SourceError(f"{path.name}: record {record + 1}: {column.name} is a number; {text.iloc[record]!r} is none; a missing one is empty")
    values = pd.Series(np.where(blank, "nan", text.to_numpy(dtype=object)).astype("float64"), index=column.index, name=column.name)
    long = (((text.str.len() > DIGITS - 2) | text.str.contains("[eE]")) & ~blank).to_numpy(dtype=bool)
    rounded = np.zeros(len(text), dtype=bool)
    for written in text[long].unique():
        kept, same = float(written), (text == written).to_numpy(dtype=bool)
        if abs(kept) == np.inf or abs(Decimal(written)) > EXACT:
            raise too_large(path, int(np.argmax(same)), column.name, written)
        rounded |= same & _rounded(Decimal(written), kept)
    refuse_large(values, path)
    notes = [Note(str(column.name), "a number with more digits than can be kept; it was rounded", rounded, text)] if rounded.any() else []
    return values, notes


def _rounded(written: Decimal, kept: float) -> bool:
    """Whether digits were lost: more than identify a double, and not the whole of one."""
    digits = len("".join(map(str, written.as_tuple().digits)).strip("0"))
    return (digits > DIGITS or (kept == 0) != (written == 0)) and Decimal(kept) != written
