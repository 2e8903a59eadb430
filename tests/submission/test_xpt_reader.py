"""The reader that verifies transport files agrees with pyreadstat on every value, and no byte of a file can change without being noticed."""

import datetime
import hashlib
from pathlib import Path

import numpy as np
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.core.errors import ExportError
from adam.submission import xpt
from adam.submission.new_file import NewFile
from adam.submission.xpt_reader import UnreadableError, read_fields, read_header, read_numbers, read_texts
from adam.submission.xpt_records import to_ibm_doubles
from tests.submission.changed_bytes import reads_back
from tests.submission.test_xpt_parts import WHEN, dataset, frame, rows

HEADER = 640 + 6 * 140 + 40 + 80
"""Bytes before the first record of six variables: 840 bytes of descriptions are filled up to 880."""
SMALL = frame([("a", 1.5, 3.0, datetime.date(2020, 2, 29), datetime.datetime(2020, 1, 1, 12), "text"), ("b", 0.0, np.nan, None, None, "")])
FEW = ("T", "N", "D")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, together=st.integers(1, 5))
def test_it_agrees_with_pyreadstat(tmp_path: Path, rows: list, together: int) -> None:
    path = tmp_path / "adx.xpt"
    xpt.write(frame(rows), dataset(), path, WHEN, non_ascii="keep")
    expected, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True, output_format="dict")
    raw = path.read_bytes()
    header = read_header(raw[:HEADER])
    assert (header.name, header.label) == (meta.table_name, meta.file_label)
    assert [field.label for field in header.fields] == meta.column_labels
    body = raw[HEADER : HEADER + len(rows) * header.record_size]
    if not rows:
        return
    for field, distinct, codes in ((*own, codes) for fields, codes in read_fields(body, header, (together, 6 - together)) for own in fields):
        if field.is_text:
            assert [read_texts(distinct)[code] for code in codes] == expected[field.name]
        else:
            np.testing.assert_array_equal(read_numbers(distinct)[codes], np.array(expected[field.name], dtype="float64"))


@given(words=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
@settings(max_examples=200, deadline=None)
def test_each_number_has_one_form(words: list[int]) -> None:
    raw = np.array(words, dtype=">u8").view(np.uint8).reshape(len(words), 8)
    try:
        values = read_numbers(raw)
    except UnreadableError:
        return
    assert to_ibm_doubles(values).tolist() == words


@pytest.mark.parametrize(
    "hexadecimal", ["4101000000000000", "0100000000000000", "C100000000000000", "41FFFFFFFFFFFFFF", "2E00000000000001", "4100000000000000"]
)
def test_a_number_in_another_form_is_not_read(hexadecimal: str) -> None:
    with pytest.raises(UnreadableError):
        read_numbers(np.frombuffer(bytes.fromhex(hexadecimal), dtype=np.uint8).reshape(1, 8))


def test_no_byte_can_change(tmp_path: Path) -> None:
    """Each byte of the file in turn has another value, one bit or all bits: header, records and padding."""
    described, own, path = dataset(*FEW), SMALL[list(FEW)], tmp_path / "adx.xpt"
    xpt.write(own, described, path, WHEN)
    raw = path.read_bytes()
    assert len(raw) == 1280  # 640 + 420 filled up to 480 + 80, and 2 records of 25 bytes filled up to 80
    unnoticed = [
        (place, bit) for place in range(len(raw)) for bit in (1, 32, 255) if reads_back(place, bit, lambda: xpt.write(own, described, path, WHEN))
    ]
    assert unnoticed == []


def test_the_file_may_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = NewFile.finish

    def grown(self: NewFile) -> str:
        self._target.write(b" " * 80)
        self._target.flush()
        return real(self)

    monkeypatch.setattr(NewFile, "finish", grown)
    with pytest.raises(ExportError, match="adx.xpt does not read back as it was written: 1280 bytes were written, the file has 1360"):
        xpt.write(SMALL[list(FEW)], dataset(*FEW), tmp_path / "adx.xpt", WHEN)


def test_the_sha256_is_that_of_the_file(tmp_path: Path) -> None:
    written = xpt.write_file([SMALL[list(FEW)]] * 3, dataset(*FEW), tmp_path / "adx.xpt", WHEN)
    assert (written.records, written.sha256) == (6, hashlib.sha256((tmp_path / "adx.xpt").read_bytes()).hexdigest())


def test_no_part_at_all(tmp_path: Path) -> None:
    assert xpt.write_parts([], dataset(*FEW), tmp_path / "adx.xpt", WHEN) == 0
    assert len(pyreadstat.read_xport(str(tmp_path / "adx.xpt"))[0]) == 0
