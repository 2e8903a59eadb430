"""The values a variable can have as far as the specification says: by its codelist, its parameters and windows, or the terms of its formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from adam.catalog.contract import LookupKeys
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.core.errors import Finding, Severity
from adam.core.kinds import OF_TYPE, ValueKind
from adam.core.located import mark_of
from adam.core.problems import Problems
from adam.expressions.check import UnknownName
from adam.expressions.possible import Possible, impossible, produced, values_of
from adam.expressions.tree import Call, Expr, Literal, Name, Node
from adam.planning.arguments import bound
from adam.planning.context import Context
from adam.planning.values.references import Binding, Reference
from adam.specification.codelists import closed
from adam.specification.models import Dataset, Derivation, Term, Value, Variable
from adam.specification.study import Study

if TYPE_CHECKING:
    from adam.planning.formulas import Formulas
    from adam.planning.scopes import FormulaScope

DEEPEST = 10
"""Formulas that read each other before the values of the first are no longer joined for."""


class Values:
    """The values that each name of a formula can have."""

    def __init__(self, programs: Formulas) -> None:
        self.programs = programs
        self.study, self.catalogue = programs.catalogue.study, programs.catalogue
        self.known: dict[tuple[str, str], Possible | None] = {}

    def of_ref(self, ref: Reference, depth: int = 0) -> Possible | None:
        """The values that a reference can have; None for a constant and for a collected variable, whose values only the data show."""
        if ref.raw or ref.binding in (Binding.CONSTANT, Binding.SRC):
            return None
        key = (ref.owner, ref.variable)
        if key not in self.known:
            self.known[key] = None  # while it is joined for: a formula that reads itself says nothing of its values
            variable = self.catalogue.variable(*key)
            self.known[key] = self._of(ref.owner, variable, depth) if variable is not None and depth <= DEEPEST else None
        return self.known[key]

    def _of(self, owner: str, variable: Variable, depth: int) -> Possible | None:
        dataset = self.study.datasets.get(owner)
        attributes = self.programs.attributes(owner, variable)
        listed = self.study.codelists.get(attributes.codelist)
        if listed is not None and not listed.extensible:
            number = attributes.type is not None and OF_TYPE[attributes.type] is not ValueKind.TEXT
            return None if number else closed(listed)
        if dataset is not None and isinstance(variable.formula, Value):
            made = self._made(dataset, variable)
            if made is not None:
                return made
        if dataset is not None and variable.name in given_somewhere(dataset):
            return None
        return self._by_formula(owner, variable, depth)

    def _made(self, dataset: Dataset, variable: Variable) -> Possible | None:
        """What `PARAMETER` and `WINDOW` give."""
        name = variable.formula.expr.bare if isinstance(variable.formula, Value) else None
        parameters = dataset.parameters.values()
        if str(name) == "PARAMETER" and not any(variable.name in each.variables for each in parameters):
            of = {"PARAMCD": ("code", [each.name for each in parameters]), "PARAM": ("label", [each.label for each in parameters])}
            of["PARCAT1"] = ("category", [each.category for each in parameters])
            word, listed = of.get(variable.name, ("", []))
            found = tuple(dict.fromkeys(each for each in listed if each))
            return Possible(f"the {word} of a parameter", found) if found else None
        table = self.study.windows.get(dataset.windows.use, {}) if dataset.windows else {}
        if str(name) == "WINDOW" and table and variable.name in ("AVISIT", "AVISITN"):
            named = variable.name == "AVISIT"
            values: Iterable[str | float] = table if named else [window.number for window in table.values()]
            return Possible(f"the {'name' if named else 'number'} of a window", tuple(values))
        return None

    def _by_formula(self, owner: str, variable: Variable, depth: int) -> Possible | None:
        what = "a value of its formula"
        formula = variable.formula
        if isinstance(formula, Term):
            return Possible(what, (str(formula.text),))
        if isinstance(formula, Derivation):
            found = terms_of(formula, self.study)
            return Possible(what, found) if found else None
        if not isinstance(formula, Value) or _numbered(variable):
            return self._numbers(owner, variable)
        values = values_of(formula.expr.root, lambda name: self._named(name, owner, variable, depth))
        return None if values is None or isinstance(formula.expr.root, Name) else Possible(what, tuple(sorted(values - {""}, key=str)))

    def _numbers(self, owner: str, variable: Variable) -> Possible | None:
        """The numbers of the codelist whose number a variable is."""
        root: Node | None = variable.formula.expr.root if isinstance(variable.formula, Value) else None
        argument = root.arguments[0] if isinstance(root, Call) and len(root.arguments) == 1 else None
        ref = self._ref(argument, owner, variable) if isinstance(argument, Name) else None
        source = self.catalogue.variable(ref.owner, ref.variable) if ref is not None and ref.binding is not Binding.CONSTANT else None
        codelist = self.study.codelists.get(self.programs.codelist_of(ref.owner, source)) if ref is not None else None
        if codelist is None or codelist.extensible or not codelist.numbers:
            return None
        return Possible(f"a number of codelist {codelist.name}", tuple(codelist.numbers.values()))

    def _named(self, name: Name, owner: str, variable: Variable, depth: int) -> Possible | None:
        ref = self._ref(name, owner, variable)
        return self.of_ref(ref, depth + 1) if ref is not None else None

    def _ref(self, name: Name, owner: str, variable: Variable) -> Reference | None:
        try:
            return self.catalogue.resolve(name, Context(owner, variable.name))
        except UnknownName:
            return None


def check_produced(programs: Formulas, variable: Variable, scope: FormulaScope, exprs: Iterable[Expr]) -> None:
    """Note each text a formula gives that the closed codelist of its variable does not hold.

    A literal must be a term; of a part that can give several texts, such as another variable with a codelist, one must be.
    """
    owner = scope.context.owner
    listed = closed(programs.catalogue.study.codelists.get(codelist_for(programs, owner, variable)))
    if listed is None:
        return
    for expr in exprs:
        for node, values in produced(expr.root, scope.possible):
            texts = sorted(each for each in values if isinstance(each, str))
            if texts and not set(texts) & set(listed.values):
                shown = f'"{texts[0]}"' if isinstance(node, Literal) else f"{node} gives {', '.join(texts)}, which"
                message = f"{shown} is not {listed.what}{listed.hint(texts[0])}"
                programs.problems.add(expr.place(node), f"{owner}.{variable.name}", message, "spec-unknown-term")


def check_keys(programs: Formulas, variable: Variable, scope: FormulaScope, derivation: str, lookup: LookupKeys) -> None:
    """Report each text that a derivation looks values up in although its source can never have it: the source has a closed codelist."""
    of = lookup.of
    values = values_of(of.root, scope.possible)
    for key in lookup.keys if values is not None else ():
        if key not in (values or ()):
            possible = scope.possible(of.bare) if of.bare is not None else None
            hint = possible.hint(key) if possible is not None else ""
            message = f'{derivation}: {of} never has the key "{key}"{hint}'
            programs.problems.add(mark_of(key, variable.mark), f"{scope.context.owner}.{variable.name}", message, "spec-unknown-term")


def collected_terms(study: Study, scope: FormulaScope, expr: Expr, variable: Variable | None) -> Iterator[Finding]:
    """A warning for each text that a collected variable is compared with though the codelist of its name has no such term: data may hold it."""

    def listed(name: Name) -> Possible | None:
        ref = scope.refs.get(name)
        return closed(study.codelists.get(ref.variable)) if ref is not None and ref.raw else None

    for never in impossible(expr, listed) if any(ref.raw for ref in scope.refs.values()) else ():
        if never.code == "spec-unknown-term" and isinstance(never.node, Literal):
            name = variable.name if variable is not None else ""
            message = f"{never.message.rstrip('.')}; no record is selected unless the data contain it"
            yield Finding("spec-term", Severity.WARNING, scope.context.owner, message, mark=expr.place(never.node), variable=name)


def codelist_for(programs: Formulas, owner: str, variable: Variable) -> str:
    """The codelist of a formula's variable; the formula of a parameter has that of the dataset's variable unless it says its own."""
    dataset = programs.catalogue.study.datasets.get(owner)
    own = dataset.variables.get(variable.name) if dataset is not None else None
    return variable.codelist or programs.codelist_of(owner, own if own is not None and not variable.temporary else variable)


def _numbered(variable: Variable) -> bool:
    root = variable.formula.expr.root if isinstance(variable.formula, Value) else None
    return isinstance(root, Call) and root.function == "codelist_number"


def terms_of(formula: Derivation, study: Study) -> tuple[str, ...]:
    """The terms of which a derivation gives one, by its contract; empty if it can give something else."""
    known = DERIVATIONS.get(formula.name)
    arguments = bound(formula, "", study, Problems()) if known is not None else None
    terms = known.contract.possible_terms(arguments) if known is not None and arguments is not None else None
    return terms.texts if terms is not None and terms.complete else ()


def given_somewhere(dataset: Dataset) -> frozenset[str]:
    """The variables that the records, or those of some parameter, may be given, so that the formula of the dataset is not all there is."""
    found = set(dataset.copied)
    rule = DATASET_RECORD_RULES.get(dataset.records.kind) if dataset.records is not None else None
    found |= set(rule.gives) if rule is not None else set()
    for parameter in dataset.parameters.values():
        found |= set(parameter.variables)
        for entry in (*parameter.records, *parameter.add):
            found |= set(RECORD_RULES[entry.kind].gives) if entry.kind in RECORD_RULES else set()
            written = entry.arguments if isinstance(entry.arguments, Mapping) else {}
            lists = [each for key in ("by", "copy") if isinstance(each := written.get(key), list)]
            found |= {str(name) for each in lists for name in each} | ({"ATPTN"} if "time_points" in written else set())
    return frozenset(found)
