"""What several commands print the same way: progress, differences, a catalogue."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from adam.cli.console import say

if TYPE_CHECKING:
    from adam.pipeline.build import Outcome
    from adam.submission.conform import ConformanceReport


def compared(differences: Sequence[Any], as_json: bool, good: str) -> int:
    """Print how a folder differs from its manifest; 1 if it does."""
    if as_json:
        say(json.dumps({"differences": [{"what": each.what, "file": each.name} for each in differences]}, indent=2))
    elif differences:
        say("\n".join([*map(str, differences), f"{len(differences)} differences from the manifest"]))
    else:
        say(good)
    return 1 if differences else 0


def state_of(outcome: Outcome) -> Iterator[str]:
    """Which datasets the output has after a run, and of which run they are."""
    out, held = outcome.folder.parent, ", ".join(outcome.holds)
    if outcome.left_out:
        yield f"Not written there, as no transport file can hold them: {', '.join(outcome.left_out)} (not-written.txt gives the reasons)"
    if outcome.exported:
        yield f"{out} now holds {held}"
    elif held:
        yield f"{out / 'adam'} is of an earlier run and unchanged: {held}"
    else:
        yield f"{out} holds no exported datasets"
    if outcome.gone:
        yield f"No longer there, as the study does not make them any more: {', '.join(outcome.gone)}"


def conformed(report: ConformanceReport, as_json: bool) -> int:
    """Print what CDISC CORE told; 1 unless rules were run and all of them passed."""
    if as_json:
        say(json.dumps({"good": report.good, "counts": report.counts, **report.model_dump(mode="json")}, indent=2, ensure_ascii=False))
    else:
        say("\n".join(report.lines()))
    return 0 if report.good else 1


def progress() -> Callable[[str, int, int], None] | None:
    """A line that tells how far the work is; nothing where no one looks."""
    if not sys.stderr.isatty():
        return None

    def tell(step: str, number: int, steps: int) -> None:
        end = "\r\033[K" if number >= steps else ""
        say(f"\r\033[K{number}/{steps} {step[:60]}{end}", nl=False, err=True, styled=True)

    return tell


def catalogue(name: str | None, described: Callable[[str], str], summaries: Callable[[], dict[str, str]], as_json: bool) -> int:
    """Print what one entry of a catalogue does, or all of them in a line each."""
    if name:
        say(json.dumps({"name": name, "text": described(name)}) if as_json else described(name))
    else:
        found = summaries()
        say(json.dumps(found, indent=2) if as_json else "\n".join(f"{key:22} {text}" for key, text in found.items()))
    return 0


def printed(lines: Sequence[str], as_json: bool) -> int:
    """Print lines, as a list for machines; the exit code of a command that only tells."""
    say(json.dumps(list(lines), indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
    return 0
