"""Records that are source records: `{from: RS, where: ..., value: ..., keep: ...}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose, joined, sentence
from adam.catalog.record_rule import (
    Ambiguity,
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
from adam.catalog.record_rules.grouped import selected
from adam.catalog.record_rules.ties import differing, last_ones
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.coded_text import chosen_text, constant_text
from adam.core.kinds import is_missing, is_true
from adam.core.numerals import number_of
from adam.expressions.field import Expression
from adam.expressions.instruments import Instrument
from adam.expressions.tree import Expr, Name

ASSESSMENT = {"VISITNUM": expression("SRC.VISITNUM"), "DTC": expression("date(SRC.DTC)")}
"""What makes records of a subject one assessment."""


class Keep(Arguments):
    """Which of several source records is kept: the last one of each group."""

    last_of: list[Expression]
    where: Condition | None = None
    order: list[Expression]


class From(Arguments):
    """Arguments of `from`."""

    domain: str = Field(alias="from")
    where: Condition | None = None
    value: Number | None = None
    keep: Keep | None = None


@records("from")
class Sourced(RecordRule):
    """Return one record for each source record that matches `where`.

    AVAL is --STRESN; without it --STRESC as a number or, in capitals, as a term of the parameter's codelist, with a warning. `value`
    replaces it. SRCSEQ is --SEQ of the record. `keep` selects one of several records, such as the last one of a day.

    Missing: AVAL is missing if --STAT is NOT DONE and, with a warning, if it is outside `range` or is not the integer it must be.
    Source: ADaMIG, SRCDOM, SRCVAR and SRCSEQ; SDTMIG, --STRESN and --STRESC.

    YAML:
        records: {from: RS, where: SRC.TESTCD == "IGA0101"}
    """

    assesses = True
    by_subject = True
    model = From
    gives = ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ")

    @staticmethod
    def inputs(arguments: From, context: ParameterContext) -> dict[str, Input]:
        """The domain, with its result variables and whatever `keep` names."""
        columns: dict[str, Expr] = {name: expression(f"SRC.{name}") for name in ("STRESN", "STRESC", "STAT", "SEQ")}
        late: dict[str, Expr] = {}
        if arguments.where is not None:
            columns["where"] = arguments.where
        if arguments.value is not None:
            columns["value"] = arguments.value
        if arguments.keep is not None:
            columns |= {f"group{i}": expr for i, expr in enumerate(arguments.keep.last_of)}
            columns |= {f"order{i}": expr for i, expr in enumerate(arguments.keep.order)}
            late = {"keep": arguments.keep.where} if arguments.keep.where is not None else {}
        if context.several:
            columns |= ASSESSMENT
        optional = ("STRESN", "STRESC", "STAT", "SEQ", *ASSESSMENT)
        return {"source": Input(InputKind.DOMAIN, (arguments.domain,), columns, optional, late, numbers=("AVAL",))}

    @staticmethod
    def method_text(arguments: From, context: ParameterContext, prose: Prose) -> str:
        """Which source records become records, and their value."""
        of = arguments.domain
        value = prose.value(arguments.value) if arguments.value is not None else f"the standard result{_result(prose)}"
        where = prose.where(arguments.where)
        text = f"{sentence(value)[:-1]} of each {of} record{where}."
        if value == "missing":
            text = f"Always {value}, on one record for each {of} record{where}."
        return f"{text}{_missing_text(context, prose)}{_keep_text(arguments.keep, prose)}"

    @staticmethod
    def traceability(arguments: From, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source record."""
        value, selects = arguments.value, arguments.keep is not None
        return (Traceability(arguments.domain, (), NamedRecord.ALWAYS, arguments.where, value is None, value, selects=selects),)

    @staticmethod
    def source_domain(arguments: Mapping[str, object], instruments: Mapping[str, Instrument]) -> str:
        """The domain in `from:`."""
        return str(arguments.get("from", ""))

    @staticmethod
    def create(arguments: From, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The records that match, each with its value."""
        source = read["source"]
        matches = selected(source)
        value, variable, issues = _value(arguments, context, source, matches)
        ambiguities: tuple[Ambiguity, ...] = ()
        if arguments.keep is not None:
            kept, tied = _kept(arguments.keep, source, value, matches)
            ambiguities = (Ambiguity(TIED, matches & tied, {"AVAL": value}),) if tied.any() else ()
            matches = matches & kept
        rows = np.flatnonzero(matches)
        seq = source.columns["SEQ"].iloc[rows].reset_index(drop=True)
        given = {
            "AVAL": value.iloc[rows].reset_index(drop=True),
            "SRCDOM": constant_text(arguments.domain, pd.RangeIndex(len(rows))),
            "SRCVAR": variable.iloc[rows].reset_index(drop=True),
            "SRCSEQ": seq,
        }
        return NewRecords(source.subject[rows], given, "source", rows, issues, assessment_of(source, rows) if context.several else None, ambiguities)


TIED = "keep: several records come last in order and differ in AVAL; the last in the source is taken (add to order what decides)"


def _result(prose: Prose) -> str:
    """The result variable of the domain in brackets, as far as it is known."""
    shown = [prose.names[name] for name in (Name(("SRC", "STRESN")), Name(("SRC", "STRESC"))) if name in prose.names]
    return f" ({shown[0]})" if shown else ""


def _missing_text(context: ParameterContext, prose: Prose) -> str:
    """Which results are not used: of an assessment that was not done, outside the range, or no whole number."""
    status = prose.names.get(Name(("SRC", "STAT")))
    cases = [f'{status} is "NOT DONE"'] if status else []
    cases += [f"the result is outside {context.limits[0]:g} to {context.limits[1]:g}"] if context.limits is not None else []
    cases += ["it is not a whole number"] if context.integer and context.limits is not None else []
    return f" Missing if {' or '.join(cases)}." if cases else ""


def _keep_text(keep: Keep | None, prose: Prose) -> str:
    """Which of several source records is used."""
    if keep is None:
        return ""
    group = joined([prose.value(each).removeprefix("the ") for each in keep.last_of])
    order = f", in the order of {', '.join(prose.part(each) for each in keep.order)}" if keep.order else ""
    return f" Of several records of a subject with the same {group}, only the last one{prose.where(keep.where)} is used{order}."


def assessment_of(source: InputRecords, rows: np.ndarray) -> tuple[pd.Series, pd.Series]:
    """The visit and the date of records; missing where the domain has none."""
    visit, date = (source.columns[name].iloc[rows].reset_index(drop=True) for name in ASSESSMENT)
    return pd.to_numeric(visit), date if date.dtype.kind == "M" else pd.Series(pd.NaT, index=date.index, dtype="datetime64[s]")


Issues = tuple[tuple[str, np.ndarray], ...]


def _value(arguments: From, context: ParameterContext, source: InputRecords, matches: np.ndarray) -> tuple[pd.Series, pd.Series, Issues]:
    """The analysis value of each source record, the variable it came from, and what is to be warned of."""
    columns, origin = source.columns, source.origin
    plain, other, status = (origin.get(name, "") for name in ("STRESN", "STRESC", "STAT"))
    number, text = columns["STRESN"], columns["STRESC"]
    done = (columns["STAT"].str.upper() != "NOT DONE").to_numpy(dtype=bool)
    if arguments.value is not None:
        value, taken = columns["value"], np.zeros(len(source), dtype=bool)
    else:
        taken = (number.isna() & ~is_missing(text)).to_numpy() & done
        value = number.where(~taken, read_text(text, {term: number for number, term in context.terms.items()}))
    read_from = origin.get("value", "") if arguments.value is not None else plain or other
    variable = chosen_text(taken & value.notna().to_numpy(), other, read_from, value.index)
    filled = (number.notna() | ~is_missing(text)).to_numpy()
    issues = [
        (f"{status} is NOT DONE, but there is a result; it is not used", matches & ~done & filled),
        (f"{plain or 'the number'} is missing; the value is read from {other}", matches & taken & value.notna().to_numpy()),
        (f"{other} is no number and no term of the codelist; the value is missing", matches & taken & value.isna().to_numpy()),
    ]
    value = value.where(done)
    outside = outside_of(value, context)
    issues.append(("the value is outside the range of the parameter; it is missing", matches & outside))
    return value.where(~outside), variable, tuple(issue for issue in issues if issue[1].any())


def read_text(text: pd.Series, terms: Mapping[str, float]) -> pd.Series:
    """Texts as numbers: those of the terms, else of terms in another case, and numbers such as 5.0E3; missing for anything else."""
    known = {term.upper(): number for term, number in terms.items()} | dict(terms)
    codes, uniques = pd.factorize(text)
    plain = [str(text).strip() for text in uniques]
    found = np.array([*(known.get(each, known.get(each.upper(), number_of(each))) for each in plain), np.nan], dtype="float64")
    return pd.Series(found[codes], index=text.index)


def outside_of(value: pd.Series, context: ParameterContext) -> np.ndarray:
    """Which values are outside the range of the parameter, or no whole number where they must be."""
    numbers = value.to_numpy(dtype="float64")
    outside = np.zeros(len(value), dtype=bool)
    if context.limits is not None:
        outside |= (numbers < context.limits[0]) | (numbers > context.limits[1])
    if context.integer:
        outside |= ~np.isnan(numbers) & (numbers != np.round(numbers))
    return outside


def _kept(keep: Keep, source: InputRecords, value: pd.Series, matches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether a record is the last of its group among those that fit, and whether another one of another value is last, too."""
    eligible = matches.copy()
    if keep.where is not None:
        eligible &= is_true(source.late("keep", {"AVAL": value}, np.arange(len(value))))
    keys: dict[str, Any] = {"subject": source.subject}
    keys |= {f"group{i}": source.columns[f"group{i}"].to_numpy() for i, _ in enumerate(keep.last_of)}
    orders = {f"order{i}": source.columns[f"order{i}"] for i, _ in enumerate(keep.order)}
    rows = np.flatnonzero(eligible)
    frame = pd.DataFrame({**keys, **orders}).iloc[rows]
    last = frame.sort_values(list(orders), kind="stable", na_position="first").drop_duplicates(list(keys), keep="last").index
    result, tied = np.zeros(len(value), dtype=bool), np.zeros(len(value), dtype=bool)
    result[last] = True
    group = frame.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    ends = last_ones(group, [frame[name] for name in orders])
    tied[rows[ends]] = differing(group[ends], [value.iloc[rows[ends]]])
    return result, tied
