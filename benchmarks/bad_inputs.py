"""Run random invalid specifications and sources, and report how each run ends.

Run: python benchmarks/bad_inputs.py [--seed 1] [--count 300] [--keep DIR] [--show].

Every input is a small valid study with one mutation (`tests/bad_inputs`), built by the command line in its own process. The mutation declares
whether the input must be refused, reported, or give the values of the valid study. The script prints the counts of each kind and every input
that ended in another way, with the arguments that repeat it; the exit code is 1 if there is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.bad_inputs.campaign import table, tried
from tests.bad_inputs.running import Case, drawn, every


def select_cases(options: argparse.Namespace, folder: Path) -> list[Case]:
    """The cases that the arguments select."""
    if options.repeat:
        kind, number, seed = options.repeat.rsplit(":", 2)
        return [Case(kind, int(number), int(seed), folder / "repeated")]
    return every(options.seed, folder) if options.every else drawn(options.seed, options.count, folder)


def main() -> int:
    """Run the cases and print the results; the exit code is 1 if one is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--every", action="store_true", help="run every mutation once instead of a random selection")
    parser.add_argument("--repeat", metavar="KIND:NUMBER:SEED", help="run only this input, as it is listed")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the studies and their outputs in this folder")
    parser.add_argument("--show", action="store_true", help="print the output of the command for each input")
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)).resolve()
        found = []
        for each in tried(select_cases(options, folder), folder):
            found.append(each)
            if options.show:
                print(f"{each.block}\n{each.ran.stdout}{each.ran.stderr}", flush=True)
            elif each.wrong:
                print(each.block, flush=True)
    bad = [each for each in found if each.wrong]
    print(table(found))
    print(f"{len(found)} inputs in {time.monotonic() - start:.0f} s, {len(bad)} of them wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
