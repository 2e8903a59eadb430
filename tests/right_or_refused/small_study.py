"""A study of two subjects in a few lines, for tests that change one thing and look at the values or at the message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyreadstat
from click.testing import CliRunner

from adam.cli.commands import main

STUDY = """
language: 1
study: S1
extends: adamig
label: A made-up study
ids: [S1]
as_of: 2024-06-30
conformance: off
datasets: [{datasets}]
treatments: {{Vehicle: 1, Active: 2}}
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX: DM
  AGE: DM
"""
DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,34,F\nS1,DM,S1-2,65,M\n"


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code, all it printed, and the folder it wrote to."""

    exit_code: int
    text: str
    out: Path

    def records(self, dataset: str, *variables: str) -> list[Any]:
        """The values of the variables in each exported record as tuples (bare if one variable is named); missing is None, dates are SAS numbers."""
        frame, _ = pyreadstat.read_xport(self.out / "adam" / f"{dataset.lower()}.xpt", disable_datetime_conversion=True)
        rows = [tuple(None if value != value else value for value in row) for row in frame[list(variables)].itertuples(index=False)]
        return [row[0] for row in rows] if len(variables) == 1 else rows

    def findings(self) -> list[dict[str, Any]]:
        """The findings of the run, from its report (of the rejected run if it failed)."""
        folder = self.out / ("report" if self.exit_code == 0 else "rejected/report")
        found: list[dict[str, Any]] = json.loads((folder / "findings.json").read_text())
        return found


@dataclass(frozen=True)
class SmallStudy:
    """The folders of a study on disk."""

    folder: Path

    @property
    def specs(self) -> Path:
        return self.folder / "specs"

    @property
    def sdtm(self) -> Path:
        return self.folder / "sdtm"

    def build(self, *options: str) -> Ran:
        return self.run("build", str(self.specs), "--sdtm", str(self.sdtm), "--out", str(self.folder / "out"), *options)

    def check(self, *options: str) -> Ran:
        return self.run("check", str(self.specs), *options)

    def run(self, *arguments: str) -> Ran:
        done = CliRunner().invoke(main, list(arguments))
        return Ran(done.exit_code, done.output, self.folder / "out")


def small_study(folder: Path, specs: Mapping[str, str] | None = None, sdtm: Mapping[str, str | bytes] | None = None, study: str = "") -> SmallStudy:
    """Write a study; `specs` and `sdtm` (names without suffix for YAML and CSV) are added to or replace ADSL and DM.

    Without a `study` among `specs` there is one that lists the datasets given, with the lines of the argument `study` added to it.
    """
    files = {"adsl": ADSL, **(specs or {})}
    datasets = ", ".join(found for text in files.values() for found in re.findall(r"^dataset: *(\S+)", text, re.MULTILINE))
    files.setdefault("study", STUDY.format(datasets=datasets) + study)
    made = SmallStudy(folder)
    for part, contents in ((made.specs, files), (made.sdtm, {"dm": DM, **(sdtm or {})})):
        part.mkdir(parents=True, exist_ok=True)
        suffix = ".yaml" if part == made.specs else ".csv"
        for name, content in contents.items():
            path = part / (name if "." in name else name + suffix)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return made
