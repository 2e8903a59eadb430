"""The datasets of an output: transport files with their parts, Dataset-JSON, and the copy of the specification."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adam.core.output_kinds import JSON, KINDS
from adam.core.stored import StoredRecords
from adam.submission import json, xpt
from adam.submission.earlier_output import path_inside
from adam.submission.split import FOLDER, write_split

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy

ADAM, DATASET_JSON, SPECS = "adam", "dataset-json", "specs"
XPT, PARTS = ".xpt", "parts"


@dataclass(frozen=True)
class DatasetFiles:
    """The files of the datasets: the sha256 of each by its name in the output, and the names of the parts of each dataset."""

    digests: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class FileTask:
    """A file of a dataset to write; it can be pickled. `suffix` is that of the file, or `PARTS` for the parts of a large transport file.

    `folder` is the folder of the output, `others` are the names that no part may have.
    """

    suffix: str
    folder: Path
    study: ResolvedStudy
    dataset: ResolvedDataset
    records: StoredRecords
    created: datetime.datetime
    others: tuple[str, ...]


def write_task(common: object, task: FileTask) -> dict[str, str]:  # noqa: ARG001  (that of the parts, which files do not need)
    """Write a file of a dataset, or its parts, and return the sha256 of each file by its name in the output.

    Raises:
        ExportError: the format cannot hold the data.
    """
    dataset, records, study = task.dataset, task.records, task.study
    file = dataset.name.lower()
    if task.suffix == PARTS:
        limit, policy = study.split_over, study.non_ascii
        parts = write_split(records, dataset, task.folder / ADAM, task.created, limit, non_ascii=policy, others=task.others)
        return {f"{ADAM}/{FOLDER}/{part.lower()}.xpt": written.sha256 for part, written in parts.items()}
    if task.suffix == XPT:
        target = task.folder / ADAM / f"{file}{XPT}"
        written = xpt.write_file(records.parts(), dataset, target, task.created, non_ascii=study.non_ascii)
        return {f"{ADAM}/{target.name}": written.sha256}
    target = task.folder / DATASET_JSON / f"{file}{task.suffix}"
    written = json.write_parts(records.parts(), dataset, target, task.created, records=len(records), study=study)
    return {f"{DATASET_JSON}/{target.name}": written.sha256}


Runner = Callable[[Callable[[Any, FileTask], dict[str, str]], Sequence[FileTask]], Sequence[dict[str, str]]]
"""Calls a function with each task, here or in other processes, and returns the results in the order of the tasks."""


def write_here(write: Callable[[Any, FileTask], dict[str, str]], tasks: Sequence[FileTask]) -> list[dict[str, str]]:
    """Write one file after another."""
    return [write(None, task) for task in tasks]


def write_datasets(
    folder: Path,
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    records: Mapping[str, StoredRecords],
    created: datetime.datetime,
    *,
    kinds: Collection[str] = tuple(KINDS),
    ndjson: bool = False,
    run: Runner = write_here,
) -> DatasetFiles:
    """Write `adam/*.xpt`, `adam/split/*.xpt`, `dataset-json/` if it is one of the kinds, and `specs/`.

    Args:
        folder: the empty staging folder.
        study: its files and export policies.
        datasets: the resolved datasets, with the lengths and formats of their files.
        records: those of each dataset, as `adam.submission.write` describes them.
        created: the creation time in every file.
        kinds: the kinds of files to write.
        ndjson: write Dataset-JSON as `.ndjson` instead of `.json`.
        run: writes the files, one after another or in several processes.

    Raises:
        ExportError: a format cannot hold the data.
    """
    (folder / ADAM).mkdir(parents=True)
    suffixes = [XPT, PARTS, *([json.LINES if ndjson else ".json"] if JSON in kinds else [])]
    if JSON in kinds:
        (folder / DATASET_JSON).mkdir()
    tasks = [FileTask(suffix, folder, study, datasets[name], own, created, tuple(datasets)) for name, own in records.items() for suffix in suffixes]
    tasks.sort(key=lambda task: -len(task.records) * len(task.dataset.variables))  # the largest first, so that no process waits for it alone
    written = dict(zip(((task.dataset.name, task.suffix) for task in tasks), run(write_task, tasks), strict=True))
    files = DatasetFiles()
    for name in records:
        parts = written[name, PARTS]
        files.parts[name] = [Path(part).stem.upper() for part in parts]
        for suffix in suffixes:
            files.digests.update(written[name, suffix])
    _copy_specification(study, folder / SPECS)
    return files


def _copy_specification(study: ResolvedStudy, folder: Path) -> None:
    for file, path in study.files:
        target = path_inside(folder, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
