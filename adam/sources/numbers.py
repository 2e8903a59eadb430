"""Numbers of source files: the double nearest to the written number; what a double cannot hold is refused or reported."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.core.numerals import PLAIN
from adam.sources.formats import SHOWN, Note

EXACT = 2**53
"""The largest whole number up to which doubles are exact."""
DIGITS = 17
"""The number of significant digits that always identify a double; more are rounded."""


def refuse_large(values: pd.Series, path: Path) -> None:
    """Refuse numbers above 2**53.

    Raises:
        SourceError: a number is above 2**53.
    """
    large = (values.abs() > EXACT).to_numpy(dtype=bool, na_value=False)
    if large.any():
        record = int(np.argmax(large))
        raise too_large(path, record, values.name, f"{values.iloc[record]:.17g}")


def too_large(path: Path, record: int, name: object, value: str) -> SourceError:
    """The error for a number above 2**53: the record (from 0), the variable, and the number as written."""
    value = value if len(value) <= SHOWN else f"{value[:SHOWN]}..."
    what = f"{name} is {value}, above 2**53, where whole numbers are no longer exact"
    return SourceError(f"{path.name}: record {record + 1}: {what}. Store an identifier as text.")


def numbers_of_text(column: pd.Series, path: Path) -> tuple[pd.Series, list[Note]]:
    """Convert the text of numbers to float64, NaN where blank, with a note on numbers with more digits than a double holds.

    Raises:
        SourceError: a text is not a number, or a number is above 2**53.
    """
    text = column.str.strip()
    blank = (text == "").to_numpy(dtype=bool)
    bad = ~text.str.fullmatch(PLAIN.pattern).to_numpy(dtype=bool) & ~blank
    if bad.any():
        record = int(np.argmax(bad))
        what = f"{column.name} must be a number, but is {text.iloc[record]!r}"
        raise SourceError(f"{path.name}: record {record + 1}: {what}. Correct it, or leave a missing number blank.")
    values = pd.Series(np.where(blank, "nan", text.to_numpy(dtype=object)).astype("float64"), index=column.index, name=column.name)
    long = (((text.str.len() > DIGITS - 2) | text.str.contains("[eE]")) & ~blank).to_numpy(dtype=bool)
    rounded = np.zeros(len(text), dtype=bool)
    for written in text[long].unique():
        kept, same = float(written), (text == written).to_numpy(dtype=bool)
        if abs(kept) == np.inf or abs(Decimal(written)) > EXACT:
            raise too_large(path, int(np.argmax(same)), column.name, written)
        rounded |= same & _rounded(Decimal(written), kept)
    refuse_large(values, path)
    notes = [Note(str(column.name), "The number has more digits than can be stored; it was rounded", rounded, text)] if rounded.any() else []
    return values, notes


def _rounded(written: Decimal, kept: float) -> bool:
    """Whether digits were lost: there are more than identify a double, and they are not the exact value of the double."""
    digits = len("".join(map(str, written.as_tuple().digits)).strip("0"))
    return (digits > DIGITS or (kept == 0) != (written == 0)) and Decimal(kept) != written
