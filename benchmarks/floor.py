"""Compare the build of the dermatology study with its floor: reading its inputs and writing its outputs, and nothing else.

Run: python -m benchmarks.floor [SDTM] (default: a simulated study of 1,249 subjects).

The floor works on fixed records with numpy and pyarrow, in one process, and does exactly this:

- read the variables that the build reads, of the same files: text as codes of its distinct texts, numbers as doubles;
- hash these files (sha256), as the manifest requires;
- write the same records as transport files, whose bytes must be those of the build, and read these back into columns;
- write the same records as arrays of JSON, and read the bytes back once;
- hash both.

It does not plan, derive, check, describe (define.xml, guide, report) or compare what it read back.
"""

from __future__ import annotations

import hashlib
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.sources.xpt import locate_records
from adam.sources.xpt_bytes import Field, fields_of
from validation.suite import needs, suites

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
BLOCK, ROWS = 2_000, 50_000
Column = pa.DictionaryArray | np.ndarray


def columns_of(path: Path, names: Iterable[str] | None = None) -> tuple[bytes, list[Field], dict[str, Column]]:
    """The header of a transport file, its variables, and some of its columns (all without `names`)."""
    body = locate_records(path, True)
    with path.open("rb") as file:
        header = file.read(body.start)
    fields = fields_of(header, path)
    count = (body.end - body.start) // body.width
    raw = np.memmap(path, dtype=np.uint8, mode="r", offset=body.start, shape=(count, body.width))
    while count and (raw[count - 1] == ord(" ")).all():
        count -= 1
    chosen = [field for field in fields if names is None or field.name in set(names)]
    bytes_of = {field.name: np.empty((count, field.width), dtype=np.uint8) for field in chosen}
    for start in range(0, count, BLOCK):
        block = raw[start : min(start + BLOCK, count)]
        for field in chosen:
            bytes_of[field.name][start : start + BLOCK] = block[:, field.place : field.place + field.width]
    return header, fields, {field.name: _doubles(bytes_of[field.name]) if field.numeric else _codes(bytes_of[field.name]) for field in chosen}


def _codes(piece: np.ndarray) -> pa.DictionaryArray:
    return pa.Array.from_buffers(pa.binary(piece.shape[1]), len(piece), [None, pa.py_buffer(piece)]).dictionary_encode()


def _doubles(piece: np.ndarray) -> np.ndarray:
    """Numbers of 8 bytes of the mainframe; NaN if missing."""
    words = piece.view(">u8").ravel().astype(np.uint64)
    values = np.ldexp((words & np.uint64(2**56 - 1)).astype("float64"), 4 * ((words >> np.uint64(56)) & np.uint64(127)).astype("int32") - 312)
    values[words == np.uint64(0x2E << 56)] = np.nan
    return np.where(words >> np.uint64(63), -values, values)


