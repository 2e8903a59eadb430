"""Parts of a large transport file, in the folder `split`: each part is at most the size limit, and each subject is in one part.

Source: FDA Study Data Technical Conformance Guide, dataset size: the parts are in a folder `split` next to the whole file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from adam.core.errors import ExportError
from adam.submission import xpt
from adam.submission.blocks import record_size
from adam.submission.new_file import WrittenFile
from adam.submission.xpt_records import CARD, header_size

if TYPE_CHECKING:
    from adam.core.stored import StoredRecords
    from adam.planning.values import ResolvedDataset

FOLDER = "split"
SUBJECT = "USUBJID"
NAME = 8
SubjectCounts = Mapping[str, int]
"""The number of records of each subject, in the order in which the subjects first appear in the dataset."""


def file_size(dataset: ResolvedDataset, records: int) -> int:
    """The bytes of a transport file, filled up to whole cards.

    >>> from adam.planning.values import ResolvedDataset, ResolvedVariable
    >>> one = {"X": ResolvedVariable(name="X", label="X", type="text", length=10)}
    >>> file_size(ResolvedDataset(name="A", class_="X", label="A", key=(), variables=one), 9)
    1040
    """
    return header_size(len(dataset.variables)) + -(-record_size(dataset) * records // CARD) * CARD


def count_subjects(records: StoredRecords) -> SubjectCounts:
    """The number of records of each subject of a dataset; without USUBJID each record counts as a subject of its own."""
    if SUBJECT not in records.columns:
        return dict.fromkeys(map(str, range(len(records))), 1)
    counts: dict[str, int] = {}
    for part in records.parts([SUBJECT]):
        codes, known = pd.factorize(part[SUBJECT])
        for subject, count in zip(map(str, known), np.bincount(codes, minlength=len(known)).tolist(), strict=True):
            counts[subject] = counts.get(subject, 0) + count
    return counts


def assign_parts(subjects: SubjectCounts, most: int) -> dict[str, int]:
    """The part of each subject, counted from 0: subjects in order of appearance, no part with more than `most` records.

    Args:
        subjects: the records of each subject.
        most: the largest number of records of a part.

    Raises:
        ExportError: one subject has more records than that.

    >>> assign_parts({"A": 2, "B": 1, "C": 2}, 3)
    {'A': 0, 'B': 0, 'C': 1}
    """
    largest = max(subjects, key=lambda subject: subjects[subject], default="")
    if largest and subjects[largest] > most:
        raise ExportError(f"the {subjects[largest]} records of {largest} do not fit into one part of at most {most} records")
    parts, part, size = {}, 0, 0
    for subject, count in subjects.items():
        part, size = (part, size + count) if size + count <= most else (part + 1, count)
        parts[subject] = part
    return parts


def plan_parts(records: StoredRecords, dataset: ResolvedDataset, limit: int, others: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """The part of each subject of a dataset, and the names of the parts; no parts and names if the file is within the limit.

    Args:
        records: those of the dataset.
        dataset: the resolved dataset.
        limit: the largest number of bytes of a file.
        others: names that no part may have.

    Raises:
        ExportError: one subject is over the limit, or a part has the name of another dataset.
    """
    if file_size(dataset, len(records)) <= limit:
        return {}, []
    most = (limit - header_size(len(dataset.variables)) - CARD) // record_size(dataset)
    parts = assign_parts(count_subjects(records), most)
    names = [part_name(dataset.name, number) for number in range(1, max(parts.values()) + 2)]
    taken = sorted({*others} & {*names})
    if taken:
        raise ExportError(f"its part {taken[0]} would have the name of another dataset")
    return parts, names


def write_split(
    records: StoredRecords,
    dataset: ResolvedDataset,
    folder: Path,
    created: datetime.datetime,
    limit: int,
    *,
    non_ascii: str,
    others: Iterable[str],
) -> dict[str, WrittenFile]:
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
        The files by the names of the parts, in order; none if the file is within the limit.

    Raises:
        ExportError: one subject is over the limit, or a part has the name of another dataset.
    """
    part_of, names = plan_parts(records, dataset, limit, others)
    if not names:
        return {}
    (folder / FOLDER).mkdir(exist_ok=True)
    places, written = _parts_of_records(records, part_of), {}
    for number, name in enumerate(names):
        described, path = dataset.model_copy(update={"name": name}), folder / FOLDER / f"{name.lower()}.xpt"
        written[name] = xpt.write_file(_records_of(records, places, number), described, path, created, non_ascii=non_ascii)
    return written


def _parts_of_records(records: StoredRecords, part_of: Mapping[str, int]) -> list[np.ndarray]:
    """The part of each record of a dataset, for each piece in which it is stored."""
    if SUBJECT not in records.columns:
        parts = np.fromiter(part_of.values(), dtype="int32", count=len(records))
        return np.split(parts, np.cumsum(records.sizes)[:-1])
    found = []
    for frame in records.parts([SUBJECT]):
        codes, known = pd.factorize(frame[SUBJECT])
        found.append(np.array([part_of[str(subject)] for subject in known], dtype="int32")[codes])
    return found


def _records_of(records: StoredRecords, places: Sequence[np.ndarray], number: int) -> Iterator[pd.DataFrame]:
    """The records of a part, in order. Only pieces with such records are read."""
    for piece, parts in zip(records.pieces, places, strict=True):
        chosen = parts == number
        if chosen.any():
            frame = piece.frame(records.columns)
            yield frame if chosen.all() else frame[chosen]


def part_name(name: str, number: int) -> str:
    """The name of a part: the name of the dataset, shortened so that it has at most 8 characters with the number.

    >>> part_name("ADLB", 2), part_name("ADLBCHEM", 12)
    ('ADLB2', 'ADLBCH12')
    """
    return f"{name[: NAME - len(str(number))]}{number}"
