"""Checks that the source records are complete: each that the specification selects has a record, and a parameter has one unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel

from adam.planning.values import ResolvedParameter
from validation.across import Across
from validation.check import CheckedItems, check, distinct
from validation.checks.record_sources import dates_of, valid
from validation.checks.sources import conditions, records_compared, same_records
from validation.matching import positions, taken
from validation.origins import collected_records, column, origins
from validation.records import SUBJECT, Records, SourceRecords, sequence

if TYPE_CHECKING:
    from validation.rule import Suite


@check(
    "Expected the records of {domain} that the specification selects, each once", generated=True, across=Across(within="key", reads=records_compared)
)
def source_records(records: Records, domain: str, key: tuple[str, ...]) -> CheckedItems:
    """The records differ from those of the domain.

    Every record has a record in the domain, and every record of the domain that the specification selects (the `where` of its source and of its
    `records:`, its `subjects:`) has one here. A line that compares with the selected records replaces this check.

    Rule: G-11.
    """
    return same_records(records, as_=domain, key=list(key))


@check("Expected a record of {parameter} for every source record that it selects", generated=True)
def source_kept(records: Records, parameter: ResolvedParameter, sequence: str = "SRCSEQ") -> CheckedItems:
    """A source record that the parameter selects has no record.

    Of `records: {from: ...}` each source record that matches; of a score each assessment (VISITNUM and date of --DTC) with a record of one of its
    items. Of several entries the first is checked, as the others apply only where it has none.

    Rule: G-20.
    """
    way = origins(records.study, records.dataset, parameter.name)[0]
    source = collected_records(records, way.domain)
    mine = source.selected(way.where)
    for condition in conditions(records, way.domain):
        mine = mine & source.selected(condition)
    if way.items:
        mine = mine & source.frame[way.column].isin(way.items).to_numpy(dtype=bool)
    rows = np.flatnonzero(mine & _of_subjects(records, source))
    theirs = source.frame[SUBJECT].iloc[rows]
    if way.items:
        theirs = theirs.assign(VISITNUM=column(source, "VISITNUM", np.nan).iloc[rows], ADT=dates_of(records, source).iloc[rows])
        key = [*SUBJECT, "VISITNUM", "ADT"]
    else:
        theirs, key = theirs.assign(**{sequence: column(source, "SEQ", np.nan).iloc[rows]}), [*SUBJECT, sequence]
    own = records.some(key, records.rows_of(parameter.name))
    theirs = distinct(theirs, key)
    keys = theirs.assign(PARAMCD=pd.Series(parameter.name, index=theirs.index, dtype="str"))
    return CheckedItems(keys, positions(own, theirs[key]) < 0)


def _of_subjects(records: Records, source: SourceRecords) -> np.ndarray:
    """Return which records of a domain are of subjects that the dataset takes, for all checks of it."""
    known = (_of_subjects, source.domain)
    if known not in records.memo:
        where = records.dataset.subjects
        found = np.ones(len(source.frame), dtype=bool)
        if where is not None:
            found = positions(records.subjects.frame.loc[records.subjects.selected(where), SUBJECT], source.frame[SUBJECT]) >= 0
        records.memo[known] = found
    return np.asarray(records.memo[known])


@check("Expected AVAL of {parameter} to be the value of its source record, SRC.STRESN", generated=True)
def source_aval(records: Records, parameter: ResolvedParameter, sequence: str) -> np.ndarray:
    """AVAL differs from the value of the source record.

    `sequence` has --SEQ of the source record; records with a DTYPE are skipped. The check is generated for datasets without SRCDOM, SRCVAR and
    SRCSEQ, for parameters whose values are copied unchanged.

    Rule: G-20.
    """
    frame, way = records.frame, origins(records.study, records.dataset, parameter.name)[0]
    source = collected_records(records, way.domain)
    mine = (frame["PARAMCD"] == parameter.name).to_numpy(dtype=bool)
    if "DTYPE" in frame:
        mine = mine & (frame["DTYPE"] == "").to_numpy(dtype=bool)
    rows = positions(source.frame[[*SUBJECT, f"{way.domain[:2]}SEQ"]], frame.loc[mine, [*SUBJECT, sequence]])
    wanted = np.full(len(rows), np.nan)
    wanted[rows >= 0] = valid(records, source, rows[rows >= 0], parameter.name)
    own = frame.loc[mine, "AVAL"].to_numpy(dtype="float64")
    failed = np.zeros(len(frame), dtype=bool)
    failed[mine] = (rows < 0) | ~np.isclose(own, wanted, rtol=0, atol=1e-9, equal_nan=True)
    return failed


def _unit_variables(suite: Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    """Yield what shows the unit of a record: AVALU, and --STRESU of its source record."""
    own, domain = suite.dataset.name, vars(arguments).get("domain", "")
    yield from ((own, name) for name in (*SUBJECT, "PARAMCD", "AVALU"))
    if domain:
        yield from ((own, name) for name in ("SRCDOM", "SRCSEQ", sequence(domain)))
        yield from ((domain, name) for name in (*SUBJECT, sequence(domain), "ASEQ", f"{domain[:2]}STRESU"))


def _units(records: Records, parameter: ResolvedParameter, domain: str = "") -> list[set[str]]:
    """The units of the records of a parameter: those of AVALU, if the dataset has it, and those of the source records."""
    return [set(units[some].unique()) for units, some in _unit_columns(records, parameter, domain)]


def _one_each(units: Sequence[list[set[str]]]) -> bool:
    """Whether the records of all parts have one unit."""
    return all(len(set().union(*each)) <= 1 for each in zip(*units, strict=True))


@check(
    "Expected one unit on all records of {parameter}",
    generated=True,
    across=Across(reads=_unit_variables, summary=_units, settled=_one_each),
)
def one_unit(records: Records, parameter: ResolvedParameter, domain: str = "") -> np.ndarray:
    """The records of one parameter have several units.

    The unit is AVALU of the record, if the dataset has it, and --STRESU of its source record; blank is not a unit.

    Rule: G-14.
    """
    failed = np.zeros(len(records.frame), dtype=bool)
    for units, some in _unit_columns(records, parameter, domain):
        if units[some].nunique() > 1:
            failed |= some
    return failed


def _unit_columns(records: Records, parameter: ResolvedParameter, domain: str) -> Iterator[tuple[pd.Series, np.ndarray]]:
    """Yield each column of units, with the records of the parameter that have one."""
    frame = records.frame
    mine = (frame["PARAMCD"] == parameter.name).to_numpy(dtype=bool)
    columns = [frame["AVALU"]] if "AVALU" in frame else []
    if domain:
        source, origin = records.source(domain), records.origins()
        wanted = frame[SUBJECT].assign(sequence=origin["sequence"])
        rows = positions(source[[*SUBJECT, f"{domain[:2]}SEQ"]], wanted)
        rows[(origin["domain"] != domain).to_numpy(dtype=bool)] = -1
        columns.append(taken(source[f"{domain[:2]}STRESU"], rows))
    yield from ((units, mine & (units != "").to_numpy(dtype=bool)) for units in columns)
