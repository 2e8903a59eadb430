"""The SDTM package of a simulated study, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from adam.planning.values import ResolvedDataset
from adam.simulation import domains, trial, trial_design
from adam.simulation import edge_cases as cases
from adam.simulation.draws import Draws
from adam.simulation.metadata import dataset
from adam.simulation.trial_facts import TrialFacts
from adam.specification.study import Study

SEED = 20181220


@dataclass(frozen=True)
class File:
    """One file of the package: its path below the folder, its resolved dataset, and its frame in parts."""

    path: str
    dataset: ResolvedDataset
    parts: Iterator[pd.DataFrame]

    def frame(self) -> pd.DataFrame:
        """The whole frame; it consumes the parts."""
        parts = list(self.parts)
        return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def simulate(study: Study, *, subjects: int | None = None, seed: int = SEED, exact: bool = False, edge_cases: bool = False) -> Iterator[File]:
    """Simulate the SDTM data of a study.

    The same study, options and seed give the same frames on any machine. Everything is drawn at once, as whole numbers; the frames of RS and QS
    follow part by part as their files are read, so that little memory is in use. The size of a part changes no value.

    Args:
        study: a study with a `simulation:` section.
        subjects: how many subjects; as many as the study randomised if None.
        seed: the seed of the random numbers.
        exact: the data have exactly the counts of the study facts, not only on average.
        edge_cases: add one subject for each tricky case, and the packages that must be refused below `refused/`.

    Yields:
        The files of the package, `dm.xpt` first. Texts are `str` with "" for blank, numbers float64.

    Raises:
        SpecError: the facts for a simulation are missing or incomplete.
        UsageError: fewer than one subject.
    """
    facts = TrialFacts(study)
    draws = Draws(seed, exact)
    drawn = trial.draw(facts, draws, subjects)
    makers = domains.frames(drawn)
    messy = cases.readable_cases(facts) if edge_cases else {}
    for domain, maker in makers.items():
        further = [messy.pop(domain)] if domain in messy else []
        yield _file(facts, f"{domain.lower()}.xpt", domain, chain(maker(), further))
    for domain, frame in messy.items():
        yield _file(facts, f"{domain.lower()}.xpt", domain, iter([frame]))
    for domain, frame in trial_design.design(facts).items():
        yield _file(facts, f"{domain.lower()}.xpt", domain, iter([frame]))
    if edge_cases:
        for key, frames, case in cases.refused_cases(facts):
            for domain, frame in frames.items():
                suffix = case.get("formats", {}).get(domain, "xpt")
                yield _file(facts, f"refused/{key.rstrip('abc')}/{domain.lower()}.{suffix}", domain, iter([frame]))


def _file(facts: TrialFacts, path: str, domain: str, parts: Iterator[pd.DataFrame]) -> File:
    first = next(parts)
    return File(path, dataset(domain, list(first.columns), facts.optional("lengths", {})), chain(iter([first]), parts))
