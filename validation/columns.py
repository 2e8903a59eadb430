"""Which variables a rule reads, by the types of its arguments and by what its check declares; and records with only these variables.

A check across subjects is run with no other variable, so what is missing here is an error of the rule, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from adam.core.stored import StoredRecords
from adam.expressions.tree import Expr
from validation.argument_types import CountOf, OrderKey, Role
from validation.contracts import domains_of
from validation.findings import NAME
from validation.records import SUBJECT, SUBJECTS, Records, sequence, subject_level
from validation.rule import Rule, Suite

Stored = Mapping[str, StoredRecords]
Read = Iterator[tuple[str, str]]
"""Variables, each with its dataset or domain."""
ORIGIN = ("SRCDOM", "SRCSEQ")


class NarrowFrame(pd.DataFrame):
    """Some variables of a dataset. A check that looks for one that was not read fails; otherwise it would pass without it."""

    _metadata = ("left_out",)

    def __contains__(self, key: object) -> bool:
        """Whether there is a column.

        Raises:
            LookupError: the dataset has it, but it was not read.
        """
        found = super().__contains__(key)
        if not found and key in getattr(self, "left_out", ()):
            raise LookupError(f"the check does not declare that it reads {key}")
        return found


def narrow_records(suite: Suite, wanted: Iterable[tuple[str, str]], datasets: Stored, sources: Stored) -> Records:
    """Return the records of all subjects with only these variables; one that the data lack is left out."""
    names: dict[str, dict[str, None]] = {suite.dataset.name: {}}
    for owner, name in wanted:
        names.setdefault(owner, {})[name] = None
    frames, collected = (
        {owner: narrow_frame(stored[owner], each) for owner, each in names.items() if owner in stored} for stored in (datasets, sources)
    )
    return suite.records(frames, collected)


def narrow_frame(stored: StoredRecords, names: Iterable[str]) -> pd.DataFrame:
    """Return some variables of the records of all subjects."""
    known = [name for name in stored.columns if name in set(names)]
    frame = NarrowFrame(stored.read(known), copy=False)
    frame.left_out = frozenset(stored.columns) - set(known)
    return frame


def read_by(suite: Suite, rule: Rule) -> set[tuple[str, str]]:
    """Return the variables a rule reads."""
    found = set(rule.check.across.reads(suite, rule.arguments)) if rule.check.across is not None and rule.check.across.reads is not None else set()
    for name, role in rule.check.roles.items():
        value = getattr(rule.arguments, name, None)
        if value is not None:
            found |= set(_named(suite, rule, role, value))
    return found


def shown_by(suite: Suite, rule: Rule) -> set[tuple[str, str]]:
    """Return the variables that the findings of a rule show, and those that decide which waiver explains a record."""
    own = suite.dataset.name
    found = {(own, name) for name in [*SUBJECT, *suite.dataset.key, *(key for waiver in suite.study.waivers for key in waiver.keys)]}
    for text in NAME.findall(rule.names):
        found |= set(_of_name(suite, tuple(text.split("."))))
    return found


def all_variables(datasets: Stored, sources: Stored) -> set[tuple[str, str]]:
    """Return every variable of the datasets and domains."""
    return {(owner, name) for stored in (datasets, sources) for owner, each in stored.items() for name in each.columns}


def _named(suite: Suite, rule: Rule, role: Role, value: Any) -> Read:  # noqa: ANN401, C901  (one line for each type of argument)
    own = suite.dataset.name
    match role:
        case Role.CONDITION | Role.VALUES:
            yield from (each for expr in _listed(value) for each in _of_expression(suite, expr))
        case Role.VARIABLE | Role.ORDER:
            yield from ((own, each.name if isinstance(each, OrderKey) else each) for each in _listed(value))
        case Role.SUBJECTS:
            yield from _of_subjects(suite, value)
        case Role.DOMAIN:
            yield from ((value, name) for name in [*SUBJECT, sequence(value), *_listed(getattr(rule.arguments, "key", []))])
        case Role.COLLECTED | Role.COLLECTED_VALUE:
            domain = str(getattr(rule.arguments, "as"))  # noqa: B009  (a word of Python)
            yield from ((domain, name) for each in value.names for name in (each.last, f"{domain[:2]}{each.last}"))
        case Role.PARAMETER | Role.SOURCE_PARAMETER | Role.CODES:
            yield from ((own, name) for name in (*SUBJECT, "PARAMCD", "AVAL"))
        case Role.COMBINATIONS:
            yield from ((own, name) for name in (*SUBJECT, *value))
        case Role.COUNTS:
            yield from (each for count in value.values() for each in _of_count(suite, count, str(getattr(rule.arguments, "by", ""))))
        case Role.SIDES:
            for side in (side for pair in value for side in pair):
                dataset, *code, variable = side.split(".")
                yield from ((dataset, name) for name in (*SUBJECT, variable, *(["PARAMCD"] if code else [])))


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _of_expression(suite: Suite, expr: Expr) -> Read:
    for name in expr.names:
        yield from _of_name(suite, name.parts)


def _of_name(suite: Suite, parts: tuple[str, ...]) -> Read:
    """What a name reads: X, ADSL.X of the subject, DM.X, and AE.X or SRC.X of the source record."""
    own, owner, last = suite.dataset.name, parts[0] if len(parts) > 1 else "", parts[-1]
    if owner == "STUDY":
        return
    if owner in ("", own):
        yield own, last
        return
    yield from ((own, name) for name in SUBJECT)
    if owner in suite.study.datasets or owner == SUBJECTS:
        yield from ((owner, name) for name in (*SUBJECT, last))
        return
    domains = tuple(dict.fromkeys([*domains_of(suite.dataset), *suite.reads])) if owner == "SRC" else (owner,)
    for domain in domains:
        yield from ((own, name) for name in (*ORIGIN, sequence(domain)))
        yield from ((domain, name) for name in (*SUBJECT, sequence(domain), "ASEQ", last, f"{domain[:2]}{last}"))


def _of_subjects(suite: Suite, expr: Expr) -> Read:
    subjects = subject_level(suite.datasets or {suite.dataset.name: suite.dataset})
    yield from ((subjects, name) for name in SUBJECT)
    yield from ((each.owner if each.owner in suite.study.datasets else subjects, each.last) for each in expr.names if each.owner != "STUDY")


def _of_count(suite: Suite, each: CountOf, by: str) -> Read:
    yield from ((each.dataset, name) for name in SUBJECT)
    for name in each.where.names if each.where is not None else ():
        yield from ((name.owner or each.dataset, each_name) for each_name in (*SUBJECT, name.last) if name.owner != "STUDY")
    if by:
        subjects = subject_level(suite.datasets or {suite.dataset.name: suite.dataset})
        yield each.dataset, by
        yield from ((subjects, name) for name in (*SUBJECT, by))
