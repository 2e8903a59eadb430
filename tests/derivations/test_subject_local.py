"""Every registered derivation, on columns drawn by kind: the whole is the parts of its subjects, joined.

Options are taken from the example of the documentation, so a new derivation is tested without a line here.
"""

import inspect

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Derived, Group, Reach
from adam.catalog.derivations import DERIVATIONS
from adam.core.kinds import DTYPES, ValueKind
from adam.engine.arguments import filled
from adam.planning.arguments import expressions
from tests.derivations.example import example

SUBJECTS = 3
BOUND = "2019-03-21"
POOLS = {
    ValueKind.TEXT: ["", "A", "B", "2019", "2019-03", "2019---15", "2019-03-20", "2019-03-21T09:30", "2019-03-19/2019-03-22", "2019-UN-UN"],
    ValueKind.NUMBER: [None, 0.0, 1.0, 2.0, 65.0],
    ValueKind.DATE: [None, "2019-03-01", "2019-03-19", "2019-03-20", "2019-03-21", "2019-05-15"],
    ValueKind.DATETIME: [None, "2019-03-20T08:15", "2019-03-20T09:30", "2019-03-21T00:00"],
    ValueKind.CONDITION: [None, True, False],
}


class Drawn:
    """Columns for the arguments of one call, each drawn once, and what of them a part gets."""

    def __init__(self, data, known):
        self.data, self.known, self.model = data, known, example(known)
        self.roles = {argument.path: argument.role for argument in expressions(self.model)}
        self.subject = np.array(data.draw(st.lists(st.integers(0, SUBJECTS - 1), min_size=1, max_size=12)))
        self.fits = np.array(data.draw(st.lists(st.booleans(), min_size=len(self.subject), max_size=len(self.subject))))
        self.any_kind = (
            ValueKind.TEXT if known.looks is Reach.RECORD else data.draw(st.sampled_from([ValueKind.TEXT, ValueKind.NUMBER, ValueKind.DATE]))
        )
        self.columns = {}

    def values(self, key, kind):
        if key not in self.columns:
            size = len(self.subject)
            drawn = self.data.draw(st.lists(st.sampled_from(POOLS[kind]), min_size=size, max_size=size))
            column = pd.Series(pd.to_datetime(drawn, format="ISO8601") if DTYPES[kind] == "datetime64[s]" else drawn)
            self.columns[key] = column.astype(DTYPES[kind])
        return self.columns[key]

    def group(self, mine, size):
        number = self.subject[mine] if size == SUBJECTS else np.zeros(mine.sum(), dtype="int64")
        return Group(np.where(self.fits[mine], number, -1), size)

    def column(self, path, role, mine, size):
        """The argument at `path` on the records of `mine`."""
        if role == "order":
            rank = self.data.draw(st.permutations(range(len(self.subject)))) if path not in self.columns else self.columns[path]
            self.columns[path] = rank
            return np.argsort(np.argsort(np.array(rank)[mine]))
        if role == "family":
            return {period: self.values((path, period), self.any_kind)[mine].reset_index(drop=True) for period in (1, 2)}
        if role == "each":
            kind = ValueKind.TEXT if path[-1] == 0 else ValueKind.DATE
            return self.values(path, kind)[mine].reset_index(drop=True), self.group(mine, size)
        if path == ("up_to",):
            return pd.Series(pd.to_datetime([BOUND] * size).astype("datetime64[s]"))
        kind = self.any_kind if role is ValueKind.ANY else role
        return self.values(path, kind)[mine].reset_index(drop=True)

    def result(self, mine, size):
        wanted = set(inspect.signature(self.known.function).parameters)
        extra = {"group": self.group(mine, size)} if "group" in wanted else {}
        arguments = filled(dict(self.model), lambda path, _: self.column(path, self.roles.get(path, "order"), mine, size), wanted - set(extra))
        found = self.known.function(**arguments, **extra)
        return found if isinstance(found, Derived) else Derived(found)


def shown(column):
    return ["" if pd.isna(value) else str(value) for value in column]


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_whole_is_its_parts(name, data):
    drawn = Drawn(data, DERIVATIONS[name])
    whole = drawn.result(np.ones(len(drawn.subject), dtype=bool), SUBJECTS)
    for subject in range(SUBJECTS):
        mine = drawn.subject == subject
        part = drawn.result(mine, 1)
        place = np.array([subject]) if drawn.known.looks is Reach.RECORDS else np.flatnonzero(mine)
        assert len(part.column) == len(place)
        assert shown(whole.column.iloc[place]) == shown(part.column)
        marked = [issue.mask[place].tolist() for issue in whole.issues if issue.mask[place].any()]
        assert marked == [issue.mask.tolist() for issue in part.issues if issue.mask.any()]
