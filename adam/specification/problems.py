"""What a model refuses, in our words and at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adam.core.errors import Mark, Problem, suggestion
from adam.specification.located import LocatedList, LocatedMap, key_of, mark_of

Detail = Mapping[str, Any]

WANTED = {
    "string_type": "wants text",
    "int_type": "wants a whole number",
    "int_from_float": "wants a whole number",
    "int_parsing": "wants a whole number",
    "float_type": "wants a number",
    "float_parsing": "wants a number",
    "bool_type": "wants true or false",
    "bool_parsing": "wants true or false",
    "dict_type": "wants a block (key: value)",
    "model_type": "wants a block (key: value)",
    "tuple_type": "wants a list",
    "list_type": "wants a list",
    "date_from_datetime_parsing": "wants a date, YYYY-MM-DD",
    "date_parsing": "wants a date, YYYY-MM-DD",
    "date_type": "wants a date, YYYY-MM-DD",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
}


INNER = ("mark", "digits", "marks", "criteria_where", "class_")
"""Fields of models that no line of the YAML gives."""


def place(raw: object, loc: Iterable[object]) -> tuple[Mark, Mark]:
    """The marks of the key and of the value that `loc` leads to in `raw`; of the last step there is, where it leads nowhere."""
    mark = key = mark_of(raw)
    value = raw
    for step in loc:
        if isinstance(value, LocatedMap) and isinstance(step, str | int) and str(step) in value:
            key = key_of(value, str(step))
            value = value[str(step)]
            mark = mark_of(value, key)
        elif isinstance(value, LocatedList | list | tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
            mark = mark_of(value, mark)
            key = mark
    return key, mark


def _named(loc: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in loc if not (isinstance(step, str) and (step.startswith("literal[") or "[" in step)))


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _literal(detail: Detail, name: str) -> str:
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    known = [word.strip(" '") for word in expected.split(",")]
    return f"{name} is one of {', '.join(known)}; '{detail['input']}' is none of them{suggestion(str(detail['input']), known)}"


def _bounds(detail: Detail, name: str) -> str:
    limits = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}
    key, word = limits[str(detail["type"])]
    return f"{name} is {word} {detail['ctx'][key]}; {detail['input']} is not"


def translated(detail: Detail, raw: object, subject: str, model: type[BaseModel] | None, beside: Sequence[str] = ()) -> Problem:
    """One error of pydantic as a problem with its place; `beside` are keys that may stand beside those of the model."""
    loc = tuple(detail["loc"])
    kind, name = str(detail["type"]), _named(loc)
    key, mark = place(raw, loc)
    context = detail.get("ctx", {})
    if kind == "missing":
        return Problem(place(raw, loc[:-1])[1], subject, f"key '{name}' is missing", "spec-missing-key")
    if kind == "extra_forbidden":
        hint = suggestion(str(loc[-1]), [*_keys(model), *beside]) if len(loc) == 1 else ""
        return Problem(key, subject, f"unknown key '{loc[-1]}'{hint}", "spec-unknown-key")
    if kind == "expression":
        shifted = mark.shifted(int(context.get("column", 0)))
        return Problem(shifted, subject, f"{name}: {detail['msg']}", str(context.get("code", "spec-wrong-type")))
    if kind == "literal_error":
        return Problem(mark, subject, _literal(detail, name), "spec-wrong-value")
    if kind in ("greater_than_equal", "less_than_equal"):
        return Problem(mark, subject, _bounds(detail, name), "spec-out-of-range")
    if kind in WANTED:
        return Problem(mark, subject, f"{name} {WANTED[kind]}", "spec-wrong-type")
    message = str(detail["msg"]).removeprefix("Value error, ")
    return Problem(mark, subject, f"{name}: {message}" if name else message, str(context.get("code", "spec-wrong-value")))


NO_VALUE = "has no value, so it would do nothing. Write a value, or delete the line."


def unsaid(raw: object, subject: str) -> Iterator[Problem]:
    """A problem for each key of a block, and of the blocks in it, that has no value: it would count as if it were not written."""
    for key, value in raw.items() if isinstance(raw, LocatedMap) else ():
        if value is None:
            yield Problem(mark_of(key), subject, f"{key}: {NO_VALUE}", "spec-no-value")
        yield from unsaid(value, subject)
    for each in raw if isinstance(raw, LocatedList | list) else ():
        yield from unsaid(each, subject)


M = TypeVar("M", bound=BaseModel)


class Problems:
    """The problems met so far, each once."""

    def __init__(self) -> None:
        self.found: dict[Problem, None] = {}

    def add(self, mark: Mark, subject: str, message: str, code: str) -> None:
        """Note one problem."""
        self.found.setdefault(Problem(mark, subject, message, code))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note several."""
        self.found.update(dict.fromkeys(problems))

    def model(self, model: type[M], raw: object, subject: str, **extra: object) -> M | None:
        """`raw` (and `extra`, which no YAML can give) as `model`; None, and problems, where it is not one."""
        given = {**raw, **extra} if isinstance(raw, dict) else raw
        inner = [key for key in raw if key in extra or key in INNER] if isinstance(raw, dict) else []
        for key in inner:
            self.add(key_of(raw, key) if isinstance(raw, LocatedMap) else mark_of(key), subject, f"unknown key '{key}'", "spec-unknown-key")
        if inner:
            return None
        try:
            made = model.model_validate(given)
        except ValidationError as error:
            self.extend(translated(detail, raw, subject, model) for detail in _whole(error))
            return None
        self.extend(unsaid(raw, subject))
        return made

    def named(self, model: type[M], raw: Mapping[str, Any]) -> dict[str, M]:
        """The blocks of a section, each with its name and mark; those that are no block or have faults are left out."""
        found = {}
        for name, block in raw.items():
            if not isinstance(block, LocatedMap):
                self.add(mark_of(name), str(name), "wants a block (key: value)", "spec-wrong-type")
                continue
            made = self.model(model, block, str(name), name=str(name), mark=mark_of(name))
            if made is not None:
                found[str(name)] = made
        return found


def _whole(error: ValidationError) -> list[Detail]:
    """The errors without the branches of a union that say the same of one place."""
    seen: dict[tuple[Any, ...], Detail] = {}
    for detail in error.errors(include_url=False):
        loc = tuple(step for step in detail["loc"] if not (isinstance(step, str) and step in ("int", "literal['period']", "str", "float")))
        seen.setdefault(loc, {**detail, "loc": loc})
    return list(seen.values())
