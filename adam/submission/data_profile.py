"""What only the records of a dataset show: how many there are, how long the texts are, how many decimals the numbers have.

Profiles of parts merge into the profile of the whole, so no document needs all records in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from adam.core.coded_text import distinct_of, is_coded

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset

MOST = 12
"""The largest number of decimals that is reported: more are floating-point noise."""
CODE = "PARAMCD"
SHAPES = {
    "date": r"\d{4}-\d\d-\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?",
    "partialDate": r"\d{4}(?:-\d\d)?",
    "partialDatetime": r"\d{4}-\d\d-\d\dT\d\d",
}
"""Shapes of ISO 8601 texts, by the Define-XML data type of a variable whose values all have that shape."""


@dataclass(frozen=True)
class DataProfile:
    """What the records of a dataset show.

    A key (variable, "") is of all records, a key (variable, PARAMCD) of the records of one parameter that has metadata of the variable.

    Args:
        records: how many there are.
        longest: the bytes of the longest value of each text variable.
        decimals: the decimals of each float variable.
        extremes: the lowest and the highest value of each float variable that has a value.
        missing: the number of records without a value, of each variable.
        shapes: for each variable --DTC the names of the `SHAPES` of its values.
    """

    records: int = 0
    longest: Mapping[str, int] = field(default_factory=dict)
    decimals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    extremes: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    missing: Mapping[tuple[str, str], int] = field(default_factory=dict)
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def is_empty(self, name: str) -> bool:
        """Whether there are records, and none has a value of the variable."""
        return self.records > 0 and self.missing[name, ""] == self.records


def profile_dataset(frame: pd.DataFrame, dataset: ResolvedDataset) -> DataProfile:
    """The profile of some records of a dataset."""
    longest = {name: _longest(frame[name]) for name, variable in dataset.variables.items() if variable.type == "text"}
    decimals, extremes, missing = dict[tuple[str, str], int](), dict[tuple[str, str], tuple[float, float]](), dict[tuple[str, str], int]()
    rows = _rows_of_parameters(frame, dataset)
    for name, variable in dataset.variables.items():
        blank = missing_records(frame[name])
        numbers = frame[name].to_numpy(dtype="float64", na_value=np.nan) if variable.type == "float" else None
        for code in ["", *(code for code, each in dataset.parameters.items() if code in rows and name in each.variables)]:
            own = rows[code]
            missing[name, code] = int(blank[own].sum())
            if numbers is not None:
                values = numbers[own][np.isfinite(numbers[own])]
                decimals[name, code] = _decimals(values)
                extremes |= {(name, code): (float(values.min()), float(values.max()))} if len(values) else {}
    shapes = {name: _shapes(frame[name]) for name in longest if name.endswith("DTC")}
    return DataProfile(len(frame), longest, decimals, extremes, missing, shapes)


def missing_records(column: pd.Series) -> np.ndarray:
    """Mark the records without a value: missing, or blank text."""
    marked = column.isna() | (column == "") if column.dtype == "str" else column.isna()
    return marked.to_numpy(dtype=bool)


def _rows_of_parameters(frame: pd.DataFrame, dataset: ResolvedDataset) -> dict[str, slice | np.ndarray]:
    """The records of each parameter, and under "" all records."""
    rows: dict[str, slice | np.ndarray] = {"": slice(None)}
    if dataset.parameters and CODE in frame:
        numbers, codes = pd.factorize(frame[CODE])
        places = {code: number for number, code in enumerate(codes)}
        rows |= {code: np.flatnonzero(numbers == places.get(code, -2)) for code in dataset.parameters}
    return rows


def merge_profiles(parts: Iterable[DataProfile]) -> DataProfile:
    """The profile of all parts together."""
    records, longest, shapes = 0, dict[str, int](), dict[str, frozenset[str]]()
    decimals, extremes, missing = dict[tuple[str, str], int](), dict[tuple[str, str], tuple[float, float]](), dict[tuple[str, str], int]()
    for part in parts:
        records += part.records
        longest |= {name: max(size, longest.get(name, 0)) for name, size in part.longest.items()}
        decimals |= {key: max(count, decimals.get(key, 0)) for key, count in part.decimals.items()}
        for key, (low, high) in part.extremes.items():
            lowest, highest = extremes.get(key, (low, high))
            extremes[key] = (min(low, lowest), max(high, highest))
        missing |= {key: count + missing.get(key, 0) for key, count in part.missing.items()}
        shapes |= {name: shape | shapes.get(name, frozenset()) for name, shape in part.shapes.items()}
    return DataProfile(records, longest, decimals, extremes, missing, shapes)


def moment_type(shapes: frozenset[str]) -> str:
    """The data type of ISO 8601 texts: partial if a value is partial; text if there is no value, or a value has none of the shapes.

    >>> moment_type(frozenset({"date", "partialDate"})), moment_type(frozenset({"date", "datetime"})), moment_type(frozenset())
    ('partialDate', 'partialDatetime', 'text')
    """
    if not shapes or not shapes <= set(SHAPES):
        return "text"
    if len(shapes) == 1:
        return next(iter(shapes))
    return "partialDate" if shapes == {"date", "partialDate"} else "partialDatetime"


def _shapes(column: pd.Series) -> frozenset[str]:
    """The shapes of the values that are not blank; `other` for a value without a known shape."""
    values = pd.Series(column.unique(), dtype="str")
    left = values[values != ""]
    found = set()
    for name, pattern in SHAPES.items():
        matches = left.str.fullmatch(pattern).to_numpy(dtype=bool)
        found |= {name} if matches.any() else set()
        left = left[~matches]
    return frozenset(found | ({"other"} if len(left) else set()))


def _longest(column: pd.Series) -> int:
    if is_coded(column):
        codes, texts, _ = distinct_of(column)
        column = pd.Series(texts[np.flatnonzero(np.bincount(codes + 1, minlength=len(texts) + 1)[1:])], dtype="str")
    sizes = compute.binary_length(pa.array(column, type=pa.large_string(), from_pandas=True))
    return int(compute.max(sizes).as_py() or 0)


def count_decimals(numbers: pd.Series) -> int:
    """The number of decimals of the values, at most 12; 0 if there are no values.

    >>> count_decimals(pd.Series([1.0, 2.25, None]))
    2
    """
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    return _decimals(values[np.isfinite(values)])


def _decimals(values: np.ndarray) -> int:
    return next((count for count in range(MOST) if np.allclose(values, values.round(count), rtol=1e-14, atol=0)), MOST)
