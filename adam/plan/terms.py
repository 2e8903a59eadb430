"""The literal terms a formula gives, against the codelist of its variable: a term that can never be right is told before data are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adam.expressions.possible import Possible
from adam.plan.formulas import ResolvedFormula
from adam.plan.possible_values import FLAGS
from adam.plan.values import ResolvedVariable
from adam.specification.codelists import closed
from adam.specification.located import mark_of
from adam.specification.models import Dataset, Study, Term, Variable
from adam.specification.problems import Problems

WORDS = ("term", "terms", "map", "otherwise")
"""The arguments of derivations that are taken as written."""


def check_terms(study: Study, dataset: Dataset, variable: Variable | ResolvedVariable, program: ResolvedFormula | None, problems: Problems) -> None:
    """Note each literal term of a variable's formula that its codelist does not hold; an extensible one may hold more.

    Args:
        study: with all its codelists.
        dataset: of the variable.
        variable: resolved, so that its codelist is known.
        program: its formula; None where that has faults of its own.
        problems: where problems go.
    """
    codelist = closed(study.codelists.get(variable.codelist))
    if codelist is None or variable.type != "text" or isinstance(variable.formula, Term):  # a term: is an expression of the plan
        return
    found = list(written_texts(program.arguments)) if program is not None and program.arguments is not None else []
    for text in dict.fromkeys(found):
        _note(text, codelist, dataset, variable, problems)
    flags = FLAGS.get(program.derivation, ()) if program is not None else ()
    for text in flags:
        if text not in codelist.values:
            message = f"{program.derivation if program else ''} gives {text}, which is not {codelist.what}{codelist.hint(text)}"
            problems.add(variable.mark, f"{dataset.name}.{variable.name}", message, "spec-unknown-term")


def _note(text: str, codelist: Possible, dataset: Dataset, variable: Variable | ResolvedVariable, problems: Problems) -> None:
    if text and text not in codelist.values:
        message = f'"{text}" is not {codelist.what}{codelist.hint(text)}'
        problems.add(mark_of(text, variable.mark), f"{dataset.name}.{variable.name}", message, "spec-unknown-term")


def written_texts(model: Any) -> Iterator[str]:  # noqa: ANN401  (each derivation has its own model)
    """The texts of the arguments that are taken as written, in a derivation and in the entries of its lists."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        entries = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        for entry in entries:
            if isinstance(entry, str) and name in WORDS:
                yield entry
            elif hasattr(type(entry), "model_fields"):
                yield from written_texts(entry)
