"""Edge cases: one subject for each, a plain course and then the records the study facts say are messy.

A case is data (`simulation: edge_cases:` and `ruling_cases:`): how its subject differs from the plain one, and edits of the records, each with
a domain and one of `add` (a record over the domain's defaults), `drop` (`true`, or `any` if there may be none) or `set`. `where` chooses the
records: variable to value or list of values; `DLQI1*` is what begins with `DLQI1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import Problem, SpecError
from adam.simulate import domains
from adam.simulate.columns import TEXT
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.typical_subject import TypicalSubject, typical_trial
from adam.specification.located import as_text, mark_of

Frames = dict[str, pd.DataFrame]
Case = Mapping[str, Any]


def added(facts: TrialFacts) -> Frames:
    """The frames of the subjects of all cases that can be read, by domain; nothing of other subjects, and the same for every seed."""
    return _edited(facts, {key: case for key, case in _cases(facts) if not case.get("refused")})


def refused(facts: TrialFacts) -> Iterator[tuple[str, Frames, Case]]:
    """For each case that no run may read: its key and a package of that subject alone."""
    for key, case in _cases(facts):
        if case.get("refused"):
            yield key, _edited(facts, {key: case}), case


def _cases(facts: TrialFacts) -> list[tuple[str, Case]]:
    """The tricky cases, then one for each ruling."""
    return [(str(key), case) for section in ("edge_cases.cases", "ruling_cases") for key, case in facts.get(section).items()]


def identifier(key: str) -> str:
    """The end of USUBJID: case `8` is `E008`, its second subject `8b` is `E008B`."""
    digits = key.rstrip("abcdefgh")
    return f"E{int(digits):03d}{key[len(digits) :].upper()}"


def _edited(facts: TrialFacts, cases: Mapping[str, Case]) -> Frames:
    subjects = [TypicalSubject(facts, identifier(key), case.get("subject") or {}) for key, case in cases.items()]
    makers = domains.frames(typical_trial(facts, subjects))
    frames = {domain: pd.concat(list(maker()), ignore_index=True) for domain, maker in makers.items()}
    frames |= {str(domain): _empty(names) for domain, names in facts.get("edge_cases.further_domains").items()}
    parts: dict[str, Frames] = {domain: {str(name): part for name, part in frame.groupby("USUBJID", sort=False)} for domain, frame in frames.items()}
    for (key, case), subject in zip(cases.items(), subjects, strict=True):
        for edit in case.get("edits") or []:
            domain = str(edit["domain"])
            if domain not in frames:
                raise SpecError([Problem(mark_of(edit["domain"]), f"edge case {key}", f"no domain '{domain}' to edit", "spec-unknown-domain")])
            own = parts[domain].get(subject.usubjid, frames[domain].iloc[:0])
            parts[domain][subject.usubjid] = _edit(facts, own, edit, subject.usubjid)
    joined = {domain: pd.concat(list(own.values()), ignore_index=True) for domain, own in parts.items() if own}
    return {domain: _ordered(domain, frame) for domain, frame in joined.items() if len(frame)}


def _empty(names: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({str(name): pd.Series(dtype=np.float64 if kind == "number" else TEXT) for name, kind in names.items()})


def _edit(facts: TrialFacts, frame: pd.DataFrame, edit: Case, usubjid: str) -> pd.DataFrame:
    """One subject's records after an edit."""
    if "add" in edit:
        defaults = facts.get("edge_cases.defaults").get(edit["domain"], {})
        study = usubjid.split("-")[0]
        row = {"STUDYID": study, "DOMAIN": edit["domain"], "USUBJID": usubjid, **defaults, **edit["add"]}
        _known(frame, row, edit)
        values = {name: pd.Series([_value(frame[name], row.get(name))], dtype=frame[name].dtype) for name in frame}
        return pd.concat([frame, pd.DataFrame(values)], ignore_index=True)
    chosen = _selected(frame, edit.get("where") or {}, edit)
    if not chosen.any() and edit.get("drop") != "any":
        raise SpecError([Problem(mark_of(edit["domain"]), usubjid, "the edit finds no record", "spec-edge-case")])
    if edit.get("drop"):
        return frame[~chosen].reset_index(drop=True)
    _known(frame, edit["set"], edit)
    return frame.assign(**{name: frame[name].mask(chosen, _value(frame[name], value)) for name, value in edit["set"].items()})


def _known(frame: pd.DataFrame, names: Mapping[str, Any], edit: Case) -> None:
    unknown = [name for name in names if name not in frame and name != "DOMAIN"]
    if unknown:
        raise SpecError([Problem(mark_of(edit["domain"]), str(edit["domain"]), f"no variable {', '.join(unknown)}", "spec-unknown-variable")])


def _selected(frame: pd.DataFrame, conditions: Mapping[str, Any], edit: Case) -> pd.Series:
    _known(frame, conditions, edit)
    chosen = pd.Series(True, index=frame.index)
    for name, wanted in conditions.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        column = frame[name]
        hits = pd.Series(False, index=frame.index)
        for value in values:
            if isinstance(value, str) and value.endswith("*"):
                hits |= column.str.startswith(value[:-1])
            else:
                hits |= column == _value(column, value)
        chosen &= hits
    return chosen


def _value(column: pd.Series, value: object) -> object:
    """A value of the facts as the column holds it: a number, or text as it was written."""
    if column.dtype == np.float64:
        return np.nan if value is None else float(str(value))
    return "" if value is None else str(as_text(value))


def _ordered(domain: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Records of a subject together; added ones without --SEQ get the next numbers."""
    frame = frame.iloc[np.argsort(frame["USUBJID"].astype(object).to_numpy(), kind="stable")].reset_index(drop=True)
    name = f"{domain}SEQ"
    if name in frame:
        missing = frame[name].isna()
        next_number = frame.groupby("USUBJID")[name].transform("max").fillna(0) + missing.groupby(frame["USUBJID"]).cumsum()
        frame[name] = frame[name].where(~missing, next_number)
    return frame
