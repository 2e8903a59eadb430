"""Records computed from records of other parameters: `{computed: {value: WEIGHT / (HEIGHT / 100) ** 2, by: [AVISIT], constant: [HEIGHT]}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
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
    expression,
    records,
)
from adam.catalog.record_rules.response import terms_of
from adam.catalog.traceability import OnePerGroup, Traceability
from adam.core.kinds import is_missing, true


class Computed(Arguments):
    """Arguments of `computed`."""

    value: Number
    by: list[str]
    where: Condition | None = None
    constant: list[str] = []


@records("computed")
class Computation(RecordRule):
    """Return one record for each group of records with equal `by`; a parameter code in `value` is AVAL of that parameter in the group.

    A code in `constant` is AVAL of the subject's only record of that parameter, whatever its group. Other names in `value` are values of
    the subject. ADT is the latest of the parts. DTYPE is that of the parts if all have the same one; otherwise SRCDOM is this dataset.

    Missing: no record where `value` is missing.
    Errors: several records of a part in one group are an error, and the value is missing.
    Source: admiral derive_param_computed.

    YAML:
        records: {computed: {value: WEIGHT / (HEIGHT / 100) ** 2, by: [AVISIT], constant: [HEIGHT]}}
    """

    ranged = False
    always_has_value = True
    model = Computed
    gives = ("AVAL", "AVALC", "ADT", "DTYPE", "SRCDOM", "SRCVAR")

    @staticmethod
    def argument_errors(arguments: Computed, context: ParameterContext) -> Iterator[ArgumentError]:
        """A value that names no parameter of its groups, or a variable of a record, since a group has several records."""
        value, codes = arguments.value, read_codes(arguments)
        if not set(codes) - set(arguments.constant):
            yield ArgumentError(f"value must name a parameter that differs between groups; {value} names none", "spec-wrong-argument", value)
        for code in arguments.constant:
            if code not in codes:
                yield ArgumentError(f"constant must name parameters in value; {code} is not in {value}", "spec-wrong-argument")
        for name in value.names:
            if name.owner == "SRC" or name.owner.split(".")[0] == context.dataset:
                message = f"value reads parameters and values of the subject; {name} is a variable of one record"
                yield ArgumentError(message, "spec-wrong-argument", value, name)

    @classmethod
    def given_variables(cls, arguments: Computed) -> tuple[str, ...]:
        """What every record is given, and the variables that are the by in its parts."""
        return (*cls.gives, *group_variables(arguments))

    @staticmethod
    def inputs(arguments: Computed, context: ParameterContext) -> dict[str, Input]:
        """The records of the parameters that `value` names."""
        names = [*group_variables(arguments), "AVAL", "ADT", "DTYPE", "PARAMCD"]
        columns = {name: expression(name) for name in names}
        if arguments.where is not None:
            columns["where"] = arguments.where
        codes = tuple(read_codes(arguments))
        return {"parts": Input(InputKind.PARAMETERS, codes, columns, late={"value": arguments.value}, numbers=codes)}

    @staticmethod
    def method_text(arguments: Computed, context: ParameterContext, prose: Prose) -> str:
        """The value of each group, and which records are a group."""
        value = prose.value(arguments.value)
        constant = f" {joined(arguments.constant)} is the subject's only value." if arguments.constant else ""
        return f"{value}, for records of a subject with the same {joined(arguments.by)}{prose.where(arguments.where)}.{constant}"

    @staticmethod
    def traceability(arguments: Computed, context: ParameterContext) -> tuple[Traceability, ...]:
        """The dataset itself."""
        return (Traceability(context.dataset),)

    @staticmethod
    def expected_records(arguments: Computed, context: ParameterContext) -> OnePerGroup:
        """One record per group."""
        codes, constants = read_codes(arguments), tuple(arguments.constant)
        parts = tuple(code for code in codes if code not in constants)
        return OnePerGroup(parts, constants, tuple(arguments.by), arguments.where, arguments.value)

    @staticmethod
    def create(arguments: Computed, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The value of each group."""
        base = read["parts"]
        by = group_variables(arguments)
        frame = pd.DataFrame({name: column for name, column in base.columns.items() if name != "where"})
        frame["subject"] = base.subject
        if arguments.where is not None:
            frame = frame[true(base.columns["where"]).to_numpy()]
        once = frame["PARAMCD"].isin(arguments.constant)
        constant, frame = frame[once], frame[~once]
        grouped = frame.groupby(["subject", *by], sort=True, dropna=False)
        number = grouped.ngroup().to_numpy()
        heads = frame.iloc[np.unique(number, return_index=True)[1]]
        ambiguities: list[Ambiguity] = []
        columns, open_ = {}, np.zeros(len(heads), dtype=bool)
        for code in read_codes(arguments):
            of, keys = (constant, constant["subject"].to_numpy()) if code in arguments.constant else (frame, number)
            mine = (of["PARAMCD"] == code).to_numpy(dtype=bool) & of["AVAL"].notna().to_numpy()
            values, several = of.loc[mine, "AVAL"].to_numpy(), _several(keys[mine])
            ambiguities += _ambiguity(context, code, of[mine][several], [] if code in arguments.constant else by, len(base))
            keys_of_heads = heads["subject"].to_numpy() if code in arguments.constant else np.arange(len(heads))
            columns[code] = pd.Series(values[~several], index=keys[mine][~several], dtype="float64").reindex(keys_of_heads).reset_index(drop=True)
            open_ |= np.isin(keys_of_heads, keys[mine][several])
        value = base.late("value", columns, heads.index.to_numpy()).mask(open_)
        ambiguities += _nowhere(context, frame, number, value, by, len(base))
        return _made(context, frame, number, heads.reset_index(drop=True), value, by, tuple(ambiguities))


