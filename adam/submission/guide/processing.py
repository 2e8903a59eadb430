"""Section 4 of the guide: split datasets, data dependencies, intermediate values."""

from __future__ import annotations

from collections.abc import Iterator

from adam.submission.document import Block, Heading, Paragraph, Picture, Table
from adam.submission.guide.dependency_picture import dependency_picture
from adam.submission.guide.facts import GuideFacts, definition, joined
from adam.submission.split import FOLDER

MANY = 12
"""How many variables a text names."""


def processing(facts: GuideFacts) -> Iterator[Block]:
    """Section 4."""
    yield Heading("4. Analysis Data Creation and Processing Issues", 2, "processing")
    yield from facts.section("split_datasets")
    yield from _split(facts)
    yield from facts.section("data_dependencies")
    yield from _dependencies(facts)
    yield from facts.section("intermediate_datasets")
    yield from _intermediate(facts)


def _split(facts: GuideFacts) -> Iterator[Block]:
    rows = [[name, ", ".join(f"{FOLDER}/{part.lower()}.xpt" for part in parts)] for name, parts in facts.parts.items() if parts]
    if not rows:
        yield Paragraph("No dataset is split.")
        return
    yield Paragraph(
        f"These files are larger than {facts.study.split_over} bytes. Each is also exported in parts of at most that size, in the order of the "
        "records, with all records of a subject in one part:"
    )
    yield Table(("Dataset", "Parts"), rows)


def _dependencies(facts: GuideFacts) -> Iterator[Block]:
    yield Paragraph("This table lists all data that each dataset reads, also through intermediate values.")
    rows = [[name, ", ".join(reads.domains), ", ".join(reads.datasets)] for name, reads in facts.reads.items()]
    yield Table(("Dataset", "Source domains", "Analysis datasets"), rows, "The datasets read no data.")
    if not facts.reads:
        return
    dashed = " A dashed arrow leads to a dataset that is listed earlier." if any(_circles(facts)) else ""
    yield Picture(dependency_picture(facts.reads), f"Data dependencies. An arrow leads from what is read to the dataset that reads it.{dashed}")
    for first, second in _circles(facts):
        yield from _explained(facts, first, second)


def _circles(facts: GuideFacts) -> list[tuple[str, str]]:
    """The pairs of datasets that read each other."""
    names = list(facts.reads)
    return [
        (first, second)
        for number, first in enumerate(names)
        for second in names[number + 1 :]
        if second in facts.reads[first].datasets and first in facts.reads[second].datasets
    ]


def _explained(facts: GuideFacts, first: str, second: str) -> Iterator[Block]:
    yield Heading(f"{first} and {second} read each other", 4)
    yield Paragraph(
        f"Some variables of {first} are derived from {second}, and {second} has variables of {first}. This is no circle: no variable depends on "
        f"itself. The datasets are derived variable by variable, and each variable after all that it reads. So {second} gets the variables "
        f"of {first} that it needs, then {first} gets the variables that are derived from {second}, then {second} gets the others."
    )
    rows = []
    for name, other in ((first, second), (second, first)):
        reads = facts.reads[name]
        rows.append([name, _named(reads.readers.get(other, ())), other, _named(reads.datasets[other])])
    yield Table(("Dataset", "Variables that read", "Dataset read", "Variables read"), rows)


def _named(names: tuple[str, ...]) -> str:
    """The names of variables; the selection of records has none."""
    return ", ".join([*(name for name in names if name and " " not in name), *(["selection of records"] if "" in names else [])])


def _intermediate(facts: GuideFacts) -> Iterator[Block]:
    yield Paragraph("No intermediate dataset is kept or submitted.")
    owners = [(name, dataset.temporary) for name, dataset in facts.datasets.items()]
    owners += [(name, use.variables) for name, use in facts.study.sources.items()]
    rows = [[f"{owner}.{name}", definition(variable)] for owner, variables in owners for name, variable in variables.items()]
    if rows:
        with_values = joined([owner for owner, variables in owners if variables])
        yield Paragraph(
            f"The values in this table are intermediate: they are computed for {with_values} and are in no dataset. Those of a source domain are "
            "computed on its records after they are read."
        )
        yield Table(("Value", "Definition"), rows)
