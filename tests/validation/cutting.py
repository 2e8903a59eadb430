"""A study cut into parts of its subjects, and its findings: whatever the parts, they are those of the whole."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pandas as pd

from adam.core.errors import Finding
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.form_breaks import CASES
from tests.validation.small import FILES, frames, planned, sources
from validation.conformance.over_parts import conformance_part
from validation.conformance.run_conformance import conformance_findings
from validation.delivery import Delivery
from validation.records import SUBJECT
from validation.rule import Suite
from validation.run_part import run_part
from validation.run_suites import answers_to_findings
from validation.suite_results import in_memory

Frames = dict[str, pd.DataFrame]
Subject = tuple[str, str]
Break = Callable[[Frames, Frames], object]


def planned_for_copies(folder: Path) -> tuple[ResolvedStudy, dict[str, ResolvedDataset]]:
    """The small study; a condition that names a subject selects the same records by their date, as copies have other subjects."""
    text = FILES["adeff.yaml"].replace('where: USUBJID == "2"', 'where: TRTSDT == "2024-01-02"')
    assert text != FILES["adeff.yaml"]
    return planned(folder, adeff=text)


def copies(datasets: Mapping[str, object], breaks: Iterable[Break]) -> tuple[Frames, Frames]:
    """The small study once for each break, with other subjects, each broken in its way: its datasets and its source."""
    data: dict[str, list[pd.DataFrame]] = {}
    source: dict[str, list[pd.DataFrame]] = {}
    good = frames(datasets), sources()  # type: ignore[arg-type]
    for number, broken in enumerate(breaks):
        own = tuple({name: frame.copy() for name, frame in held.items()} for held in good)
        broken(*own)
        for found, copied in zip((data, source), own, strict=True):
            for name, frame in copied.items():
                found.setdefault(name, []).append(frame.assign(USUBJID=(f"{number:03}-" + frame["USUBJID"]).astype("str")))
    return _joined(data), _joined(source)


def _joined(found: Mapping[str, list[pd.DataFrame]]) -> Frames:
    return {name: pd.concat(pieces, ignore_index=True).fillna(dict.fromkeys(_texts(pieces), "")) for name, pieces in found.items()}


def _texts(pieces: list[pd.DataFrame]) -> set[str]:
    """The variables that are text in some of the pieces; those that lack one have it blank."""
    return {name for piece in pieces for name in piece if piece[name].dtype == "str"}


def subjects_of(*of: Frames) -> list[Subject]:
    """The subjects of all records, in order."""
    pairs = (pair for held in of for frame in held.values() for pair in frame[SUBJECT].drop_duplicates().itertuples(index=False, name=None))
    return sorted(set(pairs))


def in_order(held: Frames) -> Frames:
    """The records in the order of their subjects."""
    return {name: frame.sort_values(SUBJECT, kind="stable", ignore_index=True) for name, frame in held.items()}


def of_size(subjects: Sequence[Subject], size: int) -> list[Sequence[Subject]]:
    """Parts of so many subjects."""
    return [subjects[first : first + size] for first in range(0, len(subjects), size)]


def at_random(subjects: Sequence[Subject], number: int, seed: int) -> list[Sequence[Subject]]:
    """So many parts, of random sizes."""
    places = [0, *sorted(Random(seed).sample(range(1, len(subjects)), number - 1)), len(subjects)]
    return [subjects[first:last] for first, last in zip(places, places[1:], strict=False)]


def cut(held: Frames, parts: Iterable[Sequence[Subject]]) -> Iterator[Frames]:
    """The records of each part."""
    keys = {name: pd.MultiIndex.from_frame(frame[SUBJECT]) for name, frame in held.items()}
    for part in parts:
        yield {name: frame[keys[name].isin(list(part))].reset_index(drop=True) for name, frame in held.items()}


def findings_of(suites: tuple[Suite, ...], data: Frames, source: Frames, parts: list[Sequence[Subject]]) -> list[Finding]:
    """The findings of the suites, from parts that were sent to another process and back."""
    answers = [run_part(suites, *pair) for pair in zip(cut(data, parts), cut(source, parts), strict=True)]
    return answers_to_findings(suites, pickle.loads(pickle.dumps(answers)), in_memory(data), in_memory(source))


def conformance_of(package: Delivery, parts: list[Sequence[Subject]]) -> list[Finding]:
    """The findings of the conformance rules, from parts that were sent to another process and back."""
    data, source = dict(package.frames), dict(package.sources)
    answers = [
        conformance_part(replace(package, frames=own, sources=collected)) for own, collected in zip(cut(data, parts), cut(source, parts), strict=True)
    ]
    return conformance_findings(replace(package, frames={}, sources={}), pickle.loads(pickle.dumps(answers)), in_memory(data), in_memory(source))


def differences(whole: Sequence[Finding], found: Sequence[Finding]) -> list[str]:
    """What differs between two lists of findings, as text."""
    if list(whole) == list(found):
        return []
    left, right = ([f"{each} {each.keys} {each.values}" for each in findings] for findings in (whole, found))
    missing, added = [f"- {text}" for text in left if text not in right], [f"+ {text}" for text in right if text not in left]
    return [*missing, *added] or ["another order"]


ALL_CASES = [broken for broken, _ in CASES.values()]
