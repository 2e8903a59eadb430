"""Follows a value through the steps of a plan, on the records of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from adam.core.errors import NOWHERE, Mark
from adam.engine.view import Data
from adam.expressions.tree import Name
from adam.planning.values.formulas import Formula
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordOrigin, RecordSet
from adam.planning.values.references import Binding, Reference
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, LeaveBlank, TakeFromRule
from adam.tracing.joined_records import Place, read_records
from adam.tracing.values import TracedValue, shown

ValueStep = Compute | TakeFromRule | LeaveBlank | DescribeWindow
"""The steps that give a variable its values."""
SHOWN = 5
"""How many of the records that a value summarizes are shown."""
BEFORE = "traced above"
BLANK = ('""', "missing")


class Tracer:
    """The steps of a plan by the records and the variable they make; `most` is how many records of a summary are shown."""

    def __init__(self, plan: Plan, data: Data, most: int = SHOWN) -> None:
        self.plan, self.data, self.most = plan, data, most
        self.steps: dict[tuple[RecordSet, str], ValueStep] = {}
        self.created: dict[RecordSet, CreateRecords] = {}
        for step in plan.steps:
            if isinstance(step, CreateRecords | CreateTogether):
                self.created |= {each.target: each for each in (step.steps if isinstance(step, CreateTogether) else (step,))}
            elif not isinstance(step, AssignWindow):
                self.steps |= {(records, step.variable): step for records in step.records}
        self.seen: set[tuple[RecordSet, int, str]] = set()

    def trace(self, records: RecordSet, row: int, variable: str) -> TracedValue:
        """The value of a variable on one record, with everything it was made from; what was traced before is only named."""
        found = self.alone(records, row, variable)
        key = (records, row, variable)
        if key in self.seen:
            return replace(found, note=BEFORE, method="") if (records, variable) in self.steps else found
        self.seen.add(key)
        step = self.steps.get((records, variable))
        if step is None:
            return found
        made_from, note = self._inputs(step, records, row)
        return replace(found, made_from=tuple(made_from), note=note)

    def alone(self, records: RecordSet, row: int, variable: str) -> TracedValue:
        """The value of a variable on one record, without what it was made from."""
        value = shown(self.data.column(records, variable).iloc[row])
        step = self.steps.get((records, variable))
        method, mark = self._method(step, records, variable) if step is not None else ("", NOWHERE)
        return TracedValue(f"{records.dataset}.{variable}", value, self.record(records, row), method, mark)

    def record(self, records: RecordSet, row: int) -> str:
        """What identifies a record within its subject."""
        owner, table = records.dataset, self.data.tables[records]
        if records.origin is RecordOrigin.COLLECTED:
            names: Sequence[str] = (f"{owner[:2]}SEQ",)
        else:
            names = [name for name in self.data.layouts[owner].key if name not in ("STUDYID", "USUBJID")]
        known = [name for name in names if table.has(name)]
        return " ".join(f"{name}={shown(self.data.column(records, name).iloc[row])}" for name in known)

    def _method(self, step: ValueStep, records: RecordSet, variable: str) -> tuple[str, Mark]:
        """The text and the line of a step."""
        if isinstance(step, LeaveBlank):
            return "Blank on records of this kind.", step.mark
        dataset = self.plan.datasets.get(records.dataset)
        own = dataset.parameters.get(records.parameter) if dataset is not None else None
        known = (own.variables.get(variable) or own.formulas.get(variable)) if own is not None else None
        if known is None and dataset is not None:
            known = dataset.variables.get(variable) or dataset.temporary.get(variable)
        text = known.method if known is not None else ""
        formula = step.formula if isinstance(step, Compute) else None
        return (formula.method if formula is not None and formula.method else text), step.mark

    def _inputs(self, step: ValueStep, records: RecordSet, row: int) -> tuple[list[TracedValue], str]:
        """What a step reads for one record, and a note."""
        match step:
            case Compute():
                return self._computed(step, records, row)
            case DescribeWindow():
                return list(self._references(step.windows.references, records, row)), ""
            case TakeFromRule():
                return self._from_rule(records, row)
        return [], ""

    def _computed(self, step: Compute, records: RecordSet, row: int) -> tuple[list[TracedValue], str]:
        """What a formula reads: of the record, and of each record that it summarizes.

        A formula along the dataset usually reads the record itself as one of the latter. If its condition does not select the record and
        it is blank, what the condition reads of it is shown.
        """
        formula = step.formula
        summary = read_records(formula, self.data, step.records, records, row)
        along = formula.call is not None and formula.call.along
        value = shown(self.data.column(records, step.variable).iloc[row])
        found = [] if along else list(self._references(formula.references, records, row))
        if summary is None:
            return found, ""
        if along and (records, row) not in summary and value in BLANK:
            found = list(self._references(_of_condition(formula), records, row))
        binding = Binding.OWN if along else Binding.JOINED
        read = [ref for ref in formula.references.values() if ref.binding is binding]
        names = {each.dataset: list(dict.fromkeys(ref.variable for ref in read if along or ref.owner == each.dataset)) for each, _ in summary}
        for each, place in self._first(summary, names, (records, row), value):
            found += [self.trace(each, place, name) for name in names[each.dataset]]
        left = len(summary) - self.most
        if not summary:
            return found, "no record matches"
        return found, f"{left} more of the {len(summary)} records are not shown" if left > 0 else ""

    def _first(self, summary: Sequence[Place], names: Mapping[str, Sequence[str]], own: Place, value: str) -> list[Place]:
        """The records of a summary that are shown, in its order: the record itself and those that have the value before any other."""
        if len(summary) <= self.most:
            return list(summary)
        text = value.strip('"')

        def has_value(place: Place) -> bool:
            records, row = place
            texts = (shown(self.data.column(records, name).iloc[row]).strip('"') for name in names[records.dataset])
            return value not in BLANK and any(each.startswith(text) for each in texts)

        ranked = sorted(range(len(summary)), key=lambda number: (summary[number] != own, not has_value(summary[number])))
        return [summary[number] for number in sorted(ranked[: self.most])]

    def _references(self, references: Mapping[Name, Reference], records: RecordSet, row: int) -> Iterator[TracedValue]:
        """The values of the names of a formula on one record, but those of the records it summarizes."""
        table = self.data.tables[records]
        for name, ref in references.items():
            if ref.binding is Binding.OWN:
                yield self._collected(records, row, ref.variable) if ref.raw else self.trace(records, row, ref.variable)
            elif ref.binding is Binding.CONSTANT:
                yield TracedValue(str(name), shown_constant(self.data.constants[ref.variable]))
            elif ref.binding is Binding.SUBJECT:
                yield self._at(ref.owner, int(self.data.of_subject(ref.owner)[table.subject[row]]), ref.variable)
            elif ref.binding is not Binding.JOINED:
                yield from self._of_source(ref, records, row)

    def _collected(self, records: RecordSet, row: int, variable: str) -> TracedValue:
        """A variable as it was collected, where the study prepares one of the same name."""
        value = shown(self.data.column(records, variable, raw=True).iloc[row])
        return TracedValue(f"{records.dataset}.{variable}", value, self.record(records, row))

    def _of_source(self, ref: Reference, records: RecordSet, row: int) -> Iterator[TracedValue]:
        """A variable of the source record of a record."""
        table = self.data.tables[records]
        for domain in (ref.owner,) if ref.binding is Binding.SOURCE else tuple(table.rows):
            variable = ref.variable if ref.binding is Binding.SOURCE else ref.source_variable(domain)
            place = int(table.source_rows(domain, variable)[row])
            if place >= 0 or ref.binding is Binding.SOURCE:
                yield self._at(domain, place, variable)

    def _at(self, owner: str, row: int, variable: str) -> TracedValue:
        """A variable of a record of an owner, whose records are numbered through all its sets."""
        if row < 0:
            return TracedValue(f"{owner}.{variable}", "missing", note="the subject has no such record")
        for records in self.data.records(owner):
            size = len(self.data.tables[records])
            if row < size:
                return self.trace(records, row, variable)
            row -= size
        raise AssertionError(f"{owner} has no record {row}")

    def _from_rule(self, records: RecordSet, row: int) -> tuple[list[TracedValue], str]:
        """The records that a record rule made this one from, each with the variables that the rule reads."""
        step, table = self.created[records], self.data.tables[records]
        found: list[TracedValue] = []
        for domain, rows in table.rows.items():
            if rows[row] >= 0:
                found += [self._at(domain, int(rows[row]), name) for name in self._read_of(step, domain)]
        for sets, rows in table.origins:
            place = int(rows[row])
            for each in sets if place >= 0 else ():
                size = len(self.data.tables[each])
                if 0 <= place < size:
                    names = self._read_of(step, each.dataset)
                    found += [self.trace(each, place, name) for name in names if self.data.tables[each].has(name)]
                place -= size
        return found, "" if found else "no single record is behind it"

    def _read_of(self, step: CreateRecords, domain: str) -> list[str]:
        """The variables of a domain that the rules of a step read."""
        inputs = [bound for each in step.creations for bound in each.inputs.values() if bound.owner == domain]
        read = [ref for bound in inputs for ref in bound.references.values()]
        names = dict.fromkeys(dict(ref.sources).get(domain, ref.variable) for ref in read if ref.binding is not Binding.CONSTANT)
        tables = [self.data.tables[records] for records in self.data.records(domain)]
        return [name for name in names if any(table.has(name) for table in tables)]


def _of_condition(formula: Formula) -> dict[Name, Reference]:
    """The references of the condition of a derivation."""
    condition = formula.call.arguments.get("where") if formula.call is not None else None
    names = set(condition.names) if condition is not None else set()
    return {name: ref for name, ref in formula.references.items() if name in names}


def shown_constant(value: object) -> str:
    """A constant of the study."""
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def located(data: Data, dataset: str, row: int) -> tuple[RecordSet, int]:
    """The set of records and the row there of a record of a dataset, numbered through all its sets."""
    for records in data.records(dataset):
        size = len(data.tables[records])
        if row < size:
            return records, row
        row -= size
    raise AssertionError(f"{dataset} has no record {row}")
