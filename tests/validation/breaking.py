"""The example study built once, its rules, and mutations: one small break of a dataset or of what was collected, told in YAML.

A mutation names the rule it breaks, the records (`where`, in the language, of `in`; the first that fits), and what becomes of the first of
them: `set` (a text, or an expression for a number or a date), `drop`, `repeat` (what is set is of the second). `every: true` changes all
that fit. A break of `in: DM` changes what was collected.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from adam.core.kinds import is_true
from adam.engine.run import build
from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from adam.pipeline.load import load_records
from adam.pipeline.planning import collected_variables, plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.planning.values import ResolvedDataset, ResolvedStudy
from validation.records import Records, SourceRecords
from validation.rule import Rule, Suite
from validation.suite import needs, suites

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "docs" / "true_ad" / "domain.md"
MUTATIONS = Path(__file__).with_name("mutations")
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Built:
    """The study, its suites, the datasets and what was collected."""

    study: ResolvedStudy
    suites: tuple[Suite, ...]
    datasets: Mapping[str, ResolvedDataset]
    frames: Frames
    sources: Frames

    def rules(self) -> list[tuple[Suite, Rule]]:
        return [(suite, rule) for suite in self.suites for rule in suite.rules]


@dataclass(frozen=True)
class Mutation:
    """One break."""

    rule: str
    dataset: str
    where: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    drop: bool = False
    repeat: bool = False
    every: bool = False
    warning: bool = False

    def __str__(self) -> str:
        """What it does, in a line."""
        done = ", ".join([*["drop it"] * self.drop, *["repeat it"] * self.repeat, *(f"{name} := {value}" for name, value in self.set.items())])
        return f"{self.where or 'any record'}{' (all)' if self.every else ''}: {done}"


def made(folder: Path, subjects: int) -> Built:
    """Simulate the study with its edge cases and build it. The daily itch scores are kept, so that what counts them has records."""
    specs = folder / "specs"
    shutil.copytree(ROOT / "specs", specs)
    efficacy = specs / "true_ad" / "adeff.yaml"
    efficacy.write_text(efficacy.read_text().replace("  ITCHNRS:\n", "  ITCHNRS:\n  ITCHNRSD:\n", 1))
    simulate_study(specs / "true_ad", folder / "sdtm", subjects, 1, exact=False, edge_cases=True)
    found, source = plan_with_source(specs / "true_ad", folder / "sdtm")
    assert source is not None
    rules = suites(found.study, found.datasets, collected_variables(source))
    sources = load_records(source, found.columns, needs(rules))
    return Built(found.study, rules, found.datasets, build(found, sources).frames, sources)


def mutations() -> list[Mutation]:
    """All mutations that are told in YAML."""
    found = []
    for path in sorted(MUTATIONS.glob("*.yaml")):
        for rule, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for entry in entries if isinstance(entries, list) else [entries]:
                given = {"dataset": path.stem.upper(), **entry}
                given["dataset"] = given.pop("in", given["dataset"])
                found.append(Mutation(rule, **given))
    return found


def severities() -> dict[str, str]:
    """The rules of DOMAIN §8 with their severity: error or warning."""
    words = {"E": "error", "W": "warning"}
    lines = DOMAIN.read_text(encoding="utf-8").split("## 8. CHECK rules")[1].split("## 9.")[0].splitlines()
    told = [re.match(r"\| ([GLEAX]-\d\d) \| ([EW]) \|", line) for line in lines]
    return {each[1]: words[each[2]] for each in told if each}


class Broken:
    """A copy of the frames that shares all columns but those that are changed."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.frames = dict(built.frames)
        self.sources = dict(built.sources)
        self.touched: set[str] = set()

    def mutate(self, mutation: Mutation) -> None:
        """Do what a mutation says.

        Raises:
            LookupError: no record fits it.
        """
        name = mutation.dataset
        held = self.frames if name in self.frames else self.sources
        frame = held[name].reset_index(drop=True)
        rows = self._rows(name, frame, mutation)
        if mutation.drop:
            frame = frame.drop(index=rows)
        else:
            frame = pd.concat([frame, frame.iloc[rows]], ignore_index=True) if mutation.repeat else frame.copy(deep=False)
            rows = np.arange(len(frame) - len(rows), len(frame)) if mutation.repeat else rows
            for variable, value in mutation.set.items():
                frame[variable] = self._column(name, frame, variable, value, rows)
        held[name] = frame.reset_index(drop=True)
        self.touched.add(name)

    def _looked(self, name: str, frame: pd.DataFrame) -> Records | SourceRecords:
        if name not in self.frames:
            return SourceRecords(self.built.study, name, frame)
        return Records(self.built.study, self.built.datasets[name], {**self.frames, name: frame}, self.sources, self.built.datasets)

    def worked_out(self, name: str, frame: pd.DataFrame, expression: str) -> pd.Series:
        """An expression on the records of a dataset."""
        return Evaluation(self._looked(name, frame)).column(parse(expression))

    def _rows(self, name: str, frame: pd.DataFrame, mutation: Mutation) -> np.ndarray:
        looked = self._looked(name, frame)
        fits = is_true(Evaluation(looked).column(parse(mutation.where))) if mutation.where else np.ones(len(frame), dtype=bool)
        rows = np.flatnonzero(fits)
        if not len(rows):
            raise LookupError(f"{mutation.rule}: no record of {name} has {mutation.where}")
        return rows if mutation.every else rows[:1]

    def _column(self, name: str, frame: pd.DataFrame, variable: str, value: Any, rows: np.ndarray) -> pd.Series:
        column = frame[variable].copy()
        if value == "missing":
            column.iloc[rows] = None
            return column
        if column.dtype == "str":
            column.iloc[rows] = str(value)
            return column
        given = self.worked_out(name, frame, str(value))
        column.iloc[rows] = given.iloc[rows].astype(column.dtype)
        return column

    def answers(self, wanted: Callable[[Rule], bool]) -> Iterator[tuple[Suite, Rule, int]]:
        """The rules that are wanted and that the changes can concern, each with how much fails it. A rule that raises raises here."""
        for suite in self.built.suites:
            records = suite.records(self.frames, self.sources)
            for rule in suite.rules:
                if wanted(rule) and (not self.touched or suite.dataset.name in self.touched or rule.needs & self.touched):
                    yield suite, rule, rule.count(records)


