"""Names with places for digits, as the standard writes them: TRTxxP, PARCATyN, ANLzzFL, and `*` for any stem (`*FL`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

PLACES = {"xx": r"\d\d", "pp": r"(?!01)\d\d", "zz": r"\d\d", "y": r"[1-9]\d?", "w": r"[1-9]", "--": r"[A-Z][A-Z0-9]", "*": r"[A-Z0-9_]+"}
"""The text that a place matches; pp is a period after the first, -- a domain."""
PLACE = re.compile(r"xx|pp|zz|y|w|--|\*")
WORD = re.compile(r"\*?[A-Z][A-Za-z0-9_]*|\"[^\"]*\"")
Digits = Mapping[str, str]


class Pair(BaseModel):
    """A primary variable and its secondary one (xxxN, xxxC).

    `within`: their values go together within a value of this one; `may_lack`: the secondary may be missing beside the primary.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    of: tuple[str, str]
    within: str = ""
    may_lack: bool = False


@lru_cache(maxsize=4096)
def pattern(name: str) -> re.Pattern[str]:
    """Return the names a pattern matches."""
    return re.compile(PLACE.sub(lambda place: f"(?P<{_group(place.group())}>{PLACES[place.group()]})", name))


def _group(place: str) -> str:
    return {"*": "any", "--": "domain"}.get(place, place)


def matches(name: str, known: Collection[str], but: Iterable[str] = ()) -> Iterator[tuple[str, Digits]]:
    """Yield the known names a pattern matches, with the text at its places; `but` are patterns of names to skip.

    >>> list(matches("TRTxxAN", ["TRT01A", "TRT01AN"]))
    [('TRT01AN', {'xx': '01'})]
    >>> [found for found, _ in matches("*TM", ["ASTTM", "ASTDTM"], but=["*DTM"])]
    ['ASTTM']
    """
    others = [pattern(each) for each in but]
    if not has_place(name):
        if name in known and not any(other.fullmatch(name) for other in others):
            yield name, {}
        return
    wanted = pattern(name)
    for each in known:
        match = wanted.fullmatch(each)
        if match and not any(other.fullmatch(each) for other in others):
            yield each, match.groupdict()


def fill_places(name: str, digits: Digits) -> str:
    """Return a pattern with its places filled; a place without digits is unchanged.

    >>> fill_places("TRxxPGyN", {"xx": "01"})
    'TR01PGyN'
    """
    return PLACE.sub(lambda place: digits.get(_group(place.group()), place.group()), name)


def fill_condition(text: str, digits: Digits) -> str:
    """Return a condition with the places of its names filled; keywords and quoted texts are unchanged.

    >>> fill_condition('MCRITyML != "" and not missing(MCRITy)', {"y": "2"})
    'MCRIT2ML != "" and not missing(MCRIT2)'
    """
    return WORD.sub(lambda word: word.group() if word.group()[0] == '"' else fill_places(word.group(), digits), text)


@lru_cache(maxsize=4096)
def has_place(name: str) -> bool:
    """Return whether a name has a place that is not filled."""
    return PLACE.search(name) is not None
