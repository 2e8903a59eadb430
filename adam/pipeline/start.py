"""Start a specification from source data."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from adam.core.errors import Problem, SpecError, UsageError
from adam.pipeline.check import check_study
from adam.pipeline.folders import require_free
from adam.pipeline.schema import schema_of
from adam.sources import Source, open_source
from adam.starting.start import NewSpecification, ToCheck, domain_of

SCHEMA = "adamsmith.schema.json"
NO_LENGTH = "spec-no-length"
"""The problem of a text variable whose length nothing states, such as one of a CSV file."""


@dataclass(frozen=True)
class StartedStudy:
    """A new specification: its folder, its datasets, its files, and the lines that a person must check."""

    folder: Path
    datasets: tuple[str, ...]
    files: tuple[str, ...]
    checks: tuple[ToCheck, ...]


def start_study(folder: str | Path, sdtm: str | Path, standard: str = "safety", name: str = "") -> StartedStudy:
    """Write a specification that builds from the source data at hand.

    It has study.yaml, codelists, ADSL, ADAE if there is AE, a dataset for each findings domain with a date, ADTTE, and the JSON Schema for
    an editor. Every choice that a person must check has the comment `# CHECK:`. The new specification is checked against the headers of
    the data before it is put in place.

    Args:
        folder: the folder to write; it must not exist, or be empty.
        sdtm: the folder of the source files.
        standard: the layer that the study extends.
        name: the name of the study; by default its STUDYID.

    Returns:
        What was written, and what a person must check.

    Raises:
        UsageError: the folder has files, the data have no DM, or there is no such layer.
        SourceError: a file cannot be read.
        SpecError: the specification has errors, such as an unknown layer.
    """
    from adam.starting.inventory import take_inventory  # noqa: PLC0415
    from adam.starting.start import new_specification  # noqa: PLC0415

    target = Path(folder)
    require_free(target)
    source = open_source(Path(sdtm))
    if "DM" not in source.headers or "USUBJID" not in source.headers["DM"].variables:
        raise UsageError(f"{sdtm} has no DM with USUBJID, so there are no subjects. Name the folder of the SDTM files.")
    inventory = take_inventory(source)
    title = name or " ".join(inventory.ids) or target.name
    lengths: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as temporary:
        staging = Path(temporary) / target.name
        new = new_specification(title, standard, inventory, lengths)
        _write(staging, new)
        try:
            check_study(staging, sdtm)
        except SpecError as error:
            lengths |= _lengths(error.problems, source)
            if not lengths:
                raise
            new = new_specification(title, standard, inventory, lengths)
            _write(staging, new)
            check_study(staging, sdtm)
        if target.exists():
            target.rmdir()
        staging.replace(target)
    return StartedStudy(target, new.datasets, (*new.files, SCHEMA), new.checks)


def _lengths(problems: Iterable[Problem], source: Source) -> dict[str, dict[str, int]]:
    """By dataset the longest text of each variable whose length is not known; none if there are other problems."""
    from adam.starting.inventory import longest  # noqa: PLC0415

    found: dict[str, dict[str, int]] = {}
    for problem in problems:
        dataset, _, variable = problem.subject.partition(".")
        if problem.code != NO_LENGTH:
            return {}
        found.setdefault(dataset, {})[variable] = longest(source, domain_of(dataset), variable)
    return found


def _write(folder: Path, new: NewSpecification) -> None:
    """Write all files of a specification, and the schema of their YAML."""
    for name, text in new.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    schema = json.dumps(schema_of(folder), indent=1, ensure_ascii=False)
    (folder / SCHEMA).write_text(schema + "\n", encoding="utf-8", newline="\n")
