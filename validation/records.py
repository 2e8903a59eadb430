"""The records of a dataset as a check reads them: its own variables, ADSL.X of its subject, AE.X or SRC.X of its source record, STUDY.X."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.core.coded_text import constant_text, distinct_of
from adam.expressions.check import is_date
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.expressions.truth import Truth
from adam.planning.values import ResolvedDataset, ResolvedStudy
from validation.contracts import source_of
from validation.matching import at_rows, codes_of, firsts, numbered_codes, positions, taken
from validation.some_records import SomeRecords

SUBJECT = ["STUDYID", "USUBJID"]
NO_ROWS = np.empty(0, dtype="int64")
MOST_SORTED_FAST = 2**15
"""Below it numbers are sorted by their digits."""
SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
SUBJECTS = "DM"
"""The domain with one record per subject."""


def subject_level(datasets: Mapping[str, ResolvedDataset]) -> str:
    """Return the name of the subject-level dataset, or nothing."""
    return next((name for name, dataset in datasets.items() if dataset.class_ == SUBJECT_LEVEL), "")


def sequence(domain: str) -> str:
    """The --SEQ of a domain."""
    return f"{domain[:2]}SEQ"


def with_sequence(domain: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the records of a domain with --SEQ; in a file of an analysis dataset ASEQ has that part."""
    if sequence(domain) in frame or "ASEQ" not in frame:
        return frame
    return frame.assign(**{sequence(domain): pd.to_numeric(frame["ASEQ"], errors="coerce")})


def prefixed(domain: str, variable: str, known: object) -> str:
    """Return the variable SRC.X of a domain: --X if the domain has it, else X."""
    return f"{domain[:2]}{variable}" if f"{domain[:2]}{variable}" in known else variable  # type: ignore[operator]


class Constants:
    """The constants of a study, which belong to no record."""

    def __init__(self, study: ResolvedStudy) -> None:
        self.study = study

    def constant(self, name: str) -> float | str | np.datetime64:
        """Return a constant; an ISO date is a date."""
        value: float | str = self.study.constants[name]
        return np.datetime64(str(value), "s") if is_date(value) else value

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """Return the values of a list of the study."""
        found = self.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """Return no numbers: the source has no codelists."""
        return None


class SourceRecords(Constants):
    """The records of a domain as collected: `X`, `AE.X` and `SRC.X` are its variables; one that the domain lacks is blank."""

    def __init__(self, study: ResolvedStudy, domain: str, frame: pd.DataFrame) -> None:
        super().__init__(study)
        self.domain, self.frame = domain, frame
        self._selected: dict[Expr, np.ndarray] = {}

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self.frame.index

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """Return the column of a name."""
        if name.owner == "STUDY":
            return self.constant(name.last)
        variable = prefixed(self.domain, name.last, self.frame.columns) if name.owner == "SRC" else name.last
        return self.frame[variable] if variable in self.frame else constant_text("", self.index)

    def selected(self, where: Expr | None) -> np.ndarray:
        """Return the records a condition selects: all without one."""
        if where is None:
            return np.ones(len(self.frame), dtype=bool)
        if where not in self._selected:
            self._selected[where] = Evaluation(self).holds(where)
        return self._selected[where].copy()


