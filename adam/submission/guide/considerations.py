"""Section 3 of the guide: core variables, treatment variables, subject issues, visits, imputation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel

from adam.core.kinds import OF_TYPE, ValueKind
from adam.expressions.tree import Expr, Name
from adam.planning.values import Derivation, Prose, ResolvedDataset, ResolvedVariable, Value, Window
from adam.submission.define.document import SUBJECT_LEVEL
from adam.submission.document import Block, Cell, Heading, Paragraph, Table
from adam.submission.guide.facts import NOT_STATED, GuideFacts, definition

TREATMENT = re.compile(r"(ACT)?ARM(CD)?|(TRT(\d\d)?[PA]|TRTSEQ[PA]|TR\d\d[PA]G\d)N?")
SELECTION = re.compile(r"ABLFL|ANL\d\dFL|AOCC\w*FL")
IMPUTATION_FLAGS = ("DTF", "TMF")
EXTREME = re.compile(r"\b(?:first|last)_(?:date|datetime)\(")
"""The functions that complete a partial date: `first_date`, `last_date` and those of datetimes."""


def considerations(facts: GuideFacts) -> Iterator[Block]:
    """Section 3."""
    yield Heading("3. Analysis Considerations Related to Multiple Analysis Datasets", 2, "considerations")
    yield from facts.section("core_variables")
    yield from _core_variables(facts)
    yield from facts.section("treatment_variables")
    rows = _treatment_rows(facts)
    yield Table(("Variable", "Datasets", "Label", "Definition"), rows, "The datasets have no treatment variables.")
    yield from facts.section("subject_issues")
    if not facts.study.guide.text.subject_issues:
        yield Paragraph(NOT_STATED)
    restricted = [[name, facts.prose.condition(each.subjects)] for name, each in facts.datasets.items() if each.subjects is not None]
    if restricted:
        yield Paragraph("These datasets include only some subjects:")
        yield Table(("Dataset", "Subjects where"), restricted)
    yield from facts.section("visits")
    yield from _windows(facts)
    yield from _record_selection(facts)
    yield from facts.section("imputation")
    yield from _imputation(facts)


def _core_variables(facts: GuideFacts) -> Iterator[Block]:
    subjects = [each for each in facts.datasets.values() if each.class_ == SUBJECT_LEVEL]
    others = [each for each in facts.datasets.values() if each.class_ != SUBJECT_LEVEL]
    if not subjects or not others:
        yield Paragraph("There is one kind of dataset, so there are no core variables.")
        return
    stated = [name for name, _ in facts.study.core_variables]
    names = stated or [name for name in subjects[0].variables if all(name in each.variables for each in others)]
    yield Paragraph(
        f"Core variables are variables of {subjects[0].name} that the other datasets also have. "
        + ("The specification lists them." if stated else "These are in every dataset.")
    )
    labels = {name: subjects[0].variables[name].label for name in names if name in subjects[0].variables}
    rows = [[name, label, ", ".join(each.name for each in others if name in each.variables)] for name, label in labels.items()]
    yield Table(("Variable", "Label", "Other datasets"), rows, "The datasets have no variables in common.")


def _treatment_rows(facts: GuideFacts) -> list[list[Cell]]:
    """Treatment variables with the same definition in several datasets are one row."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for dataset in facts.datasets.values():
        for each in dataset.variables.values():
            if TREATMENT.fullmatch(each.name):
                found.setdefault((each.name, each.label, definition(each)), []).append(dataset.name)
    return [[name, ", ".join(datasets), label, text] for (name, label, text), datasets in found.items()]


def _windows(facts: GuideFacts) -> Iterator[Block]:
    used = {name: [each.name for each in facts.datasets.values() if each.windows and each.windows.use == name] for name in facts.study.windows}
    for name, users in used.items():
        if not users:
            continue
        windows = list(facts.study.windows[name].values())
        prose = _prose_of(facts, users)
        yield Heading(f"Analysis windows {name}", 4)
        use = next(each.windows for each in facts.datasets.values() if each.name == users[0] and each.windows)
        yield Paragraph(
            f"{', '.join(users)}: each record is assigned to the first window that it matches. Its day is counted from "
            f"{facts.prose.value(use.reference)} to {facts.prose.value(use.date)}; there is no day 0."
            + (f" Only records where {prose.condition(use.where)} have a window." if use.where is not None else "")
        )
        if not any(each.last.startswith("VISIT") for window in windows if isinstance(window.where, Expr) for each in window.where.names):
            yield Paragraph("The windows apply to scheduled and unscheduled visits alike: the collected visit is not used.")
        yield Table(("Visit", "Number", "Target day", "First day", "Last day", "Condition"), [_window(prose, each) for each in windows])
    for dataset in facts.datasets.values():
        if dataset.windows is None and "AVISIT" in dataset.variables:
            yield Paragraph(f"{dataset.name} has no analysis windows. AVISIT: {definition(dataset.variables['AVISIT'])}")
    if not any(used.values()):
        yield Paragraph("No dataset uses analysis windows.")


