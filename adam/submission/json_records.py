"""Records as lines of JSON: each distinct combination of the values of neighboring columns is encoded once, then Arrow copies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from json.encoder import encode_basestring

import numpy as np
import pyarrow as pa
from pyarrow import compute

from adam.core.errors import ExportError
from adam.submission.combinations import Column, Combinations, EncodedRecords

DAY = 86400
NULL = "null"
TEXT = pa.large_string()


def encode_records(combinations: Sequence[Combinations], dataset: str, between: str) -> EncodedRecords:
    """Some records as JSON arrays in UTF-8, with `between` after each of them but the last.

    A record is a piece for each combination, from the bracket or comma before its values on, and a piece for its end.

    Args:
        combinations: the values of one or more records.
        dataset: the name of the dataset.
        between: the text between two records.

    Raises:
        ExportError: JSON cannot hold a value.
    """
    pieces = [_pieces(each, dataset, "," if number else "[") for number, each in enumerate(combinations)]
    codes = [each.codes for each in combinations]
    last = np.arange(len(codes[0])) == len(codes[0]) - 1
    return EncodedRecords([*pieces, pa.array([f"]{between}", "]"], type=TEXT)], [*codes, last.astype(np.intp)])


def _pieces(combinations: Combinations, dataset: str, before: str) -> pa.Array:
    """The values of each combination, separated by commas, with a bracket or comma before the first one."""
    tokens = [_tokens(column, dataset) for column in combinations.columns]
    tokens[0] = [f"{before}{token}" for token in tokens[0]]
    columns = [pa.array(own, type=TEXT).take(pa.array(column.places)) for own, column in zip(tokens, combinations.columns, strict=True)]
    return compute.binary_join_element_wise(*columns, pa.scalar(",", type=TEXT))


def _tokens(column: Column, dataset: str) -> Sequence[str]:
    """The distinct values of a column as JSON."""
    variable, terms = column.variable, column.terms
    name = f"{dataset}.{variable.name}"
    if variable.type == "text":
        if None in terms:
            raise ExportError(f"{name}: text is missing where it should be blank")
        return [encode_basestring(term) for term in terms.tolist()]
    known = ~np.isnan(terms)
    shown = iter(ENCODERS[variable.type or ""](terms[known], name))
    return [next(shown) if each else NULL for each in known.tolist()]


def _encode_days(moments: np.ndarray, name: str) -> list[str]:  # noqa: ARG001
    return [f'"{text}"' for text in np.datetime_as_string(moments.astype("datetime64[s]"), unit="D")]


def _encode_moments(moments: np.ndarray, name: str) -> list[str]:  # noqa: ARG001
    return [f'"{text}"' for text in np.datetime_as_string(moments.astype("datetime64[s]"), unit="s")]


def _encode_floats(numbers: np.ndarray, name: str) -> list[str]:
    _require_finite(numbers, name)
    return [float.__repr__(number) for number in numbers.tolist()]


def _encode_integers(numbers: np.ndarray, name: str) -> list[str]:
    return [str(number) for number in _whole(numbers, name, "integer").tolist()]


def _encode_times(numbers: np.ndarray, name: str) -> list[str]:
    seconds = _whole(numbers, name, "time")
    if ((seconds < 0) | (seconds >= DAY)).any():
        raise ExportError(f"{name}: a time is outside one day (00:00:00 to 23:59:59). Correct the source or the formula")
    return [
        f'"{text[11:]}"' for text in np.datetime_as_string(np.datetime64("1960-01-01T00:00:00", "s") + seconds.astype("timedelta64[s]"), unit="s")
    ]


ENCODERS: dict[str, Callable[[np.ndarray, str], list[str]]] = {
    "float": _encode_floats,
    "integer": _encode_integers,
    "time": _encode_times,
    "date": _encode_days,
    "datetime": _encode_moments,
}


def _require_finite(numbers: np.ndarray, name: str) -> None:
    if np.isinf(numbers).any():
        raise ExportError(f"{name}: a number is infinite, and JSON cannot hold it. Correct the source or the formula")


def _whole(numbers: np.ndarray, name: str, kind: str) -> np.ndarray:
    """Numbers as whole numbers.

    Raises:
        ExportError: a number is infinite or not whole.
    """
    _require_finite(numbers, name)
    if (numbers != np.floor(numbers)).any():
        raise ExportError(f"{name}: the type is {kind}, but a value is not whole. Round it, or declare type: float")
    return numbers.astype("int64")
