"""DTC texts: the grammar, what is known of a value, and the bounds it allows (DOMAIN §7.1, §9.1, rulings 19, 20, 57)."""

import calendar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core import iso
from adam.core.kinds import texts

NAMES = ("year", "month", "day", "hour", "minute", "second")


def known(text, last=False):
    found = iso.parts(texts(text), last=last)
    assert found.valid.tolist() == [True]
    return [None if np.isnan(getattr(found, name)[0]) else int(getattr(found, name)[0]) for name in NAMES]


def moment(column):
    return ["" if pd.isna(value) else value.isoformat() for value in column]


def day(column):
    return ["" if pd.isna(value) else value.date().isoformat() for value in column]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2019", [2019, None, None, None, None, None]),
        ("2019-03", [2019, 3, None, None, None, None]),
        ("2019-03-20", [2019, 3, 20, None, None, None]),
        ("2019-03-20T09", [2019, 3, 20, 9, None, None]),
        ("2019-03-20T09:30", [2019, 3, 20, 9, 30, None]),
        ("2019-03-20T09:30:15", [2019, 3, 20, 9, 30, 15]),
        ("2019-03-20T00:00:00", [2019, 3, 20, 0, 0, 0]),
        ("2019-03-20T23:59:59", [2019, 3, 20, 23, 59, 59]),
        ("2019---15", [2019, None, 15, None, None, None]),
        ("--03-15", [None, 3, 15, None, None, None]),
        ("--02-29", [None, 2, 29, None, None, None]),
        ("2019-03-15T-:30", [2019, 3, 15, None, 30, None]),
        ("2019-03-15T09:-:30", [2019, 3, 15, 9, None, 30]),
        ("2019-03--T09:30", [2019, 3, None, 9, 30, None]),
        ("2020-02-29", [2020, 2, 29, None, None, None]),
        ("2000-02-29", [2000, 2, 29, None, None, None]),
    ],
)
def test_parts_of_the_grammar(text, parts):
    assert known(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        *["2019-UN-UN", "15MAR2019", "UNKNOWN", "20190320", "2019-3-20", "19-03-20", "2019.03.20", "2019-03-20 09:30", "-"],
        *["2019-02-30", "2019-02-29", "1900-02-29", "2019-04-31", "--02-30", "2019-13", "2019-00", "2019-03-00", "2019-03-32", "2019---32"],
        *["2019-03-20T24:00", "2019-03-20T23:59:60", "2019-03-20T23:60", "2019-03-20T25", "2019-03-20T", "2019-03-20T9:30"],
        *["2019-03T09:30", "2019T09:30", "2019-03-20t09:30", "2019-03-20T09:30X", "2019-03-20+02:00", "2019-03-20T09:30+2"],
        *["\uff12\uff10\uff11\uff19", "0000-01-01", "2019-03-20T09:30+99:00"],
        *["2019-03-18/", "/2019-03-18", "2019-03-18/2019-02-30", "2019-13/2019", "2019-03-18/P2D", "2019/2020/2021", "15/03/2019"],
    ],
)
def test_case_12_and_16_the_whole_value_is_invalid(text):
    column = texts(text)
    found = iso.parts(column)
    assert iso.invalid(column).tolist() == [True]
    assert found.valid.tolist() == [False]
    assert all(np.isnan(getattr(found, name)[0]) for name in NAMES)
    for function in (iso.complete_date, iso.complete_datetime, iso.first_date, iso.last_date, iso.first_datetime, iso.last_datetime):
        assert function(column).isna().all()


@pytest.mark.parametrize("text", ["", " "])
def test_case_22_blank_is_nothing_and_no_issue(text):
    column = texts(text)
    assert iso.invalid(column).tolist() == [False]
    assert iso.interval(column).tolist() == [False]
    assert iso.parts(column).valid.tolist() == [False]
    assert iso.first_date(column).isna().all()


