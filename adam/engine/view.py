"""The records of a step as its formulas see them: every name becomes a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import ValueKind, missing_column
from adam.engine.tables import Table, joined, positions, taken
from adam.engine.unmatched import UnmatchedConditions
from adam.expressions.check import is_date
from adam.expressions.tree import Name
from adam.plan.names import StudyNames, kind_by_name
from adam.plan.references import Binding, Reference


class Data:
    """All tables of a run, and what is the same for each of its steps."""

    def __init__(self, catalogue: StudyNames, keys: pd.DataFrame) -> None:
        self.catalogue = catalogue
        self.keys = keys
        self.subjects = len(keys)
        self.tables: dict[tuple[str, str], Table] = {}
        self.matched = UnmatchedConditions()
        self.shared: dict[tuple[str, str, str], Any] = {}
        self.kept: dict[str, list[str]] = {}
        self._positions: dict[str, np.ndarray] = {}

    def subject_key(self, name: str) -> np.ndarray:
        """STUDYID or USUBJID of every subject."""
        return np.asarray(self.keys[name].to_numpy(dtype=object))

    def of_subject(self, owner: str) -> np.ndarray:
        """For each subject the number of its record of a one-record owner."""
        if owner not in self._positions:
            self._positions[owner] = positions(self.tables[owner, ""], self.subjects)
        return self._positions[owner]

    def column(self, owner: str, variable: str, code: str = "", *, raw: bool = False) -> pd.Series:
        """A column of a table; of a domain as prepared, or as collected. What the data lack is blank.

        Raises:
            AssertionError: the data have the variable and the plan did not read it; blanks in its place would be wrong values.
        """
        if owner in self.kept and not code:
            return joined([self.column(owner, variable, each) if each else self._of_table(owner, "", variable) for each in self.kept[owner]])
        return self._of_table(owner, code, variable, raw=raw)

    def _of_table(self, owner: str, code: str, variable: str, *, raw: bool = False) -> pd.Series:
        table = self.tables[owner, code]
        if variable in table.columns and not raw:
            return table.columns[variable]
        if variable in table.collected:
            return table.collected[variable]
        if self.catalogue.headers is not None and not self.catalogue.is_dataset(owner):
            assert self.catalogue.is_absent(owner, variable), f"{owner}.{variable} was not read"
        return missing_column(kind_by_name(variable), pd.RangeIndex(len(table)))

    def constant(self, name: str) -> float | str | np.datetime64:
        """A single value of the study; an ISO text is a date."""
        value = self.catalogue.study.constants[name]
        if isinstance(value, str):
            return np.datetime64(value, "s") if is_date(value) else value
        return float(value)


class View:
    """Some parts of an owner as one set of records."""

    def __init__(
        self, data: Data, owner: str, codes: Sequence[str], refs: Mapping[Name, Reference], terms: Mapping[Name | None, Mapping[str, float]]
    ) -> None:
        self.data, self.owner, self.codes, self.refs, self._terms = data, owner, codes, refs, terms
        self.parts = [data.tables[owner, code] for code in codes]
        self.subject = np.concatenate([part.subject for part in self.parts])
        self._index = pd.RangeIndex(len(self.subject))
        self._cache: dict[tuple[str, str, bool], pd.Series] = {}

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self._index

    def __len__(self) -> int:
        return len(self.subject)

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        found = self.data.catalogue.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a codelist."""
        return self._terms.get(name)

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """What a name stands for on these records."""
        return self.of_ref(self.refs[name])

    def of_ref(self, ref: Reference) -> pd.Series | float | str | np.datetime64:
        """The column, or the one value, of what a name stands for."""
        match ref.how:
            case Binding.CONSTANT:
                return self.data.constant(ref.variable)
            case Binding.OWN:
                return self.own(ref.variable, raw=ref.raw)
            case Binding.SUBJECT:
                rows = self.data.of_subject(ref.owner)[self.subject]
                return taken(self.data.column(ref.owner, ref.variable, raw=ref.raw), rows)
            case Binding.SRC:
                return joined([self.source(part, "", ref.variable) for part in self.parts])
            case Binding.SOURCE:
                return joined([self.source(part, ref.owner, ref.variable, raw=ref.raw) for part in self.parts])
        raise AssertionError(f"{ref} is looked at, not read")

    def own(self, variable: str, *, raw: bool = False) -> pd.Series:
        """A variable of these records themselves."""
        key = ("", variable, raw)
        if key not in self._cache:
            self._cache[key] = joined([self.data.column(self.owner, variable, code, raw=raw) for code in self.codes])
        return self._cache[key]

    def source(self, part: Table, domain: str, variable: str, *, raw: bool = False) -> pd.Series:
        """A variable of the source record of each record; of SRC (no domain) whatever the domain is."""
        result: pd.Series | None = None
        for name, rows in part.rows.items():
            if domain and name != domain:
                continue
            column = variable if domain else self.data.catalogue.src_variable(name, variable)
            found = taken(self.data.column(name, column, raw=raw), rows)
            result = found if result is None else result.where(rows < 0, found)
        return missing_column(self.src_kind(variable), pd.RangeIndex(len(part))) if result is None else result

    def src_kind(self, variable: str) -> ValueKind:
        """The kind SRC.X has where no source has it: that of the other records of the dataset."""
        for (owner, _), table in self.data.tables.items():
            if owner != self.owner:
                continue
            for domain in table.rows:
                name, source = self.data.catalogue.src_variable(domain, variable), self.data.tables[domain, ""]
                column = source.columns.get(name, source.collected.get(name))
                if column is not None:
                    return ValueKind.TEXT if column.dtype == "str" else ValueKind.DATE if column.dtype.kind == "M" else ValueKind.NUMBER
        return kind_by_name(variable)


