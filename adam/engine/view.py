"""The records of a step as its formulas read them: every name becomes a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import missing_column
from adam.core.ordering import codes
from adam.engine.tables import Table, is_divided, joined, pieces_of, positions, taken
from adam.engine.unmatched import UnmatchedConditions
from adam.expressions.check import is_date
from adam.expressions.tree import Expr, Name
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet, collected
from adam.planning.values.references import Binding, Reference

Terms = Mapping[Name | None, Mapping[str, float]]


class Data:
    """All tables of a run, and what is the same for each of its steps."""

    def __init__(self, plan: Plan, keys: pd.DataFrame) -> None:
        self.constants = plan.study.constants
        self.sources = plan.sources
        self.layouts = plan.layouts
        self.keys = keys
        self.subjects = len(keys)
        self.tables: dict[RecordSet, Table] = {}
        self.matched = UnmatchedConditions()
        self.shared: dict[tuple[str, str, str], Any] = {}
        self.rows_read: dict[tuple[object, ...], np.ndarray] = {}
        self.places: dict[tuple[object, ...], np.ndarray] = {}
        self.selected: dict[tuple[str, Expr], np.ndarray] = {}
        self._positions: dict[str, np.ndarray] = {}
        self._subjects: dict[tuple[RecordSet, ...], np.ndarray] = {}

    def records(self, owner: str) -> tuple[RecordSet, ...]:
        """The sets of records of a dataset, or the one of a domain."""
        return self.layouts[owner].records if owner in self.layouts else (collected(owner),)

    def subject_key(self, name: str) -> np.ndarray:
        """STUDYID or USUBJID of every subject."""
        return np.asarray(self.keys[name].to_numpy(dtype=object))

    def of_subject(self, owner: str) -> np.ndarray:
        """For each subject the number of its record of a one-record owner."""
        if owner not in self._positions:
            (records,) = self.records(owner)
            self._positions[owner] = positions(self.tables[records], self.subjects)
        return self._positions[owner]

    def subject_numbers(self, sets: tuple[RecordSet, ...]) -> np.ndarray:
        """The number of each record's subject in some sets of records, one after another."""
        if len(sets) == 1:
            return self.tables[sets[0]].subject
        if sets not in self._subjects:
            self._subjects[sets] = np.concatenate([self.tables[records].subject for records in sets])
        return self._subjects[sets]

    def of_owner(self, owner: str, variable: str, *, raw: bool = False) -> pd.Series:
        """A column on all records of a dataset or domain."""
        return self.of_sets(self.records(owner), variable, raw=raw)

    def of_sets(self, sets: Sequence[RecordSet], variable: str, *, raw: bool = False) -> pd.Series:
        """A column of several sets of records, one after another."""
        pieces = [None if raw else self.tables[records].columns.piece(variable) for records in sets]
        columns = [self.column(each, variable, raw=raw) if piece is None else piece for each, piece in zip(sets, pieces, strict=True)]
        whole = joined(columns)
        if is_divided(columns) and all(variable in self.tables[records].columns for records in sets) and not raw:
            for records, piece in zip(sets, pieces_of(whole, columns), strict=True):
                self.tables[records].columns[variable] = piece  # the next step that reads it has no copy to make
        return whole

    def column(self, records: RecordSet, variable: str, *, raw: bool = False) -> pd.Series:
        """A column of a set of records; of a domain as prepared, or as collected. What the data lack is blank.

        Raises:
            AssertionError: the plan did not read the variable; blanks in its place would be wrong values.
        """
        table = self.tables[records]
        if variable in table.columns and not raw:
            return table.columns[variable]
        if variable in table.collected:
            return table.collected[variable]
        absent = self.sources[records.dataset].absent if records.dataset in self.sources else {}
        assert variable in absent, f"{records}.{variable} was not read"
        return missing_column(absent[variable], pd.RangeIndex(len(table)))

    def constant(self, name: str) -> float | str | np.datetime64:
        """A single value of the study; an ISO text is a date."""
        value = self.constants[name]
        if isinstance(value, str):
            return np.datetime64(value, "s") if is_date(value) else value
        return float(value)


