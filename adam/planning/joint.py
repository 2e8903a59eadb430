"""Which sets of records are created in one call: the parameters of a family, and what `all` adds to every parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adam.catalog.record_rule import ParameterContext
from adam.planning.graph import Graph
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.record_sets import RecordSet


class JointCreations:
    """Numbers the sets of records, so that those that one call of a rule can create have the same number."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.models: dict[tuple[object, ...], list[tuple[int, RecordCreation]]] = {}

    def number(self, records: RecordSet) -> int | None:
        """The number of the sets that are created together; None for one that is created alone.

        The sets come from one entry of the YAML, by a rule that is `by_subject`, and their arguments differ at most in which records of a
        domain the condition selects.
        """
        dataset = self.graph.dataset(records.dataset) if self.graph.catalogue.is_dataset(records.dataset) else None
        created = self.graph.created(records)
        if dataset is None or len(created) != 1 or not created[0].rule.by_subject or dataset.parameters[records.parameter].subjects is not None:
            return None
        (creation,) = created
        copied = self.graph.added.copied(creation, records)
        models = self.models.setdefault((records.dataset, records.origin, creation.rule.name, creation.mark, creation.left, copied), [])
        for number, model in models:
            if _alike(model, creation):
                return number
        number = sum(map(len, self.models.values()))
        models.append((number, creation))
        return number


def _alike(first: RecordCreation, other: RecordCreation) -> bool:
    """Whether a rule does the same for two parameters, up to the records that it reads."""
    (mine,), (its,) = first.inputs.values(), other.inputs.values()
    return _of_all(first.context) == _of_all(other.context) and _arguments(first) == _arguments(other) and _same(mine, its)


def _of_all(context: ParameterContext) -> ParameterContext:
    return replace(context, parameter="")


def _arguments(creation: RecordCreation) -> dict[str, Any]:
    """The arguments; of the condition only whether there is one."""
    found = {name: getattr(creation.arguments, name) for name in type(creation.arguments).model_fields}
    return found | ({"where": found["where"] is not None} if creation.domain and "where" in found else {})


def _same(first: BoundInput, other: BoundInput) -> bool:
    facts = ("references", "terms", "kinds", "absent", "origins", "windows")
    return all(getattr(first, each) == getattr(other, each) for each in facts)
