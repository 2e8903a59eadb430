"""Checks of the analysis windows: no day is in two windows of one period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from adam.core.problems import Problems
from adam.specification.models import Window


def check_windows(table: str, windows: Mapping[str, Window], problems: Problems) -> None:
    """Report windows that end before they start, and windows that share days or a number. A window with `where` has no days of its own."""
    for window in windows.values():
        low, high = _bounds(window)
        if low > high:
            problems.add(window.mark, f"{table}.{window.name}", f"low ({window.low}) is after high ({window.high}).", "spec-wrong-value")
    for one, other in _overlapping(windows):
        message = f"{other.name} shares days with {one.name}: {_days(one)}, and {_days(other)}. Each day must be in one window."
        problems.add(other.mark, f"{table}.{other.name}", message, "spec-windows-overlap")
    seen: dict[float, str] = {}
    for window in windows.values():
        if window.number in seen:
            message = f"Number {window.number:g} is already the number of {seen[window.number]}. Give {window.name} a number of its own."
            problems.add(window.mark, f"{table}.{window.name}", message, "spec-duplicate-entry")
        seen.setdefault(window.number, window.name)


def _overlapping(windows: Mapping[str, Window]) -> Iterator[tuple[Window, Window]]:
    plain = [window for window in windows.values() if window.where is None]
    for period in dict.fromkeys(window.period for window in plain):
        mine = sorted((window for window in plain if window.period == period), key=_bounds)
        yield from ((one, other) for one, other in pairwise(mine) if _bounds(other)[0] <= _bounds(one)[1])


def _bounds(window: Window) -> tuple[float, float]:
    low = float(window.low) if isinstance(window.low, int) else float("-inf")
    return low, float("inf") if window.high is None else float(window.high)


def _days(window: Window) -> str:
    low = "the start of the period" if window.low == "period" else "any day" if window.low is None else f"day {window.low}"
    return f"{low} to {'any day' if window.high is None else window.high}"
