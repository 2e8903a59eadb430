"""Resolve the arguments of a line of `checks:`: names known, kinds compared, requirements recorded. Problems are collected, never raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from adam.core.errors import Mark, did_you_mean
from adam.core.kinds import ValueKind, is_compatible
from adam.core.located import mark_of
from adam.core.problems import Problems
from adam.expressions.check import UnknownName
from adam.expressions.check import kind_of as kind_and_faults
from adam.expressions.tree import Expr, Name
from adam.planning.values import Check, ResolvedDataset, ResolvedStudy
from validation.argument_types import CountOf, OrderKey, Role
from validation.check import CheckFunction
from validation.contracts import source_of
from validation.records import SUBJECTS, subject_level
from validation.scope import Scope


class _Codes:
    """Names of numbers: parameters, or counts."""

    def __init__(self, study: ResolvedStudy, known: list[str], what: str) -> None:
        self.study, self.known, self.what = study, known, what

    def kind(self, name: Name) -> ValueKind:
        if name.owner or name.last not in self.known:
            raise UnknownName(f"There is no {self.what} {name}{did_you_mean(str(name), self.known)}", f"spec-unknown-{self.what}")
        return ValueKind.NUMBER

    def values(self, name: Name) -> None:
        return None

    def terms(self, name: Name | None) -> None:
        return None


@dataclass
class Line:
    """A line during binding: its check, the names it may use, and its problems.

    `codes` are the parameters it names, `absent` those of them that are not kept.
    """

    check: Check
    scope: Scope
    problems: Problems
    absent: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The line as messages name it."""
        return f"{self.check.dataset}.{self.check.id}" if self.check.dataset else self.check.id

    def problem(self, message: str, code: str, mark: Mark | None = None) -> None:
        """Report a problem."""
        self.problems.add(mark or self.check.mark, self.subject, message, code)

    def kind_of(self, expr: Expr, scope: Any, what: str, expected: ValueKind = ValueKind.CONDITION) -> ValueKind:  # noqa: ANN401  (any scope of expressions)
        """Return the kind of an expression; unknown names and another kind than expected are problems."""
        kind, faults = kind_and_faults(expr, scope)
        for fault in faults:
            self.problem(fault.message, fault.code, expr.place(fault.node))
        if not faults and not is_compatible(kind, expected):
            self.problem(f"{what} requires {expected.article}, but {expr} is {kind.article}", "spec-wrong-kind", expr.mark)
        return kind

    def condition(self, expr: Expr, scope: Scope, what: str) -> None:
        """Resolve a condition."""
        self.kind_of(expr, scope, what)

    def variable(self, name: str, scope: Scope | None = None) -> None:
        """Resolve a variable of the dataset."""
        scope = scope or self.scope
        try:
            scope.variable(scope.dataset, name)
        except UnknownName as error:
            self.problem(str(error), error.code, mark_of(name, self.check.mark))

    def parameter(self, code: str) -> None:
        """Resolve a parameter of the dataset; one that only the layers have is recorded as absent."""
        kept, known = self.scope.parameters()
        self.codes.append(code)
        if code not in known:
            self.problem(f"{self.scope.dataset.name} has no parameter {code}{did_you_mean(code, known)}", "spec-unknown-parameter")
        elif code not in kept:
            self.absent.append(code)


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _conditions(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for expr in _listed(value):
        line.condition(expr, line.scope, name)


def _values(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    kinds = []
    for expr in _listed(value):
        kind = line.kind_of(expr, line.scope, name, ValueKind.ANY)
        if kind in (ValueKind.TEXT, ValueKind.CONDITION):
            line.problem(f"{name} requires numbers or dates, but {expr} is {kind.article}", "spec-wrong-kind", expr.mark)
        kinds.append(kind)
    several = dict.fromkeys(kind for kind in kinds if kind is not ValueKind.ANY)
    if len(several) > 1:
        line.problem(f"{name} compares values of one kind, but these are {' and '.join(kind.article for kind in several)}", "spec-wrong-kind")


def _variables(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for entry in _listed(value):
        line.variable(entry.name if isinstance(entry, OrderKey) else entry)


def _subjects(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    subjects = _subject_scope(line)
    if subjects is not None:
        line.condition(value, subjects, name)


def _everyone(line: Line, arguments: BaseModel) -> None:
    """Resolve the condition by which the dataset selects subjects."""
    subjects = line.scope.dataset.subjects
    if subjects is None:
        _subject_scope(line)
    else:
        _subjects(line, "subjects", subjects, arguments)


def _subject_scope(line: Line) -> Scope | None:
    name = subject_level(line.scope.study.datasets)
    dataset = line.scope.known(name) if name != line.scope.dataset.name else line.scope.dataset
    if dataset is None:
        line.problem(f"{line.check.kind} requires a subject-level dataset, and the study has none", "spec-unknown-dataset")
        return None
    return line.scope.of(dataset)


def _domain(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    scope = line.scope
    if value != SUBJECTS and value not in (*scope.domains, *scope.study.sources):
        known = [SUBJECTS, *scope.domains, *scope.study.sources]
        line.problem(f"The study reads no domain {value}{did_you_mean(value, known)}", "spec-unknown-source")
        return
    scope.collects(value, [each for each in _listed(getattr(arguments, "key", [])) if isinstance(each, str)])


def _selected(line: Line, domain: str, arguments: BaseModel) -> None:
    """Resolve the conditions by which the study and the dataset select records of a domain."""
    scope = line.scope
    source, use = source_of(scope.dataset) if scope.sound else None, scope.study.sources.get(domain)
    if source is not None and source.where is not None:
        _of_domain(line, domain, source.where)
    if use is not None and use.where is not None:
        _of_domain(line, domain, use.where)
    if scope.dataset.subjects is not None:
        _subjects(line, "subjects", scope.dataset.subjects, arguments)


def _collected(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    _of_domain(line, str(getattr(arguments, "as")), value)


def _of_domain(line: Line, domain: str, expr: Expr) -> None:
    """Resolve a condition on the collected records of a domain."""
    for name in expr.names:
        if name.owner == "STUDY":
            continue
        if name.owner not in ("", "SRC", domain):
            line.problem(f"{name} is not a variable of {domain}", "spec-unknown-source", expr.place(name))
            continue
        try:
            line.scope.prepared(domain, name.last)
            line.scope.raw(domain, *([domain[:2] + name.last] if name.owner == "SRC" else []), name.last)
        except UnknownName as error:
            line.problem(str(error), error.code, expr.place(name))
        line.scope.collects(domain, [domain[:2] + name.last, name.last] if name.owner == "SRC" else [name.last])


def _parameter(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    line.parameter(value)


def _source_parameter(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    known = line.scope.parameters()[1]
    line.codes.append(value)
    if value not in known:
        line.problem(f"{line.scope.dataset.name} has no parameter {value}{did_you_mean(value, known)}", "spec-unknown-parameter")


def _codes(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for code in value.names:
        line.parameter(str(code))
    line.kind_of(value, _Codes(line.scope.study, [str(code) for code in value.names], "parameter"), name)


def _combinations(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for variable, values in value.items():
        line.variable(variable)
        for code in values if variable == "PARAMCD" else []:
            line.parameter(str(code))


def _counts(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    by = str(getattr(arguments, "by", ""))
    for each in value.values():
        dataset = _counted(line, each)
        if dataset is None:
            continue
        scope = line.scope.of(dataset)
        if each.where is not None:
            line.condition(each.where, scope, "where")
        if by and by not in dataset.variables:
            subjects = _subject_scope(line)
            if subjects is not None:
                line.variable(by, subjects)


def _counted(line: Line, each: CountOf) -> ResolvedDataset | None:
    known = line.scope.study.datasets
    if each.dataset not in known:
        line.problem(f"There is no dataset {each.dataset}{did_you_mean(each.dataset, known)}", "spec-unknown-dataset")
        return None
    return line.scope.known(each.dataset)


def _of_counts(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    named = getattr(arguments, "counts")  # noqa: B009  (the model is made of a signature)
    line.kind_of(value, _Codes(line.scope.study, list(named), "count"), name)


def _sides(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for pair in value:
        if len(pair) != 2:
            line.problem(f"{name} requires pairs, but one has {len(pair)} entries", "spec-wrong-value")
        for side in pair:
            _side(line, str(side))


def _side(line: Line, side: str) -> None:
    owner, *code, variable = side.split(".")
    dataset = line.scope.study.datasets.get(owner) and line.scope.known(owner)
    if dataset is None or len(code) > 1:
        line.problem(f"{side} is not a valid DATASET.X or DATASET.PARAMCD.X{did_you_mean(owner, line.scope.study.datasets)}", "spec-unknown-dataset")
        return
    scope = line.scope.of(dataset)
    line.variable(variable, scope)
    for each in code:
        kept, known = scope.parameters()
        if each not in known:
            line.problem(f"{owner} has no parameter {each}{did_you_mean(each, known)}", "spec-unknown-parameter")
        elif each not in kept:
            line.absent.append(each)


def _by(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    """Resolved with each count."""


RESOLVE: dict[Role, Callable[[Line, str, Any, BaseModel], None]] = {
    Role.CONDITION: _conditions,
    Role.VALUES: _values,
    Role.VARIABLE: _variables,
    Role.ORDER: _variables,
    Role.SUBJECTS: _subjects,
    Role.DOMAIN: _domain,
    Role.COLLECTED: _collected,
    Role.COLLECTED_VALUE: _collected,
    Role.PARAMETER: _parameter,
    Role.SOURCE_PARAMETER: _source_parameter,
    Role.CODES: _codes,
    Role.COMBINATIONS: _combinations,
    Role.COUNTS: _counts,
    Role.BY: _by,
    Role.OF_COUNTS: _of_counts,
    Role.SIDES: _sides,
}


def resolve_arguments(line: Line, known: CheckFunction, arguments: BaseModel) -> None:
    """Resolve everything that the arguments name, and what else the check declares to read."""
    for name, role in known.roles.items():
        value = getattr(arguments, name)
        if value is not None:
            RESOLVE[role](line, name, value, arguments)
    if known.selects:
        _selected(line, str(getattr(arguments, known.selects)), arguments)
    if known.subjects and getattr(arguments, "where", None) is None:
        _everyone(line, arguments)
    for domain, names in known.collects(line.scope, arguments) if known.collects else ():
        line.scope.collects(domain, names)
