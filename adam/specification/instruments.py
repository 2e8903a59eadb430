"""Instruments: where the items of a questionnaire or rating are collected, how they are read, and how they are scored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.kinds import ValueKind, is_compatible
from adam.core.located import LocatedList, LocatedMap, LocatedStr, as_text, mark_of
from adam.core.problems import Problems, place
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.field import Expression
from adam.expressions.parse import parse
from adam.expressions.possible import shown
from adam.expressions.tree import Expr, Name
from adam.specification.models import AsWritten, Block

Limits = tuple[float, ...]
"""The lowest and the highest value of an item and, where there is a third number, the step between its values."""
PLACES = ("items", "formulas", "sets")
"""The blocks of an instrument whose names its formulas can use."""


def _responses(value: object) -> dict[str, float] | tuple[str, ...]:
    """The responses of an item: the number of each text, or the texts themselves, lowest first, of an item that is read as text."""
    if isinstance(value, list) and value and all(isinstance(as_text(text), str) for text in value):
        return tuple(str(as_text(text)) for text in value)
    if isinstance(value, dict) and all(isinstance(number, int | float) and not isinstance(number, bool) for number in value.values()):
        return {str(text): float(number) for text, number in value.items()}
    message = "Expected the number of each text, {YES: 1, NO: 0}, or, for an item that is read as text, a list of texts, lowest first: [NO, YES]."
    raise PydanticCustomError("responses", "{message}", {"message": message, "code": "spec-wrong-type"})


Responses = Annotated[dict[str, float] | tuple[str, ...], PlainValidator(_responses)]


class ItemDefaults(Block):
    """How the items of an instrument are read that have no `range` or `responses` of their own."""

    range: Annotated[Limits, Field(min_length=2, max_length=3)] | None = None
    responses: dict[str, float] = {}


class Item(Block):
    """One item: its code in the data if that is not its name, its range and its responses."""

    code: AsWritten | None = None
    range: Annotated[Limits, Field(min_length=2, max_length=3)] | None = None
    responses: Responses | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The responses of an item that is read as text, lowest first; none of an item that is read as a number."""
        return self.responses if isinstance(self.responses, tuple) else ()


class Instrument(Block):
    """An instrument as written: the records it is collected in, its items, and the formulas and sets that scores are made of."""

    name: str
    label: AsWritten
    domain: AsWritten = Field(alias="from")
    where: Expression
    code: Expression = parse("SRC.TESTCD")
    defaults: ItemDefaults = ItemDefaults()
    items: dict[str, Item]
    duplicates: Literal["highest", "latest"]
    formulas: dict[str, Expression] = {}
    sets: dict[str, tuple[AsWritten, ...]] = {}
    issues: dict[str, Expression] = {}
    mark: Mark = NOWHERE

    def texts(self, name: str) -> tuple[str, ...]:
        """The responses of an item that is read as text, lowest first; none of another item or name."""
        return self.items[name].texts if name in self.items else ()

    def limits(self, name: str) -> Limits | None:
        """The lowest value, the highest value and, if there is one, the step of an item that is read as a number."""
        item = self.items[name]
        return None if item.texts else item.range or self.defaults.range

    def responses(self, name: str) -> Mapping[str, float]:
        """The number of each response of an item; none of an item that is read as text."""
        own = self.items[name].responses
        return own if isinstance(own, dict) else {} if own is not None else self.defaults.responses

    def code_of(self, name: str) -> str:
        """The code of an item in the data; a name that is no item, such as that of a collected total, is its own code."""
        code = self.items[name].code if name in self.items else None
        return name if code is None else code

    def items_of(self, expr: Expr) -> set[str]:
        """The items an expression reads, through formulas and sets."""
        found: set[str] = set()
        for name in map(str, expr.names):
            for member in self.sets.get(name, (name,)):
                found |= self.items_of(self.formulas[member]) if member in self.formulas else {member}
        return found


