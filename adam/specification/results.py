"""Results: numbers computed from the finished datasets, each compared with the published number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from adam.core.block import AsWritten, Block, ReadBy
from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.kinds import OF_TYPE, ValueKind, is_compatible
from adam.core.located import LocatedStr, mark_of
from adam.core.problems import Problems
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.field import Expression, as_expression
from adam.expressions.possible import Possible
from adam.expressions.translatable import require_translatable
from adam.expressions.translation import Untranslatable
from adam.expressions.tree import Expr, Name
from adam.specification.codelists import closed
from adam.specification.models import Dataset
from adam.specification.study import Study

TOTAL = "Total"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MEASURES = {
    "count": "the number of records",
    "percent": "the share of records that match a condition, or of the subjects of `of` with a record",
    "mean": "the mean of a variable",
    "sd": "its standard deviation",
    "median": "its median",
    "min": "its smallest value",
    "max": "its largest value",
}
Reason = Literal["SPECIFIED IN PROTOCOL", "SPECIFIED IN SAP", "DATA DRIVEN", "REQUESTED BY REGULATORY AGENCY"]
Purpose = Literal[
    "PRIMARY OUTCOME MEASURE",
    "SECONDARY OUTCOME MEASURE",
    "EXPLORATORY OUTCOME MEASURE",
    "ANALYSIS POPULATION",
    "BASELINE CHARACTERISTICS",
    "SAFETY ASSESSMENT",
]
"""The first three are the terms of Analysis Results Metadata 1.0; its codelist is extensible, and the others are for what is no outcome."""
DISPLAY_NAME = re.compile(r"(?!(?:FORMATS|READ_ADAM)$)[A-Z][A-Z0-9_]{0,39}")
"""The name of a display names its programs, too: at most 40 letters, digits and underscores, and not formats or read-adam."""


@dataclass(frozen=True)
class Measure:
    """What is computed from the records: one of `MEASURES`, and the variable or condition it is computed from."""

    name: str
    of: Expr | None = None

    def __str__(self) -> str:
        return self.name if self.of is None else f"{self.name}({self.of})"


def _measure(value: object) -> Measure:
    match = re.fullmatch(r"(\w+)(?:\((.*)\))?", str(value).strip(), re.DOTALL)
    if match is None or match[1] not in MEASURES:
        name = match[1] if match else str(value)
        raise PydanticCustomError(
            "measure", "{message}", {"message": f"'{name}' is not a measure{did_you_mean(name, MEASURES)} The measures are {', '.join(MEASURES)}."}
        )
    name, inner = match[1], match[2]
    if inner is None and name not in ("count", "percent"):
        raise PydanticCustomError("measure", "{message}", {"message": f"{name} requires a variable. Write {name}(AVAL)."})
    if inner is not None and name == "count":
        raise PydanticCustomError("measure", "count counts records. Write count, and select the records with where:.")
    mark = getattr(value, "mark", NOWHERE)
    return Measure(name, None if inner is None else as_expression(LocatedStr.at(inner, mark.shifted(len(name) + 1))))


def _published(value: object) -> object:
    """The published numbers by group: the entries of a mapping, of a list in the order of the groups, or one number of all records."""
    if isinstance(value, Mapping):
        return {str(key): entry for key, entry in value.items()}
    entries = value if isinstance(value, list) else [value]
    return {f"#{place}": entry for place, entry in enumerate(entries)}


class Denominator(Block):
    """The subjects of another dataset that are the denominator of a percentage."""

    dataset: AsWritten
    where: Expression | None = None


class Display(Block):
    """A table or a figure with its title: a result display of define.xml, and a program in SAS and in R.

    `reason` and `purpose` are those of its results that have none of their own.
    """

    name: str
    title: AsWritten
    reason: Reason = "SPECIFIED IN SAP"
    purpose: Purpose = "EXPLORATORY OUTCOME MEASURE"
    mark: Mark = NOWHERE


class Result(Block):
    """One number of a dataset, or one per group: a row of a table, a figure of the report, an analysis result of define.xml.

    `display` names the table or figure that shows it; without one it is a display of its own. `by` groups the records; `over` is the axis of
    a curve per group; `published` has a number for each group, by its name or in the order of the codelist, and optionally one more for the total.
    """

    name: str
    title: AsWritten
    dataset: AsWritten
    where: Expression | None = None
    by: AsWritten = ""
    over: AsWritten = ""
    value: Annotated[Measure, ReadBy(_measure)]
    of: Denominator | None = None
    published: Annotated[dict[str, AsWritten], BeforeValidator(_published)] = {}
    reason: Reason | None = None
    purpose: Purpose | None = None
    display: AsWritten = ""
    mark: Mark = NOWHERE


class _Variables:
    """The names a result can use: the variables of one dataset."""

    def __init__(self, study: Study, dataset: Dataset) -> None:
        self.study, self.dataset = study, dataset

    def kind(self, name: Name) -> ValueKind:
        variable = self.dataset.variables.get(str(name))
        if name.owner == "STUDY" and name.last in self.study.constants:
            return ValueKind.ANY
        if variable is None:
            hint = did_you_mean(str(name), self.dataset.variables)
            raise UnknownName(f"{self.dataset.name} has no variable {name}{hint}")
        return OF_TYPE[variable.type] if variable.type else ValueKind.ANY

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        found = self.study.constants.get(name.last) if name.owner == "STUDY" else None
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> None:
        return None

    def possible(self, name: Name) -> Possible | None:
        """The values a variable can have; None if it can have any value."""
        variable = self.dataset.variables.get(str(name))
        if variable is None or variable.type != "text":
            return None
        if variable.name == "PARAMCD" and self.dataset.parameters:
            return Possible("the code of a parameter", tuple(self.dataset.parameters))
        return closed(self.study.codelists.get(variable.codelist))


def results(raw: Mapping[str, Any], problems: Problems) -> dict[str, Result]:
    """The results of all layers."""
    return problems.named(Result, raw)


def displays(raw: Mapping[str, Any], problems: Problems) -> dict[str, Display]:
    """The displays of all layers."""
    return problems.named(Display, raw)


def check_results(study: Study, problems: Problems) -> None:
    """Report every name of a result that does not exist, and a display without results, once the datasets are resolved."""
    for name, display in study.displays.items():
        if not any(result.display == name for result in study.results.values()):
            problems.add(display.mark, name, f"No result has display: {name}. Add it to the results of the display, or remove it.", "spec-unused")
    for result in study.results.values():
        _check_display(result, study, problems)
        for dataset, exprs in _parts(result):
            model = study.datasets.get(dataset)
            if model is None:
                hint = did_you_mean(dataset, study.datasets)
                problems.add(result.mark, result.name, f"The study has no dataset {dataset}{hint}", "spec-unknown-dataset")
                continue
            for what, expected, expr in exprs:
                _check(expr, expected, what, result, _Variables(study, model), problems)
            if dataset == result.dataset:
                _check_published(result, model, study, problems)
                _check_grouping(result, model, problems)


def _check_display(result: Result, study: Study, problems: Problems) -> None:
    """Report a display that does not exist, and a name that cannot name the programs of a display."""
    if result.display and result.display not in study.displays:
        message = f"The study has no display {result.display}{did_you_mean(result.display, study.displays)}"
        problems.add(mark_of(result.display, result.mark), result.name, message, "spec-unknown-display")
    elif not result.display and result.name in study.displays:
        message = f"A display has the name {result.name}, too. Rename one of them, or write display: {result.name}."
        problems.add(result.mark, result.name, message, "spec-wrong-value")
    elif not DISPLAY_NAME.fullmatch(result.display or result.name):
        message = "is not a valid name for the programs of a display. Use up to 40 capitals, digits or underscores, starting with a letter: TABLE_1."
        problems.add(mark_of(result.display, result.mark), result.name, f"'{result.display or result.name}' {message}", "spec-wrong-value")


def _check_grouping(result: Result, dataset: Dataset, problems: Problems) -> None:
    """Report variables that group the records and do not exist."""
    for name in (result.by, result.over):
        if name and name not in dataset.variables:
            hint = did_you_mean(name, dataset.variables)
            problems.add(result.mark, result.name, f"{dataset.name} has no variable {name}{hint}", "spec-unknown-variable")


def _check_published(result: Result, dataset: Dataset, study: Study, problems: Problems) -> None:
    """Report published texts that are not numbers, and numbers of unknown groups: the terms of the codelist of `by`, and the total, have one each."""
    for number in result.published.values():
        if not NUMBER.fullmatch(number):
            problems.add(mark_of(number, result.mark), result.name, f"published must be numbers, not '{number}'.", "spec-wrong-type")
    by = dataset.variables.get(result.by)
    codelist = study.codelists.get(by.codelist) if by is not None else None
    groups = [*codelist.numbers] if codelist is not None and not codelist.extensible else []
    if result.by and not groups:
        return
    listed = [group for group in result.published if group.startswith("#")]
    if listed and not len(groups) <= len(listed) <= len(groups) + 1:
        required = f"{len(groups)}, or one more for the total" if groups else "1"
        message = f"published has {len(listed)} numbers, but {result.by or 'all records'} requires {required}."
        problems.add(result.mark, result.name, message, "spec-wrong-value")
    for group in [group for group in result.published if not group.startswith("#") and group not in (TOTAL, *groups)]:
        message = f"published: {result.by or 'A result without by:'} has no group '{group}'{did_you_mean(group, [*groups, TOTAL])}"
        problems.add(mark_of(group, result.mark), result.name, message, "spec-unknown-term")


def _check(expr: Expr, expected: ValueKind, what: str, result: Result, scope: _Variables, problems: Problems) -> None:
    kind, faults = kind_of(expr, scope)
    for fault in faults:
        problems.add(expr.place(fault.node), result.name, f"{what}: {fault.message}", fault.code)
    if faults:
        return
    if not is_compatible(kind, expected):
        problems.add(expr.mark, result.name, f"{what} must be {expected.article}, but {expr} is {kind.article}.", "spec-wrong-kind")
    elif ValueKind.ANY not in {scope.kind(name) for name in expr.names if not name.owner}:  # without data a kind may not be known
        try:
            require_translatable(expr, kind, scope.kind, scope.study.constants)
        except Untranslatable as error:
            problems.add(expr.place(error.node), result.name, f"{what}: {error}", "spec-no-program")


def _parts(result: Result) -> list[tuple[str, list[tuple[str, ValueKind, Expr]]]]:
    """The conditions and values of a result, by the dataset whose variables they read."""
    own = [("where", ValueKind.CONDITION, result.where)] if result.where is not None else []
    if result.value.of is not None:
        own.append(("value", ValueKind.CONDITION if result.value.name == "percent" else ValueKind.NUMBER, result.value.of))
    if result.of is None:
        return [(result.dataset, own)]
    return [(result.dataset, own), (result.of.dataset, [("of: where", ValueKind.CONDITION, result.of.where)] if result.of.where is not None else [])]