class Records(Constants):
    """The records of a dataset; columns and conditions are evaluated once. `memo` keeps what several checks compute of the records."""

    def __init__(
        self,
        study: ResolvedStudy,
        dataset: ResolvedDataset,
        frames: Mapping[str, pd.DataFrame],
        sources: Mapping[str, pd.DataFrame],
        datasets: Mapping[str, ResolvedDataset] | None = None,
    ) -> None:
        super().__init__(study)
        self.dataset, self.frames, self.sources = dataset, frames, sources
        self.datasets = datasets if datasets is not None else {dataset.name: dataset}
        self.frame = frames[dataset.name].reset_index(drop=True)
        self._columns: dict[Name, pd.Series] = {}
        self._selected: dict[Expr, np.ndarray] = {}
        self._rows: dict[tuple[str, tuple[str, ...]], np.ndarray] = {}
        self._of_parameter: dict[str, np.ndarray] | None = None
        self._others: dict[str, Records] = {}  # without these records themselves: a cycle keeps the memory of a part
        self._truth_where: tuple[Expr, Expr | None, np.ndarray, Truth] | None = None
        self.memo: dict[Hashable, Any] = {}

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self.frame.index

    def of(self, dataset: str) -> Records:
        """Return the records of another dataset."""
        if dataset == self.dataset.name:
            return self
        if dataset not in self._others:
            self._others[dataset] = Records(self.study, self.datasets[dataset], self.frames, self.sources, self.datasets)
        return self._others[dataset]

    @property
    def subjects(self) -> Records:
        """The records of the subject-level dataset."""
        return self.of(subject_level(self.datasets))

    def source(self, domain: str) -> pd.DataFrame:
        """Return the records of a domain; none if the study declares it as optional and it is absent."""
        if domain in self.sources:
            return with_sequence(domain, self.sources[domain])
        use = self.study.sources.get(domain)
        if use is None or not use.may_be_absent:
            raise LookupError(f"the data have no domain {domain}")
        return pd.DataFrame({name: pd.Series(dtype="str") for name in SUBJECT} | {sequence(domain): pd.Series(dtype="float64")})

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """Return the column of a name."""
        if name.owner == "STUDY":
            return self.constant(name.last)
        if name not in self._columns:
            own = not name.owner or name.owner == self.dataset.name
            self._columns[name] = self.frame[name.last] if own else self._found(name)
        return self._columns[name]

    def _found(self, name: Name) -> pd.Series:
        if name.owner == "SRC":
            return self._src(name.last)
        if name.owner in self.frames:
            return taken(self.frames[name.owner][name.last], self.rows(name.owner, SUBJECT))
        by = SUBJECT if name.owner == SUBJECTS else [*SUBJECT, sequence(name.owner)]
        source = self.source(name.owner)
        if name.last not in source:
            return constant_text("", self.index)
        return taken(source[name.last], self.rows(name.owner, by))

    def some(self, names: Iterable[str], rows: np.ndarray) -> pd.DataFrame:
        """Return some variables of the records at some positions, renumbered."""
        return pd.DataFrame({name: at_rows(self.frame[name], rows) for name in dict.fromkeys(names)}, copy=False)

    def of_parameter(self, parameter: str) -> SomeRecords:
        """Return the records of a parameter."""
        return SomeRecords(self, self.rows_of(parameter))

    def rows_of(self, parameter: str) -> np.ndarray:
        """Return the positions of the records of a parameter."""
        if self._of_parameter is None:
            codes, parameters, _ = distinct_of(self.frame["PARAMCD"])
            order = np.argsort(codes.astype("int16") if len(parameters) < MOST_SORTED_FAST else codes, kind="stable")
            ends = np.cumsum(np.bincount(codes + 1, minlength=len(parameters) + 1))  # a missing one has the code -1
            self._of_parameter = dict(zip(parameters, np.split(order, ends[:-1])[1:], strict=True))
        return self._of_parameter.get(parameter, NO_ROWS)

    def numbered(self, names: Iterable[str], rows: np.ndarray | None = None) -> np.ndarray:
        """Return a number for the combination of values of each record, or of those at `rows`, by their first appearance; missing is a value."""
        found = [self._codes_of(name) for name in dict.fromkeys(names)]
        return numbered_codes(found if rows is None else [(codes[rows], size) for codes, size in found])

    def combinations(self, names: Iterable[str], rows: np.ndarray | None = None) -> tuple[pd.DataFrame, np.ndarray]:
        """Return the distinct combinations of values of the records, or of those at `rows`, and the number of the combination of each."""
        number = self.numbered(names, rows)
        first = firsts(number, int(number.max(initial=-1)) + 1)
        places = first if rows is None else rows[first]
        return self.some(names, places), number

    def _codes_of(self, name: str) -> tuple[np.ndarray, int]:
        """A number for each value of a variable, and a number above all; they are found once for all checks."""
        known = (Records._codes_of, name)
        if known not in self.memo:
            self.memo[known] = codes_of(self.frame[name])
        found: tuple[np.ndarray, int] = self.memo[known]
        return found

    def rows(self, owner: str, by: list[str]) -> np.ndarray:
        """Return for each record the position of the record of another dataset or domain with the same values; -1 for none."""
        known = (owner, tuple(by))
        if known not in self._rows:
            other = self.frames[owner] if owner in self.frames else self.source(owner)
            self._rows[known] = positions(other[by], self.frame[by])
        return self._rows[known]

    def origins(self) -> pd.DataFrame:
        """Return for each record the domain (`domain`) and --SEQ (`sequence`) of its source record; blank and missing where it has none."""
        if {"SRCDOM", "SRCSEQ"} <= set(self.frame):
            return pd.DataFrame({"domain": self.frame["SRCDOM"], "sequence": self.frame["SRCSEQ"]})
        source = source_of(self.dataset)
        domain = source.domain if source is not None else ""
        own = self.frame[sequence(domain)] if sequence(domain) in self.frame else pd.Series(np.nan, index=self.index)
        return pd.DataFrame({"domain": domain, "sequence": own})

    def _src(self, variable: str) -> pd.Series:
        """SRC.X: --X (or X) of the source record of any domain; blank if there is none."""
        origin = self.origins()
        found: pd.Series | None = None
        for domain in [each for each in origin["domain"].unique() if each and (each in self.sources or each in self.study.sources)]:
            source = self.source(domain)
            name = prefixed(domain, variable, source.columns)
            if name not in source:
                continue
            rows = self.source_rows(domain)
            column = taken(source[name], rows)
            found = column if found is None else found.where(~pd.Series(rows >= 0), column)
        return found if found is not None else constant_text("", self.index)

    def source_rows(self, domain: str) -> np.ndarray:
        """Return for each record the position of its source record in a domain; -1 where it is of another one."""
        known = (domain, ("source",))
        if known not in self._rows:
            source, origin = self.source(domain), self.origins()
            mine = np.flatnonzero((origin["domain"] == domain).to_numpy(dtype=bool))
            keyed = self.frame[SUBJECT].iloc[mine].assign(sequence=origin["sequence"].iloc[mine])
            self._rows[known] = np.full(len(self.frame), -1)
            if sequence(domain) in source:
                self._rows[known][mine] = positions(source[[*SUBJECT, sequence(domain)]], keyed)
            elif domain == SUBJECTS:
                self._rows[known][mine] = positions(source[SUBJECT], keyed[SUBJECT])
        return self._rows[known]

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """Return the numbers of a variable's codelist."""
        variable = self.dataset.variables.get(name.last) if name else None
        codelist = self.study.codelists.get(variable.codelist) if variable else None
        return codelist.numbers if codelist else None

    def evaluated(self, expr: Expr) -> pd.Series:
        """Return the column of an expression."""
        return Evaluation(self).column(expr)

    def truth(self, condition: Expr) -> Truth:
        """Return the records in which a condition is true, and those in which it is false."""
        return Evaluation(self).truth(condition.root)

    def truth_where(self, condition: Expr, where: Expr | None) -> tuple[np.ndarray, Truth]:
        """Return the positions of the records that `where` selects, and in which of these a condition is true, and false; the last one is kept."""
        if self._truth_where is None or self._truth_where[0] is not condition or self._truth_where[1] is not where:
            rows = np.flatnonzero(self.selected(where))
            some = 2 * len(rows) < len(self.index)
            yes, no = SomeRecords(self, rows).truth(condition) if some else self.truth(condition)
            self._truth_where = (condition, where, rows, (yes, no) if some or where is None else (yes[rows], no[rows]))
        return self._truth_where[2:]

    def selected(self, where: Expr | None) -> np.ndarray:
        """Return the records a `where` selects: all without one."""
        if where is None:
            return np.ones(len(self.frame), dtype=bool)
        if where not in self._selected:
            self._selected[where] = Evaluation(self).holds(where)
        return self._selected[where].copy()
