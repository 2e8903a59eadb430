"""Checks of a subject against all of its records of a domain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.coded_text import distinct_of
from adam.core.iso import first_date, last_date
from adam.expressions.evaluate import Evaluation
from validation.argument_types import Collected, CollectedValue, Condition, Domain, VariableName
from validation.check import check
from validation.checks.sources import highest_missing
from validation.matching import at_rows, positions
from validation.records import SUBJECT, Records, SourceRecords


def _source(records: Records, domain: str) -> SourceRecords:
    return SourceRecords(records.study, domain, records.source(domain).reset_index(drop=True))


@check("Expected no record of {as} with {matches}[ for records with {where}]")
def no_collected(records: Records, as_: Domain, matches: Collected, where: Condition | None = None) -> np.ndarray:
    """A subject has a collected record that it must not have.

    The subject of a record that matches `where` has no record in the domain with `matches`; names there are those of the domain.

    YAML:
        L-09: {no_collected: {as: EX, matches: EPOCH == "CONTINUATION TREATMENT", where: TRT01P == "Vehicle Cream BID" and missing(RAND2DT)}}
    """
    source = _source(records, as_)
    theirs = source.frame.loc[source.selected(matches), SUBJECT]
    return records.selected(where) & (positions(theirs, records.frame[SUBJECT]) >= 0)


@check("Expected {flag} to be the highest missing part of a collected {as}.{dtc} that {date} can come from[, where {where}]")
def imputed_from(
    records: Records, as_: Domain, dtc: CollectedValue, date: VariableName, flag: VariableName, where: Collected | None = None
) -> np.ndarray:
    """An imputation flag does not match any collected date that the date can come from.

    Of the subject's records in the domain that match `where` one has a `dtc` that contains the date, and `flag` is the highest part that it lacks:
    Y, M, D; blank if it lacks none. A value without a year, or that is not a date, can be any day (Y). Of an interval either part may count. If
    `date` is missing, the flag is blank.

    YAML:
        G-09: {imputed_from: {as: EX, dtc: EXENDTC, where: EXDOSE > 0, date: TRTEDT, flag: TRTEDTF}}
    """
    source, own = _source(records, as_), records.frame[[*SUBJECT, date, flag]]
    codes, texts, _ = distinct_of(Evaluation(source).column(dtc))
    rows, split = np.flatnonzero(source.selected(where)), pd.Series(texts, dtype="str").str.split("/")
    subjects = source.frame[SUBJECT].iloc[rows].reset_index(drop=True)
    found = [_part(split.str[place].str.strip(), flag) for place in (0, -1)]
    found = found[:1] if found[0].equals(found[1]) else found  # no interval
    parts = pd.concat([subjects.assign(**{name: at_rows(each[name], codes[rows]) for name in each}) for each in found])
    both = own.assign(record=np.arange(len(own))).merge(parts, on=[*SUBJECT, flag])
    inside = both["low"].isna() | ((both["low"] <= both[date]) & (both[date] <= both["high"]))
    right = np.isin(np.arange(len(own)), both.loc[inside, "record"])
    return np.where(own[date].notna(), ~right, own[flag] != "")


def _part(text: pd.Series, flag: str) -> pd.DataFrame:
    """The first and the last day that each text can be, and the flag of its highest missing part."""
    low = first_date(text)
    return pd.DataFrame({"low": low, "high": last_date(text), flag: highest_missing(text).where(low.notna(), "Y")})
