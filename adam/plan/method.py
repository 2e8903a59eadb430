"""Method texts: what is done, in words made of a formula, for a reader who knows neither the language nor this program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from adam.catalog.derivations import DERIVATIONS
from adam.expressions.tree import Call, Expr, Literal, Missing, Name

if TYPE_CHECKING:
    from pydantic import BaseModel

    from adam.plan.formulas import ResolvedFormula

PLAIN = re.compile(r"[A-Za-z0-9_.]+")
BLANK = "blank"
CALLS = {"codelist_number": "The number of the term of {} in its codelist.", "codelist_term": "The term of the codelist whose number is {}."}
"""Calls that are the whole of a formula, in words."""
NAMED = {"domain": "from"}
"""Arguments that are written by another name."""
BARE = ("branches",)
"""Arguments that say themselves what they are."""


def method_text(program: ResolvedFormula | None) -> str:
    """What is done, in words made of the formula: for Define-XML where the specification says no `method:`."""
    if program is None or program.special:
        return ""
    where = f", where {program.where}" if program.where is not None else ""
    if program.expr is not None:
        return _expression(program.expr, where)
    given = f" ({parts})" if (parts := "; ".join(_arguments(program.arguments))) else ""
    return f"{plain(DERIVATIONS[program.derivation].summary)} {program.derivation}{given}{where}"


def made_text(name: str, summary: str, arguments: BaseModel) -> str:
    """How records of a parameter come about: the words of the kind, its name and the arguments that say something."""
    return f"{plain(summary)}. {name} ({'; '.join(_arguments(arguments))})."


def plain(text: str) -> str:
    """A text in which the signs that set code apart are quotes.

    >>> plain("a number of `at` belongs to the class above it")
    'a number of "at" belongs to the class above it'
    """
    return text.replace("`", '"')


def _expression(expr: Expr, where: str) -> str:
    root = expr.root
    if isinstance(root, Missing):
        return "Always missing."
    if isinstance(root, Literal) and root.value == "":
        return "Always blank."
    if isinstance(root, Name):
        return f"Equal to {root}{where}"
    words = CALLS.get(root.function) if isinstance(root, Call) and len(root.arguments) == 1 else None
    return words.format(root.arguments[0]).rstrip(".") + f"{where or '.'}" if words and isinstance(root, Call) else f"{expr}{where}"


def _arguments(arguments: BaseModel | None) -> Iterator[str]:
    """Each argument that says something: not left out, not what it is by default, not empty."""
    fields = type(arguments).model_fields if arguments is not None else {}
    for key, field in fields.items():
        value = getattr(arguments, key)
        if value is None or value == field.default or _empty(value):
            continue
        yield said(value) if key in BARE else f"{NAMED.get(key, key)}: {said(value)}"


def _empty(value: object) -> bool:
    return isinstance(value, list | tuple | dict) and not value


def said(value: object) -> str:
    """An argument as a method text shows it: no sign of Python, blank text as a word, whole numbers without a point.

    >>> said([12.0, 0.5, "", "12-17", "Other", " / "]), said({"WHITE": "White", "": "Other"}), said(True)
    ('12, 0.5, blank, "12-17", Other, " / "', '"WHITE" as "White", blank as "Other"', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return BLANK if value == "" else str(value) if PLAIN.fullmatch(value) else f'"{value}"'
    if isinstance(value, Mapping):
        return ", ".join(f"{_quoted(key)} as {_quoted(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        several = any(hasattr(type(item), "model_fields") for item in value)
        return ("; " if several else ", ").join(said(item) for item in value)
    if hasattr(type(value), "model_fields"):
        return _model(value)
    name = getattr(value, "name", None)
    if name is not None and hasattr(value, "descending"):
        missing_last = getattr(value, "missing_last", False)
        return f"{name} descending" if value.descending else f"{name} with missing last" if missing_last else str(name)
    return BLANK if str(value) == '""' else str(value)


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and value else said(value)


def _model(value: object) -> str:
    """An argument of several parts; one with a condition is what it gives, and when."""
    fields = type(value).model_fields  # type: ignore[attr-defined]
    known = {key: part for key in fields if (part := getattr(value, key)) is not None and not _empty(part)}
    if list(known) == ["otherwise"]:
        return said(known["otherwise"])
    if "when" not in fields:
        return ", ".join(f"{key} {said(part)}" for key, part in known.items())
    when = known.pop("when", None)
    gives = ", ".join(f"refused as {_quoted(part)}" if key == "error" else _quoted(part) for key, part in known.items())
    return f"{gives} when {when}" if when is not None else f"otherwise {gives}"
