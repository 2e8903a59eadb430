"""Breaks of the conformance rules in the built study, told in YAML (mutations/conformance): what a package is before one and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from typing import Any

import pandas as pd
import yaml

from adam.core.errors import Finding
from adam.planning.values import ResolvedDataset, ResolvedVariable
from tests.validation.breaking import MUTATIONS, Broken, Built, Mutation
from tests.validation.conforming import FORMATS, column, type_of
from validation.conformance.rule_file import ConformanceRule, ConformanceRules, conformance_rules
from validation.conformance.run_conformance import run_conformance
from validation.delivery import Delivery

ALL = (*conformance_rules().decided, *conformance_rules().own)


@dataclass(frozen=True)
class Break(Mutation):
    """A break of records, of the variables that the data have, of what they say of them, or of the delivery."""

    add: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: Sequence[str] = ()
    label: str = ""
    called: str = ""
    missing: Sequence[str] = ()
    unread: Sequence[str] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    lengths: str = ""

    def __str__(self) -> str:
        """What it does, in a line."""
        more = [f"{each.name} {getattr(self, each.name)}" for each in fields(self) if each.name in Break.__annotations__ and getattr(self, each.name)]
        return ", ".join([*([super().__str__()] if self.of_records else []), *more])

    @property
    def of_records(self) -> bool:
        """Whether it changes records."""
        return bool(self.set or self.drop or self.repeat)


def blocks(built: Built, only: tuple[str, ...] = ("",)) -> Iterator[tuple[Built, list[Break]]]:
    """The study with what a block needs beside it, and the breaks of the block. `only`: how the ids of rules begin."""
    for path in sorted((MUTATIONS / "conformance").glob("*.yaml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")):
            told = [(rule, each) for rule, entry in block["breaks"].items() for each in (entry if isinstance(entry, list) else [entry])]
            breaks = [_break(rule, path.stem.upper(), each) for rule, each in told if rule.startswith(only)]
            if breaks:
                yield good(built, block), breaks


def _break(rule: str, dataset: str, entry: Mapping[str, Any]) -> Break:
    given = {"dataset": dataset, **entry}
    given["dataset"] = given.pop("in", given["dataset"])
    return Break(rule, **given)


def good(built: Built, block: Mapping[str, Any]) -> Built:
    """The study with the variables and codelists of parameters a block adds to it."""
    frames, datasets = dict(built.frames), dict(built.datasets)
    for name, added in block.get("with", {}).items():
        for variable, value in added.items():
            frames[name], datasets[name] = _with(replace(built, frames=frames, datasets=datasets), name, variable, value)
    for code, codelists in block.get("level", {}).items():
        for variable, codelist in codelists.items():
            for name, dataset in datasets.items():
                if code in dataset.parameters:
                    datasets[name] = _levelled(dataset, code, dataset.variables[variable].model_copy(update={"codelist": codelist}))
    return replace(built, frames=frames, datasets=datasets)


def _levelled(dataset: ResolvedDataset, code: str, variable: ResolvedVariable) -> ResolvedDataset:
    parameter = dataset.parameters[code]
    variables = {**parameter.variables, variable.name: variable}
    return dataset.model_copy(update={"parameters": {**dataset.parameters, code: parameter.model_copy(update={"variables": variables})}})


def _with(built: Built, name: str, variable: str, value: Any) -> tuple[pd.DataFrame, ResolvedDataset]:
    """A dataset with a variable more, or with another of that name: of a text, a number, or `=` and an expression."""
    frame, dataset = built.frames[name].reset_index(drop=True), built.datasets[name]
    if isinstance(value, str) and value.startswith("="):
        values = Broken(built).worked_out(name, frame, value[1:])
        type_ = "text" if values.dtype == "str" else type_of(variable, [0.0])
    else:
        type_ = type_of(variable, [value])
        values = column([value] * len(frame), type_)
    made = ResolvedVariable(name=variable, label=variable, type=type_, length=200, format=FORMATS.get(type_, ""))  # type: ignore[arg-type]
    return frame.assign(**{variable: values}), dataset.model_copy(update={"variables": {**dataset.variables, variable: made}})


def delivered(built: Built) -> Delivery:
    """The study as it is looked at."""
    return Delivery(built.study, built.datasets, built.datasets, built.frames, built.sources)


def broken(built: Built, each: Break) -> Delivery:
    """The study after a break; the specification stays."""
    changed = Broken(built)
    if each.of_records:
        changed.mutate(each)
    frames, held = changed.frames, dict(built.datasets)
    if each.dataset in held:
        for variable, value in each.add.items():
            frames[each.dataset], held[each.dataset] = _with(replace(built, frames=frames, datasets=held), each.dataset, variable, value)
        frames[each.dataset] = frames[each.dataset].drop(columns=list(each.remove))
        held[each.dataset] = _described(held[each.dataset], each)
        if each.called:
            frames[each.called], held[each.called] = frames.pop(each.dataset), held.pop(each.dataset).model_copy(update={"name": each.called})
    for name in each.missing:
        del frames[name], held[name]
    study = built.study.model_copy(update={"lengths": each.lengths}) if each.lengths else built.study
    sources = {name: frame for name, frame in changed.sources.items() if name not in each.unread}
    return Delivery(study, built.datasets, held, frames, sources, each.sizes, each.unreadable)


def _described(dataset: ResolvedDataset, each: Break) -> ResolvedDataset:
    """A dataset as the data have it."""
    variables = {name: variable for name, variable in dataset.variables.items() if name not in each.remove}
    for name, attributes in each.said.items():
        variables[name] = variables[name].model_copy(update=dict(attributes))
    variables = {name: variables[name] for name in dict.fromkeys([*each.order, *variables])}
    return dataset.model_copy(update={"variables": variables, "label": each.label or dataset.label})


def told(package: Delivery, rule: ConformanceRule) -> list[Finding]:
    """What one rule finds."""
    return run_conformance(package, ConformanceRules(conformance_rules().kinds, (rule,), (), {}))


def size(findings: Sequence[Finding]) -> int:
    """How much was found: records, and once what is not of records."""
    return sum(max(finding.count, 1) for finding in findings)


@dataclass(frozen=True)
class Nonconforming:
    """A break that was tried: what its rule found before and after it, and each check of the rule (its place in ALL) that found
    more after it; the other rules that did, where they were tried."""

    each: Break
    before: Sequence[Finding]
    after: Sequence[Finding]
    more: Mapping[int, Sequence[Finding]]
    others: Sequence[str] = ()

    @property
    def caught(self) -> bool:
        """Whether the rule that is meant found more, and nothing that could not be run."""
        return bool(self.more) and all(finding.id != "suite" for finding in self.after)


def tried(built: Built, others: bool = False, only: tuple[str, ...] = ("",)) -> Iterator[Nonconforming]:
    """Try the breaks, each alone: against its rule, with `others` against all. `only`: how the ids of rules begin."""
    for beside, breaks in blocks(built, only):
        before = delivered(beside)
        all_before = _names(run_conformance(before)) if others else set()
        for each in breaks:
            after = broken(beside, each)
            both = {place: (told(before, rule), told(after, rule)) for place, rule in enumerate(ALL) if rule.id == each.rule}
            more = {place: new for place, (old, new) in both.items() if size(new) > size(old)}
            old, new = (tuple(chain.from_iterable(findings)) for findings in zip(*both.values(), strict=True))
            yield Nonconforming(each, old, new, more, sorted(_names(run_conformance(after)) - all_before - {each.rule}) if others else ())


def _names(findings: Sequence[Finding]) -> set[str]:
    """The rules that findings stand for."""
    return {name for finding in findings for name in finding.message.split("[")[-1].rstrip("]").split(", ")}
