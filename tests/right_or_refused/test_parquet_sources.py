"""Parquet: every type of column gives its values, or is refused by name."""

import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adam.core.errors import SourceError
from adam.sources import Source, open_source


def source(folder: Path, column: pa.Array) -> Source:
    count = len(column)
    table = pa.table({"STUDYID": ["S"] * count, "USUBJID": [str(n) for n in range(count)], "AEVAL": column})
    pq.write_table(table, folder / "ae.parquet")
    return open_source(folder)


def values(folder: Path, column: pa.Array) -> list[object]:
    found = source(folder, column).read("AE", ["AEVAL"])["AEVAL"]
    return list(found.astype(object).where(found.notna(), None))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1, None, 3]), [1.0, None, 3.0]),
        (pa.array([2**53, None]), [float(2**53), None]),
        (pa.array([200, None], pa.uint8()), [200.0, None]),
        (pa.array([Decimal("1.50"), None]), [1.5, None]),
        (pa.array(["a", None]), ["a", ""]),
        (pa.array(["a", None, "b", "a"]).dictionary_encode(), ["a", "", "b", "a"]),
        (pa.array([5, None, 5]).dictionary_encode(), [5.0, None, 5.0]),
        (pa.nulls(2), ["", ""]),
        (pa.array([datetime.date(2020, 2, 29), None]), [pd.Timestamp("2020-02-29"), None]),
        (pa.array([datetime.datetime(2020, 2, 29, 10, 30), None], pa.timestamp("ms")), [pd.Timestamp("2020-02-29T10:30"), None]),
        (pa.array([datetime.time(1, 0, 1), None], pa.time64("us")), [3601.0, None]),
    ],
)
def test_values(tmp_path: Path, column: pa.Array, expected: list[object]) -> None:
    assert values(tmp_path, column) == expected


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2**53 + 1]),
        pa.array([1, 2**53 + 1, None]),
        pa.array([1, -(2**53) - 1, None]),
        pa.array([1, 2**64 - 1, None], pa.uint64()),
        pa.array([1, 2**53 + 1, None]).dictionary_encode(),
        pa.array([Decimal(1), Decimal(2**53 + 1), None]),
        pa.array([1.0, 1e300]),
        pa.array([1.0, float("inf"), None]),
    ],
)
def test_numbers_a_double_cannot_hold_are_refused_by_name(tmp_path: Path, column: pa.Array) -> None:
    with pytest.raises(SourceError, match=r"ae\.parquet: record 2: AEVAL is .*, above 2\*\*53"):
        values(tmp_path, column)


@pytest.mark.parametrize("column", [pa.array([True]), pa.array([[1]]), pa.array([b"x"]), pa.array([1], pa.timestamp("s", "UTC"))])
def test_other_types_are_refused_by_name(tmp_path: Path, column: pa.Array) -> None:
    with pytest.raises(SourceError, match=r"ae\.parquet: AEVAL has the type"):
        source(tmp_path, column)


def test_what_is_cut_or_rounded_is_a_finding(tmp_path: Path) -> None:
    found = source(tmp_path, pa.array([Decimal("0.12345678901234567891"), Decimal("0.10000000000000000000")]))
    assert found.read("AE", ["AEVAL"])["AEVAL"].tolist() == [0.12345678901234568, 0.1]
    assert [(each.count, each.values) for each in found.findings] == [(1, ({"AEVAL": "0.12345678901234567891"},))]
    found = source(tmp_path, pa.array([datetime.datetime(2020, 1, 1, 0, 0, 1, 500_000)]))
    assert found.read("AE", ["AEVAL"])["AEVAL"].tolist() == [pd.Timestamp("2020-01-01T00:00:01")]
    assert "The fraction of a second was cut off" in found.findings[0].message
