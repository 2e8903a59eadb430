"""Match records by their values: which records have the same ones, and which record of another dataset has those of a record.

Missing and blank are values like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from adam.core.coded_text import coded, distinct_of, shared_codes
from adam.core.distinct_texts import appearing
from adam.core.distinct_texts import numbered as renumbered
from adam.core.kinds import missing_mask

LARGEST = 2**52
"""A limit below which every whole number of an array is exact."""


OF_FOUR_BYTES = 2**31 - 1
"""The largest whole number of four bytes."""


def positions(among: pd.DataFrame, wanted: pd.DataFrame) -> np.ndarray:
    """Return the position in `among` of the first record with the values of each record of `wanted`; -1 for none.

    >>> positions(pd.DataFrame({"a": [1, 2, 2]}), pd.DataFrame({"b": [2, 3]})).tolist()
    [1, -1]
    """
    if not len(among):
        return np.full(len(wanted), -1)
    theirs, own, size = numbered_alike(among, wanted)
    first = np.full(size, -1)
    first[theirs[::-1]] = np.arange(len(among) - 1, -1, -1)
    return first[own]


def numbered_alike(among: pd.DataFrame, wanted: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, int]:
    """Return a number for each record of two frames, the same for the same values, and a number above all."""
    codes, size = _combined(_codes_of_both(among.iloc[:, place], wanted.iloc[:, place]) for place in range(among.shape[1]))
    if size > 4 * len(codes):
        codes, distinct = pd.factorize(codes)
        size = len(distinct)
    return codes[: len(among)], codes[len(among) :], size


def numbered(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return a number for each combination of the values of columns, in the order in which they appear; missing is a value.

    >>> numbered([pd.Series(["b", "a", "b"]), pd.Series([1.0, 1.0, 1.0])]).tolist()
    [0, 1, 0]
    """
    return numbered_codes(map(codes_of, columns))


def numbered_codes(columns: Iterable[tuple[np.ndarray, int]]) -> np.ndarray:
    """The same for columns of numbers from 0, each with a number above its own."""
    codes, size = _combined(columns)
    return _by_appearance(codes, size)[0] if size <= 4 * len(codes) else pd.factorize(codes)[0]


