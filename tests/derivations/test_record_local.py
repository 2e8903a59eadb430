"""A derivation on one record reads no other record: the result of all records is the results of two parts, joined."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Reach
from adam.catalog.derivations import DERIVATIONS
from tests.derivations.example import ExampleRecords


def result(name: str, seeds: list[int]) -> list[object]:
    return ["" if pd.isna(value) else value for value in ExampleRecords(DERIVATIONS[name], seeds).result().tolist()]


@pytest.mark.parametrize("name", sorted(name for name, known in DERIVATIONS.items() if known.looks is Reach.RECORD))
@settings(max_examples=25, deadline=None)
@given(seeds=st.lists(st.integers(0, 40), min_size=2, max_size=12), where=st.integers(1, 11))
def test_the_whole_equals_the_parts(name: str, seeds: list[int], where: int) -> None:
    cut = min(where, len(seeds) - 1)
    assert result(name, seeds) == result(name, seeds[:cut]) + result(name, seeds[cut:])
