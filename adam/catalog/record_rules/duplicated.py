"""Copies of records: `extreme`, of the first, last, lowest or highest record of each group; and `copies`, of every record that matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.derivation import Order, OrderKey
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
    ParameterContext,
    RecordRule,
    expression,
    records,
)
from adam.catalog.record_rules.assigned import Assignments, Codes, assigned_columns, assignment_errors, assignment_text, assigns
from adam.catalog.record_rules.grouped import (
    PARAMETER,
    Groups,
    chosen,
    group_variables,
    grouped,
    order_columns,
    order_places,
    selected,
)
from adam.catalog.record_rules.ties import differing
from adam.catalog.traceability import NamedRecord, Traceability
from adam.catalog.variable_name import VariableName
from adam.core.coded_text import constant_text
from adam.core.kinds import is_missing
from adam.expressions.field import Expression


class Copies(Arguments):
    """Arguments of `copies`."""

    of: Codes = []
    added: bool = False
    where: Condition | None = None
    assigned: Assignments = Field(default={}, alias="set")
    dtype: str = ""


class Extreme(Copies):
    """Arguments of `extreme`."""

    first: Order | None = None
    last: Order | None = None
    lowest: Expression | None = None
    highest: Expression | None = None
    by: list[VariableName] = []
    order: Order = ()


class Duplicates(RecordRule):
    """What `copies` and `extreme` have in common: each record is a copy of one record."""

    places = (RECORDS, ADD)
    duplicates = True
    by_subject = True
    gives = ()

    @classmethod
    def given_variables(cls, arguments: Copies) -> tuple[str, ...]:
        """The variables with new values."""
        return (*(["DTYPE"] if arguments.dtype else []), *arguments.assigned)

    @classmethod
    def gives_text(cls, arguments: Copies) -> bool:
        """Whether AVALC is that of a record of another parameter."""
        return bool(arguments.of)

    @staticmethod
    def argument_errors(arguments: Any, context: ParameterContext) -> Iterator[ArgumentError]:  # noqa: ANN401  (each rule has its own model)
        """Records that are missing, and values that cannot be set."""
        if context.added and arguments.of:
            yield ArgumentError("In add: the records of the parameter itself are copied. Delete of", "spec-wrong-argument")
        if not context.added and not arguments.of:
            yield ArgumentError("In records: the rule requires of, the parameters whose records are copied", "spec-missing-argument")
        yield from assignment_errors(arguments.assigned, arguments.dtype)

    @staticmethod
    def inputs(arguments: Any, context: ParameterContext) -> dict[str, Input]:  # noqa: ANN401
        """The records that are copied."""
        columns = {"where": arguments.where} if arguments.where is not None else {}
        columns |= {**assigned_columns(arguments.assigned), PARAMETER: expression(PARAMETER)}
        on, new = InputKind.OWN if context.added else InputKind.PARAMETERS, assigns(arguments.assigned)
        return {"records": Input(on, tuple(arguments.of), columns, assigns=new, added=arguments.added, earlier=arguments.added)}

    @staticmethod
    def traceability(arguments: Copies, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source of the record that is copied."""
        return (Traceability(parameters=tuple(arguments.of) or (context.parameter,), named=NamedRecord.ALWAYS),)


def _copied(arguments: Copies, base: InputRecords, rows: np.ndarray, ambiguities: tuple[Ambiguity, ...] = ()) -> NewRecords:
    """Copies of some records of the input, with their new values."""
    given = {name: base.columns[f"set.{name}"].iloc[rows].reset_index(drop=True) for name in arguments.assigned}
    if arguments.dtype:
        given["DTYPE"] = constant_text(arguments.dtype, pd.RangeIndex(len(rows)))
    return NewRecords(base.subject[rows], given, "records", rows, ambiguities=ambiguities)


