"""Which formulas of a dataset can be evaluated on its file: the files or the source have every name."""

from __future__ import annotations

from adam.core.kinds import ValueKind
from adam.expressions.check import UnknownName
from adam.expressions.tree import Name
from adam.planning.values import ResolvedDataset, ResolvedVariable, Value
from validation.formulas import Reads, expressions
from validation.records import SUBJECTS, sequence
from validation.scope import Scope


def evaluable(scope: Scope, variable: ResolvedVariable, seen: tuple[str, ...] = ()) -> Reads | None:
    """The collected variables a formula reads, if it can be evaluated on the records of the dataset; None if it cannot."""
    model = scope.study.datasets.get(scope.dataset.name, scope.dataset)
    found = expressions(variable, model)
    if found is None or _elsewhere(variable, model):
        return None
    reads: Reads = []
    for name in [name for expr in found for name in expr.names]:
        each = _readable(scope, model, name, variable, (*seen, variable.name))
        if each is None:
            return None
        reads += each
    return reads


def _elsewhere(variable: ResolvedVariable, model: ResolvedDataset) -> bool:
    """Whether a formula is a bare source that other rules compare: a copy of another dataset, what the parameter or the window gives."""
    bare = variable.formula.expr.bare if isinstance(variable.formula, Value) else None
    return bare is not None and len(bare.parts) == 1 and bare.last in ("PARAMETER", "WINDOW")


def _readable(scope: Scope, model: ResolvedDataset, name: Name, of: ResolvedVariable, seen: tuple[str, ...]) -> Reads | None:
    if name.owner == "STUDY":
        return []
    if len(name.parts) > 2:
        return None
    if name.owner in ("", model.name):
        if name.last in model.temporary:
            return evaluable(scope, model.temporary[name.last], seen) if name.last not in seen else None
        return [] if name.last in model.variables and name.last != of.name else None
    if name.owner in scope.study.datasets:
        return _of_dataset(scope, name)
    return _collected(scope, model, name)


def _of_dataset(scope: Scope, name: Name) -> Reads | None:
    try:
        scope.kind(name)
    except UnknownName:
        return None
    return [(name.owner, "")]


def _collected(scope: Scope, model: ResolvedDataset, name: Name) -> Reads | None:
    """A variable of the subject's record, or of the one source record; None where the study changes it, or it need not be there."""
    domains = list(scope.domains)
    several = model.parameters and not {"SRCDOM", "SRCSEQ"} <= set(model.variables)
    owners = domains if name.owner == "SRC" else [name.owner]
    if not owners or several or (name.owner not in (SUBJECTS, "SRC") and (name.owner not in domains or model.parameters)):
        return None
    kinds: set[ValueKind] = set()
    reads: Reads = []
    for owner in owners:
        use = scope.study.sources.get(owner)
        if owner in scope.study.datasets or (owner != SUBJECTS and not model.parameters and sequence(owner) not in model.variables):
            return None
        known = (scope.headers or {}).get(owner, {})
        prefixed = f"{owner[:2]}{name.last}"
        last = (prefixed if prefixed in known or not known else name.last) if name.owner == "SRC" else name.last
        if use is not None and (last in use.variables or (last in use.optional and last not in known)):
            return None
        if known and last not in known:
            return None
        kinds.add(known.get(last, ValueKind.ANY))
        reads.append((owner, last))
    return reads if len(kinds) == 1 else None
