"""An instrument: where the items of a questionnaire or rating are collected, how they are read, and how they are scored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from adam.core.block import AsWritten, Block, ReadBy
from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.kinds import ValueKind
from adam.core.located import as_text
from adam.expressions.check import UnknownName
from adam.expressions.field import Expression
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Name

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


Responses = Annotated[dict[str, float] | tuple[str, ...], ReadBy(_responses)]


class ItemDefaults(Block):
    """How the items of an instrument are read that have no `range` or `responses` of their own."""

    range: Annotated[Limits, Field(min_length=2, max_length=3)] | None = None
    responses: dict[str, float] = {}


class Item(Block):
    """One item: its label for documents, its code in the data if that is not its name, its range and its responses."""

    label: AsWritten = ""
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