def _prose_of(facts: GuideFacts, users: Sequence[str]) -> Prose:
    """Renders the conditions of windows, where the dates of the datasets that use them are before and after."""
    kinds: dict[Name, ValueKind] = {}
    for name in users:
        for each in (facts.datasets[name].variables | facts.datasets[name].temporary).values():
            if each.type is not None:
                kinds[Name((each.name,))] = OF_TYPE[each.type]
    return replace(facts.prose, kinds=kinds)


def _window(prose: Prose, window: Window) -> list[Cell]:
    low = "Start of the period" if window.low == "period" else window.low
    days = ["" if each is None else str(each) for each in (window.target, low, window.high)]
    return [window.name, f"{window.number:g}", *days, prose.condition(window.where) if window.where is not None else ""]


def _record_selection(facts: GuideFacts) -> Iterator[Block]:
    rows = [
        [dataset.name, each.name, each.label, definition(each)]
        for dataset in facts.datasets.values()
        for each in dataset.variables.values()
        if SELECTION.fullmatch(each.name)
    ]
    if rows:
        yield Heading("Record selection", 4)
        yield Paragraph("Analyses select records with these flags:")
        yield Table(("Dataset", "Flag", "Label", "Definition"), rows)


def _imputation(facts: GuideFacts) -> Iterator[Block]:
    rows = [[name, definition(variable)] for name, variable in _variables(facts) if _imputes(variable)]
    if rows:
        yield Paragraph("These variables complete partial dates or times, or flag that. EX.X is a variable prepared from a source domain EX.")
    yield Table(("Variable", "Method"), list(map(list, dict.fromkeys(map(tuple, rows)))), "No date or time is imputed.")
    added = list(_added_records(facts.datasets))
    if added:
        yield Paragraph("These records are not collected but created from other records:")
        yield Table(("Dataset", "Parameters", "Records"), added)


def _variables(facts: GuideFacts) -> Iterator[tuple[str, ResolvedVariable]]:
    """All variables with their names: of datasets, of their parameters, temporary ones, and those prepared in a domain."""
    for dataset in facts.datasets.values():
        for variable in (*dataset.variables.values(), *dataset.temporary.values()):
            yield f"{dataset.name}.{variable.name}", variable
        for code, parameter in dataset.parameters.items():
            for variable in parameter.variables.values():
                yield f"{dataset.name}.{variable.name} of {code}", variable
    for domain in facts.study.sources.values():
        for variable in domain.variables.values():
            yield f"{domain.name}.{variable.name}", variable


def _imputes(variable: ResolvedVariable) -> bool:
    if variable.predecessor or variable.origin == "Predecessor":
        return False
    return variable.imputed or variable.name.endswith(IMPUTATION_FLAGS) or any(map(EXTREME.search, _texts(variable.formula)))


def _texts(value: object) -> Iterator[str]:
    """All texts and expressions of a formula."""
    if isinstance(value, str | Expr):
        yield value if isinstance(value, str) else value.text
        return
    for each in _entries(value):
        yield from _texts(each)


def _entries(value: object) -> list[object]:
    """What a formula, a mapping or a list consists of; nothing for another value."""
    if isinstance(value, Value):
        return [value.expr]
    if isinstance(value, Derivation):
        return [value.arguments]
    if isinstance(value, BaseModel):
        return [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []


def _added_records(datasets: Mapping[str, ResolvedDataset]) -> Iterator[Sequence[Cell]]:
    for dataset in datasets.values():
        rules: dict[str, list[str]] = {}
        for code, parameter in dataset.parameters.items():
            for rule in parameter.added_records:
                rules.setdefault(rule, []).append(code)
        for rule, codes in rules.items():
            yield [dataset.name, ", ".join(codes), rule]
