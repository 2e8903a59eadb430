"""Bind a line of `checks:` to its check: arguments in the model of the check, all names known, all requirements recorded.

A line that names parameters the dataset does not keep is left out, with a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ValidationError

from adam.core.errors import Finding, Severity, did_you_mean
from adam.core.located import LocatedMap, LocatedStr, mark_of
from adam.core.problems import Problems, as_problem, keys_without_value
from adam.expressions.tree import Expr
from adam.planning.values import Check
from validation.check import CHECKS, CheckFunction
from validation.resolve_arguments import Line, resolve_arguments
from validation.rule import Rule
from validation.scope import Scope, compared
from validation.sentences import sentence


def bind(each: Check, scope: Scope, problems: Problems) -> Iterator[Rule | Finding]:
    """Yield a line as a rule, or a note if it is left out; nothing, and problems, if it is not valid.

    A line of a layer yields nothing if it does not apply to the dataset.
    """
    found = Problems()
    line = Line(each, scope, found)
    scope.needs.clear()
    known, arguments = _arguments(line)
    if known is not None and arguments is not None:
        resolve_arguments(line, known, arguments)
        if each.shared and not _applies(line, arguments):
            return
        if not found.found:
            _enough(line, known, arguments)
    if found.found or known is None or arguments is None:
        problems.extend(found.found)
        return
    codes = _codes_of(arguments, scope)
    absent = line.absent or (codes if codes and not set(codes) & set(scope.parameters()[0]) else [])
    if absent:
        message = f"Not checked, because the dataset has no parameter {', '.join(dict.fromkeys(absent))}"
        yield Finding(each.id, Severity.NOTE, scope.dataset.name, message, mark=each.mark)
        return
    yield Rule(
        each.id,
        Severity(each.severity),
        scope.dataset.name,
        each.kind,
        arguments,
        each.message or sentence(known, arguments),
        each.mark,
        needs=frozenset(scope.needs),
        allow_empty=each.allow_empty,
    )


def _arguments(line: Line) -> tuple[CheckFunction | None, BaseModel | None]:
    """The check of a line and its arguments; None, and problems, where they are not valid."""
    known = CHECKS.get(line.check.kind)
    if known is None or not known.usable_in_lines:
        library = [name for name, each in CHECKS.items() if each.usable_in_lines]
        line.problem(f"There is no check '{line.check.kind}'{did_you_mean(line.check.kind, library)}", "spec-unknown-check")
        return None, None
    return known, arguments_of(line, known)


ABSENT = ("spec-unknown-variable", "spec-unknown-parameter", "spec-several-records")
"""The problems of a line of a layer that does not apply to a dataset."""


def _applies(line: Line, arguments: BaseModel) -> bool:
    """Whether a line of a layer applies to a dataset: it has the variables of the line, and at least one of its parameters."""
    values = [getattr(arguments, name) for name in type(arguments).model_fields]
    exprs = [each for value in values for each in (value if isinstance(value, list) else [value]) if isinstance(each, Expr)]
    codes = {*line.codes, *_compared_codes(exprs)}
    if codes and line.scope.dataset.parameters and not codes & set(line.scope.parameters()[0]):
        return False
    return not any(each.code in ABSENT for each in line.problems.found)


def arguments_of(line: Line, known: CheckFunction) -> BaseModel | None:
    """Return the arguments of a line in the model of its check; None, and problems, if they are not valid."""
    raw = _block(line.check, known)
    try:
        arguments = known.model.model_validate(raw)
    except ValidationError as error:
        options = ("severity", "allow_empty", "message")
        line.problems.extend(as_problem(detail, raw, line.subject, known.model, options) for detail in error.errors(include_url=False))
        return None
    line.problems.extend(keys_without_value(raw, line.subject))
    return arguments


def _enough(line: Line, known: CheckFunction, arguments: BaseModel) -> None:
    """Report each list of a check with too few entries for anything to be checked."""
    raw = line.check.arguments
    for name, field in known.model.model_fields.items():
        value = getattr(arguments, name)
        least = known.least[name]
        if field.is_required() and isinstance(value, list | tuple | dict) and len(value) < least:
            expected = "two entries" if least > 1 else "one entry"
            found = "one entry" if value else "none"
            message = f"{name}: requires at least {expected}, but has {found}, so nothing would be checked. Write what is compared."
            line.problem(message, "spec-empty-check", mark_of(raw.get(name) if isinstance(raw, LocatedMap) else raw, line.check.mark))


def _block(each: Check, known: CheckFunction) -> LocatedMap:
    """Return the arguments as a block: a bare one under its name, keys next to the check moved in, named entries gathered."""
    raw = each.arguments
    if not isinstance(raw, LocatedMap):
        head = next(iter(known.model.model_fields))
        block = LocatedMap({LocatedStr.at(head, mark_of(raw, each.mark)): raw})
    elif each.kind in raw and isinstance(raw[each.kind], LocatedMap):
        block = LocatedMap({**raw[each.kind], **{key: value for key, value in raw.items() if key != each.kind}})
    else:
        block = LocatedMap(raw)
    if known.gathers:
        taken = LocatedMap({key: block.pop(key) for key in [key for key in block if key not in known.model.model_fields]})
        taken.mark = mark_of(raw, each.mark)
        block[LocatedStr.at(known.gathers, taken.mark)] = taken
    block.mark = mark_of(raw, each.mark)
    return block


def _codes_of(arguments: BaseModel, scope: Scope) -> list[str]:
    """Return the parameters that the conditions select (`PARAMCD == "IGA"` in where or among)."""
    conditions = [getattr(arguments, name, None) for name in ("where", "among")]
    return _compared_codes([each for each in conditions if isinstance(each, Expr)]) if scope.dataset.parameters else []


def _compared_codes(exprs: Iterable[Expr]) -> list[str]:
    """The parameters that PARAMCD is compared with."""
    return [str(literal.value) for expr in exprs for named, literal in compared(expr) if str(named) == "PARAMCD"]
