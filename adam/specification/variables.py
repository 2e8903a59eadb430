"""Blocks of variables and of checks: which key is the formula, which are attributes."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from adam.core.errors import NOWHERE, Mark, suggestion
from adam.expressions.field import Expression
from adam.expressions.tree import Expr
from adam.specification.located import Dropped, LocatedList, LocatedMap, LocatedStr, as_text, key_of, mark_of
from adam.specification.models import ATTRIBUTE_KEYS, Attributes, Block, Check, Derivation, Formula, Term, Value, Variable
from adam.specification.problems import NO_VALUE, Problems

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
TEMPORARY = re.compile(r"[A-Z][A-Z0-9_]{0,15}")


class _Formula(Block):
    value: Expression


class _Attributes(Attributes):
    where: Expression | None = None
    allow_empty: bool = False


def expression(raw: object, key: str, subject: str, problems: Problems, mark: Mark = NOWHERE) -> Expr | None:
    """A text as an expression, or None and a problem at the fault; `mark` is the place of what cannot know its own."""
    if raw is None:
        problems.add(mark, subject, f"{key}: {NO_VALUE}", "spec-no-value")
        return None
    holder = LocatedMap({LocatedStr.at("value", mark_of(raw, mark)): raw})
    holder.mark = mark_of(raw, mark)
    model = problems.model(_Formula, holder, subject)
    return model.value if model else None


def label_problem(label: str, mark: Mark, subject: str, problems: Problems) -> None:
    """Labels are at most 40 bytes and ASCII (XPT v5; DOMAIN §3)."""
    size = len(label.encode())
    if size > 40:
        problems.add(mark, subject, f"label '{label}' has {size} bytes; at most 40 fit", "spec-long-label")
    elif not label.isprintable():
        problems.add(mark, subject, f"label {label!r} has a tab, a line end or another character that is not printable", "spec-label-ascii")
    elif not label.isascii():
        problems.add(mark, subject, f"label '{label}' is not ASCII; write >= for ≥", "spec-label-ascii")


def _name_problem(name: LocatedStr | str, subject: str, temporary: bool, problems: Problems) -> None:
    pattern, most = (TEMPORARY, 16) if temporary else (NAME, 8)
    if not pattern.fullmatch(name):
        message = f"'{name}' is no name: a letter, then capitals, digits or _, at most {most} characters"
        problems.add(mark_of(name), subject, message, "spec-name")


def _formula(block: LocatedMap, subject: str, problems: Problems) -> Formula | None:
    keys = [key for key in block if key not in ATTRIBUTE_KEYS]
    near = [key for key in keys if key not in ("value", "term") and get_close_matches(key, ATTRIBUTE_KEYS, 1, 0.75)]
    for key in near if len(keys) > 1 else ():
        problems.add(mark_of(key), subject, f"unknown key '{key}'{suggestion(key, ATTRIBUTE_KEYS)}", "spec-unknown-key")
    keys = [key for key in keys if key not in near] if len(keys) > 1 else keys
    if len(keys) > 1:
        message = f"two formulas in one block, '{keys[0]}' and '{keys[1]}'; a variable has one"
        problems.add(mark_of(keys[1]), subject, message, "spec-two-formulas")
        return None
    if not keys:
        problems.add(block.mark, subject, "the variable has no formula: a value:, a term: or a derivation", "spec-no-formula")
        return None
    key, raw = keys[0], block[keys[0]]
    if key == "value":
        expr = expression(raw, "value", subject, problems, mark_of(key))
        return Value(expr) if expr else None
    if key == "term":
        text = as_text(raw)
        if not isinstance(text, str):
            problems.add(mark_of(key), subject, "term wants text", "spec-wrong-type")
            return None
        return Term(str(text))
    return Derivation(str(key), raw, mark_of(key))


def variable(name: str, raw: object, dataset: str, problems: Problems, *, temporary: bool = False) -> Variable:
    """One variable as the YAML has it: a bare source or expression, or a block.

    A variable with a fault stays, without a formula, so that what names it is not faulted too.
    """
    subject = f"{dataset}.{name}"
    _name_problem(name, subject, temporary, problems)
    faulty = Variable(name=str(name), mark=mark_of(name), temporary=temporary)
    if not isinstance(raw, LocatedMap):
        if isinstance(raw, LocatedList):
            problems.add(mark_of(name), subject, "a variable is a formula or a block; this is a list", "spec-wrong-type")
            return faulty
        if raw is None or isinstance(raw, bool):
            problems.add(mark_of(name), subject, "the variable has no formula: a value:, a term: or a derivation", "spec-no-formula")
            return faulty
        expr = expression(raw, "value", subject, problems)
        return faulty.model_copy(update={"formula": Value(expr)}) if expr else faulty
    formula = _formula(raw, subject, problems)
    own = LocatedMap({key: value for key, value in raw.items() if key in ATTRIBUTE_KEYS})
    own.mark = raw.mark
    attributes = problems.model(_Attributes, own, subject)
    marks = {str(key): mark_of(value, key_of(raw, key)) for key, value in raw.items()}
    if attributes is None:  # its label is what another look would ask for
        label = as_text(raw.get("label"))
        return faulty.model_copy(update={"marks": marks, "label": label if isinstance(label, str) else ""})
    label_problem(attributes.label, marks.get("label", raw.mark), subject, problems)
    said = {key: getattr(attributes, key) for key in attributes.model_fields_set}
    try:
        return Variable(name=str(name), formula=formula, mark=mark_of(name), marks=marks, temporary=temporary, **said)
    except ValidationError as error:
        raise AssertionError(f"attributes of {subject} were already accepted") from error


def variables(raw: object, dataset: str, problems: Problems, *, temporary: bool = False) -> dict[str, Variable]:
    """The variables of a block, in order."""
    if raw is None:
        return {}
    if not isinstance(raw, LocatedMap):
        part = "temporary" if temporary else "variables"
        problems.add(mark_of(raw), dataset, f"{part} wants a block (NAME: formula)", "spec-wrong-type")
        return {}
    return {str(name): variable(name, value, dataset, problems, temporary=temporary) for name, value in raw.items()}


def _check(identity: str, raw: object, dataset: str, problems: Problems) -> Check | None:
    mark = mark_of(raw, mark_of(identity))
    subject = f"{dataset}.{identity}" if dataset else identity
    if isinstance(raw, LocatedList) and not raw:
        message = "the list of checks is empty, so nothing is checked. Write a check, or delete the line."
        problems.add(mark, subject, message, "spec-empty-check")
        return None
    block = raw if isinstance(raw, LocatedMap) else LocatedMap({LocatedStr.at("expect", mark): raw})
    severity = block.get("severity", "error")
    if severity not in ("error", "warning"):
        problems.add(mark_of(severity, mark), subject, f"severity is error or warning, not '{severity}'", "spec-wrong-value")
        return None
    empty = _allow_empty(block, subject, mark, problems)
    message = block.get("message", "")
    if not isinstance(message, str):
        problems.add(mark_of(message, mark), subject, "message wants a text", "spec-wrong-type")
        return None
    rest = LocatedMap({key: value for key, value in block.items() if key not in ("severity", "allow_empty", "message")})
    rest.mark = block.mark if isinstance(raw, LocatedMap) else mark
    kinds = [key for key in rest if key not in ("where", "within")] if "expect" not in rest else ["expect"]
    if len(kinds) != 1:
        message = f"a check is one condition (expect:) or one check of the library; here are {len(kinds)}"
        problems.add(mark, subject, message, "spec-check-kind")
        return None
    kind = str(kinds[0])
    arguments: Any = rest[kinds[0]] if kind != "expect" and len(rest) == 1 else rest
    return Check(
        id=str(identity),
        kind=kind,
        arguments=arguments,
        severity="warning" if severity == "warning" else "error",
        allow_empty=empty,
        message=str(message),
        dataset=dataset,
        mark=mark_of(identity) if isinstance(raw, LocatedMap) and raw.mark.line == mark_of(identity).line else mark,
    )


def checks(raw: object, dataset: str, problems: Problems) -> tuple[Check, ...]:
    """The checks of a block; `off` drops one that a layer below gives, or one that is generated: a check of kind `off`.

    Its argument is the check of the layer below, if there is one; only the suites know which checks are generated.
    """
    if raw is None:
        return ()
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), dataset, "checks wants a block (ID: check)", "spec-wrong-type")
        return ()
    found: list[Check | None] = []
    for identity, value in raw.items():
        if identity == "allow_empty":
            continue
        if value == "off":
            below = value.below if isinstance(value, Dropped) else None
            found.append(Check(id=str(identity), kind="off", arguments=below, dataset=dataset, mark=mark_of(identity)))
            continue
        entries = value if isinstance(value, LocatedList) and value else [value]
        found += [_check(identity, entry, dataset, problems) for entry in entries]
    made = tuple(check for check in found if check is not None)
    if not _allow_empty(raw, dataset, raw.mark, problems):
        return made
    return tuple(check.model_copy(update={"allow_empty": True}) for check in made)


def _allow_empty(block: LocatedMap, subject: str, mark: Mark, problems: Problems) -> bool:
    """Whether `allow_empty: true` is in a block; any other value than true or false is a problem."""
    value = block.get("allow_empty", False)
    if value not in (True, False):
        problems.add(mark_of(value, mark), subject, f"allow_empty must be true or false, not '{value}'", "spec-wrong-value")
    return value is True
