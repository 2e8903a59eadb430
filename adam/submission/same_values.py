"""What is compared with a file is what the records have: the combinations that the writers encode are compared with the records first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from adam.core.coded_text import distinct_of, is_coded
from adam.core.errors import ExportError
from adam.submission.blocks import blocks_of
from adam.submission.combinations import Column, Combinations, column_values, find_combinations
from adam.submission.text_terms import same_texts

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset


def combined_blocks(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[list[Combinations]]:
    """The records of a frame in blocks, each as combinations that have the values of these records.

    Raises:
        ExportError: they have other values, which is a defect of this program.
    """
    columns = [column_values(frame[name], variable) for name, variable in dataset.variables.items()]
    written = written_values(frame, dataset)
    for rows in blocks_of(len(frame), dataset):
        combinations = find_combinations(column.block(rows) for column in columns)
        require_values(combinations, {name: column.block(rows) for name, column in written.items()}, dataset)
        yield combinations


@dataclass(frozen=True)
class Written:
    """A column of some records: the codes of its texts and the distinct texts, or its numbers or moments, or a column of text without codes."""

    content: np.ndarray | pd.Series
    texts: np.ndarray | None = None

    def block(self, rows: slice) -> Written:
        """Some of the records."""
        return Written(self.content.iloc[rows] if isinstance(self.content, pd.Series) else self.content[rows], self.texts)


def written_values(frame: pd.DataFrame, dataset: ResolvedDataset) -> dict[str, Written]:
    """The columns of some records by name."""
    found = {}
    for name, variable in dataset.variables.items():
        column = frame[name]
        if variable.type == "text":
            found[name] = Written(*distinct_of(column)[:2]) if is_coded(column) else Written(column)
        else:
            is_moment = variable.type in ("date", "datetime")
            found[name] = Written(column.to_numpy() if is_moment else column.to_numpy(dtype="float64", na_value=np.nan))
    return found


def require_values(combinations: Sequence[Combinations], written: Mapping[str, Written], dataset: ResolvedDataset) -> None:
    """Refuse combinations that have not exactly the values of the records, to the last bit.

    Args:
        combinations: those of the records.
        written: the columns of the records, from `written_values`.
        dataset: the resolved dataset.

    Raises:
        ExportError: a value differs, or a variable is missing.
    """
    if [column.variable.name for each in combinations for column in each.columns] != list(dataset.variables):
        raise ExportError(f"{dataset.name}: the variables that would be written are not those of the dataset")
    different = []
    for each in combinations:
        records = np.zeros(len(each), dtype=np.intp)
        records[each.codes] = np.arange(len(each.codes))  # one record of each combination
        different += [name for column in each.columns if not _is_same(column, each.codes, records, written[name := column.variable.name])]
    if different:
        raise ExportError(f"{dataset.name}: the values that would be written are not those of the records: {', '.join(different)}")


def _is_same(column: Column, codes: np.ndarray, records: np.ndarray, written: Written) -> bool:
    """Whether a column has the values of the records: one record of each combination has them, and the others have those of that record."""
    values, content = column.terms.take(column.places), written.content
    if isinstance(content, pd.Series):
        return same_texts(values.tolist(), codes, content)
    if len(content) != len(codes):
        return False
    if written.texts is not None:
        some = content.take(records)
        of_some = [None if code < 0 else written.texts[code] for code in some.tolist()]
        return of_some == values.tolist() and np.array_equal(some.take(codes), content)
    return values.dtype == content.dtype and np.array_equal(values.view(np.int64).take(codes), np.ascontiguousarray(content).view(np.int64))
