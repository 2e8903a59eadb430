"""Text columns as distinct values and the number of the value of each record: what a file needs of a text is computed once per value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from adam.core.coded_columns import dictionary_of
from adam.core.coded_text import distinct_of, is_coded

if TYPE_CHECKING:
    import pandas as pd

TEXT = pa.large_string()
NO_TEXT = np.array([None], dtype=object)


def text_array(column: pd.Series) -> pa.Array:
    """The texts of a column as Arrow strings, null where a value is missing. The column has the dtype `str`, or categories of text."""
    text = pa.array(column, type=None if column.dtype == "category" else TEXT, from_pandas=True)
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return text.cast(TEXT) if pa.types.is_dictionary(text.type) else text


def text_terms(column: pd.Series) -> pa.DictionaryArray:
    """The distinct texts of a column and the number of the text of each record, null where a value is missing.

    Categories may include texts that no record has, but never more texts than records: those of a small part are counted again.
    """
    if is_coded(column):
        return dictionary_of(column.array)
    if column.dtype == "category" and len(column.cat.categories) <= len(column):
        terms = pa.array(column, from_pandas=True)
        terms = terms.combine_chunks() if isinstance(terms, pa.ChunkedArray) else terms
        return pa.DictionaryArray.from_arrays(terms.indices, terms.dictionary.cast(TEXT))
    return text_array(column).dictionary_encode()


def distinct_texts(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The distinct texts of a column as Python objects, and the number of the text of each record, -1 where a value is missing.

    The texts may include some that no record has.
    """
    if is_coded(column):
        codes, texts, _ = distinct_of(column)
        return texts, codes
    terms = text_terms(column)
    return terms.dictionary.to_numpy(zero_copy_only=False), terms.indices.fill_null(-1).to_numpy()


def same_texts(texts: Sequence[str | None], codes: np.ndarray, written: pd.Series) -> bool:
    """Whether a column has these texts.

    Args:
        texts: texts, each of a record; some may be equal, and None is a missing one.
        codes: the place of the text of each record.
        written: the column.
    """
    return bool(pa.array(texts, type=TEXT).take(pa.array(codes)).equals(text_array(written)))


def is_text(column: pd.Series) -> bool:
    """Whether a column has the dtype of text: `str`, or categories of `str`."""
    return column.dtype == "str" or (column.dtype == "category" and column.cat.categories.dtype == "str")