@pytest.mark.parametrize("offset", ["Z", "+02:00", "-05:00"])
def test_case_16_an_offset_is_dropped_and_local_time_kept(offset):
    column = texts(f"2019-03-20T23:30{offset}", f"2019-03-20T23:30:10{offset}")
    assert moment(iso.complete_datetime(column)) == ["2019-03-20T23:30:00", "2019-03-20T23:30:10"]
    assert day(iso.complete_date(column)) == ["2019-03-20", "2019-03-20"]


def test_case_17_of_an_interval_the_first_part_or_the_last():
    column = texts("2019-03-18/2019-03-22", "2019-03/2019-04")
    assert iso.interval(column).tolist() == [True, True]
    assert iso.invalid(column).tolist() == [False, False]
    assert known("2019-03-18/2019-03-22T10") == [2019, 3, 18, None, None, None]
    assert known("2019-03-18/2019-03-22T10", last=True) == [2019, 3, 22, 10, None, None]
    assert day(iso.complete_date(column)) == ["2019-03-18", ""]
    assert day(iso.first_date(column)) == ["2019-03-18", "2019-03-01"]
    assert day(iso.last_date(column)) == ["2019-03-22", "2019-04-30"]


def test_a_single_date_and_another_format_are_no_interval():
    assert iso.interval(texts("2019-03-18", "2019---15", "--03-15", "15/03/2019", "N/A")).tolist() == [False] * 5


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-12", "2019-12-01", "2019-12-31"),
        ("1959-12", "1959-12-01", "1959-12-31"),
        ("2019-03-20", "2019-03-20", "2019-03-20"),
        ("2019-03-20T09:30", "2019-03-20", "2019-03-20"),
        ("2019---15", "2019-01-01", "2019-12-31"),
        ("--03-15", "", ""),
    ],
)
def test_bounds_of_a_date(text, first, last):
    assert day(iso.first_date(texts(text))) == [first]
    assert day(iso.last_date(texts(text))) == [last]
    assert day(iso.complete_date(texts(text))) == [first if first == last else ""]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-03-20", "2019-03-20T00:00:00", "2019-03-20T23:59:59"),
        ("2019-03-20T09", "2019-03-20T09:00:00", "2019-03-20T09:59:59"),
        ("2019-03-20T09:30", "2019-03-20T09:30:00", "2019-03-20T09:30:00"),
        ("2019-03-20T09:30:15", "2019-03-20T09:30:15", "2019-03-20T09:30:15"),
        ("2019-03-15T-:30", "2019-03-15T00:00:00", "2019-03-15T23:59:59"),
        ("2019-03-15T09:-:30", "2019-03-15T09:00:00", "2019-03-15T09:59:59"),
        ("2019-03", "2019-03-01T00:00:00", "2019-03-31T23:59:59"),
        ("2019---15", "2019-01-01T00:00:00", "2019-12-31T23:59:59"),
        ("--03-15T09:30", "", ""),
    ],
)
def test_bounds_of_a_datetime(text, first, last):
    assert moment(iso.first_datetime(texts(text))) == [first]
    assert moment(iso.last_datetime(texts(text))) == [last]


def test_a_datetime_is_complete_to_the_minute():
    column = texts("2019-03-20T09:30", "2019-03-20T09:30:15", "2019-03-20T09", "2019-03-20", "2019-03-15T-:30", "2019-03--T09:30")
    assert moment(iso.complete_datetime(column)) == ["2019-03-20T09:30:00", "2019-03-20T09:30:15", "", "", "", ""]


def test_values_stand_where_their_texts_stand():
    column = pd.Series(["2019-02", "", "2019-02", "x", "2018"], index=[7, 3, 9, 1, 4], dtype="str")
    result = iso.last_date(column)
    assert result.index.tolist() == [7, 3, 9, 1, 4]
    assert result.dtype == "datetime64[s]"
    assert day(result) == ["2019-02-28", "", "2019-02-28", "", "2018-12-31"]
    assert iso.invalid(column).tolist() == [False, False, False, True, False]


