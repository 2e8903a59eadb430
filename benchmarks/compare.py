"""Compare two versions of a dataset of 1,000,000 records and 60 variables: `python benchmarks/compare.py [RECORDS]`.

The second version is shuffled and has planted differences. Prints CPU seconds of the comparison itself with a key that is given and
with one that is searched, of a comparison in which every value of 28 variables differs, and of `adam compare` on files.
"""

from __future__ import annotations

import datetime
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import adam
from adam.comparison.compare import compare_tables
from adam.comparison.result import Key
from adam.comparison.table import Column, Table, comparable_values
from adam.comparison.text import as_text
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import xpt

KEY = ("USUBJID", "PARAMCD", "AVISITN")
VARIABLES = 60


def frame(records: int) -> pd.DataFrame:
    """A findings dataset: 20 parameters and 25 visits for each subject, texts, numbers and dates."""
    random = np.random.default_rng(1)
    place = np.arange(records)
    columns: dict[str, object] = {
        "STUDYID": np.full(records, "STUDY-01"),
        "USUBJID": np.char.add("STUDY-01-", (place // 500).astype(str)),
        "PARAMCD": np.char.add("PARAM", (place // 25 % 20).astype(str)),
        "AVISITN": (place % 25).astype("float64"),
    }
    for number in range(VARIABLES - len(columns)):
        kind = number % 3
        if kind == 0:
            columns[f"TEXT{number}"] = np.array(["MILD", "MODERATE", "SEVERE", "", "NOT REPORTED"])[random.integers(0, 5, records)]
        elif kind == 1:
            columns[f"NUM{number}"] = np.where(random.random(records) < 0.05, np.nan, random.normal(100, 15, records))
        else:
            columns[f"DATE{number}"] = pd.Series(np.datetime64("2020-01-01", "s") + random.integers(0, 900, records).astype("timedelta64[D]"))
    return pd.DataFrame(columns)


def table(data: pd.DataFrame) -> Table:
    """The frame in the form that is compared."""
    kinds = {name: "date" if data[name].dtype.kind == "M" else "number" if data[name].dtype.kind == "f" else "text" for name in data}
    columns = {
        str(name): Column(str(name), kind, comparable_values(data[name].astype("str") if kind == "text" else data[name], kind))
        for name, kind in kinds.items()
    }
    return Table("", None, columns, len(data))


def planted(data: pd.DataFrame, share: float) -> pd.DataFrame:
    """A shuffled copy in which a share of the values of every second variable differs."""
    random = np.random.default_rng(2)
    result = data.copy()
    for name in list(data)[4::2]:
        chosen = random.random(len(data)) < share
        column = result[name]
        other = column + np.timedelta64(1, "D") if column.dtype.kind == "M" else column + 1 if column.dtype.kind == "f" else column + "X"
        result[name] = column.where(~chosen, other)
    return result.iloc[random.permutation(len(data))].reset_index(drop=True)


def write_xpt(path: Path, data: pd.DataFrame) -> Path:
    """The frame as a transport file."""
    variables = {}
    for name, each in data.items():
        kind = {"M": "date", "f": "float"}.get(each.dtype.kind, "text")
        length = int(each.str.len().max()) if kind == "text" else None
        variables[str(name)] = ResolvedVariable(name=str(name), label=str(name), type=kind, length=length, format="DATE9." * (kind == "date"))
    xpt.write(data, ResolvedDataset(name="AD", class_="BDS", label="Data", key=KEY, variables=variables), path, datetime.datetime(2020, 1, 1))
    return path


def timed(name: str, work: Callable[[], str]) -> None:
    """Print the CPU seconds of some work, and its outcome."""
    start, wall = time.process_time(), time.perf_counter()
    outcome = work()
    print(f"{name:42} {time.process_time() - start:6.1f} s CPU {time.perf_counter() - wall:6.1f} s wall  {outcome}", flush=True)


def main(records: int) -> None:
    """Print the table."""
    data = frame(records)
    few, many = planted(data, 0.001), planted(data, 1.0)
    base, compare, different = table(data), table(few), table(many)
    key = Key(KEY, "given")
    print(f"{records:,} records, {data.shape[1]} variables")
    timed("compare, key given", lambda: f"{compare_tables('AD', base, compare, key).cells_different:,} values")
    timed("compare, key searched", lambda: " ".join(compare_tables("AD", base, compare).key.variables))
    timed("compare, half of the values differ", lambda: f"{compare_tables('AD', base, different, key).cells_different:,} values")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("base.parquet", "compare.parquet")]
        for path, each in zip(paths, (data, few), strict=True):
            each.to_parquet(path, index=False)
        timed("adam compare on Parquet files", lambda: as_text(adam.compare(*paths, key=",".join(KEY))).splitlines()[-1])
        files = [write_xpt(path.with_suffix(".xpt"), each) for path, each in zip(paths, (data, few), strict=True)]
        timed("adam compare on transport files", lambda: as_text(adam.compare(*files, key=",".join(KEY))).splitlines()[-1])


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000)
