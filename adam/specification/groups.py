"""Groups of variables in `variables:`: `core: ADSL`, `all: [ADSL, {from: AE, except: [...]}]`, `queries: {table: QUERIES}`.

The plan makes variables of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from adam.core.block import AsWritten, Block
from adam.core.errors import NOWHERE, Mark
from adam.core.located import LocatedList, LocatedMap, key_of, mark_of
from adam.core.problems import Problems

CORE, ALL, QUERIES = "core", "all", "queries"
GROUPS = (CORE, ALL, QUERIES)
"""The keys of groups; in small letters, so that no variable has such a name."""
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
LITERAL = re.compile(r'"[^"]*"')
PROSE = ("label", "title", "description", "text", "comment", "method", "reason", "message", "term", "terms", "purpose", "structure", "dictionary")
"""Keys whose values are texts for readers, not formulas."""


class Taken(Block):
    """What a group takes: variables of a dataset or a domain, without those of `except`."""

    owner: AsWritten
    without: tuple[AsWritten, ...] = ()
    mark: Mark = NOWHERE
    marks: tuple[Mark, ...] = ()


class VariableGroup(Block):
    """A group of variables. `before` is the number of variables of the dataset that are written before it; `table` has the queries."""

    kind: str
    taken: tuple[Taken, ...] = ()
    table: AsWritten = ""
    before: int
    mark: Mark = NOWHERE


def split(raw: object, dataset: str, problems: Problems) -> tuple[object, tuple[VariableGroup, ...]]:
    """The lines of `variables:` that are variables, and the groups among them."""
    if not isinstance(raw, LocatedMap) or not any(key in raw for key in GROUPS):
        return raw, ()
    rest = LocatedMap.at({key: value for key, value in raw.items() if key not in GROUPS}, raw.mark)
    groups, before = [], 0
    for key, value in raw.items():
        if key not in GROUPS:
            before += 1
            continue
        if key == QUERIES:
            groups.append(
                VariableGroup(kind=QUERIES, table=_table(value, mark_of(key), f"{dataset}.{key}", problems), before=before, mark=mark_of(key))
            )
            continue
        found = tuple(_entries(key, value, f"{dataset}.{key}", problems))
        groups.append(VariableGroup(kind=str(key), taken=found, before=before, mark=mark_of(key)))
    return rest, tuple(groups)


def _table(value: object, mark: Mark, subject: str, problems: Problems) -> str:
    """The table of `queries: {table: QUERIES}`; blank, and a problem, if it is written in another way."""
    if isinstance(value, LocatedMap) and list(value) == ["table"] and isinstance(value["table"], str):
        return str(value["table"])
    problems.add(mark_of(value, mark), subject, "queries: must be a block with the table of the queries. Write {table: QUERIES}.", "spec-wrong-type")
    return ""


def _entries(key: str, value: object, subject: str, problems: Problems) -> Iterator[Taken]:
    expected = "the name of the dataset with one record per subject" if key == CORE else "a list such as [ADSL, {from: AE, except: [AESPID]}]"
    entries = value if isinstance(value, LocatedList) and key == ALL else [value]
    for entry in entries:
        if isinstance(entry, LocatedMap) and key == ALL:
            yield from _block(entry, subject, problems)
        elif isinstance(entry, str):
            yield Taken(owner=str(entry), mark=mark_of(entry, mark_of(key)))
        else:
            problems.add(mark_of(entry, mark_of(key)), subject, f"{key}: must be {expected}.", "spec-wrong-type")


def _block(entry: LocatedMap, subject: str, problems: Problems) -> Iterator[Taken]:
    """An entry `{from: AE, except: [...]}`."""
    for name in [name for name in entry if name not in ("from", "except")]:
        problems.add(mark_of(name), subject, f"Unknown key '{name}'. An entry of all: has from: and except:.", "spec-unknown-key")
    owner, without = entry.get("from"), entry.get("except", LocatedList())
    if not isinstance(owner, str):
        problems.add(key_of(entry, "from"), subject, "from must be the name of a dataset or a domain. Write {from: AE}.", "spec-missing-key")
    elif not isinstance(without, LocatedList) or not all(isinstance(name, str) for name in without):
        problems.add(key_of(entry, "except"), subject, "except must be a list of variables. Write except: [AESPID].", "spec-wrong-type")
    else:
        names, marks = tuple(map(str, without)), tuple(map(mark_of, without))
        yield Taken(owner=str(owner), without=names, mark=mark_of(owner), marks=marks)


def core_variables(raw: object, problems: Problems) -> tuple[tuple[str, Mark], ...]:
    """The list `core_variables:` of study.yaml, each name with its place."""
    if raw is None:
        return ()
    if not isinstance(raw, LocatedList) or not all(isinstance(name, str) for name in raw):
        problems.add(mark_of(raw), "", "core_variables must be a list of names. Write core_variables: [AGE, SEX].", "spec-wrong-type")
        return ()
    found: dict[str, Mark] = {}
    for name in raw:
        if name in found:
            problems.add(mark_of(name), "", f"{name} is listed twice in core_variables. Delete one of them.", "spec-duplicate-entry")
        found.setdefault(str(name), mark_of(name))
    return tuple(found.items())


def mentioned(*trees: object) -> frozenset[str]:
    """The names in the formulas, lists and keys of some blocks: those that a specification can mean before the header of a file is known."""
    return frozenset(name for tree in trees for name in _names(tree))


def _names(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in PROSE:
                yield from NAME.findall(key)
                yield from _names(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _names(value)
    elif isinstance(tree, str):
        yield from NAME.findall(LITERAL.sub("", tree))
