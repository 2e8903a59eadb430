"""Records as lines of JSON: each distinct value of a column is encoded once, then Arrow joins the columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute

from adam.core.errors import ExportError
from adam.submission.text_terms import text_terms

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset, ResolvedVariable

DAY = 86400
NULL = "null"


def encode_records(frame: pd.DataFrame, dataset: ResolvedDataset, between: str) -> memoryview:
    """Some records as JSON arrays in UTF-8, with `between` after each of them but the last.

    Args:
        frame: one or more records, as `adam.submission.write` describes them.
        dataset: the resolved dataset.
        between: the text between two records.

    Raises:
        ExportError: JSON cannot hold a value.
    """
    columns = [_tokens(frame[name], variable, dataset.name) for name, variable in dataset.variables.items()]
    last = len(columns) - 1
    texts = []
    for number, (terms, codes) in enumerate(columns):
        before, after = "" if number else "[", f"]{between}" if number == last else ""
        texts.append(pa.array([f"{before}{term}{after}" for term in terms], type=pa.large_string()).take(codes))
    rows = compute.binary_join_element_wise(*texts, pa.scalar(",", type=pa.large_string()))
    _, offsets, data = rows.buffers()
    end = int(np.frombuffer(offsets, dtype=np.int64)[rows.offset + len(rows)])
    return memoryview(data)[: end - len(between)]


def _tokens(column: pd.Series, variable: ResolvedVariable, dataset: str) -> tuple[Sequence[str], pa.Array]:
    """The distinct values of a column as JSON, and the number of the value of each record."""
    name = f"{dataset}.{variable.name}"
    if variable.type == "text":
        terms = text_terms(column)
        if terms.null_count:
            raise ExportError(f"{name}: text is missing where it should be blank")
        return [encode_basestring(term) for term in terms.dictionary.to_pylist()], terms.indices
    if variable.type in ("date", "datetime"):
        moments = column.to_numpy(dtype="datetime64[s]")
        known, encode = ~np.isnat(moments), _encode_days if variable.type == "date" else _encode_moments
        distinct = pa.array(moments.view(np.int64), mask=~known).dictionary_encode()
        shown = encode(distinct.dictionary.to_numpy().view("datetime64[s]"))
    else:
        numbers = column.to_numpy(dtype="float64", na_value=np.nan)
        # the bits are counted, because 0.0 and -0.0 are equal
        distinct = pa.array(np.ascontiguousarray(numbers).view(np.int64), mask=np.isnan(numbers)).dictionary_encode()
        shown = ENCODERS[variable.type or ""](distinct.dictionary.to_numpy().view(np.float64), name)
    return [*shown, NULL], distinct.indices.fill_null(len(shown))


def _encode_days(moments: np.ndarray) -> list[str]:
    return [f'"{text}"' for text in np.datetime_as_string(moments, unit="D")]


def _encode_moments(moments: np.ndarray) -> list[str]:
    return [f'"{text}"' for text in np.datetime_as_string(moments, unit="s")]


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


ENCODERS: dict[str, Callable[[np.ndarray, str], list[str]]] = {"float": _encode_floats, "integer": _encode_integers, "time": _encode_times}


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
