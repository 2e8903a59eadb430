"""Section 5 of the guide: an overview of the datasets, then each of them."""

from __future__ import annotations

from collections.abc import Iterator

from adam.planning.values import ResolvedDataset, ResolvedParameter
from adam.submission.define.page import PAGE
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table
from adam.submission.guide.facts import GuideFacts, definition


def descriptions(facts: GuideFacts) -> Iterator[Block]:
    """Section 5."""
    yield Heading("5. Analysis Dataset Descriptions", 2, "descriptions")
    yield from facts.section("overview")
    rows: list[list[Cell]] = [
        [
            Link(name, f"#dataset_{name}"),
            dataset.label,
            f"{dataset.class_} ({dataset.subclass})" if dataset.subclass else dataset.class_,
            dataset.structure,
            ", ".join(dataset.key),
            str(facts.profiles[name].records),
            str(len(dataset.variables)),
        ]
        for name, dataset in facts.datasets.items()
    ]
    yield Table(("Dataset", "Label", "Class", "Structure", "Key", "Records", "Variables"), rows)
    yield from facts.section("datasets")
    yield Paragraph("A section for each dataset follows.")
    for number, (name, dataset) in enumerate(facts.datasets.items(), 1):
        yield Heading(f"5.2.{number} {name} - {dataset.label}", 3, f"dataset_{name}")
        yield from _dataset(facts, dataset)


def _dataset(facts: GuideFacts, dataset: ResolvedDataset) -> Iterator[Block]:
    file = f"{dataset.name.lower()}.xpt"
    yield Paragraph((f"File: {file}. Variables and methods: ", Link(PAGE, f"{PAGE}#IG.{dataset.name}"), "."))
    for text in facts.study.guide.datasets.get(dataset.name, ()):
        yield Paragraph(text)
    if dataset.subjects is not None:
        yield Paragraph(f"The dataset includes only subjects where {facts.prose.condition(dataset.subjects)}.")
    yield Paragraph(f"The records are sorted by {', '.join(dataset.order)}.")
    if dataset.parameters:
        yield Table(("PARAMCD", "Parameter", "Analysis value"), [_parameter(each) for each in dataset.parameters.values()])
    comments = [[each.name, each.comment] for each in dataset.variables.values() if each.comment]
    if comments:
        yield Paragraph("Comments on variables:")
        yield Table(("Variable", "Comment"), comments)


def _parameter(parameter: ResolvedParameter) -> list[Cell]:
    value = parameter.variables.get("AVAL")
    return [parameter.name, parameter.label, definition(value) if value is not None else ""]
