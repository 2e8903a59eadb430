"""Checks of the source record that a record names: it exists, it is one of the parameter, and it has the value of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel

from adam.core import numerals
from adam.core.coded_text import distinct_of
from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from validation.across import Across, Shared, all_there
from validation.argument_types import Condition, Text, VariableName
from validation.check import Compares, Reads, check
from validation.matching import at_rows, marked, numbered_alike, positions
from validation.origins import VALUES, Origin, collected_records, column, domains, everything, origins, parameter_of
from validation.records import SUBJECT, Records, SourceRecords, sequence

if TYPE_CHECKING:
    from adam.expressions.tree import Expr
    from validation.rule import Suite
    from validation.scope import Scope

DATE = parse("date(SRC.DTC)")


def source_variables(*names: str) -> Reads:
    """Return what reads the variables that identify the source records of all parameters, and `names` of them."""

    def read(scope: Scope, arguments: BaseModel) -> Iterable[tuple[str, list[str]]]:
        return everything(scope.study, scope.dataset, *names) if scope.sound else ()

    return read


def _flag_variables(scope: Scope, arguments: BaseModel) -> Iterable[tuple[str, list[str]]]:
    return source_variables("VISITNUM", str(getattr(arguments, "collected")))(scope, arguments)  # noqa: B009  (its model is created)


@check(
    "Expected {domain}, {variable} and {sequence} to name a source record of the parameter[, with its date in {date}], and {value} to be its value",
    collects=source_variables("VISITNUM", "SEQ"),
    compares=Compares.VALUES,
)
def source_value(
    records: Records,
    domain: VariableName,
    variable: VariableName,
    sequence: VariableName,
    value: VariableName,
    date: VariableName | None = None,
) -> np.ndarray:
    """A source record is not one of the parameter, does not exist, or has another value.

    The record rules of a parameter determine what a record names: with `from:` one record of that domain that matches `where`; a score none, or its
    collected total; an average or a computed value none; a response the source of the record it judges. All name the domain and --STRESN or --STRESC
    (a computed value the dataset and a variable of it). `date` is the date of --DTC of that record. Its value is `value` if it is copied unchanged
    (no `value:`, a collected total), as a number or as a term of the codelist of the parameter; without `value` the source was not done, or has no
    possible value. A record with a DTYPE may name nothing, and has its own value.

    YAML:
        E-23: {source_value: {domain: SRCDOM, variable: SRCVAR, sequence: SRCSEQ, value: AVAL, date: ADT}}
    """
    frame, dataset = records.frame, records.dataset
    names = {"owner": domain, "variable": variable, "sequence": sequence, "value": value, **({"date": date} if date is not None else {})}
    sources = frame[[*SUBJECT, "PARAMCD"]].assign(**{name: frame[of] for name, of in names.items()})
    sources["added"] = (frame["DTYPE"] != "").to_numpy(dtype=bool) if "DTYPE" in frame else False
    ways = {str(code): origins(records.study, dataset, str(code)) for code in frame["PARAMCD"].unique()}
    named = domains([way for each in ways.values() for way in each], dataset)
    usual = (domain, sequence) == ("SRCDOM", "SRCSEQ")
    read = {owner: _NamedIn(records, sources, collected_records(records, owner), usual) for owner in named}
    silent = (sources["owner"] == "") & (sources["variable"] == "") & sources["sequence"].isna()
    right = (silent & sources["added"]).to_numpy(dtype=bool, copy=True)
    owned = {owner: (sources["owner"] == owner).to_numpy(dtype=bool) for owner in sources["owner"].unique()}
    for code, owner in [(code, owner) for code in ways for owner in owned]:
        rows = records.rows_of(code)
        rows = rows[owned[owner][rows]]
        found = [each for each in ways[code] if each.domain == owner] if len(rows) else []
        mine = sources.take(rows).reset_index(drop=True) if found else sources
        for way in found:
            if owner in read:
                right[rows] |= _names(_Named(mine, read[str(owner)], rows), way, records, code)
            else:
                known = [*records.study.datasets[owner].variables, ""] if way.dataset else [*dataset.variables] if owner else [""]
                of_dataset = mine["variable"].isin(known) & (mine["sequence"].isna() | way.dataset)
                right[rows] |= of_dataset.to_numpy(dtype=bool)
    return ~right


def _flagging(  # the arguments of the check
    records: Records, flag: str, collected: str, where: Expr | None, visit: str, date: str
) -> Shared:
    """The domains with a flagged record, and those that flagged records come from."""
    frame = records.frame
    ways = [way for code in frame["PARAMCD"].unique() for way in origins(records.study, records.dataset, str(code)) if way.direct]
    found = [domain for domain in domains(ways, records.dataset) if (records_flag(records, domain, collected)).any()]
    flagged = (frame[flag] == "Y").to_numpy(dtype=bool) & records.selected(where)
    return frozenset(found), frozenset(frame.loc[flagged, "SRCDOM"].unique())


def records_flag(records: Records, domain: str, collected: str) -> np.ndarray:
    """Return which records of a domain have a collected flag."""
    return (column(collected_records(records, domain), collected) == "Y").to_numpy(dtype=bool)


def _flag_read(suite: Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    own, study, dataset = suite.dataset.name, suite.study, suite.dataset
    yield from ((own, name) for name in (*SUBJECT, "PARAMCD", "SRCDOM", "SRCSEQ"))
    for domain, names in everything(study, dataset, "VISITNUM", vars(arguments)["collected"]):
        yield from ((domain, name) for name in [*SUBJECT, sequence(domain), "ASEQ", *names])


@check(
    "Expected {flag} = Y on the records collected with --{collected} = Y[ where {where}]",
    collects=_flag_variables,
    across=Across(reads=_flag_read, summary=_flagging, settled=all_there),
)
def same_flag(
    records: Records,
    flag: VariableName,
    collected: Text,
    where: Condition | None = None,
    visit: VariableName = "VISITNUM",
    date: VariableName = "ADT",
) -> np.ndarray:
    """A flag differs from the collected flag.

    `collected` is the flag of the domain, --LOBXFL as LOBXFL. A record comes from the source record it names (`from:`), a score from all items of its
    assessment, those of the subject, `visit` and `date`. If one of them has the flag Y, the record has it too; if the record has it, so has one of
    them, if the domain flags any. Averages, responses and computed values are skipped.

    YAML:
        X-08: {same_flag: {flag: ABLFL, collected: LOBXFL, where: not missing(TRTSDT)}, severity: warning}
    """
    frame = records.frame
    own, mine, failed = (frame[flag] == "Y").to_numpy(dtype=bool), records.selected(where), np.zeros(len(frame), dtype=bool)
    ways = [(code, way) for code in frame["PARAMCD"].unique() for way in origins(records.study, records.dataset, str(code)) if way.direct]
    sources = frame[SUBJECT].assign(sequence=frame["SRCSEQ"], visit=frame[visit], date=frame[date])
    for domain in domains([way for _, way in ways], records.dataset):
        source = collected_records(records, domain)
        flags = (column(source, collected) == "Y").to_numpy(dtype=bool)
        keys = source.frame[SUBJECT].assign(
            sequence=column(source, "SEQ", np.nan), visit=column(source, "VISITNUM", np.nan), date=dates_of(records, source)
        )
        of_domain = mine & (frame["SRCDOM"] == domain).to_numpy(dtype=bool)
        numbers = cache(lambda *by: numbered_alike(keys[[*SUBJECT, *by]], sources[[*SUBJECT, *by]]))  # noqa: B023  (used in this turn only)
        for code, way in [each for each in ways if each[1].domain == domain and flags.any()]:
            theirs, ours, size = numbers("visit", "date") if way.items else numbers("sequence")
            rows = records.rows_of(str(code))
            rows = rows[of_domain[rows]]
            among = source.selected(way.where) & (source.frame[way.column].isin(way.items).to_numpy(dtype=bool) if way.items else True)
            known, found = (marked(theirs[each], size)[ours[rows]] for each in (among, among & flags))
            failed[rows] = known & (found != own[rows])
    return failed


def dates_of(records: Records, source: SourceRecords) -> pd.Series:
    """Return the dates of --DTC of the collected records of a domain, for all checks of a dataset."""
    known = (dates_of, source.domain)
    if known not in records.memo:
        records.memo[known] = Evaluation(source).column(DATE)
    found: pd.Series = records.memo[known]
    return found


class _NamedIn:
    """The records of a domain, with the dates of their --DTC, and which of them each record names that names the domain; -1 for none.

    `usual`: records name them by SRCDOM and SRCSEQ, so the match of other checks is used, unless the study replaces a variable of the match: others
    read it as collected.
    """

    def __init__(self, records: Records, sources: pd.DataFrame, source: SourceRecords, usual: bool) -> None:
        number = sequence(source.domain)
        keys = [*SUBJECT, number] if number in source.frame else SUBJECT
        use = records.study.sources.get(source.domain)
        self.source = source
        if usual and number in source.frame and (use is None or not {*keys} & set(use.variables)):
            self.rows = records.source_rows(source.domain)
        else:
            mine = np.flatnonzero((sources["owner"] == source.domain).to_numpy(dtype=bool))
            self.rows = np.full(len(sources), -1)
            self.rows[mine] = positions(source.frame[keys], sources[[*SUBJECT, "sequence"] if number in source.frame else SUBJECT].iloc[mine])
        self.dates = dates_of(records, source) if "date" in sources else None


class _Named:
    """Records that name a domain as their source, and the records of it they name."""

    def __init__(self, sources: pd.DataFrame, of: _NamedIn, places: np.ndarray) -> None:
        self.sources, self.source, self.prefix, self.dates = sources, of.source, of.source.domain[:2], of.dates
        self.rows = of.rows[places]
        self.added = sources["added"].to_numpy(dtype=bool)

    def taken(self, found: pd.Series) -> pd.Series:
        """A column of the domain at the records named."""
        return at_rows(found, self.rows)

    def is_of(self, way: Origin) -> np.ndarray:
        """Whether the record named is there, one of the origin, and of the same date."""
        mine = self.source.selected(way.where)
        if way.column:
            mine = mine & (self.source.frame[way.column] == way.item).to_numpy(dtype=bool)
        found = (self.rows >= 0) & np.append(mine, False)[self.rows]
        if self.dates is not None:
            theirs = self.taken(self.dates)
            same = (theirs == self.sources["date"]) | (theirs.isna() & self.sources["date"].isna())
            found &= same.to_numpy(dtype=bool) | self.added
        return found


def _names(named: _Named, way: Origin, records: Records, code: str) -> np.ndarray:
    """Whether records name their source as records of an origin do."""
    some = named.sources["sequence"].notna().to_numpy()
    results = named.sources["variable"].isin([f"{named.prefix}{name}" for name in VALUES])
    right = (results | way.computed).to_numpy(dtype=bool, copy=True)
    if way.named is not None:
        right &= (some == way.named) | named.added
    found = named.is_of(way)
    if way.direct:
        found &= named.added | _same(named, records, code)
    return right & (~some | found)


def _same(named: _Named, records: Records, code: str) -> np.ndarray:
    """Whether a value is that of the variable named; or missing, and the record named has none the parameter takes."""
    own = named.sources["value"].to_numpy(dtype="float64")
    number, text = (_as_numbers(records, named.taken(column(named.source, name)), code) for name in VALUES)
    done = named.taken(column(named.source, "STAT")).fillna("").str.upper().ne("NOT DONE").to_numpy(dtype=bool)
    from_text = (named.sources["variable"] == f"{named.prefix}{VALUES[1]}").to_numpy(dtype=bool)
    same = np.isclose(np.where(from_text, text, number), own, rtol=0, atol=1e-9)
    return np.where(np.isnan(own), ~done | np.isnan(_accepted(records, code, number, text)), done & same)


def valid(records: Records, source: SourceRecords, rows: np.ndarray, code: str) -> np.ndarray:
    """The values a parameter takes of records of a domain: --STRESN, else --STRESC; missing if not done or not what it can have."""
    number, text = (_as_numbers(records, column(source, name).iloc[rows], code) for name in VALUES)
    done = column(source, "STAT").iloc[rows].str.upper().ne("NOT DONE").to_numpy(dtype=bool)
    return np.where(done, _accepted(records, code, number, text), np.nan)


def _accepted(records: Records, code: str, number: np.ndarray, text: np.ndarray) -> np.ndarray:
    """A number, without one that of the text; missing if it is out of the parameter's range or not whole."""
    found = np.where(np.isnan(number), text, number)
    parameter = parameter_of(records.study, records.dataset, code)
    assert parameter is not None, "it has an origin"
    outside = parameter.integer & (found != np.round(found))
    if parameter.range is not None:
        outside |= (found < parameter.range[0]) | (found > parameter.range[1])
    return np.where(outside, np.nan, found)


def _as_numbers(records: Records, found: pd.Series, code: str) -> np.ndarray:
    """Collected values as numbers: as they are, or by the codelist of the parameter."""
    if found.dtype.kind == "f":
        return found.to_numpy(dtype="float64")
    parameter = parameter_of(records.study, records.dataset, code)
    codelist = records.study.codelists.get(parameter.codelist) if parameter is not None else None
    codes, texts, memo = distinct_of(found)
    known = (_as_numbers, codelist.name if codelist is not None else "")
    if known not in memo:
        memo[known] = _numbers_of(pd.Series([*texts, ""], dtype="str"), codelist.numbers if codelist is not None else {})
    return np.asarray(memo[known][codes])  # a missing text is at the end


def _numbers_of(texts: pd.Series, terms: Mapping[str, float]) -> np.ndarray:
    """The number of each text."""
    text = texts.str.strip().str.upper()
    by_term = text.map({term.upper(): number for term, number in terms.items()}).astype("float64").to_numpy()
    return np.where(np.isnan(by_term), numerals.read(text)[0].to_numpy(dtype="float64"), by_term)
