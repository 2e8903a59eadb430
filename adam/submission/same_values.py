"""What is compared with a file is what the records have: the combinations that the writers encode are compared with the records first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from adam.core.coded_text import distinct_of, is_coded
from adam.core.errors import ExportError
from adam.submission.blocks import blocks_of
from adam.submission.combinations import Column, Combinations, find_combinations
from adam.submission.text_terms import same_texts

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset


def combined_blocks(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[list[Combinations]]:
    """The records of a frame in blocks, each as combinations that have the values of these records.

    Raises:
        ExportError: they have other values, which is a defect of this program.
    """
    for block in blocks_of(frame, dataset):
        combinations = find_combinations(block, dataset)
        require_values(combinations, block, dataset)
        yield combinations


def require_values(combinations: Sequence[Combinations], frame: pd.DataFrame, dataset: ResolvedDataset) -> None:
    """Refuse combinations that have not exactly the values of the records, to the last bit.

    Raises:
        ExportError: a value differs, or a variable is missing.
    """
    if [column.variable.name for each in combinations for column in each.columns] != list(dataset.variables):
        raise ExportError(f"{dataset.name}: the variables that would be written are not those of the dataset")
    different = []
    for each in combinations:
        records = np.zeros(len(each), dtype=np.intp)
        records[each.codes] = np.arange(len(frame))  # one record of each combination
        different += [name for column in each.columns if not _is_same(column, each.codes, records, frame[name := column.variable.name])]
    if different:
        raise ExportError(f"{dataset.name}: the values that would be written are not those of the records: {', '.join(different)}")


def _is_same(column: Column, codes: np.ndarray, records: np.ndarray, written: pd.Series) -> bool:
    """Whether a column has the values of the records: one record of each combination has them, and the others have those of that record."""
    values = column.terms.take(column.places)
    if column.variable.type == "text":
        if not is_coded(written):
            return same_texts(values.tolist(), codes, written)
        own, distinct, _ = distinct_of(written)
        some = own.take(records)
        of_some = [None if code < 0 else distinct[code] for code in some.tolist()]
        return of_some == values.tolist() and np.array_equal(some.take(codes), own)
    is_moment = column.variable.type in ("date", "datetime")
    expected = written.to_numpy() if is_moment else written.to_numpy(dtype="float64", na_value=np.nan)
    return values.dtype == expected.dtype and np.array_equal(values.view(np.int64).take(codes), np.ascontiguousarray(expected).view(np.int64))
