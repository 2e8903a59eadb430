"""The arguments of a record rule: raw YAML to its model, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from re import fullmatch
from typing import Any

from pydantic import ValidationError

from adam.catalog.argument_kinds import expected_kinds
from adam.catalog.record_rule import Input, InputKind, ParameterContext, RecordRule
from adam.core.errors import Mark, did_you_mean
from adam.core.kinds import ValueKind, is_compatible
from adam.core.located import LocatedList, LocatedMap, mark_of
from adam.core.problems import Problems, as_problem, keys_without_value, place
from adam.expressions.tree import Expr
from adam.planning.names import StudyNames
from adam.specification.models import Dataset, Records


class RecordArguments:
    """Validates and checks the arguments of one entry of `records:` or `add:`; errors become problems of `subject`."""

    def __init__(
        self,
        catalogue: StudyNames,
        problems: Problems,
        rule: type[RecordRule],
        entry: Records,
        subject: str,
        events: Mapping[str, object],
    ) -> None:
        self.catalogue, self.problems = catalogue, problems
        self.rule, self.entry, self.subject, self.events = rule, entry, subject, events
        self.unknown = False

    def validated(self) -> Any:  # noqa: ANN401  (each rule has its own model)
        """The arguments in the model of the rule; None if they do not match it."""
        raw = self._with_events(self.entry.arguments if isinstance(self.entry.arguments, LocatedMap) else LocatedMap())
        empty = list(keys_without_value(raw, self.subject))
        self.problems.extend(empty)
        if empty or self.unknown:
            return None
        try:
            return self.rule.model.model_validate(raw, context={"tables": self.catalogue.study.tables})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                if detail["type"] == "missing":
                    name = ".".join(str(step) for step in detail["loc"])
                    mark = place(raw, detail["loc"][:-1])[1] if raw else self.entry.mark
                    self.problems.add(mark, self.subject, f"{self.rule.name} requires the argument '{name}'.", "spec-missing-argument")
                    continue
                self.problems.extend([as_problem(detail, raw, self.subject, self.rule.model)])
            return None

    def _with_events(self, raw: LocatedMap) -> LocatedMap:
        """The arguments with the blocks of `events:` in place of their names."""
        found = LocatedMap.at(raw, raw.mark)
        for path in self.rule.event_lists:
            *outer, last = path.split(".")
            block: object = found
            for key in outer:
                inner = block.get(key) if isinstance(block, LocatedMap) else None
                if isinstance(block, LocatedMap) and isinstance(inner, LocatedMap):
                    block[_written(block, key)] = inner = LocatedMap.at(inner, inner.mark)
                block = inner
            if isinstance(block, LocatedMap) and isinstance(block.get(last), LocatedList):
                entries = LocatedList(self._event(each) for each in block[last])
                entries.mark = block[last].mark
                block[_written(block, last)] = entries
        return found

    def _event(self, entry: object) -> object:
        """The block of a named event; an entry that is no name, or no known one, is itself."""
        if not isinstance(entry, str):
            return entry
        if entry in self.events:
            return self.events[entry]
        self.unknown, known = True, ", ".join(self.events) or "none"
        message = f"There is no event '{entry}'{did_you_mean(entry, self.events)} Events are defined under events:; known events: {known}."
        self.problems.add(mark_of(entry, self.entry.mark), self.subject, message, "spec-unknown-event")
        return entry

    def are_wrong(self, arguments: Any, context: ParameterContext) -> bool:  # noqa: ANN401
        """Whether a visit is named that no window has, or the rule finds its arguments wrong."""
        unknown = [number for number in getattr(arguments, "visits", ()) if number not in context.visits]
        for number in unknown:
            known = ", ".join(f"{n:g}" for n in context.visits) or "none"
            message = f"{self.entry.kind}: No analysis window has the number {number:g}; known numbers: {known}."
            self.problems.add(self.entry.mark, self.subject, message, "spec-unknown-visit")
        found = [] if unknown else list(self.rule.argument_errors(arguments, context))
        for fault in found:
            mark = self.entry.mark if fault.expr is None else fault.expr.mark if fault.node is None else fault.expr.place(fault.node)
            self.problems.add(mark, self.subject, fault.message, fault.code)
        return bool(unknown or found)

    def check_written(self, dataset: Dataset, arguments: Any) -> None:  # noqa: ANN401
        """Report an argument whose value no variable of the dataset has."""
        for argument, variable in (("text", "AVALC"), ("dtype", "DTYPE")):
            if getattr(arguments, argument, None) and variable not in {**dataset.variables, **dataset.temporary}:
                cure = f"Add {variable}: PARAMETER to its variables:, or delete {argument}"
                message = f"{self.entry.kind}: {argument} has no effect: {dataset.name} has no variable {variable}. {cure}."
                self.problems.add(self.entry.mark, self.subject, message, "spec-unknown-variable")

    def has_unknown_parameter(self, dataset: Dataset, base: Input) -> bool:
        """Note the domains and parameters of an input that do not exist; whether a parameter does not."""
        unknown = [name for name in base.names if base.on is InputKind.PARAMETERS and name not in dataset.parameters]
        for name in base.names:
            if base.on is InputKind.DOMAIN and not self.catalogue.is_domain(name) and not self.catalogue.is_dataset(name):
                known = [*self.catalogue.study.datasets, *self.catalogue.study.sources, *(self.catalogue.headers or ())]
                where = " in the data" if self.catalogue.headers is not None else ""
                message = f"There is no domain {name}{where}{did_you_mean(name, known)}"
                if self.catalogue.headers is None and fullmatch("[A-Z][A-Z0-9]{2,7}", name):
                    message += f" If it is a source file, check with --sdtm, or declare it in study.yaml: sources: {{{name}: {{}}}}."
                self.problems.add(self.entry.mark, self.subject, message, "source-no-domain")
            if name in unknown:
                message = f"{dataset.name} has no parameter {name}{did_you_mean(name, dataset.parameters)}"
                self.problems.add(self.entry.mark, self.subject, message, "spec-unknown-parameter")
        return bool(unknown)

    def check_kind(self, column: str, expr: Expr, kind: ValueKind, base: Input, arguments: Any) -> None:  # noqa: ANN401
        """Report an expression whose kind is not the one that the rule declares."""
        declared = [(what, expected) for what, each, expected in expected_kinds(arguments) if each is expr]
        what, expected = declared[-1] if declared else (column, base.kinds.get(column, ValueKind.ANY))
        if not is_compatible(kind, expected):
            message = f"{self.entry.kind}: {what} must be {expected.article}; {expr} is {kind.article}."
            self.problems.add(self.place(expr), self.subject, message, "spec-wrong-kind")

    def check_assigned(self, variable: str, expr: Expr, kind: ValueKind, expected: ValueKind | None) -> None:
        """Report a variable of `set` that the dataset does not have, or a value of another kind than the variable has."""
        if expected is None:
            message = f"{self.entry.kind}: set has {variable}, which is not a variable of the dataset. Add it to variables:, or delete the entry."
            self.problems.add(self.place(expr), self.subject, message, "spec-unknown-variable")
        elif not is_compatible(kind, expected):
            message = f"{self.entry.kind}: {variable} is {expected.article}, but set gives it {kind.article}: {expr}."
            self.problems.add(self.place(expr), self.subject, message, "spec-wrong-kind")

    def place(self, expr: Expr) -> Mark:
        """The line of an expression; of the entry where a rule reads it of its own accord."""
        return expr.mark if expr.mark.line else self.entry.mark


def _written(block: LocatedMap, key: str) -> str:
    """A key of a block with its place."""
    return next(each for each in block if each == key)
