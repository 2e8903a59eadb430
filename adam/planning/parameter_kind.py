"""The kind of a variable of `PARAMETER` that neither the dictionary nor its line declares: what its parameters have for it shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adam.core.kinds import ValueKind
from adam.expressions.tree import Literal
from adam.planning.resolved_formula import ResolvedFormula
from adam.specification.models import Parameter, Term, Value, Variable


def kind_of_parameters(parameters: Iterable[Parameter], name: str, resolve: Callable[[Variable], ResolvedFormula | None]) -> ValueKind:
    """The kind of the first formula of a parameter whose kind is known; a literal is known without resolving it."""
    own = [parameter.variables[name] for parameter in parameters if name in parameter.variables]
    literal = next((kind for each in own if (kind := _of_literal(each)) is not ValueKind.ANY), ValueKind.ANY)
    if literal is not ValueKind.ANY:
        return literal
    resolved = (resolve(each) for each in own)
    return next((each.kind for each in resolved if each is not None and each.kind is not ValueKind.ANY), ValueKind.ANY)


def _of_literal(variable: Variable) -> ValueKind:
    root = variable.formula.expr.root if isinstance(variable.formula, Value) else None
    if isinstance(variable.formula, Term) or (isinstance(root, Literal) and isinstance(root.value, str)):
        return ValueKind.TEXT
    return ValueKind.NUMBER if isinstance(root, Literal) else ValueKind.ANY
