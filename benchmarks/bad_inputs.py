"""Bad specifications and sources, drawn at random: how each ends.

Run: python benchmarks/bad_inputs.py [--seed 1] [--count 300] [--keep DIR] [--show].

Every input is a small good study with one thing spoilt (`tests/bad_inputs`), built by the command line in a process of its own. Each must be
refused or reported, or give the values of the good study, whatever its mutation declares. Printed are the counts of each kind and every input
that ended otherwise, with what repeats it alone; the exit code is 1 if there is one.
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


def chosen(options: argparse.Namespace, folder: Path) -> list[Case]:
    """The cases the arguments ask for."""
    if options.repeat:
        kind, number, seed = options.repeat.rsplit(":", 2)
        return [Case(kind, int(number), int(seed), folder / "repeated")]
    return every(options.seed, folder) if options.every else drawn(options.seed, options.count, folder)


def main() -> int:
    """Run the cases and print what was found; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--every", action="store_true", help="every mutation once instead of so many drawn")
    parser.add_argument("--repeat", metavar="KIND:NUMBER:SEED", help="this input alone, as it is listed")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the studies and what came of them here")
    parser.add_argument("--show", action="store_true", help="print what the command printed for each input")
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)).resolve()
        found = []
        for each in tried(chosen(options, folder), folder):
            found.append(each)
            if options.show:
                print(f"{each.block}\n{each.ran.stdout}{each.ran.stderr}", flush=True)
            elif each.wrong:
                print(each.block, flush=True)
    bad = [each for each in found if each.wrong]
    print(table(found))
    print(f"{len(found)} inputs in {time.monotonic() - start:.0f} s, {len(bad)} of them with something wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
