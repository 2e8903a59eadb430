"""The keys of source data: what is refused, and what is warned of (DESIGN §6, DOMAIN §11.0)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.errors import Finding, Severity, SourceError

SUBJECT = ["STUDYID", "USUBJID"]
DEMOGRAPHY = "DM"
REFUSED = ("DM", "AE")


def _shown(frame: pd.DataFrame, mask: np.ndarray, key: list[str]) -> tuple[dict[str, str], ...]:
    rows = frame.loc[mask, key].head(10).to_dict("records")
    return tuple({str(name): f"{value:g}" if isinstance(value, float) else str(value) for name, value in row.items()} for row in rows)


def _refuse(domain: str, what: str, frame: pd.DataFrame, mask: np.ndarray, key: list[str]) -> None:
    keys = _shown(frame, mask, key)
    first = " ".join(f"{name}={value}" for name, value in keys[0].items())
    count = int(mask.sum())
    finding = Finding("source", Severity.ERROR, domain, what, count, keys)
    raise SourceError(f"refused: {domain}: {what}; {count} record{'s' if count != 1 else ''}; first: {first}", [finding])


def _long(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The text columns with a value over 200 bytes."""
    masks = {name: (frame[name].str.encode("utf-8").str.len() > 200).to_numpy(dtype=bool) for name in frame if frame[name].dtype == "str"}
    return {name: mask for name, mask in masks.items() if mask.any()}


def check_keys(frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Warnings on the keys of the domains read.

    Raises:
        SourceError: duplicate DM or AE key, a record of a subject not in DM, a text over 200 bytes.
    """
    findings = []
    subjects = pd.MultiIndex.from_frame(frames[DEMOGRAPHY][SUBJECT]) if DEMOGRAPHY in frames else None
    for domain in sorted(frames, key=lambda name: name != DEMOGRAPHY):
        frame = frames[domain]
        key = [*SUBJECT, *(name for name in (f"{domain[:2]}SEQ",) if name in frame)]
        if not set(SUBJECT) <= set(frame.columns):
            raise SourceError(f"{domain}: the records have no STUDYID and USUBJID")
        twice = frame.duplicated(key, keep=False).to_numpy()
        if twice.any() and domain in REFUSED:
            _refuse(domain, "duplicate key", frame, twice, key)
        if twice.any() and len(key) > len(SUBJECT):
            findings.append(Finding("source", Severity.WARNING, domain, "duplicate key", int(twice.sum()), _shown(frame, twice, key)))
        if subjects is not None:
            unknown = ~pd.MultiIndex.from_frame(frame[SUBJECT]).isin(subjects)
            if unknown.any():
                _refuse(domain, f"the subject is not in {DEMOGRAPHY}", frame, np.asarray(unknown), key)
        for name, mask in _long(frame).items():
            _refuse(domain, f"{name} is longer than 200 bytes", frame, mask, key)
    return findings
