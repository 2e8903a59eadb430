"""The variables of define.xml: item definitions, value-level metadata with its where clauses, methods, comments, codelists in use."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from adam.core.identifiers import FORMAT
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from adam.submission.data_profile import CODE, DataProfile, moment_type
from adam.submission.define.codelists import DefineCodelist, codelist_of
from adam.submission.define.elements import description, element, range_check

TYPES = {"text": "text", "integer": "integer", "float": "float", "date": "integer", "datetime": "integer", "time": "integer"}
"""The Define-XML data types; SAS dates and times are numbers with a format."""
NUMBER = 8
EMPTY = "No record of this dataset has a value."
FORMAL_CONTEXT = "adamsmith"
"""The language of the formal expressions."""
FORMAL_EXPRESSIONS = (
    "Each method describes a derivation in prose. Its formal expression, with the context adamsmith, is the exact formula of the "
    "specification, followed by the formulas of the intermediate variables and the constants that it uses."
)
"""How the reviewer's guide explains them."""


class VariableDefinitions:
    """The definitions of all variables, each once. `references` adds those of a dataset."""

    def __init__(self, study: ResolvedStudy, profiles: Mapping[str, DataProfile]) -> None:
        self.study, self.profiles = study, profiles
        self.items: list[ET.Element] = []
        self.lists: list[ET.Element] = []
        self.methods: list[ET.Element] = []
        self.comments: list[ET.Element] = []
        self.clauses: dict[str, ET.Element] = {}
        self.codelists: dict[str, DefineCodelist] = {}

    def references(self, dataset: ResolvedDataset) -> list[ET.Element]:
        """Define the variables of a dataset, and return the references to them, in order, with keys and methods."""
        references = []
        for number, (name, variable) in enumerate(dataset.variables.items(), 1):
            oid = f"IT.{dataset.name}.{name}"
            values = {code: each.variables[name] for code, each in dataset.parameters.items() if name in each.variables}
            key = str(dataset.key.index(name) + 1) if name in dataset.key else ""
            method = self._method(oid, f"{dataset.name}.{name}", variable)
            mandatory = self._mandatory(dataset, variable, "")
            references.append(element("ItemRef", ItemOID=oid, Mandatory=mandatory, OrderNumber=str(number), KeySequence=key, MethodOID=method))
            value_list = self._value_list(dataset, name, values) if values and CODE in dataset.variables else ""
            self._item(oid, dataset, variable, "", value_list)
        return references

    def _value_list(self, dataset: ResolvedDataset, name: str, values: Mapping[str, ResolvedVariable]) -> str:
        """Define the value-level metadata of a variable, one entry for each parameter; the identifier of the list."""
        refs = []
        for number, (code, variable) in enumerate(values.items(), 1):
            oid = f"IT.{dataset.name}.{name}.{code}"
            method = self._method(oid, f"{dataset.name}.{name} of {code}", variable)
            where = element("def:WhereClauseRef", WhereClauseOID=self._clause(dataset, dataset.parameters[code]))
            mandatory = self._mandatory(dataset, variable, code)
            refs.append(element("ItemRef", where, ItemOID=oid, Mandatory=mandatory, OrderNumber=str(number), MethodOID=method))
            self._item(oid, dataset, variable, code, "")
        value_list = f"VL.{dataset.name}.{name}"
        self.lists.append(element("def:ValueListDef", *refs, OID=value_list))
        return value_list

    def _clause(self, dataset: ResolvedDataset, parameter: ResolvedParameter) -> str:
        """The identifier of the where clause of a parameter, which is defined once."""
        oid = f"WC.{dataset.name}.{CODE}.{parameter.name}"
        self.clauses[oid] = element("def:WhereClauseDef", range_check(f"IT.{dataset.name}.{CODE}", "EQ", (parameter.name,)), OID=oid)
        return oid

    def _item(self, oid: str, dataset: ResolvedDataset, variable: ResolvedVariable, code: str, value_list: str) -> None:
        """Define a variable, or its value on the records of a parameter."""
        shapes = self.profiles[dataset.name].shapes
        type_ = moment_type(shapes[variable.name]) if variable.name in shapes else TYPES[variable.type or "text"]
        children = [description(variable.label)]
        codelist = codelist_of(self.study, dataset, variable)
        if codelist is not None:
            self.codelists[codelist.oid] = codelist
            children.append(element("CodeListRef", CodeListOID=codelist.oid))
        children.append(_origin(variable))
        children += [element("def:ValueListRef", ValueListOID=value_list)] if value_list else []
        digits = self._digits(dataset, variable, code) if type_ == "float" else ""
        item = element(
            "ItemDef",
            *children,
            OID=oid,
            Name=variable.name,
            DataType=type_,
            Length=str(variable.length) if type_ == "text" else str(NUMBER) if variable.type != "text" else "",
            SignificantDigits=digits,
            SASFieldName=variable.name,
            def__DisplayFormat=variable.format,
            def__CommentOID=self.comment(oid, *self._remarks(dataset, variable, value_level=bool(code))),
        )
        self.items.append(item)

    def _digits(self, dataset: ResolvedDataset, variable: ResolvedVariable, code: str) -> str:
        """The decimals of the values, or of the format if it displays more."""
        parts = FORMAT.fullmatch(variable.format) if variable.format else None
        return str(max(int(parts[3] or 0) if parts else 0, self.profiles[dataset.name].decimals[variable.name, code]))

    def _mandatory(self, dataset: ResolvedDataset, variable: ResolvedVariable, code: str) -> str:
        """Yes where the standard requires the variable (core Req) and no record, or none of a parameter, lacks a value."""
        return "Yes" if variable.core == "Req" and not self.profiles[dataset.name].missing[variable.name, code] else "No"

    def _method(self, oid: str, name: str, variable: ResolvedVariable) -> str:
        """Define the method of a variable; its identifier, blank where a comment or the origin states how the values are made."""
        if not _has_method(variable):
            return ""
        method = f"MT.{oid.removeprefix('IT.')}"
        kind = "Imputation" if variable.imputed else "Computation"
        formal = [element("FormalExpression", text=variable.expression, Context=FORMAL_CONTEXT)] if variable.expression else []
        self.methods.append(element("MethodDef", description(_text(variable)), *formal, OID=method, Name=f"Method of {name}", Type=kind))
        return method

    def _remarks(self, dataset: ResolvedDataset, variable: ResolvedVariable, value_level: bool) -> list[str]:
        """What a comment on a variable states: how it is made if it has no method, its own comment, and that no record has a value."""
        made = "" if _has_method(variable) or variable.is_bare_copy else _text(variable)
        empty = not value_level and self.profiles[dataset.name].is_empty(variable.name)
        return [made, variable.comment, EMPTY if empty else ""]

    def comment(self, oid: str, *texts: str) -> str:
        """Define the comment on an item or a dataset, of the texts that are not blank; its identifier, blank if there are none."""
        text = "\n".join(filter(None, texts))
        if not text:
            return ""
        comment = f"COM.{oid.removeprefix('IT.').removeprefix('IG.')}"
        self.comments.append(element("def:CommentDef", description(text), OID=comment))
        return comment


def _has_method(variable: ResolvedVariable) -> bool:
    """Whether a MethodDef describes a variable: a derived one, an assigned one with a rule, and one that the specification describes."""
    ruled = variable.origin == "Assigned" and variable.conditional
    return bool(variable.method) and (variable.origin in ("Derived", None) or ruled or "method" in variable.marks)


def _text(variable: ResolvedVariable) -> str:
    """How a variable is made, with one line for each definition."""
    return "\n".join(filter(None, (variable.method, *variable.definitions)))


def _origin(variable: ResolvedVariable) -> ET.Element:
    """The origin of the values, with the predecessor if there is one."""
    origin = variable.origin or "Derived"
    if origin == "Predecessor":
        return element("def:Origin", description(", ".join(variable.cited or variable.lineage) or variable.method), Type=origin)
    return element("def:Origin", Type=origin, Source="Investigator" if origin == "Collected" else "Sponsor")
