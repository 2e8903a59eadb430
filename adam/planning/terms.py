"""The terms a formula gives, compared with the codelist of its variable before any data is read."""

from __future__ import annotations

from adam.catalog.contract import PossibleTerms
from adam.catalog.derivations import DERIVATIONS
from adam.core.located import mark_of
from adam.core.problems import Problems
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values import ResolvedVariable
from adam.specification.codelists import closed
from adam.specification.models import Dataset, Term, Variable
from adam.specification.study import Study


def check_terms(study: Study, dataset: Dataset, variable: Variable | ResolvedVariable, program: ResolvedFormula | None, problems: Problems) -> None:
    """Report each term of a variable's formula that is not in its codelist; an extensible codelist is open.

    Args:
        study: with all its codelists.
        dataset: of the variable.
        variable: resolved, so that its codelist is known.
        program: its formula; None if that has errors of its own.
        problems: receives the problems.
    """
    codelist = closed(study.codelists.get(variable.codelist))
    if codelist is None or variable.type != "text" or isinstance(variable.formula, Term):  # a term: is an expression of the plan
        return
    terms = possible_terms(program)
    for text in terms.texts if terms is not None else ():
        if text not in codelist.values:
            message = f'"{text}" is not {codelist.what}{codelist.hint(text)}'
            problems.add(mark_of(text, variable.mark), f"{dataset.name}.{variable.name}", message, "spec-unknown-term")


def possible_terms(program: ResolvedFormula | None) -> PossibleTerms | None:
    """The texts that a formula gives by the contract of its derivation; None if they are not known."""
    if program is None or not program.derivation:
        return None
    return DERIVATIONS[program.derivation].contract.possible_terms(program.arguments)
