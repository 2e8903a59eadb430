"""A trace as text: a tree of lines."""

from __future__ import annotations

from collections.abc import Iterator

from adam.tracing.values import TracedValue

SPECS = "/specs/"


def lines(value: TracedValue) -> Iterator[str]:
    """The lines of a tree: the value, its method and line, then what it was made from, indented by branches."""
    yield from _lines(value, "", "")


def place_of(value: TracedValue) -> str:
    """The line of the YAML, from the folder of the specification on; blank for a collected value."""
    return str(value.mark).rpartition(SPECS)[2] if value.mark.file else ""


def _lines(value: TracedValue, first: str, others: str) -> Iterator[str]:
    record = f"  [{value.record}]" if value.record else ""
    note = f"  ({value.note})" if value.note else ""
    yield f"{first}{value.name} = {value.value}{record}{note}"
    end = others + ("│ " if value.made_from else "  ")
    if value.method:
        yield f"{end}{value.method}"
        yield f"{end}{place_of(value)}"
    for number, each in enumerate(value.made_from, 1):
        last = number == len(value.made_from)
        yield from _lines(each, f"{others}{'└─' if last else '├─'} ", f"{others}{'   ' if last else '│  '}")
