"""How ill the subjects are on Day 1: EASI, affected BSA, itch and quality of life, all led by one latent severity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.simulate.draws import MILLION, Draws, Flags
from adam.simulate.subjects import EXCLUDED, REST
from adam.simulate.trial_facts import UNSEEN, TrialFacts

SEVERE = 10
"""Added to the group of the more severely ill, who have their own tables of EASI and BSA."""
NO_DIARY = 3
"""The itch class of subjects with too few diary days before Day 1."""


def assess(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """The subjects with their Day 1 values: `easi0` and `bsa0` in tenths, `itch_sum0` of `itch_days0` days, `qol0`."""
    size = len(people)
    people["severity"] = draws.noise(size) * 7 // 10 + people["iga0"].eq(3).to_numpy() * 3 * MILLION // 10
    people["severe"] = _severe(facts, draws, people)
    group = people["group"].to_numpy() + SEVERE * people["severe"].to_numpy()
    for name, weight in (("easi", 3), ("bsa", 2)):
        tables = {i: facts.table(f"characteristics.{name}.{i}", 10) for i in range(4)}
        severe = facts.table(f"characteristics.{name}_severe", 10)
        tables |= {EXCLUDED: tables[REST], **{SEVERE + i: severe for i in range(EXCLUDED + 1)}}
        score = people["severity"].to_numpy() * weight + draws.noise(size)
        if name == "bsa":
            score = score + people["easi0"].to_numpy() * 10_000
        people[f"{name}0"] = draws.values(group, tables, score)
    people = _itch(facts, draws, people)
    return _quality_of_life(facts, draws, people)


def _severe(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> Flags:
    cell = np.where(people["excluded"] == 1, EXCLUDED * 10, people["category"] * 10) + people["arm"]
    shares: dict[int, Any] = {}
    for c, name in ((0, "success"), (1, "no_success"), (UNSEEN, "unseen"), (EXCLUDED, "excluded")):
        shares |= {c * 10 + a: share for a, share in enumerate(facts.get(f"severe.{name}"))}
    lost = (people["excluded"] == 1) & (people["category"] == UNSEEN)
    may = (people["iga0"].eq(3) & ~lost).to_numpy()
    return draws.taken(cell.to_numpy(), shares, people["severity"].to_numpy() // 50 + draws.noise(len(people)), may)


def _itch(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Sum and number of the diary scores of Days -7 to -1; the class (4 and more, 2 to less than 4, less, missing) first."""
    size = len(people)
    rest = np.isin(people["group"], (REST, EXCLUDED))
    cell = people["cell"].to_numpy() * 10 + rest + 1000 * people["excluded"].to_numpy()
    rows = facts.get("itch.baseline")
    tables = {
        (s * 10 + a) * 10 + r: weights
        for s, study in enumerate(facts.studies)
        for a, pair in enumerate(rows[study])
        for r, weights in enumerate(pair)
    }
    tables |= {1000 + key: weights for key, weights in tables.items()}
    score = people["severity"].to_numpy() * 2 // 3 + draws.noise(size)
    level = draws.levels(cell, tables, np.where(people["excluded"] == 1, draws.noise(size), score))
    inside = {g: facts.table(f"itch.baseline_values.four.{min(g, REST)}", 100) for g in range(EXCLUDED + 1)}
    for i, name in ((1, "two"), (2, "none")):
        inside |= {10 * i + g: facts.table(f"itch.baseline_values.{name}", 100) for g in range(EXCLUDED + 1)}
    values = draws.values(10 * level + people["group"].to_numpy(), inside, score)
    days = 4 + draws.levels(np.zeros(size), {0: facts.get("itch.days_4_to_7")}, draws.noise(size))
    low, high = np.array([4, 2, 0])[np.minimum(level, 2)] * days, np.array([10 * 7 + 1, 4, 2])[np.minimum(level, 2)] * days - 1
    people["itch_class"] = level
    people["itch_days0"] = np.where(level == NO_DIARY, draws.below(4, size), days)
    total = np.clip((values * days + 50) // 100, low, np.minimum(high, 10 * days))
    people["itch_sum0"] = np.where(level == NO_DIARY, 4 * people["itch_days0"], total)
    return people


def _quality_of_life(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    people["child"] = people["age"] < facts.whole("enrolment.adult_instrument")
    score = people["severity"].to_numpy() + people["itch_sum0"].to_numpy() * 15_000 + draws.noise(len(people))
    tables = {i: facts.table(f"quality_of_life.baseline.{i}") for i in (0, 1)}
    people["qol0"] = draws.values(people["child"].astype(np.int64).to_numpy(), tables, score)
    people["qol_step"] = np.where(people["child"], facts.whole("quality_of_life.child_response"), facts.whole("quality_of_life.adult_response"))
    return people
