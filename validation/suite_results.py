"""The results of a suite: the answers of the parts put together, and the rules across subjects run on the records of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from adam.core.stored import StoredRecords
from validation.check import failures_of
from validation.columns import Stored, all_variables, narrow_records, read_by, shown_by
from validation.part_answers import RuleAnswer, SuiteAnswer, distinct
from validation.records import SUBJECT
from validation.rule import Rule, Suite
from validation.run_part import attempted, failing_of


class RuleError(Exception):
    """A rule that could not be run; its text is the reason."""


@dataclass
class Results:
    """What the parts answer to a suite, and the records of all subjects, for the rules that look across them."""

    suite: Suite
    parts: SuiteAnswer
    datasets: Stored
    sources: Stored
    found: dict[int, RuleAnswer] = field(default_factory=dict)

    def failing(self, number: int) -> int:
        """Return how many records or items fail a rule.

        Raises:
            RuleError: the rule could not be run.
        """
        answer = self.answer(number)
        if answer.error:
            raise RuleError(answer.error)
        return sum(each.count for each in answer.failing)

    def answer(self, number: int) -> RuleAnswer:
        """Return the answer to a rule on the records of all subjects."""
        if number not in self.found:
            self.found[number] = self._answer(number)
        return self.found[number]

    def _answer(self, number: int) -> RuleAnswer:
        rule, whole = self.suite.rules[number], self.parts.rules[number]
        if whole.error or whole.lacks or self._is_settled(rule, whole.summaries):
            return replace(whole, failing=distinct(whole.failing)) if rule.check.of_variables else whole
        merged = rule.check.across is not None and rule.check.across.merged is not None
        found = attempted(self.suite, lambda: self._merged(rule, whole.summaries) if merged else self._across(rule))
        return found if found.error or found.lacks else replace(whole, failing=found.failing)

    def _is_settled(self, rule: Rule, summaries: Sequence[Any]) -> bool:
        """Whether the answers of the parts are those of the whole."""
        across = rule.check.across
        if not set(SUBJECT) <= set(self.suite.dataset.variables):
            return self.parts.parts == 1 and across is None
        if across is None or across.within_subject(rule.arguments, len(self.parts.studies) > 1):
            return True
        if across.combinations is not None:
            return all(each is not None for each in summaries) and not self._fails(rule, summaries)
        return across.settled is not None and across.settled(summaries)

    def _fails(self, rule: Rule, summaries: Sequence[list[pd.DataFrame]]) -> bool:
        """Whether a rule fails on the combinations of values of all parts, which were selected before."""
        arguments = rule.arguments.model_copy(update={"where": None}) if "where" in type(rule.arguments).model_fields else rule.arguments
        name = self.suite.dataset.name
        return any(rule.check.failures(self.suite.records({name: frame}, {}), arguments) for frame in all_combinations(summaries))

    def _merged(self, rule: Rule, summaries: Sequence[Any]) -> RuleAnswer:
        """The answer that follows from the summaries of the parts."""
        assert rule.check.across is not None and rule.check.across.merged is not None
        records = self.suite.records({self.suite.dataset.name: next(self.datasets[self.suite.dataset.name].parts()).iloc[:0]}, {})
        failures = failures_of(rule.check.across.merged(records, summaries, **rule.check.values(rule.arguments)))
        return RuleAnswer(failing_of(self.suite, rule, failures, records))

    def _across(self, rule: Rule) -> RuleAnswer:
        """The answer on the records of all subjects, read with the variables of the rule; if some fail, also with those a finding shows."""
        everything = not set(SUBJECT) <= set(self.suite.dataset.variables)
        wanted = all_variables(self.datasets, self.sources) if everything else read_by(self.suite, rule)
        if not rule.failures(narrow_records(self.suite, wanted, self.datasets, self.sources)):
            return RuleAnswer()
        records = narrow_records(self.suite, wanted | shown_by(self.suite, rule), self.datasets, self.sources)
        return RuleAnswer(failing_of(self.suite, rule, rule.failures(records), records))


def all_combinations(summaries: Sequence[list[pd.DataFrame]]) -> Iterator[pd.DataFrame]:
    """Yield for each set of variables the combinations of values of all parts."""
    for frames in zip(*summaries, strict=True):
        yield frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)


def in_memory(frames: Mapping[str, pd.DataFrame]) -> Stored:
    """Return frames as stored records."""
    return {name: StoredRecords.in_memory(frame) for name, frame in frames.items()}
