"""The picture of a study: its domains and datasets, the records that each dataset has from each of them, and its subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adam.core.stored import StoredRecords
from adam.planning.values import ResolvedDataset
from adam.planning.values.lineage import LineageGraph
from adam.report.distribution import distinct
from adam.report.populations import SUBJECT_LEVEL

CODE = "PARAMCD"
SUBJECT = ("STUDYID", "USUBJID")
SUBJECTS = "DM"
BOX = (132, 44)
GAP = (130, 16)
MARGIN = 4


@dataclass(frozen=True)
class Box:
    """A domain or dataset of the picture: its place in pixels, and its second line of text."""

    name: str
    x: int
    y: int
    text: str
    dataset: bool


@dataclass(frozen=True)
class Arrow:
    """From a domain or dataset to a dataset: `records` is the number of records created from it, None if only values are read."""

    source: str
    target: str
    records: int | None
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class SubjectBar:
    """A number of subjects and its percentage of the largest number."""

    label: str
    count: int
    percent: str


@dataclass(frozen=True)
class StudyPicture:
    """The picture: boxes, arrows and their size in pixels, and the bars of subjects."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int
    subjects: tuple[SubjectBar, ...]


def study_picture(
    graph: LineageGraph, datasets: Sequence[ResolvedDataset], records: Mapping[str, StoredRecords], sources: Mapping[str, int]
) -> StudyPicture:
    """The picture of the datasets of a run.

    Args:
        graph: the lineage of the datasets.
        datasets: in the order of the study.
        records: those of the finished datasets.
        sources: the number of records of each domain that was read.
    """
    reads = _reads(graph, datasets)
    flows = {name: _flows(name, graph.origins.get(name, {}), records[name]) for name in reads}
    columns = _columns(reads)
    tallest = max((len(column) for column in columns), default=0)
    height = tallest * (BOX[1] + GAP[1]) - GAP[1] + 2 * MARGIN
    boxes = {box.name: box for number, column in enumerate(columns) for box in _boxes(column, number, height, records, sources)}
    arrows = [_arrow(boxes[source], boxes[name], flows[name].get(source)) for name in reads for source in sorted({*reads[name], *flows[name]})]
    arrows.sort(key=lambda each: each.records is not None)  # record counts are drawn over the thin lines
    width = len(columns) * (BOX[0] + GAP[0]) - GAP[0] + 2 * MARGIN
    return StudyPicture(tuple(boxes.values()), tuple(arrows), max(width, 0), max(height, 0), tuple(_subjects(datasets, records, sources)))


def _reads(graph: LineageGraph, datasets: Sequence[ResolvedDataset]) -> dict[str, set[str]]:
    """The domains and other datasets that each dataset reads, directly or through variables prepared in a domain."""
    own = {each.name: set[str]() for each in datasets}
    through: dict[str, set[str]] = {}
    for node, read in graph.reads.items():
        (own if node.owner in own else through).setdefault(node.owner, set()).update(each.owner for each in read)
    for name, found in own.items():
        found.update(owner for each in list(found) if each not in own for owner in through.get(each, ()))
        found.update(owner for origin in graph.origins.get(name, {}).values() for owner in origin)
        found.discard(name)
    return own


def _flows(name: str, origins: Mapping[str, Sequence[str]], records: StoredRecords) -> dict[str, int]:
    """The number of records of a dataset that are created from each domain or dataset.

    The records of a parameter count as a whole. Those of a parameter that only reads its own dataset count for the dataset itself.
    """
    by_parameter = CODE in records.columns and "" not in origins
    counts = records.read([CODE])[CODE].value_counts() if by_parameter else {"": len(records)}
    found: dict[str, int] = {}
    for parameter, owners in origins.items():
        for owner in [each for each in owners if each != name] or owners:  # added records belong to their parameter
            found[owner] = found.get(owner, 0) + int(counts.get(parameter, 0))
    return found


def _columns(reads: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The domains, then the datasets, each to the right of those it reads. Of datasets that read each other, the first is on the left."""
    domains = sorted({owner for read in reads.values() for owner in read if owner not in reads})
    order = list(reads)
    below = {name: _below(name, reads) for name in reads}
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            before = [each for each in reads[name] if each in below and not (name in below[each] and order.index(name) < order.index(each))]
            levels[name] = 1 + max((level(each) for each in before), default=0)
        return levels[name]

    later: dict[int, list[str]] = {}
    for name in reads:
        later.setdefault(level(name), []).append(name)
    return [column for column in (domains, *(later[number] for number in sorted(later))) if column]


def _below(name: str, reads: Mapping[str, Iterable[str]]) -> set[str]:
    """The datasets that a dataset reads, directly or through others."""
    found: set[str] = set()
    stack = [name]
    while stack:
        new = {each for each in reads[stack.pop()] if each in reads} - found
        found |= new
        stack += sorted(new)
    return found


def _boxes(column: Sequence[str], number: int, height: int, records: Mapping[str, StoredRecords], sources: Mapping[str, int]) -> Iterable[Box]:
    own = len(column) * (BOX[1] + GAP[1]) - GAP[1]
    for place, name in enumerate(column):
        count = len(records[name]) if name in records else sources.get(name)
        text = f"{count:,} record{'s' if count != 1 else ''}" if count is not None else "not in the data"
        x = MARGIN + number * (BOX[0] + GAP[0])
        yield Box(name, x, (height - own) // 2 + place * (BOX[1] + GAP[1]), text, name in records)


def _arrow(source: Box, target: Box, records: int | None) -> Arrow:
    """A curve from the right side of a box to the left side of another; from the same or a later column, around the right side.

    Records that are created from records of the same dataset are a loop at the right side.
    """
    x1, y1, x2, y2 = source.x + BOX[0], source.y + BOX[1] / 2, target.x, target.y + BOX[1] / 2
    if source.x < target.x:
        bend = (x1 + x2) / 2
        return Arrow(source.name, target.name, records, f"M{x1} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2} {y2:g}", x1 + 8, y1 - 4 + (y2 - y1) / 12)
    x2, label = target.x + BOX[0], (x1 + 8, y1 - 4)
    if source is target:
        y1, y2, label = y1 - 12, y2 + 12, (x1 + 34, y1 + 4)
    bend = max(x1, x2) + 40
    return Arrow(source.name, target.name, records, f"M{x1} {y1:g}C{bend} {y1:g} {bend} {y2:g} {x2} {y2:g}", *label)


def _subjects(datasets: Sequence[ResolvedDataset], records: Mapping[str, StoredRecords], sources: Mapping[str, int]) -> Iterable[SubjectBar]:
    """The subjects of the study, of each population, and of each other dataset."""
    rows: list[tuple[str, int]] = [("Screened: subjects in DM", sources[SUBJECTS])] if SUBJECTS in sources else []
    for dataset in sorted(datasets, key=lambda each: each.class_ != SUBJECT_LEVEL):
        own = records[dataset.name]
        keys = [name for name in SUBJECT if name in own.columns]
        if keys:
            rows.append((f"Subjects in {dataset.name}", len(distinct(own, keys))))
        if dataset.class_ == SUBJECT_LEVEL:
            flags = [each for each in dataset.variables.values() if each.name.endswith("FL") and each.codelist == "NY"]
            frame = own.read([each.name for each in flags])
            counted = [(f"{each.label} ({each.name})", int((frame[each.name] == "Y").sum())) for each in flags]
            rows += sorted(counted, key=lambda row: -row[1])
    most = max((count for _, count in rows), default=0) or 1
    return [SubjectBar(label, count, f"{100 * count / most:.1f}") for label, count in rows]
