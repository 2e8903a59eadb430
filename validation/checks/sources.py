"""Checks against what was collected: the same records, the value a record names as its source, the parts of a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.expr.parse import parse
from adam.expr.tree import Expr
from adam.spec.models import Dataset, Value
from validation.checks.registry import Domain, Looked, Records, Variable_, Variables, check
from validation.records import SUBJECT, SourceRecords, equal, positions, taken

VALUES = ("STRESN", "STRESC")


def copies(dataset: Dataset, domain: str) -> list[str]:
    """The variables of a dataset that are plain copies from a domain (`AETERM: AE`)."""
    return [name for name, each in dataset.variables.items() if isinstance(each.formula, Value) and str(each.formula.expr) == domain]


def conditions(records: Records, domain: str) -> list[Expr]:
    """Which records of the domain the study and the dataset take."""
    use, making = records.study.sources.get(domain), records.dataset.records
    said = making.arguments.get("where") if making is not None and making.kind == "from" and making.arguments.get("from") == domain else None
    return [*([use.where] if use is not None and use.where is not None else []), *([parse(str(said))] if said is not None else [])]


@check
def same_records(records: Records, as_: Domain, key: Variables, unchanged: Domain | None = None) -> Looked:
    """The records are not those of the domain, each once.

    Every record has its record in the domain, by `key`, and every record of the domain that the dataset takes (the `where` of its source
    and of its `records:`, its `subjects:`) has one here. With `unchanged: AE` the variables that are plain copies have its values.

    YAML:
        A-01: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ], unchanged: AE}}
    """
    source = SourceRecords(records.study, as_, records.source(as_).reset_index(drop=True))
    mine = np.ones(len(source.frame), dtype=bool)
    for condition in conditions(records, as_):
        mine &= source.fits(condition)
    if records.dataset.subjects is not None:
        subjects = records.subjects
        mine &= positions(subjects.frame.loc[subjects.fits(records.dataset.subjects), SUBJECT], source.frame[SUBJECT]) >= 0
    theirs, own = source.frame[mine].reset_index(drop=True), records.frame
    rows = positions(theirs[key], own[key])
    failed = (rows < 0) | own.duplicated(key, keep=False).to_numpy()
    for name in copies(records.dataset, unchanged) if unchanged else []:
        column = theirs[name] if name in theirs else pd.Series("", index=theirs.index, dtype="str")
        failed |= (rows >= 0) & ~equal(own[name], taken(column, rows))
    absent = positions(own[key], theirs[key]) < 0
    keys = pd.concat([own[key], theirs.loc[absent, key]], ignore_index=True)
    return Looked(keys, np.concatenate([failed, np.ones(int(absent.sum()), dtype=bool)]))


@check
def source_value(records: Records, domain: Variable_, variable: Variable_, sequence: Variable_, value: Variable_) -> np.ndarray:
    """The source record that is named does not exist, or has another value.

    Where `sequence` is not missing, the record of `domain` with that --SEQ exists and has `variable`. Its value is `value` where the
    parameter takes it as it is (`from:` without `value:`, a collected total of `score:`): as a number, or as the term of the parameter's
    codelist, in capitals. A record without `value` (not done, out of range) only needs its source record.

    YAML:
        E-23: {source_value: {domain: SRCDOM, variable: SRCVAR, sequence: SRCSEQ, value: AVAL}}
    """
    frame = records.frame
    named = frame[sequence].notna().to_numpy()
    failed = named.copy()
    direct = frame["PARAMCD"].isin(_direct(records.dataset)).to_numpy(dtype=bool) & frame[value].notna().to_numpy()
    for (owner, column), _ in frame.loc[named, [domain, variable]].drop_duplicates().groupby([domain, variable]):
        if owner not in records.sources or column not in records.sources[owner]:
            continue
        source = records.sources[owner]
        mine = np.flatnonzero(named & ((frame[domain] == owner) & (frame[variable] == column)).to_numpy(dtype=bool))
        wanted = frame.loc[mine, SUBJECT].assign(sequence=frame.loc[mine, sequence])
        rows = positions(source[[*SUBJECT, f"{owner[:2]}SEQ"]], wanted)
        found = source[column].reset_index(drop=True).reindex(rows).reset_index(drop=True)
        values = _as_numbers(records, found, frame.loc[mine, "PARAMCD"].reset_index(drop=True))
        same = np.isclose(values, frame.loc[mine, value].to_numpy(dtype="float64"), rtol=0, atol=1e-9)
        failed[mine] = (rows < 0) | (direct[mine] & ~same)
    return failed


def _direct(dataset: Dataset) -> list[str]:
    """The parameters whose AVAL is a collected value wherever SRCSEQ names one."""
    found = []
    for code, parameter in dataset.parameters.items():
        kinds = [making.kind == "score" or (making.kind == "from" and "value" not in making.arguments) for making in parameter.records]
        if all(kinds):
            found.append(code)
    return found


def _as_numbers(records: Records, found: pd.Series, codes: pd.Series) -> np.ndarray:
    """Collected values as numbers: as they are, or by the codelist of each record's parameter."""
    if found.dtype != "str":
        return found.to_numpy(dtype="float64")
    values = pd.to_numeric(found, errors="coerce").to_numpy(dtype="float64").copy()
    for code in codes.unique():
        parameter = records.dataset.parameters.get(code)
        codelist = records.study.codelists.get(parameter.codelist) if parameter else None
        terms = {term.upper(): number for term, number in codelist.numbers.items()} if codelist else {}
        rows = np.flatnonzero((codes == code).to_numpy(dtype=bool) & np.isnan(values))
        values[rows] = found.iloc[rows].str.upper().map(terms).to_numpy(dtype="float64")
    return values


@check
def imputation_flag(records: Records, dtc: Variable_, date: Variable_, flag: Variable_) -> np.ndarray:
    """The imputation flag is not the highest part of the date that was not collected.

    Y where the year of `dtc` is not there, M where the month is not, D where the day is not; blank where all are, or where `date` is missing.
    Of an interval either part may be the one that counts.

    YAML:
        A-03: {imputation_flag: {dtc: AESTDTC, date: ASTDT, flag: ASTDTF}}
    """
    frame = records.frame
    text, flags, some = frame[dtc], frame[flag], frame[date].notna()
    right = pd.Series(False, index=frame.index)
    for part in (text.str.split("/").str[0], text.str.split("/").str[-1]):
        right |= flags == highest_missing(part).where(some, "")
    return ~right.to_numpy(dtype=bool)


def highest_missing(text: pd.Series) -> pd.Series:
    """The highest part of an ISO 8601 date that is not there: Y, M, D, or blank.

    >>> highest_missing(pd.Series(["2019-03-02T10", "2019-03", "2019---02", "--03-02", ""], dtype="str")).tolist()
    ['', 'D', 'M', 'Y', 'Y']
    """
    date = text.str.split("T").str[0]
    year, month, day = date.str.match(r"\d{4}"), date.str.match(r"\d{4}-\d{2}"), date.str.match(r"\d{4}-\d{2}-\d{2}$")
    codes = np.select([~year, ~month, ~day], ["Y", "M", "D"], default="")
    return pd.Series(codes, index=text.index, dtype="str")
