"""Compare two versions of a dataset: variables, attributes, records, values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from adam.comparison.attributes import attribute_differences, moved_variables, spelling_notes, unstored_notes
from adam.comparison.equality import Tolerances, pair_columns
from adam.comparison.key_search import find_key
from adam.comparison.matching import Matched, column_codes, match_by_key, match_by_position
from adam.comparison.result import DatasetComparison, Duplicates, Key, RecordList, Side, ValueDifference
from adam.comparison.shown import record_key
from adam.comparison.table import Table
from adam.comparison.values import ValueSummary

SEARCHED = "the shortest that is unique in both"
POSITION = "no combination of variables is unique in both"


@dataclass(frozen=True)
class Options:
    """What is compared and how.

    Attributes:
        tolerances: when two numbers are equal.
        variables: the variables whose values and attributes are compared; all by default.
        names: pairs of a name in BASE and the name that the variable had in COMPARE.
        ignored: attributes that do not count: type, length, label, format, order.
        records: how many records, keys and pairs of values are kept of each difference.
    """

    tolerances: Tolerances = Tolerances()
    variables: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    records: int = 5


DEFAULT = Options()


def renamed_table(base: Table, compare: Table, names: Sequence[tuple[str, str]]) -> tuple[Table, list[str]]:
    """COMPARE with the names of BASE, and notes; a variable that has such a name already makes room for the one that is compared.

    Args:
        base: of BASE.
        compare: of COMPARE.
        names: pairs of a name in BASE and another in COMPARE; a pair that the datasets do not have is left out.
    """
    known = {other: own for own, other in names if own in base.columns and other in compare.columns}
    hidden = [each for each in compare.columns if each in known.values() and each not in known]
    columns = {known.get(each, each): column for each, column in compare.columns.items() if each not in hidden}
    return replace(compare, columns=columns), [f"{each} of COMPARE is not compared: {_other(each, names)} takes its place." for each in hidden]


def _other(name: str, names: Sequence[tuple[str, str]]) -> str:
    """The name in COMPARE of a variable of BASE."""
    return dict(names).get(name, name)


def compare_tables(
    name: str, base: Table, compare: Table, key: Key | None = None, options: Options = DEFAULT, notes: Sequence[str] = ()
) -> DatasetComparison:
    """Compare two versions of a dataset.

    Args:
        name: of the dataset.
        base: the version that is taken as right.
        compare: the version to be compared, with the names of `base`.
        key: the variables that identify a record, all of them in both; None to search for one.
        options: what is compared and how.
        notes: what was noticed before.
    """
    common = [each for each in base.columns if each in compare.columns]
    key = key or _searched(base, compare, common)
    matched = match_by_key(base, compare, key.variables, common) if key.variables else match_by_position(base, compare)
    selected = [each for each in common if not options.variables or each in options.variables or each in key.variables]
    named = replace(key, variables=_distinguishing(base, compare, key.variables))
    values, differing = _values(base, compare, matched, key, named, selected, options)
    whole = not options.variables
    return DatasetComparison(
        name,
        _side(base, matched.duplicates_base, named, options.records),
        _side(compare, matched.duplicates_compare, named, options.records),
        key,
        len(matched.base),
        _listed(base, matched.only_base, named, options.records),
        _listed(compare, matched.only_compare, named, options.records),
        tuple(each for each in base.columns if each not in compare.columns and (whole or each in options.variables)),
        tuple(each for each in compare.columns if each not in base.columns and (whole or each in options.variables)),
        moved_variables(selected, [each for each in compare.columns if each in selected]) if "order" not in options.ignored else (),
        tuple(attribute_differences(base, compare, selected, options.ignored)),
        tuple(each for each in selected if each not in key.variables),
        values,
        int(differing.sum()),
        bool(key.variables) and not matched.in_order,
        (*notes, *_notes(base, compare, selected)),
    )


def _searched(base: Table, compare: Table, common: Sequence[str]) -> Key:
    if not base.records and not compare.records:
        return Key((), "both datasets have no records")
    found = find_key(base, compare, common)
    return Key(found, SEARCHED if found else POSITION if common else "the datasets have no variable in common")


def _distinguishing(base: Table, compare: Table, key: Sequence[str]) -> tuple[str, ...]:
    """The variables of a key without those that have one value in all records, such as STUDYID."""
    found = []
    for name in key:
        codes = column_codes(base, compare, name, np.arange(base.records), np.arange(compare.records))
        found += [name] if codes.any() else []
    return tuple(found) or tuple(key)


def _values(
    base: Table, compare: Table, matched: Matched, key: Key, named: Key, selected: Sequence[str], options: Options
) -> tuple[tuple[ValueDifference, ...], np.ndarray]:
    """The variables whose values differ, and the matched records with a difference."""
    found, differing = [], np.zeros(len(matched.base), dtype=bool)
    other = dict(options.names)
    for name in selected:
        if name in key.variables:
            continue
        pair = pair_columns(base.columns[name], compare.columns[name], matched.base, matched.compare)
        mask = pair.differs(options.tolerances[name])
        if mask.any():
            differing |= mask
            summary = ValueSummary(name, other.get(name, ""), base, compare, matched, named.variables, options.records)
            found.append(summary.of(pair, np.flatnonzero(mask)))
    return tuple(found), differing


def _side(table: Table, duplicates: np.ndarray, key: Key, count: int) -> Side:
    if not len(duplicates):
        return Side(table.origin, table.records, len(table.columns), Duplicates())
    keys: dict[tuple[str, ...], dict[str, str]] = {}
    number = _distinct(table, duplicates, key)
    for row in duplicates[: count * 50]:
        each = record_key(table, int(row), key.variables)
        keys.setdefault(tuple(each.values()), each)
    return Side(table.origin, table.records, len(table.columns), Duplicates(number, len(duplicates), tuple(list(keys.values())[:count])))


def _distinct(table: Table, rows: np.ndarray, key: Key) -> int:
    """The number of keys among some records."""
    return len(pd.DataFrame({name: table.columns[name].values.take(rows) for name in key.variables}).drop_duplicates())


def _listed(table: Table, rows: np.ndarray, key: Key, count: int) -> RecordList:
    return RecordList(len(rows), tuple(record_key(table, int(row), key.variables) for row in rows[:count]))


def _notes(base: Table, compare: Table, names: Sequence[str]) -> Iterator[str]:
    yield from (f"BASE: {each}" for each in base.notes)
    yield from (f"COMPARE: {each}" for each in compare.notes)
    yield from unstored_notes(base, compare, names)
    yield from spelling_notes(base, compare, names)
