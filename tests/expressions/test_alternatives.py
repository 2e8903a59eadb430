"""Where clauses of a condition: together with what they leave out, they select the records that the condition selects."""

import random

import numpy as np
import pandas as pd
import pytest

from adam.core.kinds import ValueKind
from adam.expressions.alternatives import MOST, alternatives
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse
from adam.expressions.tree import Expr
from tests.expressions.test_translation import CONDITIONS, ours, records

TERMS = {"T": ("Y", "N", "Yes", "it's 5% & more")}


def shown(text, constants=None, terms=lambda _: ()):
    found = alternatives(parse(text), constants or {}, terms)
    return [([f"{c.variable} {c.comparator} {' '.join(c.values)}" for c in each.checks], list(map(str, each.unexpressed))) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('A == 1 and T == "Y"', [(["A EQ 1", "T EQ Y"], [])]),
        ("A == 1 or B < 2", [(["A EQ 1"], []), (["B LT 2"], [])]),
        ("A == 1 or A in (2, 3)", [(["A IN 1 2 3"], [])]),
        ("A == 0 and (A == 1 or B == 2)", [(["A EQ 0", "A EQ 1"], []), (["A EQ 0", "B EQ 2"], [])]),
        ("not (A == 1 or B < 2)", [(["A NE 1", "B GE 2"], [])]),
        ("not A in (1, 2)", [(["A NOTIN 1 2"], [])]),
        ('T == "Y" and not missing(A)', [(["T EQ Y"], ["not missing(A)"])]),
        ("A in STUDY.DAYS and B > STUDY.LOW", [(["A IN 1 2", "B GT 5"], [])]),
        ("A > B", [([], ["A > B"])]),
    ],
)
def test_by_hand(text, expected):
    assert shown(text, {"DAYS": (1.0, 2.0), "LOW": 5.0}) == expected


def test_a_comparison_with_blank_is_the_list_of_the_other_values_where_they_are_known():
    assert shown('T != "" and A == 1', terms=lambda name: ("Y", "N")) == [(["T IN Y N", "A EQ 1"], [])]
    assert shown("missing(T)", terms=lambda name: ("Y", "N")) == [(["T NOTIN Y N"], [])]
    assert shown('T != "" and A == 1') == [(["A EQ 1"], ['T != ""'])]


def test_a_condition_with_too_many_alternatives_is_left_out_as_a_whole():
    text = " and ".join(f"(A == {number} or B == {number})" for number in range(4))
    ((checks, left),) = shown(text)
    assert checks == []
    assert len(left) == 1
    assert MOST < 2**4


def selected(check, frame):
    """The records that one comparison of a where clause selects; a missing number is not selected."""
    column = frame[check.variable]
    if column.dtype == "str":
        values = list(check.values)
    else:
        values = [float(value) if column.dtype == "float64" else np.datetime64(value, "s") for value in check.values]
    ways = {"EQ": "__eq__", "NE": "__ne__", "LT": "__lt__", "LE": "__le__", "GT": "__gt__", "GE": "__ge__"}
    result = column.isin(values) if check.comparator in ("IN", "NOTIN") else getattr(column, ways[check.comparator])(values[0])
    result = ~result if check.comparator == "NOTIN" else result
    return result.to_numpy(dtype=bool) & (column.notna().to_numpy() if column.dtype != "str" else True)


@pytest.mark.parametrize("terms", [lambda name: (), lambda name: TERMS.get(name, ())], ids=["unknown", "known"])
def test_nothing_of_a_condition_is_lost(terms):
    frame = records(seed=random.Random(7).randrange(10**6))
    for text in CONDITIONS:
        union = np.zeros(len(frame), dtype=bool)
        for each in alternatives(parse(text), {}, terms):
            chosen = np.ones(len(frame), dtype=bool)
            for check in each.checks:
                chosen &= selected(check, frame)
            for part in each.unexpressed:
                columns = Columns({name: frame[name] for name in frame}, frame.index)
                chosen &= Evaluation(columns).column(Expr("", part), ValueKind.CONDITION).fillna(False).to_numpy(dtype=bool)
            union |= chosen
        expected = ours(text, frame).fillna(False).to_numpy(dtype=bool)
        assert pd.Series(union).equals(pd.Series(expected)), text