class Extended:
    """Some records of a view, with columns that only who asks knows."""

    def __init__(self, view: View, columns: Mapping[str, pd.Series], rows: np.ndarray) -> None:
        self.view, self.columns, self.rows = view, columns, rows
        self._index = pd.RangeIndex(len(rows))

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self._index

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        return self.view.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a codelist."""
        return self.view.terms(name)

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """A column of those known to who asks, or of the view."""
        if str(name) in self.columns:
            return self.columns[str(name)]
        value = self.view.column(name)
        return taken(value, self.rows) if isinstance(value, pd.Series) else value


class JoinedRecords:
    """The records a derivation of group B looks at, with the asking record's own columns beside them.

    `asker` and `seen` number the asking and the looked-at record of each pair; `size` is the number of groups, `unit` the group of
    each asking record.
    """

    def __init__(self, asking: View, looked: str, refs: Mapping[Name, Reference]) -> None:
        self.asking, self.refs = asking, refs
        data = asking.data
        self.owner, _, self.parameter = looked.partition(".")
        codes = [""] if not self.parameter else [c for c in (self.parameter, f"{self.parameter}+") if (self.owner, c) in data.tables]
        self.codes = codes
        subject = np.concatenate([data.tables[self.owner, code].subject for code in codes])
        self._pair(subject, any(ref.how in (Binding.OWN, Binding.SOURCE, Binding.SRC) for ref in refs.values()))
        self._index = pd.RangeIndex(len(self.seen))

    def _pair(self, subject: np.ndarray, own: bool) -> None:
        """Pair each looked-at record with who asks: the asking record, or the subject where nothing of the record itself is asked."""
        asking = self.asking
        distinct, unit = np.unique(asking.subject, return_inverse=True)
        number = np.full(asking.data.subjects, -1)
        number[distinct] = np.arange(len(distinct))
        group = number[subject]
        seen = np.flatnonzero(group >= 0)
        if not own or len(distinct) == len(asking):
            first = np.zeros(len(distinct), dtype="int64")
            first[unit] = np.arange(len(asking))
            self.seen, self.group, self.size, self.unit = seen, group[seen], len(distinct), unit
            self.asker = first[self.group]
            return
        order = seen[np.argsort(group[seen], kind="stable")]
        counts = np.bincount(group[seen], minlength=len(distinct))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        many = counts[unit]
        self.asker = np.repeat(np.arange(len(asking)), many)
        offset = np.arange(len(self.asker)) - np.repeat(np.concatenate([[0], np.cumsum(many)[:-1]]), many)
        self.seen = order[np.repeat(starts[unit], many) + offset] if len(self.asker) else np.zeros(0, dtype="int64")
        self.group, self.size, self.unit = self.asker, len(asking), np.arange(len(asking))

    @property
    def index(self) -> pd.Index:
        """The pairs, numbered."""
        return self._index

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        return self.asking.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a codelist."""
        return self.asking.terms(name)

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """A column of the record looked at, or of the one that asks."""
        ref = self.refs[name]
        if ref.how is Binding.LOOKED:
            columns = [self.asking.data.column(self.owner, ref.variable, code, raw=ref.raw) for code in self.codes]
            return taken(joined(columns), self.seen)
        value = self.asking.of_ref(ref)
        return taken(value, self.asker) if isinstance(value, pd.Series) else value
