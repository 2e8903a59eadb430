"""Instruments: where the items of a questionnaire or rating are collected, how they are read, and how they are scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind, is_compatible
from adam.core.located import LocatedList, LocatedMap, LocatedStr, as_text, mark_of
from adam.core.problems import Problems, place
from adam.expressions.check import kind_of
from adam.expressions.instruments import PLACES, Instrument, InstrumentScope, Item, ItemDefaults
from adam.expressions.possible import shown
from adam.expressions.tree import Expr


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
