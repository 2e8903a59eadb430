"""displays.html: the numbers of each table and figure. define.xml refers to it from its result displays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adam.planning.values import ResolvedDataset, ResolvedDisplay, ResolvedStudy
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table
from adam.submission.programs.displays import displays_of
from adam.submission.programs.text import file_name

PAGE = "displays.html"
COLUMNS = ("Result", "Group", "At", "Number", "Records", "Of")
Number = Mapping[str, object]
"""One number of a result: `result`, `group`, `over`, `value`, `records` and `among`."""


def displays_page(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], numbers: Sequence[Number]) -> list[Block]:
    """The numbers of the displays as a document; it has no blocks if the run has no results.

    Args:
        study: its displays.
        datasets: the datasets of the run.
        numbers: the numbers of all results, in order.
    """
    displays = displays_of(study, datasets)
    by_result: dict[object, list[Number]] = {}
    for number in numbers:
        by_result.setdefault(number["result"], []).append(number)
    if not displays:
        return []
    blocks: list[Block] = [Heading(f"Displays of {study.label or study.name}", 1), Paragraph(EXPLANATION)]
    for display in displays:
        blocks += _display(display, by_result)
    return blocks


EXPLANATION = (
    "Each number is computed from the analysis datasets, as define.xml describes it. Records is the number of records it is computed from; "
    "for a percentage, it is the numerator, and Of is the denominator."
)


def _display(display: ResolvedDisplay, numbers: Mapping[object, Sequence[Number]]) -> Iterator[Block]:
    name = file_name(display.name)
    yield Heading(display.title, 2, name)
    yield Paragraph(("Programs: ", Link(f"{name}.sas", f"../programs/{name}.sas"), ", ", Link(f"{name}.r", f"../programs/{name}.r"), "."))
    rows: list[list[Cell]] = []
    for each in display.results:
        for place, number in enumerate(numbers.get(each.result.name, ())):
            values = ["" if number[key] is None else str(number[key]) for key in ("group", "over", "value", "records", "among")]
            rows.append([each.result.title if place == 0 else "", *values])
    yield Table(COLUMNS, rows)
