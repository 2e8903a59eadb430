"""What the arguments of a line of `checks:` name: looked up, kinds compared, needs noted. Faults are gathered, never raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from adam.core.errors import Mark, suggestion
from adam.core.kinds import ValueKind, fits
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Name
from adam.plan.values import Check, ResolvedDataset, ResolvedStudy
from adam.specification.located import mark_of
from adam.specification.problems import Problems
from validation.check import CheckKind, CountOf, OrderKey, Role
from validation.checks.sources import copies
from validation.origins import everything
from validation.records import SUBJECTS, subject_level
from validation.scope import Scope


class _Codes:
    """Names that stand for numbers: parameters, or counts."""

    def __init__(self, study: ResolvedStudy, known: list[str], what: str) -> None:
        self.study, self.known, self.what = study, known, what

    def kind(self, name: Name) -> ValueKind:
        if name.owner or name.last not in self.known:
            raise UnknownName(f"there is no {self.what} {name}{suggestion(str(name), self.known)}", f"spec-unknown-{self.what}")
        return ValueKind.NUMBER

    def values(self, name: Name) -> None:
        return None

    def terms(self, name: Name | None) -> None:
        return None


@dataclass
class Line:
    """A line being bound: its check, the names it may use, and where problems go. `absent`: parameters it names that are not kept."""

    check: Check
    scope: Scope
    problems: Problems
    absent: list[str] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The line as messages name it."""
        return f"{self.check.dataset}.{self.check.id}" if self.check.dataset else self.check.id

    def problem(self, message: str, code: str, mark: Mark | None = None) -> None:
        """Note a fault."""
        self.problems.add(mark or self.check.mark, self.subject, message, code)

    def faultless(self, expr: Expr, scope: Any, what: str, wanted: ValueKind = ValueKind.CONDITION) -> ValueKind:  # noqa: ANN401  (any scope of expressions)
        """An expression whose names are known and which gives what is wanted; its kind."""
        kind, faults = kind_of(expr, scope)
        for fault in faults:
            self.problem(fault.message, fault.code, expr.place(fault.node))
        if not faults and not fits(kind, wanted):
            self.problem(f"{what} wants {wanted.article}; {expr} is {kind.article}", "spec-wrong-kind", expr.mark)
        return kind

    def condition(self, expr: Expr, scope: Scope, what: str) -> None:
        """A condition; the texts it compares with are such as the variable can hold."""
        self.faultless(expr, scope, what)

    def variable(self, name: str, scope: Scope | None = None) -> None:
        """A variable of the dataset."""
        scope = scope or self.scope
        try:
            scope.variable(scope.dataset, name)
        except UnknownName as error:
            self.problem(str(error), error.code, mark_of(name, self.check.mark))

    def parameter(self, code: str) -> None:
        """A parameter of the dataset; one that only the layers know is noted as absent."""
        kept, known = self.scope.parameters()
        if code not in known:
            self.problem(f"{self.scope.dataset.name} has no parameter {code}{suggestion(code, known)}", "spec-unknown-parameter")
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
        kind = line.faultless(expr, line.scope, name, ValueKind.ANY)
        if kind in (ValueKind.TEXT, ValueKind.CONDITION):
            line.problem(f"{name} wants numbers or dates; {expr} is {kind.article}", "spec-wrong-kind", expr.mark)
        kinds.append(kind)
    several = dict.fromkeys(kind for kind in kinds if kind is not ValueKind.ANY)
    if len(several) > 1:
        line.problem(f"{name} compares values of one kind; here are {' and '.join(kind.article for kind in several)}", "spec-wrong-kind")


