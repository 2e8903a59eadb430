"""The files of the datasets of an output: transport files with their parts, and Dataset-JSON."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.output_kinds import JSON, KINDS
from adam.core.stored import StoredRecords
from adam.submission import json, xpt
from adam.submission.record_files import RecordFile, add_records
from adam.submission.split import FOLDER, plan_parts, write_split

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy

ADAM, DATASET_JSON = "adam", "dataset-json"
XPT, PARTS = ".xpt", "parts"


@dataclass(frozen=True)
class FileWork:
    """What the files of the datasets have in common. It can be pickled.

    `folder` is the folder for `adam` and `dataset-json`, `study` has the export policies, `datasets` have the lengths and formats of their files.
    """

    folder: Path
    study: ResolvedStudy
    datasets: Mapping[str, ResolvedDataset]
    created: datetime.datetime


@dataclass(frozen=True)
class FileTask:
    """Files of a dataset to write; it can be pickled. `suffixes` are those of the files, or `PARTS` for the parts of a large transport file."""

    dataset: str
    suffixes: tuple[str, ...]
    records: StoredRecords


Digests = dict[str, str]
"""The sha256 of files by their names in the output."""


def write_task(work: FileWork, task: FileTask) -> Digests:
    """Write files of a dataset, block by block together, and return the sha256 of each by its name in the output.

    Raises:
        ExportError: a format cannot hold the data.
    """
    dataset, records, study, created = work.datasets[task.dataset], task.records, work.study, work.created
    files: dict[str, RecordFile] = {}
    with ExitStack() as stack:
        for suffix in task.suffixes:
            if suffix == XPT:
                name = f"{ADAM}/{dataset.name.lower()}{XPT}"
                files[name] = stack.enter_context(xpt.transport_file(dataset, work.folder / name, created, non_ascii=study.non_ascii))
            elif suffix != PARTS:
                name = f"{DATASET_JSON}/{dataset.name.lower()}{suffix}"
                files[name] = stack.enter_context(json.json_file(dataset, work.folder / name, created, records=len(records), study=study))
        if files:
            add_records(records.parts(), dataset, list(files.values()))
    digests = {name: file.written.sha256 for name, file in files.items()}
    if PARTS in task.suffixes:
        limit, policy = study.split_over, study.non_ascii
        parts = write_split(records, dataset, work.folder / ADAM, created, limit, non_ascii=policy, others=work.datasets)
        digests |= {f"{ADAM}/{FOLDER}/{part.lower()}.xpt": written.sha256 for part, written in parts.items()}
    return digests


Results = Callable[[], Sequence[Digests]]
Begin = Callable[[Callable[[FileWork, FileTask], Digests], FileWork, Sequence[FileTask]], Results]
"""Begins to call a function with each task, here or in other processes; what it returns has the results in the order of the tasks."""


def begin_here(write: Callable[[FileWork, FileTask], Digests], work: FileWork, tasks: Sequence[FileTask]) -> Results:
    """Write one file after another, when the results are needed."""
    return lambda: [write(work, task) for task in tasks]


@dataclass(frozen=True)
class DatasetFiles:
    """The files of the datasets, which may still be being written to the folder."""

    work: FileWork
    records: Mapping[str, StoredRecords]
    results: Results

    def parts(self) -> dict[str, list[str]]:
        """The names of the parts of the transport file of each dataset, which can be known before they are written.

        Raises:
            ExportError: a transport file that is too large cannot be split.
        """
        limit, datasets = self.work.study.split_over, self.work.datasets
        return {name: plan_parts(own, datasets[name], limit, datasets)[1] for name, own in self.records.items()}

    def finish(self, to: Path) -> Digests:
        """Move the files to a folder when all are written, and return the sha256 of each by its name in the output.

        Raises:
            ExportError: a format cannot hold the data.
        """
        found = {name: digest for digests in self.results() for name, digest in digests.items()}
        for name in found if self.work.folder != to else ():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work.folder / name).replace(to / name)
        return found


def begin_datasets(
    folder: Path,
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    records: Mapping[str, StoredRecords],
    created: datetime.datetime,
    *,
    kinds: Collection[str] = tuple(KINDS),
    ndjson: bool = False,
    begin: Begin | None = None,
) -> DatasetFiles:
    """Begin to write `adam/*.xpt`, `adam/split/*.xpt`, and `dataset-json/` if it is one of the kinds.

    Args:
        folder: the folder for the files, which may be moved from it when they are written.
        study: its export policies.
        datasets: the resolved datasets, with the lengths and formats of their files.
        records: those of each dataset, as `adam.submission.write` describes them.
        created: the creation time in every file.
        kinds: the kinds of files to write.
        ndjson: write Dataset-JSON as `.ndjson` instead of `.json`.
        begin: begins to write each file, in several processes; without it this process writes the files of a dataset together.
    """
    suffixes = (XPT, PARTS, *([json.LINES if ndjson else ".json"] if JSON in kinds else []))
    for name in (ADAM, DATASET_JSON) if JSON in kinds else (ADAM,):
        (folder / name).mkdir(exist_ok=True)
    tasks = [FileTask(name, own, stored) for name, stored in records.items() for own in (((each,) for each in suffixes) if begin else (suffixes,))]
    tasks.sort(key=lambda task: -len(task.records) * len(datasets[task.dataset].variables))  # the largest first, so that no process waits for it
    work = FileWork(folder, study, datasets, created)
    return DatasetFiles(work, records, (begin or begin_here)(write_task, work, tasks))
