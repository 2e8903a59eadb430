"""The contract of every derivation agrees with what it gives: expected cases, possible terms, method text."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Reach
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.prose import Prose
from adam.core.kinds import is_missing, is_true
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Missing
from tests.derivations.example import ExampleRecords

RECORD = sorted(name for name, known in DERIVATIONS.items() if known.looks is Reach.RECORD)


def expected(records: ExampleRecords, like: pd.Series) -> tuple[pd.Series, np.ndarray] | None:
    """The value of each record by the expected cases, and where a case gives one."""
    cases = records.known.contract.expected_cases(records.model, records.families)
    if cases is None:
        return None
    evaluation = Evaluation(records)
    found, judged = like.mask(np.ones(len(like), dtype=bool), "" if like.dtype == "str" else None), np.ones(len(like), dtype=bool)
    undecided = np.ones(len(like), dtype=bool)
    for case in cases:
        matches = undecided & (is_true(evaluation.column(case.when)) if case.when is not None else True)
        undecided &= ~matches
        judged &= ~matches | (case.value is not None)
        if isinstance(case.value, Expr) and not isinstance(case.value.root, Missing):
            found = found.where(~matches, evaluation.column(case.value))
        elif isinstance(case.value, str):
            found = found.where(~matches, case.value)
    return found, judged


@pytest.mark.parametrize("name", RECORD)
@settings(max_examples=40, deadline=None)
@given(seeds=st.lists(st.integers(0, 2000), min_size=1, max_size=20))
def test_the_expected_cases_give_the_result(name: str, seeds: list[int]) -> None:
    records = ExampleRecords(DERIVATIONS[name], seeds)
    result = records.result()
    found = expected(records, result)
    if found is not None:
        column, judged = found
        same = (column == result).to_numpy(dtype=bool) | (is_missing(column) & is_missing(result)).to_numpy(dtype=bool)
        assert same[judged].all(), (result[~same], column[~same])


@pytest.mark.parametrize("name", RECORD)
@settings(max_examples=40, deadline=None)
@given(seeds=st.lists(st.integers(0, 2000), min_size=1, max_size=20))
def test_the_result_is_a_possible_term(name: str, seeds: list[int]) -> None:
    records = ExampleRecords(DERIVATIONS[name], seeds)
    terms = DERIVATIONS[name].contract.possible_terms(records.model)
    if terms is not None and terms.complete:
        assert set(records.result()) <= {*terms.texts, ""}


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_the_method_text_is_prose(name: str) -> None:
    records = ExampleRecords(DERIVATIONS[name], [0])
    text = DERIVATIONS[name].contract.method_text(records.model, Prose(families=records.families))
    assert text.endswith(".")
    assert not re.search(r"[\[\]{}`]|==|\bNone\b|name=", text), text
