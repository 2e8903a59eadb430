"""Faults of arguments that are told when the specification is read, not when data meet them."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from adam.catalog.derivation import Group
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations import imputed_date as days
from adam.catalog.derivations.imputed_date import Level
from adam.catalog.derivations.latest_date import latest_date
from adam.catalog.derivations.majority import majority
from adam.core.kinds import dates, texts
from adam.core.located import LocatedFloat, LocatedInt


def imputed_date(*values, **options):
    return days.imputed_date(*values, **options).column


CONSTANTS = {"QOLAGE": 16, "ARMS": {"A": "Active"}, "BOUNDS": [1, 2]}


def validated(name, **arguments):
    return DERIVATIONS[name].model.model_validate(arguments, context={"constants": CONSTANTS})


def day(column):
    return ["" if pd.isna(value) else value.date().isoformat() for value in column]


@pytest.mark.parametrize(
    ("level", "entry", "message"),
    [
        ("day", {"otherwise": "07-01"}, "would change the month"),
        ("month", {"otherwise": "15"}, "has no month"),
        ("year", {"use": ["TRTSDT"], "otherwise": "first"}, "year has no otherwise"),
        ("day", {"otherwise": "00"}, "first, last, DD or MM-DD"),
        ("day", {"otherwise": "32"}, "first, last, DD or MM-DD"),
        ("month", {"otherwise": "13-01"}, "first, last, DD or MM-DD"),
        ("month", {"otherwise": "00-10"}, "first, last, DD or MM-DD"),
        ("month", {}, "use, otherwise or both"),
    ],
)
def test_a_level_does_what_fits_it(level, entry, message):
    with pytest.raises(ValidationError, match=message):
        validated("imputed_date", dtc="AESTDTC", **{level: entry})


def test_levels_as_they_are_written():
    fifteen = LocatedInt(15)
    fifteen.raw = "15"
    given = validated("imputed_date", dtc="X", day={"otherwise": fifteen}, month={"otherwise": "07-01"}, year={"use": ["TRTSDT"]})
    assert (given.day.otherwise, given.month.otherwise, given.year.otherwise) == ("15", "07-01", None)


@pytest.mark.parametrize(
    ("branches", "message"),
    [
        ([], "first entry of case needs a when"),
        ([{"term": "A"}], "first entry of case needs a when"),
        ([{"when": "X == 1", "term": "A"}, {"term": "B"}, {"when": "X == 2", "term": "C"}], "comes last"),
    ],
)
def test_every_entry_of_case_can_be_reached(branches, message):
    with pytest.raises(ValidationError, match=message):
        validated("case", branches=branches)


@pytest.mark.parametrize(
    ("at", "terms", "message"),
    [
        ([1, 2], ["a", "b"], "one term more than numbers in at; it has 2 terms and 2 numbers"),
        ([2, 1], ["a", "b", "c"], "from low to high"),
        ([1, 1], ["a", "b", "c"], "from low to high"),
        ([], ["a"], "at least 1"),
        (["STUDY.NONE"], ["a", "b"], "no constant 'NONE'"),
    ],
)
def test_classes_are_what_at_says(at, terms, message):
    with pytest.raises(ValidationError, match=message):
        validated("cut", of="AAGE", at=at, terms=terms)


def test_constants_of_the_study_stand_for_their_values():
    assert validated("cut", of="AAGE", at=[12, "STUDY.QOLAGE"], terms=["", "12-15", ">=16"]).at == [12, 16]
    assert validated("recode", of="ARM", map="STUDY.ARMS").map == {"A": "Active"}


def test_literals_are_taken_as_written():
    one, half = LocatedInt(1), LocatedFloat(0.50)
    one.raw, half.raw = "1", "0.50"
    assert validated("recode", of="X", map={"A": one, "B": half}).map == {"A": "1", "B": "0.50"}
    assert validated("cut", of="X", at=[1], terms=[one, half]).terms == ["1", "0.50"]


def test_concatenate_needs_a_text():
    with pytest.raises(ValidationError):
        validated("concatenate", of=[], by="/")


def test_a_missing_year_takes_the_first_possible_date_of_use():
    use = Level.model_construct(use=[dates(*["2019-03-20"] * 4), dates(*["2019-01-01"] * 4)], otherwise=None)
    ends = dates("", "2019-03-01", "", "2018-01-01")
    column = texts("--03-15", "", "2019-UN-UN", "")
    assert day(imputed_date(column, year=use, not_after=ends)) == ["2019-03-20", "2019-01-01", "", ""]
    assert day(imputed_date(column, month=use, day=use)) == ["", "", "", ""]


def test_use_alone_leaves_the_rest_missing():
    use = Level.model_construct(use=[dates("2019-03-20", "2019-03-20")], otherwise=None)
    assert day(imputed_date(texts("2019-03", "2019-04"), day=use)) == ["2019-03-20", ""]


@pytest.mark.parametrize(("text", "level", "otherwise"), [("2019-02", "day", "31"), ("2019", "month", "02-29")])
def test_a_day_that_the_month_does_not_have_is_its_last(text, level, otherwise):
    assert day(imputed_date(texts(text), **{level: Level.model_construct(use=[], otherwise=otherwise)})) == ["2019-02-28"]


def test_a_full_tie_goes_to_the_first_record_whatever_other_subjects_took():
    words, one = texts("B", "A", "A", "B"), dates(*["2019-03-01"] * 4)
    assert majority(words, one, one, Group(np.array([0, 0, 1, 1]), 2)).column.tolist() == ["B", "A"]


def test_each_subject_has_its_own_bound():
    source = (texts("2019-05-01", "2019-03-01", "2019-05-01", "2019-05-01"), Group(np.array([0, 0, 1, 2]), 3))
    found = latest_date([source], up_to=dates("2019-04-01", "2019-06-01", ""))
    assert day(found) == ["2019-03-01", "2019-05-01", "2019-05-01"]
