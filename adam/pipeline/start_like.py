"""Start a specification from that of another study."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from adam.core.errors import SpecError, UsageError
from adam.pipeline.check import check_study
from adam.pipeline.folders import require_free
from adam.pipeline.planning import read_study
from adam.starting.start import ToCheck

STUDY = "study.yaml"


@dataclass(frozen=True)
class LikeStudy:
    """A specification like that of another study: its folder, its files, what to check, and the errors that the new data cause."""

    folder: Path
    files: tuple[str, ...]
    checks: tuple[ToCheck, ...]
    errors: tuple[str, ...]


def start_like(folder: str | Path, sdtm: str | Path, study: str | Path, name: str = "") -> LikeStudy:
    """Write a specification for new data that is like that of another study.

    The files of the other study are copied, without those that only simulate data. study.yaml gets the name and the identifiers of the new
    study. Then the specification is checked against the headers of the new data: what they lack is reported, for a person to correct.

    Args:
        folder: the folder to write; it must not exist, or be empty.
        sdtm: the folder of the source files of the new study.
        study: the folder of the other study.
        name: the name of the new study; by default its STUDYID.

    Raises:
        UsageError: the folder has files, the other study has no study.yaml, or the data have no subjects.
        SpecError: the other study has errors.
        SourceError: a source file cannot be read.
    """
    from adam.pipeline.start import take_subjects  # noqa: PLC0415
    from adam.starting.like import study_like  # noqa: PLC0415

    target, other = Path(folder), Path(study)
    require_free(target)
    inventory = take_subjects(Path(sdtm))
    files = [path for _, path in read_study(other).files if path.resolve().is_relative_to(other.resolve()) and not _only_simulates(path)]
    if not (other / STUDY).is_file():
        raise UsageError(f"{other} has no {STUDY}. Name the folder of a study.")
    draft = study_like((other / STUDY).read_text(encoding="utf-8"), name or " ".join(inventory.ids), inventory)
    names = sorted(path.resolve().relative_to(other.resolve()).as_posix() for path in files)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as temporary:
        staging = Path(temporary) / target.name
        for each in names:
            (staging / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(other / each, staging / each)
        (staging / STUDY).write_text(draft.text, encoding="utf-8", newline="\n")
        errors = _errors(staging, Path(sdtm), target)
        if target.exists():
            target.rmdir()
        staging.replace(target)
    return LikeStudy(target, tuple(names), tuple(ToCheck(STUDY, line, reason) for line, reason in draft.checks), errors)


def _only_simulates(path: Path) -> bool:
    """Whether a file has facts of a simulation and nothing else."""
    if path.suffix not in (".yaml", ".yml"):
        return False
    keys = [line.split(":")[0] for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    return bool(keys) and set(keys) == {"simulation"}


def _errors(staging: Path, sdtm: Path, target: Path) -> tuple[str, ...]:
    """What the new data lack, with the places in the folder that is written."""
    try:
        check_study(staging, sdtm)
    except SpecError as error:
        return tuple(str(problem).replace(str(staging), str(target)) for problem in error.problems)
    return ()
