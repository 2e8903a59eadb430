"""Distinct texts, which columns of text have codes of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import ArrowStringArray as PlainText

DTYPE = pd.StringDtype(storage="pyarrow", na_value=np.nan)
MISSING = -1
"""The code of a missing text."""
BLANK, TILDE = ord(" "), ord("~")


class Distinct:
    """Distinct texts, none of them missing. Columns that have codes of them share them, and what was found of each text (`memo`)."""

    def __init__(self, texts: pa.Array) -> None:
        self.texts = texts
        self.memo: dict[object, Any] = {}
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def __reduce__(self) -> tuple[type[Distinct], tuple[pa.Array]]:
        return Distinct, (self.texts,)

    @cached_property
    def objects(self) -> np.ndarray:
        """The texts, and at the end a missing value, which is at the code -1."""
        return np.append(self.texts.to_numpy(zero_copy_only=False), np.nan)

    @cached_property
    def plain(self) -> Any:  # noqa: ANN401  (an array of pandas)
        """The texts as the array of pandas."""
        return PlainText(self.texts, dtype=DTYPE)

    @cached_property
    def is_bare(self) -> bool:
        """Whether each text has only printable characters of ASCII and no blank at an end, as nearly all collected texts."""
        _, starts, data = self.texts.buffers()
        bounds = np.frombuffer(starts, dtype="int64")[self.texts.offset : self.texts.offset + len(self) + 1]
        if not len(self) or bounds[0] == bounds[-1]:
            return True
        characters = np.frombuffer(data, dtype=np.uint8)
        used, filled = characters[bounds[0] : bounds[-1]], bounds[1:] > bounds[:-1]
        at_ends = np.append(characters[bounds[:-1][filled]], characters[bounds[1:][filled] - 1])
        return bool(used.min() >= BLANK and used.max() <= TILDE and not (at_ends == BLANK).any())

    @cached_property
    def places(self) -> np.ndarray:
        """The place of each text in the order of the texts: blank has -1, which is that of a missing text, at the end, too."""
        places = np.full(len(self) + 1, MISSING)
        places[pc.array_sort_indices(self.texts).to_numpy()] = np.arange(len(self)) - (self.code("") >= 0)
        return places

    def code(self, text: str) -> int:
        """The code of a text; -1 if it is not one of them."""
        if text not in self._codes:
            self._codes[text] = int(pc.index(self.texts, pa.scalar(text, pa.large_string())).as_py())
        return self._codes[text]

    def with_text(self, text: str) -> tuple[Distinct, int]:
        """These texts and one more, if it is not one of them, and its code."""
        code = self.code(text)
        if code >= 0:
            return self, code
        return Distinct(pa.concat_arrays([self.texts, pa.array([text], pa.large_string())])), len(self)

    def codes_in(self, other: Distinct) -> np.ndarray:
        """For each text its code in others, -2 if it is not one of them."""
        return np.asarray(pc.fill_null(pc.index_in(self.texts, value_set=other.texts), -2).to_numpy())


def texts_of(codes: np.ndarray, distinct: Distinct) -> pa.Array:
    """The text of each code."""
    missing = codes < 0
    return distinct.texts.take(pa.array(codes, mask=missing) if missing.any() else pa.array(codes))


def unified(arrays: Sequence[tuple[np.ndarray, Distinct]]) -> tuple[Distinct, list[np.ndarray]]:
    """The distinct texts of several arrays of codes, and the codes of each array in them."""
    each = {id(distinct): distinct for _, distinct in arrays}
    if len(each) == 1:
        return arrays[0][1], [codes for codes, _ in arrays]
    joined = pa.concat_arrays([distinct.texts for distinct in each.values()]).dictionary_encode()
    ends = np.cumsum([len(distinct) for distinct in each.values()])[:-1]
    new = {key: np.append(part, np.int32(MISSING)) for key, part in zip(each, np.split(joined.indices.to_numpy(), ends), strict=True)}
    first = next(iter(each))  # its texts are the first ones, with the same codes
    return Distinct(joined.dictionary), [codes if id(distinct) == first else new[id(distinct)].take(codes) for codes, distinct in arrays]


def appearing(codes: np.ndarray, size: int) -> np.ndarray:
    """The codes of texts that appear, in the order in which they do.

    >>> appearing(np.array([2, 0, -1, 2]), 3).tolist()
    [2, 0]
    """
    first = np.full(size + 1, len(codes))
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    present = np.flatnonzero(first[:size] < len(codes))
    return present[np.argsort(first[present])]


def numbered(codes: np.ndarray, present: np.ndarray, size: int) -> np.ndarray:
    """For each code its place among those that appear; -1 stays.

    >>> numbered(np.array([2, 0, -1, 2]), np.array([2, 0]), 3).tolist()
    [0, 1, -1, 0]
    """
    numbers = np.full(size + 1, MISSING)
    numbers[present] = np.arange(len(present))
    return numbers.take(codes)
