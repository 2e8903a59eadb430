"""The records are those pyreadstat would write, byte by byte, whether they come at once or in parts."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.core.errors import ExportError
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import blocks, xpt, xpt_records
from adam.submission.combinations import Combinations, EncodedRecords
from tests.submission import ts140

WHEN = datetime.datetime(2021, 3, 5)
BLANK = "the last record is blank"
VARIABLES = [
    ResolvedVariable(name="T", label="Text", type="text", length=9, format="$9."),
    ResolvedVariable(name="N", label="Number", type="float", format="BEST12."),
    ResolvedVariable(name="I", label="Whole Number", type="integer"),
    ResolvedVariable(name="D", label="Date", type="date", format="E8601DA."),
    ResolvedVariable(name="DTM", label="Datetime", type="datetime", format="DATETIME20."),
    ResolvedVariable(name="LONG", label="Long Text", type="text", length=200),
]


def dataset(*names: str) -> ResolvedDataset:
    variables = {variable.name: variable for variable in VARIABLES if not names or variable.name in names}
    return ResolvedDataset(name="ADX", class_="X", label="A Small Dataset", key=("T",), variables=variables)


def dates(values: list) -> pd.Series:
    return pd.Series([np.datetime64("NaT") if value is None else np.datetime64(value) for value in values], dtype="datetime64[s]")


def frame(rows: list) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) or [[]] * len(VARIABLES)
    made = {
        variable.name: dates(list(values))
        if variable.type in ("date", "datetime")
        else pd.Series(list(values), dtype="str" if variable.type == "text" else "float64")
        for variable, values in zip(VARIABLES, columns, strict=True)
    }
    return pd.DataFrame(made)


def by_pyreadstat(own: pd.DataFrame, described: ResolvedDataset, path: Path) -> bytes:
    """The file pyreadstat writes of the whole, with a last record as long as declared that is cut off again."""
    units = {name: np.timedelta64(1, "D" if v.type == "date" else "s") for name, v in described.variables.items() if v.type in ("date", "datetime")}
    plain = own.assign(**{name: (own[name] - np.datetime64("1960-01-01", "s")) / unit for name, unit in units.items()})
    last = pd.DataFrame({name: ["x" * v.length] if v.type == "text" else [0.0] for name, v in described.variables.items()})
    labels = {variable.name: variable.label for variable in described.variables.values()}
    formats = {variable.name: variable.format for variable in described.variables.values() if variable.format}
    pyreadstat.write_xport(
        pd.concat([plain, last], ignore_index=True) if len(plain) else last, str(path), file_format_version=5, table_name=described.name,
        file_label=described.label, column_labels=labels, variable_format=formats,
    )  # fmt: skip
    raw = bytearray(path.read_bytes())
    width = sum(v.length if v.type == "text" else 8 for v in described.variables.values())
    end = 640 + -(-140 * len(described.variables) // 80) * 80 + 80 + len(own) * width
    for offset in (144, 160, 464, 480):
        raw[offset : offset + 16] = b"05MAR21:00:00:00"
    return bytes(raw[:end] + b" " * (-end % 80))


held = st.one_of(
    st.just(np.nan),
    st.floats(-(2.0**53), 2.0**53).filter(lambda x: x == 0 or abs(x) > 5.4e-79),
    st.sampled_from([0.0, -0.0, 0.1, 1 / 3, 5.4e-79, -5.4e-79, 7.2e75 / 2**200, 2.0**53, 15.999999999999998, 1 / 16, 2.0**-259]),
)
texts = st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=9).filter(lambda text: not text.endswith(" "))
rows = st.lists(
    st.tuples(
        texts,
        held,
        st.one_of(st.just(np.nan), st.integers(-(2**53), 2**53).map(float)),
        st.one_of(st.none(), st.dates(datetime.date(1582, 10, 15), datetime.date(9999, 12, 31))),
        st.one_of(
            st.none(), st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
        ),
        st.one_of(texts, st.just("é" * 100), st.just("x" * 200)),
    ),
    max_size=9,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, cuts=st.lists(st.integers(0, 9), max_size=3).map(sorted), size=st.integers(1, 4))
def test_the_bytes_are_those_of_pyreadstat(tmp_path: Path, rows: list, cuts: list[int], size: int) -> None:
    own = frame(rows)
    borders = [0, *cuts, len(own)]
    parts = [own.iloc[a:b] for a, b in zip(borders, borders[1:], strict=False)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        assert xpt.write_parts(iter(parts), dataset(), tmp_path / "adx.xpt", WHEN, non_ascii="keep") == sum(map(len, parts))
        xpt.read_back(pd.concat(parts), dataset(), tmp_path / "adx.xpt")
    assert (tmp_path / "adx.xpt").read_bytes() == by_pyreadstat(pd.concat(parts), dataset(), tmp_path / "other.xpt")


SATURATED = 2.0**248
"""From here on pyreadstat writes one and the same largest number, though the format goes on to 7.2e75; such a file never read back."""
sized = st.floats(-7.2e75, 7.2e75).filter(lambda x: x == 0 or abs(x) >= 5.4e-79)


@given(numbers=st.lists(st.one_of(st.just(np.nan), sized.filter(lambda x: abs(x) < SATURATED)), min_size=1, max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_of_any_size(tmp_path: Path, numbers: list[float]) -> None:
    own = np.array(numbers, dtype="float64")
    path = tmp_path / "x.xpt"
    pyreadstat.write_xport(pd.DataFrame({"N": own}), str(path), file_format_version=5, table_name="X")
    assert xpt_records.to_ibm_doubles(own).astype(">u8").tobytes() == path.read_bytes()[880 : 880 + 8 * len(own)]


@given(number=sized)
@settings(max_examples=200, deadline=None)
def test_numbers_by_the_record_layout(number: float) -> None:
    assert ts140.ibm(xpt_records.to_ibm_doubles(np.array([number])).astype(">u8").tobytes()) == number


def test_many_numbers(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    own = generator.standard_normal(100_000) * 10.0 ** generator.integers(-70, 70, 100_000)
    pyreadstat.write_xport(pd.DataFrame({"N": own}), str(tmp_path / "x.xpt"), file_format_version=5, table_name="X")
    assert xpt_records.to_ibm_doubles(own).astype(">u8").tobytes() == (tmp_path / "x.xpt").read_bytes()[880 : 880 + 8 * len(own)]


def only_text(*values: str) -> pd.DataFrame:
    return pd.DataFrame({"T": pd.Series(values, dtype="str")})


def test_blank_records_between_parts_stay(tmp_path: Path) -> None:
    parts = [only_text("a", "", ""), only_text(), only_text("", "b")]
    assert xpt.write_parts(iter(parts), dataset("T"), tmp_path / "adx.xpt", WHEN) == 5
    assert pyreadstat.read_xport(str(tmp_path / "adx.xpt"), output_format="dict")[0]["T"] == ["a", "", "", "", "b"]


@pytest.mark.parametrize("parts", [[("a",), ("",)], [("a", ""), ()]])
def test_a_blank_end_is_refused(tmp_path: Path, parts: list[tuple[str, ...]]) -> None:
    with pytest.raises(ExportError, match=BLANK):
        xpt.write_parts((only_text(*part) for part in parts), dataset("T"), tmp_path / "adx.xpt", WHEN)
    assert list(tmp_path.iterdir()) == []


def test_a_later_part_is_guarded_too(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="longer than the declared 9 bytes; 1 record; first: T=longer than nine"):
        xpt.write_parts(iter([only_text("a"), only_text("longer than nine")]), dataset("T"), tmp_path / "adx.xpt", WHEN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoiled", [0, 1, 4])
def test_every_part_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoiled: int) -> None:
    real, calls = xpt_records.encode_records, iter(range(9))

    def wrong(block: Sequence[Combinations], widths: dict[str, int]) -> EncodedRecords:
        encoded = real(block, widths)
        data = b"".join(encoded.data())[:-1] + b"X"
        return EncodedRecords([pa.array([data], pa.large_binary())], [np.array([0])]) if next(calls) == spoiled else encoded

    monkeypatch.setattr(blocks, "BLOCK", 2)
    monkeypatch.setattr(xpt_records, "encode_records", wrong)
    with pytest.raises(ExportError, match=rf"(?<!\d){'record ' + str(2 * spoiled + 1) if spoiled else ''}.*does not read back.*T \(values\)"):
        xpt.write_parts([only_text(*"abcd"), only_text(*"efghij")], dataset("T"), tmp_path / "adx.xpt", WHEN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", [b" " * 8 + b"d" + b" " * 52, b" " * 133, b" " * 52, b""])
def test_the_end_of_the_file_is_read_as_it_is(tmp_path: Path, end: bytes) -> None:
    own, path = only_text("a", "b", "c"), tmp_path / "adx.xpt"
    xpt.write(own, dataset("T"), path, WHEN)
    header = path.read_bytes()[:880]
    path.write_bytes(header + b"a        b        c        " + b" " * 53)
    xpt.read_back(own, dataset("T"), path)
    path.write_bytes(header + b"a        b        c        " + end)
    with pytest.raises(ExportError, match="adx.xpt does not read back as it was written: its end is not filled up to a whole card with blanks"):
        xpt.read_back(own, dataset("T"), path)
