"""A check of variables that have the name of a collected variable."""

from __future__ import annotations

import numpy as np

from adam.planning.values import ResolvedVariable
from validation.check import check
from validation.matching import equal, positions, taken
from validation.records import SUBJECT, SUBJECTS, Records, sequence


@check("Expected {variable} to equal the collected variable of that name", generated=True)
def same_as_collected(records: Records, variable: ResolvedVariable, domains: tuple[str, ...]) -> np.ndarray:
    """A variable has the name of a collected variable, and another value.

    A record is compared with the record of one of `domains` that it comes from; a derived record comes from none. On records of a parameter
    a missing value is not compared, as a record that is derived from others need not keep it.

    Rule: G-22.

    Source: ADaMIG 1.3, section 3.1.1: a variable with the name of an SDTM variable is a copy of it.
    """
    own = records.frame[variable.name]
    failed = np.zeros(len(own), dtype=bool)
    for domain in domains:
        source = records.source(domain)
        if variable.name in source:
            rows = _rows(records, domain)
            failed |= (rows >= 0) & ~equal(own, taken(source[variable.name], rows))
    if records.dataset.parameters:
        failed &= (own.notna() & (own != "") if own.dtype == "str" else own.notna()).to_numpy(dtype=bool)
    return failed


def _rows(records: Records, domain: str) -> np.ndarray:
    """The position of the source record of each record; -1 for none."""
    if domain == SUBJECTS:
        return records.rows(domain, SUBJECT)
    origin = records.origins()
    mine = (origin["domain"] == domain).to_numpy(dtype=bool)
    rows = np.full(len(mine), -1)
    keyed = records.frame.loc[mine, SUBJECT].assign(sequence=origin.loc[mine, "sequence"])
    rows[mine] = positions(records.source(domain)[[*SUBJECT, sequence(domain)]], keyed)
    return rows
