"""Records that summarize the records of a group: `{summary: {value: mean(AVAL), by: [AVISIT, ADT], dtype: AVERAGE}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.derivation import Order
from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
    ADD,
    RECORDS,
    Ambiguity,
    ArgumentError,
    Arguments,
    Condition,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    Number,
    ParameterContext,
    RecordRule,
    Text,
    expression,
    records,
)
from adam.catalog.record_rules.aggregates import AGGREGATES, ORDERED, GroupExpression, Ordered, aggregated, group_expression, nested
from adam.catalog.record_rules.assigned import Assignments, Codes, assigned_columns, assignment_errors, assignment_text, assigns
from adam.catalog.record_rules.grouped import PARAMETER, Groups, group_variables, grouped, order_columns, selected, shared
from adam.catalog.traceability import Traceability
from adam.catalog.variable_name import VariableName
from adam.core.coded_text import constant_text
from adam.core.kinds import ValueKind, is_missing
from adam.expressions.tree import Expr


class Summary(Arguments):
    """Arguments of `summary`."""

    of: Codes = []
    added: bool = False
    where: Condition | None = None
    by: list[VariableName] = []
    value: Number | None = None
    text: Text | None = None
    order: Order = ()
    at_least: Annotated[int, Field(ge=1)] | None = None
    keep_missing: bool = False
    assigned: Assignments = Field(default={}, alias="set")
    copied: list[str] = Field(default=[], alias="copy")
    dtype: str = ""


@records("summary")
class Summaries(RecordRule):
    """Return one record for each group of records with equal `by`: AVAL is `value`, AVALC is `text`.

    `n`, `nmiss`, `sum`, `mean`, `median`, `sd`, `min`, `max`, `first`, `last` and `exists` with one argument read the records of the group.
    In `records:` these are of the parameters `of`, with `added: true` also what their `add:` adds; in `add:` of the parameter itself, with
    `added: true` also what the entries before this one add. Without `by` a subject is one group.
    A record has the values of `by`, those of `copy` where all records of the group have the same one, and those of `set`.

    Units: `sum` and `mean` are decimal; `sd` is the sample standard deviation.
    Missing: missing values do not count. A group without a result, or with fewer than `at_least` values, has no record; with
        `keep_missing` it has one without a value.
    Errors: records that `order` leaves equal and that differ in the value are a warning; the key of the dataset decides.
    Source: ADaMIG, derived records (DTYPE); admiral derive_summary_records, derive_param_exposure.

    YAML:
        add:
          - summary: {value: mean(AVAL), by: [AVISIT, ADT], at_least: 2, dtype: AVERAGE}
    """

    model = Summary
    places = (RECORDS, ADD)
    ranged = False
    gives = ("AVAL", "SRCDOM", "SRCVAR")

    @classmethod
    def given_variables(cls, arguments: Summary) -> tuple[str, ...]:
        """What every record is given, with the variables of the arguments."""
        more = [*(["AVALC"] if arguments.text is not None else []), *(["DTYPE"] if arguments.dtype else [])]
        return (*cls.gives, *more, *group_variables(arguments.by), *arguments.copied, *arguments.assigned)

    @classmethod
    def gives_text(cls, arguments: Summary) -> bool:
        """Whether `text` is AVALC."""
        return arguments.text is not None

    @staticmethod
    def argument_errors(arguments: Summary, context: ParameterContext) -> Iterator[ArgumentError]:
        """A rule without a value or without records, values outside an aggregate, and an order that is missing or not used."""
        if arguments.value is None and arguments.text is None:
            yield ArgumentError("summary requires value (AVAL) or text (AVALC), such as value: mean(AVAL)", "spec-missing-argument")
        if bool(arguments.of) == context.added:
            needed = "summary in add: reads the records of the parameter itself. Delete of" if context.added else "summary in records: requires of"
            yield ArgumentError(needed, "spec-wrong-argument" if context.added else "spec-missing-argument")
        for expr in _expressions(arguments).values():
            yield from _aggregate_errors(expr, {*group_variables(arguments.by), "USUBJID", "STUDYID"}, context)
        functions = {each.function for expr in _expressions(arguments).values() for each in group_expression(expr).aggregates.values()}
        ordered = bool(functions & {*ORDERED})
        if ordered != bool(arguments.order):
            message = "first and last require order" if ordered else "order has no effect without first or last. Delete it"
            yield ArgumentError(message, "spec-missing-argument" if ordered else "spec-wrong-argument")
        shared = (*group_variables(arguments.by), *arguments.copied)
        yield from assignment_errors(arguments.assigned, arguments.dtype, shared, value=arguments.value, text=arguments.text)

    @staticmethod
    def inputs(arguments: Summary, context: ParameterContext) -> dict[str, Input]:
        """The records of the groups, with what the aggregates read."""
        parts = {name: group_expression(expr) for name, expr in _expressions(arguments).items()}
        columns: dict[str, Expr] = {"where": arguments.where} if arguments.where is not None else {}
        names = [*group_variables(arguments.by), *arguments.copied, PARAMETER, *_counted(arguments)]
        columns |= {name: expression(name) for name in names}
        columns |= order_columns(arguments.order, context.key if arguments.order else ())
        kinds = {"value": ValueKind.NUMBER, "text": ValueKind.TEXT}
        supplied: dict[str, str] = {}
        numbers: tuple[str, ...] = ()
        for each in parts.values():
            columns |= each.columns
            kinds |= each.kinds
            supplied |= each.supplied
            numbers += each.numbers
        late = {name: each.outer for name, each in parts.items()}
        on = InputKind.OWN if context.added else InputKind.PARAMETERS
        new, of = assigns(arguments.assigned), tuple(arguments.of)
        read = Input(on, of, columns, (), late, numbers, kinds, supplied=supplied, assigns=new, added=arguments.added, earlier=arguments.added)
        return {"records": read}

    @staticmethod
    def method_text(arguments: Summary, context: ParameterContext, prose: Prose) -> str:
        """The value, the groups and the records that count."""
        values = [prose.value(each) for each in (arguments.value, arguments.text) if each is not None]
        of = f"{joined(arguments.of)} records" if arguments.of else "the records"
        group = f" with the same {joined(arguments.by)}" if arguments.by else " of a subject"
        least = f", if at least {arguments.at_least} have a value" if arguments.at_least is not None else ""
        order = f", in the order of {prose.order(arguments.order)}" if arguments.order else ""
        where, new = prose.where(arguments.where), assignment_text(arguments.assigned, arguments.dtype, prose)
        if any(", " in value for value in values):
            return f"Over {of}{group}{where}{order}{least}: {' and '.join(values)}{new}."
        return f"{' and '.join(values)} over {of}{group}{where}{order}{least}{new}."

    @staticmethod
    def traceability(arguments: Summary, context: ParameterContext) -> tuple[Traceability, ...]:
        """The dataset itself."""
        return (Traceability(context.dataset),)

    @staticmethod
    def create(arguments: Summary, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The value of each group."""
        base = read["records"]
        by = group_variables(arguments.by)
        groups = grouped(base, [*by, *([PARAMETER] if context.added else [])], selected(base, arguments.of))
        ordered, ambiguities = Ordered(base, groups, arguments.order, context.key), []
        found: dict[str, pd.Series] = {}
        for name, expr in _expressions(arguments).items():
            values, tied = _values(group_expression(expr), base, groups, ordered)
            found[name] = base.late(name, values, groups.heads)
            ambiguities += [_tie(name, base, mask) for name, mask in tied.items()]
        kept, missing = _kept(arguments, base, groups, found)
        given = _given(arguments, context, base, groups, found, missing)
        columns = {name: column[kept].reset_index(drop=True) for name, column in given.items()}
        heads = groups.heads[kept]
        return NewRecords(base.subject[heads], columns, "records", heads, ambiguities=tuple(ambiguities))


