"""The schema of a variable's line: a formula, or a block with attributes and one formula of the catalog."""

from __future__ import annotations

from adam.catalog.derivation import Derivation
from adam.catalog.derivations import DERIVATIONS
from adam.editor.models import SCALAR, Schema, kind_of_text, of_model, text_of
from adam.specification.models import Attributes

EXPRESSION: Schema = {"type": SCALAR, "description": "An expression of the language, such as AVAL - BASE."}
CODELIST: Schema = {"$ref": "#/$defs/codelistName"}
ATTRIBUTES = {
    "label": "The label, at most 40 ASCII characters. A standard variable has the label of the standard.",
    "type": "The type of the values.",
    "length": "The length of text in bytes.",
    "format": "The SAS display format, such as 8.2 or DATE9.",
    "codelist": "The codelist with the permitted values.",
    "core": "Whether the standard requires the variable.",
    "origin": "The origin for define.xml; without it the formula shows it.",
    "method": "The method text for define.xml instead of the generated one.",
    "comment": "A comment for define.xml.",
}
CONSTANT = "^STUDY[.]"
WHERE = {**EXPRESSION, "description": "The condition of the records that get a value; elsewhere the variable is missing."}


def definitions() -> Schema:
    """The definitions `variable` and, for each derivation, `derivation.NAME`."""
    found = {f"derivation.{name}": _derivation(known) for name, known in sorted(DERIVATIONS.items())}
    return {**found, "variable": _variable()}


def attributes() -> Schema:
    """The attributes of a variable, each with what it means."""
    properties = of_model(Attributes)["properties"]
    described = {key: {**value, "description": ATTRIBUTES[key]} for key, value in properties.items()}
    return {**described, "codelist": {**CODELIST, "description": ATTRIBUTES["codelist"]}}


def _variable() -> Schema:
    properties: Schema = {
        **attributes(),
        "where": WHERE,
        "allow_empty": {"type": "boolean", "description": "Whether the condition may select no record."},
        "value": {**EXPRESSION, "description": "The value: an expression, PARAMETER, WINDOW or STANDARD."},
        "term": {"type": SCALAR, "description": "The same text on every record."},
        "standard": {"type": "object", "description": "The standard formula with other values for the arguments named here."},
    }
    for name, known in sorted(DERIVATIONS.items()):
        properties[name] = {"$ref": f"#/$defs/derivation.{name}", "description": text_of(known.function)}
    return {
        "description": "A source (DM), an expression, STANDARD, or a block with attributes and one formula.",
        "type": [*SCALAR, "object"],
        "properties": properties,
        "additionalProperties": False,
    }


def with_constants(schema: Schema) -> Schema:
    """A schema of arguments whose numbers and mappings may also be written as a constant, `STUDY.X`."""
    for value in [*schema.get("properties", {}).values(), schema.get("items")]:
        if not isinstance(value, dict):
            continue
        with_constants(value)
        if value.get("type") in ("number", "integer") or (value.get("type") == "object" and "properties" not in value):
            value |= {"type": [value["type"], "string"], "pattern": CONSTANT}
    return schema


def _derivation(known: Derivation) -> Schema:
    """The arguments of a derivation as a block, or its first argument alone where that is enough."""
    schema = with_constants(of_model(known.model))
    schema["description"] = text_of(known.function)
    for name, value in schema["properties"].items():
        kind = next((each for each in getattr(known.hints.get(name), "__metadata__", ()) if kind_of_text(each)), None)
        text = kind_of_text("within" if name == "within" else kind)
        if text and "description" not in value:
            value["description"] = text
    if known.first is not None:
        first = schema["properties"][known.first]
        schema["type"] = ["object", *SCALAR, "array"]
        if "items" in first:
            schema["items"] = first["items"]
    return schema
