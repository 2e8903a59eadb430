"""Results as text: a table for people, and comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import groupby

from adam.core.printable import cell
from adam.results.compute import ResultValue

COLUMNS = ("result", "title", "dataset", "group", "over", "value", "published", "agrees", "records", "among")


def to_table(told: Iterable[ResultValue]) -> str:
    """Each result with its groups, ours beside the published number; curves are left to pictures."""
    lines = [f"{'':62} {'here':>9} {'published':>9}"]
    for title, numbers in groupby((each for each in told if not each.result.over), key=lambda each: each.result.title):
        listed = list(numbers)
        alone = not listed[0].result.by
        if not alone:
            lines.append(title)
        for each in listed:
            sign = {True: "=", False: "DIFFERS", None: ""}[each.agrees]
            share = f"{each.records}/{each.among}" if each.among is not None else f"n={each.records}" if each.result.value.of else ""
            name = title if alone else f"    {each.group}"
            lines.append(f"{name:62} {each.shown:>9} {each.published:>9} {sign:8}{share}".rstrip())
    return "\n".join(lines)


def count_reproduced(told: Iterable[ResultValue]) -> str:
    """How many published numbers there are, and how many of them are met."""
    known = [each for each in told if each.agrees is not None]
    apart = sum(not each.agrees for each in known)
    numbers = "number" if len(known) == 1 else "numbers"
    return f"{len(known)} published {numbers}, " + ("every one met" if not apart else f"{apart} NOT met")


def to_csv(told: Iterable[ResultValue]) -> str:
    """One line a number, with all that is known of it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in told:
        own = each.result
        agrees = "" if each.agrees is None else str(each.agrees).lower()
        among = "" if each.among is None else each.among
        row = [own.name, own.title, own.dataset, each.group, each.over, each.shown, each.published, agrees, each.records, among]
        writer.writerow([cell(value) for value in row])
    return text.getvalue()


def to_records(told: Iterable[ResultValue]) -> list[dict[str, object]]:
    """The same for JSON."""
    return [
        {
            "result": each.result.name,
            "title": each.result.title,
            "group": each.group,
            "over": each.over,
            "value": each.shown,
            "published": each.published,
            "agrees": each.agrees,
            "records": each.records,
            "among": each.among,
        }
        for each in told
    ]
