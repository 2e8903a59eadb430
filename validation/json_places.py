"""The places of the values in a JSON file, so that its problems have a line and a column."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from adam.core.errors import Mark

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')
Path = tuple[str | int, ...]


class DuplicateKey(ValueError):
    """An object has a key twice; which of the two counts depends on the reader."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise DuplicateKey(f"key '{next(key for key in keys if keys.count(key) > 1)}' occurs twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON")


def loaded(text: str) -> Any:  # noqa: ANN401  (any value of JSON)
    """Return the value of a JSON text, with no key twice and no NaN or Infinity.

    Raises:
        ValueError: it is not valid.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def places(text: str, file: str) -> Mapping[Path, Mark]:
    """Return the place of each value of a valid JSON text by its path; under the path of a key with "" after it the place of the key.

    >>> str(places('{"a": [1, {"b": 2}]}', "f")[("a", 1, "b")])
    'f:1:17'
    """
    found: dict[Path, Mark] = {}
    stack: list[tuple[Path, int | str | None]] = []  # each open container, and the number or the key of the value that comes next
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in TOKEN.finditer(text):
        token = match[0]
        line = bisect_right(starts, match.start())
        mark = Mark(file, line, match.start() - starts[line - 1] + 1)
        _take(token, mark, stack, found)
    return found


def _take(token: str, mark: Mark, stack: list[tuple[Path, int | str | None]], found: dict[Path, Mark]) -> None:
    """Record the place of a key or of a value; open and close containers."""
    if token in ("]", "}"):
        stack.pop()
    elif token == ",":
        path, step = stack.pop()
        stack.append((path, step + 1 if isinstance(step, int) else None))
    elif token != ":":
        _value(token, mark, stack, found)


def _value(token: str, mark: Mark, stack: list[tuple[Path, int | str | None]], found: dict[Path, Mark]) -> None:
    """Record the place of a key or of a value, and open it if it is a container."""
    path: Path = ()
    if stack:
        above, step = stack[-1]
        if step is None:
            key: str = json.loads(token)
            stack[-1] = (above, key)
            found[*above, key, ""] = mark
            return
        path = (*above, step)
    found[path] = mark
    if token in ("[", "{"):
        stack.append((path, 0 if token == "[" else None))
