"""What was met while deriving becomes findings: which records, in words; or the input is refused."""

from __future__ import annotations

import numpy as np

from adam.build.view import View
from adam.derive.registry import Action
from adam.errors import Finding, Mark, Severity, SourceError

SHOWN = 10


def keys_of(view: View, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The subject, and the sequence number where there is one, of the first records concerned."""
    rows = np.flatnonzero(mask)[:SHOWN]
    columns = {name: view.data.subject_key(name)[view.subject[rows]] for name in ("STUDYID", "USUBJID")}
    names = {table_domain for part in view.parts for table_domain in part.rows}
    domain = view.owner if not view.data.catalogue.is_dataset(view.owner) else next(iter(sorted(names)), "")
    sequence = _sequence(view, domain)
    found = []
    for position, row in enumerate(rows):
        key = {name: str(values[position]) for name, values in columns.items()}
        if sequence is not None and not np.isnan(sequence[row]):
            key[f"{domain[:2]}SEQ"] = f"{sequence[row]:g}"
        found.append(key)
    return tuple(found)


def _sequence(view: View, domain: str) -> np.ndarray | None:
    if not domain:
        return None
    name, data = f"{domain[:2]}SEQ", view.data
    if name not in data.tables[domain, ""].collected:
        return None
    column = view.own(name, raw=True) if view.owner == domain else None
    if column is None:
        pieces = [view.source(part, domain, name, raw=True).to_numpy(dtype="float64") for part in view.parts]
        return np.concatenate(pieces)
    return np.asarray(column.to_numpy(dtype="float64"))


def findings_of(owner: str, variable: str, text: str, mask: np.ndarray, view: View, mark: Mark, action: Action = Action.WARN) -> list[Finding]:
    """One finding for the records of a mask.

    Raises:
        SourceError: the issue refuses the input (DOMAIN §11.0).
    """
    if not mask.any():
        return []
    severity = Severity.WARNING if action is Action.WARN else Severity.ERROR
    finding = Finding("issue", severity, owner, text, int(mask.sum()), keys_of(view, mask), mark, variable)
    if action is Action.REFUSE:
        subject = f"{owner}.{variable}" if variable else owner
        raise SourceError(f"refused: {subject}: {text}{finding.extent} ({mark})", [finding])
    return [finding]
