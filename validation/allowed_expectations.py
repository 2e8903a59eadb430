"""What a custom suite may hold: these expectations with these arguments, and nothing that names code, a file, a query or an address.

Great Expectations evaluates more than it shows: a row condition is handed to pandas, which can call any function; `$ref` of a JSON schema is
fetched; `$PARAMETER` is a formula. So a suite is not handed over as it is: what is not listed here is refused before any data are read,
and row conditions are expressions of the specification that only we evaluate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adam.core.errors import did_you_mean
from adam.planning.values import ResolvedDataset

ROWS = ("mostly", "row_condition")
RANGE = ("min_value", "max_value", "strict_min", "strict_max")
BETWEEN = ("column", *RANGE, "row_condition")
COLUMN, PAIR, LIST = ("column", *ROWS), ("column_A", "column_B", "ignore_row_if", *ROWS), ("column_list", "ignore_row_if", *ROWS)
EXPECTATIONS: Mapping[str, tuple[str, ...]] = {
    "expect_column_distinct_values_to_be_in_set": ("column", "value_set", "row_condition"),
    "expect_column_distinct_values_to_contain_set": ("column", "value_set", "row_condition"),
    "expect_column_distinct_values_to_equal_set": ("column", "value_set", "row_condition"),
    "expect_column_max_to_be_between": BETWEEN,
    "expect_column_mean_to_be_between": BETWEEN,
    "expect_column_median_to_be_between": BETWEEN,
    "expect_column_min_to_be_between": BETWEEN,
    "expect_column_most_common_value_to_be_in_set": ("column", "value_set", "ties_okay", "row_condition"),
    "expect_column_pair_values_a_to_be_greater_than_b": (*PAIR, "or_equal"),
    "expect_column_pair_values_to_be_equal": PAIR,
    "expect_column_pair_values_to_be_in_set": (*PAIR, "value_pairs_set"),
    "expect_column_proportion_of_non_null_values_to_be_between": BETWEEN,
    "expect_column_proportion_of_unique_values_to_be_between": BETWEEN,
    "expect_column_stdev_to_be_between": BETWEEN,
    "expect_column_sum_to_be_between": BETWEEN,
    "expect_column_to_exist": ("column", "column_index"),
    "expect_column_unique_value_count_to_be_between": BETWEEN,
    "expect_column_value_lengths_to_be_between": (*COLUMN, *RANGE),
    "expect_column_value_lengths_to_equal": (*COLUMN, "value"),
    "expect_column_value_z_scores_to_be_less_than": (*COLUMN, "threshold", "double_sided"),
    "expect_column_values_to_be_between": (*COLUMN, *RANGE),
    "expect_column_values_to_be_decreasing": (*COLUMN, "strictly"),
    "expect_column_values_to_be_in_set": (*COLUMN, "value_set"),
    "expect_column_values_to_be_increasing": (*COLUMN, "strictly"),
    "expect_column_values_to_be_null": COLUMN,
    "expect_column_values_to_be_unique": COLUMN,
    "expect_column_values_to_match_regex": (*COLUMN, "regex"),
    "expect_column_values_to_match_regex_list": (*COLUMN, "regex_list", "match_on"),
    "expect_column_values_to_not_be_in_set": (*COLUMN, "value_set"),
    "expect_column_values_to_not_be_null": COLUMN,
    "expect_column_values_to_not_match_regex": (*COLUMN, "regex"),
    "expect_column_values_to_not_match_regex_list": (*COLUMN, "regex_list"),
    "expect_compound_columns_to_be_unique": LIST,
    "expect_multicolumn_sum_to_equal": (*LIST, "sum_total"),
    "expect_multicolumn_values_to_be_equal": LIST,
    "expect_select_column_values_to_be_unique_within_record": LIST,
    "expect_table_column_count_to_be_between": ("min_value", "max_value"),
    "expect_table_column_count_to_equal": ("value",),
    "expect_table_columns_to_match_ordered_list": ("column_list",),
    "expect_table_columns_to_match_set": ("column_set", "exact_match"),
    "expect_table_row_count_to_be_between": (*RANGE, "row_condition"),
    "expect_table_row_count_to_equal": ("value", "row_condition"),
}
NEEDED = ("column", "column_A", "column_B", "column_list", "column_set", "value_set", "value_pairs_set", "regex", "regex_list", "value", "sum_total")
"""Arguments an expectation that has them cannot do without."""
OPEN = ("expect_column_to_exist", "expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set")
"""Expectations that may name a column the dataset lacks, as that is what they find out."""
IGNORED = ("both_values_are_missing", "either_value_is_missing", "all_values_are_missing", "any_value_is_missing", "neither", "never")


def _scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(of(each) for each in value)


def _pattern(value: object) -> bool:
    try:
        return isinstance(value, str) and re.compile(value) is not None
    except (re.error, OverflowError, RecursionError):
        return False


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


FORMS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("column", "column_A", "column_B"), (_text, "the name of a variable")),
    **dict.fromkeys(("column_list", "column_set"), (_list(_text), "a list of variables")),
    "value_set": (_list(_scalar), "a list of texts and numbers"),
    "value_pairs_set": (_list(lambda pair: isinstance(pair, list) and len(pair) == 2 and all(map(_scalar, pair))), "a list of pairs"),
    **dict.fromkeys(("min_value", "max_value"), (lambda value: value is None or _number(value) or _text(value), "a number or a text")),
    **dict.fromkeys(("strict_min", "strict_max", "or_equal", "ties_okay", "strictly", "double_sided", "exact_match"), (_flag, "true or false")),
    "mostly": (lambda value: _number(value) and 0 <= value <= 1, "a number from 0 to 1"),  # type: ignore[operator]
    **dict.fromkeys(("value", "column_index"), (_whole, "a whole number from 0")),
    **dict.fromkeys(("sum_total", "threshold"), (_number, "a number")),
    "regex": (_pattern, "a regular expression"),
    "regex_list": (_list(_pattern), "a list of regular expressions"),
    "match_on": (lambda value: value in ("any", "all"), "any or all"),
    "ignore_row_if": (lambda value: value in IGNORED, f"one of {', '.join(IGNORED)}"),
    "row_condition": (_text, "a condition, as text"),
}
KEYS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "type": (_text, "a text"),
    "kwargs": (lambda value: isinstance(value, dict), "a block of arguments"),
    "severity": (lambda value: value in ("critical", "warning", "info"), "critical, warning or info"),
    "description": (_text, "a text"),
    "notes": (lambda value: _text(value) or _list(_text)(value), "a text"),
    "id": (_text, "a text"),
    "meta": (lambda value: isinstance(value, dict), "a block"),
}
META: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "rule": (lambda value: _text(value) and bool(value), "the id of the findings"),
    "allow_empty": (lambda value: value is True, "true"),
    "notes": KEYS["notes"],
}
OF_COLUMNS = (*OPEN, "expect_table_column_count_to_be_between", "expect_table_column_count_to_equal")
"""Expectations of which variables there are, that read no record."""
Fault = tuple[tuple[str | int, ...], str]


def named_columns(expectation: Mapping[str, Any]) -> set[str] | None:
    """Return the variables whose values an accepted expectation reads; None for one that reads which variables there are."""
    if expectation["type"] in OF_COLUMNS:
        return None
    arguments = expectation.get("kwargs", {})
    one = {arguments[key] for key in ("column", "column_A", "column_B") if key in arguments}
    return one | set(arguments.get("column_list", ()))


def _forms(block: Mapping[str, Any], forms: Mapping[str, tuple[Callable[[object], bool], str]], known: tuple[str, ...]) -> Iterator[Fault]:
    for key, value in block.items():
        if key not in known:
            yield (key, ""), f"'{key}' is not allowed here{did_you_mean(key, known)} Allowed: {', '.join(known)}."
        elif not forms[key][0](value):
            yield (key,), f"{key} must be {forms[key][1]}"


def faults(expectation: object, dataset: ResolvedDataset) -> Iterator[Fault]:
    """Yield what is not allowed in an expectation of a custom suite: the path to it, and a message."""
    if not isinstance(expectation, dict):
        yield (), "An expectation must be a block with type and kwargs."
        return
    yield from _forms(expectation, KEYS, tuple(KEYS))
    type_, arguments, meta = expectation.get("type"), expectation.get("kwargs", {}), expectation.get("meta", {})
    if isinstance(meta, dict):
        yield from ((("meta", *path), message) for path, message in _forms(meta, META, tuple(META)))
    if not isinstance(type_, str):
        yield (), "Key 'type' is missing."
        return
    if type_ not in EXPECTATIONS:
        yield ("type",), f"The expectation '{type_}' is not allowed in a custom suite{did_you_mean(type_, EXPECTATIONS)}"
        return
    if isinstance(arguments, dict):
        yield from ((("kwargs", *path), message) for path, message in _arguments(type_, arguments, dataset))


def _arguments(type_: str, arguments: Mapping[str, Any], dataset: ResolvedDataset) -> Iterator[Fault]:
    known = EXPECTATIONS[type_]
    yield from _forms(arguments, FORMS, known)
    for key in [key for key in NEEDED if key in known and key not in arguments]:
        yield (), f"{type_} requires the argument {key}"
    for key in [key for key in ("column", "column_A", "column_B", "column_list") if key in known and type_ not in OPEN]:
        named = arguments.get(key, [])
        for name in named if isinstance(named, list) else [named]:
            if isinstance(name, str) and name not in dataset.variables:
                yield (key,), f"{dataset.name} has no variable {name}{did_you_mean(name, dataset.variables)}"
