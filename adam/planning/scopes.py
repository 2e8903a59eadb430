"""Names as one formula sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from adam.core.kinds import ValueKind
from adam.expressions.check import Scope
from adam.expressions.possible import Possible
from adam.expressions.tree import Name
from adam.planning.context import Context
from adam.planning.values.references import Binding, Reference
from adam.specification.models import Variable

if TYPE_CHECKING:
    from adam.planning.formulas import Formulas


class FormulaScope(Scope):
    """Names as one formula sees them; remembers what each stood for."""

    def __init__(self, programs: Formulas, context: Context, own: Variable | None) -> None:
        self.programs, self.context, self.variable = programs, context, own
        self.refs: dict[Name, Reference] = {}
        self.known: dict[Name | None, Mapping[str, float]] = {}

    @property
    def subject(self) -> str:
        """The variable, as messages name it."""
        return f"{self.context.owner}.{self.variable.name}" if self.variable is not None else self.context.owner

    def kind(self, name: Name) -> ValueKind:
        if len(name.parts) == 1 and name.last in self.context.supplied:
            return self.context.supplied[name.last]
        ref = self.programs.catalogue.resolve(name, self.context)
        kind = self.programs.kind_of_ref(ref, self.context)
        self.refs[name] = replace(ref, kind=kind) if ref.binding is Binding.SRC else ref
        return kind

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        found = self.programs.catalogue.study.constants.get(name.last) if name.owner == "STUDY" else None
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        codelist = self.programs.codelist_of(self.context.owner, self.variable) if name is None else self.of_name(name)
        entry = self.programs.catalogue.study.codelists.get(codelist)
        found = entry.numbers if entry else {}
        if found:
            self.known[name] = found
        return found or None

    def possible(self, name: Name) -> Possible | None:
        """The values a name can have; None if any may be."""
        ref = self.refs.get(name)
        return self.programs.values.of_ref(ref) if ref is not None else None

    def of_name(self, name: Name) -> str:
        ref = self.refs.get(name) or self.programs.catalogue.resolve(name, self.context)
        return self.programs.codelist_of(ref.owner, self.programs.catalogue.variable(ref.owner, ref.variable))
