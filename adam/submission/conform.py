"""CDISC CORE on the datasets of an output: an external program runs it in its own environment and writes a report (docs/conform_core.md)."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from adam.core.errors import UsageError
from adam.core.output_kinds import DOCUMENTS, require_kind
from adam.submission.manifest import kinds_left_out, read_manifest

DATASETS, DEFINE = "adam", "define.xml"
EXAMPLE = "examples/core/run.py"


class _ReportModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RuleIssues(_ReportModel):
    """The issues that a rule found in one dataset: its message, their number, and the first as the engine reports it."""

    dataset: str
    message: str
    count: int
    first: str = ""


class RuleOutcome(_ReportModel):
    """The outcome of one rule. `error` means that it could not be run; `reason` explains why a rule was skipped."""

    rule: str
    status: Literal["passed", "skipped", "issue", "error"]
    reason: str = ""
    issues: tuple[RuleIssues, ...] = ()


class ConformanceReport(_ReportModel):
    """The report of a run of CORE: its version, the outcome of every rule, and the requested ids without a rule."""

    engine: str
    rules: tuple[RuleOutcome, ...]
    missing_rules: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The number of rules by outcome; `run` are the rules that were not skipped."""
        outcomes = Counter(rule.status for rule in self.rules)
        return {
            "rules": len(self.rules),
            "run": len(self.rules) - outcomes["skipped"],
            **{each: outcomes[each] for each in ("passed", "issue", "error", "skipped")},
            "issues": sum(each.count for rule in self.rules if rule.status == "issue" for each in rule.issues),
        }

    @property
    def passed(self) -> bool:
        """Whether at least one rule was run and every rule that was run passed."""
        return any(rule.status == "passed" for rule in self.rules) and all(rule.status in ("passed", "skipped") for rule in self.rules)

    def lines(self) -> Iterator[str]:
        """The report as text: what failed, what was skipped and why, the counts."""
        for rule in self.rules:
            if rule.status in ("issue", "error"):
                yield from _rule_lines(rule)
        for reason in dict.fromkeys(rule.reason for rule in self.rules if rule.status == "skipped"):
            yield f"skipped: {', '.join(rule.rule for rule in self.rules if rule.status == 'skipped' and rule.reason == reason)}: {reason}"
        if self.missing_rules:
            yield f"no such rule: {', '.join(self.missing_rules)}"
        counts = self.counts
        run = f"{counts['run']} run, {counts['passed']} passed, {counts['issue']} with issues ({counts['issues']}), {counts['error']} in error"
        yield f"CDISC CORE {self.engine}: {counts['rules']} rules, {run}, {counts['skipped']} skipped"
        if not counts["run"]:
            yield "NO RULE WAS RUN, so these datasets were not checked"


def _rule_lines(rule: RuleOutcome) -> Iterator[str]:
    for each in rule.issues:
        yield f"{rule.status}: {rule.rule} {each.dataset}: {each.message}; {each.count}; first: {each.first}"
    if not rule.issues:
        yield f"{rule.status}: {rule.rule}: the engine reports no details"


def conform(out: Path, core: str) -> ConformanceReport:
    """Run CDISC CORE on the datasets of an output.

    Args:
        out: the folder that `adam build` wrote; its `adam/` has the transport files and define.xml.
        core: the command, as for a shell. It gets the folder of the datasets, `--define FILE` and `-o REPORT`, and writes the report as
            JSON, like `examples/core/run.py`.

    Raises:
        UsageError: there are no transport files or no define.xml; the command cannot be run, fails, or writes no report.
    """
    body = read_manifest(out)
    require_kind(DOCUMENTS, kinds_left_out(body or {}), out)
    folder = out / DATASETS
    if not any(folder.glob("*.xpt")) or not (folder / DEFINE).is_file():
        raise UsageError(f"{folder} has no transport files with a {DEFINE}. Name the folder that adam build wrote")
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary) / "report.json"
        _run([*_arguments(core), str(folder), "--define", str(folder / DEFINE), "-o", str(report)], core)
        return _read_report(report, core)


def _arguments(core: str) -> list[str]:
    try:
        arguments = shlex.split(core)
    except ValueError as error:
        raise UsageError(f"--core: '{core}' is not a command: {error}") from None
    if not arguments:
        raise UsageError(f"--core requires a command, such as 'python3.12 {EXAMPLE} --rules FOLDER'")
    return arguments


def _run(arguments: list[str], core: str) -> None:
    try:
        run = subprocess.run(arguments, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"--core: {arguments[0]} cannot be run: {error.strerror}") from None
    if run.returncode:
        messages = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["it printed no message"]
        raise UsageError(f"--core: '{core}' ended with code {run.returncode}: {messages[-1]}")


def _read_report(report: Path, core: str) -> ConformanceReport:
    if not report.is_file():
        raise UsageError(f"--core: '{core}' wrote no report. Use a program such as {EXAMPLE}")
    try:
        return ConformanceReport.model_validate_json(report.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the report"
        raise UsageError(f"--core: the report of '{core}' does not have the form that {EXAMPLE} writes: {place}: {first['msg']}") from None
