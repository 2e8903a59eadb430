"""How the disease went: IGA, EASI and affected BSA by subject and visit, whole numbers (EASI and BSA in tenths)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.draws import MILLION, Draws, Ints
from adam.simulate.trial_facts import UNSEEN, TrialFacts
from adam.simulate.visits import DAY_1, SCREENING, VISITS, WEEK_2, WEEK_4, WEEK_8, WEEK_12, WEEK_52, control

RATIO_STEPS = np.arange(0, 1501, 100)
BSA_SHARES = np.array([0, 15, 27, 38, 48, 57, 67, 76, 84, 92, 100, 107, 113, 119, 124, 128])
"""Percent of the Day 1 area still affected for each tenth of the EASI left: area lags behind the signs."""


@dataclass(frozen=True)
class Course:
    """IGA, EASI (tenths) and affected BSA (tenths of a percent) at every visit, as if every subject had come to all."""

    iga: Ints
    easi: Ints
    bsa: Ints


def follow(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints) -> Course:
    """The course of every subject through both periods."""
    size = len(people)
    iga, easi = np.zeros((size, VISITS), dtype=np.int64), np.zeros((size, VISITS), dtype=np.int64)
    for name, array in (("iga", iga), ("easi", easi)):
        array[:, SCREENING] = array[:, DAY_1] = people[f"{name}0"]
        array[:, WEEK_8] = people[f"{name}8"]
    _controlled(facts, draws, people, iga, easi)
    _long_term(facts, draws, people, days, iga)
    _easi_of_iga(draws, people, iga, easi)
    bsa = _bsa(draws, people, iga, easi)
    _exact_bsa(facts, draws, people, days, iga, bsa)
    return Course(iga, easi, bsa)


def _controlled(facts: TrialFacts, draws: Draws, people: pd.DataFrame, iga: Ints, easi: Ints) -> None:
    """Weeks 2 and 4: part of the way to Week 8, a little different for every subject."""
    size = len(people)
    own = draws.below(41, size) - 20
    for before, visit, name in ((DAY_1, WEEK_2, "week2"), (WEEK_2, WEEK_4, "week4")):
        way = np.clip(facts.whole(f"courses.{name}_percent") + own + draws.below(21, size) - 10, 5, 98)
        for array in (iga, easi):
            start, end = array[:, DAY_1], array[:, WEEK_8]
            array[:, visit] = start - ((start - end) * way + 50) // 100
        wobble = draws.happens(80, size) & (iga[:, visit] < 3)
        iga[:, visit] += wobble
        least = np.where(iga[:, visit] > iga[:, before], easi[:, before] * 11 // 10 + 1, 1)  # who looks worse has more signs
        easi[:, visit] = np.where(iga[:, visit] == 0, 0, np.maximum(easi[:, visit] * (100 + 15 * wobble) // 100, least))


def _long_term(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints, iga: Ints) -> None:
    """Weeks 12 to 52: each subject's own level, a walk from visit to visit and flares; the share of each IGA by quota."""
    size = len(people)
    second = people["second"].to_numpy()
    special = control(people) & people["severe"].to_numpy()
    sequence = np.where(second > 0, people["arm"].clip(upper=1) * 2 + second, -1)
    cell = np.where(special, 100 + second, sequence)
    own = draws.noise(size) + iga[:, WEEK_8] * 350_000 + people["severity"].to_numpy() // 3
    walk = draws.noise(size)
    flare = np.zeros(size, dtype=np.int64)
    rows, split = facts.get("courses.long_term"), facts.get("courses.long_term_split")
    for v in range(WEEK_12, WEEK_52 + 1):
        walk = (walk * 7 + draws.noise(size) * 3) // 10
        flare = np.maximum(flare // 2, draws.happens(facts.whole("courses.flare_permille"), size) * MILLION)
        score = -(own + walk * 3 // 2 + flare)
        tables: dict[int, list[int]] = {}
        for i, (first, last) in enumerate(rows):
            clear = first + (last - first) * (v - WEEK_12) // (WEEK_52 - WEEK_12)
            tables[_SEQUENCES[i]] = _five(clear, 1000 - clear, split)
        for s in (1, 2):
            clear, seen = facts.get("severe.clear")[s - 1][v - WEEK_12], facts.get("severe.seen")[s - 1][v - WEEK_12]
            tables[100 + s] = [clear * 1000, (seen - clear) * 1000]
        present = np.where(days[:, v] < 0, -1, cell)
        level = draws.levels(present, {k: w for k, w in tables.items() if k < 100}, score)
        harsh = draws.levels(np.where(present >= 100, present, -1), {k: w for k, w in tables.items() if k >= 100}, score)
        harsh = np.where(harsh == 0, (draws.noise(size) < 600_000).astype(np.int64), 2 + draws.happens(300, size))
        unseen = draws.pick(_five(700, 300, split), size)
        iga[:, v] = np.where(present >= 100, harsh, np.where(present > 0, level, unseen))
    iga[:, WEEK_52 + 1] = np.where(second > 0, iga[:, WEEK_52], iga[:, WEEK_8])


_SEQUENCES = (3, 4, 1, 2)
"""Cells of 0.75 % throughout, 1.5 % throughout, vehicle to 0.75 %, vehicle to 1.5 %: `2 * (not vehicle) + second`."""


def _five(clear: int, active: int, split: list[list[int]]) -> list[int]:
    """Weights of IGA 0 to 4 from those of 0/1 and of 2 to 4."""
    return [clear * int(share) for share in split[0]] + [active * int(share) for share in split[1]]


def _easi_of_iga(draws: Draws, people: pd.DataFrame, iga: Ints, easi: Ints) -> None:
    """EASI from Week 12 on: a share of Day 1's that goes with the IGA."""
    low, high = np.array([0, 3, 16, 55, 105]), np.array([1, 13, 44, 100, 150])
    later = iga[:, WEEK_12:]
    share = low[later] + (high - low)[later] * draws.noise(later.shape) // MILLION
    values = (people["easi0"].to_numpy()[:, None] * share + 50) // 100
    easi[:, WEEK_12:] = np.where(later == 0, 0, np.maximum(values, 1))
    unseen = (people["category"] == UNSEEN).to_numpy()
    easi[:, WEEK_52 + 1] = np.where(unseen, easi[:, WEEK_8], easi[:, WEEK_52 + 1])


def _bsa(draws: Draws, people: pd.DataFrame, iga: Ints, easi: Ints) -> Ints:
    """Affected BSA: falls with the EASI and lags behind it; none without disease, half a percent at least with it."""
    start = people["bsa0"].to_numpy()[:, None]
    ratio = np.minimum(easi * 1000 // people["easi0"].to_numpy()[:, None], 1499)
    step = ratio // 100
    share = BSA_SHARES[step] + (BSA_SHARES[step + 1] - BSA_SHARES[step]) * (ratio - RATIO_STEPS[step]) // 100
    values = start * share * (90 + draws.below(21, easi.shape)) // 10_000
    values = np.where(values >= 100, values // 10 * 10, np.where(values >= 20, values // 5 * 5, values))
    values = np.where(easi == 0, 0, np.clip(values, 2, 600))
    values[:, DAY_1] = people["bsa0"]
    values[:, SCREENING] = np.clip(people["bsa0"] + 5 * (draws.below(5, len(people)) - 2), 30, 200)
    return values


def _exact_bsa(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints, iga: Ints, bsa: Ints) -> None:
    """The mean BSA of the severely ill at each visit of the second period, moved to the stated one."""
    second = np.where(control(people) & people["severe"].to_numpy(), people["second"], 0)
    for s, means in enumerate(facts.get("severe.bsa_means"), start=1):
        for v, mean in enumerate(means, start=WEEK_12):
            inside = np.flatnonzero((second == s) & (days[:, v] > 0) & (iga[:, v] > 0))
            count = int(((second == s) & (days[:, v] > 0)).sum())
            if len(inside) == 0:
                continue
            wanted = round(float(mean) * 10) * count
            weights = bsa[inside, v] * np.array([0, 2, 10, 14, 16])[iga[inside, v]] // 2 + 1
            if draws.exact:
                from_weights = weights * wanted // int(weights.sum())
                from_weights[np.argsort(-weights, kind="stable")[: wanted - int(from_weights.sum())]] += 1
                bsa[inside, v] = np.maximum(from_weights, 1)
