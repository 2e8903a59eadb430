"""Reads the blocks of variables and of checks: one key is the formula, the others are attributes."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from adam.core.block import Block
from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.located import LocatedList, LocatedMap, LocatedStr, RemovesLower, as_text, key_of, mark_of
from adam.core.problems import NO_VALUE, Problems
from adam.expressions.field import Expression
from adam.expressions.tree import Expr
from adam.specification.models import ATTRIBUTE_KEYS, Attributes, Check, Derivation, Formula, Term, Value, Variable
from adam.specification.standard import ByName, takes_standard

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
TEMPORARY = re.compile(r"[A-Z][A-Z0-9_]{0,15}")


NO_FORMULA = "The variable has no formula. Write value:, term: or a derivation."


class _Formula(Block):
    value: Expression


class _Attributes(Attributes):
    where: Expression | None = None
    allow_empty: bool = False


def expression(raw: object, key: str, subject: str, problems: Problems, mark: Mark = NOWHERE) -> Expr | None:
    """A text as an expression, or None and a problem at its error; `mark` is the place of a text that has none."""
    if raw is None:
        problems.add(mark, subject, f"{key} {NO_VALUE}", "spec-no-value")
        return None
    holder = LocatedMap({LocatedStr.at("value", mark_of(raw, mark)): raw})
    holder.mark = mark_of(raw, mark)
    model = problems.model(_Formula, holder, subject)
    return model.value if model else None


def label_problem(label: str, mark: Mark, subject: str, problems: Problems) -> None:
    """Report a label with more than 40 bytes, or with characters other than printable ASCII (XPT version 5)."""
    size = len(label.encode())
    if size > 40:
        problems.add(mark, subject, f"The label '{label}' has {size} bytes; 40 are allowed. Shorten it.", "spec-long-label")
    elif not label.isprintable():
        problems.add(
            mark, subject, f"The label {label!r} has a tab, a line end or another character that is not printable. Delete it.", "spec-label-ascii"
        )
    elif not label.isascii():
        problems.add(mark, subject, f"The label '{label}' has characters that are not ASCII. Replace them, such as ≥ by >=.", "spec-label-ascii")


def _name_problem(name: LocatedStr | str, subject: str, temporary: bool, problems: Problems) -> None:
    pattern, most = (TEMPORARY, 16) if temporary else (NAME, 8)
    if not pattern.fullmatch(name):
        cure = f": {name.upper()}" if pattern.fullmatch(name.upper()) else ""
        message = f"'{name}' is not a valid variable name. Use up to {most} capitals, digits or underscores, starting with a letter{cure}."
        problems.add(mark_of(name), subject, message, "spec-name")


def _formula(block: LocatedMap, subject: str, problems: Problems) -> Formula | None:
    keys = [key for key in block if key not in ATTRIBUTE_KEYS]
    near = [key for key in keys if key not in ("value", "term") and get_close_matches(key, ATTRIBUTE_KEYS, 1, 0.75)]
    for key in near if len(keys) > 1 else ():
        problems.add(mark_of(key), subject, f"Unknown key '{key}'{did_you_mean(key, ATTRIBUTE_KEYS)}", "spec-unknown-key")
    keys = [key for key in keys if key not in near] if len(keys) > 1 else keys
    if len(keys) > 1:
        message = f"A variable has one formula, but this block has two: '{keys[0]}' and '{keys[1]}'. Delete one of them."
        problems.add(mark_of(keys[1]), subject, message, "spec-two-formulas")
        return None
    if not keys:
        problems.add(block.mark, subject, NO_FORMULA, "spec-no-formula")
        return None
    key, raw = keys[0], block[keys[0]]
    if key == "value":
        expr = expression(raw, "value", subject, problems, mark_of(key))
        return Value(expr) if expr else None
    if key == "term":
        text = as_text(raw)
        if not isinstance(text, str):
            problems.add(mark_of(key), subject, "term must be a text. Write term: Y.", "spec-wrong-type")
            return None
        return Term(str(text))
    return Derivation(str(key), raw, mark_of(key))


def _by_name(name: str, raw: object, subject: str, standard: ByName | None, problems: Problems) -> object:
    """The line of a variable with the formula that STANDARD means; None, and a problem, if there is none."""
    if not takes_standard(raw):
        return raw
    if standard is not None:
        return standard(name, raw, subject)
    message = "STANDARD is for the variables of a dataset; a source has no standard formulas. Write a formula."
    problems.add(mark_of(name), subject, message, "spec-no-standard-formula")
    return None


def _label(raw: object) -> str:
    """The label of a variable whose line has an error, so that a missing label is not reported, too."""
    label = as_text(raw.get("label")) if isinstance(raw, LocatedMap) else ""
    return label if isinstance(label, str) else ""


def variable(name: str, line: object, dataset: str, problems: Problems, standard: ByName | None = None, *, temporary: bool = False) -> Variable:
    """One variable as it is written: a source, an expression, or a block. `standard` replaces STANDARD in its line.

    A variable with a problem is kept without a formula, so that formulas with its name have no problem because of it.
    """
    subject = f"{dataset}.{name}"
    _name_problem(name, subject, temporary, problems)
    faulty = Variable(name=str(name), mark=mark_of(name), temporary=temporary, label=_label(line))
    raw = _by_name(name, line, subject, standard, problems)
    if raw is None and line is not None:
        return faulty
    if not isinstance(raw, LocatedMap):
        if isinstance(raw, LocatedList):
            problems.add(mark_of(name), subject, "A variable must be a formula or a block, not a list.", "spec-wrong-type")
            return faulty
        if raw is None or isinstance(raw, bool):
            problems.add(mark_of(name), subject, NO_FORMULA, "spec-no-formula")
            return faulty
        expr = expression(raw, "value", subject, problems)
        return faulty.model_copy(update={"formula": Value(expr)}) if expr else faulty
    formula = _formula(raw, subject, problems)
    own = LocatedMap({key: value for key, value in raw.items() if key in ATTRIBUTE_KEYS})
    own.mark = raw.mark
    attributes = problems.model(_Attributes, own, subject)
    marks = {str(key): mark_of(value, key_of(raw, key)) for key, value in raw.items()}
    if attributes is None:
        return faulty.model_copy(update={"marks": marks})
    label_problem(attributes.label, marks.get("label", raw.mark), subject, problems)
    own_attributes = {key: getattr(attributes, key) for key in attributes.model_fields_set}
    try:
        return Variable(name=str(name), formula=formula, mark=mark_of(name), marks=marks, temporary=temporary, **own_attributes)
    except ValidationError as error:
        raise AssertionError(f"the attributes of {subject} were valid before") from error


def variables(raw: object, dataset: str, problems: Problems, standard: ByName | None = None, *, temporary: bool = False) -> dict[str, Variable]:
    """The variables of a block, in order; `standard` replaces STANDARD in their lines."""
    if raw is None:
        return {}
    if not isinstance(raw, LocatedMap):
        part = "temporary" if temporary else "variables"
        problems.add(mark_of(raw), dataset, f"{part} must be a block (NAME: formula).", "spec-wrong-type")
        return {}
    return {str(name): variable(name, value, dataset, problems, standard, temporary=temporary) for name, value in raw.items()}


def _check(identity: str, raw: object, dataset: str, problems: Problems) -> Check | None:
    mark = mark_of(raw, mark_of(identity))
    subject = f"{dataset}.{identity}" if dataset else identity
    if isinstance(raw, LocatedList) and not raw:
        message = "The list of checks is empty, so nothing is checked. Write a check, or delete the line."
        problems.add(mark, subject, message, "spec-empty-check")
        return None
    block = raw if isinstance(raw, LocatedMap) else LocatedMap({LocatedStr.at("expect", mark): raw})
    severity = block.get("severity", "error")
    if severity not in ("error", "warning"):
        problems.add(mark_of(severity, mark), subject, f"severity must be error or warning, not '{severity}'.", "spec-wrong-value")
        return None
    empty = _allow_empty(block, subject, mark, problems)
    message = block.get("message", "")
    if not isinstance(message, str):
        problems.add(mark_of(message, mark), subject, "message must be a text.", "spec-wrong-type")
        return None
    rest = LocatedMap({key: value for key, value in block.items() if key not in ("severity", "allow_empty", "message")})
    rest.mark = block.mark if isinstance(raw, LocatedMap) else mark
    kinds = [key for key in rest if key not in ("where", "within")] if "expect" not in rest else ["expect"]
    if len(kinds) != 1:
        message = f"A check has one condition (expect:) or one check of the library, not {len(kinds)}. Give each check an id of its own."
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
    """The checks of a block. `off` removes a check of a layer below, or a generated check; it becomes a check of kind `off`.

    The argument of `off` is the check of the layer below, if there is one; only the suites can find out which checks are generated.
    """
    if raw is None:
        return ()
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), dataset, "checks must be a block (ID: check).", "spec-wrong-type")
        return ()
    found: list[Check | None] = []
    for identity, value in raw.items():
        if identity == "allow_empty":
            continue
        if value == "off":
            below = value.below if isinstance(value, RemovesLower) else None
            found.append(Check(id=str(identity), kind="off", arguments=below, dataset=dataset, mark=mark_of(identity)))
            continue
        entries = value if isinstance(value, LocatedList) and value else [value]
        found += [_check(identity, entry, dataset, problems) for entry in entries]
    valid = tuple(check for check in found if check is not None)
    if not _allow_empty(raw, dataset, raw.mark, problems):
        return valid
    return tuple(check.model_copy(update={"allow_empty": True}) for check in valid)


def _allow_empty(block: LocatedMap, subject: str, mark: Mark, problems: Problems) -> bool:
    """Whether a block has `allow_empty: true`; a value other than true or false is a problem."""
    value = block.get("allow_empty", False)
    if value not in (True, False):
        problems.add(mark_of(value, mark), subject, f"allow_empty must be true or false, not '{value}'.", "spec-wrong-value")
    return value is True
