"""What can be read and is doubtful: a file without records or that says it is another dataset, records that are there twice, SUPP-- of no name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.sources.formats import Layout
from adam.sources.keys import DEMOGRAPHY, NOT_BY_SUBJECT, SUBJECT, key_of, shown

COLUMNS = 8
"""How many variables are shown beside the key."""
SUPPLEMENT = {"RDOMAIN", "QNAM", "QVAL"}


def of_file(path: Path, domain: str, layout: Layout, records: int) -> Iterator[Finding]:
    """A warning if a file has no records, and if it says that it is another dataset than its name does."""
    if not records:
        yield Finding("source", Severity.WARNING, domain, f"{path.name}: the file has no records")
    said = layout.dataset.upper()
    if said and said not in (path.stem.upper(), domain):
        what = f"{path.name}: says inside that it is the dataset {said}, and was read as {domain}; rename the file, or correct the name in it"
        yield Finding("source", Severity.WARNING, domain, what)


def of_no_file(domains: Sequence[str]) -> Iterator[Finding]:
    """A warning for each domain whose text the study states an encoding of, and that has no file."""
    for domain in domains:
        what = "the study states an encoding: for it (sources:), and there is no file of that name; correct the name, or remove the line"
        yield Finding("source", Severity.WARNING, domain, what)


def is_kept_apart(domain: str, frame: pd.DataFrame) -> bool:
    """Whether nothing tells that two records of a domain are meant to be two: it has subjects and no --SEQ, and some are equal in what was read."""
    if domain in NOT_BY_SUBJECT or domain == DEMOGRAPHY or domain.startswith("SUPP") or key_of(domain, frame.columns) != SUBJECT:
        return False
    return bool(frame.duplicated().any())


def repeated(domain: str, frame: pd.DataFrame, files: Sequence[Path]) -> Iterator[Finding]:
    """A warning on records of a domain that are equal in every variable of its files."""
    twice = frame.duplicated(keep=False).to_numpy(dtype=bool)
    if twice.any():
        names = " and ".join(path.name for path in files)
        what = f"records of {names} are equal in every variable, and each is counted and summed; remove the copies, or add {domain[:2]}SEQ"
        others = [name for name in frame.columns if name not in SUBJECT][:COLUMNS]
        yield Finding("source", Severity.WARNING, domain, what, int(twice.sum()), shown(frame, twice, SUBJECT), values=shown(frame, twice, others))


def refuse_mixed(path: Path, told: pd.Series, domains: Mapping[str, object]) -> None:
    """Refuse a file of SUPP-- that is named for no domain and holds qualifiers of some that are there; nothing would read them.

    Raises:
        SourceError: with the domains its records name.
    """
    known = sorted(each for each in set(told.str.upper()) if each in domains)
    if known:
        what = f"holds supplemental qualifiers (RDOMAIN) of {', '.join(known)}, and by its name is a file of none of them"
        raise SourceError(f"{path.name}: {what}; split it by domain ({', '.join(f'supp{each.lower()}{path.suffix}' for each in known)})")
