"""Break every rule of DOMAIN section 8 and every conformance rule once in the built study, and list the checks that report it.

Run: python benchmarks/mutate.py [RULE ...] (rules by the beginning of their ids: `python benchmarks/mutate.py E- AD00`). For each mutation it
prints the rule, the dataset, the change, the check that reported it (severity, kind, line), and the other rules that reported it. The exit
code is 1 if a mutation is not reported, or only because a check could not be run.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.validation import nonconforming
from tests.validation.breaking import Fired, Tried, made, severities, tried
from tests.validation.nonconforming import ALL, Nonconforming
from tests.validation.special import specially


def line(each: Tried) -> str:
    """The line of the table for a mutation."""
    own = [fire for fire in each.fired if fire.rule == each.rule]
    others = sorted({fire.rule for fire in each.fired if fire.rule != each.rule})
    return f"| {each.rule} | {each.dataset} | {each.said} | {checks_of(own) if each.caught else 'NOT CAUGHT'} | {', '.join(others) or '-'} |"


def checks_of(fires: Iterable[Fired]) -> str:
    """The checks that reported a mutation."""
    return ", ".join(dict.fromkeys(f"{fire.severity} {fire.kind}{f' line {fire.line}' if fire.line > 1 else ''}" for fire in fires))


def conforming(one: Nonconforming) -> str:
    """The line of the table for a broken conformance rule."""
    own = ", ".join(f"{findings[0].severity} {ALL[place].check.name}" for place, findings in one.more.items())
    each = one.each
    return f"| {each.rule} | {each.dataset} | {each} | {own if one.caught else 'NOT CAUGHT'} | {', '.join(one.others) or '-'} |"


def main() -> None:
    """Build once, apply every mutation, and print the table."""
    wanted = tuple(sys.argv[1:]) or ("",)
    with tempfile.TemporaryDirectory() as folder:
        built = made(Path(folder), subjects=24)
        found = [*tried(built, others=True, only=wanted), *(each for each in specially(built, Path(folder)) if each.rule.startswith(wanted))]
        broken = list(nonconforming.tried(built, others=True, only=wanted))
    print("| rule | dataset | mutation | caught by | others that fired |\n| --- | --- | --- | --- | --- |")
    for each in sorted(found, key=lambda one: one.rule):
        print(line(each))
    for one in sorted(broken, key=lambda one: one.each.rule):
        print(conforming(one))
    rules, missed = {each.rule for each in found}, [each for each in found if not each.caught]
    print(f"\n{len(found)} mutations of {len(rules)} of {len(severities())} rules of DOMAIN section 8, {len(missed)} not caught")
    rules, left = {one.each.rule for one in broken}, [one for one in broken if not one.caught]
    print(f"{len(broken)} breaks of {len(rules)} of {len({rule.id for rule in ALL})} conformance rules, {len(left)} not caught")
    sys.exit(1 if missed or left else 0)


if __name__ == "__main__":
    main()
