"""The records of a dataset from those of its parts: one after another, or sorted again if the order of the dataset does not begin with subjects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.ordering import codes, rows_in_order
from adam.core.stored import StoredRecords, write_records
from adam.planning.values import ResolvedDataset

SUBJECT = ("STUDYID", "USUBJID")


def join_parts(
    parts: Sequence[Mapping[str, StoredRecords]], datasets: Mapping[str, ResolvedDataset], folder: Callable[[], Path]
) -> dict[str, StoredRecords]:
    """The records of each dataset in its order.

    Args:
        parts: the records of each part, in the order of the subjects; those of a part are in the order of the dataset, equal ones by subject.
        datasets: the datasets with their orders.
        folder: makes the folder for records that are sorted again.
    """
    joined = {name: StoredRecords.joined(part[name] for part in parts) for name in datasets}
    unsorted = {name: rows for name, dataset in datasets.items() if (rows := _new_order(joined[name], dataset.order)) is not None}
    if not unsorted:
        return joined
    target = folder()
    return joined | {name: _in_order(joined[name], rows, target, name) for name, rows in unsorted.items()}


def _new_order(records: StoredRecords, order: Sequence[str]) -> np.ndarray | None:
    """The rows of the records in their order; None if they are in it."""
    if len(records.sizes) < 2 or _follow(records, [name for name, subject in zip(order, _leading(order), strict=False) if name == subject]):
        return None
    keys = records.read(order)
    rows = rows_in_order([codes(keys[name]) for name in order])
    return None if (rows[1:] > rows[:-1]).all() else rows


def _leading(order: Sequence[str]) -> tuple[str, ...]:
    """What identifies a subject, from the variable on with which an order begins."""
    return SUBJECT[SUBJECT.index(order[0]) :] if order and order[0] in SUBJECT else ()


def _follow(records: StoredRecords, names: Sequence[str]) -> bool:
    """Whether the first record of each part is after the last one of the part before it, in these variables."""
    if not names:
        return False
    ends = [part.iloc[[0, -1]] for part in records.parts(names) if len(part)]
    if not ends:
        return True
    frame = pd.concat(ends, ignore_index=True)
    last, first = (pd.MultiIndex.from_frame(each.iloc[1:-1].iloc[start::2]) for each, start in ((frame, 0), (frame, 1)))
    return all(one < two for one, two in zip(last, first, strict=True))


def _in_order(records: StoredRecords, rows: np.ndarray, folder: Path, name: str) -> StoredRecords:
    """The records in the order of `rows`, written to as many files as they have parts. Each reads only its records from each part."""
    starts = np.cumsum([0, *records.sizes])
    written = []
    for number, wanted in enumerate(np.array_split(rows, len(records.sizes))):
        ordered = np.sort(wanted)
        bounds = np.searchsorted(ordered, starts)
        pieces = [
            part.take(ordered[first:last] - start)
            for part, start, first, last in zip(records.parts(), starts[:-1], bounds[:-1], bounds[1:], strict=True)
            if last > first
        ]
        frame = pd.concat(pieces, ignore_index=True) if pieces else next(records.parts()).iloc[:0]
        written.append(write_records(frame.take(np.searchsorted(ordered, wanted)), folder / f"{name}.{number}.arrow"))
    return StoredRecords.joined(written)
