"""Codelists, of variables and of the values of each parameter, and what else is said of the values of a parameter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adam.plan.values import Codelist, ResolvedVariable
from validation.conformance.general_check import general
from validation.conformance.view import Failure, Failures, View


def _codelist(view: View, variable: ResolvedVariable, published: bool, extensible: bool | None) -> Codelist | None:
    """The codelist of a variable, if it is of those looked for: any, or one of the terminology that is extensible or not."""
    known = view.package.study.codelists.get(variable.codelist)
    if known is None or (published and not known.nci) or extensible not in (None, known.extensible):
        return None
    return known


@general
def term(view: View, published: bool, extensible: bool | None = None) -> Failures:
    """A value is not a term of the codelist.

    `published`: only codelists of CDISC terminology; `extensible`: only those that are, or are not.
    """
    for name, variable in (view.declared.variables if view.declared else {}).items():
        codelist = _codelist(view, variable, published, extensible)
        if codelist is not None and view.has(name) and view.is_text(name):
            known = view.values(name)
            wrong = ~known.isin([*codelist.terms, ""]).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"'{known[wrong].iloc[0]}' is no term of {codelist.name}", view.of_values(name, wrong))


def _levels(view: View) -> Iterator[tuple[str, ResolvedVariable, np.ndarray]]:
    """Each parameter, each variable it says something of, and the records that are its own."""
    if view.declared is None or not view.has("PARAMCD") or not view.is_text("PARAMCD"):
        return
    known, codes = view.values("PARAMCD"), view.codes("PARAMCD")
    for code, parameter in view.declared.parameters.items():
        number = np.flatnonzero((known == code).to_numpy(dtype=bool))
        if len(number) and parameter.variables:
            mine = np.flatnonzero(codes == number[0])
            yield from ((code, variable, mine) for name, variable in parameter.variables.items() if view.has(name))


def _failing(view: View, name: str, mine: np.ndarray, wrong_values: np.ndarray) -> np.ndarray:
    """Of these records those whose value is marked."""
    mask = np.zeros(len(view.frame), dtype=bool)
    mask[mine] = view.of_values(name, wrong_values)[mine]
    return mask


@general
def level_term(view: View, published: bool, extensible: bool | None = None) -> Failures:
    """A value of a parameter is not a term of its codelist.

    A numeric value is compared with the numbers of the terms.
    """
    for code, variable, mine in _levels(view):
        codelist = _codelist(view, variable, published, extensible)
        if codelist is None:
            continue
        known = view.values(variable.name)
        allowed: list[object] = [*codelist.terms, ""] if view.is_text(variable.name) else list(codelist.numbers.values())
        mask = _failing(view, variable.name, mine, ~known.isin(allowed).to_numpy(dtype=bool)) if allowed else np.zeros(1, dtype=bool)
        if mask.any():
            yield Failure(variable.name, f"of {code}: it is no term of {codelist.name}", mask)


@general
def level_type(view: View) -> Failures:
    """A value of a parameter is not of its type.

    A parameter whose values are whole numbers has no others; a text is no number.
    """
    for code, variable, mine in _levels(view):
        if (variable.type == "text") != view.is_text(variable.name):
            yield Failure(variable.name, f"of {code}: the specification has {variable.type}")
        elif variable.type == "integer":
            known = view.values(variable.name)
            mask = _failing(view, variable.name, mine, (known != known.round()).to_numpy(dtype=bool))
            if mask.any():
                yield Failure(variable.name, f"of {code}: it is not whole", mask)


@general
def level_length(view: View) -> Failures:
    """A text of a parameter is longer than its length."""
    for code, variable, mine in _levels(view):
        if variable.type == "text" and view.is_text(variable.name) and variable.length:
            size = view.values(variable.name).str.encode("utf-8").str.len()
            mask = _failing(view, variable.name, mine, (size > variable.length).to_numpy(dtype=bool))
            if mask.any():
                yield Failure(variable.name, f"of {code}: it has more than {variable.length} bytes", mask)