def _aggregate_errors(expr: Expr, shared: set[str], context: ParameterContext) -> Iterator[ArgumentError]:
    """Names outside an aggregate that differ between the records of a group, and aggregates of aggregates."""
    found = group_expression(expr)
    for name in found.outside:
        if name.owner in ("SRC", context.dataset) or (not name.owner and str(name) not in shared):
            message = f"{name} differs between the records of a group. Write first({name}) or max({name}), or add {name} to by"
            yield ArgumentError(message, "spec-wrong-argument", expr, name)
    for text, each in found.aggregates.items():
        if nested(each):
            yield ArgumentError(f"{text} is an aggregate of an aggregate. Aggregates: {', '.join(AGGREGATES)}", "spec-wrong-argument", expr)


def _expressions(arguments: Summary) -> dict[str, Expr]:
    """The expressions of a group, by the column they give."""
    found = {"value": arguments.value, "text": arguments.text, **assigned_columns(arguments.assigned)}
    return {name: expr for name, expr in found.items() if expr is not None}


def _counted(arguments: Summary) -> list[str]:
    """The variable whose values `at_least` counts."""
    return [] if arguments.at_least is None else ["AVAL" if arguments.value is not None else "AVALC"]


Values = dict[str, pd.Series]


def _values(found: GroupExpression, base: InputRecords, groups: Groups, ordered: Ordered) -> tuple[Values, dict[str, np.ndarray]]:
    """The value of each aggregate, and the records among which `order` leaves it open."""
    values: Values = {}
    tied: dict[str, np.ndarray] = {}
    for name, each in found.aggregates.items():
        column = base.columns[name].iloc[groups.rows]
        if each.function not in ORDERED:
            values[name] = aggregated(each.function, column, groups)
            continue
        values[name], mask = ordered.chosen(column, each.function == "last")
        tied |= {name: mask} if mask.any() else {}
    return values, tied


