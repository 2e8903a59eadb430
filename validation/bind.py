"""A line of `checks:` bound to its kind of check: arguments in the kind's model, every name known, everything it needs noted.

A check of a layer that names parameters the dataset does not keep is left out, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from adam.core.errors import Finding, Severity, suggestion
from adam.expressions.tree import Expr
from adam.plan.values import Check
from adam.specification.located import LocatedMap, LocatedStr, mark_of
from adam.specification.problems import Problems, translated, unsaid
from validation.check import CHECKS, CheckKind
from validation.resolve_arguments import Line, look_up
from validation.rule import Rule
from validation.scope import Scope, compared
from validation.wording import sentence

LEAST = {"ordered": 2, "equivalent": 2, "implies": 2, "one_to_one": 2}
"""How many entries a list of a check has at least, where one alone would compare nothing; any other has one."""


def bound(each: Check, scope: Scope, problems: Problems) -> Iterator[Rule | Finding]:
    """A line in the model of its kind; a note if it is left out; nothing, and problems, where it does not fit."""
    line = Line(each, scope, problems)
    scope.needs.clear()
    library = {name: known for name, known in CHECKS.items() if not known.generated}
    known = library.get(each.kind)
    if known is None:
        line.problem(f"no check is called '{each.kind}'{suggestion(each.kind, library)}", "spec-unknown-check")
        return
    before = len(problems.found)
    arguments = arguments_of(line, known)
    if arguments is None:
        return
    look_up(line, known, arguments)
    if len(problems.found) == before:
        _enough(line, known, arguments)
    if len(problems.found) > before:
        return
    codes = _codes_of(arguments, scope)
    absent = line.absent or (codes if codes and not set(codes) & set(scope.parameters()[0]) else [])
    if absent:
        message = f"not checked: the dataset has no parameter {', '.join(dict.fromkeys(absent))}"
        yield Finding(each.id, Severity.NOTE, scope.dataset.name, message, mark=each.mark)
        return
    message = each.message or sentence(known, arguments)
    yield Rule(
        each.id, Severity(each.severity), scope.dataset.name, each.kind, arguments, message, each.mark, "", frozenset(scope.needs), each.allow_empty
    )


def arguments_of(line: Line, known: CheckKind) -> BaseModel | None:
    """What stands in the line, as the model of the kind."""
    raw = _block(line.check, known)
    try:
        made = known.model.model_validate(raw)
    except ValidationError as error:
        beside = ("severity", "allow_empty", "message")
        line.problems.extend(translated(detail, raw, line.subject, known.model, beside) for detail in error.errors(include_url=False))
        return None
    line.problems.extend(unsaid(raw, line.subject))
    return made


def _enough(line: Line, known: CheckKind, arguments: BaseModel) -> None:
    """Note each list of a check with so few entries that there is nothing to check."""
    raw = line.check.arguments
    for name, field in known.model.model_fields.items():
        value = getattr(arguments, name)
        least = LEAST.get(name, 1)
        if field.is_required() and isinstance(value, list | tuple | dict) and len(value) < least:
            wanted = "two entries" if least > 1 else "one entry"
            here = "is 1" if value else "are 0"
            message = f"{name}: wants at least {wanted}; here {here}, so the check would check nothing. Write what is compared."
            line.problem(message, "spec-empty-check", mark_of(raw.get(name) if isinstance(raw, LocatedMap) else raw, line.check.mark))


def _block(each: Check, known: CheckKind) -> LocatedMap:
    """The arguments as a block: a bare one under its name, what stands beside the kind moved in, named entries gathered."""
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
    """The parameters the conditions say the records are of (`PARAMCD == "IGA"` in where or among)."""
    found = []
    for name in ("where", "among"):
        value = getattr(arguments, name, None)
        if isinstance(value, Expr) and scope.dataset.parameters:
            found += [str(literal.value) for named, literal in compared(value) if str(named) == "PARAMCD"]
    return found