def group_variables(arguments: Computed) -> list[str]:
    """The variables that the records of a group share: `by`, and AVISITN with AVISIT."""
    return [*arguments.by, *(["AVISITN"] if "AVISIT" in arguments.by and "AVISITN" not in arguments.by else [])]


def read_codes(arguments: Computed) -> list[str]:
    """The parameter codes `value` names, each once."""
    return list(dict.fromkeys(str(name) for name in arguments.value.names if not name.owner))


def _several(group: np.ndarray) -> np.ndarray:
    """Which records are not alone in their group."""
    return np.asarray(np.bincount(group, minlength=1)[group] > 1)


def _ambiguity(context: ParameterContext, code: str, records: pd.DataFrame, by: list[str], size: int) -> list[Ambiguity]:
    """The error that a group (or, without `by`, a subject) has several records of a part."""
    if not len(records):
        return []
    where = f"with equal {', '.join(by)}" if by else "of a subject"
    text = f"{context.parameter}: several records of {code} {where}, where one is expected; the value is missing"
    text += " (choose one with where, or add to by what differs)"
    mask = np.zeros(size, dtype=bool)
    mask[records.index] = True
    shown = {name: records[name].reindex(range(size)) for name in ("PARAMCD", *by, "AVAL")}
    return [Ambiguity(text, mask, shown, error=True)]


def _nowhere(context: ParameterContext, frame: pd.DataFrame, number: np.ndarray, value: pd.Series, by: list[str], size: int) -> list[Ambiguity]:
    """The warning that parts are combined although all of `by` is missing or blank, so nothing shows that they belong together."""
    blank = np.ones(len(frame), dtype=bool)
    for name in by:
        blank &= is_missing(frame[name]).to_numpy(dtype=bool)
    used = blank & frame["AVAL"].notna().to_numpy() & value.notna().to_numpy()[number]
    several = frame["PARAMCD"].groupby(number).nunique().to_numpy()[number] > 1
    if not (used & several).any():
        return []
    mask = np.zeros(size, dtype=bool)
    mask[frame.index[used & several]] = True
    shown = {name: frame[name].reindex(range(size)) for name in ("PARAMCD", "ADT", "AVAL")}
    text = f"{context.parameter}: records of several parameters are combined though {', '.join(by)} of them is missing or blank"
    return [Ambiguity(f"{text} (choose with where, or add to by what differs between them)", mask, shown)]


def _made(
    context: ParameterContext,
    frame: pd.DataFrame,
    number: np.ndarray,
    heads: pd.DataFrame,
    value: pd.Series,
    by: list[str],
    ambiguities: tuple[Ambiguity, ...],
) -> NewRecords:
    """The records of the groups that have a value."""
    dtype = _shared(frame["DTYPE"], number, len(heads))
    adt = frame["ADT"].groupby(number).max().reset_index(drop=True)
    given: dict[str, Any] = {"AVAL": value, "AVALC": terms_of(value, context), "DTYPE": dtype, "ADT": adt.astype("datetime64[s]")}
    given["SRCDOM"] = pd.Series(np.where(dtype == "", context.dataset, ""), dtype="str")
    given["SRCVAR"] = pd.Series(np.where(dtype == "", "AVAL", ""), dtype="str")
    given |= {name: heads[name] for name in by}
    some = value.notna().to_numpy()
    kept = {name: column[some].reset_index(drop=True) for name, column in given.items()}
    return NewRecords(heads["subject"].to_numpy()[some], kept, ambiguities=ambiguities)


def _shared(dtype: pd.Series, number: np.ndarray, size: int) -> pd.Series:
    """The DTYPE all records of a group carry, else blank."""
    codes, uniques = pd.factorize(dtype)
    lowest, highest = np.full(size, len(uniques)), np.full(size, -1)
    np.minimum.at(lowest, number, codes)
    np.maximum.at(highest, number, codes)
    terms = np.array([*uniques, ""], dtype=object)
    return pd.Series(terms[np.where(lowest == highest, lowest, len(uniques))], dtype="str")
