"""Every rule of DOMAIN section 8 broken once, and what tells it. Run: python benchmarks/mutate.py [RULE ...] (rules by how their ids begin).

Printed of each mutation: the rule that is meant, where, what is done, what caught it (severity, kind of check, line), and the others that
fired. Ends with code 1 if one is not caught.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.validation.breaking import Fired, Tried, made, severities, tried
from tests.validation.special import specially


def line(each: Tried) -> str:
    """A mutation as a line of the table."""
    own = [fire for fire in each.fired if fire.rule == each.rule]
    others = sorted({fire.rule for fire in each.fired if fire.rule != each.rule})
    return f"| {each.rule} | {each.dataset} | {each.said} | {told(own) if each.caught else 'NOT CAUGHT'} | {', '.join(others) or '-'} |"


def told(fires: Iterable[Fired]) -> str:
    """What caught it."""
    return ", ".join(dict.fromkeys(f"{fire.severity} {fire.kind}{f' line {fire.line}' if fire.line > 1 else ''}" for fire in fires))


def main() -> None:
    """Build once, try all, print."""
    wanted = tuple(sys.argv[1:]) or ("",)
    with tempfile.TemporaryDirectory() as folder:
        built = made(Path(folder), subjects=24)
        found = [*tried(built, others=True, only=wanted), *(each for each in specially(built, Path(folder)) if each.rule.startswith(wanted))]
    print("| rule | dataset | mutation | caught by | others that fired |\n| --- | --- | --- | --- | --- |")
    for each in sorted(found, key=lambda one: one.rule):
        print(line(each))
    rules = {each.rule for each in found}
    missed = [each for each in found if not each.caught]
    print(f"\n{len(found)} mutations of {len(rules)} of {len(severities())} rules, {len(missed)} not caught")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