class InstrumentScope:
    """The names an expression of an instrument can use: its items, its sets, and the formulas before it (all formulas if none are named)."""

    def __init__(self, instrument: Instrument, formulas: Collection[str] | None = None) -> None:
        self.instrument = instrument
        known = instrument.formulas if formulas is None else formulas
        self.single = {name: ValueKind.TEXT if item.texts else ValueKind.NUMBER for name, item in instrument.items.items()}
        self.single |= dict.fromkeys(known, ValueKind.NUMBER)
        self.sets = {name for name, members in instrument.sets.items() if set(members) <= set(self.single)}

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name.

        Raises:
            UnknownName: the instrument has no item, set or earlier formula of that name.
        """
        if str(name) in self.sets:
            return ValueKind.NUMBER
        if str(name) not in self.single:
            hint = did_you_mean(str(name), [*self.single, *self.sets])
            raise UnknownName(f"{name} is not an item, a set or an earlier formula of {self.instrument.name}{hint}", "spec-unknown-item")
        return self.single[str(name)]

    def values(self, name: Name) -> None:
        """An instrument has no lists."""

    def terms(self, name: Name | None) -> None:
        """An instrument has no codelists."""


def instruments(raw: Mapping[str, Any], problems: Problems) -> dict[str, Instrument]:
    """The instruments of all layers, each checked by itself."""
    blocks = {name: _with_items(block) if isinstance(block, LocatedMap) else block for name, block in raw.items()}
    found = problems.named(Instrument, blocks)
    for name, model in found.items():
        _check(model, next(block for key, block in blocks.items() if key == name), problems)
    return found


def _with_items(block: LocatedMap) -> LocatedMap:
    """An instrument with one block per item: `[A, B]` and `A:` are items that have all their defaults."""
    items = block.get("items")
    if isinstance(items, LocatedList):
        names = [LocatedStr.at(str(as_text(name)), mark_of(name)) for name in items]
        items = LocatedMap.at(dict.fromkeys(names), mark_of(block["items"]))
    if isinstance(items, LocatedMap):
        blocks = {name: LocatedMap.at({}, mark_of(name)) if item is None else item for name, item in items.items()}
        items = LocatedMap.at(blocks, mark_of(items))
    return LocatedMap.at({key: items if key == "items" else value for key, value in block.items()}, block.mark)


def _check(instrument: Instrument, raw: LocatedMap, problems: Problems) -> None:
    for where, message, code in (*_item_problems(instrument), *_set_problems(instrument), *_name_problems(instrument)):
        problems.add(place(raw, where)[0], instrument.name, message, code)
    before: list[str] = []
    for name, expr in instrument.formulas.items():
        _check_expression(expr, ValueKind.NUMBER, InstrumentScope(instrument, before), name, problems)
        before.append(name)
    for text, expr in instrument.issues.items():
        _check_expression(expr, ValueKind.CONDITION, InstrumentScope(instrument), text, problems)


def _check_expression(expr: Expr, expected: ValueKind, scope: InstrumentScope, what: str, problems: Problems) -> None:
    kind, faults = kind_of(expr, scope)
    for fault in faults:
        problems.add(expr.place(fault.node), scope.instrument.name, f"{what}: {fault.message}", fault.code)
    if not faults and not is_compatible(kind, expected):
        message = f"'{what}' must be {expected.article}, but {expr} is {kind.article}."
        problems.add(expr.mark, scope.instrument.name, message, "spec-wrong-kind")


ProblemAt = tuple[tuple[str, ...], str, str]
"""The keys that lead to the place of a problem, its message and its code."""


def _item_problems(instrument: Instrument) -> Iterator[ProblemAt]:
    blocks: list[tuple[tuple[str, ...], ItemDefaults | Item]] = [(("defaults",), instrument.defaults)]
    blocks += [(("items", name), item) for name, item in instrument.items.items()]
    for where, block in blocks:
        limits = block.range
        if limits is not None and isinstance(block, Item) and block.texts:
            message = f"{where[-1]} is read as text, so it has no range. Delete the range, or give the number of each response."
            yield (*where, "range"), message, "spec-unused"
        elif limits is not None and (limits[0] >= limits[1] or (len(limits) == 3 and limits[2] <= 0)):
            listed = ", ".join(map(shown, limits))
            message = f"The range of {where[-1]} must be [lowest, highest] or [lowest, highest, step], not [{listed}]."
            yield (*where, "range"), message, "spec-wrong-value"


def _set_problems(instrument: Instrument) -> Iterator[ProblemAt]:
    known = [*instrument.items, *instrument.formulas]
    for name, members in instrument.sets.items():
        for member in members:
            if member not in known:
                message = f"'{member}' is not an item or a formula of {instrument.name}{did_you_mean(member, known)}"
                yield ("sets", name), message, "spec-unknown-item"


def _name_problems(instrument: Instrument) -> Iterator[ProblemAt]:
    for key in PLACES[1:]:
        for name in getattr(instrument, key):
            for other in PLACES[: PLACES.index(key)]:
                if name in getattr(instrument, other):
                    yield (key, name), f"'{name}' is already defined under {other}. Choose another name.", "spec-twice"
