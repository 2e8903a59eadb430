"""What the value of a source record is read from, and whether a variable is left to a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.expressions.tree import Expr, Name
from adam.planning.formulas import Formulas
from adam.planning.names import StudyNames
from adam.planning.values.references import Reference
from adam.specification.models import Dataset, Parameter, Value


def has_formula(dataset: Dataset, parameter: Parameter, name: str) -> bool:
    """Whether a formula of the dataset, or of the parameter, defines a variable (not `PARAMETER`)."""
    variable = dataset.variables.get(name) or dataset.temporary.get(name)
    if variable is None:
        return False
    bare = variable.formula.expr.bare if isinstance(variable.formula, Value) else None
    return name in parameter.variables or bare is None or bare != Name(("PARAMETER",))


class Origins:
    """Finds the one variable of a source that an expression reads."""

    def __init__(self, catalogue: StudyNames, programs: Formulas) -> None:
        self.catalogue, self.programs = catalogue, programs

    def of(self, expr: Expr, refs: Mapping[Name, Reference], domain: str) -> str:
        """The one variable of a source an expression is read from; blank if there are several, or none."""
        found = {variable for name in expr.names if name in refs for variable in self.collected(refs[name], domain, frozenset())}
        return found.pop() if len(found) == 1 else ""

    def collected(self, ref: Reference, domain: str, seen: frozenset[str]) -> Iterator[str]:
        """The variables of the source that a name refers to: itself, or what a prepared variable that the data lack is made of."""
        if ref.owner != domain or ref.variable in seen:
            return
        if self.catalogue.is_dataset(domain) or ref.raw or not self.catalogue.is_absent(domain, ref.variable):
            yield ref.variable
            return
        program = self.programs.program(domain, ref.variable)
        for inner in program.refs.values() if program is not None else ():
            yield from self.collected(inner, domain, seen | {ref.variable})
