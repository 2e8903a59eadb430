"""Checks of a subject against all of its records of a domain: what must not have been collected, what an imputed date comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.iso import first_date, last_date
from adam.expressions.evaluate import Evaluation
from validation.check import Collected, CollectedValue, Condition, Domain, Records, Variable_, check
from validation.checks.sources import highest_missing
from validation.records import SUBJECT, SourceRecords, positions


def _source(records: Records, domain: str) -> SourceRecords:
    return SourceRecords(records.study, domain, records.source(domain).reset_index(drop=True))


@check
def no_collected(records: Records, as_: Domain, fits: Collected, where: Condition | None = None) -> np.ndarray:
    """The subject has a collected record that it must not have.

    Where a record fits `where`, no record of its subject in the domain `fits`; names there are the domain's own.

    YAML:
        L-09: {no_collected: {as: EX, fits: EPOCH == "CONTINUATION TREATMENT", where: TRT01P == "Vehicle Cream BID" and missing(RAND2DT)}}
    """
    source = _source(records, as_)
    theirs = source.frame.loc[source.fits(fits), SUBJECT]
    return records.fits(where) & (positions(theirs, records.frame[SUBJECT]) >= 0)


@check
def imputed_from(records: Records, as_: Domain, dtc: CollectedValue, date: Variable_, flag: Variable_, where: Collected | None = None) -> np.ndarray:
    """The imputation flag is not that of a collected date that the date can come from.

    Of the subject's records in the domain that fit `where` one has a `dtc` the date lies in, and `flag` is the highest part that this one
    lacks: Y, M, D; blank where it lacks none. One without a year, or that is no date, can be any day (Y). Of an interval either part may be
    the one that counts. Where `date` is missing the flag is blank.

    YAML:
        G-09: {imputed_from: {as: EX, dtc: EXENDTC, where: EXDOSE > 0, date: TRTEDT, flag: TRTEDTF}}
    """
    source, own = _source(records, as_), records.frame[[*SUBJECT, date, flag]]
    text = Evaluation(source).column(dtc)
    parts = pd.concat([source.frame[SUBJECT].assign(text=text.str.split("/").str[place].str.strip())[source.fits(where)] for place in (0, -1)])
    parts = parts.assign(low=first_date(parts["text"]), high=last_date(parts["text"]))
    parts[flag] = highest_missing(parts["text"]).where(parts["low"].notna(), "Y")
    both = own.assign(record=np.arange(len(own))).merge(parts, on=[*SUBJECT, flag])
    inside = both["low"].isna() | ((both["low"] <= both[date]) & (both[date] <= both["high"]))
    right = np.isin(np.arange(len(own)), both.loc[inside, "record"])
    return np.where(own[date].notna(), ~right, own[flag] != "")
