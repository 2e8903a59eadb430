"""The specification with nothing left open: every attribute of every variable, and where it was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from adam.core.errors import Mark
from adam.plan.metadata import INHERITED, Metadata
from adam.plan.plan import Plan
from adam.plan.values import ResolvedDataset, ResolvedVariable, Term, Value
from adam.specification.problems import Problems

SHOWN = (*INHERITED, "origin")


def lines(plan: Plan) -> list[str]:
    """The datasets of a plan line by line: attributes with the line, the dataset or the dictionary they come from."""
    metadata = Metadata(plan.graph.catalogue, Problems())
    files = {str(path): name for name, path in plan.study.files}
    found: list[str] = []
    for dataset in plan.datasets.values():
        found += [_line(f"dataset: {dataset.name}", _place(dataset.mark, files))]
        found += [f"  {key}: {value}" for key, value in _of_dataset(dataset)]
        found.append("  variables:")
        for variable in dataset.variables.values():
            found.append(_line(f"    {variable.name}:", _place(variable.mark, files)))
            found += list(_attributes(plan, metadata, dataset, variable, files))
    return found


def _of_dataset(dataset: ResolvedDataset) -> Iterator[tuple[str, str]]:
    yield "class", dataset.class_
    yield "label", dataset.label
    yield "structure", dataset.structure
    yield "key", f"[{', '.join(dataset.key)}]"
    if dataset.parameters:
        yield "parameters", f"[{', '.join(code for code, parameter in dataset.parameters.items() if parameter.kept)}]"


def _attributes(plan: Plan, metadata: Metadata, dataset: ResolvedDataset, variable: ResolvedVariable, files: Mapping[str, str]) -> Iterator[str]:
    standard, dictionary = metadata.standard(dataset.class_, variable.name), metadata.known(dataset.class_, variable.name)
    for key in SHOWN:
        value = getattr(variable, key)
        if value in (None, ""):
            continue
        if key in variable.marks:
            said = _place(variable.marks[key], files)
        elif variable.predecessor and key in INHERITED:
            said = variable.predecessor
        elif getattr(standard, key, None) == value:
            said = "the standard"
        elif getattr(dictionary, key, None) == value:
            said = "the study's dictionary"
        else:
            said = "worked out"
        yield _line(f"      {key}: {value}", said)
    yield f"      formula: {_formula(variable)}"


def _formula(variable: ResolvedVariable) -> str:
    match variable.formula:
        case Value(expr=expr):
            text = str(expr)
        case Term(text=text):
            text = f'"{text}"'
        case formula:
            text = f"{formula.name}: {_plain(formula.arguments)}" if formula is not None else ""
    return f"{text} where {variable.where}" if variable.where is not None else text


def _plain(value: object) -> str:
    """Arguments as they are written inside braces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_plain(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return str(value)


def _place(mark: Mark, files: Mapping[str, str]) -> str:
    return f"{files.get(mark.file, Path(mark.file).name)}:{mark.line}" if mark.file else "worked out"


def _line(text: str, comment: str) -> str:
    return f"{text:<70} # {comment}"
