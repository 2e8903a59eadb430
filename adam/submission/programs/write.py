"""The folder `programs/` of an output."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.submission.programs.displays import displays_of
from adam.submission.programs.formats import formats_of, formats_sas
from adam.submission.programs.r_display import r_program
from adam.submission.programs.read_adam import read_adam_r, read_adam_sas
from adam.submission.programs.sas_display import sas_program
from adam.submission.programs.text import file_name


def programs(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> dict[str, str]:
    """The content of each program by file name: two for each display, and those that read the datasets."""
    formats = formats_of(study, datasets)
    found = {
        "formats.sas": formats_sas(formats),
        "read-adam.sas": read_adam_sas(datasets, formats),
        "read-adam.r": read_adam_r(study, datasets, formats),
    }
    for display in displays_of(study, datasets):
        name = file_name(display.name)
        found |= {f"{name}.sas": sas_program(study, display), f"{name}.r": r_program(study, display)}
    return found


def write_programs(folder: Path, study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> None:
    """Write the programs of a run into a new folder."""
    folder.mkdir(parents=True)
    for name, text in programs(study, datasets).items():
        (folder / name).write_text(text, encoding="ascii", newline="\n")
