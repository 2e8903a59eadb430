"""The sentences that the renderings of a comparison share."""

from __future__ import annotations

from collections.abc import Iterator

from adam.comparison.result import Comparison, DatasetComparison, Key, ValueDifference


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "record"), counted(1200, "record")
    ('1 record', '1,200 records')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def key_text(key: Key) -> str:
    """The key, and how it was found."""
    if key.variables:
        return f"{', '.join(key.variables)} ({key.source})"
    return f"none: {key.source}; records are matched by position"


def outcome(result: Comparison) -> str:
    """The outcome in one sentence."""
    different = sum(not each.equal for each in result.datasets)
    if result.equal:
        return f"Equal: {counted(len(result.datasets), 'dataset')}."
    parts = [f"{different} of {counted(len(result.datasets), 'dataset')}" if len(result.datasets) != 1 else _differences(result.datasets[0])]
    alone = len(result.only_base) + len(result.only_compare)
    parts += [f"{counted(alone, 'dataset')} on one side only"] if alone else []
    return f"Different: {'; '.join(part for part in parts if part)}."


def _differences(each: DatasetComparison) -> str:
    """What differs in a dataset, counted."""
    alone = len(each.only_base_variables) + len(each.only_compare_variables)
    records = each.only_base.count + each.only_compare.count
    parts = [
        (alone, f"{counted(alone, 'variable')} on one side only"),
        (len(each.moved), f"{counted(len(each.moved), 'variable')} in another place"),
        (len(each.attributes), counted(len(each.attributes), "attribute")),
        (records, f"{counted(records, 'record')} on one side only"),
        (each.cells_different, counted(each.cells_different, "value")),
    ]
    return ", ".join(text for count, text in parts if count)


def value_summary(value: ValueDifference) -> Iterator[str]:
    """Sentences on the values of a variable that differ."""
    name = f"{value.variable} ({value.other} in COMPARE)" if value.other else value.variable
    largest = value.largest
    more = f"; largest difference {largest.difference}" if largest is not None and largest.difference and value.records > 1 else ""
    yield f"{name} ({value.kind}): {counted(value.records, 'record')}{more}"
    missing = [f"missing only in {side}: {count:,}" for side, count in (("BASE", value.missing_base), ("COMPARE", value.missing_compare)) if count]
    if missing and value.records > 1:
        yield "; ".join(missing)
    if value.rounding:
        every = "all are" if value.rounding == value.records else f"{value.rounding:,} {'is' if value.rounding == 1 else 'are'}"
        every = "it is" if value.records == 1 else every
        yield f"{every} floating-point rounding (--tolerance relative:1e-12)"
    if value.common:
        yield f"only where {' and '.join(f'{name} is {text}' for name, text in value.common.items())}"
