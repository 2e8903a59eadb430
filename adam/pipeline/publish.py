"""What a run leaves in its output: the submission if it passed its checks, else the datasets as derived, for looking at."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import ExportError, UsageError
from adam.plan.values import ResolvedDataset, ResolvedStudy
from adam.results.table import to_csv

if TYPE_CHECKING:
    import pandas as pd

    from adam.pipeline.build import Derived
    from adam.submission.manifest import ManifestStudy

NOT_WRITTEN = "not-written.txt"
LAST = 253_402_300_799
"""The last second of the year 9999."""


def created(study: ManifestStudy) -> datetime.datetime:
    """The one moment every file of a run bears: SOURCE_DATE_EPOCH, else the study's `as_of`, else 1 January 1960.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no whole number of seconds of the years 1970 to 9999.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        if not re.fullmatch("[0-9]{1,12}", epoch) or int(epoch) > LAST:
            shown = ascii(epoch[:40])
            raise UsageError(
                f"SOURCE_DATE_EPOCH is {shown}; it must be a whole number of seconds since 1970-01-01, at most {LAST}. Correct or unset it"
            )
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None)
    day = study.as_of or datetime.date(1960, 1, 1)
    return datetime.datetime(day.year, day.month, day.day)


def _report(folder: Path, derived: Derived, earlier: tuple[str, ...] = ()) -> None:
    from adam.report.page import FinishedRun, report_page  # noqa: PLC0415
    from validation.expectations import as_json as suite_as_json  # noqa: PLC0415
    from validation.report import as_csv, as_json, records_as_csv  # noqa: PLC0415

    (folder / "suites").mkdir(parents=True, exist_ok=True)
    for suite in derived.suites:
        (folder / "suites" / f"{suite.dataset.name}.json").write_text(suite_as_json(suite), encoding="utf-8")
    files = {str(path): name for name, path in derived.found.study.files}  # not where they lie on this machine
    listed = [replace(each, mark=replace(each.mark, file=files.get(each.mark.file, each.mark.file))) for each in derived.findings]
    (folder / "findings.json").write_text(as_json(listed), encoding="utf-8")
    (folder / "findings.csv").write_text(as_csv(listed), encoding="utf-8-sig", newline="")
    (folder / "records.csv").write_text(records_as_csv(listed), encoding="utf-8-sig", newline="")
    moment = created(derived.study)
    finished = FinishedRun(
        derived.study, derived.frames, list(derived.findings), derived.results, moment, exported=not derived.failed, earlier=earlier
    )
    (folder / "index.html").write_text(report_page(finished), encoding="utf-8", newline="\n")


def publish(staging: Path, derived: Derived) -> None:
    """Write the submission of datasets that passed their checks."""
    from adam.submission.manifest import write_manifest  # noqa: PLC0415
    from adam.submission.submission import write_submission  # noqa: PLC0415

    found = derived.found
    write_submission(staging, found.study, found.datasets, derived.frames, derived.findings, created(found.study))
    _report(staging / "report", derived)
    if found.study.results:
        (staging / "report" / "results.csv").write_text(to_csv(derived.results), encoding="utf-8-sig", newline="")
    severities = Counter("explained" if finding.waived else str(finding.severity) for finding in derived.findings)
    specs = {**dict(found.study.files), **_written(found.study)}
    write_manifest(staging, found.study, derived.source.digests(), specs, derived.counts, severities)


def _written(study: ResolvedStudy) -> dict[str, Path]:
    """The suites written by hand: inputs of a run like the YAML."""
    from validation.custom_suites import FOLDER, files  # noqa: PLC0415

    return {f"{FOLDER}/{path.name}": path for path in files(study).values()}


def reject(out: Path, derived: Derived) -> tuple[str, ...]:
    """Leave the datasets as derived where they can be looked at; nothing else in `out` changes.

    Returns:
        The datasets that no transport file can hold; `not-written.txt` says why.
    """
    from adam.submission.folder import stage_rejected  # noqa: PLC0415

    with stage_rejected(out) as folder:
        left_out = _as_derived(folder, derived)
        _report(folder / "report", derived, holds(out))
    return tuple(left_out)


def holds(out: Path) -> tuple[str, ...]:
    """The datasets an output has of an earlier run; none if it has no output of ours."""
    from adam.submission.earlier_output import read_earlier_output  # noqa: PLC0415

    before = read_earlier_output(out)
    return before.datasets if before is not None else ()


def _as_derived(folder: Path, derived: Derived) -> dict[str, str]:
    """Write each dataset that a transport file can hold, as it is; why each of the others cannot be written."""
    from adam.submission import write  # noqa: PLC0415

    left_out = {}
    for name, frame in derived.frames.items():
        dataset = _widened(derived.found.datasets[name], frame)
        try:
            write(frame, dataset, folder / f"{name.lower()}.xpt", created(derived.found.study), non_ascii="keep")
        except ExportError as error:
            left_out[name] = str(error)
    if left_out:
        text = "".join(f"{name} is not here, because no transport file can hold it as it is:\n{why}\n" for name, why in left_out.items())
        (folder / NOT_WRITTEN).write_text(text, encoding="utf-8")
    return left_out


def _widened(dataset: ResolvedDataset, frame: pd.DataFrame) -> ResolvedDataset:
    """A dataset whose text is as long as its longest value, so that a rejected one can still be written."""
    variables = {}
    for name, variable in dataset.variables.items():
        longest = int(frame[name].str.encode("utf-8").str.len().max()) if variable.type == "text" and len(frame) else 1
        variables[name] = variable.model_copy(update={"length": max(longest, variable.length or 1)}) if variable.type == "text" else variable
    return dataset.model_copy(update={"variables": variables})
