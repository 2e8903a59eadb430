"""Transliteration of text to ASCII: accents are removed and known signs are written out. Other characters stay; the export refuses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import compute

from adam.core.ascii_text import to_ascii
from adam.core.errors import Finding, Severity
from adam.core.ordering import by_subject, codes, rows_in_order
from adam.submission.xpt_limits import display_value

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset

FIRST, EXAMPLES = 10, 3
"""Records and values that a finding shows."""


@dataclass(frozen=True)
class ChangedText:
    """The records of a dataset whose text of a variable changed: their number, the keys of the first, and examples of old and new text."""

    dataset: str
    variable: str
    count: int
    keys: tuple[dict[str, str], ...]
    examples: Mapping[str, str]


def transliterate(frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset]) -> tuple[dict[str, pd.DataFrame], list[ChangedText]]:
    """Records of datasets with their text in ASCII, and what changed of each variable.

    A character without an ASCII form stays, so that the export refuses it and names the records. If the text of a variable that sorts a
    dataset changed, its records are sorted again; equal ones are in the order of their subjects, as for any cut into parts.

    Args:
        frames: the records, as `adam.submission.write` describes them.
        datasets: the resolved datasets.
    """
    changes: list[ChangedText] = []
    result = {}
    for name, frame in frames.items():
        changed = {}
        for variable in datasets[name].variables.values():
            if variable.type != "text":
                continue
            is_ascii = compute.string_is_ascii(pa.array(frame[variable.name], type=pa.large_string(), from_pandas=True)).fill_null(True)
            rows = ~is_ascii.to_numpy(zero_copy_only=False)
            if not rows.any():
                continue
            values = {value: to_ascii(value) for value in frame.loc[rows, variable.name].unique()}
            column = frame[variable.name].replace(values).astype("str")
            rows = (column != frame[variable.name]).to_numpy()
            changed[variable.name] = column
            if rows.any():
                changes.append(_changed(by_subject(frame[rows]), datasets[name], variable.name, values))
        result[name] = _sorted(frame.assign(**changed), frame, datasets[name].order, set(changed)) if changed else frame
    return result, changes


def _sorted(frame: pd.DataFrame, before: pd.DataFrame, order: Sequence[str], changed: set[str]) -> pd.DataFrame:
    """Records in the order of their new text."""
    if changed.isdisjoint(order):
        return frame
    frame = frame.take(by_subject(before.reset_index(drop=True)).index)
    return frame.take(rows_in_order([codes(frame[name]) for name in order])).reset_index(drop=True)


def transliteration_findings(parts: Iterable[Sequence[ChangedText]], datasets: Mapping[str, ResolvedDataset]) -> list[Finding]:
    """A warning for each variable whose text changed, in the order of the datasets and their variables.

    Args:
        parts: the changes of each part of the records, in order.
        datasets: the resolved datasets.
    """
    found: dict[tuple[str, str], list[ChangedText]] = {}
    for each in (each for part in parts for each in part):
        found.setdefault((each.dataset, each.variable), []).append(each)
    order = [(name, variable) for name, dataset in datasets.items() for variable in dataset.variables]
    return [_finding(found[key]) for key in order if key in found]


def _changed(frame: pd.DataFrame, dataset: ResolvedDataset, name: str, values: Mapping[str, str]) -> ChangedText:
    """What changed of a variable on some records, which are in the order of their subjects."""
    key = [each for each in dataset.key if each in frame]
    first = tuple({str(each): display_value(value) for each, value in row.items()} for row in frame[key].head(FIRST).to_dict("records"))
    examples = {old: values[old] for old in frame[name].drop_duplicates().head(EXAMPLES)}
    return ChangedText(dataset.name, name, len(frame), first, examples)


def _finding(parts: Sequence[ChangedText]) -> Finding:
    """The finding of one variable: the first records and examples of all parts."""
    examples = {old: new for part in parts for old, new in part.examples.items()}
    shown = ", ".join(f"'{old}' as '{new}'" for old, new in islice(examples.items(), EXAMPLES))
    keys = tuple(islice((key for part in parts for key in part.keys), FIRST))
    message = f"Text that is not ASCII is exported in ASCII: {shown}"
    return Finding("transliterated", Severity.WARNING, parts[0].dataset, message, sum(part.count for part in parts), keys, variable=parts[0].variable)
