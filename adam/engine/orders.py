"""The order lists of a formula as numbers."""

from __future__ import annotations

import numpy as np

from adam.catalog.derivation import OrderKey
from adam.core.ordering import codes, directed
from adam.engine.ordering import ranks
from adam.engine.view import View
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr


class Orders:
    """The places of records in the entries of order lists, each list evaluated once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.known: dict[tuple[OrderKey, ...], list[np.ndarray]] = {}

    def ranks(self, keys: tuple[OrderKey, ...], ties: list[np.ndarray]) -> np.ndarray:
        """The place of each record in the order of a list."""
        return ranks([*self.places(keys), *ties])

    def places(self, keys: tuple[OrderKey, ...]) -> list[np.ndarray]:
        """The place of each record in every entry of a list."""
        if keys not in self.known:
            self.known[keys] = [directed(self._codes(key.value), key.descending, key.missing_last) for key in keys]
        return self.known[keys]

    def _codes(self, value: Expr) -> np.ndarray:
        records, name = self.evaluation.records, value.bare
        known = records.places_of(name) if isinstance(records, View) and name is not None else None
        return codes(self.evaluation.series(self.evaluation.node(value.root))) if known is None else known
