"""The output folder of a run: datasets, define.xml, guide, Dataset-JSON (DESIGN §5). The report and the manifest are added by the flow."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import Finding
from adam.plan.values import ResolvedDataset, ResolvedStudy
from adam.submission import json, xpt
from adam.submission.data_profile import profile_dataset, with_longest_lengths
from adam.submission.define import define_xml, stylesheet
from adam.submission.define_elements import STYLESHEET
from adam.submission.define_page import define_blocks
from adam.submission.document import to_html, to_markdown
from adam.submission.earlier_output import path_inside
from adam.submission.reviewers_guide import reviewers_guide
from adam.submission.split import write_split

if TYPE_CHECKING:
    import pandas as pd

ADAM, JSON, SPECS = "adam", "dataset-json", "specs"


def write_submission(
    folder: Path,
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    frames: Mapping[str, pd.DataFrame],
    findings: Sequence[Finding],
    created: datetime.datetime,
) -> None:
    """Write `adam/`, `dataset-json/` and `specs/` (the files of the specification as they were read) of an output.

    Args:
        folder: the staging folder; empty.
        study: names, standards, codelists, the policy for text that is not ASCII.
        datasets: resolved.
        frames: the records of each, as `adam.submission.write` describes them.
        findings: of the run, for the guide.
        created: the moment every file bears.

    Raises:
        ExportError: a format cannot hold the data.
    """
    known = {name: profile_dataset(frame, datasets[name]) for name, frame in frames.items()}
    if study.lengths == "longest":
        datasets = with_longest_lengths(datasets, known)
    adam, jsons, parts = folder / ADAM, folder / JSON, {}
    adam.mkdir(parents=True)
    jsons.mkdir()
    for name, frame in frames.items():
        dataset = datasets[name]
        xpt.write(frame, dataset, adam / f"{name.lower()}.xpt", created, non_ascii=study.non_ascii)
        parts[name] = write_split(frame, dataset, adam, created, study.split_over, non_ascii=study.non_ascii, others=datasets)
        json.write(frame, dataset, jsons / f"{name.lower()}.json", created, study=study)
    for file, path in study.files:
        target = path_inside(folder / SPECS, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    define = define_xml(study, datasets, known, created)
    (adam / "define.xml").write_bytes(define)
    (adam / "define.html").write_text(to_html(define_blocks(define)), encoding="utf-8", newline="\n")
    (adam / STYLESHEET).write_bytes(stylesheet())
    blocks = reviewers_guide(study, datasets, known, findings, parts)
    (adam / "adrg.md").write_text(to_markdown(blocks), encoding="utf-8", newline="\n")
    (adam / "adrg.html").write_text(to_html(blocks), encoding="utf-8", newline="\n")
