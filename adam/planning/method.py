"""Method texts: what a formula does, in complete sentences for a reader who knows neither the language nor this program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.prose import Prose, sentence
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Literal, Missing, Name
from adam.planning.names import StudyNames
from adam.planning.prepared import plain
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.creations import RecordCreation
from adam.planning.values.references import Binding, Reference

LISTED = 3
"""How many source variables of SRC.X a text names."""


def method_text(formula: ResolvedFormula | None, names: StudyNames) -> str:
    """The method text of a formula, for Define-XML where the specification has no `method:`; blank for `PARAMETER` and `WINDOW`.

    Args:
        formula: the resolved formula; None where it has errors.
        names: the names of the study, for its constants and for the variables that SRC.X is.
    """
    if formula is None or formula.elsewhere:
        return ""
    prose = Prose(
        constants=names.study.constants,
        names=shown_names(formula.refs, names, formula.context.owner),
        kind=formula.kind,
        records=_records(formula.joined.get((), "")),
        families={str(path[0]): family for path, family in formula.families.items()},
    )
    text = (
        _expression(formula.expr, prose)
        if formula.expr is not None
        else DERIVATIONS[formula.derivation].contract.method_text(formula.arguments, prose)
    )
    where = f" Only where {prose.condition(formula.where)}; {prose.nothing} elsewhere." if formula.where is not None else ""
    return f"{sentence(text)}{where}"


def creation_text(creation: RecordCreation, names: StudyNames) -> str:
    """How the records of one entry of `records:` or `add:` are created, and what AVAL is on them."""
    owner = creation.context.dataset
    refs = {name: ref for each in creation.inputs.values() for name, ref in each.references.items()}
    shown = _source_names(refs, names, [creation.domain] if creation.domain else [], owner)
    inputs = {name: _source_names(each.references, names, each.input.names, owner) for name, each in creation.inputs.items()}
    prose = Prose(constants=names.study.constants, names=shown, kind=ValueKind.NUMBER, inputs=inputs)
    return sentence(creation.rule.method_text(creation.arguments, creation.context, prose))


def shown_names(refs: Mapping[Name, Reference], names: StudyNames, owner: str) -> dict[Name, str]:
    """How a text shows the names that are not shown as they are written: SRC.X, and variables on the records of a parameter."""
    domains = names.domains_of(names.study.datasets[owner]) if names.is_dataset(owner) else ()
    parameters = {name: f"{name.owner}.{name.last}" for name in refs if len(name.parts) > 2}
    return {**parameters, **_source_names(refs, names, domains, owner)}


def _source_names(refs: Mapping[Name, Reference], names: StudyNames, domains: Iterable[str], owner: str) -> dict[Name, str]:
    found = {}
    for name, ref in refs.items():
        if ref.binding is Binding.SRC or name.owner == "SRC":
            each = (f"{domain}.{plain(names.src_variable(domain, name.last, owner))}" for domain in domains)
            variables = list(dict.fromkeys(each))
            found[name] = " or ".join(variables) if variables and len(variables) <= LISTED else f"{name.last} of the source record"
    return found


def _records(owner: str) -> str:
    """The records a summary reads: of a domain, a dataset, or one parameter of a dataset."""
    dataset, _, parameter = owner.partition(".")
    return f'{dataset} records with PARAMCD "{parameter}"' if parameter else f"{dataset} records" if dataset else "records"


def _expression(expr: Expr, prose: Prose) -> str:
    root = expr.root
    if isinstance(root, Missing):
        return "Always missing."
    if isinstance(root, Literal):
        return f"Always {prose.value(expr)}."
    return f"Equal to {prose.value(expr)}." if isinstance(root, Name) else prose.value(expr)
