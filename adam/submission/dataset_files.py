"""The datasets of an output: transport files with their parts, Dataset-JSON, and the copy of the specification."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.output_kinds import JSON, KINDS
from adam.core.stored import StoredRecords
from adam.submission import json, xpt
from adam.submission.earlier_output import path_inside
from adam.submission.split import FOLDER, write_split

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy

ADAM, DATASET_JSON, SPECS = "adam", "dataset-json", "specs"


@dataclass(frozen=True)
class DatasetFiles:
    """The files of the datasets: the sha256 of each by its name in the output, and the names of the parts of each dataset."""

    digests: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)


def write_datasets(
    folder: Path,
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    records: Mapping[str, StoredRecords],
    created: datetime.datetime,
    *,
    kinds: Collection[str] = tuple(KINDS),
    ndjson: bool = False,
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

    Raises:
        ExportError: a format cannot hold the data.
    """
    (folder / ADAM).mkdir(parents=True)
    files = DatasetFiles()
    for name, own in records.items():
        dataset, file = datasets[name], name.lower()
        whole = xpt.write_file(own.parts(), dataset, folder / ADAM / f"{file}.xpt", created, non_ascii=study.non_ascii)
        parts = write_split(own, dataset, folder / ADAM, created, study.split_over, non_ascii=study.non_ascii, others=datasets)
        files.parts[name] = list(parts)
        files.digests[f"{ADAM}/{file}.xpt"] = whole.sha256
        files.digests.update({f"{ADAM}/{FOLDER}/{part.lower()}.xpt": written.sha256 for part, written in parts.items()})
        if JSON in kinds:
            (folder / DATASET_JSON).mkdir(exist_ok=True)
            target = folder / DATASET_JSON / f"{file}{json.LINES if ndjson else '.json'}"
            written = json.write_parts(own.parts(), dataset, target, created, records=len(own), study=study)
            files.digests[f"{DATASET_JSON}/{target.name}"] = written.sha256
    _copy_specification(study, folder / SPECS)
    return files


def _copy_specification(study: ResolvedStudy, folder: Path) -> None:
    for file, path in study.files:
        target = path_inside(folder, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
