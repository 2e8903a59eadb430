"""The JSON Schema of a file of a specification: of study.yaml, of a dataset, of a layer."""

from __future__ import annotations

from typing import Any

from adam.editor import formulas, records
from adam.editor.formulas import EXPRESSION
from adam.editor.models import SCALAR, Schema, of_model
from adam.editor.names import LIST, codelist_name, variables_of
from adam.expressions.instruments import Instrument
from adam.specification.groups import ALL, CORE, QUERIES
from adam.specification.guide import Guide
from adam.specification.language import LANGUAGE
from adam.specification.layers import SECTIONS
from adam.specification.models import Codelist, CodelistTerm, Dataset, DictionaryEntry, SourceUse, Window, WindowUse
from adam.specification.read import OURS, TAKEN
from adam.specification.results import Result
from adam.specification.study import ClassUse, Study, Waiver

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Specification of ADaM datasets (adamsmith)"
LIST_OF_NAMES: Schema = {"type": ["array", *SCALAR], "items": {"type": "string"}}
GROUPS = {
    CORE: {"type": "string", "description": "The core variables of study.yaml, from the dataset with one record per subject."},
    ALL: {
        "type": "array",
        "items": {"type": ["string", "object"]},
        "description": "All variables of datasets and domains, such as {from: AE, except: [...]}.",
    },
    QUERIES: {"type": "object", "properties": {"table": {"type": "string"}}, "description": "The variables of the queries of a table."},
}
DATASET = {
    "label": "The label of the dataset, at most 40 characters.",
    "class": "The class of the dataset; it decides which standard variables there are.",
    "subclass": "The subclass of the dataset.",
    "structure": "The structure for define.xml, such as One record per subject.",
    "key": "The variables that identify a record.",
    "sort": "The order of the records; without it the key.",
    "copy": "The variables that an added record takes over from the record it is made of.",
    "subjects": "The condition of the subjects that the dataset has, on variables of the subject-level dataset.",
    "allow_empty": "Whether the dataset may have no record.",
}
BUILT = ("class_", "variables", "groups", "sources", "temporary", "checks", "parameters", "windows", "criteria_where", "events", "records")


def json_schema(study: Study) -> Schema:
    """The schema of every YAML file of a study and its layers, as JSON Schema 2020-12.

    Args:
        study: the names of its standard layer and codelists are offered. Another name stays valid where a file that is still to be
            written can define it; what needs the whole specification (types, references, keys) is reported by `adam check`.
    """
    events = {"type": ["object", "string"]}
    classes = list(study.classes)
    definitions: dict[str, Any] = {
        "codelistName": codelist_name(study),
        **formulas.definitions(),
        **records.definitions(events),
        "anyVariables": {"type": "object", "patternProperties": {f"^{LIST}$": {"$ref": "#/$defs/variable"}}, "additionalProperties": False},
        **{f"variables.{name}": variables_of(study, name, GROUPS) for name in classes},
        "sections": _sections(),
    }
    definitions |= {"dataset": _dataset(study), "study": _study(definitions["sections"])}
    definitions["layer"] = _layer(definitions["sections"])
    return {
        "$schema": DIALECT,
        "title": TITLE,
        "type": "object",
        "if": {"required": ["dataset"]},
        "then": {"$ref": "#/$defs/dataset"},
        "else": {"if": {"required": ["study"]}, "then": {"$ref": "#/$defs/study"}, "else": {"$ref": "#/$defs/layer"}},
        "$defs": definitions,
    }


def _named(entry: Schema) -> Schema:
    return {"type": "object", "additionalProperties": entry}


def _dataset(study: Study) -> Schema:
    model = of_model(Dataset, BUILT)["properties"]
    properties: Schema = {
        "dataset": {"type": "string", "description": "The name of the dataset: at most 8 capitals, digits or underscores."},
        **{key: {**value, "description": DATASET[key]} for key, value in model.items() if key in DATASET},
        "class": {"enum": list(study.classes), "description": DATASET["class"]},
        "records": {"$ref": "#/$defs/datasetRecords", "description": "Where the records come from, such as {from: AE}."},
        "variables": {"type": "object", "description": "The variables in the order of the dataset."},
        "temporary": {"$ref": "#/$defs/anyVariables", "description": "Variables that formulas use and that are not in the dataset."},
        "parameters": {**records.parameters(), "description": "The parameters by PARAMCD."},
        "parameter_categories": _named({"$ref": "#/$defs/parameter"}),
        "sources": _named({"type": "object", "properties": {"variables": {"$ref": "#/$defs/anyVariables"}}, "additionalProperties": False}),
        "windows": {**of_model(WindowUse), "description": "The analysis windows of the dataset."},
        "criteria": {"type": "object", "properties": {"where": EXPRESSION}, "additionalProperties": False},
        "events": _named({"type": "object"}),
        "checks": {"$ref": "#/$defs/checks"},
    }
    by_class = [
        {"if": {"properties": {"class": {"const": name}}}, "then": {"properties": {"variables": {"$ref": f"#/$defs/variables.{name}"}}}}
        for name in study.classes
    ]
    return {"type": "object", "properties": properties, "required": ["dataset"], "additionalProperties": False, "allOf": by_class}


