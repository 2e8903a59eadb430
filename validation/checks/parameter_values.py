"""Checks of the values of each parameter, generated from the specification: its names, its values, its responses and its totals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel

from adam.catalog.traceability import OnePerGroup, OnePerRecord
from adam.core import numerals
from adam.core.kinds import is_missing, missing_mask
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, Value
from validation.across import Across, Shared, all_there
from validation.check import check
from validation.checks.subject_records import grouped
from validation.contracts import records_of
from validation.formulas import Names, by_cases
from validation.matching import codes_of, differing, firsts, marked, numbered_codes
from validation.origins import collected_records, column
from validation.records import SUBJECT, Records

if TYPE_CHECKING:
    from validation.rule import Suite

NAME = r"[A-Z][A-Z0-9_]{0,7}$"


def own(records: Records, parameter: ResolvedParameter) -> np.ndarray:
    """Return the records of a parameter."""
    mine = np.zeros(len(records.frame), dtype=bool)
    mine[records.rows_of(parameter.name)] = True
    return mine


@check("Expected a parameter of the specification, with its PARAM, PARAMN, PARCAT1 and PARCAT1N", generated=True)
def parameter_names(records: Records) -> np.ndarray:
    """A parameter is not in the specification, or its descriptive variables differ.

    PARAMCD has at most 8 capitals, digits or _; PARAM, PARAMN, PARCAT1 and PARCAT1N are those of the parameter (`PARAM: PARAMETER`); one
    with its own formula is skipped.

    Rule: G-15.
    """
    frame = records.frame
    parameters = records.dataset.parameters
    facts = {"PARAM": "label", "PARAMN": "number", "PARCAT1": "category", "PARCAT1N": "category_number"}
    each, number = records.combinations(["PARAMCD"])
    failed = ~(each["PARAMCD"].isin(list(parameters)) & each["PARAMCD"].str.match(NAME)).to_numpy(dtype=bool)[number]
    for name in [name for name in facts if name in frame]:
        own_values = {
            code: getattr(each, facts[name]) for code, each in parameters.items() if by_parameter(records.study, records.dataset, name, each)
        }
        each, number = records.combinations(["PARAMCD", name])
        expected_values = each["PARAMCD"].map({code: value for code, value in own_values.items() if value is not None})
        right = (each[name] == expected_values) | (is_missing(each[name]) & expected_values.isna())
        failed |= (each["PARAMCD"].isin(list(own_values)) & ~right).to_numpy(dtype=bool)[number]
    return failed


def by_parameter(study: ResolvedStudy, dataset: ResolvedDataset, name: str, parameter: ResolvedParameter) -> bool:
    """Whether what a variable holds on the records of a parameter is the parameter's to say (`PARAMETER`), by no formula of its own."""
    variable = dataset.variables.get(name)
    written = study.datasets.get(dataset.name, dataset).parameters.get(parameter.name, parameter)  # the plan keeps no formula of a value
    formula = variable.formula if variable is not None else None
    return isinstance(formula, Value) and str(formula.expr) == "PARAMETER" and name not in written.formulas


@check("Expected AVAL of {parameter} to be a possible value of the parameter, and AVALC its codelist term", generated=True)
def parameter_value(records: Records, parameter: ResolvedParameter) -> np.ndarray:
    """AVAL is out of the range of the parameter, not whole or missing, or AVALC is not its term.

    A response and a computed value are never missing. Without a codelist the parameter has no AVALC (`AVALC: PARAMETER`), unless a record rule
    gives a text.

    Rule: G-16.
    """
    rows = records.rows_of(parameter.name)
    frame, number = records.combinations([name for name in ("AVAL", "AVALC") if name in records.frame], rows)
    values = frame["AVAL"].to_numpy(dtype="float64")
    wrong = np.isnan(values) & all(each.always_has_value for each in records_of(parameter, added=False))
    if parameter.range is not None:
        wrong |= (values < parameter.range[0] - 1e-9) | (values > parameter.range[1] + 1e-9)
    if parameter.integer:
        wrong |= ~np.isnan(values) & (values != np.round(values))
    codelist = records.study.codelists.get(parameter.codelist)
    texts = any(each.gives_text for each in records_of(parameter))
    if "AVALC" in frame and not texts and (codelist is not None or by_parameter(records.study, records.dataset, "AVALC", parameter)):
        terms = {number: term for term, number in codelist.numbers.items()} if codelist is not None else {}
        wrong |= (frame["AVALC"] != frame["AVAL"].map(terms).astype("object").fillna("").astype("str")).to_numpy(dtype=bool)
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[rows] = wrong[number]
    return failed


