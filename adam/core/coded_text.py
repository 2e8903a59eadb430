"""Text columns as codes of their distinct texts: an operation works on each distinct text once, and a record is a number of four bytes.

`CodedText` is the text array of pandas with another content. Its dtype is `str`, so a column is used as any other text column. What is not
written here works on the array that pandas would have; it is made when it is needed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import ArrowStringArray as PlainText

from adam.core.distinct_texts import DTYPE, MISSING, Distinct, appearing, numbered, texts_of, unified

NO_DEFAULT = pd.api.extensions.no_default
FEW = 4
"""The number of texts up to which comparing with each of them costs less than a table of them."""
WORTHWHILE = 64
"""The number of records from which codes cost less than texts."""


class CodedText(PlainText):
    """Text as codes. Missing text has the code -1. Like the array of pandas it shares its content with its copies and never changes it.

    An array that cannot be codes, or that pandas makes from this one, has the content of the array of pandas; `_codes` is then None.
    """

    _codes: np.ndarray | None = None
    _distinct: Distinct
    _known: dict[str, Any]
    _whole: pa.ChunkedArray

    @classmethod
    def of_codes(cls, codes: np.ndarray, distinct: Distinct) -> Any:  # noqa: ANN401  (an array of pandas)
        """The texts of codes; plain text where there are not two records for a distinct text."""
        if len(codes) < 2 * len(distinct):
            return PlainText(texts_of(codes, distinct), dtype=DTYPE)
        return _array(codes, distinct)

    @property
    def _pa_array(self) -> pa.ChunkedArray:
        return self._whole if self._codes is None else pa.chunked_array([texts_of(self._codes, self._distinct)])

    @_pa_array.setter
    def _pa_array(self, values: pa.ChunkedArray) -> None:
        self._codes, self._whole = None, values

    def _from_pyarrow_array(self, pa_array: Any) -> Any:  # noqa: ANN401
        return PlainText(pa_array, dtype=self._dtype)

    def _like(self, codes: np.ndarray) -> Any:  # noqa: ANN401
        return CodedText.of_codes(codes, self._distinct)

    def __getstate__(self) -> dict[str, Any]:
        return {"_whole": self._whole, "_dtype": self._dtype} if self._codes is None else {"_codes": self._codes, "_distinct": self._distinct}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({"_dtype": DTYPE, "_cache": {}, "_known": {}, **state})

    def __len__(self) -> int:
        return len(self._whole if self._codes is None else self._codes)

    @property
    def nbytes(self) -> int:
        """The number of bytes of the codes and of the distinct texts."""
        return int(self._whole.nbytes if self._codes is None else self._codes.nbytes + self._distinct.texts.nbytes)

    @property
    def _hasna(self) -> bool:
        if self._codes is None:
            return bool(super().isna().any())
        if "lacks" not in self._known:
            self._known["lacks"] = bool(self._codes.min(initial=0) < 0)
        return bool(self._known["lacks"])

    def isna(self) -> np.ndarray:
        """Whether each text is missing."""
        return np.asarray(super().isna() if self._codes is None else self._codes < 0)

    def copy(self) -> Any:  # noqa: ANN401
        """The same texts; the content is shared."""
        return super().copy() if self._codes is None else _array(self._codes, self._distinct, self._known)

    def view(self, dtype: Any = None) -> Any:  # noqa: ANN401
        """The same texts."""
        return super().view(dtype) if self._codes is None or dtype is not None else _array(self._codes, self._distinct, self._known)

    def __getitem__(self, item: Any) -> Any:  # noqa: ANN401
        if self._codes is None:
            return super().__getitem__(item)
        item = pd.api.indexers.check_array_indexer(self, item)
        if not isinstance(item, slice | np.ndarray | int | np.integer):
            return super().__getitem__(item)
        found = self._codes[item]
        return self._like(found) if isinstance(found, np.ndarray) else self._distinct.objects[found]

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None, axis: int = 0) -> Any:  # noqa: ANN401, ARG002
        """The texts at some places; with `allow_fill` -1 is missing, else the last one."""
        if self._codes is None or not (fill_value is None or pd.isna(fill_value)):
            return super().take(indices, allow_fill=allow_fill, fill_value=fill_value)
        places = np.asarray(indices, dtype="int64")
        if not len(self._codes) and len(places) and (not allow_fill or places.max() >= 0):
            raise IndexError("cannot do a non-empty take from an empty array")
        if not allow_fill or places.min(initial=0) >= 0:
            return self._like(self._codes.take(places))
        if places.min() < MISSING:
            raise ValueError("a place is less than -1")
        codes = self._codes.take(places) if len(self._codes) else np.full(len(places), MISSING, dtype="int32")
        codes[places < 0] = MISSING
        return self._like(codes)

    def fillna(self, value: Any, limit: int | None = None, copy: bool = True) -> Any:  # noqa: ANN401
        """The texts with one in place of the missing ones."""
        if self._codes is None or not isinstance(value, str) or limit is not None:
            return super().fillna(value, limit=limit, copy=copy)
        missing = self._codes < 0
        if not missing.any():
            return self.copy()
        distinct, code = self._distinct.with_text(value)
        return CodedText.of_codes(np.where(missing, np.int32(code), self._codes), distinct)

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401
        mask = isinstance(key, np.ndarray) and key.ndim == 1 and key.dtype.kind in "biu"
        missing = value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA
        if self._codes is None or self._readonly or not mask or not (missing or isinstance(value, str | PlainText)):
            super().__setitem__(key, value)
            return
        codes, self._known = self._codes.copy(), {}
        if missing:
            codes[key] = MISSING
        elif isinstance(value, str):
            self._distinct, codes[key] = self._distinct.with_text(value)
        else:
            theirs = coded(value, always=True)
            self._distinct, (codes, new) = unified([(codes, self._distinct), (theirs._codes, theirs._distinct)])
            codes[key] = new
        self._codes = codes

    def _cmp_method(self, other: Any, op: Any) -> Any:  # noqa: ANN401
        if self._codes is not None and isinstance(other, str) and op in EQUALITY:
            code = self._distinct.code(other)
            return op(self._codes, np.int32(code if code >= 0 else -2))
        if self._codes is not None and isinstance(other, str):
            return np.append(self._distinct.plain._cmp_method(other, op), op is operator.ne).take(self._codes)
        if self._codes is None or not isinstance(other, CodedText) or other._codes is None or len(self) != len(other) or op not in EQUALITY:
            return super()._cmp_method(other, op)
        theirs = other._codes if self._distinct is other._distinct else np.append(other._distinct.codes_in(self._distinct), -2)[other._codes]
        return op(np.where(self._codes < 0, -3, self._codes), theirs)

    def isin(self, values: Any) -> Any:  # noqa: ANN401
        """Whether each text is one of the values."""
        if self._codes is None or self._hasna:
            return super().isin(values)
        if 0 < len(values) <= FEW and all(isinstance(value, str) for value in values):
            return reduce(operator.or_, [self == value for value in dict.fromkeys(values)])
        return self._distinct.plain.isin(values).take(self._codes)

    def factorize(self, use_na_sentinel: bool = True) -> tuple[np.ndarray, Any]:
        """The number of each text in the order in which they appear, and the texts; a missing text is -1."""
        if self._codes is None or (not use_na_sentinel and self._hasna):
            return super().factorize(use_na_sentinel)
        return numbered(self._codes, self._appearing(), len(self._distinct)), _array(self._appearing(), self._distinct)

    def unique(self) -> Any:  # noqa: ANN401
        """The texts in the order in which they appear."""
        return super().unique() if self._codes is None or self._hasna else _array(self._appearing(), self._distinct)

    def _appearing(self) -> np.ndarray:
        """The codes of the texts in the order in which they appear."""
        assert self._codes is not None, "the array is codes"
        if "present" not in self._known:
            self._known["present"] = appearing(self._codes, len(self._distinct)).astype("int32")
        return np.asarray(self._known["present"])

    def to_numpy(self, dtype: Any = None, copy: bool = False, na_value: Any = NO_DEFAULT) -> Any:  # noqa: ANN401
        """The texts as Python objects, one for each distinct text."""
        if self._codes is None or dtype not in (None, object) or (na_value is not NO_DEFAULT and na_value is not np.nan):
            return super().to_numpy(dtype, copy, na_value)
        return self._distinct.objects.take(self._codes)

    def __iter__(self) -> Any:  # noqa: ANN401
        return super().__iter__() if self._codes is None else iter(self._distinct.objects.take(self._codes))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Any]) -> Any:  # noqa: ANN401
        arrays = [coded(each, always=True) for each in to_concat]
        if not arrays:
            return super()._concat_same_type(to_concat)
        distinct, codes = unified([(each._codes, each._distinct) for each in arrays])
        return cls.of_codes(np.concatenate(codes), distinct)

    def _of_each(self, method: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:  # noqa: ANN401
        """What a method of text gives for each distinct text, at the records."""
        if self._codes is None or self._hasna:
            return getattr(super(), method)(*arguments, **options)
        found = getattr(self._distinct.plain, method)(*arguments, **options)
        if isinstance(found, np.ndarray):
            return found.take(self._codes)
        result = coded(found, always=True)
        return CodedText.of_codes(result._codes.take(self._codes), result._distinct)


def _array(codes: np.ndarray, distinct: Distinct, facts: dict[str, Any] | None = None) -> CodedText:
    """The array of some codes, with what is known of all of them: arrays with the same codes share it."""
    found = CodedText.__new__(CodedText)
    found._codes, found._distinct, found._dtype, found._cache = codes, distinct, DTYPE, {}
    found._known = {} if facts is None else facts
    return found


def coded(array: Any, *, always: bool = False) -> Any:  # noqa: ANN401  (an array of pandas)
    """A text array as codes; as it is if it is short, or if more than half of its texts are distinct, unless codes are required."""
    if isinstance(array, CodedText) and array._codes is not None:
        return array
    if not always and len(array) < WORTHWHILE:
        return array
    encoded = array._pa_array.dictionary_encode().combine_chunks()
    encoded = encoded if isinstance(encoded, pa.DictionaryArray) else encoded.chunk(0)
    if not always and len(array) < 2 * len(encoded.dictionary):
        return array
    codes = pc.fill_null(encoded.indices, pa.scalar(MISSING, pa.int32())) if encoded.indices.null_count else encoded.indices
    return _array(codes.to_numpy(), Distinct(encoded.dictionary))


def text_column(texts: Sequence[str] | np.ndarray, places: np.ndarray, index: pd.Index | None = None) -> pd.Series:
    """The text at the place of each record, as a column; the last one at -1.

    >>> text_column(["a", "b", ""], np.array([1, -1])).tolist()
    ['b', '']
    """
    encoded = pa.array(texts, pa.large_string()).dictionary_encode()
    codes = encoded.indices.to_numpy()[places]
    return pd.Series(CodedText.of_codes(codes, Distinct(encoded.dictionary)), index=index, copy=False)


def distinct_of(column: pd.Series) -> tuple[np.ndarray, np.ndarray, dict[object, Any]]:
    """The code of each text of a column, -1 for a missing one, the distinct texts, and a memo of what was computed for them; callers add to it."""
    array = column.array
    if isinstance(array, CodedText) and array._codes is not None:
        return array._codes, array._distinct.objects[:-1], array._distinct.memo
    codes, uniques = pd.factorize(column)
    return codes, np.asarray(uniques, dtype=object), {}


def shared_codes(columns: Sequence[pd.Series]) -> tuple[list[np.ndarray], int]:
    """The code of each text of several columns, the same for the same text, and the number of distinct texts."""
    arrays = [coded(column.array, always=True) for column in columns]
    distinct, codes = unified([(array._codes, array._distinct) for array in arrays])
    return codes, len(distinct)


def is_coded(column: pd.Series) -> bool:
    """Whether a column of text is codes."""
    return isinstance(column.array, CodedText) and column.array._codes is not None


def constant_text(text: str, index: pd.Index) -> pd.Series:
    """A column with one text."""
    return pd.Series(CodedText.of_codes(np.zeros(len(index), dtype="int32"), Distinct(pa.array([text], pa.large_string()))), index=index, copy=False)


def chosen_text(mask: np.ndarray, text: str, otherwise: str, index: pd.Index | None = None) -> pd.Series:
    """A column with one text where the mask is true and another one elsewhere."""
    return text_column([otherwise, text], mask.astype("int8"), index)


def as_codes(column: pd.Series) -> pd.Series:
    """A column with its texts as codes where that is worthwhile; any other column as it is."""
    array = column.array
    if not isinstance(array, PlainText) or array.dtype != DTYPE:
        return column
    found = coded(array)
    return column if found is array else pd.Series(found, index=column.index, name=column.name, copy=False)


EQUALITY = (operator.eq, operator.ne)
STRIPS = "strip lstrip rstrip removesuffix removeprefix"
METHODS = f"{STRIPS} contains startswith endswith match fullmatch upper lower title len slice find count isdigit split replace"


def _for_each(method: str) -> Callable[..., Any]:
    def apply(self: CodedText, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        return self._of_each(method, arguments, options)

    return apply


for _name in METHODS.split():
    setattr(CodedText, f"_str_{_name}", _for_each(f"_str_{_name}"))
