"""The problems of a study, and the errors of pydantic as problems with a place and a plain message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adam.core.errors import Mark, Problem, did_you_mean
from adam.core.located import LocatedList, LocatedMap, as_text, key_of, mark_of, shortened

Detail = Mapping[str, Any]

EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a block (key: value)",
    "model_type": "a block (key: value)",
    "tuple_type": "a list",
    "list_type": "a list",
    "date_from_datetime_parsing": "a date, YYYY-MM-DD",
    "date_parsing": "a date, YYYY-MM-DD",
    "date_type": "a date, YYYY-MM-DD",
}
"""What each error of pydantic expects."""
SIZES = {"too_short": ("few", "min_length", "at least"), "too_long": ("many", "max_length", "at most")}


INNER = ("mark", "digits", "marks", "criteria_where", "class_", "unmatched", "of_data")
"""Fields of models that are not keys of the YAML."""


def place(raw: object, loc: Iterable[object]) -> tuple[Mark, Mark]:
    """The marks of the key and of the value at `loc` in `raw`; if a step of `loc` does not exist, those of the step before it."""
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


def _path(loc: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in loc if not (isinstance(step, str) and (step.startswith("literal[") or "[" in step)))


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _choice_sentence(detail: Detail, name: str) -> str:
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    known = [text.strip(" '") for text in expected.split(",")]
    return f"{name} must be {_either(known)}, not {_shown(detail['input'])}{did_you_mean(str(detail['input']), known)}"


def _bound_sentence(detail: Detail, name: str) -> str:
    limits = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}
    key, bound = limits[str(detail["type"])]
    return f"{name} must be {bound} {detail['ctx'][key]}, not {detail['input']}."


def _either(texts: Sequence[str]) -> str:
    """Texts as `A, B or C`."""
    return " or ".join([*([", ".join(texts[:-1])] if texts[1:] else []), *texts[-1:]])


def _shown(value: object) -> str:
    """A value of the YAML as messages show it."""
    if value is None or isinstance(value, bool):
        return {None: "an empty value", True: "true", False: "false"}[value]
    if isinstance(value, dict | list | tuple):
        return "a block" if isinstance(value, dict) else "a list"
    return f"'{shortened(str(as_text(value)))}'"


def _size_sentence(detail: Detail, name: str) -> str:
    what, limit, bound = SIZES[str(detail["type"])]
    context = detail.get("ctx", {})
    return f"{name} has too {what} entries: {bound} {context.get(limit)} are required, but it has {context.get('actual_length')}."


def _type_sentence(detail: Detail, name: str) -> str:
    return f"{name} must be {EXPECTED[str(detail['type'])]}, not {_shown(detail['input'])}."


SENTENCES: dict[str, tuple[Callable[[Detail, str], str], str]] = {
    "literal_error": (_choice_sentence, "spec-wrong-value"),
    **dict.fromkeys(("greater_than_equal", "less_than_equal"), (_bound_sentence, "spec-out-of-range")),
    **dict.fromkeys(SIZES, (_size_sentence, "spec-wrong-type")),
    **dict.fromkeys(EXPECTED, (_type_sentence, "spec-wrong-type")),
}
"""The sentence and the code of each error of pydantic."""


def as_problem(detail: Detail, raw: object, subject: str, model: type[BaseModel] | None, more_keys: Sequence[str] = ()) -> Problem:
    """One error of pydantic as a problem with its place; `more_keys` are valid keys besides those of the model."""
    loc = tuple(detail["loc"])
    kind, name = str(detail["type"]), _path(loc)
    key, mark = place(raw, loc)
    context = detail.get("ctx", {})
    if kind == "missing":
        if isinstance(loc[-1], int):
            message = f"{_path(loc[:-1])} has too few entries: {loc[-1] + 1} are required."
            return Problem(place(raw, loc[:-1])[1], subject, message, "spec-wrong-type")
        return Problem(place(raw, loc[:-1])[1], subject, f"Key '{name}' is missing. Add {loc[-1]}:.", "spec-missing-key")
    if kind == "extra_forbidden":
        known = [*_keys(model), *more_keys] if len(loc) == 1 else []
        return Problem(key, subject, f"Unknown key '{loc[-1]}'{did_you_mean(str(loc[-1]), known)}", "spec-unknown-key")
    if kind == "expression":
        shifted = mark.shifted(int(context.get("column", 0)))
        return Problem(shifted, subject, f"{name}: {detail['msg']}", str(context.get("code", "spec-wrong-type")))
    if kind in SENTENCES:
        sentence, code = SENTENCES[kind]
        return Problem(mark, subject, sentence(detail, name), code)
    message = str(detail["msg"]).removeprefix("Value error, ")
    return Problem(mark, subject, f"{name}: {message}" if name else message, str(context.get("code", "spec-wrong-value")))


NO_VALUE = "has no value, so the line has no effect. Write a value, or delete the line."


def keys_without_value(raw: object, subject: str) -> Iterator[Problem]:
    """A problem for each key of a block, and of the blocks in it, that has no value: it would have no effect."""
    for key, value in raw.items() if isinstance(raw, LocatedMap) else ():
        if value is None:
            yield Problem(mark_of(key), subject, f"{key} {NO_VALUE}", "spec-no-value")
        yield from keys_without_value(value, subject)
    for each in raw if isinstance(raw, LocatedList | list) else ():
        yield from keys_without_value(each, subject)


M = TypeVar("M", bound=BaseModel)


class Problems:
    """The problems found so far, each once.

    `unread` are the tables and families of parameters that could not be read, so that names can be missing without being wrong.
    """

    def __init__(self) -> None:
        self.found: dict[Problem, None] = {}
        self.unread: set[str] = set()

    def add(self, mark: Mark, subject: str, message: str, code: str) -> None:
        """Add one problem."""
        self.found.setdefault(Problem(mark, subject, message, code))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        self.found.update(dict.fromkeys(problems))

    def model(self, model: type[M], raw: object, subject: str, **extra: object) -> M | None:
        """`raw`, with the fields `extra` that are not keys of the YAML, as `model`; None, and problems, if it is not valid."""
        fields = {**raw, **extra} if isinstance(raw, dict) else raw
        inner = [key for key in raw if key in extra or key in INNER] if isinstance(raw, dict) else []
        for key in inner:
            self.add(key_of(raw, key) if isinstance(raw, LocatedMap) else mark_of(key), subject, f"Unknown key '{key}'.", "spec-unknown-key")
        if inner:
            return None
        try:
            found = model.model_validate(fields)
        except ValidationError as error:
            self.extend(as_problem(detail, raw, subject, model) for detail in _first_branches(error))
            return None
        self.extend(keys_without_value(raw, subject))
        return found

    def named(self, model: type[M], raw: Mapping[str, Any]) -> dict[str, M]:
        """The valid blocks of a section as models, each with its name and mark."""
        found = {}
        for name, block in raw.items():
            if not isinstance(block, LocatedMap):
                self.add(mark_of(name), str(name), f"{name} must be a block (key: value).", "spec-wrong-type")
                continue
            valid = self.model(model, block, str(name), name=str(name), mark=mark_of(name))
            if valid is not None:
                found[str(name)] = valid
        return found


def _first_branches(error: ValidationError) -> list[Detail]:
    """The errors with only the first branch of each union."""
    seen: dict[tuple[Any, ...], Detail] = {}
    for detail in error.errors(include_url=False):
        loc = tuple(step for step in detail["loc"] if not (isinstance(step, str) and step in ("int", "literal['period']", "str", "float")))
        seen.setdefault(loc, {**detail, "loc": loc})
    return list(seen.values())
