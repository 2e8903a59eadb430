"""The variables of Define-XML: item definitions, value-level metadata with its where clauses, methods, comments, codelists in use."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from adam.core.identifiers import FORMAT
from adam.plan.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from adam.submission.data_profile import CODE, DataProfile, moment_type
from adam.submission.define_codelists import DefineCodelist, codelist_of
from adam.submission.define_elements import description, element

TYPES = {"text": "text", "integer": "integer", "float": "float", "date": "integer", "datetime": "integer", "time": "integer"}
"""Dates of SAS are numbers; their format says what they are."""
NUMBER = 8


class VariableDefinitions:
    """Gathers the definitions of all variables, each once; a dataset's references to them are what `of` gives."""

    def __init__(self, study: ResolvedStudy, facts: Mapping[str, DataProfile]) -> None:
        self.study, self.facts = study, facts
        self.items: list[ET.Element] = []
        self.lists: list[ET.Element] = []
        self.methods: list[ET.Element] = []
        self.comments: list[ET.Element] = []
        self.clauses: dict[str, ET.Element] = {}
        self.codelists: dict[str, DefineCodelist] = {}

    def of(self, dataset: ResolvedDataset) -> list[ET.Element]:
        """The references of a dataset to its variables, in order, with keys and methods."""
        found = []
        for number, (name, variable) in enumerate(dataset.variables.items(), 1):
            oid = f"IT.{dataset.name}.{name}"
            values = {code: each.variables[name] for code, each in dataset.parameters.items() if name in each.variables}
            key = str(dataset.key.index(name) + 1) if name in dataset.key else ""
            required = "Yes" if variable.core == "Req" else "No"
            method = self.method(oid, f"{dataset.name}.{name}", variable)
            found.append(element("ItemRef", ItemOID=oid, Mandatory=required, OrderNumber=str(number), KeySequence=key, MethodOID=method))
            listed = self.values(dataset, name, values) if values and CODE in dataset.variables else ""
            self.item(oid, dataset, variable, "", listed)
        return found

    def values(self, dataset: ResolvedDataset, name: str, values: Mapping[str, ResolvedVariable]) -> str:
        """Define what a variable is on the records of each parameter; the identifier of the list."""
        refs = []
        for number, (code, variable) in enumerate(values.items(), 1):
            oid = f"IT.{dataset.name}.{name}.{code}"
            method = self.method(oid, f"{dataset.name}.{name} of {code}", variable)
            where = element("def:WhereClauseRef", WhereClauseOID=self.clause(dataset, dataset.parameters[code]))
            refs.append(element("ItemRef", where, ItemOID=oid, Mandatory="No", OrderNumber=str(number), MethodOID=method))
            self.item(oid, dataset, variable, code, "")
        listed = f"VL.{dataset.name}.{name}"
        self.lists.append(element("def:ValueListDef", *refs, OID=listed))
        return listed

    def clause(self, dataset: ResolvedDataset, parameter: ResolvedParameter) -> str:
        """The where clause of a parameter, defined once."""
        oid = f"WC.{dataset.name}.{CODE}.{parameter.name}"
        value = element("CheckValue", text=parameter.name)
        check = element("RangeCheck", value, Comparator="EQ", SoftHard="Soft", def__ItemOID=f"IT.{dataset.name}.{CODE}")
        self.clauses[oid] = element("def:WhereClauseDef", check, OID=oid)
        return oid

    def item(self, oid: str, dataset: ResolvedDataset, variable: ResolvedVariable, code: str, listed: str) -> None:
        """Define a variable, or its value on the records of a parameter."""
        type_ = TYPES[variable.type or "text"]
        shapes = self.facts[dataset.name].shapes
        type_ = moment_type(shapes[variable.name]) if variable.name in shapes else type_
        children = [description(variable.label)]
        terms = codelist_of(self.study, dataset, variable)
        if terms is not None:
            self.codelists[terms.oid] = terms
            children.append(element("CodeListRef", CodeListOID=terms.oid))
        children.append(self.origin(variable))
        children += [element("def:ValueListRef", ValueListOID=listed)] if listed else []
        digits = self.digits(dataset, variable, code) if type_ == "float" else ""
        made = element(
            "ItemDef",
            *children,
            OID=oid,
            Name=variable.name,
            DataType=type_,
            Length=str(variable.length) if type_ == "text" else str(NUMBER) if variable.type != "text" else "",
            SignificantDigits=digits,
            SASFieldName=variable.name,
            def__DisplayFormat=variable.format,
            def__CommentOID=self.comment(oid, variable),
        )
        self.items.append(made)

    def digits(self, dataset: ResolvedDataset, variable: ResolvedVariable, code: str) -> str:
        """The decimals the format says, else those of the data."""
        parts = FORMAT.fullmatch(variable.format) if variable.format else None
        return parts[3] if parts and parts[3] else str(self.facts[dataset.name].decimals[variable.name, code])

    def origin(self, variable: ResolvedVariable) -> ET.Element:
        """Where the values come from; a predecessor is named."""
        origin = variable.origin or "Derived"
        if origin == "Predecessor":
            return element("def:Origin", description(", ".join(variable.lineage) or variable.method), Type=origin)
        return element("def:Origin", Type=origin, Source="Investigator" if origin == "Collected" else "Sponsor")

    def method(self, oid: str, name: str, variable: ResolvedVariable) -> str:
        """Define how a variable is derived, or what its line states as method; the identifier, blank for a plain copy without one."""
        if not variable.method or (variable.origin != "Derived" and "method" not in variable.marks):
            return ""
        kind = "Imputation" if variable.method.startswith("imputed") or " imputed_date (" in variable.method else "Computation"
        method = f"MT.{oid.removeprefix('IT.')}"
        self.methods.append(element("MethodDef", description(variable.method), OID=method, Name=f"Method of {name}", Type=kind))
        return method

    def comment(self, oid: str, variable: ResolvedVariable) -> str:
        """Define the comment on a variable; the identifier, blank without one."""
        if not variable.comment:
            return ""
        comment = f"COM.{oid.removeprefix('IT.')}"
        self.comments.append(element("def:CommentDef", description(variable.comment), OID=comment))
        return comment
