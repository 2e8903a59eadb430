"""JSON Schema of pydantic models, as a person writes their values in YAML."""

from __future__ import annotations

import inspect
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from adam.core.block import Block
from adam.core.kinds import ValueKind

Schema = dict[str, Any]
SCALAR = ["string", "number", "boolean"]
"""The types of a value that the product reads as text, or as an expression."""
PLACES = ("mark", "marks")
"""The fields of a model for the place of its block."""
NOISE = ("title", "default")


def of_model(model: type[BaseModel], leave_out: Collection[str] = ()) -> Schema:
    """The schema of a model without the fields `leave_out`, with all nested models in place.

    A text may be written as a number, a list of one entry as that entry. An optional key is left out, not null.
    """
    raw = model.model_json_schema(by_alias=True)
    definitions = raw.pop("$defs", {})
    skipped = {*PLACES, *leave_out, *(["name"] if issubclass(model, Block) else [])}
    raw["properties"] = {key: value for key, value in raw.get("properties", {}).items() if key not in skipped}
    raw["required"] = [key for key in raw.get("required", ()) if key not in skipped]
    return _as_written(raw, definitions)


def text_of(documented: object) -> str:
    """The documentation of a function or class without its examples for Python."""
    return (inspect.getdoc(documented) or "").split(">>>")[0].strip()


def kind_of_text(kind: ValueKind | str | None) -> str:
    """A short description of an argument by its kind; blank for an option."""
    known = {"order": "An order list: variables, desc(X), missing_last(X).", "within": "The variables that define the group."}
    known |= {"family": "A variable name with xx for the number of the period.", "each": "A list of expressions."}
    if isinstance(kind, ValueKind):
        return "An expression." if kind is ValueKind.ANY else f"An expression: {kind.article}."
    return known.get(str(kind), "")


def _as_written(node: Any, definitions: Schema) -> Any:  # noqa: ANN401  (a schema is any JSON)
    if isinstance(node, list):
        return [_as_written(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _as_written(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    result = {}
    for key, value in node.items():
        if key == "properties":
            result[key] = {name: _as_written(each, definitions) for name, each in value.items() if name not in PLACES}
        elif key not in NOISE:
            result[key] = _as_written(value, definitions)
    return _loosened(result)


def _loosened(node: Schema) -> Schema:
    """A node that accepts all forms in which the YAML may hold its value."""
    choices = [each for each in node.pop("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        node = {**choices[0], **node}
    elif choices:
        node["anyOf"] = choices
    if node.get("type") == "string" and "enum" not in node and "const" not in node:
        node["type"] = SCALAR
    elif node.get("type") == "array":
        node["type"] = ["array", *SCALAR, *(["object"] if _holds_blocks(node) else [])]
        if "prefixItems" in node:
            node["items"] = node.pop("prefixItems")[0]
        entry = node.get("items", {})
        node |= {key: entry[key] for key in ("properties", "additionalProperties") if _holds_blocks(node) and key in entry}
    if not node.get("required", True):
        del node["required"]
    return node


def _holds_blocks(node: Schema) -> bool:
    return isinstance(node.get("items"), dict) and node["items"].get("type") == "object"