def test_no_records():
    empty = texts()
    assert len(iso.parts(empty).valid) == 0
    assert iso.first_datetime(empty).dtype == "datetime64[s]"
    assert iso.invalid(empty).tolist() == []


@st.composite
def partial(draw):
    """A DTC text with the parts that went into it, None where left out."""
    year, month = draw(st.integers(1900, 2100)), draw(st.integers(1, 12))
    numbers = [year, month, draw(st.integers(1, calendar.monthrange(year, month)[1]))]
    numbers += [draw(st.integers(0, 23)), draw(st.integers(0, 59)), draw(st.integers(0, 59))]
    depth = draw(st.integers(1, 6))
    given_ = [number if place < depth else None for place, number in enumerate(numbers)]
    for place in range(1, depth - 1):
        if draw(st.integers(0, 5)) == 0:
            given_[place] = None
    words = ["-" if number is None else f"{number:04d}" if place == 0 else f"{number:02d}" for place, number in enumerate(given_[:depth])]
    return "".join(mark + word for mark, word in zip(["", "-", "-", "T", ":", ":"], words, strict=False)), given_


@given(partial())
def test_the_bounds_hold_what_is_known(drawn):
    text, parts = drawn
    column = texts(text)
    assert known(text) == parts
    first, last = iso.first_date(column)[0], iso.last_date(column)[0]
    assert first <= last
    assert iso.first_datetime(column)[0] <= iso.last_datetime(column)[0]
    assert iso.first_datetime(column)[0].date() == first.date()
    assert iso.last_datetime(column)[0].date() == last.date()
    dated = parts[:1] if parts[1] is None else parts[:2] if parts[2] is None else parts[:3]
    for bound in (first, last):
        assert [bound.year, bound.month, bound.day][: len(dated)] == dated
    assert (first == last) == (len(dated) == 3)
    assert iso.complete_date(column).isna()[0] == (len(dated) < 3)


@given(partial(), partial())
def test_an_interval_is_its_two_parts(one, other):
    column = texts(f"{one[0]}/{other[0]}")
    assert known(column[0]) == one[1]
    assert known(column[0], last=True) == other[1]
    assert iso.first_date(column)[0] == iso.first_date(texts(one[0]))[0]
    assert iso.last_date(column)[0] == iso.last_date(texts(other[0]))[0]


@given(st.text(alphabet="0123456789-T:/Z+UN ", max_size=20))
def test_a_text_is_blank_or_valid_or_invalid(text):
    column = texts(text)
    states = [text.strip() == "", bool(iso.parts(column).valid[0]), bool(iso.invalid(column)[0])]
    assert sum(states) == 1


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            lambda year, month, day, clock: f"{year:04d}-{month:02d}-{day:02d}{clock}",
            st.sampled_from([0, 1581, 1582, 1900, 2000, 2019, 2024, 9999]),
            st.integers(0, 14),
            st.integers(0, 33),
            st.sampled_from(
                ["", "T09", "T09:30", "T23:59:59", "T24:00", "T09:60", "T09:30:60", "T09:30Z", "T-:30", "/2020-01-01", " ", "T09:30:15.5"]
            ),
        )
    ),
    st.booleans(),
)
def test_dates_that_are_read_at_once_have_the_parts_of_the_grammar(texts: list[str], last: bool) -> None:
    found = iso.parts(pd.Series(texts, dtype="str"), last=last)
    rows = np.array([found.year, found.month, found.day, found.hour, found.minute, found.second]).T
    for text, row, valid, invalid in zip(texts, rows, found.valid, iso.invalid(pd.Series(texts, dtype="str")), strict=True):
        expected = iso._part(text, last)
        assert valid == (expected is not None)
        assert invalid == (iso._part(text.strip(), False) is None)
        np.testing.assert_array_equal(row, expected if expected is not None else [np.nan] * 6)
