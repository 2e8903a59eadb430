"""Records computed from records of other parameters: `{computed: {value: WEIGHT / (HEIGHT / 100) ** 2, by: [AVISIT], once: [HEIGHT]}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

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
from adam.catalog.record_rules.assigned import Assignments, Codes, assigned_columns, assignment_errors, assignment_text, assigns
from adam.catalog.record_rules.grouped import Groups, group_variables, selected, shared
from adam.catalog.record_rules.response import terms_of
from adam.catalog.traceability import OnePerGroup, Traceability
from adam.catalog.variable_name import VariableName
from adam.core.coded_text import chosen_text, constant_text, text_column
from adam.core.kinds import ValueKind, is_missing
from adam.expressions.tree import Expr


class Computed(Arguments):
    """Arguments of `computed`."""

    value: Number | None = None
    text: Text | None = None
    by: list[VariableName] = []
    where: Condition | None = None
    once: Codes = []
    added: bool = False
    unless_collected: bool = False
    keep_missing: bool = False
    assigned: Assignments = Field(default={}, alias="set")
    copied: list[str] = Field(default=[], alias="copy")
    dtype: str = ""


NOT_IN_EVERY_DATASET = ("ADT", "DTYPE")
"""Variables that are read of the parts where the dataset has them."""


@records("computed")
class Computation(RecordRule):
    """Return one record for each group of records with equal `by`; a parameter code in `value` is AVAL of that parameter in the group.

    A code in `once` is AVAL of the subject's only record of that parameter, whatever its group. Other names in `value` are values of
    the subject. `text` is AVALC. ADT is the latest of the parts. DTYPE is `dtype`, else that of the parts if all have the same one;
    otherwise SRCDOM is this dataset. The parts are records of `records:`; with `added: true` also those of `add:`.
    With `unless_collected`, in `add:`, a group in which the parameter has a value gets no record.

    Missing: no record where `value` is missing; with `keep_missing` one without a value.
    Errors: several records of a part in one group are an error, and the value is missing.
    Source: admiral derive_param_computed, derive_param_bmi, derive_param_bsa, derive_param_map, derive_param_wbc_abs.

    YAML:
        records: {computed: {value: WEIGHT / (HEIGHT / 100) ** 2, by: [AVISIT], once: [HEIGHT]}}
    """

    ranged = False
    model = Computed
    places = (RECORDS, ADD)
    gives = ("AVAL", "AVALC", "ADT", "DTYPE", "SRCDOM", "SRCVAR")

    @staticmethod
    def argument_errors(arguments: Computed, context: ParameterContext) -> Iterator[ArgumentError]:
        """A value that names no parameter of its groups, or a variable of a record, since a group has several records."""
        yield from _missing_arguments(arguments, context)
        value, codes = arguments.value if arguments.value is not None else arguments.text, read_codes(arguments)
        if value is not None and not set(codes) - set(arguments.once):
            yield ArgumentError(f"value must name a parameter that differs between groups; {value} names none", "spec-wrong-argument", value)
        for code in arguments.once:
            if code not in codes:
                yield ArgumentError(f"once must name parameters in value; {code} is not in {value}", "spec-wrong-argument")
        for expr, name in ((each, name) for each in _expressions(arguments).values() for name in each.names):
            if name.owner == "SRC" or name.owner.split(".")[0] == context.dataset:
                message = f"value reads parameters and values of the subject; {name} is a variable of one record"
                yield ArgumentError(message, "spec-wrong-argument", expr, name)
        shared = (*group_variables(arguments.by), *arguments.copied)
        yield from assignment_errors(arguments.assigned, arguments.dtype, shared, value=arguments.value, text=arguments.text)

    @classmethod
    def is_never_missing(cls, arguments: Computed) -> bool:
        """Whether a group without a value has no record."""
        return arguments.value is not None and not arguments.keep_missing

    @classmethod
    def gives_text(cls, arguments: Computed) -> bool:
        """Whether `text` is AVALC."""
        return arguments.text is not None

    @classmethod
    def given_variables(cls, arguments: Computed) -> tuple[str, ...]:
        """What every record is given, and the variables that are the by in its parts."""
        return (*cls.gives, *group_variables(arguments.by), *arguments.copied, *arguments.assigned)

    @staticmethod
    def inputs(arguments: Computed, context: ParameterContext) -> dict[str, Input]:
        """The records of the parameters that `value` names; with `unless_collected` those of the parameter itself."""
        by = group_variables(arguments.by)
        columns = {name: expression(name) for name in (*by, *arguments.copied, "AVAL", "ADT", "DTYPE", "PARAMCD")}
        if arguments.where is not None:
            columns["where"] = arguments.where
        codes = tuple(read_codes(arguments))
        kinds = {"value": ValueKind.NUMBER, "text": ValueKind.TEXT}
        late, new = _expressions(arguments), assigns(arguments.assigned)
        parts = Input(InputKind.PARAMETERS, codes, columns, NOT_IN_EVERY_DATASET, late, codes, kinds, assigns=new, added=arguments.added)
        own = Input(InputKind.OWN, (), {name: expression(name) for name in (*by, "AVAL", "PARAMCD")})
        return {"parts": parts, **({"own": own} if arguments.unless_collected else {})}

    @staticmethod
    def method_text(arguments: Computed, context: ParameterContext, prose: Prose) -> str:
        """The value of each group, and which records are a group."""
        values = [prose.value(each) for each in (arguments.value, arguments.text) if each is not None]
        once = f" {joined(arguments.once)} is the subject's only value." if arguments.once else ""
        group = f" with the same {joined(arguments.by)}" if arguments.by else ""
        unless = f", unless there is a value of {context.parameter}" if arguments.unless_collected else ""
        where, new = prose.where(arguments.where), assignment_text(arguments.assigned, arguments.dtype, prose)
        codes = [code for code in read_codes(arguments) if any(code in value for value in values)]
        of = f" ({'each code is' if len(codes) > 1 else f'{codes[0]} is'} AVAL of that parameter)" if codes else ""
        return f"{' and '.join(values)}{of}, for records of a subject{group}{where}{unless}{new}.{once}"

    @staticmethod
    def traceability(arguments: Computed, context: ParameterContext) -> tuple[Traceability, ...]:
        """The dataset itself."""
        return (Traceability(context.dataset),)

    @staticmethod
    def expected_records(arguments: Computed, context: ParameterContext) -> OnePerGroup | None:
        """One record per group; with a DTYPE of its own nothing that follows from the parts."""
        if arguments.dtype or "DTYPE" in arguments.assigned or arguments.value is None:
            return None
        codes, constants = read_codes(arguments), tuple(arguments.once)
        parts = tuple(code for code in codes if code not in constants)
        return OnePerGroup(parts, constants, tuple(arguments.by), arguments.where, arguments.value)

    @staticmethod
    def create(arguments: Computed, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The value of each group."""
        base, by = read["parts"], group_variables(arguments.by)
        frame = pd.DataFrame({name: column for name, column in base.columns.items() if name != "where"})
        frame["subject"] = base.subject
        frame = frame[selected(base) & frame["PARAMCD"].isin(read_codes(arguments)).to_numpy()]
        once = frame["PARAMCD"].isin(arguments.once)
        constant, frame = frame[once], frame[~once]
        number = frame.groupby(["subject", *by], sort=True, dropna=False).ngroup().to_numpy()
        groups = Groups(frame.index.to_numpy(), number, frame.index.to_numpy()[np.unique(number, return_index=True)[1]])
        columns, open_, ambiguities = _parts(arguments, context, _Records(frame, number, constant, groups), len(base))
        found = {name: base.late(name, columns, groups.heads) for name in _expressions(arguments)}
        for name in ("value", "text"):
            found |= {name: found[name].mask(open_, "" if name == "text" else np.nan)} if name in found else {}
        results = [is_missing(found[name]).to_numpy(dtype=bool) for name in ("value", "text") if name in found]
        missing = np.logical_and.reduce(results)
        ambiguities += _nowhere(frame, number, ~missing, by, len(base))
        kept = np.ones(groups.size, dtype=bool) if arguments.keep_missing else ~missing
        if arguments.unless_collected:
            kept &= ~_collected(read["own"], base, groups, by)
        given = {name: column[kept].reset_index(drop=True) for name, column in _given(arguments, context, base, groups, found).items()}
        return NewRecords(base.subject[groups.heads[kept]], given, ambiguities=tuple(ambiguities))


