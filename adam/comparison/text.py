"""A comparison as text that is readable in 80 columns: the outcome first, then what differs, from the dataset down to the record."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from adam.comparison.result import AttributeDifference, Comparison, DatasetComparison, Side, ValueDifference
from adam.comparison.sentences import counted, key_text, outcome, value_summary

WIDTH = 80
CELL = 26
"""The number of characters of a label or value in a table."""


def as_text(result: Comparison, verbose: bool = False) -> str:
    """The comparison as lines of text.

    Args:
        result: the comparison.
        verbose: also list the variables whose values are equal, whole labels and values, and the return code of PROC COMPARE.
    """
    lines = [
        f"BASE     {result.base}",
        f"COMPARE  {result.compare}",
        *_wrapped(result.rule),
        *(line for each in result.restrictions for line in _wrapped(each)),
    ]
    lines += [""]
    for side, names in (("BASE", result.only_base), ("COMPARE", result.only_compare)):
        if names:
            lines += [*_wrapped(f"Datasets only in {side}: {', '.join(names)}", "", "  "), ""]
    for each in result.datasets:
        lines += [*_dataset(each, verbose), ""]
    return "\n".join([*lines, *_wrapped(outcome(result), "", "  ")])


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _dataset(each: DatasetComparison, verbose: bool) -> Iterator[str]:
    """The lines of one dataset."""
    yield f"{each.name}: {'equal' if each.equal else 'different'}"
    yield from _wrapped(f"  key        {key_text(each.key)}", "", " " * 13)
    yield f"  records    {each.base.records:,} in BASE, {each.compare.records:,} in COMPARE, {each.matched:,} matched"
    yield f"  variables  {each.base.variables} in BASE, {each.compare.variables} in COMPARE, {len(each.compared)} compared besides the key"
    if verbose:
        yield f"  SYSINFO    {each.sysinfo}"
    for note in each.notes:
        yield from _wrapped(f"Note: {note}", "  ", "    ")
    if each.other_record_order:
        yield "  Note: The records are in another order, which does not count."
    yield from _variables(each)
    yield from _attributes(each.attributes, verbose)
    yield from _records(each)
    yield from _values(each, verbose)
    if verbose:
        differing = {value.variable for value in each.values}
        equal = [name for name in each.compared if name not in differing]
        yield from _wrapped(f"Equal values: {', '.join(equal) or 'no variable'}", "  ", "    ")


def _variables(each: DatasetComparison) -> Iterator[str]:
    for side, names in (("BASE", each.only_base_variables), ("COMPARE", each.only_compare_variables)):
        if names:
            yield ""
            yield from _wrapped(f"Variables only in {side} ({len(names)}): {', '.join(names)}", "  ", "    ")
    if each.moved:
        yield ""
        yield from _wrapped(f"Variables in another place ({len(each.moved)}): {', '.join(each.moved)}", "  ", "    ")


def _attributes(differences: Sequence[AttributeDifference], verbose: bool) -> Iterator[str]:
    if not differences:
        return
    yield ""
    yield f"  Attributes that differ ({len(differences)})"
    rows: list[tuple[str, ...]] = [("variable", "attribute", "BASE", "COMPARE")]
    rows += [(each.variable or "(dataset)", each.attribute, *_cut((each.base, each.compare), verbose)) for each in differences]
    yield from _table(rows)


def _cut(texts: Iterable[str], verbose: bool) -> list[str]:
    """Texts cut to the width of a cell; two that would then be the same are cut from the first difference."""
    listed = list(texts)
    if verbose or all(len(text) <= CELL for text in listed):
        return listed
    shared = next((number for number, pair in enumerate(zip(*listed, strict=False)) if len(set(pair)) > 1), min(map(len, listed)))
    start = max(0, shared - CELL // 2) if shared >= CELL - 6 else 0
    return [_window(text, start) for text in listed]


def _window(text: str, start: int) -> str:
    before = "..." if start else ""
    part = text[start:]
    room = CELL - len(before)
    return before + (part if len(part) <= room else f"{part[: room - 3]}...")


def _table(rows: Sequence[Sequence[str]], indent: str = "    ") -> Iterator[str]:
    """Rows in columns that are as wide as their longest cell."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _records(each: DatasetComparison) -> Iterator[str]:
    for side, found in (("BASE", each.only_base), ("COMPARE", each.only_compare)):
        if found.count:
            yield ""
            yield f"  Records only in {side} ({found.count:,})"
            yield from _keys(found.first, found.count - len(found.first))
    for name, table in (("BASE", each.base), ("COMPARE", each.compare)):
        yield from _duplicates(name, table)


def _duplicates(name: str, side: Side) -> Iterator[str]:
    found = side.duplicates
    if found.keys:
        yield ""
        yield f"  Duplicates in {name}: {counted(found.keys, 'key')} with {counted(found.records, 'record')}"
        yield from _keys(found.first, found.keys - len(found.first))


def _keys(keys: Sequence[Mapping[str, str]], more: int) -> Iterator[str]:
    for key in keys:
        yield from _wrapped(_key(key), "    ", "      ")
    if more > 0:
        yield f"    ... and {more:,} more"


def _key(key: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in key.items())


def _values(each: DatasetComparison, verbose: bool) -> Iterator[str]:
    if not each.values:
        return
    yield ""
    variables, records = counted(len(each.values), "variable"), counted(each.records_different, "record")
    yield f"  Values that differ ({each.cells_different:,} in {variables}, {records})"
    for value in each.values:
        yield from _value(value, verbose)


def _value(value: ValueDifference, verbose: bool) -> Iterator[str]:
    """The lines of one variable."""
    for number, sentence in enumerate(value_summary(value)):
        yield from _wrapped(sentence, "    " if number == 0 else "      ", "      ")
    if value.distinct < value.records:
        for pair in value.pairs:
            base, compare = _cut((pair.base, pair.compare), verbose)
            yield f"      {base} -> {compare}: {counted(pair.records, 'record')}"
        if value.distinct > len(value.pairs):
            yield f"      ... and {value.distinct - len(value.pairs):,} more pairs of values"
    for record in value.first:
        base, compare = _cut((record.base, record.compare), verbose)
        difference = f" ({record.difference})" if record.difference else ""
        yield from _wrapped(f"{_key(record.key)}: {base} -> {compare}{difference}", "      ", "        ")
    if value.records > len(value.first):
        yield f"      ... and {counted(value.records - len(value.first), 'more record')}"
