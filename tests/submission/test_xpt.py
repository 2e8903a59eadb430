"""XPT version 5, byte by byte by a reader of our own."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.core.errors import ExportError
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission.xpt import write
from tests.submission import ts140

WHEN = datetime.datetime(2021, 1, 15)
VARIABLES = {
    "USUBJID": ResolvedVariable(name="USUBJID", label="Unique Subject Identifier", type="text", length=12),
    "AVAL": ResolvedVariable(name="AVAL", label="Analysis Value", type="float", format="8.2"),
    "ADT": ResolvedVariable(name="ADT", label="Analysis Date", type="date", format="DATE9."),
    "ADTM": ResolvedVariable(name="ADTM", label="Analysis Datetime", type="datetime", format="DATETIME20."),
    "NOTE": ResolvedVariable(name="NOTE", label="Note", type="text", length=30),
}
DATASET = ResolvedDataset(name="ADX", class_="X", label="A Small Dataset", key=("USUBJID",), variables=VARIABLES)


def frame(rows: list[tuple[str, float, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "USUBJID": pd.Series([row[0] for row in rows], dtype="str"),
            "AVAL": pd.Series([row[1] for row in rows], dtype="float64"),
            "ADT": pd.to_datetime(pd.Series([row[2] or None for row in rows], dtype="object"), format="%Y-%m-%d").astype("datetime64[s]"),
            "ADTM": pd.to_datetime(pd.Series([row[2] or None for row in rows], dtype="object"), format="%Y-%m-%d").astype("datetime64[s]"),
            "NOTE": pd.Series([row[3] for row in rows], dtype="str"),
        }
    )


def test_what_the_bytes_say(tmp_path: Path) -> None:
    write(frame([("A-1", 1.25, "1960-01-02", ""), ("A-2", np.nan, "", "")]), DATASET, tmp_path / "adx.xpt", WHEN)
    member = ts140.read(tmp_path / "adx.xpt")
    assert (member.name, member.label, member.created) == ("ADX", "A Small Dataset", "15JAN21:00:00:00")
    assert [v["length"] for v in member.variables] == [12, 8, 8, 8, 30]
    assert [v["position"] for v in member.variables] == [0, 12, 20, 28, 36]
    assert [v["format"] for v in member.variables] == [("", 0, 0), ("", 8, 2), ("DATE", 9, 0), ("DATETIME", 20, 0), ("", 0, 0)]
    assert member.data[:12] == b"A-1         "
    assert [ts140.ibm(member.data[12 + 8 * i : 20 + 8 * i]) for i in range(3)] == [1.25, 1, 86400]
    assert [ts140.ibm(member.data[66 + 12 + 8 * i : 66 + 20 + 8 * i]) for i in range(3)] == [None, None, None]


def test_no_records_keep_their_lengths(tmp_path: Path) -> None:
    write(frame([]), DATASET, tmp_path / "adx.xpt", WHEN)
    assert [v["length"] for v in ts140.read(tmp_path / "adx.xpt").variables] == [12, 8, 8, 8, 30]
    assert len(pyreadstat.read_xport(str(tmp_path / "adx.xpt"))[0]) == 0


numbers = st.one_of(st.just(np.nan), st.floats(-1e70, 1e70).filter(lambda x: x == 0 or abs(x) > 1e-70))
plain = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(plain, numbers.map(lambda x: x + 0.0 if abs(x) < 2**53 else np.nan), st.sampled_from(["", "2019-03-20"]), plain), max_size=5
    )
)
def test_round_trip(tmp_path: Path, rows: list[tuple[str, float, str, str]]) -> None:
    own = frame(rows)
    write(own, DATASET, tmp_path / "adx.xpt", WHEN)
    back, _ = pyreadstat.read_xport(str(tmp_path / "adx.xpt"), disable_datetime_conversion=True)
    np.testing.assert_array_equal(back["AVAL"].to_numpy(dtype="float64"), own["AVAL"].to_numpy())
    assert back["USUBJID"].astype("str").fillna("").tolist() == own["USUBJID"].tolist()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("A" * 13, 1.0, "", ""), "longer than the declared 12 bytes"),
        (("Ä", 1.0, "", ""), "not ASCII"),
        (("A", float("inf"), "", ""), "infinite or too large"),
        (("A", 1e-80, "", ""), "too small"),
        (("A", 2.0**53 + 2, "", ""), "above 2\\*\\*53"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(tmp_path: Path, row: tuple[str, float, str, str], message: str) -> None:
    with pytest.raises(ExportError, match=message):
        write(frame([row]), DATASET, tmp_path / "adx.xpt", WHEN)
    assert list(tmp_path.iterdir()) == []