class _Records(NamedTuple):
    """The records of the parts: those in groups with the group of each, and those of the parts that a subject has once."""

    frame: pd.DataFrame
    number: np.ndarray
    constant: pd.DataFrame
    groups: Groups


def _missing_arguments(arguments: Computed, context: ParameterContext) -> Iterator[ArgumentError]:
    """A rule without a value, or with an argument that has no effect in its place."""
    if arguments.value is None and arguments.text is None:
        yield ArgumentError("computed requires value (AVAL) or text (AVALC), such as value: QT / RR", "spec-missing-argument")
    if arguments.unless_collected and not context.added:
        yield ArgumentError("unless_collected has an effect only in add:, where the parameter has collected records", "spec-wrong-argument")


def _expressions(arguments: Computed) -> dict[str, Expr]:
    """The expressions of a group, by the column they give."""
    found = {"value": arguments.value, "text": arguments.text, **assigned_columns(arguments.assigned)}
    return {name: expr for name, expr in found.items() if expr is not None}


def read_codes(arguments: Computed) -> list[str]:
    """The parameter codes that the expressions name, each once."""
    names = [name for expr in _expressions(arguments).values() for name in expr.names]
    return list(dict.fromkeys(str(name) for name in names if not name.owner))


def _parts(arguments: Computed, context: ParameterContext, records: _Records, size: int) -> tuple[dict[str, pd.Series], np.ndarray, list[Ambiguity]]:
    """The value of each part in each group, the groups with several records of a part, and the errors of these."""
    frame, number, constant, groups = records
    columns, open_ = {}, np.zeros(groups.size, dtype=bool)
    ambiguities: list[Ambiguity] = []
    subjects = frame["subject"].loc[groups.heads].to_numpy()
    for code in read_codes(arguments):
        is_once = code in arguments.once
        of, keys = (constant, constant["subject"].to_numpy()) if is_once else (frame, number)
        mine = (of["PARAMCD"] == code).to_numpy(dtype=bool) & of["AVAL"].notna().to_numpy()
        values, several = of.loc[mine, "AVAL"].to_numpy(), _several(keys[mine])
        ambiguities += _ambiguity(code, of[mine][several], [] if is_once else group_variables(arguments.by), size)
        wanted = subjects if is_once else np.arange(groups.size)
        columns[code] = pd.Series(values[~several], index=keys[mine][~several], dtype="float64").reindex(wanted).reset_index(drop=True)
        open_ |= np.isin(wanted, keys[mine][several])
    return columns, open_, ambiguities


