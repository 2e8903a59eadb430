"""The functions of expressions: their documentation is true, their values are worked out by hand, and the analysis of values is sound."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.function_pages import described, examples, functions_page, summaries
from adam.core.errors import UsageError
from adam.core.kinds import ValueKind, datetimes, numbers, texts
from adam.expressions.check import kind_of
from adam.expressions.date_part_functions import NO_MOMENT
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.functions import FUNCTIONS
from adam.expressions.other_languages import WAYS
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.pattern import Pattern, PatternError
from adam.expressions.possible import Possible, values_of
from adam.expressions.text_functions import NO_PLACE
from adam.expressions.tree import Name

EXAMPLES = [(name, *each) for name, known in FUNCTIONS.items() for each in examples(known)]


class OneRecord:
    """The names X (text), N (number), D (date) and T (datetime), for checks of kinds."""

    def kind(self, name: Name) -> ValueKind:
        return {"X": ValueKind.TEXT, "N": ValueKind.NUMBER, "D": ValueKind.DATE, "T": ValueKind.DATETIME}[name.last]

    def values(self, name: Name) -> None:
        return None

    def terms(self, name: Name | None) -> None:
        return None


def value(text: str, columns: dict[str, pd.Series] | None = None) -> list[object]:
    size = len(next(iter(columns.values()))) if columns else 1
    found = Evaluation(Columns(columns or {}, pd.RangeIndex(size))).column(parse(text))
    return [None if pd.isna(each) else each for each in found.tolist()]


def issues(text: str, columns: dict[str, pd.Series]) -> list[tuple[str, list[bool]]]:
    size = len(next(iter(columns.values())))
    evaluation = Evaluation(Columns(columns, pd.RangeIndex(size)))
    evaluation.column(parse(text))
    return [(each.text, each.mask.tolist()) for each in evaluation.issues]


def shown(found: object) -> str:
    """A value as the documentation shows it."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, pd.Timestamp):
        return found.strftime("%Y-%m-%dT%H:%M:%S")
    return f'"{found}"' if isinstance(found, str) else f"{found:.15g}"


@pytest.mark.parametrize(("name", "expression", "expected"), EXAMPLES)
def test_the_example_of_a_function_is_true(name: str, expression: str, expected: str) -> None:
    (found,) = value(expression)
    if name == "time":
        assert isinstance(found, float)
        assert expected == "10:30:00"
        assert found == 10 * 3600 + 30 * 60
    else:
        assert shown(found).removesuffix("T00:00:00" if len(expected) == 10 else "") == expected
    assert kind_of(parse(expression), OneRecord())[1] == []


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_documents_its_missing_values(name: str) -> None:
    known = FUNCTIONS[name]
    assert "Missing: " in known.documentation
    assert known.summary
    assert examples(known) or known.special
    assert described(name).startswith(f"{name}(")
    assert f"\n## {name}\n" in functions_page()
    assert name in summaries()


def test_an_unknown_function_has_no_page() -> None:
    with pytest.raises(UsageError, match="did you mean 'round'"):
        described("rounds")