def _mainframe(values: np.ndarray) -> np.ndarray:
    """Doubles as numbers of 8 bytes of the mainframe."""
    fraction, exponent = np.frexp(np.abs(np.nan_to_num(values)))
    power = -(-exponent // 4)
    whole = np.ldexp(fraction, exponent - 4 * power + 56).astype(np.uint64)
    words = whole | ((power + 64).astype(np.uint64) << np.uint64(56)) | (np.signbit(values).astype(np.uint64) << np.uint64(63))
    words[values == 0] = 0
    words[np.isnan(values)] = np.uint64(0x2E << 56)
    return words.astype(">u8").view(np.uint8).reshape(-1, 8)


def write_transport(path: Path, header: bytes, fields: list[Field], columns: Mapping[str, Column]) -> None:
    """Write columns as a transport file with the header of another one."""
    count = len(next(iter(columns.values())))
    raw = np.empty((count, sum(field.width for field in fields)), dtype=np.uint8)
    for field in fields:
        column = columns[field.name]
        raw[:, field.place : field.place + field.width] = _mainframe(column) if isinstance(column, np.ndarray) else _bytes(column, field.width)
    with path.open("wb") as file:
        file.write(header)
        file.write(raw.data)
        file.write(b" " * (-raw.size % 80))


def _bytes(column: pa.DictionaryArray, width: int) -> np.ndarray:
    distinct = np.frombuffer(column.dictionary.buffers()[1], dtype=np.uint8, count=len(column.dictionary) * width).reshape(-1, width)
    return distinct[column.indices.to_numpy()]


def write_json(path: Path, columns: Mapping[str, Column]) -> None:
    """Write columns as records of JSON: each distinct value is made a text once, and the texts of a record are joined."""
    texts = [_json(column) for column in columns.values()]
    with path.open("wb") as file:
        for start in range(0, len(texts[0]), ROWS):
            part = [text.slice(start, ROWS) for text in texts]
            rows = pc.binary_join_element_wise(*(text.dictionary.take(text.indices) for text in part), pa.scalar(","))
            file.write(b"[" + pc.binary_join(pa.ListArray.from_arrays([0, len(rows)], rows), "],[")[0].as_buffer().to_pybytes() + b"]\n")


def _json(column: Column) -> pa.DictionaryArray:
    """Each value as JSON; dates are the numbers that the transport file has."""
    if isinstance(column, np.ndarray):
        column = pa.array(column, from_pandas=True).dictionary_encode("encode")
        return pa.DictionaryArray.from_arrays(column.indices, pc.fill_null(column.dictionary.cast(pa.string()), "null"))
    plain = pc.utf8_rtrim(column.dictionary.cast(pa.binary()).cast(pa.string()), " ")
    plain = pc.replace_substring(pc.replace_substring(plain, "\\", "\\\\"), '"', '\\"')
    return pa.DictionaryArray.from_arrays(column.indices, pc.binary_join_element_wise('"', plain, '"', ""))


class Stages:
    """The processor seconds of the stages of the floor."""

    def __init__(self) -> None:
        self.total, self.started = 0.0, 0.0

    def measured(self, stage: str, files: Iterable[Path]) -> Iterator[Path]:
        """The files, one after another; the time between them is that of the stage."""
        started = time.process_time()
        yield from files
        spent = time.process_time() - started
        self.total += spent
        print(f"  {stage:<44} {spent:5.2f} s", flush=True)


def sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def least(sdtm: Path, built: Path) -> float:
    """The least processor seconds of three runs of the floor, each in a process of its own, as the build is; prints their stages."""
    command = [sys.executable, "-m", "benchmarks.floor", "--only", str(sdtm), str(built)]
    found = [subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout for _ in range(3)]
    print(*found, sep="", end="", flush=True)
    return min(float(each.split()[-1]) for each in found)


def floor(sdtm: Path, built: Path, scratch: Path) -> float:
    """The processor seconds of the floor; prints its stages."""
    plan, source = plan_with_source(SPECS, sdtm)
    assert source is not None
    read = {name: {*plan.columns.get(name, ()), *needs(suites(plan.study, plan.datasets)).get(name, ())} for name in source.headers}
    inputs = {path: read[name] for name, header in source.headers.items() if read[name] for path in header.files}
    datasets = sorted((built / "adam").glob("*.xpt"))
    found = {path: columns_of(path) for path in datasets}
    stages = Stages()
    for path in stages.measured("read the variables of the inputs", inputs):
        columns_of(path, inputs[path])
    for path in stages.measured("hash the inputs", inputs):
        sha256(path)
    for path in stages.measured("write transport files", datasets):
        write_transport(scratch / path.name, *found[path])
    for path in datasets:
        assert (scratch / path.name).read_bytes() == path.read_bytes(), path.name
    for path in stages.measured("read them back into columns, hash them", datasets):
        columns_of(scratch / path.name)
        sha256(scratch / path.name)
    for path in stages.measured("write records of JSON", datasets):
        write_json(scratch / f"{path.stem}.json", found[path][2])
    for path in stages.measured("read their bytes back, hash them", datasets):
        sha256(scratch / f"{path.stem}.json")
    return stages.total


def build(sdtm: Path, out: Path) -> float:
    """The processor seconds of the command, with its start and its imports."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "adam", "build", str(SPECS), "--sdtm", str(sdtm), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"adam build: peak memory {after.ru_maxrss / 2**20:.2f} GB", flush=True)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Build, then measure the floor of the same files; with --only, the floor of an output."""
    if sys.argv[1:2] == ["--only"]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{floor(Path(sys.argv[2]), Path(sys.argv[3]), Path(folder)):.2f}")
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation has compiled modules
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; seconds of the processor")
    with tempfile.TemporaryDirectory() as folder:
        scratch, sdtm = Path(folder), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "sdtm"
        if len(sys.argv) < 2:
            simulate_study(SPECS, sdtm, None, 1, exact=True, edge_cases=False)
        built = min(build(sdtm, scratch / "out") for _ in range(3))
        print("floor:")
        fastest = least(sdtm, scratch / "out")
        print(f"floor {fastest:.1f} s, adam build {built:.1f} s: {built / fastest:.1f} times the floor")


if __name__ == "__main__":
    main()