class Derived:
    """The records that others are derived from, the derived records, and the imputed records of the same parameter."""

    def __init__(self, records: Records, parameter: ResolvedParameter, expected: OnePerRecord) -> None:
        frame = records.frame
        copied = [name for name in records.dataset.copied if name in frame] or ["AVISITN", "ADT"]
        self.key = [*SUBJECT, *copied]
        self.source = frame["PARAMCD"].isin(list(expected.parameters)).to_numpy(dtype=bool) & records.selected(expected.where)
        names = Names(records, records.dataset.variables["AVAL"], np.flatnonzero(self.source))
        self.value = np.full(len(frame), np.nan)
        self.value[self.source] = by_cases(names, expected.value).column.to_numpy(dtype="float64")
        mine = own(records, parameter)
        dtypes = frame["DTYPE"] if "DTYPE" in frame else pd.Series("", index=frame.index, dtype="str")
        observed = ["", *(dtypes[self.source].unique() if "DTYPE" in copied else [])]
        self.derived = mine & dtypes.isin(observed).to_numpy(dtype=bool)
        self.imputed = mine & ~self.derived


def _derived(records: Records, parameter: ResolvedParameter, expected: OnePerRecord) -> Derived:
    """What a parameter is derived from; the last one is kept, because a check and its summary both read it."""
    before: tuple[ResolvedParameter, OnePerRecord, Derived] | None = records.memo.get(_derived)
    if before is None or before[0] is not parameter or before[1] is not expected:
        before = (parameter, expected, Derived(records, parameter, expected))
        records.memo[_derived] = before
    return before[2]


def _dtypes(records: Records, parameter: ResolvedParameter, expected: OnePerRecord) -> Shared:
    """The DTYPEs of the records that others are derived from, and those of the parameter: which of them are imputed depends on both."""
    known = _derived(records, parameter, expected)
    dtypes, copied = records.frame.get("DTYPE"), records.dataset.copied
    if dtypes is None or "DTYPE" not in copied:
        return frozenset(), frozenset()
    return frozenset(dtypes[known.source].unique()), frozenset(dtypes[known.derived | known.imputed].unique())


