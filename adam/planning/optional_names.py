"""Names that a standard formula, or a record rule of a parameter, reads only if the dataset has them.

`BASETYPE?` is an entry of a list; `DTYPE? == ""` is a part of a condition, joined with `and`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from adam.core.errors import Mark
from adam.core.located import LocatedList, LocatedMap, LocatedStr, mark_of
from adam.specification.models import Dataset, Derivation, Parameter, Records, Variable
from adam.specification.study import Study

OPTIONAL = re.compile(r"(?P<before>(?:(?:desc|missing_last)\()?)(?P<name>[A-Z][A-Z0-9_]*)\?(?P<after>\)?)")
"""An entry of a list that is left out if the dataset has no such variable."""
IN_CONDITION = re.compile(r"\b([A-Z][A-Z0-9_]*)\?")
"""A name in a condition whose part is left out if the dataset has no such variable."""
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]|\band\b')
"""What decides where a condition is joined: texts, brackets, and."""


def without_absent_names(study: Study) -> Study:
    """The study with the entries `NAME?` of its standard formulas and record rules as names, without those that a dataset does not have."""
    return study.model_copy(update={"datasets": {name: _of_dataset(dataset) for name, dataset in study.datasets.items()}})


def _of_dataset(dataset: Dataset) -> Dataset:
    known = {*dataset.variables, *dataset.temporary}
    parameters = {name: _of_parameter(each, known) for name, each in dataset.parameters.items()}
    own = {part: _of_variables(getattr(dataset, part), known) for part in ("variables", "temporary")}
    return dataset.model_copy(update={**own, "parameters": parameters})


def _of_parameter(parameter: Parameter, known: Collection[str]) -> Parameter:
    """A parameter with the lists of its formulas and of its record rules."""

    def of_rules(rules: tuple[Records, ...]) -> tuple[Records, ...]:
        return tuple(each.model_copy(update={"arguments": _without_absent(each.arguments, known, _anywhere)}) for each in rules)

    found = {"records": of_rules(parameter.records), "add": of_rules(parameter.add), "variables": _of_variables(parameter.variables, known)}
    return parameter.model_copy(update={name: each for name, each in found.items() if each})


def _by_name(mark: Mark) -> bool:
    """Whether a line takes a text by name, from a standard formula."""
    return mark.formula is not None


def _anywhere(mark: Mark) -> bool:
    return True


def _of_variables(variables: dict[str, Variable], known: Collection[str]) -> dict[str, Variable]:
    return {name: _of_variable(each, known) for name, each in variables.items()}


def _of_variable(variable: Variable, known: Collection[str]) -> Variable:
    formula = variable.formula
    if not isinstance(formula, Derivation) or formula.mark.formula is None:
        return variable
    arguments = _without_absent(formula.arguments, known, _by_name)
    return variable.model_copy(update={"formula": Derivation(formula.name, arguments, formula.mark)})


def _without_absent(value: object, known: Collection[str], allowed: Callable[[Mark], bool]) -> object:
    """A block without the entries `NAME?` of its lists that are not known; `allowed` decides by their place where they may be."""
    if isinstance(value, LocatedMap):
        return LocatedMap.at({key: _without_absent(entry, known, allowed) for key, entry in value.items()}, value.mark)
    if isinstance(value, LocatedStr) and IN_CONDITION.search(value) and allowed(mark_of(value)):
        return _condition(value, known)
    if not isinstance(value, LocatedList):
        return value
    result = LocatedList()
    result.mark = value.mark
    for entry in value:
        optional = OPTIONAL.fullmatch(entry) if isinstance(entry, str) and allowed(mark_of(entry)) else None
        if optional is None:
            result.append(_without_absent(entry, known, allowed))
        elif optional["name"] in known:
            result.append(LocatedStr.at(f"{optional['before']}{optional['name']}{optional['after']}", mark_of(entry)))
    return result


def _condition(text: LocatedStr, known: Collection[str]) -> LocatedStr:
    """A condition without the parts that name a variable `NAME?` the dataset does not have; as it is if no other part is left."""
    parts = [part for part in _parts(text) if all(name in known for name in IN_CONDITION.findall(part))]
    return LocatedStr.at(IN_CONDITION.sub(r"\1", " and ".join(parts)), mark_of(text)) if parts else text


def _parts(text: str) -> list[str]:
    """The parts of a condition that are joined with `and`.

    >>> _parts('not missing(AVAL) and DTYPE? in ("", "A and B") and (A or B and C)')
    ['not missing(AVAL)', 'DTYPE? in ("", "A and B")', '(A or B and C)']
    """
    found, depth, start = [], 0, 0
    for token in TOKEN.finditer(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token[0], 0)
        if token[0] == "and" and not depth:
            found.append(text[start : token.start()].strip())
            start = token.end()
    return [*found, text[start:].strip()]
