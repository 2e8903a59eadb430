"""What differs in the attributes of two datasets: label, type, length, format, and the order of the variables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from adam.comparison.result import AttributeDifference
from adam.comparison.shown import escaped_alike, quoted
from adam.comparison.table import UNKNOWN, Column, Table

ATTRIBUTES = ("type", "length", "label", "format", "order")
"""What can be left out of a comparison."""


def attribute_differences(base: Table, compare: Table, names: Sequence[str], ignored: Collection[str]) -> Iterator[AttributeDifference]:
    """The attributes that differ, of the dataset and then of each variable; one that a file cannot store is not compared.

    Args:
        base: of BASE.
        compare: of COMPARE.
        names: the variables that both have.
        ignored: attributes that do not count.
    """
    if "label" not in ignored and None not in (base.label, compare.label) and base.label != compare.label:
        yield AttributeDifference("", "label", *escaped_alike(quoted(base.label or ""), quoted(compare.label or "")))
    for name in names:
        for each in _of_variable(name, base.columns[name], compare.columns[name]):
            if each.attribute not in ignored:
                yield each


def _of_variable(name: str, base: Column, compare: Column) -> Iterator[AttributeDifference]:
    formats = _format(base), _format(compare)
    known = None not in formats
    if UNKNOWN not in (base.kind, compare.kind) and base.kind != compare.kind and (base.is_text != compare.is_text or not known):
        yield AttributeDifference(name, "type", base.kind, compare.kind)
    if None not in (base.length, compare.length) and base.length != compare.length:
        yield AttributeDifference(name, "length", str(base.length), str(compare.length))
    if None not in (base.label, compare.label) and base.label != compare.label:
        yield AttributeDifference(name, "label", *escaped_alike(quoted(base.label or ""), quoted(compare.label or "")))
    if known and formats[0] != formats[1]:
        yield AttributeDifference(name, "format", formats[0] or "none", formats[1] or "none")


def _format(column: Column) -> str | None:
    """The format of a column in capitals with its period, so that date9 and DATE9. are the same."""
    if column.format is None:
        return None
    written = column.format.strip().upper()
    return f"{written}." if written and "." not in written else written


def moved_variables(base: Sequence[str], compare: Sequence[str]) -> tuple[str, ...]:
    """The fewest variables whose place would have to change so that those that both have are in the order of BASE.

    >>> moved_variables(["A", "B", "C", "D"], ["B", "C", "A", "D"])
    ('A',)
    """
    place = {name: number for number, name in enumerate(compare)}
    common = [name for name in base if name in place]
    ends: list[int] = []
    links: list[tuple[str, ...]] = []
    for name in common:  # the longest increasing subsequence: these variables can stay
        at = bisect_left(ends, place[name])
        chain = (*(links[at - 1] if at else ()), name)
        ends[at:], links[at:] = [place[name], *ends[at + 1 :]], [chain, *links[at + 1 :]]
    staying = set(links[-1]) if links else set()
    return tuple(name for name in common if name not in staying)


def spelling_notes(base: Table, compare: Table, names: Sequence[str]) -> Iterator[str]:
    """A note on variables whose names differ only in case, which does not count."""
    spelled = {name: (base.columns[name].name, compare.columns[name].name) for name in names}
    other = [name for name, (one, two) in spelled.items() if one != two and one.upper() == two.upper()]
    if other:
        first = ", ".join(" and ".join(spelled[name]) for name in other[:3])
        yield f"The names of {len(other)} variables differ only in case, which does not count: {first}{' ...' if len(other) > 3 else ''}."


def unstored_notes(base: Table, compare: Table, names: Sequence[str]) -> Iterator[str]:
    """A note on the attributes that were not compared because one of the files cannot store them."""
    for side, table in (("BASE", base), ("COMPARE", compare)):
        columns = [table.columns[name] for name in names]
        kinds = [("types", all(each.kind == UNKNOWN for each in columns))]
        kinds += [(f"{each}s", all(getattr(column, each) is None for column in columns)) for each in ("length", "label", "format")]
        lacking = [name for name, absent in kinds if absent and columns]
        if lacking:
            yield f"The file of {side} stores no {', no '.join(lacking)}: these are not compared."