def _derived_from(suite: Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    """Yield what shows which records others are derived from, and their values."""
    own, expected = suite.dataset.name, vars(arguments)["expected"]
    exprs = [expected.where, *(each for case in expected.value for each in (case.when, case.value) if isinstance(each, Expr))]
    yield from ((own, name) for name in (*SUBJECT, "PARAMCD", "AVAL", "AVISITN", "ADT", "DTYPE", *suite.dataset.copied))
    yield from ((own, name.last) for expr in exprs if expr is not None for name in expr.names)


ACROSS_DTYPES = Across(reads=_derived_from, summary=_dtypes, settled=all_there)


@check(
    "Expected one {parameter} record for each {expected.parameters} record where {expected.where}, with the value that follows",
    generated=True,
    across=ACROSS_DTYPES,
)
def response(records: Records, parameter: ResolvedParameter, expected: OnePerRecord) -> np.ndarray:
    """AVAL differs from the value that follows from the source record, or one of the two records is missing.

    The source record is of the same subject and of one of the declared parameters, matches the declared condition, and equals the derived record
    in the copied variables. Each has one derived record; a source record at an imputed visit is reported by `imputed_response` (with AVISITN).

    Rule: G-17.
    """
    frame, known = records.frame, _derived(records, parameter, expected)
    rows = np.flatnonzero(known.source | known.derived)
    source, derived = known.source[rows], known.derived[rows]
    group = records.numbered(known.key, rows)
    size = int(group.max(initial=-1)) + 1
    value = np.where(source, known.value[rows], frame["AVAL"].to_numpy(dtype="float64")[rows])
    number = numbered_codes([(group, max(size, 1)), codes_of(pd.Series(value, copy=False))])
    differs = derived & ~marked(number[source], int(number.max(initial=-1)) + 1)[number]
    sources, responses = (np.bincount(group[mask], minlength=size)[group] for mask in (source, derived))
    by_visit = "AVISITN" in frame and known.imputed.any()
    imputed = _at_visit_of(records, known.imputed)[rows] if by_visit else np.zeros(len(rows), dtype=bool)
    failed = np.zeros(len(frame), dtype=bool)
    failed[rows] = differs | (source & (responses < sources) & ~imputed) | (derived & (responses > sources))
    return failed


@check(
    "Expected no imputed {parameter} at a visit with a {expected.parameters} record where {expected.where}",
    generated=True,
    across=ACROSS_DTYPES,
)
def imputed_response(records: Records, parameter: ResolvedParameter, expected: OnePerRecord) -> np.ndarray:
    """A value is imputed at a visit with a source record that it can be derived from.

    Rule: G-18.
    """
    known = _derived(records, parameter, expected)
    return known.imputed & _at_visit_of(records, known.source)


def _at_visit_of(records: Records, some: np.ndarray) -> np.ndarray:
    """Return the records of a subject and visit of some records."""
    visit = grouped(records, ["AVISITN"])
    return marked(visit[some], int(visit.max(initial=-1)) + 1)[visit]


@check("Expected DTYPE of {parameter} to be the DTYPE of its {expected.parameters} records, and blank where they differ", generated=True)
def imputed_parts(records: Records, parameter: ResolvedParameter, expected: OnePerGroup) -> np.ndarray:
    """DTYPE of a computed value differs from that of its parts, or it has no parts.

    DTYPE is that of all parts, blank where they differ. Parts are the records of the declared parameters that match the declared condition, of the
    same subject and group. A record that is added to the parameter (with DTYPE) passes.

    Rule: G-18.
    """
    frame, group, dtypes = records.frame, grouped(records, list(expected.by)), records.numbered(["DTYPE"])
    mine = records.rows_of(parameter.name)
    among = np.flatnonzero(frame["PARAMCD"].isin(list(expected.parameters)).to_numpy(dtype=bool) & records.selected(expected.where))
    size = int(group.max(initial=-1)) + 1
    several = marked(group[among][differing(group[among], dtypes[among])], size)[group[mine]]
    part = np.append(among, -1)[firsts(group[among], size)][group[mine]]
    blank = missing_mask(frame["DTYPE"])[mine]
    other = np.where(several, ~blank, dtypes[mine] != dtypes[part])
    added = any(each.is_added for each in records_of(parameter)) & ~blank
    failed = np.zeros(len(frame), dtype=bool)
    failed[mine] = np.where(part >= 0, other, blank) & ~added
    return failed


TOLERANCE = 0.05
"""The largest accepted difference between a collected and a computed total."""


@check("Expected the collected total {item} within 0.05 of the computed AVAL of {parameter}", generated=True)
def collected_total(records: Records, parameter: ResolvedParameter, domain: str, code: str, item: str, where: Expr | None) -> np.ndarray:
    """A collected total differs from the computed score by more than 0.05.

    Computed records (SRCSEQ missing) are compared with the records of `item` of the same subject, VISITNUM and date that were done: a number in
    --STRESN, else in --STRESC. Records without a collected total pass.

    Rule: G-21.
    """
    frame, failed = records.frame, np.zeros(len(records.frame), dtype=bool)
    source = collected_records(records, domain)
    if source.frame.empty:
        return failed
    done = (column(source, "STAT").str.upper() != "NOT DONE").to_numpy(dtype=bool)
    places = np.flatnonzero((source.frame[code] == item).to_numpy(dtype=bool) & source.selected(where) & done)
    theirs = source.frame[[*SUBJECT, "VISITNUM"]].iloc[places]
    text = numerals.read(column(source, "STRESC").loc[theirs.index])[0]
    total = column(source, "STRESN", np.nan).loc[theirs.index].astype("float64").fillna(text)
    computed = own(records, parameter) & frame["SRCSEQ"].isna().to_numpy() & frame["AVAL"].notna().to_numpy() & frame["ADT"].notna().to_numpy()
    if "DTYPE" in frame:
        computed &= (frame["DTYPE"] == "").to_numpy(dtype=bool)
    rows = np.flatnonzero(computed)
    key = [*SUBJECT, "VISITNUM", "date"]
    asked = frame[key[:3]].iloc[rows].assign(date=frame["ADT"].iloc[rows].dt.strftime("%Y-%m-%d").astype("str"), row=rows, score=frame["AVAL"])
    found = asked.merge(theirs[key[:3]].assign(date=column(source, "DTC").loc[theirs.index].str.slice(0, 10), total=total), on=key)
    failed[found.loc[(found["total"] - found["score"]).abs() > TOLERANCE + 1e-9, "row"]] = True
    return failed
