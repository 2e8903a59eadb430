"""Apply a conformance rule to a delivery or to one dataset: the same checks as in `checks:`, with the places of names filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adam.expressions.parse import parse
from validation.check import Failure
from validation.conformance.rule_file import ConformanceRule
from validation.delivery import DeliveredDataset, Delivery
from validation.name_patterns import WORD, fill_condition, has_place, matches
from validation.sentences import sentence


def failures(checked: Delivery | DeliveredDataset, rule: ConformanceRule) -> list[Failure]:
    """Return what fails a rule."""
    if rule.check.usable_in_lines:
        assert isinstance(checked, DeliveredDataset), "a rule of records applies to one dataset"
        return list(_of_records(checked, rule))
    return rule.check.failures(checked, rule.check.model.model_construct(**rule.arguments))


def _of_records(delivered: DeliveredDataset, rule: ConformanceRule) -> Iterator[Failure]:
    """What fails a check of records, for each variable that the rule applies to.

    A rule does not apply where the dataset lacks a variable of it, or has it with another type.
    """
    conditions = {name: str(value) for name, value in rule.arguments.items() if not isinstance(value, list)}
    lists = {name: value for name, value in rule.arguments.items() if isinstance(value, list)}
    if not all(delivered.has(name) for value in lists.values() for name in value):
        return
    lead = rule.for_each or next((word for text in _where_first(conditions) for word in _words(text) if has_place(word)), "")
    for name, digits in matches(lead, delivered.variables) if lead else [("", {})]:
        filled = {key: fill_condition(text, digits) for key, text in conditions.items()}
        if all(delivered.applies(parse(text)) for text in filled.values()):
            arguments = rule.check.model.model_validate({**filled, **lists})
            heading = name or (_words(filled["expect"])[0] if "expect" in filled else "")
            for failure in rule.check.failures(delivered, arguments):
                yield Failure(heading, sentence(rule.check, arguments), failure.mask)


def _where_first(conditions: Mapping[str, Any]) -> list[str]:
    return [conditions[key] for key in sorted(conditions, key=lambda key: key != "where")]


def _words(text: str) -> list[str]:
    """The names in a condition, in order; quoted texts are none."""
    return [word for word in WORD.findall(text) if word[0] != '"']
