"""CDISC CORE on the datasets of an output: a program of its own environment runs it, and its report is read (docs/conform_core.md)."""

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

DATASETS, DEFINE = "adam", "define.xml"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RuleIssues(_Read):
    """What a rule found in one dataset: its message, how many issues, and the first as the engine tells it."""

    dataset: str
    message: str
    count: int
    first: str = ""


class RuleOutcome(_Read):
    """How one rule ended: `error` is one that could not be run, `why` says what a skipped one lacked."""

    rule: str
    status: Literal["passed", "skipped", "issue", "error"]
    why: str = ""
    found: tuple[RuleIssues, ...] = ()


class ConformanceReport(_Read):
    """The report of a run of CORE: its version, every rule, and the ids asked for of which there is no rule."""

    engine: str
    rules: tuple[RuleOutcome, ...]
    lacking: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rules ended how; `run` are those that were not skipped."""
        ended = Counter(rule.status for rule in self.rules)
        run = len(self.rules) - ended["skipped"]
        return {
            "rules": len(self.rules),
            "run": run,
            **{each: ended[each] for each in ("passed", "issue", "error", "skipped")},
            "issues": self.issues,
        }

    @property
    def issues(self) -> int:
        """How many issues all rules found."""
        return sum(failed.count for rule in self.rules if rule.status == "issue" for failed in rule.found)

    @property
    def good(self) -> bool:
        """Whether a rule was run and every one that was passed; a run without rules is none."""
        return any(rule.status == "passed" for rule in self.rules) and all(rule.status in ("passed", "skipped") for rule in self.rules)

    def lines(self) -> Iterator[str]:
        """The report as text: what failed, what was skipped and why, the counts."""
        for rule in self.rules:
            if rule.status in ("issue", "error"):
                yield from (f"{rule.status}: {rule.rule} {each.dataset}: {each.message}; {each.count}; first: {each.first}" for each in rule.found)
                if not rule.found:
                    yield f"{rule.status}: {rule.rule}: the engine says no more"
        for why in dict.fromkeys(rule.why for rule in self.rules if rule.status == "skipped"):
            yield f"skipped: {', '.join(rule.rule for rule in self.rules if rule.status == 'skipped' and rule.why == why)}: {why}"
        if self.lacking:
            yield f"no rule: {', '.join(self.lacking)}"
        counts = self.counts
        told = f"{counts['run']} run, {counts['passed']} passed, {counts['issue']} with issues ({counts['issues']}), {counts['error']} in error"
        yield f"CDISC CORE {self.engine}: {counts['rules']} rules, {told}, {counts['skipped']} skipped"
        if not counts["run"]:
            yield "NO RULE WAS RUN, so nothing is known of these datasets"


def conform(out: Path, core: str) -> ConformanceReport:
    """Run CDISC CORE over the datasets of an output.

    Args:
        out: the folder of `adam build`; its `adam/` has the transport files and define.xml.
        core: the command, in the words of a shell. It is given the folder, `--define FILE` and `-o REPORT`, and writes the report as JSON
            (`examples/core/run.py` is such a program).

    Raises:
        UsageError: there are no transport files or no define.xml; the command cannot be run, fails, or writes no report.
    """
    folder = out / DATASETS
    if not any(folder.glob("*.xpt")) or not (folder / DEFINE).is_file():
        raise UsageError(f"{folder} has no transport files with a {DEFINE}; conform wants the folder adam build wrote")
    try:
        words = shlex.split(core)
    except ValueError as error:
        raise UsageError(f"--core: '{core}' is no command: {error}") from None
    if not words:
        raise UsageError("--core wants a command, such as 'python3.12 examples/core/run.py --rules FOLDER'")
    with tempfile.TemporaryDirectory() as made:
        report = Path(made) / "report.json"
        given = [*words, str(folder), "--define", str(folder / DEFINE), "-o", str(report)]
        try:
            run = subprocess.run(given, capture_output=True, check=False)
        except OSError as error:
            raise UsageError(f"--core: {words[0]} cannot be run: {error.strerror}") from None
        if run.returncode:
            said = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
            raise UsageError(f"--core: '{core}' ended with code {run.returncode}: {said[-1]}")
        return _report(report, core)


def _report(report: Path, core: str) -> ConformanceReport:
    if not report.is_file():
        raise UsageError(f"--core: '{core}' wrote no report; is it a program such as examples/core/run.py?")
    try:
        return ConformanceReport.model_validate_json(report.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise UsageError(f"--core: the report of '{core}' is not as examples/core/run.py writes it: {place}: {first['msg']}") from None
