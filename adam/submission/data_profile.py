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

    Args:
        records: how many there are.
        longest: the bytes of the longest value of each text variable.
        decimals: the decimals of each float variable: under (variable, "") of all records, under (variable, PARAMCD) of one parameter.
        shapes: for each variable --DTC the names of the `SHAPES` of its values.
    """

    records: int = 0
    longest: Mapping[str, int] = field(default_factory=dict)
    decimals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def profile_dataset(frame: pd.DataFrame, dataset: ResolvedDataset) -> DataProfile:
    """The profile of some records of a dataset."""
    longest = {name: _longest(frame[name]) for name, variable in dataset.variables.items() if variable.type == "text"}
    decimals = {}
    for name, variable in dataset.variables.items():
        if variable.type == "float":
            decimals[name, ""] = count_decimals(frame[name])
            codes = [code for code, each in dataset.parameters.items() if name in each.variables]
            decimals |= {(name, code): count_decimals(frame.loc[frame[CODE] == code, name]) for code in codes}
    shapes = {name: _shapes(frame[name]) for name in longest if name.endswith("DTC")}
    return DataProfile(len(frame), longest, decimals, shapes)


def merge_profiles(parts: Iterable[DataProfile]) -> DataProfile:
    """The profile of all parts together."""
    records, longest, decimals, shapes = 0, dict[str, int](), dict[tuple[str, str], int](), dict[str, frozenset[str]]()
    for part in parts:
        records += part.records
        longest |= {name: max(size, longest.get(name, 0)) for name, size in part.longest.items()}
        decimals |= {key: max(count, decimals.get(key, 0)) for key, count in part.decimals.items()}
        shapes |= {name: shape | shapes.get(name, frozenset()) for name, shape in part.shapes.items()}
    return DataProfile(records, longest, decimals, shapes)


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
    sizes = compute.binary_length(pa.array(column, type=pa.large_string(), from_pandas=True))
    return int(compute.max(sizes).as_py() or 0)


def count_decimals(numbers: pd.Series) -> int:
    """The number of decimals of the values, at most 12; 0 if there are no values.

    >>> count_decimals(pd.Series([1.0, 2.25, None]))
    2
    """
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    values = values[np.isfinite(values)]
    return next((count for count in range(MOST) if np.allclose(values, values.round(count), rtol=1e-14, atol=0)), MOST)


def with_longest_lengths(datasets: Mapping[str, ResolvedDataset], profiles: Mapping[str, DataProfile]) -> dict[str, ResolvedDataset]:
    """Datasets whose text variables have the length of their longest value in all datasets, at least one byte.

    Args:
        datasets: the resolved datasets.
        profiles: the profile of each dataset.

    Source: FDA Study Data Technical Conformance Guide, length of variables.
    """
    longest: dict[str, int] = {}
    for part in profiles.values():
        longest |= {name: max(size, longest.get(name, 1)) for name, size in part.longest.items()}
    return {name: _with_lengths(dataset, longest) for name, dataset in datasets.items()}


def _with_lengths(dataset: ResolvedDataset, longest: Mapping[str, int]) -> ResolvedDataset:
    variables = {
        name: variable.model_copy(update={"length": longest[name]}) if variable.type == "text" else variable
        for name, variable in dataset.variables.items()
    }
    parameters = {}
    for code, parameter in dataset.parameters.items():
        values = {name: each.model_copy(update={"length": variables[name].length}) for name, each in parameter.variables.items()}
        parameters[code] = parameter.model_copy(update={"variables": values})
    return dataset.model_copy(update={"variables": variables, "parameters": parameters})
