"""The functions, derivations and record rules that the formal expressions of a study name, each with its meaning in a sentence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rules import RECORD_RULES
from adam.expressions.functions import FUNCTIONS
from adam.planning.values import ResolvedDataset

QUOTED = re.compile(r'"[^"]*"')
CALLED = re.compile(r"\b([a-z][a-z0-9_]*)\(")
KEY = re.compile(r"\b([a-z][a-z0-9_]*): ")


def notation(datasets: Iterable[ResolvedDataset]) -> dict[str, str]:
    """The meaning of each function by its signature, and of each derivation and record rule by its name, in the order of the alphabet.

    Args:
        datasets: those of a plan; their expressions are as define.xml has them.
    """
    texts = {QUOTED.sub("", text) for dataset in datasets for text in _expressions(dataset)}
    keys = {name for text in texts for name in KEY.findall(text)}
    called = {name for text in texts for name in CALLED.findall(text)} & set(FUNCTIONS)
    found = {FUNCTIONS[name].signature: FUNCTIONS[name].summary for name in called}
    found |= {name: inspect.getdoc(RECORD_RULES[name]) or "" for name in keys & set(RECORD_RULES)}
    found |= {name: DERIVATIONS[name].summary for name in keys & set(DERIVATIONS)}
    return {name: _sentence(text) for name, text in sorted(found.items())}


def _sentence(documentation: str) -> str:
    """The first line of a documentation, without the verb that it begins with."""
    text = documentation.split("\n")[0].removeprefix("Return ")
    return text[:1].upper() + text[1:]


def _expressions(dataset: ResolvedDataset) -> Iterator[str]:
    yield from (variable.expression for variable in dataset.variables.values())
    yield from (variable.expression for parameter in dataset.parameters.values() for variable in parameter.variables.values())
