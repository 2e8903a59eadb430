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
from adam.starting.inventory import Inventory
from adam.starting.start import NewSpecification, ToCheck, domain_of

SCHEMA = "adamsmith.schema.json"
NO_LENGTH = "spec-no-length"
"""The problem of a text variable whose length nothing states, such as one of a CSV file."""
NO_LABEL = "spec-no-label"
"""The problem of a variable whose label nothing states, such as one of a CSV file that the standard does not define."""


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
        UsageError: the folder has files, the data have no DM with STUDYID and USUBJID, there is no such layer, or the data have what a
            specification cannot have, such as an arm of more than 200 bytes.
        SourceError: a file cannot be read.
    """
    from adam.starting.start import new_specification  # noqa: PLC0415

    target = Path(folder)
    require_free(target)
    source = open_source(Path(sdtm))
    inventory = _inventory(source)
    title = name or " ".join(inventory.ids) or target.name
    attributes: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as temporary:
        staging = Path(temporary) / target.name
        for last in (False, True):
            new = new_specification(title, standard, inventory, attributes)
            try:
                _write(staging, new)
                check_study(staging, sdtm)
                break
            except SpecError as error:
                attributes = _attributes(error.problems, source)
                if last or not attributes:
                    raise refused(error, staging) from None
        if target.exists():
            target.rmdir()
        staging.replace(target)
    return StartedStudy(target, new.datasets, (*new.files, SCHEMA), new.checks)


def refused(error: SpecError, staging: Path) -> UsageError:
    """The problems of a specification that was not put in place, without the lines of its files, which nobody can open."""
    named = ((Path(each.mark.file).name, f"{each.subject}: " if each.subject else "", each.message) for each in error.problems)
    problems = dict.fromkeys(f"  {file}: {subject}{message}" for file, subject, message in named)
    return UsageError("\n".join([f"{staging.name} was not written, because its specification would have errors:", *problems]))


def take_subjects(sdtm: Path) -> Inventory:
    """What the source data of a study have.

    Raises:
        UsageError: the data have no DM with STUDYID and USUBJID, or no record of it.
    """
    return _inventory(open_source(sdtm))


def _inventory(source: Source) -> Inventory:
    from adam.starting.inventory import take_inventory  # noqa: PLC0415

    if "DM" not in source.headers or not {"STUDYID", "USUBJID"} <= set(source.headers["DM"].variables):
        raise UsageError(f"{source.folder} has no DM with STUDYID and USUBJID, so there are no subjects. Name the folder of the SDTM files.")
    inventory = take_inventory(source)
    if not inventory.ids:
        raise UsageError(f"DM in {source.folder} has no record with a STUDYID, so there are no subjects. Name the folder of the SDTM files.")
    return inventory


def _attributes(problems: Iterable[Problem], source: Source) -> dict[str, dict[str, str]]:
    """By dataset the attributes of each variable that lacks them, as YAML; none if there are other problems.

    They are the longest text where the length is not known, and the name where the label is not.
    """
    from adam.starting.inventory import longest  # noqa: PLC0415

    found: dict[str, dict[str, str]] = {}
    for problem in problems:
        dataset, _, variable = problem.subject.partition(".")
        if problem.code not in (NO_LENGTH, NO_LABEL):
            return {}
        own = found.setdefault(dataset, {})
        text = f"length: {longest(source, domain_of(dataset), variable)}" if problem.code == NO_LENGTH else f"label: {variable}"
        own[variable] = f"{own[variable]}, {text}" if variable in own else text
    return found


def _write(folder: Path, new: NewSpecification) -> None:
    """Write all files of a specification, and the schema of their YAML."""
    for name, text in new.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    schema = json.dumps(schema_of(folder), indent=1, ensure_ascii=False)
    (folder / SCHEMA).write_text(schema + "\n", encoding="utf-8", newline="\n")