@records("copies")
class Copying(Duplicates):
    """Return a copy of each record that matches `where`, under another BASETYPE or as a record of another parameter.

    In `add:` the records of the parameter itself are copied, with `added: true` also what the entries before this one add; in `records:`
    those of the parameters `of`, with `added: true` also what their `add:` adds. A copy has the same source record
    (SRC.X) and takes over what the rule of its record set, such as AVAL. `set` and `dtype` give new values. Every other variable follows
    its formula.

    Missing: a record without AVAL is copied, too.
    Source: admiral derive_basetype_records.

    YAML:
        add:
          - copies: {where: ADT <= ADSL.TRTSDT, set: {BASETYPE: Last}}
    """

    model = Copies

    @staticmethod
    def method_text(arguments: Copies, context: ParameterContext, prose: Prose) -> str:
        """Which records are copied, and what changes."""
        of, new = f" {joined(arguments.of)}" if arguments.of else "", assignment_text(arguments.assigned, arguments.dtype, prose)
        return f"A copy of each{of} record{prose.where(arguments.where)}{new}."

    @staticmethod
    def create(arguments: Copies, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """A copy of each record."""
        base = read["records"]
        return _copied(arguments, base, np.flatnonzero(selected(base, arguments.of)))


@records("extreme")
class Extremes(Duplicates):
    """Return a copy of one record of each group with equal `by`: the `first`, `last`, `lowest` or `highest` one.

    `first` and `last` are order lists; `lowest` and `highest` are values, such as AVAL.
    In `add:` the records of the parameter itself are copied, with `added: true` also what the entries before this one add; in `records:`
    those of the parameters `of`, with `added: true` also what their `add:` adds. A copy has the same source record
    (SRC.X) and takes over what the rule of its record set, such as AVAL. `set` and `dtype` give new values. Every other variable follows
    its formula: flags and numbers along the records count the copy as a record. A flag that `where` reads is taken over.

    Missing: a record without the value is never the lowest or the highest one. In an order, missing and blank come first.
    Errors: `order` decides between equal values, then the key of the dataset; if only the key decides and the records differ in AVAL, or
        in ADT where the value is equal, this is a warning.
    Source: admiral derive_extreme_records.

    YAML:
        add:
          - extreme: {last: [ADT, VSSEQ], where: AVISITN > 0, set: {AVISIT: End of Treatment, AVISITN: 99}, dtype: LOV}
    """

    model = Extreme

    @staticmethod
    def argument_errors(arguments: Extreme, context: ParameterContext) -> Iterator[ArgumentError]:
        """Not exactly one way to choose a record, and an order that has no effect."""
        ways = [name for name in ("first", "last", "lowest", "highest") if getattr(arguments, name) is not None]
        if len(ways) != 1:
            found = f"it has {joined(ways)}" if ways else "it has none of them"
            yield ArgumentError(f"extreme requires one of first, last, lowest and highest; {found}", "spec-wrong-argument")
        elif arguments.order and ways[0] in ("first", "last"):
            yield ArgumentError(f"order has no effect with {ways[0]}, which is an order itself. Delete it", "spec-wrong-argument")
        yield from Duplicates.argument_errors(arguments, context)

    @staticmethod
    def inputs(arguments: Extreme, context: ParameterContext) -> dict[str, Input]:
        """The records that are copied, with what decides between them."""
        read = Duplicates.inputs(arguments, context)["records"]
        names = [*group_variables(arguments.by), "AVAL", "ADT"]
        columns = {**read.columns, **{name: expression(name) for name in names}, **order_columns(_order(arguments), context.key)}
        return {"records": Input(read.on, read.names, columns, ("ADT",), assigns=read.assigns, added=read.added, earlier=read.earlier)}

    @staticmethod
    def method_text(arguments: Extreme, context: ParameterContext, prose: Prose) -> str:
        """Which record of a group is copied, and what changes."""
        of = f"{joined(arguments.of)} record" if arguments.of else "record"
        order = arguments.first or arguments.last or arguments.order
        value = arguments.lowest if arguments.lowest is not None else arguments.highest
        which = f"first {of}" if arguments.first else f"last {of}" if arguments.last else of
        held = f" with the {'lowest' if arguments.lowest is not None else 'highest'} {prose.value(value)}" if value is not None else ""
        group = f" of each {joined(arguments.by)}" if arguments.by else " of each subject"
        sorting = f", in the order of {prose.order(order)}" if order else ""
        return (
            f"A copy of the {which}{held}{group}{prose.where(arguments.where)}{sorting}{assignment_text(arguments.assigned, arguments.dtype, prose)}."
        )

    @staticmethod
    def create(arguments: Extreme, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """A copy of the record of each group."""
        base, order = read["records"], _order(arguments)
        by_value = arguments.lowest is not None or arguments.highest is not None
        matches = selected(base, arguments.of)
        if by_value:
            matches = matches & ~is_missing(base.columns["order0"]).to_numpy(dtype=bool)
        groups = grouped(base, [*group_variables(arguments.by), *([PARAMETER] if context.added else [])], matches)
        decided = order_places(base, order, groups.rows)
        found, equal = chosen(base, groups, decided, context.key, last=arguments.last is not None)
        return _copied(arguments, base, groups.rows[found], _tied(base, groups, equal, "ADT" if by_value else "AVAL"))


def _order(arguments: Extreme) -> tuple[OrderKey, ...]:
    """What decides: the value, then the order."""
    if arguments.lowest is not None:
        return (OrderKey(arguments.lowest), *arguments.order)
    if arguments.highest is not None:
        return (OrderKey(arguments.highest, descending=True), *arguments.order)
    return tuple(arguments.first or arguments.last or ())


def _tied(base: InputRecords, groups: Groups, equal: np.ndarray, name: str) -> tuple[Ambiguity, ...]:
    """The records among which only the key decides, where they differ in what matters."""
    mask = np.zeros(len(base), dtype=bool)
    mask[groups.rows[equal]] = differing(groups.number[equal], [base.columns[name].iloc[groups.rows[equal]]])
    if not mask.any():
        return ()
    text = f"extreme: several records are equal in order and differ in {name}; the key of the dataset decides (add to order what decides)"
    return (Ambiguity(text, mask, {each: base.columns[each] for each in ("ADT", "AVAL")}, named=True),)
