"""The rules that evaluate the formulas of a dataset independently: of each variable, and of each parameter with a formula of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.core.errors import Severity
from adam.planning.values import Derivation, Formula, ResolvedDataset, ResolvedParameter, ResolvedVariable, Term, Value
from validation.along_records import reads_along, selects
from validation.check import CHECKS, Compares
from validation.checks.possible_value import possible_value_rule
from validation.checks.recomputed import set_by_records
from validation.checks.sources import copies
from validation.evaluable import evaluable
from validation.formulas import Reads
from validation.records import SUBJECTS
from validation.rule import Rule
from validation.scope import Scope
from validation.sentences import condition_phrase, sentence

ELSEWHERE = ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ")
"""The variables that record rules give; other rules compare them with the source."""


def recomputing(scope: Scope, others: set[str]) -> Iterator[Rule]:
    """Yield the rules of a dataset; `others` are variables that another rule compares already."""
    dataset = scope.dataset
    model = scope.study.datasets.get(dataset.name, dataset)
    unchanged = {name for domain in _unchanged(scope) for name in copies(dataset, domain)}
    for name, variable in dataset.variables.items():
        if name in (*others, *unchanged, *ELSEWHERE) or variable.predecessor or _plain(variable) or _exact(scope, variable):
            continue
        several = selects(variable)
        reads = reads_along(scope, variable) if several else evaluable(scope, variable)
        sourced = not several and _reads_source(scope, reads)
        computed = [each for each in model.parameters.values() if not set_by_records(model, each, name, sourced)]
        if reads is not None and (computed or not model.parameters):
            yield _rule(scope, variable, reads, "", sourced)
    for code, parameter in model.parameters.items():
        known = dataset.parameters.get(code)
        if known is not None and known.kept:
            yield from _of_parameter(scope, model, parameter)


def _of_parameter(scope: Scope, model: ResolvedDataset, parameter: ResolvedParameter) -> Iterator[Rule]:
    """The rules of the formulas that a parameter has of its own."""
    for name, variable in parameter.formulas.items():
        if name not in scope.dataset.variables or _plain(variable) or set_by_records(model, parameter, name):
            continue
        reads = evaluable(scope, variable) if not selects(variable) and not _exact(scope, variable) else None
        if reads is not None and not _reads_source(scope, reads):
            yield _rule(scope, variable, reads, parameter.name, sourced=False)


def _reads_source(scope: Scope, reads: Reads | None) -> bool:
    """Whether a formula reads the source record."""
    return any(owner not in (*scope.study.datasets, SUBJECTS) for owner, _ in reads or ())


def _unchanged(scope: Scope) -> list[str]:
    """The domains whose copies a line of the dataset compares."""
    lines = [line for line in scope.dataset.checks if line.kind in CHECKS and CHECKS[line.kind].compares is Compares.RECORDS]
    blocks = [line.arguments.get(line.kind, line.arguments) for line in lines if isinstance(line.arguments, Mapping)]
    return [str(each["unchanged"]) for each in blocks if isinstance(each, Mapping) and "unchanged" in each]


def _plain(variable: ResolvedVariable) -> bool:
    return isinstance(variable.formula, Term) and variable.where is None


def _exact(scope: Scope, variable: ResolvedVariable) -> bool:
    """Whether the rules of codelists, classes and days compare the variable already."""
    formula = variable.formula
    called = isinstance(formula, Value) and str(formula.expr).startswith(("codelist_number(", "codelist_term("))
    return called and bool(possible_value_rule(scope.study, scope.dataset, variable))


def _rule(scope: Scope, variable: ResolvedVariable, reads: Reads, parameter: str, sourced: bool) -> Rule:
    for owner, name in reads:
        if owner not in scope.study.datasets:
            scope.collects(owner, [name])
    known = CHECKS["recomputed"]
    arguments = known.model.model_construct(variable=variable, parameter=parameter, sourced=sourced)
    condition = f", where {condition_phrase(str(variable.where))}" if variable.where is not None else ""
    message = f"{sentence(known, arguments)}: {text_of(variable.formula)}{condition}"
    needs = frozenset(owner for owner, _ in reads if owner != scope.dataset.name)
    return Rule("G-05", Severity.ERROR, scope.dataset.name, known.name, arguments, message, variable.mark, variable.name, needs, quiet=True)


def text_of(formula: Formula | None) -> str:
    """A formula as the specification writes it, in one line."""
    if isinstance(formula, Value):
        return str(formula.expr)
    if isinstance(formula, Term):
        return f'"{formula.text}"'
    return f"{formula.name}: {_written(formula.arguments)}" if isinstance(formula, Derivation) else ""


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    return str(value)
