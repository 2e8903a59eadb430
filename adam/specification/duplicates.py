"""Reports duplicate entries of lists and blocks: the second would be ignored, or would hide the first."""

from __future__ import annotations

from collections.abc import Mapping

from adam.core.errors import Mark
from adam.core.identifiers import LONGEST
from adam.core.located import LocatedList, LocatedMap, as_text, key_of, mark_of
from adam.core.problems import Problems

LISTS = ("ids", "key", "sort", "copy", "optional", "visits", "visit_of", "needs", "by", "within", "datasets")
"""The keys, in any block, of lists whose entries must differ."""


def check_duplicates(raw: object, subject: str, problems: Problems, default: Mark) -> None:
    """Report entries that a list has twice, in a block and in the blocks inside it."""
    entries = raw.items() if isinstance(raw, Mapping) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in entries:
        if key in LISTS and isinstance(value, LocatedList):
            _duplicates(str(key), value, subject, problems, default)
        check_duplicates(value, subject, problems, mark_of(value, default))


def _duplicates(key: str, items: LocatedList, subject: str, problems: Problems, default: Mark) -> None:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, LocatedMap | LocatedList) or item is None:
            continue
        text = str(as_text(item))
        if text in seen:
            message = f"{key} lists {text} twice. Delete one of them."
            problems.add(mark_of(item, mark_of(items, default)), subject, message, "spec-duplicate-entry")
        seen.add(text)


def check_numbers(raw: object, subject: str, problems: Problems) -> None:
    """Report a number that two names share, and a name that is not a valid value of a variable."""
    seen: dict[float, str] = {}
    if not isinstance(raw, LocatedMap):
        return
    for name, number in raw.items():
        if len(name.encode()) > LONGEST:
            message = f"The name has {len(name.encode())} bytes; a text has at most {LONGEST}. Shorten it."
            problems.add(key_of(raw, name), subject, message, "spec-out-of-range")
        if not name.isprintable():
            message = f"The name {name!r} has a tab, a line end or another character that is not printable. Delete it."
            problems.add(key_of(raw, name), subject, message, "spec-name")
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        if number in seen:
            message = f"Number {number:g} is already the number of '{seen[number]}'. Give '{name}' a number of its own."
            problems.add(mark_of(number, key_of(raw, name)), subject, message, "spec-duplicate-entry")
        seen.setdefault(number, name)


def check_names(names: Mapping[int, str], raw: object, subject: str, problems: Problems) -> None:
    """Report a name that two numbers share."""
    seen: dict[str, int] = {}
    for number, name in names.items():
        if name in seen and isinstance(raw, LocatedMap):
            message = f"'{name}' is already the name of number {seen[name]}. Give number {number} a name of its own."
            problems.add(key_of(raw, str(number)), subject, message, "spec-duplicate-entry")
        seen.setdefault(name, number)
