"""Write and verify the efficacy dataset of a simulated dermatology study, and compare with the floor: the same bytes written and read once.

Run: python -m benchmarks.export [--subjects 1249].

Each step runs in a process of its own. The floor of a format writes the bytes of the file in blocks with a plain file object, reads them
back, and hashes them. Each time is CPU seconds; the ratio to the floor is what another machine can reproduce.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import hashlib
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyreadstat

from adam.core.stored import StoredRecords, write_records
from adam.pipeline.derive import derive_study
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.submission import json, xpt

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
DATASET = "ADEFF"
CREATED = datetime.datetime(2021, 1, 15)
PART, BLOCK = 50_000, 8_000_000
"""Records of a stored part, and bytes of a block of the floor."""


def write_xpt(path: Path, records: StoredRecords, dataset: ResolvedDataset, study: ResolvedStudy) -> None:
    """Write and verify the transport file."""
    xpt.write_parts(records.parts(), dataset, path, CREATED, non_ascii=study.non_ascii)


def write_json(path: Path, records: StoredRecords, dataset: ResolvedDataset, study: ResolvedStudy) -> None:
    """Write and verify the Dataset-JSON file."""
    json.write_parts(records.parts(), dataset, path, CREATED, records=len(records), study=study)


def read_with_pyreadstat(path: Path, *_: object) -> None:
    """Read the transport file with pyreadstat."""
    pyreadstat.read_xport(str(path), disable_datetime_conversion=True, output_format="dict")


def copy_blocks(path: Path, *_: object) -> None:
    """The floor: write the bytes of a file, read them back, and hash them."""
    copy, digest = path.with_suffix(".copy"), hashlib.sha256()
    with path.open("rb") as source, copy.open("wb") as target, copy.open("rb") as written:
        while block := source.read(BLOCK):
            target.write(block)
            target.flush()
            digest.update(written.read(len(block)))
    copy.unlink()


def measured(function: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """CPU seconds of a call in a new process, and by how much it raised the peak memory, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (function, arguments))


def _measure(function: Callable[..., None], arguments: tuple[object, ...]) -> tuple[float, float]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # a new process begins with the peak of its parent
    before, start = _peak(), time.process_time()
    function(*arguments)
    return time.process_time() - start, (_peak() - before) / 1024


def _peak() -> int:
    """The largest memory of this process until now, in kB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def stored_records(folder: Path, subjects: int) -> tuple[StoredRecords, ResolvedDataset, ResolvedStudy]:
    """The derived records in parts on the disk."""
    simulate_study(SPECS, folder / "sdtm", subjects=subjects)
    derived = derive_study(plan_with_source(SPECS, folder / "sdtm", [DATASET]), complete=False)
    frame = derived.records[DATASET].read()
    parts = [write_records(frame.iloc[start : start + PART], folder / f"{start}.arrow") for start in range(0, len(frame), PART)]
    return StoredRecords.joined(parts), derived.datasets[DATASET], derived.plan.study


def main() -> None:
    """Print the CPU seconds, the ratio to the floor, and the memory of each step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=1249)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, dataset, study = stored_records(folder, parser.parse_args().subjects)
        print(f"{len(records):,} records of {len(dataset.variables)} variables in {len(records.sizes)} parts")
        for suffix, write in (("xpt", write_xpt), ("json", write_json)):
            path = folder / f"adeff.{suffix}"
            found = {"write and verify": measured(write, path, records, dataset, study), "floor": measured(copy_blocks, path)}
            if suffix == "xpt":
                found["pyreadstat, reading alone"] = measured(read_with_pyreadstat, path)
            floor = found["floor"][0]
            for step, (seconds, memory) in found.items():
                size = path.stat().st_size / 1e6
                print(f"{suffix:>4} {size:7,.0f} MB  {step:<26} {seconds:6.2f} CPU s  {seconds / floor:6.1f} x floor  {memory:6,.0f} MB more memory")


if __name__ == "__main__":
    main()