def _by_appearance(codes: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Numbers below a size numbered in the order in which they appear, and how many there are; -1 stays."""
    present = appearing(codes, size)
    return renumbered(codes, present, size), len(present)


def factorized(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return the number of each value in the order in which they appear, -1 for a missing one, and the distinct values.

    >>> codes, values = factorized(pd.Series([3.0, None, 1.0, 3.0]))
    >>> codes.tolist(), values.tolist()
    ([0, -1, 1, 0], [3.0, 1.0])
    """
    own = _own_numbers(column.to_numpy()) if column.dtype == "float64" or column.dtype.kind == "M" else None
    if own is None:
        codes, values = pd.factorize(column)
        return codes, pd.Series(values)
    codes, count = _by_appearance(own[0] - 1, own[1])
    return codes, column.iloc[firsts(codes, count + 1)[:-1]].reset_index(drop=True)


def bytes_of(texts: pd.Series) -> np.ndarray:
    """Return how many bytes each text has; missing has none."""
    return np.asarray(pc.fill_null(pc.binary_length(pa.array(texts.array)), 0).to_numpy())


def firsts(number: np.ndarray, size: int) -> np.ndarray:
    """Return the position of the first record with each number; the number of records where none has it.

    >>> firsts(np.array([0, 1, 0]), 3).tolist()
    [0, 1, 3]
    """
    first = np.full(size, len(number))
    first[number[::-1]] = np.arange(len(number) - 1, -1, -1)
    return first


def marked(number: np.ndarray, size: int) -> np.ndarray:
    """Return for each number below a size whether a record has it.

    >>> marked(np.array([2, 0]), 3).tolist()
    [True, False, True]
    """
    found = np.zeros(size, dtype=bool)
    found[number] = True
    return found


def differing(group: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return the records in whose group there are several numbers.

    >>> differing(np.array([0, 1, 0]), np.array([5, 5, 6])).tolist()
    [True, False, True]
    """
    size = int(group.max(initial=-1)) + 1
    other = number != number[firsts(group, size)[group]]
    return np.bincount(group[other], minlength=size)[group] > 0 if other.any() else other


def repeated(number: np.ndarray) -> np.ndarray:
    """Return the records whose number another record has too."""
    return np.bincount(number)[number] > 1 if len(number) else np.zeros(0, dtype=bool)


def distinct_rows(frame: pd.DataFrame) -> np.ndarray:
    """Return the position of the first record with each combination of values."""
    number = numbered(frame[name] for name in frame)
    return firsts(number, int(number.max(initial=-1)) + 1)


def places(column: pd.Series, missing_last: bool = False) -> tuple[np.ndarray, int]:
    """Return a number for each value, in the order of the values, and a number above all; missing and blank come first, as in SAS, or last.

    >>> places(pd.Series(["b", "", "a"], dtype="str"))[0].tolist(), places(pd.Series([2.5, None]), missing_last=True)[0].tolist()
    ([3, 0, 2], [1, 2])
    """
    if column.dtype == "str":
        codes, texts, _ = distinct_of(column)
        place = np.zeros(len(texts) + 1, dtype="int64")
        place[np.argsort(texts)] = np.arange(1, len(texts) + 1)
        place[np.flatnonzero(texts == "")] = 0  # a missing one, with the code -1, is at the end
        number, size = place[codes], len(texts) + 1
    else:
        number, size = _own_numbers(column.to_numpy()) or _ranks(column)
    return (np.where(number == 0, size, number), size + 1) if missing_last else (number, size)


def _ranks(column: pd.Series) -> tuple[np.ndarray, int]:
    there = column.notna().to_numpy()
    number = np.zeros(len(column), dtype="int64")
    values, ranks = np.unique(column[there].to_numpy(), return_inverse=True)
    number[there] = ranks + 1
    return number, len(values) + 1


def _combined(columns: Iterable[tuple[np.ndarray, int]]) -> tuple[np.ndarray, int]:
    """A number for each combination of the numbers of columns, and a number above all of them."""
    number, size = np.zeros(1, dtype="int32"), 0
    for codes, count in columns:
        if not size:
            number, size = codes, count
            continue
        if count == 1:
            continue
        if size * count > LARGEST:
            number, kept = pd.factorize(number)
            size = len(kept)
        number = number.astype("int64") if size * count > OF_FOUR_BYTES else number
        number, size = number * count + codes, size * count
    return number, max(size, 1)


def codes_of(column: pd.Series) -> tuple[np.ndarray, int]:
    """Return a number for each value of a column, and a number above all of them. Small whole numbers and days are their own."""
    if column.dtype == "str":
        codes, texts, _ = distinct_of(column)
        return _from_zero(codes, len(texts))
    return _codes_of_values([column])


def _from_zero(codes: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Codes of which -1 is missing as numbers from 0, and a number above all; all 0 if there is one value."""
    return (codes, 1) if size == 1 and codes.min(initial=0) == 0 else (codes + 1, size + 1)


def _codes_of_both(first: pd.Series, second: pd.Series) -> tuple[np.ndarray, int]:
    """The same for the values of one column and then those of another."""
    if first.dtype == second.dtype == "str":
        codes, size = shared_codes([first, second])
        return _from_zero(np.concatenate(codes), size)
    if first.dtype != second.dtype:
        return codes_of(pd.concat([first, second], ignore_index=True))
    return _codes_of_values([first, second])


def _codes_of_values(columns: list[pd.Series]) -> tuple[np.ndarray, int]:
    """Numbers of the values of columns of one type, one column after the other."""
    if columns[0].dtype == "float64" or columns[0].dtype.kind == "M":
        found = _own_numbers(np.concatenate([each.to_numpy() for each in columns]))
        if found is not None:
            return found
    codes, values = pd.factorize(columns[0] if len(columns) == 1 else pd.concat(columns, ignore_index=True), use_na_sentinel=False)
    return codes, len(values)


def _own_numbers(values: np.ndarray) -> tuple[np.ndarray, int] | None:
    """Whole numbers, or days, from 1 for the lowest one, and a number above all; None if they are not whole, or far apart. Missing is 0."""
    return _days(values) if values.dtype.kind == "M" else _whole_numbers(values)


def _whole_numbers(values: np.ndarray) -> tuple[np.ndarray, int] | None:
    lowest, highest = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=-np.inf)
    if not (-LARGEST < lowest <= highest < LARGEST and highest - lowest <= 2 * len(values)):
        return None
    missing = np.isnan(values)
    if np.count_nonzero(np.rint(values) == values) + np.count_nonzero(missing) < len(values):
        return None
    number = np.where(missing, 0, values - (lowest - 1)).astype("int32")
    return number, int(highest - lowest) + 2


def _days(values: np.ndarray) -> tuple[np.ndarray, int] | None:
    missing, moment = np.isnat(values), values.view("int64")
    there = moment[~missing] if missing.any() else moment
    if not len(there):
        return None
    lowest, day = int(there.min()), int(np.timedelta64(1, "D").astype(f"m8[{np.datetime_data(values.dtype)[0]}]").astype("int64"))
    size = (int(there.max()) - lowest) // day + 2
    if not day or size > 2 * len(values) + 2:
        return None
    number = (moment - lowest) // day
    if not ((number * day == moment - lowest) | missing).all():
        return None
    return np.where(missing, 0, number + 1).astype("int32"), size


def at_rows(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return the values at the positions, on a new index; missing at -1."""
    if rows.min(initial=0) < 0 and not (column.dtype == "str" or column.dtype.kind in "fM"):
        return column.reset_index(drop=True).reindex(rows).reset_index(drop=True)
    array = coded(column.array, always=True) if column.dtype == "str" and len(rows) > 2 * len(column) else column.array
    return pd.Series(array.take(rows, allow_fill=True), copy=False)


def taken(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return the values at the positions; blank or missing at -1."""
    found = at_rows(column, rows)
    return found.fillna("") if found.dtype == "str" else found


def equal(own: pd.Series, theirs: pd.Series) -> np.ndarray:
    """Whether the values are the same, record by record; missing or blank on both sides is the same.

    >>> equal(pd.Series(["A", "", "A"], dtype="str"), pd.Series(["A", "", ""], dtype="str")).tolist()
    [True, True, False]
    """
    both = missing_mask(own) & (theirs.isna().to_numpy() | missing_mask(theirs))
    if own.dtype == theirs.dtype:
        return np.asarray(own.array == theirs.array, dtype=bool) | both
    return (own.reset_index(drop=True) == theirs.reset_index(drop=True)).to_numpy(dtype=bool) | both
