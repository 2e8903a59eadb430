"""Run suites with Great Expectations. A rule that raised, or was not evaluated, is an error finding, never a pass.

The rules are run on each part of the subjects (`run_part`). Great Expectations judges what the parts answered together, once for the study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Sized
from typing import Any

import pandas as pd

from adam.core.errors import Finding, Severity
from validation.columns import Stored
from validation.contracts import source_of
from validation.expectations import RUNNING, suite_of
from validation.findings import finding_of, raised
from validation.judge import judge
from validation.part_answers import PartAnswers, together
from validation.records import SUBJECTS
from validation.rule import Rule, Suite
from validation.run_custom_suites import run_custom_suite
from validation.run_part import expects, lacking, run_part
from validation.suite_results import Results, in_memory

Frames = Mapping[str, pd.DataFrame]


def run_suites(suites: tuple[Suite, ...], frames: Frames, sources: Frames) -> list[Finding]:
    """Return the findings of the suites, in the order of the rules.

    `sources` are the collected records the rules read; without any, the rules that require them are left out with a note.
    """
    return answers_to_findings(suites, [run_part(suites, frames, sources)], in_memory(frames), in_memory(sources))


def answers_to_findings(suites: tuple[Suite, ...], parts: Sequence[PartAnswers], datasets: Stored, sources: Stored) -> list[Finding]:
    """Return the findings of the suites, in the order of the rules; they are the same for any parts.

    Args:
        suites: those that were run on each part.
        parts: what `run_part` returned for each part, in the order of the subjects, or `together` of some of them.
        datasets: the records of each dataset, of all subjects, for the rules that look across them.
        sources: the collected records of each domain.
    """
    answered = zip(suites, together(parts), strict=True)
    return [finding for suite, answer in answered for finding in _suite(Results(suite, answer, datasets, sources))]


def _suite(results: Results) -> list[Finding]:
    suite = results.suite
    name = suite.dataset.name
    if not suite.rules:
        return [Finding("suite", Severity.ERROR, name, "The suite has no rules, so nothing was checked.", mark=suite.dataset.mark)]
    left_out = {number: lack for number, rule in enumerate(suite.rules) if (lack := lacking(rule, suite, results.datasets, results.sources))}
    numbers = [number for number in range(len(suite.rules)) if number not in left_out]
    answers = _judged(results, numbers)
    left_out |= {number: suite.lacks for number in numbers if results.answer(number).lacks}
    findings = [
        *_empty(results),
        *_columns(suite, answers.get(-1)),
        *suite.notes,
        *_unfilled(results),
        *_left_out(suite, left_out),
        *_idle(results, [number for number in numbers if number not in left_out]),
    ]
    for number in [number for number in numbers if number not in left_out]:
        findings += _finding(results, number, answers.get(number))
    return findings if suite.custom is None else [*findings, *run_custom_suite(suite, results.datasets[name])]


def _judged(results: Results, numbers: list[int]) -> dict[int, Any]:
    """The results of Great Expectations by the number of the rule; -1 is the order of the variables."""
    suite = results.suite
    columns = next((each for each in results.parts.columns if list(each) != list(suite.dataset.variables)), results.parts.columns[0])
    token = RUNNING.set(results)
    try:
        judged = judge(suite_of(suite, numbers), pd.DataFrame(columns=list(columns)), "BOOLEAN_ONLY")
    finally:
        RUNNING.reset(token)
    return {answer.expectation_config.meta["number"]: answer for answer in judged}


def _left_out(suite: Suite, left_out: Mapping[int, str]) -> Iterator[Finding]:
    """A note for the rules that lack the same: how many there are, and their ids."""
    for lack in dict.fromkeys(left_out.values()):
        rules = [suite.rules[number] for number, each in left_out.items() if each == lack and not suite.rules[number].quiet]
        if not rules:
            continue
        ids = ", ".join(dict.fromkeys(rule.id for rule in rules))
        message = f"{counted(rules)} not run, because this run has no {lack}: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _idle(results: Results, numbers: list[int]) -> Iterator[Finding]:
    """A note for the rules whose condition selects no record although it may, or is unknown on all of them."""
    suite = results.suite
    idle = [suite.rules[number] for number in numbers if results.parts.count and not results.answer(number).error and _is_idle(results, number)]
    if idle:
        ids = ", ".join(dict.fromkeys(rule.id for rule in idle))
        message = f"{len(idle)} check{'s' if len(idle) > 1 else ''} did not apply to any record: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _is_idle(results: Results, number: int) -> bool:
    rule, answer = results.suite.rules[number], results.answer(number)
    if not expects(rule):
        return rule.allow_empty and not all(answer.selects)
    return (rule.allow_empty or all(answer.selects)) and not answer.known


def _empty(results: Results) -> list[Finding]:
    """A dataset without records is an error, because every rule passes.

    It is none if the study declares the source domain as optional and nothing was collected; if that is not known, it is a warning.
    """
    suite = results.suite
    if results.parts.count:
        return []
    source = source_of(suite.dataset)
    domain = source.domain if source is not None else ""
    use = suite.study.sources.get(domain)
    may = use is not None and use.may_be_absent and domain != SUBJECTS
    if may and results.sources and not results.parts.collected:
        return []
    if may and not results.sources:
        message = f"The dataset has no records, so nothing was checked. Without collected records it is not known whether {domain} has any."
        return [Finding("not-checked", Severity.WARNING, suite.dataset.name, message, mark=suite.dataset.mark)]
    why = f"{domain} has records." if may else "If its domain may be empty, declare optional: true for it in sources:."
    message = f"The dataset has no records, so nothing was checked. {why}"
    return [Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _unfilled(results: Results) -> Iterator[Finding]:
    """A warning for each parameter of the specification that no record has."""
    dataset = results.suite.dataset
    if not dataset.parameters or "PARAMCD" not in results.parts.columns[0] or not results.parts.count:
        return
    for code, parameter in dataset.parameters.items():
        if parameter.kept and code not in results.parts.parameters:
            message = f"No record has PARAMCD = {code}, so the parameter was not checked."
            yield Finding("not-checked", Severity.WARNING, dataset.name, message, mark=parameter.mark)


def _columns(suite: Suite, answer: Any) -> list[Finding]:  # noqa: ANN401
    if answer is not None and answer.success:
        return []
    message = "Expected the variables of the specification, in its order"
    return [Finding("G-01", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _finding(results: Results, number: int, judged: Any) -> list[Finding]:  # noqa: ANN401
    suite = results.suite
    rule, why = suite.rules[number], raised(judged)
    if why:
        return [_not_run(rule, f"Rule {rule.id} could not be run: {why}")]
    answer = results.answer(number)
    if judged.success == bool(answer.failing):
        return [_not_run(rule, f"Rule {rule.id} could not be run: Great Expectations reports another result than the check")]
    if answer.failing:
        return [finding_of(suite, _whole(rule, failing.detail), failing) for failing in answer.failing]
    if results.parts.count and not rule.allow_empty and not all(answer.selects):
        return [_whole(rule, f"The condition selects no record, so nothing was checked. If that is valid, add allow_empty: true. {rule.message}")]
    return []


def _whole(rule: Rule, detail: str) -> Finding:
    """The finding of a rule without its records; a detail of the check replaces the message of the rule."""
    return Finding(rule.id, rule.severity, rule.dataset, detail or rule.message, mark=rule.mark, variable=rule.variable)


def _not_run(rule: Rule, message: str) -> Finding:
    return Finding("suite", Severity.ERROR, rule.dataset, message, mark=rule.mark, variable=rule.variable)


def counted(rules: Sized) -> str:
    """Return how many rules there are, as the subject of a sentence."""
    return f"{len(rules)} rule{'s were' if len(rules) > 1 else ' was'}"
