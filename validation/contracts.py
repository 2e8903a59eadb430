"""The contracts of the catalog for one study: a formula or an entry of `records:` with its arguments, and what it declares.

No derivation and no record rule is known by name here, and none is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from adam.catalog.contract import ExpectedCase, PossibleTerms, Selection
from adam.catalog.derivation import Reach
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rule import ParameterContext, RecordRule
from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.catalog.traceability import ExpectedRecords, Traceability
from adam.expressions.parse import parse
from adam.expressions.tree import Name
from adam.planning.values import Derivation, Formula, Records, ResolvedDataset, ResolvedParameter, ResolvedStudy


@dataclass(frozen=True)
class BoundDerivation:
    """A derivation of a formula with its arguments."""

    study: ResolvedStudy
    name: str
    arguments: BaseModel

    @property
    def along(self) -> bool:
        """Whether it reads the other records of its dataset to flag one of them."""
        return DERIVATIONS[self.name].looks is Reach.ALONG

    @property
    def terms(self) -> PossibleTerms | None:
        """The texts it gives, if they are known."""
        return DERIVATIONS[self.name].contract.possible_terms(self.arguments)

    @property
    def selection(self) -> Selection | None:
        """Which value or record of a group it gives, if that can be declared."""
        return DERIVATIONS[self.name].contract.selection(self.arguments)

    @property
    def cases(self) -> tuple[ExpectedCase, ...] | None:
        """The value of a record, case by case, if it can be expressed so."""
        return DERIVATIONS[self.name].contract.expected_cases(self.arguments, self._families)

    @property
    def _families(self) -> dict[str, dict[int, Name]]:
        """For each argument with xx in its name, the variable of each period."""
        found = {}
        for field in type(self.arguments).model_fields:
            name = getattr(getattr(self.arguments, field), "bare", None)
            if name is not None and "xx" in name.last:
                found[field] = {number: _period(name, number) for number in self.study.periods}
        return found


def _period(name: Name, number: int) -> Name:
    found = parse(str(name).replace("xx", f"{number:02d}")).bare
    assert found is not None, "a name with digits is a name"
    return found


def bound(study: ResolvedStudy, formula: Formula | None) -> BoundDerivation | None:
    """Return the derivation of a formula; None if it is an expression or a term, or if its arguments are not valid (the plan reports it)."""
    known = DERIVATIONS.get(formula.name) if isinstance(formula, Derivation) else None
    if known is None or not isinstance(formula, Derivation):
        return None
    raw = formula.arguments if isinstance(formula.arguments, dict) or known.first is None else {known.first: formula.arguments}
    try:
        return BoundDerivation(study, known.name, known.model.model_validate(raw, context={"constants": study.constants}))
    except ValidationError:
        return None


@dataclass(frozen=True)
class BoundRecords:
    """An entry of `records:` or `add:` with its rule, its arguments and what the rule may know of the study."""

    rule: type[RecordRule]
    arguments: Any
    context: ParameterContext

    @property
    def traceability(self) -> tuple[Traceability, ...]:
        """The ways in which its records name their source."""
        return self.rule.traceability(self.arguments, self.context)

    @property
    def expected(self) -> ExpectedRecords | None:
        """Which records it creates of other records of the dataset, if that can be declared."""
        return self.rule.expected_records(self.arguments, self.context)

    @property
    def given_variables(self) -> tuple[str, ...]:
        """The variables its records have a value for."""
        return self.rule.given_variables(self.arguments)


def bound_records(study: ResolvedStudy, dataset: ResolvedDataset, entry: Records, parameter: str = "") -> BoundRecords | None:
    """Return an entry with its rule; None if there is no such rule or its arguments are not valid (the plan reports it)."""
    rule = (RECORD_RULES if parameter else DATASET_RECORD_RULES).get(entry.kind)
    if rule is None:
        return None
    context = ParameterContext(dataset.name, parameter, {}, {}, instruments=study.instruments, copied=dataset.copied)
    try:
        return BoundRecords(rule, rule.model.model_validate(entry.arguments), context)
    except ValidationError:
        return None


def records_of(study: ResolvedStudy, dataset: ResolvedDataset, parameter: ResolvedParameter, *, added: bool = True) -> list[BoundRecords]:
    """Return how the records of a parameter are created; without `added` only those of `records:`."""
    entries = (*parameter.records, *(parameter.add if added else ()))
    found = [bound_records(study, dataset, entry, parameter.name) for entry in entries]
    return [each for each in found if each is not None]


def source_of(study: ResolvedStudy, dataset: ResolvedDataset) -> Traceability | None:
    """Return which records of which domain a dataset without parameters has one record of."""
    found = bound_records(study, dataset, dataset.records) if dataset.records is not None else None
    return found.traceability[0] if found is not None else None


def domains_of(study: ResolvedStudy, dataset: ResolvedDataset) -> Iterator[str]:
    """Yield the domains whose variables SRC.X are on the records of a dataset."""
    entries = [(DATASET_RECORD_RULES, dataset.records)] if dataset.records is not None else []
    entries += [(RECORD_RULES, entry) for parameter in dataset.parameters.values() for entry in parameter.records]
    for rules, entry in entries:
        rule = rules.get(entry.kind)
        arguments = entry.arguments if isinstance(entry.arguments, dict) else {}
        domain = rule.source_domain(arguments, study.instruments) if rule is not None else ""
        if domain:
            yield domain
