"""Draws cases, runs and judges them, and prints what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bad_inputs import source_files, source_typed, source_values, spec_language, spec_limits, spec_shapes, spec_text  # noqa: F401
from tests.bad_inputs.judging import BAD, Good, judged
from tests.bad_inputs.mutation import KINDS
from tests.bad_inputs.running import Case, Ran, first_run, run


@dataclass(frozen=True)
class Judged:
    """A case with what is wrong with how it ended."""

    ran: Ran
    wrong: tuple[tuple[str, str], ...]

    @property
    def block(self) -> str:
        """How to repeat the case, what was done, and what is wrong."""
        kinds = "".join(f"\n    {kind}: {what}" for kind, what in self.wrong)
        return f"{self.ran.case.name} ({self.ran.case.kind}; must be {self.ran.case.expected}): {self.ran.done}: exit {self.ran.code}{kinds}"


def tried(cases: list[Case], folder: Path) -> Iterator[Judged]:
    """Run and judge cases; the good study is run first, and must pass."""
    good = Good(first_run(folder))
    for ran in run(cases):
        yield Judged(ran, tuple(judged(ran, good)))


def table(found: list[Judged]) -> str:
    """How often what was wrong, for each kind and family."""
    head = "| family | kind | inputs | refused | exit 1 | exit 0 | " + " | ".join(BAD) + " |"
    lines = [head, "| --- | --- |" + " --: |" * (len(BAD) + 4)]
    for family in ("specification", "source"):
        for kind in [each for each in KINDS.values() if each.family == family]:
            mine = [each for each in found if each.ran.case.kind == kind.name]
            if mine:
                lines.append(_row(family, kind.name, mine))
    lines.append(_row("all", "", found))
    return "\n".join(lines)


def _row(family: str, name: str, found: list[Judged]) -> str:
    codes, kinds = Counter(each.ran.code for each in found), Counter(kind for each in found for kind in dict(each.wrong))
    numbers = [len(found), codes[2], codes[1], codes[0], *(kinds[kind] for kind in BAD)]
    return f"| {family} | {name} | " + " | ".join(str(number) if number else "" for number in numbers) + " |"
