"""One dataset of a delivery in parts: which conformance rules fail, with only the variables of a rule in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
from pydantic import BaseModel

from adam.planning.values import ResolvedDataset
from validation.check import Failure, failures_of
from validation.columns import Stored, narrow_frame
from validation.conformance.apply_rule import failures
from validation.conformance.over_parts import ConformanceAnswers, PartAnswer, answers_of
from validation.conformance.rule_file import ConformanceRule
from validation.delivery import DeliveredDataset, Delivery
from validation.findings import NAME
from validation.name_patterns import WORD, matches
from validation.records import SUBJECT
from validation.suite_results import all_combinations


@dataclass(frozen=True)
class WholeDataset:
    """One dataset of a delivery: what the parts answer, and the records of all subjects.

    `package` has the attributes of the files and records without content.
    """

    package: Delivery
    name: str
    parts: Sequence[ConformanceAnswers]
    datasets: Stored
    sources: Stored

    @cached_property
    def metadata(self) -> DeliveredDataset:
        """The dataset without its records."""
        return DeliveredDataset(self.package, self.name)

    def failures(self, number: int, rule: ConformanceRule) -> list[Failure]:
        """Return what fails a rule: the metadata, and which records of all subjects.

        Raises:
            ValueError: records of a part fail it, but the same records of the whole do not.
        """
        across, answers = rule.check.across, answers_of(self.parts, self.name, number)
        arguments = rule.check.model.model_construct(**rule.arguments)
        if across is not None and across.merged is not None and not any(answer.raised for answer in answers):
            summaries = [answer.summary for answer in answers]
            return failures_of(across.merged(self.metadata, summaries, **rule.check.values(arguments)))
        if across is not None and not self._is_settled(rule, arguments, answers):
            return failures(self._narrow(rule, None), rule)
        found = (
            []
            if rule.check.usable_in_lines or rule.check.only_records
            else [failure for failure in failures(self.metadata, rule) if failure.mask is None]
        )
        variables = frozenset().union(*(answer.variables for answer in answers))
        if not variables and not any(answer.raised for answer in answers):
            return found
        records = [failure for failure in failures(self._narrow(rule, variables), rule) if failure.mask is not None]
        reported = {failure.variable for failure in found}  # a variable that its attribute fails is not checked record by record
        if variables - reported != {failure.variable for failure in records} - reported:
            raise ValueError(f"of {', '.join(sorted(variables))} the records of parts fail, and others of the whole")
        return [*found, *records]

    def _is_settled(self, rule: ConformanceRule, arguments: BaseModel, answers: Sequence[PartAnswer]) -> bool:
        """Whether the answers of the parts are those of the whole."""
        across = rule.check.across
        assert across is not None
        if any(answer.raised for answer in answers):
            return False
        if across.combinations is not None:
            return all(answer.summary is not None for answer in answers) and not self._fails(rule, [answer.summary for answer in answers])
        if across.settled is not None:
            return across.settled([answer.summary for answer in answers])
        if across.neighbors:
            return not self._fails_in_stretch(rule)
        return across.within_subject(arguments, self._several_studies)

    @property
    def _several_studies(self) -> bool:
        if "STUDYID" not in self.datasets[self.name].columns:
            return True
        return len(set().union(*(part["STUDYID"].unique() for part in self.datasets[self.name].parts(["STUDYID"])))) > 1

    def _fails(self, rule: ConformanceRule, summaries: Sequence[list[Any]]) -> bool:
        for frame in all_combinations(summaries):
            package = replace(self.package, held={**self.package.held, self.name: self._restricted(set(frame))}, frames={self.name: frame})
            if failures(DeliveredDataset(package, self.name), rule):
                return True
        return False

    def _fails_in_stretch(self, rule: ConformanceRule) -> bool:
        """Whether a rule that compares neighbors fails in a part of the file, or between two of them."""
        names = [name for owner, name in sorted(self._read_by(rule)) if owner == self.name and name in self.datasets[self.name].columns]
        before = None
        for piece in self.datasets[self.name].parts(names):
            frame = piece if before is None else pd.concat([before, piece], ignore_index=True)
            package = replace(self.package, frames={self.name: frame})
            if failures(DeliveredDataset(package, self.name), rule):
                return True
            before = piece.iloc[-1:] if len(piece) else before
        return False

    def _restricted(self, names: set[str]) -> ResolvedDataset:
        dataset = self.package.held[self.name]
        return dataset.model_copy(update={"variables": {name: each for name, each in dataset.variables.items() if name in names}})

    def _narrow(self, rule: ConformanceRule, variables: frozenset[str] | None) -> DeliveredDataset:
        """The dataset with the variables that a rule reads; only with those that fail, if it reads every variable (None: it reads no other)."""
        wanted = self._read_by(rule) | {(self.name, name) for name in variables or ()}
        held = {**self.package.held, self.name: self._restricted({name for owner, name in wanted if owner == self.name})}
        return self._with(wanted, self.package.held if variables is None else held)

    def _read_by(self, rule: ConformanceRule) -> set[tuple[str, str]]:
        """The variables that the arguments of a rule name, and those that its check declares."""
        dataset = self.package.held[self.name]
        reads = rule.check.across.reads if rule.check.across is not None else None
        words = [word for text in (rule.for_each, *texts_of(rule.arguments)) for word in WORD.findall(text) if word[0] != '"']
        wanted = {(self.name, name) for name in (*SUBJECT, "PARAMCD", *named(words, dataset.variables))}
        wanted |= {(owner, name) for owner in (self.package.subjects, rule.domain) for name in self._of_other(owner, words)}
        return wanted | (set(reads(self.metadata, rule.check.model.model_construct(**rule.arguments))) if reads is not None else set())

    def _of_other(self, owner: str, words: Iterable[str]) -> list[str]:
        stored = self.datasets.get(owner, self.sources.get(owner))
        return [] if stored is None or owner == self.name else [*SUBJECT, *named(words, stored.columns)]

    def shown(self, text: str) -> DeliveredDataset:
        """Return the dataset with its key, the variables that a text names, and those that decide which waiver explains a record."""
        names = {*SUBJECT, *self.package.held[self.name].key, *(key for waiver in self.package.study.waivers for key in waiver.keys)}
        wanted = {(self.name, name) for name in names}
        for word in NAME.findall(text):
            owner, _, last = word.rpartition(".")
            wanted |= {(owner or self.name, name) for name in (*SUBJECT, last)}
        return self._with(wanted, self.package.held)

    def _with(self, wanted: Iterable[tuple[str, str]], held: Mapping[str, ResolvedDataset]) -> DeliveredDataset:
        names: dict[str, set[str]] = {self.name: set()}
        for owner, name in wanted:
            names.setdefault(owner, set()).add(name)
        frames = {owner: narrow_frame(self.datasets[owner], each) for owner, each in names.items() if owner in self.datasets}
        sources = {owner: narrow_frame(self.sources[owner], each) for owner, each in names.items() if owner in self.sources}
        package = replace(self.package, held=held, frames={**self.package.frames, **frames}, sources={**self.package.sources, **sources})
        return DeliveredDataset(package, self.name)


def named(words: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names that some words match, which may have places for digits."""
    names = list(known)
    return [name for word in words for name, _ in matches(word, names)]


def texts_of(value: object) -> Iterator[str]:
    """Yield every text in the arguments of a rule."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from texts_of(list(vars(value).values()))
    elif isinstance(value, Mapping):
        yield from texts_of(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)
