"""A condition over a column is true, false or unknown in a record as a reading of that record alone gives it."""

from __future__ import annotations

import operator

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.coded_text import coded
from adam.core.kinds import conditions, dates, numbers, texts
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse
from adam.expressions.tree import Both, Call, Comparison, Literal, Membership, Missing, Name, Negation, Node

COMPARED = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NUMBERS = st.sampled_from([None, -2.0, -0.0, 0.0, 1.0, 1.5, 3.0])
TEXTS = st.sampled_from(["", "A", "B", "a", "Z"])
DATES = st.sampled_from(["", "2019-12-31", "2020-01-01", "2020-02-29"])
OPS = st.sampled_from(list(COMPARED))
RECORDS = st.lists(
    st.fixed_dictionaries({"X": NUMBERS, "Y": NUMBERS, "T": TEXTS, "U": TEXTS, "D": DATES, "E": DATES, "C": st.sampled_from([True, False, None])}),
    max_size=6,
)


def listed(written: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(written, min_size=1, max_size=most).map(lambda values: f"({', '.join(values)})")


NUMBER = st.sampled_from(["X", "Y", "-2", "0", "1", "1.5"])
TEXT = st.sampled_from(["T", "U", '"A"', '"a"', '""', '"none"'])
DATE = st.sampled_from(["D", "E"])
DAY = st.sampled_from(['"2020-01-01"', '"2019-12-31"'])
AMONG = st.sampled_from(["in", "not in"])
LEAF = st.one_of(
    st.tuples(NUMBER, OPS, NUMBER).map(" ".join),
    st.tuples(TEXT, OPS, TEXT).map(" ".join),
    st.tuples(DATE, OPS, DATE | DAY).map(" ".join),
    st.tuples(DAY, OPS, DATE).map(" ".join),
    st.tuples(NUMBER, AMONG, listed(st.sampled_from(["-2", "0", "1", "1.5", "7"]), 20)).map(" ".join),
    st.tuples(TEXT, AMONG, listed(st.sampled_from(['"A"', '"B"', '""', '"none"', '"q"', '"r"', '"s"']), 7)).map(" ".join),
    st.sampled_from(["X", "T", "D", "C"]).map("missing({})".format),
    st.sampled_from(["C", "missing"]),
)
CONDITIONS = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({each[0]}) {each[1]} ({each[2]})"),
    ),
    max_leaves=6,
)


def value(node: Node, record: dict[str, object]) -> object:
    """The value of one record; None is missing, except of a text."""
    if isinstance(node, Name):
        found = record[str(node)]
        return found if str(node) not in "DE" else found or None
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Missing):
        return None
    if not isinstance(node, Both | Comparison | Membership | Negation | Call):
        return -value(node.value, record)  # type: ignore[attr-defined, operator]
    return truth(node, record)


def truth(node: Node, record: dict[str, object]) -> bool | None:
    """Whether a condition is true in one record; None if it is unknown."""
    match node:
        case Negation(value=inner):
            found = truth(inner, record)
            return None if found is None else not found
        case Both(op=op, values=values):
            each = [truth(part, record) for part in values]
            decisive = op == "or"
            return decisive if decisive in each else None if None in each else not decisive
        case Comparison(op=op, left=left, right=right):
            first, second = value(left, record), value(right, record)
            return None if first is None or second is None else bool(COMPARED[op](first, second))
        case Membership(value=inner, among=among, negated=negated):
            found, terms = value(inner, record), [literal.value for literal in among]  # type: ignore[union-attr]
            return None if found is None else (found in terms) != negated
        case Call(arguments=(argument,)):
            return value(argument, record) in (None, "")
    return value(node, record)  # type: ignore[return-value]


def columns(records: list[dict[str, object]], as_codes: bool) -> Columns:
    found = {
        **{name: numbers(*(each[name] for each in records)) for name in "XY"},  # type: ignore[misc]
        **{name: texts(*(each[name] for each in records)) for name in "TU"},  # type: ignore[misc]
        **{name: dates(*(each[name] for each in records)) for name in "DE"},  # type: ignore[misc]
        "C": conditions(*(each["C"] for each in records)),  # type: ignore[misc]
    }
    if as_codes:
        found |= {name: pd.Series(coded(found[name].array, always=True)) for name in "TU"}
    return Columns(found, pd.RangeIndex(len(records)))


@settings(max_examples=250, deadline=None)
@given(CONDITIONS, RECORDS, st.booleans())
def test_a_condition_is_true_false_or_unknown_as_each_record_alone_gives_it(text: str, records: list[dict[str, object]], as_codes: bool) -> None:
    expr = parse(text)
    expected = [truth(expr.root, record) for record in records]
    evaluation = Evaluation(columns(records, as_codes))
    yes, no = evaluation.truth(expr.root)
    assert yes.tolist() == [each is True for each in expected]
    assert no.tolist() == [each is False for each in expected]
    if not isinstance(expr.root, Missing):
        found = evaluation.column(expr)
        assert found.dtype == "boolean"
        assert [None if each is pd.NA else each for each in found.tolist()] == expected
