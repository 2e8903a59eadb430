"""Transport files decoded from their bytes have the values that ReadStat reads."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.sources import readstat, xpt, xpt_columns
from adam.sources.formats import Layout, Records
from adam.sources.xpt_bytes import Body

RECORDS = 500


def decoded_records(path: Path, layout: Layout, columns: list[str], body: Body) -> Records | None:
    table = xpt_columns.open_table(path, layout, columns, body)
    return None if table is None else next(table.windows(table.count)).records


def both(path: Path) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    layout = xpt.layout(path)
    columns, body = list(layout.variables), xpt.locate_records(path, "text" in layout.variables.values())
    own = decoded_records(path, layout, columns, body)
    return own.frame if own is not None else None, readstat.records(xpt.FUNCTION, path, layout, columns, 0).frame


def assert_equal(path: Path) -> None:
    own, other = both(path)
    assert own is not None
    assert own.shape == other.shape
    for name in own:
        assert own[name].dtype == other[name].dtype
        one, two = own[name].to_numpy(), other[name].to_numpy()
        if own[name].dtype == "str":
            assert (own[name] == other[name].fillna("")).all()
        else:
            known = ~np.isnan(one)
            assert (known == ~np.isnan(two)).all()
            assert (one[known].view("u8") == two[known].view("u8")).all()  # the same double, bit by bit


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A transport file of a text and two numbers, with blank records in the middle."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"T": random.choice(["", "a", " b", "c d", "x" * 20], RECORDS), "N": random.normal(0, 1e6, RECORDS), "M": np.arange(RECORDS) / 7}
    )
    frame.loc[::5, "N"] = np.nan
    path = tmp_path / "data.xpt"
    pyreadstat.write_xport(frame, str(path), file_format_version=5)
    return path


def test_values_of_a_file(written: Path) -> None:
    assert_equal(written)


@pytest.mark.parametrize("seed", range(5))
def test_any_number_of_the_mainframe(written: Path, seed: int) -> None:
    """Fractions of 56 bits are cut to 53, exponents and signs are random; special missing values are missing."""
    random = np.random.default_rng(seed)
    raw = bytearray(written.read_bytes())
    body = xpt.locate_records(written, True)
    for row in range(RECORDS):
        number = bytearray(random.bytes(8))
        number[0] = (number[0] & 0x80) | int(random.integers(30, 76))  # below 2**53, above which a file is refused
        number[1] |= 0x10  # the first digit of a fraction is not 0
        if row % 7 == 0:
            number = bytearray([int(random.choice([0x2E, 0x41, 0x5A, 0x5F])), *bytes(7)])
        place = body.start + row * body.width + body.width - 16
        raw[place : place + 8] = number
    written.write_bytes(raw)
    own, _ = both(written)
    layout = xpt.layout(written)
    other, meta = pyreadstat.read_xport(str(written), disable_datetime_conversion=True)
    assert own is not None
    assert layout.names["N"] in meta.column_names
    one, two = own["N"].to_numpy(), pd.to_numeric(other["N"], errors="coerce").to_numpy(dtype="float64")
    known = ~np.isnan(one)
    assert (known == ~np.isnan(two)).all()
    assert (one[known].view("u8") == two[known].view("u8")).all()


def test_blank_records_at_the_end_are_padding(tmp_path: Path) -> None:
    path = tmp_path / "data.xpt"
    pyreadstat.write_xport(pd.DataFrame({"A": ["x", "", "y", "", ""], "B": ["", "", "z", "", ""]}), str(path), file_format_version=5)
    own, other = both(path)
    assert own is not None
    assert len(own) == len(other) == 3


@pytest.mark.parametrize("records", [0, 1, 3])
def test_a_file_of_blank_records_has_no_record(tmp_path: Path, records: int) -> None:
    """Also where there is no record and a card of padding."""
    path = tmp_path / "data.xpt"
    pyreadstat.write_xport(pd.DataFrame({"A": [""] * records, "B": [""] * records}, dtype="str"), str(path), file_format_version=5)
    path.write_bytes(path.read_bytes() + b" " * 80)
    layout = xpt.layout(path)
    assert xpt.records(path, layout, ["A", "B"]).frame.shape == (0, 2)
    assert [len(each.frame) for each in xpt.windows(path, layout, ["A", "B"], 2)] == [0]


TEXTS = st.lists(st.sampled_from([b"", b"a", b" b", b"x  y", "Zürich".encode(), "Zürich".encode("latin-1"), b"\x80", b"\xc3", b"\xbc", "β".encode()]))


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.sampled_from(["", "windows-1252"]))
def test_text_in_any_encoding(texts: list[bytes], encoding: str) -> None:
    """A text that is not UTF-8 makes each byte a character; half a character at the end of a text does not go on in the next one."""
    values = [b"first", *texts]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.xpt"
        pyreadstat.write_xport(pd.DataFrame({"A": ["w" * 8] * len(values), "N": np.arange(len(values))}), str(path), file_format_version=5)
        raw, body = bytearray(path.read_bytes()), xpt.locate_records(path, True)
        for row, value in enumerate(values):
            place = body.start + row * body.width
            raw[place : place + 8] = value.ljust(8)
        path.write_bytes(raw)
        layout = xpt.layout(path, encoding)
        own = decoded_records(path, layout, ["A", "N"], body)
        other = readstat.records(xpt.FUNCTION, path, layout, ["A", "N"], 0)
    assert own is not None
    assert own.undecoded == other.undecoded
    assert own.frame["A"].tolist() == other.frame["A"].tolist()


def test_text_with_a_nul_is_left_to_readstat(written: Path) -> None:
    raw, body = bytearray(written.read_bytes()), xpt.locate_records(written, True)
    raw[body.start + 1] = 0
    written.write_bytes(raw)
    assert both(written)[0] is None


def test_a_column_of_many_pieces(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xpt_columns, "PIECE", 70)
    assert_equal(written)
