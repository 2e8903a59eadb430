"""Run the conformance rules on parts of the subjects.

A part answers in which variables its records fail a rule, or what a check across subjects reports. Only the rules that fail in a part, or that
the parts cannot answer, are run on the records of all subjects, with only the variables they read: their findings need all records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from validation.across import MOST_COMBINATIONS
from validation.check import Failure
from validation.conformance.apply_rule import failures
from validation.conformance.rule_file import ConformanceRule, ConformanceRules, conformance_rules
from validation.delivery import DeliveredDataset, Delivery
from validation.matching import firsts


@dataclass(frozen=True)
class PartAnswer:
    """What a part answers to a rule: the variables with records that fail, whether it raised, and what a check across subjects reports."""

    variables: frozenset[str] = frozenset()
    raised: bool = False
    summary: Any = None


ConformanceAnswers = Mapping[str, Mapping[int, PartAnswer]]
"""What a part answers to the rules of each dataset, by their number; a rule that no record fails is left out."""
PASSES = PartAnswer()


def conformance_part(package: Delivery, known: ConformanceRules | None = None) -> ConformanceAnswers:
    """Return what the records of a part answer to the conformance rules, all or those that are `known`.

    Args:
        package: the datasets as the plan declares them (or as their files are), with the records of the part.
        known: the rules.
    """
    if package.study.conformance == "off":
        return {}
    known = known or conformance_rules()
    return {name: _of_dataset(DeliveredDataset(package, name), known) for name in package.held if name in package.frames}


def _of_dataset(delivered: DeliveredDataset, known: ConformanceRules) -> dict[int, PartAnswer]:
    of_records = [(number, rule) for number, rule in enumerate(known.of(delivered.dataset)) if not rule.check.of_variables]
    answers = {number: _answer(delivered, rule) for number, rule in of_records}
    return {number: answer for number, answer in answers.items() if answer != PASSES}


def _answer(delivered: DeliveredDataset, rule: ConformanceRule) -> PartAnswer:
    across, arguments = rule.check.across, rule.check.model.model_construct(**rule.arguments)
    summary, found = None, []
    try:
        if across is None or across.settled is not None or across.within_subject(arguments, several_studies=False):
            found = failures(delivered, rule)
        if across is not None and across.combinations is not None:
            summary = _combinations(delivered, across.combinations(delivered, arguments))
        elif across is not None and across.summary is not None:
            summary = across.summary(delivered, **rule.check.values(arguments))
    except Exception:  # the rule is run on the records of all subjects, and its failure reported there
        return PartAnswer(raised=True)
    return PartAnswer(_variables(found), summary=summary)


def _combinations(delivered: DeliveredDataset, sets: Iterable[list[str]]) -> list[pd.DataFrame] | None:
    """The distinct combinations of values of each set of variables; None if they are too many."""
    found = []
    for names in sets:
        group = delivered.group(names)
        rows = firsts(group, int(group.max(initial=-1)) + 1)
        if len(rows) > MOST_COMBINATIONS:
            return None
        found.append(delivered.frame[list(dict.fromkeys(names))].iloc[rows].reset_index(drop=True))
    return found


def _variables(found: Iterable[Failure]) -> frozenset[str]:
    return frozenset(failure.variable for failure in found if failure.mask is not None)


def answers_of(parts: Sequence[ConformanceAnswers], dataset: str, number: int) -> list[PartAnswer]:
    """Return what the parts answer to a rule of a dataset."""
    return [part.get(dataset, {}).get(number, PASSES) for part in parts]
