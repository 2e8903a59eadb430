"""The contracts of the catalog, applied to the arguments of one study: values that checks read without the catalog."""

from __future__ import annotations

from dataclasses import replace

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.traceability import Traceability
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.contracts import ResolvedCreation, ResolvedDerivation
from adam.planning.values.creations import RecordCreation


def resolved_derivation(formula: ResolvedFormula | None) -> ResolvedDerivation | None:
    """What the derivation of a formula declares; None for an expression, or where the formula has errors."""
    if formula is None or not formula.derivation:
        return None
    known, arguments = DERIVATIONS[formula.derivation], formula.arguments
    families = {str(path[0]): names for path, names in formula.families.items()}
    return ResolvedDerivation(
        name=known.name,
        reach=known.looks,
        terms=known.contract.possible_terms(arguments),
        cases=known.contract.expected_cases(arguments, families),
        selection=known.contract.selection(arguments),
        of=getattr(arguments, "of", None) if known.contract.selection(arguments) is not None else None,
        where=getattr(arguments, "where", None),
        within=tuple(getattr(arguments, "within", None) or ()),
        order=getattr(arguments, "order", None) or (),
        records=formula.joined.get((), ""),
    )


def resolved_creation(creation: RecordCreation) -> ResolvedCreation:
    """What the rule of an entry declares of its records."""
    rule, arguments, context = creation.rule, creation.arguments, creation.context
    return ResolvedCreation(
        rule=rule.name,
        domain=creation.domain,
        variables=creation.variables,
        assigned=tuple(getattr(arguments, "assigned", ())),
        copied=creation.copied,
        is_added=context.added,
        always_has_value=rule.is_never_missing(arguments),
        gives_text=rule.gives_text(arguments),
        traceability=_traceability(creation),
        expected=rule.expected_records(arguments, context),
    )


def _traceability(creation: RecordCreation) -> tuple[Traceability, ...]:
    """Which source records the records name; a value that a formula defines is not the result of one of them."""
    ways = creation.rule.traceability(creation.arguments, creation.context)
    return tuple(replace(way, is_result=False, value=None) for way in ways) if "AVAL" in creation.left else ways
