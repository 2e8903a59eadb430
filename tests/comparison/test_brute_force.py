"""Random pairs of small datasets: the result is that of a plain reading, record by record."""

from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.comparison.compare import DEFAULT, compare_tables
from adam.comparison.result import Key
from adam.comparison.table import Column, Table, comparable_values

texts = st.sampled_from(["", "a", "A", "b "])
numbers = st.sampled_from([np.nan, 0.0, 1.0, 2.5])
rows = st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), numbers, texts, numbers), max_size=7)


def table(records: list[tuple]) -> Table:
    frame = pd.DataFrame(records, columns=["K", "L", "T", "N"])
    kinds = {"K": "text", "L": "number", "T": "text", "N": "number"}
    columns = {
        name: Column(name, kind, comparable_values(frame[name].astype("str" if kind == "text" else "float64"), kind)) for name, kind in kinds.items()
    }
    return Table("", None, columns, len(frame))


def plain(value: object) -> object:
    """A value that is equal to itself, without trailing blanks."""
    if isinstance(value, str):
        return value.rstrip(" ")
    return "missing" if np.isnan(value) else value


def normal(records: list[tuple]) -> list[tuple]:
    return [tuple(plain(value) for value in record) for record in records]


@settings(max_examples=300, deadline=None)
@given(rows, rows)
def test_records_and_values(one: list[tuple], two: list[tuple]) -> None:
    found = compare_tables("AD", table(one), table(two), Key(("K", "L"), "--key"), DEFAULT)
    left, right = normal(one), normal(two)
    keys = Counter(record[:2] for record in left), Counter(record[:2] for record in right)
    assert found.matched == (keys[0] & keys[1]).total()
    assert found.only_base.count == (keys[0] - keys[1]).total()
    assert found.only_compare.count == (keys[1] - keys[0]).total()
    assert found.base.duplicates.keys == sum(count > 1 for count in keys[0].values())
    assert found.compare.duplicates.records == sum(count for count in keys[1].values() if count > 1)
    whole = Counter(left), Counter(right)
    assert found.records_different == found.matched - sum(
        min(sum((each & other).values()), keys[0][key], keys[1][key])
        for key in keys[0]
        for each, other in [
            (Counter({r: n for r, n in whole[0].items() if r[:2] == key}), Counter({r: n for r, n in whole[1].items() if r[:2] == key}))
        ]
    )
    assert found.equal == (whole[0] == whole[1])


@settings(max_examples=200, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_a_shuffled_copy_is_equal(records: list[tuple], random: object) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    for key in (("K",), ("K", "L"), ("K", "L", "T", "N")):
        assert compare_tables("AD", table(records), table(shuffled), Key(key, "--key"), DEFAULT).equal


@settings(max_examples=200, deadline=None)
@given(rows, rows)
def test_a_searched_key_is_unique_and_shortest(one: list[tuple], two: list[tuple]) -> None:
    key = compare_tables("AD", table(one), table(two)).key.variables
    names = ["K", "L", "T"]  # N and L have a value that is no whole number in some examples
    places = {name: number for number, name in enumerate(["K", "L", "T", "N"])}
    sides = [side for side in (normal(one), normal(two)) if side]

    def unique(chosen: tuple[str, ...]) -> bool:
        return all(len({tuple(record[places[name]] for name in chosen) for record in side}) == len(side) for side in sides)

    if key:
        assert unique(key)
    whole = [name for name in names if name == "K" or name == "T" or all(record[1] != 2.5 for record in [*one, *two])]
    if len(key) > 1:
        assert not any(unique((name,)) for name in whole)