def _collected(own: InputRecords, base: InputRecords, groups: Groups, by: Sequence[str]) -> np.ndarray:
    """Which groups have a value of the parameter itself already."""
    filled = own.columns["AVAL"].notna().to_numpy()
    have = pd.MultiIndex.from_arrays([own.subject[filled], *(own.columns[name][filled] for name in by)])
    keys = pd.MultiIndex.from_arrays([base.subject[groups.heads], *(base.columns[name].iloc[groups.heads] for name in by)])
    return np.asarray(keys.isin(have))


def _several(group: np.ndarray) -> np.ndarray:
    """Which records are not alone in their group."""
    return np.asarray(np.bincount(group, minlength=1)[group] > 1)


def _ambiguity(code: str, records: pd.DataFrame, by: list[str], size: int) -> list[Ambiguity]:
    """The error that a group (or, without `by`, a subject) has several records of a part."""
    if not len(records):
        return []
    where = f"with equal {', '.join(by)}" if by else "of a subject"
    text = f"several records of {code} {where}, where one is expected; the value is missing"
    text += " (choose one with where, or add to by what differs)"
    mask = np.zeros(size, dtype=bool)
    mask[records.index] = True
    shown = {name: records[name].reindex(range(size)) for name in ("PARAMCD", *by, "AVAL")}
    return [Ambiguity(text, mask, shown, error=True, named=True)]


def _nowhere(frame: pd.DataFrame, number: np.ndarray, known: np.ndarray, by: list[str], size: int) -> list[Ambiguity]:
    """The warning that parts are combined although all of `by` is missing or blank, so nothing shows that they belong together."""
    blank = np.full(len(frame), bool(by))
    for name in by:
        blank &= is_missing(frame[name]).to_numpy(dtype=bool)
    used = blank & frame["AVAL"].notna().to_numpy() & known[number]
    several = frame["PARAMCD"].groupby(number).nunique().to_numpy()[number] > 1
    if not (used & several).any():
        return []
    mask = np.zeros(size, dtype=bool)
    mask[frame.index[used & several]] = True
    shown = {name: frame[name].reindex(range(size)) for name in ("PARAMCD", "ADT", "AVAL") if name in frame}
    text = f"records of several parameters are combined though {', '.join(by)} of them is missing or blank"
    return [Ambiguity(f"{text} (choose with where, or add to by what differs between them)", mask, shown, named=True)]


def _given(
    arguments: Computed, context: ParameterContext, base: InputRecords, groups: Groups, found: Mapping[str, pd.Series]
) -> dict[str, pd.Series]:
    """What the record of each group is given."""
    size = range(groups.size)
    value = found.get("value", pd.Series(np.nan, index=size))
    parts = _shared(base.columns["DTYPE"].iloc[groups.rows], groups.number, groups.size)
    dtype = constant_text(arguments.dtype, pd.RangeIndex(groups.size)) if arguments.dtype else parts
    given: dict[str, Any] = {"AVAL": value, "AVALC": found.get("text", terms_of(value, context)), "DTYPE": dtype}
    if "ADT" not in base.absent:
        given["ADT"] = base.columns["ADT"].iloc[groups.rows].groupby(groups.number).max().reset_index(drop=True).astype("datetime64[s]")
    imputed = (parts != "").to_numpy() if not arguments.dtype else np.zeros(groups.size, dtype=bool)
    given["SRCDOM"] = chosen_text(imputed, "", context.dataset)
    given["SRCVAR"] = chosen_text(imputed, "", "AVAL" if arguments.value is not None else "AVALC")
    given |= {name: base.columns[name].iloc[groups.heads].reset_index(drop=True) for name in group_variables(arguments.by)}
    given |= {name: shared(base.columns[name], groups) for name in arguments.copied}
    return given | {name: found[f"set.{name}"] for name in arguments.assigned}


def _shared(dtype: pd.Series, number: np.ndarray, size: int) -> pd.Series:
    """The DTYPE all records of a group carry, else blank."""
    codes, uniques = pd.factorize(dtype)
    lowest, highest = np.full(size, len(uniques)), np.full(size, -1)
    np.minimum.at(lowest, number, codes)
    np.maximum.at(highest, number, codes)
    return text_column([*uniques, ""], np.where(lowest == highest, lowest, len(uniques)))
