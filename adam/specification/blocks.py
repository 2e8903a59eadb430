"""The small blocks of study.yaml: its name, its constants, and the names of its periods and phases."""

from __future__ import annotations

import re
from typing import Any

from adam.core.errors import Mark
from adam.core.located import LocatedList, LocatedMap, as_text, key_of, mark_of, shortened
from adam.core.problems import Problems
from adam.specification.duplicates import check_names

NUMBERED = re.compile(r"0|[1-9][0-9]?")
"""A number of a period or phase: APxxSDT has two digits for it."""


def study_name(raw: object, place: Mark, problems: Problems) -> str:
    """The name of the study; a problem if it is not a text."""
    name = as_text(raw)
    if not isinstance(name, str) or not name:
        message = f"The name of the study {'has no value' if raw is None else 'is not a text'}. Write it as text: study: ABC-123."
        problems.add(mark_of(raw, place), "", message, "spec-wrong-type")
    return str(name)


def constants(block: LocatedMap, problems: Problems) -> dict[str, Any]:
    """The constants of the study: each is a text, a number, a list of these, or a block of names with these."""
    for name, value in block.items():
        entries = [*value.values()] if isinstance(value, LocatedMap) else value if isinstance(value, LocatedList) else [value]
        if not entries or any(not isinstance(entry, str | int | float) or isinstance(entry, bool) for entry in entries):
            message = f"Constant {name} must be a text, a number, a list of these, or a block of NAME: value."
            problems.add(mark_of(value, key_of(block, name)), "constants", message, "spec-wrong-type")
    return {str(name): _plain(value) for name, value in block.items()}


def _plain(value: object) -> Any:  # noqa: ANN401  (constants can be anything)
    """A value of the YAML without its places."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return tuple(_plain(entry) for entry in value)
    return str(value) if isinstance(value, str) else value


def numbered(block: LocatedMap, subject: str, problems: Problems) -> dict[int, str]:
    """The names of periods or phases by number. Each number and each name is unique."""
    found: dict[int, str] = {}
    for key, value in block.items():
        if not NUMBERED.fullmatch(key):
            message = f"'{shortened(key)}' is not a valid number. Write NUMBER: name, with a number from 0 to 99 without leading zeros."
            problems.add(mark_of(key), subject, message, "spec-wrong-type")
        elif not isinstance(value, str) or not value:
            problems.add(mark_of(value, mark_of(key)), subject, f"The name of number {key} must be a text.", "spec-wrong-type")
        else:
            found[int(key)] = str(value)
    check_names(found, block, subject, problems)
    return found
