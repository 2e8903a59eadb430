"""Source records against the records made of them: each that the specification selects is there, and those of a parameter have one unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.expressions.evaluate import Evaluation
from adam.plan.values import ResolvedParameter
from validation.check import CheckedItems, Records, generated
from validation.checks.sources import conditions, same_records
from validation.checks.traced import DATE, valid
from validation.origins import as_read, column, origins
from validation.records import SUBJECT, positions, taken


@generated
def source_records(records: Records, domain: str, key: tuple[str, ...]) -> CheckedItems:
    """The records are not those of the domain, each once.

    Every record has its record in the domain, and every record of the domain that the specification selects (the `where` of its source and
    of its `records:`, its `subjects:`) has one here. A line `same_records` or `same_subjects` takes its place.

    Rule: G-11.
    """
    return same_records(records, as_=domain, key=list(key))


@generated
def source_kept(records: Records, parameter: ResolvedParameter, sequence: str = "SRCSEQ") -> CheckedItems:
    """A source record that the parameter selects has no record.

    Of `records: {from: ...}` each source record that fits; of a score each assessment (VISITNUM and date of --DTC) with a record of one of
    its items. Of several entries the first is looked at, as the others only hold where it has none.

    Rule: E-23.
    """
    frame, way = records.frame, origins(records.study, records.dataset, parameter.name)[0]
    source = as_read(records.study, way.domain, records.source(way.domain))
    mine = source.fits(way.where)
    for condition in conditions(records, way.domain):
        mine = mine & source.fits(condition)
    if way.items:
        mine = mine & source.frame[way.column].isin(way.items).to_numpy(dtype=bool)
    if records.dataset.subjects is not None:
        subjects = records.subjects
        mine = mine & (positions(subjects.frame.loc[subjects.fits(records.dataset.subjects), SUBJECT], source.frame[SUBJECT]) >= 0)
    own = frame[(frame["PARAMCD"] == parameter.name).to_numpy(dtype=bool)]
    if way.items:
        theirs = source.frame[SUBJECT].assign(VISITNUM=column(source, "VISITNUM", np.nan), ADT=Evaluation(source).column(DATE))
        key = [*SUBJECT, "VISITNUM", "ADT"]
    else:
        theirs, key = source.frame[SUBJECT].assign(**{sequence: column(source, "SEQ", np.nan)}), [*SUBJECT, sequence]
    theirs = theirs[mine].drop_duplicates().reset_index(drop=True)
    keys = theirs.assign(PARAMCD=pd.Series(parameter.name, index=theirs.index, dtype="str"))
    return CheckedItems(keys, positions(own[key], theirs[key]) < 0)


@generated
def source_aval(records: Records, parameter: ResolvedParameter, sequence: str) -> np.ndarray:
    """AVAL is not the value of the source record.

    `sequence` holds --SEQ of the source record; records with a DTYPE are left out. It is made where a dataset has no SRCDOM, SRCVAR and
    SRCSEQ, of parameters whose values are taken as they are.

    Rule: E-23.
    """
    frame, way = records.frame, origins(records.study, records.dataset, parameter.name)[0]
    source = as_read(records.study, way.domain, records.source(way.domain))
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


@generated
def one_unit(records: Records, parameter: ResolvedParameter, domain: str = "") -> np.ndarray:
    """The records of one parameter have several units.

    The unit is AVALU of the record, where the dataset has it, and --STRESU of its source record; a blank unit is none.

    Rule: G-14.
    """
    frame, failed = records.frame, np.zeros(len(records.frame), dtype=bool)
    mine = (frame["PARAMCD"] == parameter.name).to_numpy(dtype=bool)
    columns = [frame["AVALU"]] if "AVALU" in frame else []
    if domain:
        source, origin = records.source(domain), records.origins()
        wanted = frame[SUBJECT].assign(sequence=origin["sequence"])
        rows = positions(source[[*SUBJECT, f"{domain[:2]}SEQ"]], wanted)
        rows[(origin["domain"] != domain).to_numpy(dtype=bool)] = -1
        columns.append(taken(source[f"{domain[:2]}STRESU"], rows))
    for units in columns:
        some = mine & (units != "").to_numpy(dtype=bool)
        if units[some].nunique() > 1:
            failed |= some
    return failed
