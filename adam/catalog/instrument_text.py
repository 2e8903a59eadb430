"""How a score is made from the items of an instrument, for a reader who has neither the instrument nor its specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from adam.catalog.prose import Prose, joined, sentence
from adam.expressions.instruments import Instrument
from adam.expressions.tree import Expr, Name

DUPLICATES = {"highest": "the highest value", "latest": "the latest record"}
NOTHING = "; otherwise missing"


def score_text(instrument: Instrument, values: Iterable[tuple[Expr | None, str]], formulas: Iterable[str], not_done: str | None, prose: Prose) -> str:
    """The score, its formulas, and its items with their ranges and responses.

    Args:
        instrument: the instrument.
        values: the expressions, or the codes of collected totals, of which the first one with a value is the score.
        formulas: the formulas of the instrument that it reads.
        not_done: the code of a record which states that the whole instrument was not done, if there is one.
        prose: renders expressions.
    """
    chosen = [each for each in values if each[0] is not None or each[1]]
    read = list(formulas)
    exprs = [expr for expr, _ in chosen if expr is not None] + [instrument.formulas[name] for name in read]
    sets = [name for name in instrument.sets if any(Name((name,)) in expr.names for expr in exprs)]
    prose = replace(prose, names={**prose.names, **{Name((name,)): _set_name(instrument, name, sets) for name in sets}})
    texts = [prose.value(expr).removesuffix(NOTHING) if expr is not None else f"the collected value of {code}" for expr, code in chosen]
    lines = [sentence(f"{'; if that is missing, '.join(texts)}, for each assessment (subject, visit and date) with {instrument.label}")]
    lines += [f"{sentence(_set_name(instrument, name, sets))[:-1]} are {joined(instrument.sets[name])}." for name in sets]
    first = {member for expr, _ in chosen if expr is not None for each in expr.names for member in instrument.sets.get(str(each), (str(each),))}
    ordered = sorted(read, key=lambda name: name not in first)
    lines += [f"{name} is {prose.value(instrument.formulas[name])}." for name in ordered]
    items = set().union(*(instrument.items_of(expr) for expr in exprs)) if exprs else set()
    items |= {code for expr, code in chosen if expr is None}
    return " ".join([*lines, *_items_text(instrument, items, not_done, prose)])


def _set_name(instrument: Instrument, name: str, sets: list[str]) -> str:
    """`the 10 items` of the only set in use; the set by its name where there are several."""
    return f"the {len(instrument.sets[name])} items" if len(sets) == 1 else f"the items of {name}"


def _items_text(instrument: Instrument, names: set[str], not_done: str | None, prose: Prose) -> Iterator[str]:
    """Where the items are collected, how they are read, and what happens to those that cannot be read."""
    groups: dict[str, list[str]] = {}
    for name in [each for each in instrument.items if each in names]:
        groups.setdefault(_reading(instrument, name), []).append(_item(instrument, name))
    groups.setdefault("", []).extend(f"{name} (collected total)" for name in sorted(names - {*instrument.items, *instrument.formulas}))
    listed = "; ".join(f"{joined(items)}{', ' + how if how else ''}" for how, items in groups.items() if items)
    domain, code = instrument.domain, prose.value(instrument.code)
    yield f"The items are {domain} records where {prose.condition(instrument.where)}, identified by {code}: {listed}."
    yield "The value of an item that was not done, or that is outside its range, is missing."
    yield f"Of several records of one item in an assessment, {DUPLICATES[instrument.duplicates]} counts."
    if not_done is not None:
        yield f"A record of {not_done} represents an assessment that was not done."


def _item(instrument: Instrument, name: str) -> str:
    """An item with its label, and its code in the data where that is not its name."""
    item, code = instrument.items[name], instrument.code_of(name)
    notes = [f'"{code}"' if code else "blank"] if code != name else []
    notes += [str(item.label)] if item.label else []
    return f"{name} ({', '.join(notes)})" if notes else name


def _reading(instrument: Instrument, name: str) -> str:
    """The range of an item and the number of each response; the responses of an item that is read as text."""
    texts, limits = instrument.texts(name), instrument.limits(name)
    if texts:
        return f"a text ({', '.join(texts)})"
    responses = ", ".join(f"{text} is {number:g}" for text, number in instrument.responses(name).items())
    step = f" in steps of {limits[2]:g}" if limits and len(limits) > 2 and limits[2] != 1 else ""
    range_ = f"from {limits[0]:g} to {limits[1]:g}{step}" if limits else ""
    return f"{range_}{f' ({responses})' if responses else ''}".strip()