def _tie(name: str, base: InputRecords, mask: np.ndarray) -> Ambiguity:
    text = f"several records are equal in order and differ in {name}; the key of the dataset decides (add to order what decides)"
    return Ambiguity(text, mask, {name: base.columns[name]}, named=True)


def _kept(arguments: Summary, base: InputRecords, groups: Groups, found: Values) -> tuple[np.ndarray, np.ndarray]:
    """Which groups have a record, and which have no value."""
    results = [is_missing(found[name]).to_numpy(dtype=bool) for name in ("value", "text") if name in found]
    missing = np.logical_and.reduce(results)
    for name in _counted(arguments):
        assert arguments.at_least is not None
        missing |= aggregated("n", base.columns[name].iloc[groups.rows], groups).to_numpy() < arguments.at_least
    return np.ones(groups.size, dtype=bool) if arguments.keep_missing else ~missing, missing


def _given(arguments: Summary, context: ParameterContext, base: InputRecords, groups: Groups, found: Values, missing: np.ndarray) -> Values:
    """What the record of each group is given."""
    size = range(groups.size)
    given = {name: base.columns[name].iloc[groups.heads].reset_index(drop=True) for name in group_variables(arguments.by)}
    given |= {name: shared(base.columns[name], groups) for name in arguments.copied}
    given["AVAL"] = found.get("value", pd.Series(np.nan, index=size)).mask(missing)
    if "text" in found:
        given["AVALC"] = found["text"].mask(missing, "")
    if arguments.dtype:
        given["DTYPE"] = constant_text(arguments.dtype, pd.RangeIndex(groups.size))
    given["SRCDOM"] = constant_text(context.dataset, pd.RangeIndex(groups.size))
    given["SRCVAR"] = constant_text("AVAL" if arguments.value is not None else "AVALC", pd.RangeIndex(groups.size))
    return given | {name: found[f"set.{name}"] for name in arguments.assigned}