def _variables(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for entry in _listed(value):
        line.variable(entry.name if isinstance(entry, OrderKey) else entry)


def _subjects(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    subjects = _subject_scope(line)
    if subjects is not None:
        line.condition(value, subjects, name)


def _everyone(line: Line, arguments: BaseModel) -> None:
    """The subjects the dataset takes, as a check sees them."""
    subjects = line.scope.dataset.subjects
    if subjects is None:
        _subject_scope(line)
    else:
        _subjects(line, "subjects", subjects, arguments)


def _subject_scope(line: Line) -> Scope | None:
    name = subject_level(line.scope.study.datasets)
    dataset = line.scope.known(name) if name != line.scope.dataset.name else line.scope.dataset
    if dataset is None:
        line.problem(f"{line.check.kind} wants a dataset with one record per subject, and the study has none", "spec-unknown-dataset")
        return None
    return line.scope.of(dataset)


def _domain(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    scope = line.scope
    if value != SUBJECTS and value not in (*scope.domains, *scope.study.sources):
        known = [SUBJECTS, *scope.domains, *scope.study.sources]
        line.problem(f"the study reads no domain {value}{suggestion(value, known)}", "spec-unknown-source")
        return
    scope.collects(value, [each for each in _listed(getattr(arguments, "key", [])) if isinstance(each, str)])
    if line.check.kind != "same_records":
        return
    scope.collects(value, copies(scope.dataset, value) if name == "unchanged" else [])
    making, use = scope.dataset.records, scope.study.sources.get(value)
    said = making.arguments.get("where") if making is not None and making.kind == "from" and scope.sound else None
    if said is not None:
        _of_domain(line, value, parse(str(said)))
    if use is not None and use.where is not None:
        _of_domain(line, value, use.where)
    if scope.dataset.subjects is not None:
        _subjects(line, "subjects", scope.dataset.subjects, arguments)


def _collected(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    _of_domain(line, str(getattr(arguments, "as")), value)


def _of_domain(line: Line, domain: str, expr: Expr) -> None:
    """A condition on the records of a domain, as they were collected."""
    for name in expr.names:
        if name.owner == "STUDY":
            continue
        if name.owner not in ("", "SRC", domain):
            line.problem(f"{name} is not of the records of {domain}", "spec-unknown-source", expr.place(name))
            continue
        try:
            line.scope.prepared(domain, name.last)
            line.scope.raw(domain, *([domain[:2] + name.last] if name.owner == "SRC" else []), name.last)
        except UnknownName as error:
            line.problem(str(error), error.code, expr.place(name))
        line.scope.collects(domain, [domain[:2] + name.last, name.last] if name.owner == "SRC" else [name.last])


def _parameter(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    line.parameter(value)


def _made(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    known = line.scope.parameters()[1]
    if value not in known:
        line.problem(f"{line.scope.dataset.name} has no parameter {value}{suggestion(value, known)}", "spec-unknown-parameter")


def _codes(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for code in value.names:
        line.parameter(str(code))
    line.faultless(value, _Codes(line.scope.study, [str(code) for code in value.names], "parameter"), name)


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
        line.problem(f"there is no dataset {each.dataset}{suggestion(each.dataset, known)}", "spec-unknown-dataset")
        return None
    return line.scope.known(each.dataset)


def _of_counts(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    named = getattr(arguments, "counts")  # noqa: B009  (the model is made of a signature)
    line.faultless(value, _Codes(line.scope.study, list(named), "count"), name)


def _sides(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    for pair in value:
        if len(pair) != 2:
            line.problem(f"{name} wants pairs; here are {len(pair)}", "spec-wrong-value")
        for side in pair:
            _side(line, str(side))


def _side(line: Line, side: str) -> None:
    owner, *code, variable = side.split(".")
    dataset = line.scope.study.datasets.get(owner) and line.scope.known(owner)
    if dataset is None or len(code) > 1:
        line.problem(f"{side} is no DATASET.X or DATASET.PARAMCD.X{suggestion(owner, line.scope.study.datasets)}", "spec-unknown-dataset")
        return
    scope = line.scope.of(dataset)
    line.variable(variable, scope)
    for each in code:
        kept, known = scope.parameters()
        if each not in known:
            line.problem(f"{owner} has no parameter {each}{suggestion(each, known)}", "spec-unknown-parameter")
        elif each not in kept:
            line.absent.append(each)


def _by(line: Line, name: str, value: Any, arguments: BaseModel) -> None:  # noqa: ANN401
    """Looked up with each count."""


NAMED: dict[Role, Callable[[Line, str, Any, BaseModel], None]] = {
    Role.CONDITION: _conditions,
    Role.VALUES: _values,
    Role.VARIABLE: _variables,
    Role.ORDER: _variables,
    Role.SUBJECTS: _subjects,
    Role.DOMAIN: _domain,
    Role.COLLECTED: _collected,
    Role.COLLECTED_VALUE: _collected,
    Role.PARAMETER: _parameter,
    Role.MADE: _made,
    Role.CODES: _codes,
    Role.COMBINATIONS: _combinations,
    Role.COUNTS: _counts,
    Role.BY: _by,
    Role.OF_COUNTS: _of_counts,
    Role.SIDES: _sides,
}


def look_up(line: Line, known: CheckKind, arguments: BaseModel) -> None:
    """Look at everything the arguments name."""
    for name, role in known.roles.items():
        value = getattr(arguments, name)
        if value is not None:
            NAMED[role](line, name, value, arguments)
    if known.name == "every_subject" and getattr(arguments, "where", None) is None:
        _everyone(line, arguments)
    if known.name in ("source_value", "same_flag", "days_collected") and line.scope.sound:
        for domain, names in everything(line.scope.study, line.scope.dataset, "VISITNUM", str(getattr(arguments, "collected", "SEQ"))):
            line.scope.collects(domain, names)
