"""Where the values of a JSON file stand, so that a fault in it has a line and a column as one in YAML has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from adam.errors import Mark

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')
Path = tuple[str | int, ...]


class Twice(ValueError):
    """A key that an object has twice: which of the two counts is left to each reader."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise Twice(f"key '{next(key for key in keys if keys.count(key) > 1)}' is given twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a value of JSON")


def loaded(text: str) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """The value of a JSON text, with no key twice and no NaN or Infinity.

    Raises:
        ValueError: it is no such text.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def places(text: str, file: str) -> Mapping[Path, Mark]:
    """The place of each value of a valid JSON text by its path; under the path of a key with "" after it the place of the key.

    >>> places('{"a": [1, {"b": 2}]}', "f")[("a", 1, "b")]
    Mark(file='f', line=1, column=17)
    """
    found: dict[Path, Mark] = {}
    stack: list[Any] = []  # for each open container its path, and the number or the key of the value that comes next
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    line = 0
    for match in TOKEN.finditer(text):
        while line + 1 < len(starts) and starts[line + 1] <= match.start():
            line += 1
        token, mark = match[0], Mark(file, line + 1, match.start() - starts[line] + 1)
        if token in ("]", "}"):
            stack.pop()
        elif token == "," and isinstance(stack[-1][1], int):
            stack[-1][1] += 1
        elif token == ",":
            stack[-1][1] = None
        elif token != ":":
            if stack and stack[-1][1] is None:
                stack[-1][1] = json.loads(token)
                found[*stack[-1][0], stack[-1][1], ""] = mark
                continue
            path = (*stack[-1][0], stack[-1][1]) if stack else ()
            found[path] = mark
            if token in ("[", "{"):
                stack.append([path, 0 if token == "[" else None])
    return found
