"""Results as a text table, as CSV and as JSON values, next to the published numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import groupby

from adam.core.printable import cell
from adam.results.compute import ResultValue

COLUMNS = ("result", "title", "dataset", "group", "over", "value", "published", "agrees", "records", "among")
COMPARISON = {True: "=", False: "DIFFERS", None: ""}


def to_table(values: Iterable[ResultValue]) -> str:
    """Each result with its groups: the computed number, the published one, and whether they agree. Curves are left out."""
    lines = [f"{'':62} {'computed':>9} {'published':>9}"]
    for title, numbers in groupby((each for each in values if not each.result.over), key=lambda each: each.result.title):
        listed = list(numbers)
        single = not listed[0].result.by
        if not single:
            lines.append(title)
        for each in listed:
            size = f"{each.records}/{each.among}" if each.among is not None else f"n={each.records}" if each.result.value.of else ""
            name = title if single else f"    {each.group}"
            lines.append(f"{name:62} {each.shown:>9} {each.published:>9} {COMPARISON[each.agrees]:8}{size}".rstrip())
    return "\n".join(lines)


def count_reproduced(values: Iterable[ResultValue]) -> str:
    """How many published numbers there are, and how many of them the study reproduces.

    >>> count_reproduced([])
    'No published numbers to compare'
    """
    compared = [each for each in values if each.agrees is not None]
    if not compared:
        return "No published numbers to compare"
    differing = sum(not each.agrees for each in compared)
    numbers = f"{len(compared)} published number{'' if len(compared) == 1 else 's'}"
    if not differing:
        return f"{numbers}: {'' if len(compared) == 1 else 'all '}reproduced"
    return f"{numbers}: {len(compared) - differing} reproduced, {differing} DIFFER{'S' if differing == 1 else ''}"


def to_csv(values: Iterable[ResultValue]) -> str:
    """One line for each number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in values:
        result = each.result
        agrees = "" if each.agrees is None else str(each.agrees).lower()
        among = "" if each.among is None else each.among
        row = [result.name, result.title, result.dataset, each.group, each.over, each.shown, each.published, agrees, each.records, among]
        writer.writerow([cell(value) for value in row])
    return text.getvalue()


def to_records(values: Iterable[ResultValue]) -> list[dict[str, object]]:
    """The numbers as values for JSON."""
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
        for each in values
    ]
