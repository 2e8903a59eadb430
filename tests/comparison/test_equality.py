"""When two values are equal: blanks, missing values, dates, tolerances, columns of different types."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import adam
from adam.comparison.result import DatasetComparison
from adam.comparison.text import as_text
from tests.comparison.files import write_csv, write_xpt

numbers = itertools.count()


def compared(
    tmp_path: Path, one: dict[str, list], two: dict[str, list], formats: tuple[dict, dict] = ({}, {}), **options: object
) -> DatasetComparison:
    """The comparison of two transport files with a key ID."""
    paths = []
    for columns, written in zip((one, two), formats, strict=True):
        frame = pd.DataFrame({"ID": [f"{number}" for number in range(len(next(iter(columns.values()))))], **columns})
        paths.append(write_xpt(tmp_path / f"{next(numbers)}.xpt", frame, formats=written))
    return adam.compare(*paths, key="ID", ignore=["length"], **options).datasets[0]


def differing(result: DatasetComparison) -> dict[str, list[tuple[str, str]]]:
    """The pairs of values that differ, by variable."""
    return {each.variable: [(record.base, record.compare) for record in each.first] for each in result.values}


def test_trailing_blanks_do_not_count_but_leading_ones_and_case_do(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", 'ID,T\n1,"A  "\n2,A\n3,a\n4,"   "')
    two = write_csv(tmp_path / "b.csv", 'ID,T\n1,A\n2," A"\n3,A\n4,""')
    assert differing(adam.compare(one, two, "ID").datasets[0]) == {"T": [('"A"', '" A"'), ('"a"', '"A"')]}


def test_missing_is_equal_to_missing_only(tmp_path: Path) -> None:
    found = compared(tmp_path, {"N": [np.nan, np.nan, 0.0], "T": ["", "", "."]}, {"N": [np.nan, 0.0, np.nan], "T": ["", "x", ""]})
    assert differing(found) == {"N": [(".", "0"), ("0", ".")], "T": [('""', '"x"'), ('"."', '""')]}
    assert (found.values[0].missing_base, found.values[0].missing_compare) == (1, 1)


def test_numbers_are_equal_if_they_are_the_same_double(tmp_path: Path) -> None:
    found = compared(tmp_path, {"N": [0.3, 1.0, 0.0]}, {"N": [0.1 + 0.2, 1.0, -0.0]})
    (value,) = found.values
    assert [(each.base, each.compare) for each in value.first] == [("0.3", "0.30000000000000004")]
    assert value.rounding == 1
    assert compared(tmp_path, {"N": [0.3]}, {"N": [0.1 + 0.2]}, tolerance="relative:1e-12").equal


@pytest.mark.parametrize(
    ("tolerance", "different"),
    [
        ("0", [0, 1, 2]),
        ("0.5", [1, 2]),  # |10.5 - 10| is 0.5, not above it
        ("relative:0.05", [1, 2]),  # 0.5 / 10.25 = 0.0488
        ("relative:0.048", [0, 1, 2]),
        ("relative:0.1", [2]),  # 100 / 1050 = 0.0952
        ("1e9", [2]),  # missing differs from any number
        (["0.5", "relative:0.1"], [2]),
        ("N=0.5", [1, 2]),
    ],
)
def test_tolerance(tmp_path: Path, tolerance: object, different: list[int]) -> None:
    found = compared(tmp_path, {"N": [10.0, 1000.0, 5.0]}, {"N": [10.5, 1100.0, np.nan]}, tolerance=tolerance)
    assert [int(record.key["ID"]) for each in found.values for record in each.first] == different


def test_no_tolerance_for_dates(tmp_path: Path) -> None:
    formats = {"D": "DATE9.", "M": "DATETIME20."}
    one, two = {"D": [20000.0], "M": [1.9e9]}, {"D": [20001.0], "M": [1.9e9 + 60]}
    found = compared(tmp_path, one, two, (formats, formats), tolerance=["1000", "relative:0.1"])
    assert [(each.variable, each.first[0].difference) for each in found.values] == [("D", "+1 day"), ("M", "+60 seconds")]


def test_a_date_without_format_is_the_same_number(tmp_path: Path) -> None:
    found = compared(tmp_path, {"D": [20000.0]}, {"D": [20000.0]}, ({"D": "DATE9."}, {}))
    assert found.values == ()
    assert [(each.variable, each.attribute, each.base, each.compare) for each in found.attributes] == [("D", "format", "DATE9.", "none")]


def test_a_datetime_at_midnight_is_the_date(tmp_path: Path) -> None:
    found = compared(tmp_path, {"D": [1.0, 1.0]}, {"D": [86400.0, 86401.0]}, ({"D": "DATE9."}, {"D": "DATETIME20."}))
    assert differing(found) == {"D": [("1960-01-02", "1960-01-02T00:00:01")]}


def test_text_against_numbers(tmp_path: Path) -> None:
    found = compared(tmp_path, {"N": ["1", "2.50", "", "x", "3"]}, {"N": [1.0, 2.5, np.nan, 4.0, 5.0]})
    assert [(each.attribute, each.base, each.compare) for each in found.attributes] == [("type", "text", "number")]
    assert differing(found) == {"N": [('"x"', "4"), ('"3"', "5")]}


def test_text_of_many_digits_is_no_number(tmp_path: Path) -> None:
    one, two = "9998700990704001708177961516923014", "9998700990704001708177961516923015"
    assert len(compared(tmp_path, {"T": [one]}, {"T": [two]}).values) == 1
    paths = [write_csv(tmp_path / f"{name}.csv", f"ID,T\n1,{text}") for name, text in (("a", one), ("b", two))]
    assert not adam.compare(*paths, "ID").equal


def test_iso_text_against_dates(tmp_path: Path) -> None:
    found = compared(tmp_path, {"D": ["1960-01-02", "1960-01", "", "1960-01-03"]}, {"D": [1.0, 0.0, np.nan, 1.0]}, ({}, {"D": "DATE9."}))
    assert differing(found) == {"D": [('"1960-01"', "1960-01-01"), ('"1960-01-03"', "1960-01-02")]}


def test_csv_has_no_types(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", "id,N,CODE\n1,1.0,007\n2,2,08")
    two = write_csv(tmp_path / "b.csv", "ID,N,CODE\n1,1,7\n2,2.0,08")
    (found,) = adam.compare(one, two, "ID").datasets
    assert differing(found) == {"CODE": [('"007"', '"7"')]}  # a leading zero belongs to an identifier
    assert found.attributes == ()
    assert "The names of 1 variables differ only in case, which does not count: id and ID." in found.notes


def test_parquet_against_xpt(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["1", "2"], "D": [20000.0, np.nan], "T": ["a", ""], "N": [1.5, np.nan]})
    one = write_xpt(tmp_path / "a.xpt", frame, formats={"D": "DATE9."})
    moments = pd.Series([np.datetime64("2014-10-04"), None], dtype="datetime64[us]")
    frame.assign(D=moments, T=pd.Series(["a", None], dtype="str")).to_parquet(tmp_path / "b.parquet")
    (found,) = adam.compare(one, tmp_path / "b.parquet", "ID").datasets
    assert found.values == ()
    assert [(each.variable, each.attribute, each.base, each.compare) for each in found.attributes] == [("D", "type", "date", "datetime")]


def test_special_missing_values_differ(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["1", "2"], "N": [np.nan, np.nan]})
    one, two = (write_xpt(tmp_path / f"{name}.xpt", frame) for name in "ab")
    raw = two.read_bytes()
    missing = b"\x2e" + bytes(7)
    place = raw.rindex(missing)
    two.write_bytes(raw[:place] + b"\x41" + raw[place + 1 :])  # .A in the second record
    assert differing(adam.compare(one, two, "ID").datasets[0]) == {"N": [(".", ".A")]}


def test_differences_that_cannot_be_seen_are_escaped(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", "ID,T\n1,a b\n2,caf\u00e9\n3,a\u200bb")
    two = write_csv(tmp_path / "b.csv", "ID,T\n1,a\u00a0b\n2,cafe\u0301\n3,ab")
    (value,) = adam.compare(one, two, "ID").datasets[0].values
    assert [(each.base, each.compare) for each in value.first] == [
        ('"a b"', '"a\\u00a0b"'),
        ('"caf\\xe9"', '"cafe\\u0301"'),
        ('"a\\u200bb"', '"ab"'),
    ]


def test_long_texts_are_cut_around_the_difference(tmp_path: Path) -> None:
    long = "x" * 200
    one, two = (write_csv(tmp_path / f"{name}.csv", f"ID,T\n1,{long}{end}") for name, end in (("a", "A" + long), ("b", "B")))
    lines = as_text(adam.compare(one, two, "ID")).splitlines()
    (shown,) = [line for line in lines if "->" in line]
    assert "xxxA" in shown and 'xxxB"' in shown
    assert max(len(line) for line in lines if not line.startswith(("BASE ", "COMPARE "))) <= 80  # these two name the files
    prefix = write_csv(tmp_path / "c.csv", f"ID,T\n1,{long}")
    (shown,) = [line for line in as_text(adam.compare(two, prefix, "ID")).splitlines() if "->" in line]
    assert 'xxxB"' in shown
