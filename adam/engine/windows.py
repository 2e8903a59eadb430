"""Analysis windows: which one a record is in, and what WINDOW gives of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from adam.core.coded_text import constant_text, text_column
from adam.core.errors import Finding, Severity
from adam.core.kinds import ValueKind, is_true, missing_column
from adam.engine.notes import LAST, Note, Place, Stage
from adam.engine.tables import joined
from adam.engine.view import View
from adam.expressions.evaluate import Evaluation
from adam.planning.values import ResolvedDataset
from adam.planning.values.steps import WindowBasis
from adam.planning.values.windows import AnalysisWindow, Windows

DAY = np.timedelta64(86400, "s")
TEXTS = {"AVISIT", "AWU", "AWRANGE"}


def assigned(windows: Windows, evaluation: Evaluation) -> pd.Series:
    """The position of each record's window in the table, the first that matches; -1 for none."""
    day, date = _days(windows, evaluation), evaluation.column(windows.date, ValueKind.DATE)
    found = np.full(len(evaluation.records.index), -1)
    for number, window in reversed(list(enumerate(windows.table))):
        found[_matches(window, windows, day, date, evaluation)] = number
    if windows.where is not None:
        found[~is_true(evaluation.column(windows.where, ValueKind.CONDITION))] = -1
    return pd.Series(found.astype("float64"), index=evaluation.records.index)


def _days(windows: Windows, evaluation: Evaluation) -> np.ndarray:
    """The day of each record, counted from the reference date, which is day 1; there is no day 0. Missing where `where` is not true."""
    date, reference = evaluation.column(windows.date, ValueKind.DATE), evaluation.column(windows.reference, ValueKind.DATE)
    since = ((date - reference) / DAY).to_numpy(dtype="float64")
    day = since + (since >= 0)
    if windows.where is None:
        return day
    return np.where(is_true(evaluation.column(windows.where, ValueKind.CONDITION)), day, np.nan)


def _matches(window: AnalysisWindow, windows: Windows, day: np.ndarray, date: pd.Series, evaluation: Evaluation) -> np.ndarray:
    if window.where is not None:
        return is_true(evaluation.column(window.where, ValueKind.CONDITION))
    matches = ~np.isnan(day)
    if isinstance(window.low, int):
        matches &= day >= window.low
    if window.high is not None:
        matches &= day <= window.high
    if window.period is None:
        return matches
    if window.period > 1:
        matches &= (date > _start(windows, window.period, evaluation)).to_numpy()
    following = _start(windows, window.period + 1, evaluation) if window.period + 1 in windows.starts else None
    return matches if following is None else matches & ~(date > following).to_numpy()


def _start(windows: Windows, period: int, evaluation: Evaluation) -> pd.Series:
    return evaluation.series(evaluation.records.column(windows.starts[period]))


def of_number(windows: Windows, number: pd.Series) -> pd.Series:
    """The window of each AVISITN; -1 for a number no window has."""
    known = {window.number: float(position) for position, window in enumerate(windows.table)}
    codes, uniques = pd.factorize(number)
    return pd.Series(np.array([*(known.get(float(n), -1.0) for n in uniques), -1.0])[codes], index=number.index)


def numbers_of(windows: Windows, position: pd.Series) -> pd.Series:
    """The number of the window at each position; missing for -1."""
    return pd.Series(np.array([*(window.number for window in windows.table), np.nan])[position.to_numpy(dtype="int64")], index=position.index)


def empty(windows: Windows | None, dataset: ResolvedDataset, number: int, frame: pd.DataFrame) -> list[Note]:
    """A note on the windows that the records of a finished dataset are in; none where it does not hold the visit, or has no record."""
    name = next((each for each in ("AVISITN", "AVISIT") if each in frame), None)
    if windows is None or name is None or dataset.allow_empty or not len(frame):
        return []
    seen = set(frame[name].unique())
    without = tuple(window.name for window in windows.table if (window.number if name == "AVISITN" else window.name) not in seen)
    return [EmptyWindows(Place(Stage.FINISHED, number, LAST, dataset.name, mark=windows.mark), windows.name, without)]


@dataclass(frozen=True)
class EmptyWindows(Note):
    """The windows of a dataset that no record is in."""

    name: str
    without: tuple[str, ...]

    def joined(self, other: Self) -> Self:
        """The windows that no record of either is in."""
        return replace(self, without=tuple(name for name in self.without if name in other.without))

    def findings(self) -> Iterator[Finding]:
        """A warning if there are any."""
        if self.without:
            message = f"no record is in these windows of {self.name}: {', '.join(self.without)}. Check their days, and what the days are counted from"
            message = f"{message}, or write 'allow_empty: true' in the dataset."
            yield Finding("unmatched", Severity.WARNING, self.place.dataset, message, mark=self.place.mark)


