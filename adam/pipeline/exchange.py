"""The specification as a workbook, and a new study from the metadata of a workbook or of define.xml."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from adam.core.errors import SpecError, UsageError
from adam.exchange.metadata import VALUES, VARIABLES, Metadata
from adam.pipeline.check import check_study
from adam.pipeline.folders import require_free
from adam.pipeline.start import refused


@dataclass(frozen=True)
class Imported:
    """A study that was started from metadata: its folder, its datasets, how many formulas are to be written, and what was not read."""

    folder: Path
    datasets: tuple[str, ...]
    todo: int
    ignored: tuple[str, ...]


def workbook_of(specs: str | Path, sdtm: str | Path | None = None) -> bytes:
    """The specification of a study as a workbook (XLSX), complete: what define.xml has, one sheet for each kind.

    Args:
        specs: the folder of the YAML files.
        sdtm: the folder of the source files; variables that are only known from their headers need it.

    Raises:
        SpecError: the specification has errors.
    """
    from adam.exchange.from_define import from_define  # noqa: PLC0415
    from adam.exchange.to_xlsx import to_xlsx  # noqa: PLC0415
    from adam.pipeline.creation import creation_moment  # noqa: PLC0415
    from adam.submission.data_profile import DataProfile  # noqa: PLC0415
    from adam.submission.define.document import define_xml  # noqa: PLC0415

    plan = check_study(specs, sdtm)
    study = plan.study.model_copy(update={"datasets": plan.datasets})
    created = creation_moment(study)
    without_data = dict.fromkeys(plan.datasets, DataProfile(records=1, decimals=defaultdict(int), missing=defaultdict(int)))
    metadata = from_define(define_xml(study, plan.datasets, without_data, created))
    return to_xlsx(_without_digits(metadata), created)


def import_study(folder: str | Path, path: str | Path) -> Imported:
    """Start a study from the metadata of define.xml or of a specification workbook.

    Copied variables are complete. Every other variable is missing on all records until its formula is written; `# TODO:` has its method.

    Args:
        folder: the folder to write; it must not exist, or be empty.
        path: the file: `.xml` or `.xlsx`.

    Raises:
        UsageError: the folder has files, the file is neither, or the metadata are not valid in the language; nothing is written.
        SourceError: the file cannot be read.
    """
    from adam.exchange.from_define import from_define  # noqa: PLC0415
    from adam.exchange.from_xlsx import from_xlsx  # noqa: PLC0415
    from adam.exchange.to_yaml import count_todo, to_yaml  # noqa: PLC0415

    target, file = Path(folder), Path(path)
    require_free(target)
    if not file.is_file():
        raise UsageError(f"There is no file {file}. Name a define.xml or a specification workbook.")
    metadata, ignored = from_xlsx(file) if file.suffix.lower() == ".xlsx" else (from_define(file.read_bytes(), file.name), [])
    files = to_yaml(metadata)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as temporary:
        staging = Path(temporary) / target.name
        staging.mkdir()
        for name, text in files.items():
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            plan = check_study(staging)
        except SpecError as error:
            raise refused(error, staging) from None
        if target.exists():
            target.rmdir()
        staging.replace(target)
    return Imported(target, tuple(plan.datasets), count_todo(files), tuple(ignored))


def _without_digits(metadata: Metadata) -> Metadata:
    """The metadata without significant digits where no format states them: only data show those."""
    rows = {name: tuple(row if row.get("Format") else {**row, "Significant Digits": ""} for row in metadata[name]) for name in (VARIABLES, VALUES)}
    return {**metadata, **rows}