@dataclass(frozen=True)
class Tried:
    """A mutation that was tried: which rules it made fail more than before (by dataset, id, severity, kind, line)."""

    rule: str
    dataset: str
    said: str
    severity: str
    fired: tuple[Fired, ...]

    @property
    def caught(self) -> bool:
        """Whether the rule that is meant fired, with the severity DOMAIN gives it."""
        return any(each.rule == self.rule and each.severity == self.severity for each in self.fired)


@dataclass(frozen=True)
class Fired:
    """A rule that fired."""

    dataset: str
    rule: str
    severity: str
    kind: str
    line: int


def fired(suite: Suite, rule: Rule) -> Fired:
    """A rule as one that fired."""
    return Fired(suite.dataset.name, rule.id, str(rule.severity), rule.kind, rule.mark.line)


def tried(built: Built, others: bool = False, only: tuple[str, ...] = ("",)) -> list[Tried]:
    """Try the mutations told in YAML, each alone: against the rules with its id, with `others` against all. `only`: how ids begin."""
    before = {id(rule): count for _, rule, count in Broken(built).answers(lambda _: True)}
    meant = severities()
    found = []
    for mutation in [each for each in mutations() if each.rule.startswith(only)]:
        broken = Broken(built)
        broken.mutate(mutation)
        answers = broken.answers(lambda rule, own=mutation.rule: others or rule.id == own)
        more = tuple(fired(suite, rule) for suite, rule, count in answers if count > before[id(rule)])
        severity = "warning" if mutation.warning else meant[mutation.rule]
        found.append(Tried(mutation.rule, mutation.dataset, str(mutation), severity, more))
    return found
