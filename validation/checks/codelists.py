"""Checks of codelists, of variables and of the values of each parameter, and of value-level metadata."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adam.planning.values import Codelist, ResolvedVariable
from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset


def _codelist(delivered: DeliveredDataset, variable: ResolvedVariable, published: bool, extensible: bool | None) -> Codelist | None:
    """Return the codelist of a variable if it is of the requested kind: any, or CDISC terminology that is extensible or not."""
    known = delivered.delivery.study.codelists.get(variable.codelist)
    if known is None or (published and not known.nci) or extensible not in (None, known.extensible):
        return None
    return known


@check()
def codelist_values(delivered: DeliveredDataset, published: bool, extensible: bool | None = None) -> Failures:
    """A value is not in the codelist.

    `published`: only codelists of CDISC terminology; `extensible`: only those that are, or are not.
    """
    for name, variable in (delivered.declared.variables if delivered.declared else {}).items():
        codelist = _codelist(delivered, variable, published, extensible)
        if codelist is not None and delivered.has(name) and delivered.is_text(name):
            known = delivered.distinct_values(name)
            wrong = ~known.isin([*codelist.terms, ""]).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"'{known[wrong].iloc[0]}' is not a term of codelist {codelist.name}", delivered.records_with(name, wrong))


def _levels(delivered: DeliveredDataset) -> Iterator[tuple[str, ResolvedVariable, np.ndarray]]:
    """Yield each parameter with each variable it has metadata of, and the numbers of its records."""
    if delivered.declared is None or not delivered.has("PARAMCD") or not delivered.is_text("PARAMCD"):
        return
    for code, parameter in delivered.declared.parameters.items():
        mine = delivered.rows_of(code)
        if len(mine):
            yield from ((code, variable, mine) for name, variable in parameter.variables.items() if delivered.has(name))


def _failing(delivered: DeliveredDataset, name: str, mine: np.ndarray, wrong_values: np.ndarray) -> np.ndarray:
    """Return those of the records whose value is marked."""
    mask = np.zeros(len(delivered.frame), dtype=bool)
    if wrong_values.any():
        mask[mine] = np.append(wrong_values, False)[delivered.codes(name)[mine]]
    return mask


@check()
def level_term(delivered: DeliveredDataset, published: bool, extensible: bool | None = None) -> Failures:
    """A value of a parameter is not in the codelist of the parameter.

    A numeric value is compared with the numbers of the terms.
    """
    for code, variable, mine in _levels(delivered):
        codelist = _codelist(delivered, variable, published, extensible)
        if codelist is None:
            continue
        known = delivered.distinct_values(variable.name)
        allowed: list[object] = [*codelist.terms, ""] if delivered.is_text(variable.name) else list(codelist.numbers.values())
        mask = _failing(delivered, variable.name, mine, ~known.isin(allowed).to_numpy(dtype=bool)) if allowed else np.zeros(1, dtype=bool)
        if mask.any():
            yield Failure(variable.name, f"a value of {code} is not a term of codelist {codelist.name}", mask)


@check()
def level_type(delivered: DeliveredDataset) -> Failures:
    """A value of a parameter does not have the type of the parameter.

    A parameter of whole numbers has no others; a text is not a number.
    """
    for code, variable, mine in _levels(delivered):
        if (variable.type == "text") != delivered.is_text(variable.name):
            records = np.isin(np.arange(len(delivered.frame)), mine)
            yield Failure(variable.name, f"{code}: expected {variable.type}", records)
        elif variable.type == "integer":
            known = delivered.distinct_values(variable.name)
            mask = _failing(delivered, variable.name, mine, (known != known.round()).to_numpy(dtype=bool))
            if mask.any():
                yield Failure(variable.name, f"a value of {code} is not a whole number", mask)


@check()
def level_length(delivered: DeliveredDataset) -> Failures:
    """A text value of a parameter is longer than its declared length."""
    for code, variable, mine in _levels(delivered):
        if variable.type == "text" and delivered.is_text(variable.name) and variable.length:
            mask = _failing(delivered, variable.name, mine, delivered.bytes_of_values(variable.name) > variable.length)
            if mask.any():
                yield Failure(variable.name, f"a value of {code} has more than {variable.length} bytes", mask)
