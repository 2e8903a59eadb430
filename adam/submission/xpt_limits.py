"""The limits of a transport file of version 5: everything it cannot hold, or would lose or change silently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from adam.core.errors import ExportError
from adam.core.identifiers import LONGEST, format_fault
from adam.submission.formats import column_mismatch
from adam.submission.text_terms import is_text, text_terms

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedVariable

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
NAME_RULE = "the name is not 1 to 8 capitals, digits or _ that start with a letter"
SMALLEST, LARGEST = 5.4e-79, 7.2e75
EXACT = 2.0**53
"""Above this a float cannot hold every whole number, so a value may differ from the one in the source."""
LABEL = 40
DATES = ("date", "datetime")
SHOWN = 3


@dataclass(frozen=True)
class Violation:
    """Something that a transport file cannot hold.

    `variable` is blank for the dataset as a whole. `mask` are the records concerned, None if it is not a matter of records. `cure` is what
    to do, or blank. `place` orders what is wrong with one variable.
    """

    dataset: str
    variable: str
    what: str
    mask: np.ndarray | None = None
    cure: str = ""
    place: int = 0


def require_writable(frame: pd.DataFrame, dataset: ResolvedDataset, widths: Mapping[str, int | None], non_ascii: str) -> None:
    """Refuse what a transport file cannot hold, everything at once.

    Args:
        frame: the records.
        dataset: the resolved dataset.
        widths: the bytes of each text variable.
        non_ascii: `keep` allows text that is not ASCII.

    Raises:
        ExportError: one line for each violation: the variable, what is wrong, how many records, and the keys of the first records.
    """
    lines = _column_problems(frame, dataset) or [
        _line(violation, frame, dataset.key) for violation in find_violations(frame, dataset, widths, non_ascii)
    ]
    if lines:
        raise ExportError("\n".join(lines))


def find_violations(frame: pd.DataFrame, dataset: ResolvedDataset, widths: Mapping[str, int | None], non_ascii: str) -> Iterator[Violation]:
    """What a transport file cannot hold of a dataset whose columns are its variables: its attributes, then its values.

    Args:
        frame: the records.
        dataset: the resolved dataset.
        widths: the bytes of each text variable.
        non_ascii: the policy of the study; `keep` allows text that is not ASCII.
    """
    yield from attribute_violations(dataset, widths)
    yield from value_violations(frame, dataset, widths, non_ascii)


def attribute_violations(dataset: ResolvedDataset, widths: Mapping[str, int | None]) -> Iterator[Violation]:
    """Names, labels, lengths and formats that a transport file cannot hold."""
    for what in _of_dataset(dataset):
        yield Violation(dataset.name, "", what)
    for variable in dataset.variables.values():
        for what in _of_variable(variable, widths):
            yield Violation(dataset.name, variable.name, what)


def value_violations(frame: pd.DataFrame, dataset: ResolvedDataset, widths: Mapping[str, int | None], non_ascii: str) -> Iterator[Violation]:
    """Values that a transport file cannot hold."""
    for variable in dataset.variables.values():
        yield from _of_values(frame, dataset, variable, widths.get(variable.name), non_ascii)


def require_visible_end(last: pd.DataFrame, dataset: ResolvedDataset) -> None:
    """Refuse a last record that is blank in every variable: readers take it for the padding at the end of the file.

    Args:
        last: the last record of the dataset.
        dataset: the resolved dataset.

    Raises:
        ExportError: the record is blank, and no variable is a number.
    """
    if all(variable.type == "text" for variable in dataset.variables.values()) and (last == "").all(axis=None):
        raise ExportError(f"{dataset.name}: the last record is blank in every variable and no variable is a number, so it would be lost")


def _column_problems(frame: pd.DataFrame, dataset: ResolvedDataset) -> list[str]:
    if not dataset.variables:
        return [f"{dataset.name}: the dataset has no variables"]
    mismatch = column_mismatch(frame, dataset)
    return [mismatch] if mismatch else []


def _line(violation: Violation, frame: pd.DataFrame, key: tuple[str, ...]) -> str:
    place = f"{violation.dataset}.{violation.variable}: " if violation.variable else ""
    records = f"; {_records(frame, violation.mask, key)}" if violation.mask is not None else ""
    return f"{place}{violation.what}{records}"


def _label(what: str, label: str) -> Iterator[str]:
    if not label or not label.isascii() or not label.isprintable() or len(label) > LABEL:
        yield f"{what} label '{label}' is not 1 to {LABEL} printable ASCII characters"


def _of_dataset(dataset: ResolvedDataset) -> Iterator[str]:
    if not NAME.fullmatch(dataset.name):
        yield f"{dataset.name}: {NAME_RULE}"
    yield from _label(f"{dataset.name}: the", dataset.label)


def _of_variable(variable: ResolvedVariable, widths: Mapping[str, int | None]) -> Iterator[str]:
    if not NAME.fullmatch(variable.name):
        yield NAME_RULE
    yield from _label("the", variable.label)
    if fault := format_fault(variable.format, variable.type or "text"):
        yield fault
    if not variable.format and variable.type in (*DATES, "time"):
        yield f"a {variable.type} has no format, so readers would show it as a number"
    width = widths.get(variable.name)
    if variable.type == "text" and (width is None or not 1 <= width <= LONGEST):
        yield f"the length {width} is not 1 to {LONGEST} bytes"


def _of_values(frame: pd.DataFrame, dataset: ResolvedDataset, variable: ResolvedVariable, width: int | None, non_ascii: str) -> Iterator[Violation]:
    column = frame[variable.name]
    if variable.type == "text":
        matches, masks = is_text(column), _of_text
    elif variable.type in DATES:
        matches, masks = pd.api.types.is_datetime64_dtype(column.dtype), _of_date
    else:
        matches, masks = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype), _of_number
    if not matches:
        yield Violation(dataset.name, variable.name, f"the type is {variable.type}, but the column has the dtype {column.dtype}")
        return
    for place, (what, mask, cure) in enumerate(masks(column, variable, width or LONGEST, non_ascii), 1):
        if mask.any():
            yield Violation(dataset.name, variable.name, what, mask, cure, place)


Masks = Iterator[tuple[str, np.ndarray, str]]
"""What is wrong, the records concerned, and the cure."""


def _of_text(column: pd.Series, variable: ResolvedVariable, width: int, non_ascii: str) -> Masks:  # noqa: ARG001
    terms = text_terms(column)
    text = terms.dictionary
    codes = terms.indices.fill_null(len(text)).to_numpy()

    def records(of_terms: pa.BooleanArray) -> np.ndarray:
        """The records with one of the marked texts; an empty array if no text is marked."""
        marked = of_terms.to_numpy(zero_copy_only=False)
        return np.append(marked, False)[codes] if marked.any() else marked[:0]

    yield "text is missing where it should be blank", codes == len(text), ""
    too_long = records(compute.greater(compute.binary_length(text), width))
    yield f"text is longer than the declared {width} bytes", too_long, f"Shorten it, or declare a length of up to {LONGEST} bytes"
    if non_ascii != "keep":
        cure = "Recode it" if non_ascii == "transliterate" else "Set non_ascii: transliterate in study.yaml"
        not_ascii = records(compute.invert(compute.string_is_ascii(text)))
        yield "text is not ASCII", not_ascii, f"{cure}, or set non_ascii: keep to export UTF-8"
    yield "text ends with a blank, which would be lost", records(compute.ends_with(text, " ")), "Remove the blank"
    with_nul = records(compute.match_substring(text, "\x00"))
    yield "text holds a NUL character, which would end it", with_nul, "Correct the source, or remove the character in the formula"


def _of_date(column: pd.Series, variable: ResolvedVariable, width: int, non_ascii: str) -> Masks:  # noqa: ARG001
    if variable.type == "date":
        moments = column.to_numpy()
        with_time = (moments != moments.astype("datetime64[D]")) & ~np.isnat(moments)
        yield "a date has a time of day", with_time, "Declare type: datetime, or use only the date in the formula"


def _of_number(column: pd.Series, variable: ResolvedVariable, width: int, non_ascii: str) -> Masks:  # noqa: ARG001
    size = np.abs(column.to_numpy(dtype="float64", na_value=np.nan))
    yield f"a number is infinite or too large (above {LARGEST})", size > LARGEST, "Correct the source or the formula"
    yield f"a number is too small (nearer to 0 than {SMALLEST})", (size > 0) & (size < SMALLEST), "Round it in the formula"
    exact = "Correct the source, or declare the variable as text: a number keeps every digit only up to 2**53"
    yield "a whole number is above 2**53", (size > EXACT) & (size <= LARGEST), exact


def _records(frame: pd.DataFrame, mask: np.ndarray, key: tuple[str, ...]) -> str:
    count = int(mask.sum())
    names = [name for name in key if name in frame]
    rows = frame.loc[mask, names].head(SHOWN).to_dict("records")
    shown = ", ".join(" ".join(f"{name}={display_value(value)}" for name, value in row.items()) for row in rows)
    return f"{count} record{'s' if count != 1 else ''}" + (f"; first: {shown}" if names else "")


def display_value(value: object) -> str:
    """A value as messages show it: a date without a time, a whole number without a decimal point."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
