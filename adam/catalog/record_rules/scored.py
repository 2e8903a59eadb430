"""Records that are scores of an instrument: `{score: {instrument: EASI, value: ...}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.instrument_text import score_text
from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    ArgumentError,
    Arguments,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    expression,
    records,
)
from adam.catalog.record_rules.assessments import Assessments
from adam.catalog.record_rules.sourced import outside_of
from adam.catalog.shared_rule import Prepared, SharedRecordRule
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core import decimals
from adam.core.coded_text import chosen_text, constant_text
from adam.core.errors import suggestion
from adam.core.kinds import ValueKind, is_compatible, is_true
from adam.expressions.check import kind_of
from adam.expressions.evaluate import Evaluation
from adam.expressions.field import Expression
from adam.expressions.instruments import Instrument, InstrumentScope

APART = 0.05
"""The largest difference of a collected score from the computed one that is not reported."""


class Score(Arguments):
    """Arguments of `score`."""

    instrument: str
    value: Expression | None = None
    collected: str | None = None
    otherwise: Expression | None = None
    not_done: str | None = None


@dataclass(frozen=True)
class _Scored:
    """The assessments of an instrument, and which of them the parameter has."""

    assessments: Assessments
    instrument: Instrument


@records("score")
class Scores(SharedRecordRule):
    """Return one record for each assessment (subject, VISITNUM, date) with a record of an item the parameter reads, done or not.

    AVAL is `value`; where that is missing the item `collected`; where that is missing too `otherwise`. SRC.X is X of the assessment's
    latest record, and SRC.SEQ the highest --SEQ of its records. SRCSEQ is --SEQ of the collected score, if that is used.

    Missing: an item that is NOT DONE, outside its range or unreadable is missing, with a warning.
    Errors: a collected score that differs from the computed one is a warning.
    Source: the scoring rule of the instrument, as its YAML states it.

    YAML:
        records: {score: {instrument: EASI, value: TOTAL, collected: EASI0125}}
    """

    assesses = True
    model = Score
    gives = ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ")

    @staticmethod
    def argument_errors(arguments: Score, context: ParameterContext) -> Iterator[ArgumentError]:
        """An unknown instrument, unknown names in an expression, and a score without value: and collected:."""
        instrument = context.instruments.get(arguments.instrument)
        if instrument is None:
            hint = suggestion(arguments.instrument, context.instruments)
            yield ArgumentError(f"there is no instrument '{arguments.instrument}'{hint}", "spec-unknown-instrument")
            return
        if arguments.value is None and arguments.collected is None:
            yield ArgumentError("score needs value: or collected:, or both", "spec-missing-argument")
        for what in ("value", "otherwise"):
            expr = getattr(arguments, what)
            if expr is None:
                continue
            kind, errors = kind_of(expr, InstrumentScope(instrument))
            for error in errors:
                yield ArgumentError(f"{what}: {error.message}", error.code, expr, error.node)
            if not errors and not is_compatible(kind, ValueKind.NUMBER):
                yield ArgumentError(f"{what} must be a number; {expr} is {kind.article}", "spec-wrong-kind", expr)

    @staticmethod
    def method_text(arguments: Score, context: ParameterContext, prose: Prose) -> str:
        """How the score of an assessment is found."""
        instrument = context.instruments[arguments.instrument]
        values = [(arguments.value, ""), (None, arguments.collected or ""), (arguments.otherwise, "")]
        return score_text(instrument, values, _formulas_read(arguments, instrument), arguments.not_done, prose)

    @staticmethod
    def traceability(arguments: Score, context: ParameterContext) -> tuple[Traceability, ...]:
        """The records of the items; the collected total where it is used."""
        instrument, collected = context.instruments[arguments.instrument], arguments.collected
        codes = [item for expr in (arguments.value, arguments.otherwise) if expr is not None for item in sorted(instrument.items_of(expr))]
        codes += [code for code in (collected, arguments.not_done) if code is not None]
        source = Traceability(
            instrument.domain,
            where=instrument.where,
            is_result=True,
            code=instrument.code,
            items=tuple(dict.fromkeys(instrument.code_of(code) for code in codes)),
            is_computed=arguments.value is not None,
        )
        return (replace(source, named=NamedRecord.SOMETIMES, item=instrument.code_of(collected)) if collected is not None else source,)

    @staticmethod
    def source_domain(arguments: Mapping[str, object], instruments: Mapping[str, Instrument]) -> str:
        """The domain of the instrument."""
        instrument = instruments.get(str(arguments.get("instrument")))
        return instrument.domain if instrument is not None else ""

    @staticmethod
    def shared(arguments: Score) -> str:
        """The parameters of one instrument share its assessments."""
        return arguments.instrument

    @staticmethod
    def inputs(arguments: Score, context: ParameterContext) -> dict[str, Input]:
        """The domain with the variables that identify items and assessments, and the result variables."""
        instrument = context.instruments[arguments.instrument]
        plain = ("STRESN", "STRESC", "STAT", "SEQ")
        columns = {name: expression(f"SRC.{name}") for name in plain}
        columns |= {"where": instrument.where, "code": instrument.code, "visit": expression("SRC.VISITNUM")}
        columns |= {"date": expression("date(SRC.DTC)"), "moment": expression("datetime(SRC.DTC)")}
        return {"source": Input(InputKind.DOMAIN, (instrument.domain,), columns, optional=plain[:3], kinds={"where": ValueKind.CONDITION})}

    @staticmethod
    def prepare(arguments: Score, context: ParameterContext, read: Mapping[str, InputRecords]) -> Prepared:
        """The assessments, with what is odd about items and (by the instrument's `issues`) about assessments."""
        instrument, source = context.instruments[arguments.instrument], read["source"]
        assessments = Assessments(instrument, source)
        issues = [(text, _spread(mask, assessments.rows, len(source))) for text, mask in assessments.issues]
        for text, condition in instrument.issues.items():
            odd = is_true(Evaluation(assessments).column(condition))
            issues.append((text, _spread(np.ones(odd.sum(), dtype=bool), assessments.rows[assessments.latest[odd]], len(source))))
        return Prepared(_Scored(assessments, instrument), tuple(issue for issue in issues if issue[1].any()))

    @staticmethod
    def finish(arguments: Score, context: ParameterContext, prepared: _Scored) -> NewRecords:
        """The score of each assessment the parameter has."""
        assessments, instrument = prepared.assessments, prepared.instrument
        value, collected, issues = _value(arguments, context, assessments)
        reads = {name for name in (arguments.collected, arguments.not_done) if name is not None}
        for expr in (arguments.value, arguments.otherwise):
            reads |= instrument.items_of(expr) if expr is not None else set()
        kept = np.flatnonzero(assessments.has(reads))
        rows = assessments.rows[assessments.latest[kept]]
        prefix = instrument.domain[:2]
        used = arguments.collected
        record = np.where(collected, assessments.chosen(used), -1)[kept] if used is not None else np.full(len(kept), -1)
        read_so = collected[kept] & assessments.taken[record] if len(assessments.rows) else np.zeros(0, dtype=bool)
        given = {
            "AVAL": value.iloc[kept].reset_index(drop=True),
            "SRCDOM": constant_text(instrument.domain, pd.RangeIndex(len(kept))),
            "SRCVAR": chosen_text(read_so, f"{prefix}STRESC", f"{prefix}STRESN"),
            "SRCSEQ": pd.Series(np.where(record >= 0, assessments.seq[record] if len(assessments.rows) else np.nan, np.nan), dtype="float64"),
        }
        latest, size = assessments.rows[assessments.latest], len(assessments.source)
        warnings = tuple((text, _spread(mask, latest, size)) for text, mask in issues if mask.any())
        assessment = _assessment(assessments, rows) if context.several else None
        numbered = {f"{prefix}SEQ": assessments.rows[assessments.highest[kept]]}
        return NewRecords(assessments.source.subject[rows], given, "source", rows, warnings, assessment, rows_of=numbered)


def _formulas_read(arguments: Score, instrument: Instrument) -> list[str]:
    """The formulas of the instrument that a score reads, directly or through others, in the order of the instrument."""
    names = {str(name) for expr in (arguments.value, arguments.otherwise) if expr is not None for name in expr.names}
    for name in reversed(instrument.formulas):
        members = {member for each in names for member in instrument.sets.get(each, ())}
        names |= members | ({str(each) for each in instrument.formulas[name].names} if name in names | members else set())
    return [name for name in instrument.formulas if name in names]


def _value(arguments: Score, context: ParameterContext, assessments: Assessments) -> tuple[pd.Series, np.ndarray, list[tuple[str, np.ndarray]]]:
    """The score of every assessment, where it is the collected one, and what is to be warned of."""
    evaluation = Evaluation(assessments)
    nothing = pd.Series(np.nan, index=assessments.index)
    computed = evaluation.column(arguments.value, ValueKind.NUMBER) if arguments.value is not None else nothing
    if arguments.collected is None:
        used, value, issues = np.zeros(assessments.size, dtype=bool), computed, []
    else:
        item = assessments.item(arguments.collected)
        outside = outside_of(item, context)
        item = item.mask(outside)
        used = (computed.isna() & item.notna()).to_numpy()
        value = computed.where(~used, item)
        apart = np.abs(decimals.minus(item.to_numpy(), computed.to_numpy())) > APART
        issues = [
            ("the collected score is outside the range of the parameter; it is not used", outside),
            ("the collected score differs from that of the items, which is used", apart),
        ]
    if arguments.otherwise is not None:
        with evaluation.reaching(value.isna().to_numpy()):
            value = value.where(value.notna(), evaluation.column(arguments.otherwise, ValueKind.NUMBER))
    issues += [(met.text, met.mask) for met in (*evaluation.issues, *assessments.met)]
    assessments.met.clear()
    return value, used, issues


def _assessment(assessments: Assessments, rows: np.ndarray) -> tuple[pd.Series, pd.Series]:
    columns: Mapping[str, Any] = assessments.source.columns
    visit, date = (columns[name].iloc[rows].reset_index(drop=True) for name in ("visit", "date"))
    return visit, date


def _spread(mask: np.ndarray, rows: np.ndarray, size: int) -> np.ndarray:
    """A mask of some records as one of all."""
    found = np.zeros(size, dtype=bool)
    found[rows] = mask
    return found
