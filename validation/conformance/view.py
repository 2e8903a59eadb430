"""A dataset as the general checks see it: its variables as the data have them, its records, and the numbers of their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.core.kinds import OF_TYPE, ValueKind, false, true
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.parse import parse
from adam.expressions.tree import Name
from adam.plan.values import Attributes, ResolvedDataset, ResolvedStudy, ResolvedVariable
from validation.conformance.names import bound, open_
from validation.records import Records, subject_level


@dataclass(frozen=True)
class Package:
    """What is looked at: the datasets as the specification has them and as the data have them, and their records.

    `held` are the datasets with variables, labels, lengths and formats of the data; where they come from a build, those of the
    specification. `sizes` are the bytes of the files, `unreadable` what was wrong with a file; without files there are none.
    `sources` are the collected records; `whole`: all datasets of the specification should be there.
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
        """The dictionary of the standard, without what the study says over it."""
        return self.study.dictionary if self.study.standard is None else self.study.standard

    @property
    def subjects(self) -> str:
        """The name of the dataset with one record per subject, if it is held."""
        return subject_level(self.held)


@dataclass(frozen=True)
class Failure:
    """What fails a general check: of which variable, what is wrong with it, and which records if it is wrong in some."""

    variable: str
    detail: str
    mask: np.ndarray | None = None


Failures = Iterator[Failure]


class Kinds:
    """The kinds of the names of a condition on a dataset."""

    def __init__(self, variables: Mapping[str, ResolvedVariable]) -> None:
        self.variables = variables

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name."""
        if name.owner or name.last not in self.variables:
            raise UnknownName(f"{name} is not here")
        return OF_TYPE[self.variables[name.last].type or "text"]

    def values(self, name: Name) -> None:
        """No rule of the standard knows the lists of a study."""

    def terms(self, name: Name | None) -> None:
        """No rule of the standard knows the numbers of a codelist."""


class View:
    """One dataset of a package; what is worked out of a column is worked out once."""

    def __init__(self, package: Package, name: str) -> None:
        self.package, self.name = package, name
        self.held = package.held[name]
        self.declared = package.datasets.get(name)
        self.records = Records(package.study, self.held, package.frames, package.sources, package.held)
        self.frame = self.records.frame
        self._codes: dict[str, np.ndarray] = {}
        self._values: dict[str, pd.Series] = {}

    @property
    def variables(self) -> Mapping[str, ResolvedVariable]:
        """Its variables, as the data have them."""
        return self.held.variables

    def has(self, name: str) -> bool:
        """Whether a variable of that name is there; a name with places stands for any that fits."""
        return any(True for _ in bound(name, self.variables)) if open_(name) else name in self.variables

    def is_text(self, name: str) -> bool:
        """Whether a variable is text."""
        return self.variables[name].type == "text"

    def codes(self, name: str) -> np.ndarray:
        """For each record the number of its value; -1 where it is missing."""
        if name not in self._codes:
            column = self.frame[name]
            codes, values = pd.factorize(column)
            if column.dtype == "str":
                blank = np.flatnonzero(np.asarray(values == "", dtype=bool))
                codes = np.where(np.isin(codes, blank), -1, codes) if len(blank) else codes
            self._codes[name], self._values[name] = codes.astype("int64"), pd.Series(values)
        return self._codes[name]

    def values(self, name: str) -> pd.Series:
        """The different values of a variable, by their numbers; blank is among them."""
        self.codes(name)
        return self._values[name]

    def missing(self, name: str) -> np.ndarray:
        """The records in which a variable is missing or blank."""
        return self.codes(name) < 0

    def group(self, names: Sequence[str]) -> np.ndarray:
        """For each record a number of its combination of values; missing is a value here."""
        group = np.zeros(len(self.frame), dtype="int64")
        for name in names:
            codes = self.codes(name) + 1
            group = pd.factorize(group * (int(codes.max(initial=0)) + 1) + codes)[0].astype("int64")
        return group

    def of_values(self, name: str, wrong: np.ndarray) -> np.ndarray:
        """The records whose value is one of those marked."""
        codes = self.codes(name)
        return np.append(wrong, False)[codes]

    def holds(self, text: str) -> tuple[np.ndarray, np.ndarray] | None:
        """The records in which a condition is true, and those in which it is false; None if its variables are not here, or of other kinds."""
        expr = parse(text)
        if any(not self._readable(name) for name in expr.names):
            return None
        if kind_of(expr, Kinds(self.variables))[1]:
            return None
        column = self.records.evaluated(expr)
        return true(column).to_numpy(), false(column).to_numpy()

    def _readable(self, name: Name) -> bool:
        return not name.owner and name.last in self.variables
