"""Columns of coded text: from codes and arrays of Arrow, as such arrays, and what is known of their texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.coded_text import CodedText, is_coded
from adam.core.distinct_texts import MISSING, Distinct, unified


def coded_column(pieces: Sequence[tuple[np.ndarray, pa.Array]]) -> pd.Series:
    """A column from its pieces, one after another: the codes of each, and its distinct texts."""
    if not pieces:
        return pd.Series("", index=pd.RangeIndex(0), dtype="str")
    distinct, codes = unified([(codes, Distinct(texts)) for codes, texts in pieces])
    return pd.Series(CodedText.of_codes(codes[0] if len(codes) == 1 else np.concatenate(codes), distinct), copy=False)


def dictionary_of(array: CodedText) -> pa.DictionaryArray:
    """The array of Arrow with the same codes."""
    codes, distinct = array._codes, array._distinct
    assert codes is not None, "the array is codes"
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0 if array._hasna else None), distinct.texts)


def column_of_dictionary(array: pa.DictionaryArray) -> pd.Series:
    """The column of text with the codes of an array of Arrow; they are not copied unless a text is missing."""
    codes = array.indices.fill_null(MISSING) if array.indices.null_count else array.indices
    return pd.Series(CodedText.of_codes(codes.to_numpy(), Distinct(array.dictionary)), copy=False)


def places_in_order(column: pd.Series) -> np.ndarray | None:
    """The place of each text in the order of the texts, with gaps where a text does not appear, and -1 for blank; None if the texts are not codes."""
    array = column.array
    return array._distinct.places.take(array._codes) if isinstance(array, CodedText) and array._codes is not None else None


def filled_codes(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """The number of each text of a column of codes in the order in which they appear, -1 for a blank or missing one, and the distinct texts.

    A blank text has its place among the distinct texts.
    """
    array = column.array
    assert isinstance(array, CodedText) and array._codes is not None, "the column is codes"
    present = array._appearing()
    numbers = np.full(len(array._distinct) + 1, MISSING, dtype="int32")
    numbers[present] = np.arange(len(present))
    blank = array._distinct.code("")
    if blank >= 0:
        numbers[blank] = MISSING
    return numbers.take(array._codes), pd.Series(array.unique(), copy=False)


def is_bare(column: pd.Series) -> bool:
    """Whether a column of text is codes, of texts of printable characters of ASCII without blanks at their ends."""
    return is_coded(column) and column.array._distinct.is_bare


def chosen_codes(mask: np.ndarray, column: pd.Series, otherwise: pd.Series) -> pd.Series:
    """The texts of a column of codes where a mask is true, and those of another one elsewhere."""
    arrays = [each.array for each in (column, otherwise)]
    distinct, codes = unified([(array._codes, array._distinct) for array in arrays])
    return pd.Series(CodedText.of_codes(np.where(mask, *codes), distinct), index=column.index, copy=False)
