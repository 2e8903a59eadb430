"""The example of a derivation's documentation, and columns drawn for it, so that a new derivation is tested without a line here."""

import inspect
from typing import Any

import numpy as np
import pandas as pd
import yaml

from adam.catalog.derivation import Derivation, Derived
from adam.catalog.derivations.query import EXAMPLE as QUERIES
from adam.catalog.derivations.toxicity_grade import EXAMPLE as CRITERIA
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable
from adam.engine.arguments import filled
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Name
from adam.planning.arguments import expressions

TEXTS = ["2019", "2019-03", "2019-03-20", "2019-03-20T09:30", "2019---15", "", "2018-12", "nonsense", "WHITE", "2019-03-20/2019-03-22"]
DAYS = pd.to_datetime(["2019-01-01", "2019-03-20", "2019-03-31", None, "2018-12-31", "2019-04-02"]).astype("datetime64[s]")
PERIODS = (1, 2)
TABLE = ReferenceTable(
    "LAB_TESTS", "lab_tests.csv", {"PARAMCD": ("2019", "WHITE"), "ATOXDSCL": ("Low", "")}, dict.fromkeys(("PARAMCD", "ATOXDSCL"), ValueKind.TEXT)
)

TABLES = {TABLE.name: TABLE, "CTCAE_5": CRITERIA, "QUERIES": QUERIES}


def example(known: Derivation) -> Any:
    """The arguments of the documentation's example, validated."""
    line = (inspect.getdoc(known.function) or "").split("YAML:")[1].split(">>>")[0].strip()
    (formula,) = yaml.safe_load(line).values()
    raw = formula[known.name]
    return known.model.model_validate(raw if isinstance(raw, dict) else {known.first: raw}, context={"constants": {}, "tables": TABLES})


def column(kind: ValueKind, picks: np.ndarray) -> pd.Series:
    """Values of a kind, missing ones among them."""
    if kind is ValueKind.NUMBER:
        return pd.Series(np.where(picks % 4 == 0, np.nan, picks % 3 + 0.0))
    if kind in (ValueKind.DATE, ValueKind.DATETIME):
        return pd.Series(DAYS[picks % len(DAYS)])
    return pd.Series([TEXTS[pick % len(TEXTS)] for pick in picks], dtype="str")


class ExampleRecords:
    """Records on which every name of the example has a column of the kind its argument has; other names are texts."""

    def __init__(self, known: Derivation, seeds: list[int]) -> None:
        self.known, self.model, self.picks = known, example(known), np.array(seeds)
        found = [(argument.expr, argument.role) for argument in expressions(self.model)]
        self.kinds = {expr.bare: role for expr, role in found if expr.bare is not None and isinstance(role, ValueKind)}
        self.families = {"of": {n: Name((f"TRT{n:02d}P",)) for n in PERIODS}} if any(role == "family" for _, role in found) else {}

    @property
    def index(self) -> pd.Index:
        return pd.RangeIndex(len(self.picks))

    def column(self, name: Name) -> pd.Series:
        kind = ValueKind.NUMBER if name.owner == "STUDY" else self.kinds.get(name, ValueKind.TEXT)
        return column(kind, self.picks + sum(map(ord, name.last)))

    def values(self, name: Name) -> None:
        return None

    def terms(self, name: Name | None) -> None:
        return None

    def result(self) -> pd.Series:
        """What the derivation gives on these records."""
        roles = {argument.path: argument.role for argument in expressions(self.model)}

        def of(path: tuple[str | int, ...], value: Any) -> Any:
            if roles[path] == "family":
                return {number: self.column(name) for number, name in self.families["of"].items()}
            return Evaluation(self).column(value, roles[path] if roles[path] is not ValueKind.ANY else None)

        found = self.known.function(**filled(dict(self.model), of, set(inspect.signature(self.known.function).parameters)))
        return found.column if isinstance(found, Derived) else found
