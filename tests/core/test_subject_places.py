"""The subjects of records among known ones, whatever pairs of STUDYID and USUBJID occur."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.coded_text import text_column
from adam.core.subject_places import subject_codes, subject_places

PAIRS = st.tuples(st.sampled_from(["S", "T", ""]), st.sampled_from(["1", "2", "3"]))


def test_a_subject_of_two_studies_is_two_subjects() -> None:
    frame = pd.DataFrame({"STUDYID": ["S", "T", "S"], "USUBJID": ["1", "1", "2"]}, dtype="str")
    assert subject_places(frame, pd.MultiIndex.from_tuples([("T", "1"), ("S", "2")])).tolist() == [-1, 0, 1]


def test_no_record() -> None:
    frame = pd.DataFrame({"STUDYID": [], "USUBJID": []}, dtype="str")
    assert subject_places(frame, pd.MultiIndex.from_tuples([("T", "1")])).tolist() == []


def test_a_study_may_number_its_subjects() -> None:
    frame = pd.DataFrame({"STUDYID": pd.Series(["S", "S", "S"], dtype="str"), "USUBJID": [2.0, 7.0, 2.0]})
    assert subject_places(frame, pd.MultiIndex.from_frame(frame[:1])).tolist() == [0, -1, 0]


@settings(deadline=None, max_examples=60)
@given(st.lists(PAIRS, max_size=12), st.booleans())
def test_each_record_has_the_number_of_its_pair(pairs: list[tuple[str, str]], coded: bool) -> None:
    """Also where the texts are codes, of which some do not occur."""
    texts = [["", "T", "S", "U"], ["2", "9", "3", "1"]]
    columns = [pd.Series([pair[place] for pair in pairs], dtype="str") for place in (0, 1)]
    if coded:
        columns = [text_column(each, column.map(each.index).to_numpy("int64")) for each, column in zip(texts, columns, strict=True)]
    codes, known = subject_codes(pd.DataFrame(dict(zip(("STUDYID", "USUBJID"), columns, strict=True))))
    assert [known[code] for code in codes] == pairs
    assert known.is_unique
