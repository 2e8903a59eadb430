"""The arguments of a derivation: raw YAML to its model, and the expressions inside with the role each plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError

from adam.catalog import derivation as registry
from adam.catalog.derivation import Options, OrderKey, role_of
from adam.catalog.derivations import DERIVATIONS
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind
from adam.core.located import LocatedMap, LocatedStr, mark_of
from adam.core.problems import Problems, as_problem, keys_without_value, place
from adam.expressions.tree import Expr
from adam.specification.models import ATTRIBUTE_KEYS, Derivation
from adam.specification.study import Study


@dataclass(frozen=True)
class Argument:
    """One expression of an argument: the path to it, its role (a kind, `order`, `within`, `family`, `each`) and itself."""

    path: tuple[str | int, ...]
    role: ValueKind | str
    expr: Expr

    @property
    def name(self) -> str:
        """The path as a reader writes it."""
        return ".".join(str(step) for step in self.path)


def _unknown(name: str) -> str:
    """What is wrong with a derivation that does not exist, and what to write."""
    if name == "standard":
        message = "'standard' has no effect in formulas:, which are merged over the formulas of the layers. Write the derivation itself with"
        return f"{message} the arguments to replace, such as NAME: {{on_treatment: {{days_after: 30}}}}."
    return f"There is no derivation or attribute '{name}'{did_you_mean(name, [*DERIVATIONS, *ATTRIBUTE_KEYS])}"


def bound(formula: Derivation, subject: str, study: Study, problems: Problems) -> BaseModel | None:
    """The arguments of a derivation in its model, with the constants and tables they name; None, and problems, where they do not fit."""
    known = DERIVATIONS.get(formula.name)
    if known is None:
        problems.add(formula.mark, subject, _unknown(formula.name), "spec-unknown-derivation")
        return None
    raw = formula.arguments
    fields = known.model.model_fields
    if not isinstance(raw, LocatedMap):
        if known.first is None:
            wanted = ", ".join(name for name, field in fields.items() if field.is_required())
            problems.add(mark_of(raw, formula.mark), subject, f"{known.name} must be a block with {wanted}.", "spec-missing-argument")
            return None
        block = LocatedMap({LocatedStr.at(known.first, mark_of(raw, formula.mark)): raw})
        block.mark = mark_of(raw, formula.mark)
        raw = block
    empty = list(keys_without_value(raw, subject))
    problems.extend(empty)
    if empty:
        return None
    try:
        arguments = known.model.model_validate(raw, context={"constants": study.constants, "tables": study.tables})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(detail, raw, formula, subject, problems)
        return None
    errors = list(known.contract.argument_errors(arguments))
    for message in errors:
        problems.add(raw.mark, subject, f"{known.name}: {message}", "spec-wrong-argument")
    return None if errors else arguments


def _note(detail: Mapping[str, Any], raw: LocatedMap, formula: Derivation, subject: str, problems: Problems) -> None:
    loc = detail["loc"]
    fields = DERIVATIONS[formula.name].model.model_fields
    name = ".".join(str(step) for step in loc)
    if detail["type"] == "missing":
        mark = place(raw, loc[:-1])[1]
        problems.add(mark, subject, f"{formula.name} requires the argument '{name}'.", "spec-missing-argument")
    elif detail["type"] == "extra_forbidden":
        hint = did_you_mean(str(loc[-1]), fields) if len(loc) == 1 else "."
        problems.add(place(raw, loc)[0], subject, f"{formula.name} has no argument '{name}'{hint}", "spec-unknown-argument")
    else:
        problem = as_problem(detail, raw, subject, None)
        code = "spec-wrong-argument" if problem.code in ("spec-wrong-type", "spec-wrong-value") else problem.code
        problems.add(problem.mark, subject, f"{formula.name}: {problem.message}", code)


def _stripped(annotation: Any) -> Any:  # noqa: ANN401
    """`X` of `X | None`."""
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    return inner[0] if type(None) in get_args(annotation) and len(inner) == 1 else annotation


@cache
def _hints(model: type[BaseModel]) -> Mapping[str, Any]:
    known = DERIVATIONS.get(model.__name__)
    if known is not None and known.model is model:
        return {**known.hints, "within": registry.Within}
    return get_type_hints(model, include_extras=True)


def _walk(value: Any, annotation: Any, path: tuple[str | int, ...]) -> Iterator[Argument]:  # noqa: ANN401, C901  (one case a shape)
    annotation = _stripped(annotation)
    role = role_of(annotation)
    if get_origin(annotation) is Annotated and role is None:
        annotation = get_args(annotation)[0]
    if value is None:
        return
    if isinstance(value, Expr) and role is not None:
        yield Argument(path, role, value)
    elif isinstance(value, Options):
        yield from expressions(value, path)
    elif isinstance(value, OrderKey):
        yield Argument(path, "order", value.value)
    elif isinstance(value, list | tuple):
        inner = annotation if role is not None else (get_args(annotation) or (None,))[0]
        for position, item in enumerate(value):
            yield from _walk(item, inner, (*path, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (get_args(annotation) or (None, None))[-1], (*path, key))


def expressions(model: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[Argument]:
    """Every expression in a model of arguments, with its role; the contract can give it a kind that depends on other arguments."""
    hints, known = _hints(type(model)), DERIVATIONS.get(type(model).__name__)
    kinds = known.contract.kinds(model) if known is not None and known.model is type(model) else {}
    for field in type(model).model_fields:
        for found in _walk(getattr(model, field), hints.get(field), (*path, field)):
            yield replace(found, role=kinds[found.path]) if found.path in kinds else found