COLUMNS = {
    "X": texts("S001-0042", "é-ü", "", "-"),
    "N": numbers(-7.5, 0.3, None, 0.0),
    "P": numbers(6, 2, 1, 0),
    "D": pd.Series(pd.to_datetime(["2024-03-03", "2024-12-31", None, "1600-02-29"]).astype("datetime64[s]")),
    "T": datetimes("2024-03-05T10:30", "2024-03-05T00:00", "", "2023-12-31T23:59:30"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("length(X)", [9, 3, 0, 1]),
        ('index(X, "-")', [5, 2, 0, 1]),
        ('substr(X, index(X, "-") + 1)', ["0042", "ü", "", ""]),
        ("substr(X, P, 2)", ["00", "-ü", "", ""]),
        ("substr(X, 3, N)", ["", "", "", ""]),
        ('replace(X, "0", "")', ["S1-42", "é-ü", "", "-"]),
        ("lower(X)", ["s001-0042", "é-ü", "", "-"]),
        ("title(X)", ["S001-0042", "É-Ü", "", "-"]),
        ('endswith(X, "42", "ü")', [True, True, False, False]),
        ('matches(X, "^[A-Z][0-9]{3}-\\\\d{4}$")', [True, False, False, False]),
        ('matches(X, "^.-.$")', [False, True, False, False]),
        ('matches(X, "^$")', [False, False, True, False]),
        ("mod(N, 2)", [-1.5, 0.3, None, 0]),
        ("mod(N, 0)", [None, None, None, None]),
        ("mod(N, 0.1)", [0, 0, None, 0]),
        ("int(N)", [-7, 0, None, 0]),
        ("ceil(N)", [-7, 1, None, 0]),
        ("floor(N)", [-8, 0, None, 0]),
        ("sqrt(N)", [None, 0.547722557505166, None, 0]),
        ("log10(N)", [None, -0.522878745280338, None, None]),
        ("exp(N)", [0.000553084370147834, 1.349858807576, None, 1]),
        ("between(N, 0, 0.3)", [False, True, None, True]),
        ('between(D, "2024-01-01", "2024-12-31")', [True, True, None, False]),
        ("year(D)", [2024, 2024, None, 1600]),
        ("month(D)", [3, 12, None, 2]),
        ("day(D)", [3, 31, None, 29]),
        ("weekday(D)", [1, 3, None, 3]),
        ("text(D)", ["2024-03-03", "2024-12-31", "", "1600-02-29"]),
        ("hour(T)", [10, 0, None, 23]),
        ("minute(T)", [30, 0, None, 59]),
        ("time(T)", [37800, 0, None, 86370]),
        ("time_text(time(T))", ["10:30:00", "00:00:00", "", "23:59:30"]),
        ("datetime_text(T)", ["2024-03-05T10:30:00", "2024-03-05T00:00:00", "", "2023-12-31T23:59:30"]),
        ('datetime_text(add_time(T, 30, "seconds"))', ["2024-03-05T10:30:30", "2024-03-05T00:00:30", "", "2024-01-01T00:00:00"]),
        ('datetime_text(add_time(T, -1, "days"))', ["2024-03-04T10:30:00", "2024-03-04T00:00:00", "", "2023-12-30T23:59:30"]),
        ('year("2024---15")', [2024] * 4),
        ('month("2024---15")', [None] * 4),
        ('day("2024---15")', [15] * 4),
        ("substr(X, missing)", ["", "", "", ""]),
        ("coalesce(date(missing), D)", [pd.Timestamp("2024-03-03"), pd.Timestamp("2024-12-31"), None, pd.Timestamp("1600-02-29")]),
    ],
)
def test_values(text: str, expected: list[object]) -> None:
    assert value(text, COLUMNS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(N)", [("sqrt() requires a number of 0 or more; the result is missing", [True, False, False, False])]),
        ("log(N)", [("log() requires a number above 0; the result is missing", [True, False, False, True])]),
        ("exp(N * -100)", [("the result of exp() is too large for a number; it is missing", [True, False, False, False])]),
        ("mod(N, 0)", []),
        ("substr(X, P)", [(NO_PLACE, [False, False, False, True])]),
        ("year(X)", [("the text is not a date as in ISO 8601; the result is missing", [True, True, False, True])]),
        ("missing(year(X))", []),
        ('add_time(T, N, "seconds")', [(NO_MOMENT, [True, True, False, False])]),
    ],
)
def test_a_value_that_is_not_valid_is_missing_with_a_warning(text: str, expected: list[tuple[str, list[bool]]]) -> None:
    assert issues(text, COLUMNS) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("compress(X)", 'compress is not a function of expressions; use replace(x, " ", "").'),
        ("STRIP(X)", "STRIP is not a function of expressions; use trim(x)."),
        ("desc(N)", "desc(X) is for the entries of order lists only, as the outermost function."),
        ("lenght(X)", "There is no function 'lenght'. Did you mean 'length'?"),
        ("substr(X, 0, 2)", "Function substr counts characters from 1; there is no character 0."),
        ("substr(X, 1, 1.5)", "Function substr requires a whole number of characters, not 1.5."),
        ("T - T", "'-' requires numbers, but T is a datetime. Use the derivation duration for the time between datetimes"),
        ('X + "a"', "'+' requires numbers, but X is a text. Use concat(a, b) to join texts."),
        ("text(T)", "Function text requires a number or a date, but T is a datetime. Use datetime_text(x)."),
        ('add_time(T, 1, "weeks")', 'Function add_time requires "seconds", "minutes", "hours" or "days", not "weeks".'),
        ("time(D)", "Function time requires a datetime or a text, but D is a date."),
        ('matches(X, "a**")', "Two repetitions follow each other. Put the first in ( ), or delete one (character 3 of the pattern)."),
        (
            'matches(X, "(a)\\\\1")',
            "\\\\1 is not supported. A pattern has \\\\d, \\\\w, \\\\s and escaped signs such as \\\\. (character 5 of the pattern).",
        ),
        ('matches(X, "(?=a)")', "A group that starts with (? is not supported, except (?: (character 2 of the pattern)."),
        ('matches(X, "[z-a]")', "A range in [ ] is from a lower to a higher character, such as a-z (character 5 of the pattern)."),
        ('matches(X, "(a")', "A '(' is not closed (character 2 of the pattern)."),
        ('matches(X, "")', "The pattern is empty, so every text matches it. Write the characters to search for."),
        ('matches(X, "((a{200}){200})")', "The pattern is too large. Use smaller numbers in { }: a pattern may repeat 2000 characters in all."),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    _, faults = kind_of(parse(text), OneRecord())
    assert [fault.message.startswith(message) for fault in faults] == [True], [fault.message for fault in faults]