def _study(sections: Schema) -> Schema:
    written = [name for name in Study.model_fields if name not in (*OURS, *TAKEN, *SECTIONS)]
    model = of_model(Study, [name for name in Study.model_fields if name not in written])["properties"]
    window = of_model(Window)
    properties: Schema = {
        "language": {"const": LANGUAGE, "description": "The version of the language."},
        "study": {"type": SCALAR, "description": "The name of the study."},
        "extends": {**LIST_OF_NAMES, "description": "The layers below, such as safety or adamig."},
        **model,
        "standards": {**LIST_OF_NAMES, "description": "The standards, such as ADaMIG 1.3 and ADaM CT 2022-03-25."},
        "datasets": {**LIST_OF_NAMES, "description": "The datasets to create, in the order of define.xml."},
        "core_variables": {**LIST_OF_NAMES, "description": "The variables that core: takes."},
        "constants": {"type": "object", "description": "Values that expressions name as STUDY.X."},
        "periods": {"type": "object", "description": "The names of the periods by number."},
        "phases": {"type": "object", "description": "The names of the phases by number."},
        "windows": {"type": "object", "additionalProperties": _named(window), "description": "Tables of analysis windows."},
        "sources": {"type": "object", "additionalProperties": _source(), "description": "How domains are read."},
        "waivers": {"type": "array", "items": of_model(Waiver), "description": "Reasons for findings that remain."},
        "terminology": {**LIST_OF_NAMES, "description": "Tables of CDISC terminology, as CSV files."},
        **sections["properties"],
    }
    return {"type": "object", "properties": properties, "required": ["language", "study"], "additionalProperties": False}


def _source() -> Schema:
    schema = of_model(SourceUse)
    schema["properties"] |= {"variables": {"$ref": "#/$defs/anyVariables"}, "optional": {"type": ["array", *SCALAR]}}
    return {**schema, "type": ["object", "null"]}


def _layer(sections: Schema) -> Schema:
    properties = {
        "extends": LIST_OF_NAMES,
        "terminology": LIST_OF_NAMES,
        "dataset": {"type": "string", "description": "The file defines this dataset."},
        "study": {"type": SCALAR, "description": "The file is study.yaml."},
        **sections["properties"],
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _sections() -> Schema:
    """The blocks that may be in any file, but in that of a dataset."""
    formula = {"type": [*SCALAR, "object"]}
    instrument = of_model(Instrument)
    instrument["properties"]["items"] = {
        "type": ["object", "array"],
        "description": instrument["properties"]["items"].get("description", "Its items."),
    }
    codelist = of_model(Codelist)
    codelist["properties"] |= {
        "terms": {"type": ["object", "array"], "additionalProperties": {**of_model(CodelistTerm), "type": ["object", "number"]}}
    }
    codelist["properties"]["subset_of"] = {"$ref": "#/$defs/codelistName"}
    known: Schema = {
        "dictionary": _named(_named({**of_model(DictionaryEntry, ["digits"]), "type": "object"})),
        "formulas": {"type": "object", "additionalProperties": formula},
        "classes": _named(of_model(ClassUse)),
        "codelists": _named({**codelist, "required": []}),
        "instruments": _named(instrument),
        "events": _named({"type": "object"}),
        "parameters": _named({"$ref": "#/$defs/parameter"}),
        "parameter_categories": _named({"$ref": "#/$defs/parameter"}),
        "tables": _named({"type": "string", "description": "A file next to this one: CSV, XLSX, Parquet or XPT."}),
        "checks": {"$ref": "#/$defs/checks"},
        "results": _named(_result()),
        "guide": of_model(Guide),
        "simulation": {"type": "object"},
    }
    return {"properties": {name: known.get(name, {"type": "object"}) for name in SECTIONS}}


def _result() -> Schema:
    schema = of_model(Result)
    schema["properties"] |= {"value": EXPRESSION, "published": {"type": ["object", "array", *SCALAR]}}
    return schema
