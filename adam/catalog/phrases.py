"""The phrases of method texts: verbs of comparisons, and the phrases of functions that need more than a pattern.

Every function of expressions has a phrase: in its definition, or here if the text depends on the kinds or the number of its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from adam.core.kinds import ValueKind
from adam.expressions.clinical_functions import FORMULAS
from adam.expressions.tree import Call, Name, Node

if TYPE_CHECKING:
    from adam.catalog.prose import Prose

PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
"""How tightly an operator binds."""
DATED = frozenset({ValueKind.DATE, ValueKind.DATETIME, ValueKind.TIME})
NUMERIC = {"<": "is less than", "<=": "is at most", ">": "is greater than", ">=": "is at least"}
LATER = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}
"""The comparisons of dates and times."""
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}

Phrase = Callable[["Prose", tuple[Node, ...]], str]


def _if_else(prose: Prose, arguments: tuple[Node, ...]) -> str:
    condition, *values = arguments
    shown = [*(prose.inner(each) for each in values), prose.nothing]
    return f"{shown[0]} if {prose.condition(condition)}; otherwise {shown[1]}"


def _coalesce(prose: Prose, arguments: tuple[Node, ...]) -> str:
    return ", or if that is missing, ".join(prose.inner(each) for each in arguments)


def _extreme(numbers: tuple[str, str], dates: tuple[str, str]) -> Phrase:
    """The lower of two values, the lowest of more; the earlier and the earliest of dates."""

    def phrase(prose: Prose, arguments: tuple[Node, ...]) -> str:
        texts = [prose.inner(each) for each in arguments]
        kinds = {prose.kind_of(each) for each in arguments} - {ValueKind.ANY}
        of_two, of_more = dates if DATED & (kinds or {prose.kind}) else numbers
        if len(texts) == 1:
            return f"the {of_more} {texts[0]}"
        return f"the {of_two if len(texts) == 2 else of_more} of {', '.join(texts[:-1])} and {texts[-1]}"

    return phrase


def _round(prose: Prose, arguments: tuple[Node, ...]) -> str:
    decimals = int(float(prose.plain(arguments[1]))) if len(arguments) > 1 else 0
    places = f"{decimals} decimal{'s' if decimals != 1 else ''}" if decimals else "a whole number"
    return f"{prose.plain(arguments[0])}, rounded to {places}"


def _scan(prose: Prose, arguments: tuple[Node, ...]) -> str:
    text, number, separator = arguments
    place = int(float(prose.plain(number)))
    which = f"the {ORDINALS[place]} part" if place in ORDINALS else f"part {place}"
    return f"{which} of {prose.inner(text)} split at {prose.plain(separator)}"


def _substr(prose: Prose, arguments: tuple[Node, ...]) -> str:
    text, start, *count = (prose.inner(each) for each in arguments)
    if count and start == "1":
        return f"the first {count[0]} character{'s' if count[0] != '1' else ''} of {text}"
    return f"{f'the {count[0]} characters' if count else 'the characters'} of {text} from position {start}"


def _surface(prose: Prose, arguments: tuple[Node, ...]) -> str:
    height, weight, formula = (prose.plain(each).strip('"') for each in arguments)
    return f"the body surface area in m2 by {formula}, {FORMULAS.get(formula, '')}, of the height {height} in cm and the weight {weight} in kg"


def _number_of_term(prose: Prose, arguments: tuple[Node, ...]) -> str:
    name = arguments[0]
    known = prose.terms.get(name) if isinstance(name, Name) else None
    listed = ", ".join(f"{number:g} is {prose.term(term)}" for term, number in (known or {}).items())
    return f"the number of {prose.inner(name)} in its codelist{f' ({listed})' if known and len(known) <= LISTED_TERMS else ''}"


def _term_of_number(prose: Prose, arguments: tuple[Node, ...]) -> str:
    return f"the term of its codelist whose number is {prose.inner(arguments[0])}"


def coded(prose: Prose, node: Node) -> str:
    """A formula that is only the number of a term, or the term of a number, written out; blank for any other formula."""
    if not isinstance(node, Call) or node.function not in ("codelist_number", "codelist_term"):
        return ""
    of = node.arguments[0]
    known = prose.terms.get(of if node.function == "codelist_number" and isinstance(of, Name) else None) or {}
    if not 0 < len(known) <= LISTED_TERMS:
        return ""
    if node.function == "codelist_number":
        return "; ".join(f"{number:g} if {prose.inner(of)} is {prose.term(term)}" for term, number in known.items())
    return "; ".join(f"{prose.term(term)} if {prose.inner(of)} is {number:g}" for term, number in known.items())


OF_RECORDS: dict[str, Phrase] = {
    "n": lambda prose, arguments: f"the number of non-missing values of {prose.inner(arguments[0])}",
    "nmiss": lambda prose, arguments: f"the number of missing values of {prose.inner(arguments[0])}",
    "median": lambda prose, arguments: f"the median of {prose.inner(arguments[0])}",
    "sd": lambda prose, arguments: f"the standard deviation of {prose.inner(arguments[0])}",
    "first": lambda prose, arguments: f"the first {prose.inner(arguments[0])}",
    "last": lambda prose, arguments: f"the last {prose.inner(arguments[0])}",
    "exists": lambda prose, arguments: f"there is a record where {prose.condition(arguments[0])}",
}
"""Aggregates over the records of a group, which have one argument."""
LISTED_TERMS = 12
"""The codelists with at most so many terms are written out in the text."""
SPECIAL: dict[str, Phrase] = {
    "if_else": _if_else,
    "coalesce": _coalesce,
    "min": _extreme(("lower", "lowest"), ("earlier", "earliest")),
    "max": _extreme(("higher", "highest"), ("later", "latest")),
    "round": _round,
    "scan": _scan,
    "concat": lambda prose, arguments: " followed by ".join(prose.inner(each) for each in arguments),
    "substr": _substr,
    "codelist_number": _number_of_term,
    "codelist_term": _term_of_number,
    "bsa": _surface,
    "between": lambda prose, arguments: "{} is from {} to {}".format(*(prose.inner(each) for each in arguments)),
}