def described(name: str, windows: Windows, basis: WindowBasis, view: View) -> pd.Series | None:
    """One variable of WINDOW: AVISIT AVISITN AWTARGET AWTDIFF AWLO AWHI AWU AWRANGE. Without a target only the first two; None for none."""
    if basis is WindowBasis.NONE:
        return None
    numbers = of_number(windows, view.own("AVISITN")) if basis is WindowBasis.VISIT else _assigned_before(view)
    position = numbers.to_numpy(dtype="int64")
    if name == "AVISIT":
        return _by_window([window.name for window in windows.table], position, view)
    if name == "AVISITN":
        return _by_window([window.number for window in windows.table], position, view)
    targets = np.array([np.nan if window.target is None else float(window.target) for window in windows.table] + [np.nan])
    target = targets[position]
    none = np.isnan(target)
    column = _ranged(name, windows, position, target, view)
    return column.mask(none, "") if name in TEXTS else column.mask(none)


def _assigned_before(view: View) -> pd.Series:
    """The position of the window of each record, as `assigned` found it."""
    found = [part.window for part in view.parts if part.window is not None]
    assert len(found) == len(view.parts), "the window is assigned first"
    return joined(found)


def _by_window(values: list[str] | list[float], position: np.ndarray, view: View) -> pd.Series:
    if isinstance(values[0], str):
        return text_column([*map(str, values), ""], position, view.index)
    return pd.Series(np.array([*values, np.nan], dtype="float64")[position], index=view.index)


def _ranged(name: str, windows: Windows, position: np.ndarray, target: np.ndarray, view: View) -> pd.Series:
    evaluation = Evaluation(view)
    if name == "AWTARGET":
        return pd.Series(target, index=view.index)
    if name == "AWU":
        return constant_text("DAYS", view.index)
    if name == "AWTDIFF":
        day = _days(windows, evaluation)
        return pd.Series(np.abs(day - target) - ((day < 0) != (target < 0)) * 1.0, index=view.index)
    low, high = _low(windows, position, evaluation), _high(windows, position)
    if name in ("AWLO", "AWHI"):
        return pd.Series(low if name == "AWLO" else high, index=view.index)
    if name == "AWRANGE":
        return _range(low, high, view, _bounds if windows.range == "unit" else short_bounds)
    return missing_column(ValueKind.NUMBER, view.index)


def _high(windows: Windows, position: np.ndarray) -> np.ndarray:
    return np.array([np.nan if window.high is None else float(window.high) for window in windows.table] + [np.nan])[position]


def _low(windows: Windows, position: np.ndarray, evaluation: Evaluation) -> np.ndarray:
    """The later of `low` and the day after the start of the window's period."""
    low = np.array([float(window.low) if isinstance(window.low, int) else np.nan for window in windows.table] + [np.nan])[position]
    for period in sorted({window.period for window in windows.table if window.period and window.period > 1}):
        mine = np.array([window.period == period for window in windows.table] + [False])[position]
        low = np.where(mine, np.fmax(low, _day_after(windows, period, evaluation)), low)
    return low


def _day_after(windows: Windows, period: int, evaluation: Evaluation) -> np.ndarray:
    """The study day after the start of a period, in the days the windows are counted in (no day 0)."""
    day = _days(windows, evaluation)
    date = evaluation.column(windows.date, ValueKind.DATE)
    since = ((_start(windows, period, evaluation) - date) / DAY).to_numpy() + day - (day > 0) + 1
    return np.where(since >= 0, since + 1, since)


def _range(low: np.ndarray, high: np.ndarray, view: View, text: Callable[[float, float], str]) -> pd.Series:
    """The text of each pair of bounds; each pair is written once."""
    (lows, low_values), (highs, high_values) = (pd.factorize(bound, use_na_sentinel=False) for bound in (low, high))
    codes, pairs = pd.factorize(lows * len(high_values) + highs)
    bounds = [(low_values[pair // len(high_values)], high_values[pair % len(high_values)]) for pair in pairs]
    return text_column([*(text(*bound) for bound in bounds), ""], codes, view.index)


def _bounds(low: float, high: float) -> str:
    """`44-71 DAYS`, `<=1 DAYS`, `>=141 DAYS`."""
    if np.isnan(low) and np.isnan(high):
        return ""
    if np.isnan(low):
        return f"<={high:g} DAYS"
    return f">={low:g} DAYS" if np.isnan(high) else f"{low:g}-{high:g} DAYS"


def short_bounds(low: float, high: float) -> str:
    """`44-71`, `<=1`, `>140`: there is no day 0, so a window open above from day 1 is `>-1`."""
    if np.isnan(low) and np.isnan(high):
        return ""
    if np.isnan(low):
        return f"<={high:g}"
    before = low - 1 if low != 1 else -1.0
    return f">{before:g}" if np.isnan(high) else f"{low:g}-{high:g}"
