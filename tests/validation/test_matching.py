"""Records are matched by their values as a search through all records, one by one, matches them."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.coded_text import CodedText, coded
from validation.matching import differing, distinct_rows, factorized, numbered, places, positions, repeated

TEXTS = st.sampled_from(["", "a", "b", "é"])
NUMBERS = st.sampled_from([None, 1.0, 2.0, -3.0, 0.5, -0.0, 0.0, 1e17])
DAYS = st.sampled_from([None, "2020-01-01", "2020-01-03", "1900-01-01", "2020-01-01T10:00"])
RECORDS = st.lists(st.tuples(TEXTS, NUMBERS, DAYS), min_size=1, max_size=12)
CODES = st.booleans()
Record = tuple[str, float | None, str | None]


def frame(records: list[Record], codes: bool) -> pd.DataFrame:
    texts = pd.Series([text for text, _, _ in records], dtype="str")
    array = coded(texts.array, always=True) if codes else texts.array
    assert isinstance(array, CodedText) == codes
    return pd.DataFrame(
        {
            "text": pd.Series(array),
            "number": pd.Series([number for _, number, _ in records], dtype="float64"),
            "day": pd.to_datetime(pd.Series([day for _, _, day in records], dtype="object"), format="ISO8601").astype("datetime64[s]"),
        }
    )


@settings(deadline=None)
@given(RECORDS, RECORDS, CODES, CODES)
def test_a_record_is_found_by_all_its_values_and_missing_is_a_value(
    among: list[Record], wanted: list[Record], some_codes: bool, other_codes: bool
) -> None:
    expected = [next((place for place, other in enumerate(among) if other == record), -1) for record in wanted]
    assert positions(frame(among, some_codes), frame(wanted, other_codes)).tolist() == expected


@settings(deadline=None)
@given(RECORDS, CODES)
def test_records_with_the_same_values_have_the_same_number(records: list[Record], codes: bool) -> None:
    known = list(dict.fromkeys(records))
    columns = frame(records, codes)
    number = numbered(columns[name] for name in columns)
    assert number.tolist() == [known.index(record) for record in records]
    assert distinct_rows(columns).tolist() == [records.index(record) for record in known]
    assert repeated(number).tolist() == [records.count(record) > 1 for record in records]


@settings(deadline=None)
@given(RECORDS, CODES)
def test_a_group_differs_where_two_of_its_records_do(records: list[Record], codes: bool) -> None:
    columns = frame(records, codes)
    expected = [len({number for text, number, _ in records if text == mine}) > 1 for mine, _, _ in records]
    assert differing(numbered([columns["text"]]), numbered([columns["number"]])).tolist() == expected


@settings(deadline=None)
@given(RECORDS, CODES)
def test_values_have_numbers_in_their_order_with_missing_first_or_last(records: list[Record], codes: bool) -> None:
    columns = frame(records, codes)
    for name, last in (("text", False), ("number", False), ("number", True), ("day", False), ("day", True)):
        found, above = places(columns[name], missing_last=last)
        there = sorted({value for value in columns[name] if pd.notna(value) and value != ""})
        ranks = [there.index(value) if value in there else len(there) if last else -1 for value in columns[name]]
        assert max(found) < above
        assert [mine < other for mine in found for other in found] == [mine < other for mine in ranks for other in ranks]


def test_values_are_numbered_as_they_appear_and_missing_has_no_number() -> None:
    codes, values = factorized(pd.Series([2.0, None, 0.5, 2.0]))
    assert (codes.tolist(), values.tolist()) == ([0, -1, 1, 0], [2.0, 0.5])
    codes, values = factorized(pd.Series(["b", "", "b"], dtype="str"))
    assert (codes.tolist(), values.tolist()) == ([0, 1, 0], ["b", ""])
