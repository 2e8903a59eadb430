"""Edge cases: one typical subject for each case, whose records are then edited until they are as messy as the study facts describe.

A case is data (`simulation: edge_cases:` and `ruling_cases:`): how its subject differs from the typical one, and edits of the records. An edit
has a domain and one of `add` (a record over the defaults of the domain), `drop` (`true`, or `any` if there may be no such record) or `set`.
`where` selects records by variable, with a value or a list of values; a value that ends with `*` matches every text with this beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import Problem, SpecError, suggestion
from adam.core.located import as_text, mark_of
from adam.simulation import domains
from adam.simulation.columns import TEXT
from adam.simulation.trial_facts import TrialFacts
from adam.simulation.typical_subject import TypicalSubject, typical_trial

Frames = dict[str, pd.DataFrame]
Case = Mapping[str, Any]


def readable_cases(facts: TrialFacts) -> Frames:
    """The frames of the subjects of all cases that a run can read, by domain; they are the same for every seed."""
    return _edited_frames(facts, {key: case for key, case in _cases(facts) if not case.get("refused")})


def refused_cases(facts: TrialFacts) -> Iterator[tuple[str, Frames, Case]]:
    """For each case that a run must refuse: its key, a package of its subject alone, and the case."""
    for key, case in _cases(facts):
        if case.get("refused"):
            yield key, _edited_frames(facts, {key: case}), case


def _cases(facts: TrialFacts) -> list[tuple[str, Case]]:
    """The tricky cases of the study, then those of its rulings."""
    return [(str(key), case) for cases in (facts.get("edge_cases.cases"), facts.optional("ruling_cases", {})) for key, case in cases.items()]


def identifier(key: str) -> str:
    """The end of USUBJID: case `8` is `E008`, its second subject `8b` is `E008B`."""
    digits = key.rstrip("abcdefgh")
    return f"E{int(digits):03d}{key[len(digits) :].upper()}"


def _edited_frames(facts: TrialFacts, cases: Mapping[str, Case]) -> Frames:
    subjects = [TypicalSubject(facts, identifier(key), case.get("subject") or {}) for key, case in cases.items()]
    makers = domains.frames(typical_trial(facts, subjects))
    frames = {domain: pd.concat(list(maker()), ignore_index=True) for domain, maker in makers.items()}
    frames |= {str(domain): _empty(names) for domain, names in facts.optional("edge_cases.further_domains", {}).items()}
    parts: dict[str, Frames] = {domain: {str(name): part for name, part in frame.groupby("USUBJID", sort=False)} for domain, frame in frames.items()}
    for (key, case), subject in zip(cases.items(), subjects, strict=True):
        for edit in case.get("edits") or []:
            domain = str(edit["domain"])
            if domain not in frames:
                message = f"There is no domain '{domain}' to edit{suggestion(domain, frames)}. Add it to 'further_domains', or correct the edit."
                raise SpecError([Problem(mark_of(edit["domain"]), f"edge case {key}", message, "spec-unknown-domain")])
            own = parts[domain].get(subject.usubjid, frames[domain].iloc[:0])
            parts[domain][subject.usubjid] = _edit(facts, own, edit, subject)
    joined = {domain: pd.concat(list(own.values()), ignore_index=True) for domain, own in parts.items() if own}
    return {domain: _in_order(domain, frame) for domain, frame in joined.items() if len(frame)}


def _empty(names: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({str(name): pd.Series(dtype=np.float64 if kind == "number" else TEXT) for name, kind in names.items()})


def _edit(facts: TrialFacts, frame: pd.DataFrame, edit: Case, subject: TypicalSubject) -> pd.DataFrame:
    """The records of one subject after an edit."""
    if "add" in edit:
        defaults = facts.optional("edge_cases.defaults", {}).get(edit["domain"], {})
        identity = {"STUDYID": subject.description["study"], "DOMAIN": edit["domain"], "USUBJID": subject.usubjid}
        row = {**identity, **defaults, **edit["add"]}
        _check_variables(frame, row, edit)
        values = {name: pd.Series([_value(frame[name], row.get(name))], dtype=frame[name].dtype) for name in frame}
        return pd.concat([frame, pd.DataFrame(values)], ignore_index=True)
    chosen = _select(frame, edit.get("where") or {}, edit)
    if not chosen.any() and edit.get("drop") != "any":
        message = f"The edit of {edit['domain']} selects no record; it must select at least one. Correct 'where', or write 'drop: any'."
        raise SpecError([Problem(mark_of(edit["domain"]), subject.usubjid, message, "spec-edge-case")])
    if edit.get("drop"):
        return frame[~chosen].reset_index(drop=True)
    _check_variables(frame, edit["set"], edit)
    return frame.assign(**{name: frame[name].mask(chosen, _value(frame[name], value)) for name, value in edit["set"].items()})


def _check_variables(frame: pd.DataFrame, names: Mapping[str, Any], edit: Case) -> None:
    unknown = [name for name in names if name not in frame and name != "DOMAIN"]
    if unknown:
        message = f"{edit['domain']} has no variable {', '.join(unknown)}{suggestion(str(unknown[0]), map(str, frame))}. Correct the edit."
        raise SpecError([Problem(mark_of(edit["domain"]), str(edit["domain"]), message, "spec-unknown-variable")])


def _select(frame: pd.DataFrame, conditions: Mapping[str, Any], edit: Case) -> pd.Series:
    _check_variables(frame, conditions, edit)
    chosen = pd.Series(True, index=frame.index)
    for name, expected in conditions.items():
        values = expected if isinstance(expected, list) else [expected]
        column = frame[name]
        matches = pd.Series(False, index=frame.index)
        for value in values:
            if isinstance(value, str) and value.endswith("*"):
                matches |= column.str.startswith(value[:-1])
            else:
                matches |= column == _value(column, value)
        chosen &= matches
    return chosen


def _value(column: pd.Series, value: object) -> object:
    """A value of the facts for a column: a number, or its text as in the YAML."""
    if column.dtype == np.float64:
        return np.nan if value is None else float(str(value))
    return "" if value is None else str(as_text(value))


def _in_order(domain: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The records by subject; added records without --SEQ get the next numbers."""
    frame = frame.iloc[np.argsort(frame["USUBJID"].astype(object).to_numpy(), kind="stable")].reset_index(drop=True)
    name = f"{domain}SEQ"
    if name in frame:
        missing = frame[name].isna()
        next_number = frame.groupby("USUBJID")[name].transform("max").fillna(0) + missing.groupby(frame["USUBJID"]).cumsum()
        frame[name] = frame[name].where(~missing, next_number)
    return frame
