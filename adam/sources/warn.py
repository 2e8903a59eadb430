"""Warnings on files that can be read but are doubtful: no records, another dataset name inside, equal records, SUPP-- without a domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.sources.formats import Layout
from adam.sources.keys import DEMOGRAPHY, NOT_BY_SUBJECT, SUBJECT, key_of, key_values

COLUMNS = 8
"""The number of variables that a finding shows besides the key."""
SUPPLEMENT = {"RDOMAIN", "QNAM", "QVAL"}


def warn_of_file(path: Path, domain: str, layout: Layout, records: int) -> Iterator[Finding]:
    """Warnings if a file has no records, and if the dataset name inside differs from the name of the file."""
    if not records:
        yield Finding("source", Severity.WARNING, domain, f"{path.name}: The file has no records. Check that the export is complete")
    inside = layout.dataset.upper()
    if inside and inside not in (path.stem.upper(), domain):
        what = f"{path.name}: The dataset name in the file is {inside}, but it was read as {domain}. Rename the file, or correct the name in it"
        yield Finding("source", Severity.WARNING, domain, what)


def warn_of_unused_encodings(domains: Sequence[str]) -> Iterator[Finding]:
    """A warning for each domain that has an encoding in the study but no file."""
    for domain in domains:
        what = "The study has encoding: for this domain under sources:, but there is no file of that name. Correct the name, or remove the line"
        yield Finding("source", Severity.WARNING, domain, what)


def has_equal_records(domain: str, frame: pd.DataFrame) -> bool:
    """Whether records of a domain by subject without --SEQ are equal in all variables that were read, so that they may be copies."""
    if domain in NOT_BY_SUBJECT or domain == DEMOGRAPHY or domain.startswith("SUPP") or key_of(domain, frame.columns) != SUBJECT:
        return False
    return bool(frame.duplicated().any())


def warn_of_equal_records(domain: str, frame: pd.DataFrame, equal: np.ndarray, files: Sequence[Path]) -> Finding:
    """A warning on the records of a domain that are equal in every variable of its files."""
    names = " and ".join(path.name for path in files)
    what = f"Records of {names} are equal in every variable, and each of them is counted. Remove the copies, or add {domain[:2]}SEQ"
    others = [name for name in frame.columns if name not in SUBJECT][:COLUMNS]
    values = key_values(frame, equal, others)
    return Finding("source", Severity.WARNING, domain, what, int(equal.sum()), key_values(frame, equal, SUBJECT), values=values)


def equal_records(frame: pd.DataFrame) -> np.ndarray:
    """Whether another record is equal to a record in every variable."""
    return frame.duplicated(keep=False).to_numpy(dtype=bool)


def refuse_mixed_supplement(path: Path, parents: pd.Series, domains: Mapping[str, object]) -> None:
    """Refuse a file of SUPP-- that is not named after a domain but has qualifiers of domains of the source: they would not be read.

    Raises:
        SourceError: it has such qualifiers; the message names their domains.
    """
    known = sorted(each for each in set(parents.str.upper()) if each in domains)
    if known:
        what = f"The file has supplemental qualifiers (RDOMAIN) of {', '.join(known)}, but its name is not that of one of these domains"
        raise SourceError(f"{path.name}: {what}. Split it by domain: {', '.join(f'supp{each.lower()}{path.suffix}' for each in known)}.")
