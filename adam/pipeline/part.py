"""Derive and check one part of the subjects of a study. Every engine calls this one function; for a small study there is one part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pandas as pd

from adam.core.coded_text import as_codes
from adam.core.memory import release_memory
from adam.core.stored import StoredRecords, write_records
from adam.engine.notes import Notes
from adam.engine.run import Progress, build_part
from adam.pipeline.stopwatch import Stopwatch
from adam.planning.values.plan import Plan
from adam.sources.parts import SourcePart

if TYPE_CHECKING:
    from adam.submission.data_profile import DataProfile
    from adam.submission.export_findings import UnwritableValues
    from adam.submission.transliterate import ChangedText
    from validation.conformance.over_parts import ConformanceAnswers
    from validation.part_answers import PartAnswers
    from validation.rule import Suite


@dataclass(frozen=True)
class StudyWork:
    """What all parts have in common. It is sent to each worker once.

    `suites` are those to run, `complete` whether all datasets of the study are derived, `folder` the folder for the records of the parts;
    without one they are kept in memory.
    """

    plan: Plan
    suites: tuple[Suite, ...]
    complete: bool = True
    folder: Path | None = None


@dataclass(frozen=True)
class PartResult:
    """What a part of the subjects contributes to a study: its records, and what becomes findings when all parts are put together.

    A part that an error stopped has only notes. `seconds` is the time of each stage.
    """

    notes: Notes
    records: Mapping[str, StoredRecords] = field(default_factory=dict)
    changes: tuple[ChangedText, ...] = ()
    profiles: Mapping[str, DataProfile] = field(default_factory=dict)
    answers: PartAnswers = ()
    conformance: ConformanceAnswers = field(default_factory=dict)
    unwritable: Mapping[str, tuple[UnwritableValues, ...]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def derive_part(work: StudyWork, part: SourcePart, progress: Progress | None = None) -> PartResult:
    """Derive and check some subjects.

    Args:
        work: what all parts have in common.
        part: the subjects with their records.
        progress: is called before each step.

    Raises:
        SourceError: the records are not those of the subjects.
    """
    from adam.submission.data_profile import profile_dataset  # noqa: PLC0415
    from adam.submission.export_findings import unwritable_values  # noqa: PLC0415
    from validation.conformance.over_parts import conformance_part  # noqa: PLC0415
    from validation.delivery import Delivery  # noqa: PLC0415
    from validation.run_part import run_part  # noqa: PLC0415

    watch, plan = Stopwatch(), work.plan
    if work.folder is not None:
        release_memory()  # that of the part before
    sources = part.load()
    built = build_part(plan, sources, progress)
    if built.stopped:
        return PartResult(built.notes)
    frames, changes = _transliterated(plan, {name: _with_codes(frame) for name, frame in built.frames.items()})
    watch.done("derive")
    answers = run_part(work.suites, frames, sources)
    conformance = conformance_part(Delivery(plan.study, plan.datasets, plan.datasets, frames, sources, whole=work.complete))
    profiles = {name: profile_dataset(frame, plan.datasets[name]) for name, frame in frames.items()}
    unwritable = {name: unwritable_values(frame, plan.datasets[name], plan.study) for name, frame in frames.items()}
    watch.done("check")
    records = {name: _stored(frame, name, part.number, work.folder) for name, frame in frames.items()}
    return PartResult(built.notes, records, changes, profiles, answers, conformance, unwritable, watch.seconds)


def _transliterated(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> tuple[Mapping[str, pd.DataFrame], tuple[ChangedText, ...]]:
    """The records with their text in ASCII if the study declares that, and what changed."""
    if plan.study.non_ascii != "transliterate":
        return frames, ()
    from adam.submission.transliterate import transliterate  # noqa: PLC0415

    changed, changes = transliterate(frames, plan.datasets)
    return changed, tuple(changes)


def _with_codes(frame: pd.DataFrame) -> pd.DataFrame:
    """The records with repeated texts as codes: USUBJID is copied from records where each has its own, and many checks compare it."""
    columns = {name: as_codes(frame[name]) for name in frame}
    return pd.DataFrame(columns, copy=False) if any(column.array is not frame[name].array for name, column in columns.items()) else frame


def _stored(frame: pd.DataFrame, name: str, number: int, folder: Path | None) -> StoredRecords:
    """The records of a dataset; in a folder under their name only when they are complete, because a part may be derived twice at once."""
    if folder is None:
        return StoredRecords.in_memory(frame)
    path = folder / f"{name}.{number}.arrow"
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    write_records(frame, unfinished)
    unfinished.replace(path)
    return StoredRecords.on_disk([path])
