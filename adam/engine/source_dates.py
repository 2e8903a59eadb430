"""Findings on the dates of a domain as collected: texts that are not dates, intervals, and offsets from UTC."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from adam.catalog.derivation import Action
from adam.core import iso
from adam.engine.issues import notes_of
from adam.engine.notes import Note
from adam.engine.tables import Table
from adam.engine.view import View
from adam.planning.values.sources import SourceDomain

NOT_ISO = "not an ISO 8601 date as SDTM writes it (YYYY-MM-DDThh:mm:ss, from the left); it counts as missing"
NO_DAY = "no such day or time, or a year before 1582; it counts as missing"
INTERVAL = "an interval; of a start the first part counts, of an end the last"
OFFSET = "a time with an offset from UTC; the offset is dropped, and times are ordered and compared as the local times they are"


def date_notes(source: SourceDomain, table: Table, view: View) -> list[Note]:
    """The notes on every --DTC of a domain. A text that is no ISO 8601 date is an error unless the source says `dates: warning`."""
    return [note for name, column in table.collected.items() for note in _of(name, column, source, view)]


def _of(name: str, column: pd.Series, source: SourceDomain, view: View) -> Iterator[Note]:
    if not name.endswith("DTC") or column.dtype != "str":
        return
    severity = Action.WARN if source.dates == "warning" else Action.ERROR
    unread, malformed = iso.invalid(column), iso.malformed(column)
    cases = ((NOT_ISO, malformed, severity), (NO_DAY, unread & ~malformed, Action.WARN))
    for text, mask, action in (*cases, (INTERVAL, iso.interval(column), Action.WARN), (OFFSET, iso.offset(column), Action.WARN)):
        yield from notes_of(source.name, name, text, mask, view, source.mark, action, {name: column})
