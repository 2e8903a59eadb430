"""The analysis windows of a new specification, from the planned days of its visits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adam.core.ascii_text import to_ascii
from adam.core.yaml_text import quoted
from adam.starting.draft import Draft
from adam.starting.inventory import Inventory, Visit

UNSCHEDULED = re.compile(r"unsch|unplanned", re.IGNORECASE)
WEEK = re.compile(r"\bWEEK\s*(\d+)\b", re.IGNORECASE)
TABLE = "VISITS"
FIRST_DAY = 1
BASELINE = "Baseline"


def planned_visits(inventory: Inventory) -> list[Visit]:
    """The visits after the first day that have a planned day of their own, by day; none if there are fewer than two.

    If several are named by their week, the others, such as a telephone call between two visits, have no window.
    """
    later: dict[float, Visit] = {}
    for visit in inventory.visits:
        if visit.day is not None and _is_planned(visit.name, visit.day):
            later.setdefault(visit.day, visit)
    by_day = [later[day] for day in sorted(later)]
    named = list({titled(each.name): each for each in reversed(by_day)}.values())[::-1]
    weeks = [each for each in named if WEEK.search(each.name)]
    found = weeks if len(weeks) > 1 else named
    return found if len(found) > 1 else []


def _is_planned(name: str, day: float) -> bool:
    """Whether a visit has a whole planned day after the first one, and a name that is neither unscheduled nor that of the first window."""
    return day > FIRST_DAY and day.is_integer() and titled(name) != BASELINE and not UNSCHEDULED.search(name)


def write_windows(draft: Draft, visits: Sequence[Visit]) -> None:
    """Write `windows:`: the baseline up to day 1, then a window from the middle between two planned days to the next middle."""
    draft.add("", "windows:")
    draft.check(f"  {TABLE}:", "the windows of the analysis plan; here each ends in the middle between two planned days")
    draft.add(f"    {BASELINE}: {{number: 0, target: 1, high: 1}}")
    numbers = _numbers(visits)
    low = FIRST_DAY + 1
    for place, (visit, number) in enumerate(zip(visits, numbers, strict=True)):
        assert visit.day is not None
        high = "" if place == len(visits) - 1 else f", high: {_middle(visit.day, visits[place + 1].day or 0)}"
        draft.add(f"    {quoted(titled(visit.name))}: {{number: {number:g}, target: {visit.day:g}, low: {low}{high}}}")
        low = _middle(visit.day, visits[place + 1].day or 0) + 1 if high else low


def titled(name: str) -> str:
    """The name of a visit in ordinary spelling, in ASCII.

    >>> titled("WEEK 2"), titled("End of study")
    ('Week 2', 'End of study')
    """
    return to_ascii(name.title() if name.isupper() else name)


def _numbers(visits: Sequence[Visit]) -> list[float]:
    """The weeks in the names if every name has one, else the visit numbers."""
    weeks = [float(match[1]) if (match := WEEK.search(visit.name)) else None for visit in visits]
    known = [week for week in weeks if week is not None and week > 0]
    return known if len(set(known)) == len(visits) else [visit.number for visit in visits]


def _middle(day: float, following: float) -> int:
    return int((day + following) // 2)
