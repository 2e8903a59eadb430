"""Instruments: where the items of a questionnaire or a rating are collected, and how they are read and scored (LANGUAGE §5, DOMAIN §1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from adam.core.errors import NOWHERE, Mark, suggestion
from adam.core.kinds import ValueKind, fits
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.field import Expression
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Name
from adam.specification.located import LocatedMap
from adam.specification.models import AsWritten, Block
from adam.specification.problems import Problems, place

OTHERS = "others"


def _named(value: object) -> object:
    """A list of codes stands for names that are their own code."""
    return {str(code): code for code in value} if isinstance(value, list) else value


class Instrument(Block):
    """An instrument as the YAML says it.

    `items` maps the name of an item to its code; `text_items` the name of an item read as text to its responses, lowest first;
    `responses_of` the name of an item to its responses where they are not `responses`.
    """

    name: str
    label: AsWritten
    domain: AsWritten = Field(alias="from")
    where: Expression
    code: Expression = parse("SRC.TESTCD")
    items: Annotated[dict[str, AsWritten], BeforeValidator(_named)]
    text_items: dict[str, tuple[AsWritten, ...]] = {}
    responses: dict[str, float] = {}
    responses_of: dict[str, dict[str, float]] = {}
    range: dict[str, Annotated[tuple[float, ...], Field(min_length=2, max_length=3)]] = {}
    duplicates: Literal["highest", "latest"]
    formulas: dict[str, Expression] = {}
    sets: dict[str, tuple[AsWritten, ...]] = {}
    issues: dict[str, Expression] = {}
    mark: Mark = NOWHERE

    def limits(self, item: str) -> tuple[float, ...] | None:
        """Lowest, highest and (if said) step of an item."""
        return self.range.get(item, self.range.get(OTHERS))

    def code_of(self, name: str) -> str:
        """The code of an item; a code that is no item, such as that of a collected total, is its own."""
        return self.items.get(name, name)

    def reached(self, expr: Expr) -> set[str]:
        """The items an expression reads, through formulas and sets."""
        found: set[str] = set()
        for name in map(str, expr.names):
            if name in self.sets:
                for member in self.sets[name]:
                    found |= self.reached(self.formulas[member]) if member in self.formulas else {member}
            else:
                found |= self.reached(self.formulas[name]) if name in self.formulas else {name}
        return found


class Answers:
    """Names as the formulas of an instrument see them: items, and the formulas and sets that stand before."""

    def __init__(self, instrument: Instrument, formulas: Collection[str] | None = None) -> None:
        self.instrument = instrument
        known = instrument.formulas if formulas is None else formulas
        self.single = {**dict.fromkeys(instrument.items, ValueKind.NUMBER), **dict.fromkeys(instrument.text_items, ValueKind.TEXT)}
        self.single |= dict.fromkeys(known, ValueKind.NUMBER)
        self.sets = {name for name, members in instrument.sets.items() if set(members) <= set(self.single)}

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name.

        Raises:
            UnknownName: it is no item, formula or set of the instrument.
        """
        if str(name) in self.sets:
            return ValueKind.NUMBER
        if str(name) not in self.single:
            hint = suggestion(str(name), [*self.single, *self.sets])
            raise UnknownName(f"{self.instrument.name} has no item, formula or set {name}{hint}", "spec-unknown-item")
        return self.single[str(name)]

    def values(self, name: Name) -> None:
        """There are no lists here."""

    def terms(self, name: Name | None) -> None:
        """There are no codelists here."""


def instruments(raw: Mapping[str, Any], problems: Problems) -> dict[str, Instrument]:
    """The instruments of all layers, each checked by itself."""
    found = problems.named(Instrument, raw)
    for name, model in found.items():
        _check(model, raw[name], problems)
    return found


def _check(instrument: Instrument, raw: LocatedMap, problems: Problems) -> None:
    for where, message, code in (*_ranges(instrument), *_responses(instrument), *_names(instrument), *_twice(instrument)):
        problems.add(place(raw, where)[0], instrument.name, message, code)
    before: list[str] = []
    for name, expr in instrument.formulas.items():
        formula(expr, ValueKind.NUMBER, Answers(instrument, before), name, problems)
        before.append(name)
    for text, expr in instrument.issues.items():
        formula(expr, ValueKind.CONDITION, Answers(instrument), text, problems)


def formula(expr: Expr, wanted: ValueKind, scope: Answers, what: str, problems: Problems) -> None:
    """Note what is wrong with an expression of items."""
    kind, faults = kind_of(expr, scope)
    for fault in faults:
        problems.add(expr.place(fault.node), scope.instrument.name, f"{what}: {fault.message}", fault.code)
    if not faults and not fits(kind, wanted):
        problems.add(expr.mark, scope.instrument.name, f"{what} is {wanted.article}; {expr} is {kind.article}", "spec-wrong-kind")


def _ranges(instrument: Instrument) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for item, limits in instrument.range.items():
        if item != OTHERS and item not in instrument.items:
            yield ("range", item), f"no item '{item}'{suggestion(item, instrument.items)}", "spec-unknown-item"
        if limits[0] >= limits[1] or (len(limits) == 3 and limits[2] <= 0):
            yield ("range", item), f"range of {item} is lowest, highest and step; {list(limits)} is none", "spec-wrong-value"


def _responses(instrument: Instrument) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for item in instrument.responses_of:
        if item not in instrument.items:
            yield ("responses_of", item), f"no item '{item}'{suggestion(item, instrument.items)}", "spec-unknown-item"


def _names(instrument: Instrument) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for name, members in instrument.sets.items():
        known = [*instrument.items, *instrument.formulas]
        for member in members:
            if member not in known:
                yield ("sets", name), f"no item or formula '{member}'{suggestion(member, known)}", "spec-unknown-item"


def _twice(instrument: Instrument) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key in ("text_items", "formulas", "sets"):
        for name in getattr(instrument, key):
            others = [other for other in ("items", "text_items", "formulas", "sets") if other != key and name in getattr(instrument, other)]
            if others:
                yield (key, name), f"{name} is among {others[0]} already", "spec-twice"
