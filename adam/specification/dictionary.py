"""The dictionary of variables: which entry is for a name.

`xx`, `zz`, `y` and `w` are digits of a name, `--` is the two letters of a domain, `*` is any stem before a suffix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from adam.specification.models import Attributes, DictionaryEntry

PLACES = {
    "--": "[A-Z][A-Z0-9]",
    "*": "[A-Z][A-Z0-9_]*",
    "xx": r"(?P<xx>\d\d)",
    "zz": r"(?P<zz>\d\d)",
    "y": r"(?P<y>[1-9]\d?)",
    "w": r"(?P<w>[1-9])",
}
PLACE = re.compile("|".join(map(re.escape, PLACES)))
ANY = "ANY"
"""The section of the dictionary that every class inherits."""
SDTM = "SDTM"
"""The section of the labels of collected variables, which hold where nothing else has a label."""

Dictionary = Mapping[str, Mapping[str, Attributes]]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(PLACE.sub(lambda place: PLACES[place.group()], pattern))


def digits_of(pattern: str, name: str) -> dict[str, str] | None:
    """The digits of a name at the places of a pattern; None if the name is not of the pattern.

    >>> digits_of("CRITyFL", "CRIT2FL"), digits_of("CRITyFL", "CRITFL"), digits_of("*DTM", "RESPDTM")
    ({'y': '2'}, None, {})
    """
    match = _regex(pattern).fullmatch(name)
    return match.groupdict() if match else None


@lru_cache(maxsize=64)
def _ends(patterns: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Each pattern, the text before its first place and that after its last one: a name without them is not of the pattern."""
    parts = [PLACE.split(pattern) for pattern in patterns]
    return tuple((pattern, each[0], each[-1]) for pattern, each in zip(patterns, parts, strict=True))


@lru_cache(maxsize=16384)
def _matches(patterns: tuple[str, ...], name: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """The patterns of a section that a name is of, each with its digits: suffixes first, then other patterns, then the name itself."""
    near = [pattern for pattern, start, end in _ends(patterns) if name.startswith(start) and name.endswith(end) and pattern != name]
    found = [(pattern, match) for pattern in near if (match := digits_of(pattern, name)) is not None]
    found.sort(key=lambda each: not each[0].startswith("*"))
    return (*found, *([(name, {})] if name in patterns else []))


def _with_digits(label: str, digits: Mapping[str, str]) -> str:
    return re.sub(r"\b(xx|zz|y|w)\b", lambda place: digits.get(place.group(), place.group()), label)


def entry_of(dictionary: Dictionary, class_: str, name: str, subclass: str = "") -> DictionaryEntry | None:
    """What a dictionary holds for a variable, with the digits of its name in the label.

    An entry of the class replaces single attributes of one under ANY, an entry of the subclass those of the class, an entry with the
    whole name those of a pattern, and any other pattern those of a suffix.
    """
    return _entry(dictionary, (ANY, class_, subclass), name)


def label_of_sdtm(dictionary: Dictionary, name: str) -> str:
    """The label that SDTM gives to a collected variable; blank if it is not known."""
    entry = _entry(dictionary, (SDTM,), name)
    return entry.label if entry is not None else ""


def _entry(dictionary: Dictionary, sections: tuple[str, ...], name: str) -> DictionaryEntry | None:
    found: dict[str, object] = {}
    digits: dict[str, str] = {}
    for section in sections:
        entries = dictionary.get(section, {})
        for pattern, match in _matches(tuple(entries), name):
            entry = entries[pattern]
            attributes = {key: getattr(entry, key) for key in entry.model_fields_set}
            if match and "label" in attributes:
                attributes["label"] = _with_digits(attributes["label"], match)
            found |= attributes
            digits |= match
    return DictionaryEntry.model_validate({**found, "digits": digits}) if found else None
