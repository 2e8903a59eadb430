"""A delivery as the checks see it: its datasets with the metadata of their files, their records, and the distinct values of their variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.core.coded_columns import filled_codes
from adam.core.coded_text import is_coded
from adam.core.kinds import OF_TYPE, ValueKind
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Name
from adam.expressions.truth import Truth
from adam.planning.values import Attributes, ResolvedDataset, ResolvedStudy, ResolvedVariable
from validation.matching import bytes_of, factorized, numbered_codes
from validation.name_patterns import has_place, matches
from validation.records import Records, subject_level


@dataclass(frozen=True)
class Delivery:
    """The datasets of a delivery: as the specification declares them, as the data have them, and their records.

    `held` are the datasets with variables, labels, lengths and formats of the files, or after a build those they will have. `sizes` are
    the bytes of the files, `unreadable` why a file could not be read; without files there are none. `sources` are the collected records;
    `whole`: all datasets of the specification must be there.
    """

    study: ResolvedStudy
    datasets: Mapping[str, ResolvedDataset]
    held: Mapping[str, ResolvedDataset]
    frames: Mapping[str, pd.DataFrame]
    sources: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True

    @property
    def standard(self) -> Mapping[str, Mapping[str, Attributes]]:
        """The dictionary of the standard, without what the study changes in it."""
        return self.study.dictionary if self.study.standard is None else self.study.standard

    @property
    def subjects(self) -> str:
        """The name of the subject-level dataset, if it is delivered."""
        return subject_level(self.held)


class _Kinds:
    """The kinds of the names of a condition on a dataset."""

    def __init__(self, variables: Mapping[str, ResolvedVariable]) -> None:
        self.variables = variables

    def kind(self, name: Name) -> ValueKind:
        """Return the kind of a name."""
        if name.owner or name.last not in self.variables:
            raise UnknownName(f"{name} is not a variable of the dataset")
        return OF_TYPE[self.variables[name.last].type or "text"]

    def values(self, name: Name) -> None:
        """Return no values: a rule of the standard reads no list of a study."""

    def terms(self, name: Name | None) -> None:
        """Return no terms: a rule of the standard reads no number of a codelist."""


class DeliveredDataset(Records):
    """One dataset of a delivery. `dataset` is as the data have it, `declared` as the specification does (None if it does not).

    What is computed of a column is computed once.
    """

    def __init__(self, delivery: Delivery, name: str) -> None:
        super().__init__(delivery.study, delivery.held[name], delivery.frames, delivery.sources, delivery.held)
        self.delivery, self.name = delivery, name
        self.declared = delivery.datasets.get(name)
        self._codes: dict[str, np.ndarray] = {}
        self._distinct: dict[str, pd.Series] = {}

    @property
    def variables(self) -> Mapping[str, ResolvedVariable]:
        """Its variables, as the data have them."""
        return self.dataset.variables

    def has(self, name: str) -> bool:
        """Whether it has a variable of that name; a name with places is that of any variable that matches."""
        return any(True for _ in matches(name, self.variables)) if has_place(name) else name in self.variables

    def is_text(self, name: str) -> bool:
        """Whether a variable is text."""
        return self.variables[name].type == "text"

    def codes(self, name: str) -> np.ndarray:
        """Return for each record the number of its value; -1 where it is missing."""
        if name not in self._codes:
            column = self.frame[name]
            coded = is_coded(column) and not column.hasnans
            codes, values = filled_codes(column) if coded else factorized(column)
            if not coded and values.dtype == "str":
                code = np.arange(len(values) + 1, dtype="int32")
                code[-1] = -1
                code[:-1][(values == "").to_numpy(dtype=bool)] = -1
                codes = code[codes]
            self._codes[name], self._distinct[name] = codes, values
        return self._codes[name]

    def distinct_values(self, name: str) -> pd.Series:
        """Return the distinct values of a variable, by their numbers; blank is among them."""
        self.codes(name)
        return self._distinct[name]

    def bytes_of_values(self, name: str) -> np.ndarray:
        """Return how many bytes each distinct text has."""
        return bytes_of(self.distinct_values(name))

    def missing(self, name: str) -> np.ndarray:
        """Return the records in which a variable is missing or blank."""
        return self.codes(name) < 0

    def group(self, names: Sequence[str]) -> np.ndarray:
        """Return for each record a number of its combination of values; missing is a value here."""
        if not names:
            return np.zeros(len(self.frame), dtype="int64")
        return numbered_codes((self.codes(name) + 1, len(self.distinct_values(name)) + 1) for name in names)

    def records_with(self, name: str, marked: np.ndarray) -> np.ndarray:
        """Return the records whose value is one of the marked distinct values."""
        return np.append(marked, False)[self.codes(name)]

    def applies(self, expr: Expr) -> bool:
        """Whether the dataset has the variables of a condition, with its types."""
        names = expr.names
        return not any(name.owner or name.last not in self.variables for name in names) and not kind_of(expr, _Kinds(self.variables))[1]

    def outcome(self, text: str) -> Truth | None:
        """Return the records in which a condition is true, and those in which it is false; None if it does not apply."""
        expr = parse(text)
        if not self.applies(expr):
            return None
        return self.truth(expr)
