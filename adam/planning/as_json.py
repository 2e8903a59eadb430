"""A plan as JSON: everything in it, with formulas as text and what each of their names refers to."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from adam.core.errors import Mark
from adam.core.reference_table import ReferenceTable, shown
from adam.expressions.tree import Expr, Name
from adam.planning.as_text import argument, bound, written
from adam.planning.values import Derivation, ResolvedVariable, Term, Value
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.formulas import Formula
from adam.planning.values.plan import Layout, Plan
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Binding, BoundExpression, Reference
from adam.planning.values.sources import SourceDomain
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, LeaveBlank, Step, TakeFromRule
from adam.planning.values.windows import Windows

STUDY = ("name", "label", "ids", "as_of", "constants", "treatments", "periods", "phases", "codelists", "tables")
"""What is shown of the study; its windows, sources and datasets have their own places."""


class PlanJson:
    """Turns a plan into JSON; lines of the specification are those of its files by their names."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.files = {str(path): name for name, path in plan.study.files}

    def whole(self) -> dict[str, Any]:
        """The whole plan."""
        plan = self.plan
        return {
            "study": {name: self.plain(getattr(plan.study, name)) for name in STUDY},
            "sources": {name: self.source(each) for name, each in plan.sources.items()},
            "records": {name: self.layout(each) for name, each in plan.layouts.items()},
            "steps": [self.step(each) for each in plan.steps],
            "datasets": {name: self.plain(each) for name, each in plan.datasets.items()},
            "warnings": [each.as_dict() for each in plan.warnings],
        }

    def source(self, source: SourceDomain) -> dict[str, Any]:
        """How a domain is read."""
        return {
            "columns": list(source.columns),
            "absent": self.plain(source.absent),
            "prepared": list(source.prepared),
            "where": self.expression(source.where),
            "warnings": {text: self.expression(each) for text, each in source.warnings.items()},
            "may_be_absent": source.may_be_absent,
            "allow_empty": source.allow_empty,
            "dates": source.dates,
            "encoding": source.encoding,
            "mark": self.place(source.mark),
        }

    def layout(self, layout: Layout) -> dict[str, Any]:
        """The records of a dataset, and its windows."""
        windows = self.windows(layout.windows) if layout.windows is not None else None
        return {"sets": self.plain(layout.records), "key": list(layout.key), "windows": windows}

    def windows(self, windows: Windows) -> dict[str, Any]:
        """The windows of a dataset."""
        table = [{key: self.plain(value) for key, value in vars(each).items() if value is not None} for each in windows.table]
        shown = {name: getattr(windows, name) for name in ("name", "date", "reference", "where")}
        starts = {str(period): str(name) for period, name in windows.starts.items()}
        return {**self.plain(shown), "starts": starts, "references": self.references(windows.references), "table": table}

    def step(self, step: Step) -> dict[str, Any]:
        """A step: what it does, on which records, and how."""
        found = {"step": type(step).__name__, "records": self.plain(step.records), "mark": self.place(step.mark)}
        return found | self.content(step)

    def content(self, step: Step) -> dict[str, Any]:
        """What a step does, whatever records it does it on."""
        match step:
            case CreateRecords():
                own = {"parameter_subjects": self.expression(step.parameter_subjects)} if step.parameter_subjects is not None else {}
                return {"subjects": self.expression(step.subjects), **own, "creations": [self.creation(each) for each in step.creations]}
            case CreateTogether():
                return {"steps": [self.step(each) for each in step.steps]}
            case Compute():
                return {"variable": step.variable, "kind": str(step.formula.kind), **self.formula(step.formula)}
            case TakeFromRule() | LeaveBlank():
                return {"variable": step.variable, "kind": str(step.kind)}
            case AssignWindow():
                return {"windows": step.windows.name}
            case DescribeWindow():
                return {"variable": step.variable, "kind": str(step.kind), "windows": step.windows.name, "bases": self.plain(step.bases)}

    def formula(self, formula: Formula) -> dict[str, Any]:
        """A bound formula."""
        ties = list(formula.call.ties) if formula.call is not None else []
        joined = {".".join(map(str, path)): self.plain(sets) for path, sets in formula.call.joined.items()} if formula.call is not None else {}
        named = [each for each in formula.call.arguments.values() if isinstance(each, ReferenceTable)] if formula.call is not None else []
        found = {
            "references": self.references(formula.references),
            "terms": self.plain(formula.terms),
            "joined": joined,
            "ties": ties,
            "tables": {table.name: table.digest for table in named},
        }
        return {"formula": bound(formula), **{name: value for name, value in found.items() if value}}

    def creation(self, creation: RecordCreation) -> dict[str, Any]:
        """One entry of `records:` or `add:`."""
        return {
            "rule": creation.rule.name,
            "arguments": argument(creation.arguments),
            "inputs": {name: self.input(each) for name, each in creation.inputs.items()},
            "sets": list(creation.variables),
            "copied": list(creation.copied),
            "mark": self.place(creation.mark),
        }

    def input(self, bound_input: BoundInput) -> dict[str, Any]:
        """The records a rule reads."""
        columns = {**bound_input.input.columns, **bound_input.input.late}
        return {
            "records": self.plain(bound_input.records),
            "columns": {name: str(expr) for name, expr in columns.items() if name not in bound_input.absent},
            "absent": sorted(bound_input.absent),
            "windows": bound_input.windows.windows.name if bound_input.windows is not None else "",
            "references": self.references(bound_input.references),
        }

    def expression(self, condition: BoundExpression | None) -> dict[str, Any] | None:
        """A bound expression."""
        if condition is None:
            return None
        return {"expression": str(condition.expr), "references": self.references(condition.references)}

    def references(self, references: Mapping[Name, Reference]) -> dict[str, Any]:
        """What names refer to."""
        return {str(name): self.reference(each) for name, each in references.items()}

    def reference(self, reference: Reference) -> dict[str, Any]:
        """What a name refers to; of a constant with its value."""
        if reference.binding is Binding.CONSTANT:
            return {"binding": str(reference.binding), "value": self.plain(self.plan.study.constants[reference.variable])}
        found: dict[str, Any] = {"binding": str(reference.binding), "owner": reference.owner, "variable": reference.variable}
        optional = {"parameter": reference.parameter, "collected": reference.raw, "sources": dict(reference.sources)}
        return found | {name: value for name, value in optional.items() if value}

    def place(self, mark: Mark) -> str:
        """A line of the specification."""
        return f"{self.files.get(mark.file, mark.file)}:{mark.line}:{mark.column}" if mark.file else ""

    def plain(self, value: object) -> Any:  # noqa: ANN401, C901, PLR0911  (JSON is anything; one case a type)
        """A value as JSON has it; what is empty in a model is left out."""
        match value:
            case ReferenceTable():
                return {"file": value.file, "columns": {name: [*map(shown, cells)] for name, cells in value.columns.items()}}
            case RecordSet():
                return {"dataset": value.dataset, "parameter": value.parameter, "origin": str(value.origin)}
            case Mark():
                return self.place(value)
            case Value() | Term() | Derivation():
                return written(value)
            case BaseModel():
                found = {name: getattr(value, name) for name in type(value).model_fields if name not in ("marks", "checks")}
                empty: tuple[object, ...] = (None, "", (), {}, False) if isinstance(value, ResolvedVariable) else (None, "", (), {})
                return {name: self.plain(each) for name, each in found.items() if not any(each is one or each == one for one in empty)}
            case Mapping():
                return {str(key): self.plain(each) for key, each in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.plain(each) for each in value]
            case Expr() | Name() | PurePath() | datetime.date():
                return str(value)
            case str():
                return str(value)
        if dataclasses.is_dataclass(value):
            return {each.name: self.plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return value
