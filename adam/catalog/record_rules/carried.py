"""Records added at visits without a value, with a value of another visit: `locf:`, `wocf:` and `bocf:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    ADD,
    Ambiguity,
    ArgumentError,
    Arguments,
    Condition,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    expression,
    records,
)
from adam.catalog.record_rules import visits
from adam.catalog.record_rules.ties import differing
from adam.catalog.record_rules.visits import ExpectedVisits
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.kinds import is_true
from adam.expressions.tree import Expr


class Carried(ExpectedVisits):
    """Arguments of records that carry a value."""

    where: Condition
    dtype: str
    carried: list[str] = Field(default=[], alias="copy")
    windows: Literal["imputed"] | None = None

    @property
    def condition(self) -> Expr:
        """The records that can be carried."""
        return self.where


class CarriedForward(RecordRule):
    """What the rules that carry a value have in common; `source` is the sentence about the value."""

    ranged = False
    always_has_value = True
    reads_windows = True
    model: ClassVar[type[Arguments]] = Carried
    places = (ADD,)
    carries = True
    gives = ("AVAL", "DTYPE", "AVISIT", "AVISITN")
    source: ClassVar[str] = "The last value of an earlier visit"

    @classmethod
    def given_variables(cls, arguments: Carried) -> tuple[str, ...]:
        """What every record is given, and its group."""
        return (*cls.gives, *arguments.groups)

    @classmethod
    def copied_variables(cls, arguments: Carried) -> tuple[str, ...]:
        """What is copied besides `copy:` of the dataset."""
        return tuple(arguments.carried)

    @classmethod
    def shows_range(cls, arguments: Carried) -> bool:
        """Whether the records show the window of the imputed visit."""
        return arguments.windows == "imputed"

    @classmethod
    def of_whole_study(cls, arguments: Carried) -> bool:
        """With the combinations of `by` that occur in any subject."""
        return arguments.of_study

    @staticmethod
    def inputs(arguments: Carried, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records, and what the visits of a subject depend on."""
        own = {**visits.own_columns(arguments), "ADT": expression("ADT"), "where": arguments.condition}
        return {"own": Input(InputKind.OWN, (), own), **visits.inputs(arguments, context)}

    @staticmethod
    def argument_errors(arguments: Carried, context: ParameterContext) -> Iterator[ArgumentError]:
        """A limit by date at a visit that has no target day."""
        yield from visits.argument_errors(arguments, context)

    @classmethod
    def method_text(cls, arguments: Any, context: ParameterContext, prose: Prose) -> str:  # noqa: ANN401
        """Which value is carried, to which visits."""
        scope = visits.scope_text(arguments, context, prose)
        return f'{cls.source} where {prose.condition(arguments.condition)}, with DTYPE "{arguments.dtype}", {scope}.'

    @staticmethod
    def traceability(arguments: Carried, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source of the record that is carried forward, if the dataset copies it."""
        copied = "SRCDOM" in (*context.copied, *arguments.carried)
        return (Traceability(parameters=(context.parameter,), named=NamedRecord.ALWAYS) if copied else Traceability(),)

    @classmethod
    def create(cls, arguments: Carried, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each cell without a value for which there is one to carry."""
        own = read["own"]
        matches = np.flatnonzero(is_true(own.columns["where"]) & own.columns["AVAL"].notna().to_numpy())
        names = ["PARAMCD", *arguments.groups]
        frame = pd.DataFrame({name: own.columns[name].iloc[matches].reset_index(drop=True) for name in (*names, "ADT", "AVAL")})
        frame = frame.assign(subject=own.subject[matches], visit=own.columns["AVISITN"].to_numpy()[matches], row=matches)
        frame = frame[cls.may_be_carried(frame)]
        cells = visits.empty_cells(arguments, context, read, np.unique(own.subject))
        keys = ["subject", *names]
        number = visits.codes([cells[keys], frame[keys]])
        frame = frame.assign(group=number[len(cells) :]).sort_values(["visit", "ADT", "row"], kind="stable")
        holes = cells.assign(group=number[: len(cells)], visit=cells["AVISITN"], cell=np.arange(len(cells))).sort_values("visit", kind="stable")
        chosen = cls.chosen(arguments, frame)[["group", "visit", "row"]]
        found = pd.merge_asof(holes, chosen, on="visit", by="group", allow_exact_matches=False).dropna(subset=["row"]).sort_values("cell")
        rows = found["row"].to_numpy(dtype="int64")
        values = {"AVAL": own.columns["AVAL"].iloc[rows].reset_index(drop=True), **visits.given(found, arguments, arguments.dtype, context)}
        ties = _tied(cls.name, own, frame, rows) if cls.reports_ties else ()
        return visits.records_of(found, values, base="own", row=rows, ambiguities=(*ties, *visits.warnings(arguments, read)))

    reports_ties: ClassVar[bool] = True

    @staticmethod
    def may_be_carried(frame: pd.DataFrame) -> pd.Series:
        """The records that are at a visit."""
        return frame["visit"].notna()

    @staticmethod
    def chosen(arguments: Any, frame: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401  (each rule has its own)
        """For each record the one that is carried to the next visits: itself."""
        return frame


@records("locf")
class LastCarriedForward(CarriedForward):
    """Return a record for each visit without AVAL: a copy of the last record of an earlier visit that matches `where`.

    With `by` records that differ in these variables are separate, too, and each combination of the subject's own records is expected at
    every visit; with `combinations: study` each one that occurs at the visit in any subject, so that a run derives all subjects in one
    part. `time_points` are values of ATPTN that are expected at every visit. With `until` a visit counts if the date of its target day is
    not after it. The record takes over the variables of `copy:`. With `windows: imputed` it shows the window of its visit.

    Missing: no record where no earlier visit has a value, or where the date of `until` is missing, with a warning.
    Errors: several records of one visit and date that differ in AVAL are a warning; the last one in the source is used.
    Source: admiral derive_locf_records.

    YAML:
        add: {locf: {visits: [8, 16, 24], where: ANL01FL == "Y", dtype: LOCF}}
    """


class Worst(Carried):
    """Arguments of `wocf`."""

    worst: Literal["highest", "lowest"]


@records("wocf")
class WorstCarriedForward(CarriedForward):
    """Return a record for each visit without AVAL: a copy of the worst record of the earlier visits that match `where`.

    The worst value is the highest or the lowest; of equal ones the last. The other arguments are those of `locf`.

    Missing: no record where no earlier visit has a value.
    Source: ADaMIG, DTYPE WOCF.

    YAML:
        add: {wocf: {visits: [8, 16, 24], worst: highest, where: ANL01FL == "Y", dtype: WOCF}}
    """

    model = Worst
    reports_ties = False
    source = "The worst value of the earlier visits"

    @classmethod
    def method_text(cls, arguments: Worst, context: ParameterContext, prose: Prose) -> str:
        """Which value is the worst."""
        return super().method_text(arguments, context, prose).replace("worst", arguments.worst, 1)

    @staticmethod
    def chosen(arguments: Worst, frame: pd.DataFrame) -> pd.DataFrame:
        """For each record the worst one up to it."""
        by_group = frame["AVAL"].groupby(frame["group"])
        worst = by_group.cummax() if arguments.worst == "highest" else by_group.cummin()
        row = frame["row"].astype("float64").where(frame["AVAL"] == worst)
        return frame.assign(row=row.groupby(frame["group"]).ffill())


class Baseline(Carried):
    """Arguments of `bocf`."""

    where: Condition | None = None  # type: ignore[assignment]

    @property
    def condition(self) -> Expr:
        """The baseline record, unless the line states another one."""
        return self.where if self.where is not None else expression('ABLFL == "Y"')


@records("bocf")
class BaselineCarriedForward(CarriedForward):
    """Return a record for each visit without AVAL: a copy of the baseline record, or of the last one that matches `where`.

    Without `where` the record with ABLFL Y is the baseline. The other arguments are those of `locf`.

    Missing: no record for a subject without a baseline value.
    Errors: several baseline records of one date that differ in AVAL are a warning; the last one in the source is used.
    Source: ADaMIG, DTYPE BOCF.

    YAML:
        add: {bocf: {visits: [8, 16, 24], dtype: BOCF}}
    """

    model = Baseline
    source = "The last value"

    @staticmethod
    def may_be_carried(frame: pd.DataFrame) -> pd.Series:
        """All of them: a baseline need not be at a visit."""
        return pd.Series(True, index=frame.index)

    @staticmethod
    def chosen(arguments: Baseline, frame: pd.DataFrame) -> pd.DataFrame:
        """The last record of each group by date, before every visit."""
        ordered = frame.sort_values(["ADT", "row"], kind="stable")
        return ordered.drop_duplicates("group", keep="last").assign(visit=-np.inf)


TIED = "{}: several records of a visit have the same date and differ in AVAL; the last in the source is carried forward (choose with where)"


def _tied(name: str, own: InputRecords, frame: pd.DataFrame, carried: np.ndarray) -> tuple[Ambiguity, ...]:
    """The records of the same visit and date as one that is carried forward, where they differ in AVAL."""
    group = frame.groupby(["group", "visit", "ADT"], dropna=False, sort=False).ngroup().to_numpy()
    rows, aval = frame["row"].to_numpy(), own.columns["AVAL"]
    used = np.isin(group, group[np.isin(rows, carried)])
    mask = np.zeros(len(own), dtype=bool)
    mask[rows[used & differing(group, [aval.iloc[rows]])]] = True
    return (Ambiguity(TIED.format(name), mask, {each: own.columns[each] for each in ("AVISITN", "ADT", "AVAL")}),) if mask.any() else ()
