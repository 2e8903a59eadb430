"""The lineage of every variable as one HTML page: a list to search, the neighbors of one variable as a graph, its method and YAML line.

The page has a script and loads nothing. Values of the data and the specification reach the script only as escaped JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from adam.core.templates import render
from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.planning.values.lineage import LineageGraph, LineageNode, LineagePart
from adam.report.links import specification_line
from adam.report.page import FinishedRun
from adam.report.study_picture import BOX, study_picture

TEMPLATE = Path(__file__).with_name("lineage.html.jinja")
SCRIPT = Path(__file__).with_name("lineage.js")
SUFFIXES = {LineagePart.RECORDS: "records", LineagePart.WINDOW: "window"}
FEW_INPUTS = 3
Method = tuple[str, str, str, str]
"""The parameters it is for (blank for all), the method text, the formula as written, the line of the specification."""


@dataclass(frozen=True)
class LineageSource:
    """The plan and the source data of a run, as the page needs them: lineage, and the records and variable labels of each domain."""

    graph: LineageGraph
    records: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class LineageItem:
    """A node as the page shows it; `id` is its URL fragment, `reads` are the places of other items."""

    id: str
    owner: str
    name: str
    part: LineagePart
    label: str
    attributes: str
    methods: tuple[Method, ...]
    reads: tuple[int, ...]


def lineage_page(run: FinishedRun, source: LineageSource) -> str:
    """The page as HTML; the same run gives the same bytes.

    Args:
        run: the finished run.
        source: the lineage of its plan, and what is known of its domains.
    """
    items = lineage_items(run.study, source)
    script = SCRIPT.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    data = {
        "start": _start(items),
        "datasets": [each.name for each in run.datasets],
        "exported": run.exported,
        "documents": run.has_documents,
        "items": [[each.id, each.owner, each.name, each.part, each.label, each.attributes, each.methods, each.reads] for each in items],
    }
    return render(
        TEMPLATE,
        run=run,
        groups=[(owner, list(listed)) for owner, listed in groupby(items, key=lambda each: each.owner)],
        titles={name: dataset.label for name, dataset in run.study.datasets.items()},
        picture=study_picture(source.graph, run.datasets, run.records, source.records),
        box=BOX,
        data=Markup(as_script_data(data)),  # noqa: S704
        script=Markup(script),  # noqa: S704
        digest=digest,
    )


def as_script_data(value: object) -> str:
    r"""A value as JSON that can be the content of a script element: it has no markup, and no line separator of JavaScript.

    >>> print(as_script_data("</script> & \u2028"))
    "\u003c/script\u003e \u0026 \u2028"
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def lineage_items(study: ResolvedStudy, source: LineageSource) -> list[LineageItem]:
    """The items of the page, in the order of the graph."""
    nodes = list(source.graph.reads)
    place = {node: number for number, node in enumerate(nodes)}
    files = {str(path): name for name, path in study.files}
    return [
        LineageItem(
            _id(node, place),
            node.owner,
            node.variable or SUFFIXES[node.part],
            node.part,
            *_described(node, study, source, files),
            tuple(place[each] for each in source.graph.reads[node]),
        )
        for node in nodes
    ]


def _id(node: LineageNode, known: Mapping[LineageNode, int]) -> str:
    """The fragment of a node; a collected variable under whose name the study prepares another has a suffix."""
    hidden = node.part is LineagePart.READ and any(node._replace(part=part) in known for part in LineagePart if part is not node.part)
    return f"{node.owner}.{node.variable or SUFFIXES[node.part]}{'.source' if hidden else ''}"


def _described(node: LineageNode, study: ResolvedStudy, source: LineageSource, files: Mapping[str, str]) -> tuple[str, str, tuple[Method, ...]]:
    """The label, the attributes and the methods of a node."""
    dataset = study.datasets.get(node.owner)
    match node.part:
        case LineagePart.READ:
            return source.labels.get(node.owner, {}).get(node.variable, ""), "", ()
        case LineagePart.WINDOW:
            return "Analysis window of each record", "", ()
        case LineagePart.RECORDS:
            owners = sorted({owner for listed in source.graph.origins.get(node.owner, {}).values() for owner in listed})
            text = f"Created from {', '.join(owners)}." if owners else ""
            line = specification_line(dataset.mark, files) if dataset is not None else ""
            return f"Records of {node.owner}", "", (("", text, "", line),) if text else ()
        case LineagePart.PREPARED:
            domain = study.sources.get(node.owner)
            variable = domain.variables.get(node.variable) if domain is not None else None
            methods = (_method(variable, files),) if variable is not None else ()
            return (variable.label if variable is not None else "") or source.labels.get(node.owner, {}).get(node.variable, ""), "", methods
    return _of_dataset(node.variable, dataset, files) if dataset is not None else ("", "", ())


def _of_dataset(name: str, dataset: ResolvedDataset, files: Mapping[str, str]) -> tuple[str, str, tuple[Method, ...]]:
    """The label, the attributes and the methods of a variable of a dataset: its own, and those of parameters that differ."""
    variable = dataset.variables.get(name) or dataset.temporary.get(name)
    own = _method(variable, files) if variable is not None else None
    by_method: dict[Method, list[str]] = {}
    for code, parameter in dataset.parameters.items():
        value = parameter.variables.get(name) or parameter.formulas.get(name)
        if value is not None and (method := _method(value, files)) != own and method[1]:
            by_method.setdefault(method, []).append(code)
    values = tuple((", ".join(codes), *method[1:]) for method, codes in by_method.items())
    if variable is None:
        return "", "", values
    length = f" {variable.length}" if variable.type == "text" and variable.length else ""
    codelist = f"codelist {variable.codelist}" if variable.codelist else ""
    attributes = ", ".join(each for each in (f"{variable.type or ''}{length}", variable.origin or "", codelist) if each)
    return variable.label, attributes, (*((own,) if own is not None and (own[1] or not values) else ()), *values)


def _method(variable: ResolvedVariable, files: Mapping[str, str]) -> Method:
    text = variable.description or variable.comment
    if not text and variable.origin == "Predecessor":
        text = f"Equal to {', '.join(variable.cited or variable.lineage)}."
    return "", text, "" if variable.is_bare_copy else variable.expression, specification_line(variable.mark, files)


def _start(items: Sequence[LineageItem]) -> int:
    """The item that the page shows first: the first variable with some inputs."""
    variables = [number for number, each in enumerate(items) if each.part is LineagePart.VARIABLE]
    return next((number for number in variables if len(items[number].reads) >= FEW_INPUTS), variables[0] if variables else 0)
