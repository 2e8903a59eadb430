"""Parts of a large transport file, in the folder `split`: each part is at most the size limit, and each subject is in one part.

Source: FDA Study Data Technical Conformance Guide, dataset size: the parts are in a folder `split` next to the whole file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from adam.core.errors import ExportError
from adam.submission import xpt
from adam.submission.xpt_read_back import header_size
from adam.submission.xpt_records import NUMBER

if TYPE_CHECKING:
    from adam.core.stored import StoredRecords
    from adam.planning.values import ResolvedDataset

FOLDER = "split"
SUBJECT = "USUBJID"
CARD = 80
NAME = 8


def record_size(dataset: ResolvedDataset) -> int:
    """The bytes of one record of a transport file."""
    return sum(variable.length or 1 if variable.type == "text" else NUMBER for variable in dataset.variables.values())


def file_size(dataset: ResolvedDataset, records: int) -> int:
    """The bytes of a transport file, filled up to whole cards.

    >>> from adam.planning.values import ResolvedDataset, ResolvedVariable
    >>> one = {"X": ResolvedVariable(name="X", label="X", type="text", length=10)}
    >>> file_size(ResolvedDataset(name="A", class_="X", label="A", key=(), variables=one), 9)
    1040
    """
    return header_size(len(dataset.variables)) + -(-record_size(dataset) * records // CARD) * CARD


def assign_parts(subjects: pd.Series, most: int) -> np.ndarray:
    """The part of each record, counted from 0: subjects in order of appearance, no part with more than `most` records.

    Args:
        subjects: the subject of each record, in any order.
        most: the largest number of records of a part.

    Raises:
        ExportError: one subject has more records than that.

    >>> assign_parts(pd.Series(["A", "B", "A", "C", "C"]), 3).tolist()
    [0, 0, 0, 1, 1]
    """
    codes, known = pd.factorize(subjects)
    counts = np.bincount(codes, minlength=len(known))
    if len(counts) and counts.max() > most:
        raise ExportError(f"the {counts.max()} records of {known[int(counts.argmax())]} do not fit into one part of at most {most} records")
    ends, part, first, number = counts.cumsum(), np.zeros(len(known), dtype="int64"), 0, 0
    while first < len(known):
        last = int(np.searchsorted(ends, ends[first] - counts[first] + most, side="right"))
        part[first:last] = number
        first, number = last, number + 1
    return part[codes]


def plan_parts(records: StoredRecords, dataset: ResolvedDataset, limit: int, others: Iterable[str]) -> tuple[np.ndarray, list[str]]:
    """The part of each record of a dataset, and the names of the parts; no parts and names if the file is within the limit.

    Args:
        records: those of the dataset.
        dataset: the resolved dataset.
        limit: the largest number of bytes of a file.
        others: names that no part may have.

    Raises:
        ExportError: one subject is over the limit, or a part has the name of another dataset.
    """
    if file_size(dataset, len(records)) <= limit:
        return np.zeros(0, dtype="int64"), []
    most = (limit - header_size(len(dataset.variables)) - CARD) // record_size(dataset)
    subjects = records.read([SUBJECT])[SUBJECT] if SUBJECT in records.columns else pd.Series(range(len(records)))
    part = assign_parts(subjects, most)
    names = [part_name(dataset.name, number) for number in range(1, int(part.max()) + 2)]
    taken = sorted({*others} & {*names})
    if taken:
        raise ExportError(f"its part {taken[0]} would have the name of another dataset")
    return part, names


def write_split(
    records: StoredRecords,
    dataset: ResolvedDataset,
    folder: Path,
    created: datetime.datetime,
    limit: int,
    *,
    non_ascii: str,
    others: Iterable[str],
) -> list[str]:
    """Write the parts of a dataset whose file is over the limit.

    Args:
        records: those of the dataset; the parts keep their order.
        dataset: the resolved dataset.
        folder: the folder in which `split` is created.
        created: the creation time in the files.
        limit: the largest number of bytes of a file.
        non_ascii: as for `xpt.write`.
        others: names that no part may have.

    Returns:
        The names of the parts; none if the file is within the limit.

    Raises:
        ExportError: one subject is over the limit, or a part has the name of another dataset.
    """
    part, names = plan_parts(records, dataset, limit, others)
    if not names:
        return []
    (folder / FOLDER).mkdir(exist_ok=True)
    for number, name in enumerate(names):
        dataset_part = dataset.model_copy(update={"name": name})
        xpt.write_parts(_selected(records, part == number), dataset_part, folder / FOLDER / f"{name.lower()}.xpt", created, non_ascii=non_ascii)
    return names


def _selected(records: StoredRecords, mask: np.ndarray) -> Iterator[pd.DataFrame]:
    """The selected records, one stored part after another."""
    first = 0
    for frame in records.parts():
        yield frame[mask[first : first + len(frame)]]
        first += len(frame)


def part_name(name: str, number: int) -> str:
    """The name of a part: the name of the dataset, shortened so that it has at most 8 characters with the number.

    >>> part_name("ADLB", 2), part_name("ADLBCHEM", 12)
    ('ADLB2', 'ADLBCH12')
    """
    return f"{name[: NAME - len(str(number))]}{number}"