@pytest.mark.parametrize(
    ("text", "way"),
    [("is.na(X)", "missing(x)"), ("as.numeric(X) > 1", "number(x)"), ("stringr.str_detect(X)", ""), ("between(N, 1)", "between(x, lowest, highest)")],
)
def test_a_name_of_r_with_a_point_is_known(text: str, way: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert way in str(error.value)


def test_no_name_of_another_language_is_a_function_of_this_one() -> None:
    assert {name for names in WAYS.values() for name in names} & set(FUNCTIONS) == set()


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "^", "$", "1"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}"])).map(lambda parts: f"({parts[0]}){parts[1]}"),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.text(alphabet="ab1", max_size=8))
def test_a_pattern_finds_what_a_regular_expression_of_python_finds(pattern: str, text: str) -> None:
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None
    assert Pattern(pattern).occurs_in(text) is expected


def test_the_time_of_a_pattern_grows_with_the_text_only() -> None:
    assert not Pattern("^((a*)*)*b$").occurs_in("a" * 5000)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_pattern_or_refused_as_one(text: str) -> None:
    try:
        Pattern(text).occurs_in("a1-")
    except PatternError as error:
        assert str(error).endswith(".")


FORMULAS = (
    *('substr(X, 2, 2)', "lower(X)", "title(X)", "trim(X)", 'replace(X, "a", "bb")', 'scan(X, 1, "-")', 'concat(X, "-", upper(X))'),
    *("length(X)", 'index(X, "a")', "number(X)", "text(length(X))", 'if_else(length(X) > 1, substr(X, 1, 1), "z")'),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="aB1 -", max_size=4).map(str.strip), min_size=1, max_size=5), st.sampled_from(FORMULAS))
def test_a_value_is_one_of_the_values_that_are_possible(terms: list[str], formula: str) -> None:
    found = values_of(parse(formula).root, lambda name: Possible("a term", tuple(terms)))
    assert found is not None
    column = Evaluation(Columns({"X": texts(*terms, "")}, pd.RangeIndex(len(terms) + 1))).column(parse(formula))
    assert {"" if each != each else each for each in column.tolist()} <= found


@settings(max_examples=100, deadline=None)
@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 6)), st.floats(0.001, 1e4).map(lambda x: round(x, 3)))
def test_a_number_is_its_whole_part_times_the_divisor_plus_its_remainder(x: float, y: float) -> None:
    (rest,) = value("mod(N, M)", {"N": numbers(x), "M": numbers(y)})
    assert isinstance(rest, float)
    assert abs(rest) < y
    assert rest == 0 or np.sign(rest) == np.sign(x)
    assert abs((x - rest) / y - round((x - rest) / y)) < 1e-6
