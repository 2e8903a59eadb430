"""Method texts: what a formula does, in complete sentences for a reviewer who has only define.xml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.phrases import coded
from adam.catalog.prose import Prose, sentence
from adam.core.kinds import ValueKind
from adam.expressions.check import UnknownName
from adam.expressions.tree import Expr, Literal, Missing, Name
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.names import DOMAIN
from adam.planning.prepared import plain
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.creations import RecordCreation
from adam.planning.values.references import Binding, Reference
from adam.specification.dictionary import label_of_sdtm

LISTED = 3
"""How many source variables of SRC.X a text names."""
Refs = Mapping[Name, Reference]


@dataclass(frozen=True)
class Citation:
    """How a text shows a variable. `intermediate` if the variable is not in the data a reviewer has: its definition follows the text."""

    text: str
    owner: str
    variable: str
    intermediate: bool = False


class MethodTexts:
    """Method texts of formulas and record rules. `home` is the dataset whose variables a text shows without their dataset."""

    def __init__(self, programs: Formulas) -> None:
        self.programs, self.catalogue = programs, programs.catalogue

    def of(self, formula: ResolvedFormula | None, home: str = "", domains: Iterable[str] | None = None) -> str:
        """The method text of a formula; blank for `PARAMETER` and `WINDOW`, and for a formula with errors.

        Args:
            formula: the resolved formula.
            home: the dataset that the text is for; that of the formula if it is not given.
            domains: the domains that SRC.X is a variable of; those of the dataset if they are not given.
        """
        if formula is None or formula.elsewhere:
            return ""
        home = home or formula.context.owner
        prose = Prose(
            constants=self.catalogue.study.constants,
            names=self.names(formula.refs, formula.context.owner, home, domains),
            kind=formula.kind,
            records=_records(formula.joined.get((), "")),
            families={str(path[0]): family for path, family in formula.families.items()},
            kinds=self.kinds(formula.refs, formula.context),
            terms=formula.terms,
        )
        contract = DERIVATIONS[formula.derivation].contract if formula.derivation else None
        text = contract.method_text(formula.arguments, prose) if contract is not None else _expression(formula.expr, prose)
        return _conditional(sentence(text), formula.where, prose)

    def condition(self, expr: Expr, refs: Refs, home: str) -> str:
        """A condition of a dataset, such as that of its subjects."""
        prose = Prose(self.catalogue.study.constants, self.names(refs, home, home), kinds=self.kinds(refs, Context(home)))
        return prose.condition(expr)

    def created(self, creation: RecordCreation) -> str:
        """How the records of one entry of `records:` or `add:` are created, and what AVAL is on them."""
        home = creation.context.dataset
        domains = [creation.domain] if creation.domain else []
        refs = refs_of([creation])
        inputs = {name: self.names(each.references, home, home, each.input.names) for name, each in creation.inputs.items()}
        prose = Prose(
            constants=self.catalogue.study.constants,
            names=self.names(refs, home, home, domains),
            kind=ValueKind.NUMBER,
            inputs=inputs,
            kinds=self.kinds(refs, Context(home)),
        )
        return sentence(creation.rule.method_text(creation.arguments, creation.context, prose))

    def kinds(self, refs: Refs, context: Context) -> dict[Name, ValueKind]:
        """The kinds of the names of a formula, as far as they are known."""
        found = {}
        for name, ref in refs.items():
            try:
                found[name] = self.programs.kind_of_ref(ref, context)
            except UnknownName:
                found[name] = ValueKind.ANY
        return found

    def names(self, refs: Refs, owner: str, home: str, domains: Iterable[str] | None = None) -> dict[Name, str]:
        """How a text shows the names of a formula."""
        found = {}
        for name, ref in refs.items():
            texts = list(dict.fromkeys(each.text for each in self.cited(name, ref, owner, home, domains)))
            if texts:
                found[name] = " or ".join(texts) if len(texts) <= LISTED else f"--{name.last} of the source record"
        return found

    def cited(self, name: Name, ref: Reference, owner: str, home: str, domains: Iterable[str] | None = None) -> list[Citation]:
        """What a name is shown as; several variables for SRC.X of several domains, none for a constant, which is shown by its value."""
        if ref.binding is Binding.CONSTANT:
            return []
        if ref.binding is not Binding.SRC:
            return [self.cite(ref.owner, ref.variable, home, raw=ref.raw)]
        if domains is None:
            domains = self.catalogue.domains_of(self.catalogue.study.datasets[owner]) if self.catalogue.is_dataset(owner) else ()
        return [self.cite(domain, self.catalogue.src_variable(domain, name.last, owner), home) for domain in domains]

    def cite(self, owner: str, variable: str, home: str = "", raw: bool = False) -> Citation:
        """How a text shows a variable of a dataset or a domain.

        A supplemental qualifier is shown as the value of its record in SUPP--; a collected variable that the study replaces is shown as
        collected.
        """
        name = plain(variable)
        own = name if owner == home else f"{owner}.{name}"
        if self.catalogue.is_dataset(owner):
            return Citation(own, owner, variable, variable in self.catalogue.study.datasets[owner].temporary)
        prepared = self.catalogue.use(owner).variables
        if not raw and variable in prepared:
            return Citation(own, owner, variable, intermediate=True)
        if self._is_qualifier(owner, name):
            return Citation(f'SUPP{owner}.QVAL where SUPP{owner}.QNAM is "{name}"', owner, variable)
        replaced = self.catalogue.prepared(owner, name, home) in prepared
        return Citation(f"the collected {own}" if replaced else own, owner, variable)

    def _is_qualifier(self, domain: str, name: str) -> bool:
        """Whether a name is a supplemental qualifier: of the data, or one that the data lack and SDTM does not define."""
        headers = self.catalogue.headers
        if headers is None or not DOMAIN.fullmatch(domain):
            return False
        header = headers.get(domain)
        if header is not None and name in header.variables:
            return False
        known = header is not None and name in header.qualifiers
        return known or not label_of_sdtm(self.catalogue.study.dictionary, name)


def refs_of(creations: Iterable[RecordCreation]) -> dict[Name, Reference]:
    """Everything that the entries of `records:` or `add:` name."""
    return {name: ref for creation in creations for each in creation.inputs.values() for name, ref in each.references.items()}


def _records(owner: str) -> str:
    """The records a summary reads: of a domain, a dataset, or one parameter of a dataset."""
    dataset, _, parameter = owner.partition(".")
    return f'{dataset} records with PARAMCD "{parameter}"' if parameter else f"{dataset} records" if dataset else "records"


def _conditional(text: str, where: Expr | None, prose: Prose) -> str:
    """A text with the condition of its records; a plain value has it in the same sentence."""
    if where is None:
        return text
    if not any(part in text[:-1] for part in (" if ", "; ", ". ", " where ")):
        return f"{text[:-1]}{',' if ',' in text else ''} if {prose.condition(where)}; otherwise {prose.nothing}."
    return f"{text} Only where {prose.condition(where)}; {prose.nothing} elsewhere."


def _expression(expr: Expr | None, prose: Prose) -> str:
    if expr is None or isinstance(expr.root, Missing):
        return "Always missing."
    if isinstance(expr.root, Literal):
        return f"Set to {prose.value(expr)}." if expr.root.value != "" else "Always blank."
    if text := coded(prose, expr.root):
        return f"{text}; otherwise {prose.nothing}."
    return f"Equal to {prose.value(expr)}." if isinstance(expr.root, Name) else prose.value(expr)