class View:
    """Some sets of records of a dataset or domain as one; without sets, one record for each subject of the study."""

    def __init__(
        self, data: Data, owner: str, sets: Sequence[RecordSet] | None, references: Mapping[Name, Reference] | None = None, terms: Terms | None = None
    ) -> None:
        self.data, self.owner, self.sets, self.references, self.codelist_terms = data, owner, tuple(sets or ()), references or {}, terms or {}
        self.parts = [data.tables[records] for records in sets] if sets is not None else [Table(np.arange(data.subjects))]
        self.subject = data.subject_numbers(self.sets) if self.sets else np.arange(data.subjects if sets is None else 0)
        self._index = pd.RangeIndex(len(self.subject))
        self._cache: dict[tuple[str, bool], pd.Series] = {}

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self._index

    def __len__(self) -> int:
        return len(self.subject)

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        found = self.data.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a codelist."""
        return self.codelist_terms.get(name)

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """The column of a name on these records."""
        return self.of(self.references[name])

    def of(self, ref: Reference) -> pd.Series | float | str | np.datetime64:
        """The column, or the one value, of a reference."""
        match ref.binding:
            case Binding.CONSTANT:
                return self.data.constant(ref.variable)
            case Binding.OWN:
                return self.own(ref.variable, raw=ref.raw)
            case Binding.SUBJECT:
                rows = self.data.of_subject(ref.owner)[self.subject]
                return taken(self.data.of_owner(ref.owner, ref.variable, raw=ref.raw), rows)
            case Binding.SRC:
                return self._source(ref)
            case Binding.SOURCE:
                return self._of_source(ref.owner, ref.variable, raw=ref.raw)[0]
        raise AssertionError(f"{ref} is a variable of joined records")

    def own(self, variable: str, *, raw: bool = False) -> pd.Series:
        """A variable of these records themselves."""
        key = (variable, raw)
        if key not in self._cache:
            self._cache[key] = self.data.of_sets(self.sets, variable, raw=raw)
        return self._cache[key]

    def forget(self, variable: str) -> None:
        """Remove a variable of these records."""
        self._cache.pop((variable, False), None)
        self.data.places.pop((variable, *self.sets), None)
        for part in self.parts:
            part.columns.pop(variable, None)

    def places(self, variable: str) -> np.ndarray:
        """The places of a variable of these records in its order; of a dataset computed once for the same sets."""
        key = (variable, *self.sets)
        if key not in self.data.places or self.owner not in self.data.layouts:
            self.data.places[key] = codes(self.own(variable))
        return self.data.places[key]

    def places_of(self, name: Name) -> np.ndarray | None:
        """The places of a name in its order, if it is a variable of these records in a dataset."""
        ref = self.references[name]
        return self.places(ref.variable) if ref.binding is Binding.OWN and not ref.raw and self.owner in self.data.layouts else None

    def selected(self, values: np.ndarray) -> np.ndarray:
        """The values of all records of the parts on these records."""
        return values

    def rows_of_parts(self, rows: np.ndarray) -> np.ndarray:
        """The rows of the parts that rows of this view are; -1 for none."""
        return rows

    def source(self, part: Table, domain: str, variable: str, *, raw: bool = False) -> pd.Series:
        """A variable of the source record of each record, in one domain; blank on records from another one."""
        return taken(self.data.of_owner(domain, variable, raw=raw), part.source_rows(domain, variable))

    def _of_source(self, domain: str, variable: str, *, raw: bool = False) -> tuple[pd.Series, np.ndarray]:
        """A variable of the source record of each record, in one domain, and the rows it is read from."""
        rows = [part.source_rows(domain, variable) for part in self.parts]
        found = rows[0] if len(rows) == 1 else np.concatenate(rows)
        return taken(self.data.of_owner(domain, variable, raw=raw), found), found

    def _source(self, ref: Reference) -> pd.Series:
        """SRC.X of each record, in whichever domain it comes from."""
        result: pd.Series | None = None
        for domain in dict.fromkeys(domain for part in self.parts for domain in part.rows):
            found, rows = self._of_source(domain, ref.source_variable(domain))
            result = found if result is None else result.where(pd.Series(rows < 0), found)
        return missing_column(ref.kind, self._index) if result is None else result


class SelectedView(View):
    """Some records of a view, as a view of their own."""

    def __init__(self, view: View, rows: np.ndarray) -> None:
        self.view, self.rows = view, rows
        self.data, self.owner, self.sets, self.references, self.codelist_terms = (
            view.data,
            view.owner,
            view.sets,
            view.references,
            view.codelist_terms,
        )
        self.parts, self.subject = view.parts, view.subject[rows]
        self._index = pd.RangeIndex(len(rows))
        self._cache = {}

    def of(self, ref: Reference) -> pd.Series | float | str | np.datetime64:
        """The column, or the one value, of a reference."""
        if ref.binding not in (Binding.SRC, Binding.SOURCE):
            return super().of(ref)
        column = self.view.of(ref)
        return taken(column, self.rows) if isinstance(column, pd.Series) else column

    def own(self, variable: str, *, raw: bool = False) -> pd.Series:
        """A variable of these records themselves."""
        key = (variable, raw)
        if key not in self._cache:
            self._cache[key] = taken(self.view.own(variable, raw=raw), self.rows)
        return self._cache[key]

    def selected(self, values: np.ndarray) -> np.ndarray:
        """The values of all records of the parts on these records."""
        return values[self.rows]

    def rows_of_parts(self, rows: np.ndarray) -> np.ndarray:
        """The rows of the parts that rows of this view are; -1 for none."""
        return np.where(rows >= 0, self.rows[rows], -1) if len(self.rows) else rows


class Extended:
    """Some records of a view, with columns that only the record rule has."""

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
        """A column of the record rule, or of the view."""
        if str(name) in self.columns:
            return self.columns[str(name)]
        value = self.view.column(name)
        return taken(value, self.rows) if isinstance(value, pd.Series) else value
