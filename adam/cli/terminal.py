"""What the commands print: builds, validations, differences, catalogues, and the progress line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adam.cli.console import write
from adam.core.errors import Finding, Severity

if TYPE_CHECKING:
    from adam.pipeline.build import BuildResult
    from adam.pipeline.validate import ValidationResult
    from adam.submission.conform import ConformanceReport
    from adam.submission.verify import Difference


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "record"), counted(0, "record")
    ('1 record', '0 records')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def severity_counts(findings: Iterable[Finding]) -> str:
    """The number of findings of each severity; the errors are always counted.

    >>> severity_counts([]), severity_counts([Finding("G-03", Severity.WARNING, "ADSL", "The value is missing")])
    ('0 errors', '0 errors, 1 warning')
    """
    listed = list(findings)
    counts = {str(severity): sum(each.severity is severity and not each.waived for each in listed) for severity in Severity}
    parts = [counted(count, name) for name, count in counts.items() if count or name == Severity.ERROR]
    explained = sum(bool(each.waived) for each in listed)
    return ", ".join([*parts, *([f"{explained} explained"] if explained else [])])


def record_counts(counts: Mapping[str, int]) -> str:
    """The number of records of each dataset.

    >>> record_counts({"ADSL": 12, "ADAE": 1})
    'ADSL (12 records), ADAE (1 record)'
    """
    return ", ".join(f"{name} ({counted(count, 'record')})" for name, count in counts.items()) or "no dataset"


def build_as_json(result: BuildResult) -> dict[str, Any]:
    """The outcome of a build as plain values."""
    return {
        "exported": result.exported,
        "folder": str(result.folder),
        "records": dict(result.counts),
        "output_datasets": list(result.output_datasets),
        "removed_datasets": list(result.removed_datasets),
        "unwritten_datasets": list(result.unwritten_datasets),
        "findings": [finding.as_dict() for finding in result.findings],
    }


def print_build(result: BuildResult, verbose: bool = False) -> None:
    """Print the findings of a build and which datasets the output has."""
    from validation.report import listing

    if result.findings:
        write(listing(list(result.findings), verbose), styled=True)
    write("\n".join(_build_lines(result)))
    if sys.stdout.isatty():
        write(stages(result.seconds))


def stages(seconds: Mapping[str, float]) -> str:
    """The time of each stage of a run.

    >>> stages({"read": 2.13, "derive": 4.0})
    'read 2.1 s, derive 4.0 s'
    """
    return ", ".join(f"{stage} {time:.1f} s" for stage, time in seconds.items())


def _build_lines(result: BuildResult) -> Iterator[str]:
    out, previous = result.folder.parent, ", ".join(result.output_datasets)
    if result.exported:
        yield f"Exported to {result.folder}: {record_counts(result.counts)}."
        if result.removed_datasets:
            yield f"Removed, because the study no longer has them: {', '.join(result.removed_datasets)}."
        return
    yield f"Build failed: {severity_counts(result.findings)}. The rejected datasets are in {result.folder}: {record_counts(result.counts)}."
    if result.unwritten_datasets:
        yield f"Not written, because a transport file cannot hold them: {', '.join(result.unwritten_datasets)}. Reasons: not-written.txt."
    yield f"The previous output in {out / 'adam'} is unchanged: {previous}." if previous else f"{out} has no exported datasets."


def print_validation(result: ValidationResult, as_json: bool, verbose: bool = False) -> None:
    """Print the findings of a validation and whether it passed."""
    if as_json:
        content = {"records": dict(result.counts), "findings": [finding.as_dict() for finding in result.findings]}
        write(json.dumps({"passed": not result.failed, **content}, indent=2, ensure_ascii=False))
        return
    from validation.report import listing

    if result.findings:
        write(listing(list(result.findings), verbose), styled=True)
    write(f"Read {record_counts(result.counts)}.")
    write(f"Validation {'failed' if result.failed else 'passed'}: {severity_counts(result.findings)}.")


def print_differences(differences: Sequence[Difference], as_json: bool, success: str) -> int:
    """Print how a folder differs from its manifest, or the message of success; the exit code is 1 if it differs."""
    if as_json:
        write(json.dumps({"differences": [{"what": each.what, "file": each.name} for each in differences]}, indent=2))
    elif differences:
        count = len(differences)
        write("\n".join([*map(str, differences), f"{count} file{'s differ' if count != 1 else ' differs'} from the manifest."]))
    else:
        write(success)
    return 1 if differences else 0


def print_core_report(report: ConformanceReport, as_json: bool) -> int:
    """Print the report of CDISC CORE; the exit code is 0 if rules ran and all of them passed, otherwise 1."""
    if as_json:
        write(json.dumps({"passed": report.passed, "counts": report.counts, **report.model_dump(mode="json")}, indent=2, ensure_ascii=False))
    else:
        write("\n".join(report.lines()))
    return 0 if report.passed else 1


def print_catalogue(name: str | None, describe: Callable[[str], str], summaries: Callable[[], dict[str, str]], as_json: bool) -> int:
    """Print the description of one entry of a catalogue, or one line for each entry."""
    if name:
        description = describe(name)
        write(json.dumps({"name": name, "text": description}) if as_json else description)
    else:
        entries = summaries()
        write(json.dumps(entries, indent=2) if as_json else "\n".join(f"{key:22} {text}" for key, text in entries.items()))
    return 0


def print_lines(lines: Sequence[str], as_json: bool) -> int:
    """Print lines, with `as_json` as a JSON list; the exit code is 0."""
    write(json.dumps(list(lines), indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
    return 0


def progress_line() -> Callable[[str, int, int], None] | None:
    """A function that shows the current step in one line on a terminal; None if standard error is not a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(step: str, number: int, steps: int) -> None:
        end = "\r\033[K" if number >= steps else ""
        write(f"\r\033[K{number}/{steps} {step[:60]}{end}", nl=False, err=True, styled=True)

    return show
