"""Method texts of the variables whose values come from the parameter, the analysis window or the record rule."""

from __future__ import annotations

from collections.abc import Iterable

from adam.catalog.prose import Prose
from adam.specification.models import Window

ASSIGNED = {
    "PARAM": "The label of the parameter.",
    "PARAMCD": "The code of the parameter.",
    "PARAMN": "The number of the parameter.",
    "PARCAT1": "The category of the parameter.",
    "PARCAT1N": "The number of the parameter's category.",
    "SRCDOM": "The domain or dataset the analysis value comes from.",
    "SRCVAR": "The variable of SRCDOM that holds the analysis value.",
    "DTYPE": "How the value of an imputed or computed record was derived; blank on records that are source records.",
}
BY_PARAMETER = "By parameter; see the value-level metadata."
BY_RECORD = {
    "AVAL": BY_PARAMETER,
    "AVALC": "The text of AVAL: by parameter, the term of its codelist whose number is AVAL; see the value-level metadata.",
    "SRCSEQ": "The sequence number (--SEQ) of the source record.",
}
WINDOWS = {
    "AVISIT": "The name of the first analysis window that contains the record; blank outside all windows.",
    "AVISITN": "The number of the analysis window of AVISIT.",
    "AWTARGET": "The target day of the analysis window.",
    "AWTDIFF": "The distance in days from the target day of the analysis window; there is no day 0.",
    "AWLO": "The first day of the analysis window, not before the day after the start of its period.",
    "AWHI": "The last day of the analysis window.",
    "AWU": "The unit of the analysis window.",
    "AWRANGE": "The first and the last day of the analysis window, as text.",
}


def _days(window: Window) -> str:
    """The days of a window as a range; a bound that is absent is open.

    >>> _days(Window(name="Week 2", number=2, low=2, high=22))
    'days 2 to 22'
    """
    low = "from the day after the start of its period" if window.low == "period" else f"days {window.low}"
    if window.low is None:
        return "any day" if window.high is None else f"up to day {window.high}"
    if window.high is None:
        return low.replace("days", "from day")
    return f"{low} to {'day ' if window.low == 'period' else ''}{window.high}"


def window_texts(table: Iterable[Window], prose: Prose) -> list[str]:
    """Each window with its days, or its condition, and its target day."""
    found = []
    for window in table:
        days = f"where {prose.condition(window.where)}" if window.where is not None else _days(window)
        found.append(f"{window.name}: {days}" + (f" (target day {window.target})" if window.target is not None else ""))
    return found
