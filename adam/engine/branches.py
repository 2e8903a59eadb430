"""The records that reach each entry of a list that is tried in order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.catalog.contract import Path
from adam.core.kinds import is_true


class Branches:
    """Which records reach an entry of a list that is tried in order: those no `when` before it was true for, its value those of its own."""

    def __init__(self, size: int) -> None:
        self.everyone = np.ones(size, dtype=bool)
        self.open: dict[Path, np.ndarray] = {}
        self.chosen: dict[Path, np.ndarray] = {}

    def reach(self, path: Path) -> np.ndarray:
        """The records an argument is used for."""
        if len(path) < 3:
            return self.everyone
        default = self.open.get(path[:-2], self.everyone)
        return default if path[-1] == "when" else self.chosen.get(path[:-1], default)

    def decided(self, path: Path, found: pd.Series) -> None:
        """Note the records of an entry, once its condition is known."""
        if len(path) == 3 and path[-1] == "when":
            left = self.open.get(path[:-2], self.everyone)
            self.chosen[path[:-1]] = left & is_true(found)
            self.open[path[:-2]] = left & ~is_true(found)
