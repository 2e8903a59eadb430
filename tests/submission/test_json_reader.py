"""The reader that verifies Dataset-JSON agrees with the JSON parser of Python, for any cut of the records into parts."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.core.errors import ExportError
from adam.submission import blocks
from adam.submission import json as writer
from adam.submission.json_reader import Column, Pieces, UnreadableError, read_records
from tests.submission.changed_bytes import reads_back
from tests.submission.example_datasets import WHEN
from tests.submission.test_json import TIMED, TIMES

EXACT = TIMES.assign(AVAL=[0.25, np.nan])
"""Numbers of which every digit counts: 0.30000000000000004 and ...05 are the same double."""
texts = st.one_of(st.text(max_size=6), st.sampled_from(['"', "\\", '\\"', '\\\\"', '",', "],\n[", "null", "1", "\u2028"]))
scalars = st.one_of(texts, st.none(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False))
tables = st.integers(1, 4).flatmap(lambda columns: st.lists(st.lists(scalars, min_size=columns, max_size=columns), min_size=1, max_size=6))


def rows_of(columns: list[Column]) -> list[list]:
    """The records of columns."""
    return [list(row) for row in zip(*([column.values[code] for code in column.codes] for column in columns), strict=True)]


def typed(rows: list[list]) -> list[list]:
    """The values with their types, because 1 and 1.0 are equal."""
    return [[(type(value), value) for value in row] for row in rows]


@pytest.mark.parametrize("between", [",\n", "\n"])
@pytest.mark.parametrize("ascii_only", [True, False])
@given(rows=tables)
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_the_parser_of_python(between: str, ascii_only: bool, rows: list[list]) -> None:
    raw = between.join(json.dumps(row, ensure_ascii=ascii_only, separators=(",", ":")) for row in rows).encode("utf-8", "replace")
    expected = [json.loads(line) for line in raw.decode("utf-8").split(between)] if between == "\n" else json.loads(b"[" + raw + b"]")
    found = read_records(raw, len(rows), len(rows[0]), between.encode())
    read = rows_of(found)
    assert typed(read) == typed(expected)


def cut(rows: list[list], counts: tuple[int, ...]) -> Pieces:
    """Where the pieces of the records begin, each with so many values, when `json.dumps` writes them without blanks."""
    lengths = []
    for row in rows:
        values = [json.dumps(value) for value in row]
        ends = np.cumsum(counts)
        lengths += [1 + len(",".join(values[end - count : end])) for end, count in zip(ends, counts, strict=True)] + [3]
    lengths[-1] = 1
    return Pieces(np.cumsum([0, *lengths]), counts)


@given(rows=tables, data=st.data())
@settings(max_examples=150, deadline=None)
def test_records_are_cut_as_suggested(rows: list[list], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(rows[0])))
    counts = (first, len(rows[0]) - first) if first < len(rows[0]) else (first,)
    raw = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adam.submission.json_reader._borders", None)  # the suggestion is right, so it is used
        found = read_records(raw, len(rows), len(rows[0]), b",\n", cut(rows, counts))
    assert typed(rows_of(found)) == typed(rows)


@given(rows=tables, other=tables, data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_wrong_suggestion_changes_nothing(rows: list[list], other: list[list], data: st.DataObject) -> None:
    raw = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows).encode()
    right = cut(rows, (1,) * len(rows[0]))
    moved = right.borders.copy()
    moved[data.draw(st.integers(0, len(moved) - 1))] += data.draw(st.integers(-4, 4))
    counts = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=4).map(tuple))
    for suggested in (Pieces(moved, right.counts), Pieces(right.borders, counts), cut(other, (1,) * len(other[0])), Pieces(moved[:-1], right.counts)):
        assert typed(rows_of(read_records(raw, len(rows), len(rows[0]), b",\n", suggested))) == typed(rows)


@given(rows=tables, place=st.integers(0, 400), byte=st.integers(0, 255), together=st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_it_reads_is_what_is_there(rows: list[list], place: int, byte: int, together: bool) -> None:
    """With any byte changed, it reads what the parser of Python reads, or nothing."""
    raw = bytearray(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows).encode())
    suggested = cut(rows, (len(rows[0]),) if together else (1,) * len(rows[0]))
    raw[place % len(raw)] = byte
    try:
        found = read_records(bytes(raw), len(rows), len(rows[0]), b",\n", suggested)
    except UnreadableError:
        return
    expected = json.loads(b"[" + bytes(raw) + b"]")
    assert rows_of(found) == expected


@pytest.mark.parametrize("suffix", ["json", "ndjson"])
def test_no_byte_of_the_records_can_change(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"adt.{suffix}"
    writer.write(EXACT, TIMED, path, WHEN)
    raw = path.read_bytes()
    first = raw.index(b'["1"')
    last = raw.rindex(b"]", 0, len(raw) - 4) if suffix == "json" else len(raw)
    assert [
        (place, bits)
        for place in range(first, last)
        for bits in (1, 2, 4, 16, 255)
        if reads_back(place, bits, lambda: writer.write(EXACT, TIMED, path, WHEN))
    ] == []


@given(cuts=st.lists(st.integers(0, 7), max_size=4).map(sorted), block=st.integers(1, 4), suffix=st.sampled_from(["json", "ndjson"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_bytes_do_not_depend_on_the_parts(tmp_path: Path, cuts: list[int], block: int, suffix: str) -> None:
    frame = pd.concat([TIMES] * 4, ignore_index=True).iloc[:7].assign(USUBJID=pd.Series([f"{n % 3}é" for n in range(7)], dtype="str"))
    whole, parts = tmp_path / f"whole.{suffix}", tmp_path / f"parts.{suffix}"
    writer.write(frame, TIMED, whole, WHEN)
    borders = [0, *cuts, 7]
    pieces = [frame.iloc[a:b].astype({"USUBJID": "category"}) for a, b in zip(borders, borders[1:], strict=False)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        written = writer.write_parts(iter(pieces), TIMED, parts, WHEN, records=7)
    assert (written.records, parts.read_bytes()) == (7, whole.read_bytes())


def test_the_number_of_records_must_be_right(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the metadata states 3 records, but there are 2"):
        writer.write_parts([TIMES], TIMED, tmp_path / "adt.json", WHEN, records=3)
    assert list(tmp_path.iterdir()) == []


def test_negative_zero_is_kept(tmp_path: Path) -> None:
    frame = TIMES.assign(AVAL=[0.0, -0.0], ADY=[-0.0, np.nan])
    writer.write(frame, TIMED, tmp_path / "adt.json", WHEN)
    assert [row[3:5] for row in json.loads((tmp_path / "adt.json").read_text())["rows"]] == [[0, 0.0], [None, -0.0]]
    assert '0.0,"a' in (tmp_path / "adt.json").read_text()
    assert ",-0.0," in (tmp_path / "adt.json").read_text()
