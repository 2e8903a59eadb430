"""A study derived in parts of its subjects, and the datasets and findings of the parts together."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.core.errors import AdamError, Finding
from adam.core.ordering import codes
from adam.engine.notes import merge_notes
from adam.engine.run import build, build_part
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.planning.values.plan import Plan

SUBJECT = ["STUDYID", "USUBJID"]
Frames = Mapping[str, pd.DataFrame]


class Derived(NamedTuple):
    """What a run gives: its datasets and findings, or its error."""

    frames: Frames
    findings: tuple[Finding, ...]
    error: str


class Study(NamedTuple):
    """A plan and the records of its sources."""

    plan: Plan
    frames: Frames

    @property
    def size(self) -> int:
        """The number of subjects."""
        return len(self.frames["DM"])


def opened(specs: Path, sdtm: Path) -> Study:
    """A study with the records that its plan reads."""
    plan, source = plan_with_source(specs, sdtm)
    assert source is not None
    return Study(plan, load_records(source, plan.columns))


def by_subject(frames: Frames) -> tuple[dict[str, pd.DataFrame], dict[str, np.ndarray]]:
    """The records in the order of their subjects, and the number of each subject."""
    subjects = pd.MultiIndex.from_frame(frames["DM"][SUBJECT].astype("str").sort_values(SUBJECT))
    ordered, numbers = {}, {}
    for name, frame in frames.items():
        number = subjects.get_indexer(pd.MultiIndex.from_frame(frame[SUBJECT].astype("str")))
        rows = np.argsort(number, kind="stable")
        ordered[name], numbers[name] = frame.iloc[rows].reset_index(drop=True), number[rows]
    return ordered, numbers


def parts(frames: Frames, bounds: Sequence[int]) -> Iterator[dict[str, pd.DataFrame]]:
    """The records of the subjects between each two of the bounds."""
    ordered, numbers = by_subject(frames)
    for low, high in zip(bounds[:-1], bounds[1:], strict=True):
        yield {name: frame[(low <= numbers[name]) & (numbers[name] < high)].reset_index(drop=True) for name, frame in ordered.items()}


def as_a_whole(study: Study) -> Derived:
    """The study in one part."""
    try:
        built = build(study.plan, by_subject(study.frames)[0])
    except AdamError as error:
        return Derived({}, (), str(error))
    return Derived(built.frames, built.findings, "")


def in_parts(study: Study, bounds: Sequence[int]) -> Derived:
    """The study in parts; what a part notes is sent as from another process."""
    built = [build_part(study.plan, frames) for frames in parts(study.frames, bounds)]
    try:
        findings = merge_notes([pickle.loads(pickle.dumps(each.notes)) for each in built])
    except AdamError as error:
        return Derived({}, (), str(error))
    return Derived({name: joined([each.frames[name] for each in built], each.order) for name, each in study.plan.datasets.items()}, findings, "")


def joined(frames: Sequence[pd.DataFrame], order: Sequence[str]) -> pd.DataFrame:
    """The records of all parts in the order of the dataset."""
    found = pd.concat(frames, ignore_index=True)
    return found.iloc[np.lexsort([codes(found[name]) for name in reversed(order)])].reset_index(drop=True)


def assert_same(whole: Derived, cut: Derived) -> None:
    """The same datasets and findings, to the letter, or the same error."""
    assert cut.error == whole.error
    assert list(map(repr, cut.findings)) == list(map(repr, whole.findings))
    assert list(cut.frames) == list(whole.frames)
    for name, frame in whole.frames.items():
        pd.testing.assert_frame_equal(cut.frames[name], frame)


def bounds_of(size: int, part: int) -> list[int]:
    """The bounds of parts of some subjects each."""
    return [*range(0, size, part), size]
