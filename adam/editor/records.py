"""The schema of parameters, of the rules that create records, and of checks."""

from __future__ import annotations

from typing import Any

import validation.checks  # noqa: F401  (registers the checks)
from adam.catalog.record_rule import ADD, RECORDS, RecordRule
from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.editor.formulas import EXPRESSION
from adam.editor.models import SCALAR, Schema, of_model, text_of
from adam.editor.names import LIST
from adam.specification.models import Parameter
from validation.check import CHECKS, CheckFunction

FROM = "from"
"""The rule whose arguments stand next to its name: `{from: QS, where: ...}`."""
BUILT = ("records", "variables", "add", "family", "unmatched", "of_data", "kept", "category_number", "windowed")
"""The fields of a parameter that are written in another form, or not at all."""
CHECK = {
    "severity": {"enum": ["error", "warning"], "description": "error stops the export; warning does not."},
    "allow_empty": {"type": "boolean", "description": "Whether the condition may select no record."},
    "message": {"type": "string", "description": "The text of the finding."},
    "expect": {**EXPRESSION, "description": "The condition that must be true on every record."},
    "where": {**EXPRESSION, "description": "The records that are checked."},
    "generated": {"type": ["string", "array", "object"], "description": "The generated checks that get this id."},
    "within": {"type": ["array", *SCALAR], "description": "The variables that define the group."},
}


def definitions(events: Schema) -> Schema:
    """The definitions of record rules, parameters and checks; `events` is an entry of a list of events."""
    found: Schema = {}
    for kind, rules in (("records", RECORD_RULES), ("dataset_records", DATASET_RECORD_RULES)):
        found |= {f"{kind}.{name}": _rule(rule, events) for name, rule in sorted(rules.items())}
    found |= {f"check.{name}": _check(known) for name, known in sorted(CHECKS.items()) if known.usable_in_lines}
    return {
        **found,
        "records": _place(RECORDS),
        "add": _place(ADD),
        "datasetRecords": _block("dataset_records", list(DATASET_RECORD_RULES)),
        "parameter": _parameter(),
        "checks": _checks(),
    }


def parameters() -> Schema:
    """The block `parameters:` of a dataset."""
    every = {"$ref": "#/$defs/parameter", "description": "What holds for every parameter."}
    return {
        "type": "object",
        "properties": {"all": every},
        "patternProperties": {f"^{LIST}$": {"$ref": "#/$defs/parameter"}},
        "additionalProperties": False,
    }


def _rule(rule: type[RecordRule], events: Schema) -> Schema:
    schema = of_model(rule.model)
    for name in rule.event_lists:
        block, _, inner = name.partition(".")
        properties = schema["properties"][block]["properties"] if inner else schema["properties"]
        properties[inner or block]["items"] = events
    schema.pop("required", None)  # a parameter can have the other arguments from its category
    return {**schema, "description": text_of(rule)}


def _place(place: str) -> Schema:
    """The rules that may be written in a block, as one or as a list of them."""
    names = [name for name, rule in RECORD_RULES.items() if place in rule.places]
    one = _block("records", names)
    entry: list[Any] = [one, {"const": "all", "description": "The entries of all: or of the category."}] if place == ADD else [one]
    return {**one, "type": ["object", "array"], "items": entry[0] if len(entry) == 1 else {"anyOf": entry}}


def _block(kind: str, names: list[str]) -> Schema:
    """A block with the name of one rule and its arguments; those of `from` are keys next to it."""
    rules = RECORD_RULES if kind == "records" else DATASET_RECORD_RULES
    properties: Schema = {}
    for name in sorted(names):
        reference = {"$ref": f"#/$defs/{kind}.{name}"}
        properties |= of_model(rules[name].model)["properties"] if name == FROM else {name: {**reference, "description": text_of(rules[name])}}
    if FROM in names:
        properties[FROM] = {**properties[FROM], "description": text_of(rules[FROM])}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _parameter() -> Schema:
    schema = of_model(Parameter, BUILT)
    variables = {"type": "object", "patternProperties": {f"^{LIST}$": {"$ref": "#/$defs/variable"}}, "additionalProperties": False}
    schema["properties"] |= {
        "label": {"type": SCALAR, "description": "PARAM; for a family of the data an expression such as SRC.TEST."},
        "number": {"type": SCALAR, "description": "PARAMN."},
        "category": {"type": SCALAR, "description": "PARCAT1."},
        "codelist": {"$ref": "#/$defs/codelistName"},
        "records": {"$ref": "#/$defs/records", "description": "The rules that create the records."},
        "add": {"$ref": "#/$defs/add", "description": "The rules that add records, such as locf or summary."},
        "variables": {**variables, "description": "The formulas of this parameter only."},
        "windows": {"const": "none", "description": "none: the records have no analysis window."},
        "table": {"type": "string", "description": "The table with one row for each parameter of a family."},
        "match": {"type": "object", "description": "How a source record finds its row: a column of the table and an expression."},
        "others": {"const": "ignore", "description": "ignore: source records without a row are no parameter."},
        "codes": {**EXPRESSION, "description": "The expression for PARAMCD of a family whose parameters are in the data."},
    }
    return {
        "description": "A parameter (PARAMCD), a family of parameters, or all.",
        "type": ["object", "null"],
        "properties": schema["properties"],
        "additionalProperties": False,
    }


def _check(known: CheckFunction) -> Schema:
    schema = of_model(known.model, [known.gathers] if known.gathers else ())
    if known.gathers:
        schema["additionalProperties"] = True
        schema.pop("required", None)
    return {**schema, "type": ["object", "array", *SCALAR], "description": known.documentation.split(">>>")[0].strip()}


def _checks() -> Schema:
    names = {name: known for name, known in sorted(CHECKS.items()) if known.usable_in_lines}
    own = {name: {"$ref": f"#/$defs/check.{name}", "description": text_of(known.function)} for name, known in names.items()}
    types: list[str] = ["object", *SCALAR]
    block: Schema = {"type": types, "properties": {**CHECK, **own}, "additionalProperties": False}
    return {
        "description": "Checks by id: a condition, a check of the library, or off.",
        "type": "object",
        "properties": {"allow_empty": CHECK["allow_empty"]},
        "additionalProperties": {**block, "type": [*types, "array"], "items": block},
    }
