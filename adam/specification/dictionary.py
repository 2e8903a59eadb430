"""The dictionary of variables: which entry is for a name. `xx`, `zz`, `y` and `w` are digits of a name, `--` is the two letters of a domain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from adam.specification.models import Attributes, DictionaryEntry

PLACES = {"--": "[A-Z][A-Z0-9]", "xx": r"(?P<xx>\d\d)", "zz": r"(?P<zz>\d\d)", "y": r"(?P<y>[1-9])", "w": r"(?P<w>[1-9])"}
PLACE = re.compile("|".join(PLACES))
ANY = "ANY"
"""The section of the dictionary that every class inherits."""

Dictionary = Mapping[str, Mapping[str, Attributes]]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(PLACE.sub(lambda place: PLACES[place.group()], pattern))


def digits_of(pattern: str, name: str) -> dict[str, str] | None:
    """The digits of a name at the places of a pattern; None if the name is not of the pattern.

    >>> digits_of("CRITyFL", "CRIT2FL"), digits_of("CRITyFL", "CRITFL")
    ({'y': '2'}, None)
    """
    match = _regex(pattern).fullmatch(name)
    return match.groupdict() if match else None


def _with_digits(label: str, digits: Mapping[str, str]) -> str:
    return re.sub(r"\b(xx|zz|y|w)\b", lambda place: digits.get(place.group(), place.group()), label)


def entry_of(dictionary: Dictionary, class_: str, name: str) -> DictionaryEntry | None:
    """What a dictionary holds for a variable, with the digits of its name in the label.

    An entry of the class replaces single attributes of one under ANY, an entry with the whole name those of a pattern.
    """
    found: dict[str, object] = {}
    digits: dict[str, str] = {}
    for section in (ANY, class_):
        entries = dictionary.get(section, {})
        matches = [(pattern, match) for pattern in entries if pattern != name and (match := digits_of(pattern, name)) is not None]
        for pattern, match in [*matches, *([(name, {})] if name in entries else [])]:
            entry = entries[pattern]
            attributes = {key: getattr(entry, key) for key in entry.model_fields_set}
            if match and "label" in attributes:
                attributes["label"] = _with_digits(attributes["label"], match)
            found |= attributes
            digits |= match
    return DictionaryEntry.model_validate({**found, "digits": digits}) if found else None
