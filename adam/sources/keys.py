"""The keys of source data: what is refused, and what is warned of (DESIGN §6, DOMAIN §11.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError

SUBJECT = ["STUDYID", "USUBJID"]
DEMOGRAPHY = "DM"
UNIQUE = ("DM", "AE")
"""Where a duplicate key is refused; elsewhere it is a warning."""
NOT_BY_SUBJECT = frozenset(
    ("TA", "TD", "TE", "TI", "TM", "TO", "TS", "TT", "TV", "TX", "DI", "OI", "RELREC", "RELREF", "RELSPEC", "RELSUB", "POOLDEF")
)
"""Trial design, devices and relationships: no subject, or none in some records."""
SHOWN = 10
WIDEST = 80
"""Characters of a value in a finding."""


def _printed(value: object) -> str:
    """A value as it is read: 1234567 and not 1.23457e+06; what cannot be seen by its code; no more than fits a line."""
    if isinstance(value, float):
        return "" if np.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    if value is pd.NaT:
        return ""
    text = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in str(value))
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}..."


def shown(frame: pd.DataFrame, mask: np.ndarray, key: Iterable[str]) -> tuple[dict[str, str], ...]:
    """The keys of the first records of a mask, printable."""
    rows = frame.loc[mask, list(key)].head(SHOWN).to_dict("records")
    return tuple({str(name): _printed(value) for name, value in row.items()} for row in rows)


def key_of(domain: str, names: Iterable[str]) -> list[str]:
    """The key of a domain among its variables: STUDYID, USUBJID and --SEQ where it has one."""
    present = set(names)
    return [name for name in (*SUBJECT, f"{domain[:2]}SEQ") if name in present]


def refuse(findings: Iterable[Finding]) -> None:
    """Raise what is refused, one line for each reason; nothing happens if there is nothing.

    Raises:
        SourceError: there is a finding.
    """
    found = list(findings)
    if found:
        raise SourceError("\n".join(f"refused: {finding.dataset}: {finding.message}{finding.extent}" for finding in found), found)


def finding(
    domain: str,
    message: str,
    frame: pd.DataFrame,
    mask: np.ndarray,
    key: Iterable[str],
    severity: Severity,
    variable: str = "",
    values: pd.Series | None = None,
) -> Finding:
    """What the records of a mask show: their keys, and the values of the variable it is about (of the frame, if not given)."""
    if values is None and variable in frame.columns:
        values = frame[variable]
    told = () if values is None else tuple({variable: _printed(value)} for value in values[mask].head(SHOWN))
    return Finding("source", severity, domain, message, int(mask.sum()), shown(frame, mask, key), variable=variable, values=told)


def check_keys(frames: Mapping[str, pd.DataFrame], subjects: pd.DataFrame | None, ids: Sequence[str] = ()) -> list[Finding]:
    """Warnings on the keys of the domains read.

    Args:
        frames: by domain.
        subjects: STUDYID and USUBJID of DM, or None for data without DM.
        ids: the STUDYIDs there may be; without any all may be.

    Raises:
        SourceError: duplicate DM or AE key, an AE record without --SEQ, a study not of `ids`,
                a record of a subject not in DM or of none, no key variables.
    """
    known = pd.MultiIndex.from_frame(subjects[SUBJECT]) if subjects is not None else None
    order = sorted(frames, key=lambda domain: domain != DEMOGRAPHY)
    found = [entry for domain in order for entry in _of_domain(domain, frames[domain], known)]
    if ids and subjects is not None:
        found += _studies(subjects, ids)
    refuse(entry for entry in found if entry.severity is Severity.ERROR)
    return found


def _studies(subjects: pd.DataFrame, ids: Sequence[str]) -> Iterator[Finding]:
    strange = ~subjects["STUDYID"].isin(list(ids)).to_numpy(dtype=bool)
    if strange.any():
        met = ", ".join(_printed(value) or "(blank)" for value in sorted(subjects.loc[strange, "STUDYID"].unique())[:SHOWN])
        what = f"STUDYID {met} is not of this study, whose ids are {', '.join(ids)}; correct the data, or ids: of the study"
        yield finding(DEMOGRAPHY, what, subjects, strange, SUBJECT, Severity.ERROR)


def _of_domain(domain: str, frame: pd.DataFrame, known: pd.MultiIndex | None) -> Iterator[Finding]:
    key = key_of(domain, frame.columns)
    sequence = f"{domain[:2]}SEQ"
    blank = frame[sequence].isin(["", np.nan]).to_numpy(dtype=bool) if sequence in key else np.zeros(0, dtype=bool)
    if blank.any():
        yield finding(domain, f"{sequence} is missing", frame, blank, key[:-1], Severity.ERROR if domain in UNIQUE else Severity.WARNING)
    if domain not in NOT_BY_SUBJECT:
        missing = [name for name in SUBJECT if name not in frame]
        if missing:
            yield Finding("source", Severity.ERROR, domain, f"has no {' and no '.join(missing)}, so its records belong to no subject")
            return
        yield from _subjects(domain, frame, known, key)
        yield from _duplicates(domain, frame, key)


def _subjects(domain: str, frame: pd.DataFrame, known: pd.MultiIndex | None, key: list[str]) -> Iterator[Finding]:
    blank = (frame["USUBJID"] == "").to_numpy(dtype=bool)
    if blank.any():
        yield finding(domain, "USUBJID is blank", frame, blank, key, Severity.ERROR)
    if known is None or domain.startswith("SUPP"):
        return
    strange = ~np.asarray(pd.MultiIndex.from_frame(frame[SUBJECT]).isin(known)) & ~blank
    if strange.any():
        yield finding(domain, f"the subject is not in {DEMOGRAPHY}", frame, strange, key, Severity.ERROR)


def _duplicates(domain: str, frame: pd.DataFrame, key: list[str]) -> Iterator[Finding]:
    if domain != DEMOGRAPHY and len(key) == len(SUBJECT):
        return
    identity = SUBJECT if domain == DEMOGRAPHY else key
    twice = frame.duplicated(identity, keep=False).to_numpy()
    if twice.any():
        yield finding(domain, "duplicate key", frame, twice, identity, Severity.ERROR if domain in UNIQUE else Severity.WARNING)
