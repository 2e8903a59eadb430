"""A derivation on one record knows no other record: the whole equals the parts joined, for every one of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Derived, Reach
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.choices import Branch
from adam.catalog.derivations.imputed_date import Level
from adam.core.kinds import ValueKind

DTC = ["2019", "2019-03", "2019-03-20", "2019-03-20T09:30", "2019---15", "", "2018-12", "nonsense"]
DAYS = pd.to_datetime(["2019-01-01", "2019-03-20", "2019-03-31", None, "2018-12-31"]).astype("datetime64[s]")


def column(kind: ValueKind, seeds: list[int], shift: int) -> pd.Series:
    picks = np.array(seeds) + shift
    if kind is ValueKind.TEXT:
        return pd.Series([DTC[i % len(DTC)] for i in picks], dtype="str")
    if kind is ValueKind.NUMBER:
        return pd.Series(np.where(picks % 4 == 0, np.nan, picks % 3 + 0.0))
    if kind is ValueKind.CONDITION:
        return pd.Series([[True, False, None][i % 3] for i in picks], dtype="boolean")
    return pd.Series(DAYS[picks % len(DAYS)])


def arguments(name: str, seeds: list[int]) -> dict[str, object]:
    text, date = column(ValueKind.TEXT, seeds, 0), column(ValueKind.DATE, seeds, 1)
    level = Level.model_construct(use=[date], otherwise="first")
    special: dict[str, dict[str, object]] = {
        "case": {"branches": [Branch.model_construct(when=column(ValueKind.CONDITION, seeds, 2), term="A"), Branch.model_construct(value=text)]},
        "recode": {"of": text, "map": {"2019": "A", "2019-03": "B"}},
        "cut": {"of": column(ValueKind.NUMBER, seeds, 3), "at": [1, 2], "terms": ["a", "b", "c"]},
        "concatenate": {"of": [text, column(ValueKind.TEXT, seeds, 5)], "by": "/"},
        "by_period": {"of": {1: text, 2: column(ValueKind.TEXT, seeds, 1)}, "period": column(ValueKind.NUMBER, seeds, 2)},
        "imputed_date": {
            "dtc": text,
            "day": level,
            "month": level,
            "cap": [column(ValueKind.DATE, seeds, 2)],
            "not_before": column(ValueKind.DATE, seeds, 3),
        },
    }
    if name in special:
        return special[name]
    roles = {
        key: role
        for key, hint in DERIVATIONS[name].hints.items()
        for role in [next((a for a in hint.__metadata__ if isinstance(a, ValueKind)), None)]
    }
    return {key: column(role, seeds, number) for number, (key, role) in enumerate(roles.items()) if role is not None}


def result(name: str, seeds: list[int]) -> list[object]:
    found = DERIVATIONS[name].function(**arguments(name, seeds))
    values = found.column if isinstance(found, Derived) else found
    return ["" if pd.isna(value) else value for value in values.tolist()]


@pytest.mark.parametrize("name", sorted(name for name, known in DERIVATIONS.items() if known.looks is Reach.RECORD))
@settings(max_examples=25, deadline=None)
@given(seeds=st.lists(st.integers(0, 40), min_size=2, max_size=12), where=st.integers(1, 11))
def test_the_whole_equals_the_parts(name: str, seeds: list[int], where: int) -> None:
    cut = min(where, len(seeds) - 1)
    assert result(name, seeds) == result(name, seeds[:cut]) + result(name, seeds[cut:])
