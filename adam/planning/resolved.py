"""The specification with nothing left open: every attribute of every variable, and the line or layer it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from adam.core.errors import Mark
from adam.planning.as_text import written
from adam.planning.metadata import INHERITED
from adam.planning.values import Derivation, ResolvedDataset, ResolvedStudy, ResolvedVariable, Value
from adam.planning.values.plan import Plan
from adam.specification.dictionary import entry_of

SHOWN = (*INHERITED, "origin")


def lines(plan: Plan) -> list[str]:
    """The datasets of a plan line by line: attributes with the line, the dataset or the dictionary they come from."""
    files = {str(path): name for name, path in plan.study.files}
    found: list[str] = []
    for dataset in plan.datasets.values():
        found += [_line(f"dataset: {dataset.name}", _place(dataset.mark, files))]
        found += [f"  {key}: {value}" for key, value in _of_dataset(dataset)]
        found.append("  variables:")
        for variable in dataset.variables.values():
            found.append(_line(f"    {variable.name}:", _place(variable.mark, files)))
            found += list(_attributes(plan.study, dataset, variable, files))
    return found


def _of_dataset(dataset: ResolvedDataset) -> Iterator[tuple[str, str]]:
    yield "class", dataset.class_
    yield "label", dataset.label
    yield "structure", dataset.structure
    yield "key", f"[{', '.join(dataset.key)}]"
    if dataset.parameters:
        yield "parameters", f"[{', '.join(code for code, parameter in dataset.parameters.items() if parameter.kept)}]"


def _attributes(study: ResolvedStudy, dataset: ResolvedDataset, variable: ResolvedVariable, files: Mapping[str, str]) -> Iterator[str]:
    dictionary = entry_of(study.dictionary, dataset.class_, variable.name, dataset.subclass)
    standard = dictionary if study.standard is None else entry_of(study.standard, dataset.class_, variable.name, dataset.subclass)
    for key in SHOWN:
        value = getattr(variable, key)
        if value in (None, ""):
            continue
        if key in variable.marks:
            origin = _place(variable.marks[key], files)
        elif variable.predecessor and key in INHERITED:
            origin = variable.predecessor
        elif getattr(standard, key, None) == value:
            origin = "the standard"
        elif getattr(dictionary, key, None) == value:
            origin = "the study's dictionary"
        else:
            origin = "worked out"
        yield _line(f"      {key}: {value}", origin)
    text = f"      formula: {written(variable.formula, variable.where)}"
    mark = _formula_mark(variable)
    yield _line(text, _place(mark, files)) if mark.formula is not None else text


def _formula_mark(variable: ResolvedVariable) -> Mark:
    """The place of the formula; of a term that of its line."""
    match variable.formula:
        case Value(expr=expr):
            return expr.mark
        case Derivation(mark=mark):
            return mark
    return variable.marks.get("term", variable.mark)


def _place(mark: Mark, files: Mapping[str, str]) -> str:
    mark = mark.formula or mark  # a line that takes a formula by name takes its attributes, too
    return f"{files.get(mark.file, Path(mark.file).name)}:{mark.line}" if mark.file else "worked out"


def _line(text: str, comment: str) -> str:
    return f"{text:<70} # {comment}"
