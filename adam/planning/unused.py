"""Lines that no record can ever use: each would be read, believed and do nothing, so each is refused."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adam.catalog.derivations import DERIVATIONS
from adam.core.errors import NOWHERE, Finding, Mark, Severity
from adam.core.problems import Problems
from adam.core.sdtm import FINDINGS
from adam.planning.graph import Graph
from adam.planning.nodes import Node
from adam.planning.prepared import plain
from adam.planning.terms import check_terms
from adam.planning.values.record_sets import RecordSet
from adam.specification.models import Dataset, Derivation, Parameter, Value, Variable
from adam.specification.study import Study

GIVEN_BY = {"PARAM": "label:", "PARAMCD": "its name", "PARAMN": "number:"}
"""What gives the variables that identify a parameter."""
INSTEAD = {
    "PARAMETER": "Put the condition into variables: of the parameter (in a family: value: TABLE.X next to where:)",
    "WINDOW": "Put the condition into the window",
}
"""Where a condition has an effect instead."""


@dataclass(frozen=True)
class _Unused:
    """A line that does nothing: where, of which variable, and why."""

    mark: Mark
    subject: str
    message: str
    code: str = "spec-unused"


def check_unused(graph: Graph, problems: Problems) -> None:
    """Note each formula, criterion and block of a dataset that nothing reads."""
    for dataset in graph.catalogue.study.datasets.values():
        for each in (*_of_dataset(graph, dataset), *_restricted(graph, dataset), *_labels(dataset), *_alone(graph, dataset)):
            problems.add(each.mark, each.subject, each.message, each.code)
        for parameter in dataset.parameters.values():
            if parameter.kept:
                for each in _of_parameter(graph, dataset, parameter):
                    problems.add(each.mark, each.subject, each.message, each.code)
                _terms(graph, dataset, parameter, problems)


def unused_blocks(graph: Graph) -> Iterator[Finding]:
    """A warning for each block of a dataset that does nothing with the parameters it has now; a formula that is hidden is refused."""
    for dataset in graph.catalogue.study.datasets.values():
        for mark, message in _blocks(graph, dataset):
            yield Finding("spec-unused", Severity.WARNING, dataset.name, message, mark=mark)


def _blocks(graph: Graph, dataset: Dataset) -> Iterator[tuple[Mark, str]]:
    kept = graph.kept[dataset.name]
    specials = {_special(dataset, each) for each in (*dataset.variables.values(), *dataset.temporary.values())}
    creations = [creation for records in kept for creation in graph.created(records)]
    if dataset.windows is not None and "WINDOW" not in specials and not any(creation.rule.reads_windows for creation in creations):
        message = "windows: has no effect: no variable of the dataset is WINDOW. Add AVISIT, AVISITN: WINDOW, or delete the block."
        yield dataset.windows.mark, message
    if dataset.criteria_where is not None and not any(each.criteria for each in dataset.parameters.values() if each.kept):
        yield dataset.criteria_where.mark, "criteria: has no effect: no parameter of the dataset has criteria. Delete it."
    if dataset.copied and not any(creation.rule.carries for creation in creations):
        message = "copy: has no effect: no records of the dataset are created from other records. Delete it."
        yield dataset.marks.get("copy", dataset.mark), message


def unused_entries(study: Study) -> Iterator[Finding]:
    """A warning for each entry of study.yaml that no dataset uses."""
    yield from unused_windows(study)
    yield from unused_formulas(study)
    yield from unused_tables(study)


def unused_preparations(study: Study, reads: Iterable[Node]) -> Iterator[Finding]:
    """A warning for each variable that the study itself, not a layer, prepares in a domain and nothing reads; `reads` has what is read."""
    used = {(node.owner, node.variable) for node in reads}
    families = {id(each.of_data): each.of_data for dataset in study.datasets.values() for each in dataset.parameters.values() if each.of_data}
    in_families = {name.last for family in families.values() for expr in family.expressions.values() for name in expr.names}
    for domain, use in study.sources.items():
        if in_families & {plain(name) for name in use.variables}:  # the codes and labels of families, which an earlier plan derives, read it
            continue
        for name, variable in use.variables.items():
            if (domain, name) not in used and Path(variable.mark.file).parent == Path(os.path.normpath(study.folder)):
                message = f"Nothing reads {domain}.{plain(name)}, so this line has no effect. Use it in a formula, or delete it."
                yield Finding("spec-unused", Severity.WARNING, domain, message, mark=variable.mark, variable=plain(name))


def unused_windows(study: Study) -> Iterator[Finding]:
    """A warning for each table of windows that no dataset of the study uses; a dataset may be left out for a while."""
    used = {dataset.windows.use for dataset in study.datasets.values() if dataset.windows is not None}
    for table, windows in study.windows.items():
        if table not in used:
            mark = next((window.mark for window in windows.values()), NOWHERE)
            message = f"No dataset uses the windows {table}, so they have no effect. Write windows: {{use: {table}, ...}} in one, or delete them."
            yield Finding("spec-unused", Severity.WARNING, "", message, mark=mark)


def unused_formulas(study: Study) -> Iterator[Finding]:
    """A warning for each formula by name that the study itself has and no line takes."""
    for name, mark in study.unused_formulas.items():
        message = f"No line takes this formula, so it has no effect. Write {name}: STANDARD in a dataset, or delete it."
        yield Finding("spec-unused", Severity.WARNING, "formulas", message, mark=mark, variable=name)


def unused_tables(study: Study) -> Iterator[Finding]:
    """A warning for each table of the study that no line reads."""
    for name in (name for name, table in study.tables.items() if not table.used):
        message = f"No line reads table {name}, so it has no effect. Write table: {name} where it is looked up, or delete it."
        yield Finding("spec-unused", Severity.WARNING, "", message, mark=study.tables[name].mark)


def _special(dataset: Dataset, variable: Variable) -> str:
    """PARAMETER or WINDOW where that is the formula of a variable."""
    name = variable.formula.expr.bare if isinstance(variable.formula, Value) else None
    word = str(name) if name is not None else ""
    return word if word in ("PARAMETER", "WINDOW") and word not in (*dataset.variables, *dataset.temporary) else ""


def _of_dataset(graph: Graph, dataset: Dataset) -> Iterator[_Unused]:
    kept = graph.kept[dataset.name]
    for name, variable in dataset.variables.items():
        if not dataset.parameters or variable.formula is None or _special(dataset, variable):
            continue
        if name == "AVAL" and graph.catalogue.headers is None and not _all_findings(graph, kept):
            continue  # whether another domain has a result, only its header shows
        if kept and all(name in graph.from_rules(records) for records in kept):
            message = f"The records of every parameter are given {name} ({_kinds(graph, dataset, kept)}), so this formula is never used."
            message += f" Write {name}: PARAMETER."
            yield _Unused(variable.mark, f"{dataset.name}.{name}", message)


def _all_findings(graph: Graph, kept: Iterable[RecordSet]) -> bool:
    """Whether what is read are domains of the class Findings, which have results by the standard."""
    return all(creation.domain in FINDINGS for records in kept for creation in graph.created(records) if creation.domain)


def _kinds(graph: Graph, dataset: Dataset, sets: Iterable[RecordSet]) -> str:
    return ", ".join(dict.fromkeys(entry.kind for records in sets for entry in graph.creations.entries(dataset, records)))


def _restricted(graph: Graph, dataset: Dataset) -> Iterator[_Unused]:
    """A `where:` beside PARAMETER or WINDOW, which are worked out for every record."""
    for name, variable in dataset.variables.items():
        special = _special(dataset, variable)
        if special and variable.where is not None:
            message = f"where: has no effect with {special}. {INSTEAD[special]}, or delete it."
            yield _Unused(variable.where.mark, f"{dataset.name}.{name}", message)


def _alone(graph: Graph, dataset: Dataset) -> Iterator[_Unused]:
    """A derivation that compares the records of a subject, in a dataset with one record per subject."""
    for name, variable in (dataset.variables | dataset.temporary).items() if graph.catalogue.is_subject_level(dataset.name) else ():
        used = variable.formula.name if isinstance(variable.formula, Derivation) else ""
        if used in DERIVATIONS and DERIVATIONS[used].contract.several:
            message = f"{used} compares the records of a subject, but {dataset.name} has one record per subject. Subjects are not compared"
            yield _Unused(variable.mark, f"{dataset.name}.{name}", f"{message} with each other. Delete the line.", "spec-wrong-argument")


def _labels(dataset: Dataset) -> Iterator[_Unused]:
    seen: dict[str, str] = {}
    for name, parameter in dataset.parameters.items():
        if not parameter.kept:
            continue
        if parameter.label in seen:
            message = f"The label '{parameter.label}' is that of {seen[parameter.label]} already. Each PARAMCD must have a PARAM of its own."
            yield _Unused(parameter.mark, f"{dataset.name}.{name}", message, "spec-duplicate-entry")
        seen.setdefault(parameter.label, name)


def _of_parameter(graph: Graph, dataset: Dataset, parameter: Parameter) -> Iterator[_Unused]:
    sets = graph.of_parameter(dataset.name, parameter.name)
    for name, own in parameter.variables.items():
        subject = f"{dataset.name}.{parameter.name}.{name}"
        why = _why(graph, dataset, parameter, sets, own)
        if why:
            yield _Unused(own.mark, subject, why)
    for number, criterion in parameter.criteria.items():
        mark = criterion.when.mark
        names = (f"CRIT{number}", f"CRIT{number}FL")
        if mark.file == dataset.mark.file and not any(name in (*dataset.variables, *dataset.temporary) for name in names):
            message = f"Criterion {number} has no effect: {dataset.name} has no {names[0]} and no {names[1]}. Add {', '.join(names)}: PARAMETER."
            yield _Unused(mark, f"{dataset.name}.{parameter.name}", message)


def _why(graph: Graph, dataset: Dataset, parameter: Parameter, sets: list[RecordSet], own: Variable) -> str:
    """Why the formula a parameter has for a variable is never used; nothing if it is."""
    name = own.name
    variable = graph.catalogue.variable(dataset.name, name)
    if variable is not None and own.mark == variable.mark:  # the formula of the dataset, where another parameter has its own
        return ""
    if variable is None:  # a parameter of a library may have more than this dataset shows
        absent = f"{dataset.name} has no variable {name}, so this formula is never used. Add {name}: PARAMETER to its variables, or delete it."
        return absent if own.mark.file == dataset.mark.file else ""
    if name in GIVEN_BY:
        return f"{name} identifies the parameter and comes from {GIVEN_BY[name]}; a formula for it would give a parameter nobody declared. Delete it."
    if _special(dataset, variable) != "PARAMETER":
        why = f"Each parameter has a formula for {name}, so that of the dataset is never used."
        if _special(dataset, variable) == "WINDOW":
            why = f"{name} is that of the window on every record, so this formula is never used."
        return f"{why} Write {name}: PARAMETER in variables: of {dataset.name}."
    if name.startswith("CRIT") and any(name in (f"CRIT{number}", f"CRIT{number}FL") for number in parameter.criteria):
        return f"criteria: of the parameter gives {name}; a formula for it hides that. Delete one of them."
    if sets and all(name in graph.from_rules(records) for records in sets):
        return f"The records of {parameter.name} are given {name} ({_kinds(graph, dataset, sets)}), so this formula is never used. Delete it."
    return ""


def _terms(graph: Graph, dataset: Dataset, parameter: Parameter, problems: Problems) -> None:
    """The terms that formulas of a parameter give are in the codelist of the dataset's variable."""
    for name, own in parameter.variables.items():
        variable = dataset.variables.get(name)
        if variable is None or own.mark == NOWHERE:
            continue
        known = graph.programs.attributes(dataset.name, variable)
        codelist = own.codelist or (parameter.codelist if name == "AVALC" else "") or known.codelist
        program = graph.parameters.of(dataset, variable, parameter)
        kind = known.type or "text"
        check_terms(graph.catalogue.study, dataset, own.model_copy(update={"codelist": codelist, "type": kind}), program, problems)
