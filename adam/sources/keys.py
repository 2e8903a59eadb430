"""The keys of source data: what is refused, and what is a warning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.core.kinds import is_missing
from adam.core.subject_places import subject_codes

SUBJECT = ["STUDYID", "USUBJID"]
DEMOGRAPHY = "DM"
UNIQUE = ("DM", "AE")
"""The domains in which a duplicate key is refused; in others it is a warning."""
NOT_BY_SUBJECT = frozenset(
    ("TA", "TD", "TE", "TI", "TM", "TO", "TS", "TT", "TV", "TX", "DI", "OI", "RELREC", "RELREF", "RELSPEC", "RELSUB", "POOLDEF")
)
"""Trial design, devices and relationships: all or some of their records have no subject."""
SHOWN = 10
WIDEST = 80
"""The number of characters of a value that a finding shows."""


def _as_text(value: object) -> str:
    """A value as text: 1234567 and not 1.23457e+06; invisible characters are escaped, long text is cut."""
    if isinstance(value, float):
        return "" if np.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    if value is pd.NaT:
        return ""
    text = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in str(value))
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}..."


def key_values(frame: pd.DataFrame, mask: np.ndarray, key: Iterable[str]) -> tuple[dict[str, str], ...]:
    """The keys of the first records of a mask, printable."""
    rows = frame.loc[mask, list(key)].head(SHOWN).to_dict("records")
    return tuple({str(name): _as_text(value) for name, value in row.items()} for row in rows)


def key_of(domain: str, names: Iterable[str]) -> list[str]:
    """The key of a domain among its variables: STUDYID, USUBJID and --SEQ where it has one."""
    present = set(names)
    return [name for name in (*SUBJECT, f"{domain[:2]}SEQ") if name in present]


def refuse(findings: Iterable[Finding]) -> None:
    """Raise the findings, one line for each; nothing happens if there are none.

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
    """A finding on the records of a mask: their keys, and the values of its variable (by default those of the frame)."""
    if values is None and variable in frame.columns:
        values = frame[variable]
    examples = () if values is None else tuple({variable: _as_text(value)} for value in values[mask].head(SHOWN))
    return Finding("source", severity, domain, message, int(mask.sum()), key_values(frame, mask, key), variable=variable, values=examples)


def check_keys(frames: Mapping[str, pd.DataFrame], subjects: pd.DataFrame | None, ids: Sequence[str] = ()) -> list[Finding]:
    """Warnings on the keys of the domains read.

    Args:
        frames: by domain.
        subjects: STUDYID and USUBJID of DM, or None for data without DM.
        ids: the valid STUDYIDs; without any all are valid.

    Raises:
        SourceError: a duplicate key in DM or AE, an AE record without --SEQ, a study that is not in `ids`, a record without subject or of a
            subject that is not in DM, or a file without key variables.
    """
    dm_subjects = pd.MultiIndex.from_frame(subjects[SUBJECT]) if subjects is not None else None
    order = sorted(frames, key=lambda domain: domain != DEMOGRAPHY)
    found = [entry for domain in order for entry in findings_of_domain(domain, frames[domain], dm_subjects)]
    if ids and subjects is not None:
        found += findings_on_studies(subjects, ids)
    refuse(entry for entry in found if entry.severity is Severity.ERROR)
    return found


def findings_on_studies(subjects: pd.DataFrame, ids: Sequence[str]) -> Iterator[Finding]:
    """An error if a STUDYID is not one of the ids of the study."""
    invalid = ~subjects["STUDYID"].isin(list(ids)).to_numpy(dtype=bool)
    if invalid.any():
        values = ", ".join(_as_text(value) or "(blank)" for value in sorted(subjects.loc[invalid, "STUDYID"].unique())[:SHOWN])
        what = f"STUDYID is {values}; the ids of this study are {', '.join(ids)}. Correct the data, or ids: of the study"
        yield finding(DEMOGRAPHY, what, subjects, invalid, SUBJECT, Severity.ERROR)


class KeyFinding(NamedTuple):
    """A finding on the keys of some records, the step of the check, and the mask of its records."""

    step: int
    finding: Finding
    mask: np.ndarray


def findings_of_domain(domain: str, frame: pd.DataFrame, known: pd.MultiIndex | None) -> list[Finding]:
    """Warnings and errors on the keys of all records of a domain; `known` are the subjects of DM, None for data without DM."""
    return [found.finding for found in check_domain(domain, frame, known)]


def check_domain(domain: str, frame: pd.DataFrame, known: pd.MultiIndex | None) -> Iterator[KeyFinding]:
    """Warnings and errors on the keys of all records of some subjects, in the order of the steps."""
    key = key_of(domain, frame.columns)
    sequence = f"{domain[:2]}SEQ"
    severity = Severity.ERROR if domain in UNIQUE else Severity.WARNING
    blank = (is_missing(frame[sequence]) | frame[sequence].isna()).to_numpy(dtype=bool) if sequence in key else np.zeros(0, dtype=bool)
    if blank.any():
        yield KeyFinding(0, finding(domain, f"{sequence} is missing", frame, blank, key[:-1], severity), blank)
    if domain in NOT_BY_SUBJECT:
        return
    missing = [name for name in SUBJECT if name not in frame]
    if missing:
        what = f"The domain has no {' and no '.join(missing)}, so its records have no subject. Add the variable to the file"
        yield KeyFinding(1, Finding("source", Severity.ERROR, domain, what), np.zeros(0, dtype=bool))
        return
    codes, pairs = subject_codes(frame)
    yield from _subjects(domain, frame, None if known is None else ~pairs.isin(known)[codes], key)
    yield from _duplicates(domain, frame, codes, key, severity)


def _subjects(domain: str, frame: pd.DataFrame, unknown: np.ndarray | None, key: list[str]) -> Iterator[KeyFinding]:
    blank = (frame["USUBJID"] == "").to_numpy(dtype=bool)
    if blank.any():
        yield KeyFinding(2, finding(domain, "USUBJID is blank", frame, blank, key, Severity.ERROR), blank)
    if unknown is None or domain.startswith("SUPP"):
        return
    unknown = unknown & ~blank
    if unknown.any():
        yield KeyFinding(3, finding(domain, f"The subject is not in {DEMOGRAPHY}", frame, unknown, key, Severity.ERROR), unknown)


def _duplicates(domain: str, frame: pd.DataFrame, subjects: np.ndarray, key: list[str], severity: Severity) -> Iterator[KeyFinding]:
    if domain != DEMOGRAPHY and (len(key) == len(SUBJECT) or _is_ascending(subjects, frame[key[-1]])):
        return
    identity = SUBJECT if domain == DEMOGRAPHY else key
    duplicate = frame.duplicated(identity, keep=False).to_numpy()
    if duplicate.any():
        yield KeyFinding(4, finding(domain, f"The key {' '.join(identity)} is not unique", frame, duplicate, identity, severity), duplicate)


def _is_ascending(subjects: np.ndarray, sequence: pd.Series) -> bool:
    """Whether the records of each subject are together, in ascending order of the sequence, as in nearly all files: no key is there twice."""
    if sequence.dtype.kind != "f":
        return False
    values, other = sequence.to_numpy(), subjects[1:] != subjects[:-1]
    starts = subjects[np.append(0, np.flatnonzero(other) + 1)] if len(subjects) else subjects
    return bool((other | (values[1:] > values[:-1])).all()) and len(np.unique(starts)) == len(starts)
