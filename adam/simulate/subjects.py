"""Who takes part: study, arm, site, Week 8 category and demographics, one record per randomised subject."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.errors import UsageError
from adam.simulate.columns import day_of
from adam.simulate.draws import Draws, Ints, apportion
from adam.simulate.trial_facts import NOT_SUCCESS, SUCCESS, TrialFacts

REST, EXCLUDED = 3, 4
"""Groups of the baseline characteristics: 0 to 2 are the subjects without treatment success by arm, 3 all others, 4 the excluded site."""


def enrol(facts: TrialFacts, draws: Draws, subjects: int | None) -> pd.DataFrame:
    """The randomised subjects in the order of their identifiers.

    Args:
        facts: the study facts.
        draws: where the draws come from.
        subjects: how many; as many as the study randomised if None. Studies, arms and the excluded site keep their proportions.

    Returns:
        One record per subject: whole numbers and codes (positions in the lists of the facts).

    Raises:
        UsageError: fewer than one subject.
    """
    people = _allocated(facts, subjects)
    size = len(people)
    people["cell"] = people["study"] * 10 + people["arm"]
    people["luck"] = draws.noise(size)
    people = _week8(facts, draws, people)
    people = _places(facts, draws, people)
    people = people.sort_values(["study", "site", "luck"], kind="stable", ignore_index=True)
    people["number"] = people.groupby(["study", "site"]).cumcount() + 1
    people = _demographics(facts, draws, people)
    return _dates(facts, draws, people)


def _allocated(facts: TrialFacts, subjects: int | None) -> pd.DataFrame:
    rows = []
    for s, study in enumerate(facts.studies):
        randomised = facts.get(f"studies.{study}.randomised")
        excluded = facts.get(f"studies.{study}.excluded")
        for a, number in enumerate(randomised):
            rows += [(s, a, 0, number - excluded[a]), (s, a, 1, excluded[a])]
    total = sum(row[3] for row in rows) if subjects is None else subjects
    if total < 1:
        raise UsageError(f"--subjects {total}: a simulation wants at least one subject")
    counts = apportion([row[3] for row in rows], total)
    return pd.DataFrame({name: np.repeat([row[i] for row in rows], counts) for i, name in enumerate(("study", "arm", "excluded"))})


def _week8(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Week 8 category and the IGA transition that goes with it (`iga0` to `iga8`, true values also where nobody saw them)."""
    cell = (people["cell"] + 100 * people["excluded"]).to_numpy()
    tables = facts.by_study_arm("week8.category")
    tables |= {100 + key: weights for key, weights in facts.by_study_arm("week8.category_excluded").items() if sum(weights)}
    people["category"] = draws.levels(cell, tables, draws.noise(len(people)))
    people["iga0"], people["iga8"] = 0, 0
    for number, name in enumerate(("success", "no_success", "unseen")):
        block = facts.get(f"week8.{name}")
        moves = np.array([[int(part) for part in str(move).split(" to ")] for move in block["moves"]], dtype=np.int64)
        for excluded in (0, 1):
            inside = np.flatnonzero((people["category"] == number) & (people["excluded"] == excluded))
            tables = dict(enumerate(block["counts"]))
            chosen = draws.levels(people["arm"].to_numpy()[inside], tables, draws.noise(len(inside)))
            people.loc[people.index[inside], ["iga0", "iga8"]] = moves[chosen]
    group = np.where(people["category"] == NOT_SUCCESS, people["arm"], REST)
    people["group"] = np.where(people["excluded"] == 1, EXCLUDED, group)
    people["success"] = people["category"] == SUCCESS
    return people


def by_group(facts: TrialFacts, name: str) -> dict[int, list[int]]:
    """Weights for each group; the excluded site takes those of the rest."""
    rows = facts.get(name)
    return {**dict(enumerate(rows)), EXCLUDED: rows[REST]}


def _places(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Region by group, then a site of the study in that region; sites differ in size."""
    size = len(people)
    region = draws.levels(people["group"].to_numpy(), by_group(facts, "characteristics.region"), draws.noise(size))
    people["region"] = np.where(people["excluded"] == 1, 0, region)
    people["site"], people["country"] = 0, 0
    countries = list(facts.get("countries"))
    in_region = [[countries.index(c) for c in names] for names in facts.get("regions").values()]
    for s, study in enumerate(facts.studies):
        block = facts.get(f"studies.{study}")
        where = np.repeat([countries.index(c) for c in block["sites"]], list(block["sites"].values()))
        number = block["first_site"] + np.arange(len(where))
        apart = block["excluded_site"]
        for r, places in enumerate(in_region):
            open_sites = np.flatnonzero(np.isin(where, places) & (number != apart))
            weights = draws.below(6, len(open_sites)) + 2
            inside = np.flatnonzero((people["study"] == s) & (people["region"] == r) & (people["excluded"] == 0))
            chosen = open_sites[draws.pick(weights.tolist(), len(inside))]
            people.loc[people.index[inside], "site"] = number[chosen]
            people.loc[people.index[inside], "country"] = where[chosen]
        closed = (people["study"] == s) & (people["excluded"] == 1)
        people.loc[closed, "site"] = apart
        people.loc[closed, "country"] = in_region[0][0]
    return people


def _demographics(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    size = len(people)
    group = people["group"].to_numpy()
    people["female"] = draws.levels(group, by_group(facts, "characteristics.female"), draws.noise(size)) == 0
    european = draws.noise(size) + people["region"].to_numpy() * 700_000
    people["race"] = draws.levels(group, by_group(facts, "characteristics.race"), european)
    other = facts.get("characteristics.other_race")
    detail = len(facts.get("races")) + draws.pick(list(other.values()), size)
    people["race"] = np.where(people["race"] == len(facts.get("races")), detail, people["race"])
    people["ethnic"] = draws.pick(facts.get("characteristics.ethnic_weights"), size)
    ages = {i: facts.table(f"characteristics.age.{i}") for i in range(4)}
    people["age"] = draws.values(group, {**ages, EXCLUDED: ages[REST]}, draws.noise(size))
    people["duration"] = _durations(facts, draws, people)
    flares = {i: facts.table(f"characteristics.flares.{i}") for i in range(4)}
    people["flares"] = draws.values(group, {**flares, EXCLUDED: flares[REST]}, draws.noise(size))
    people["face"] = draws.levels(group, by_group(facts, "characteristics.face"), draws.noise(size)) == 0
    return people


def _durations(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> Ints:
    """Tenths of years with the disease, never more than the age: each age, from the youngest, draws from what is short enough."""
    tables = {i: facts.table(f"characteristics.duration.{i}", 10) for i in range(4)}
    tables[EXCLUDED] = tables[REST]
    group, age = people["group"].to_numpy(), people["age"].to_numpy()
    lengths = draws.values(group, tables, draws.noise(len(people)))
    result = np.zeros(len(people), dtype=np.int64)
    for g in tables:
        inside = np.flatnonzero(group == g)
        pool = np.sort(lengths[inside])
        for years in np.unique(age[inside]):
            here = inside[age[inside] == years]
            short = max(int(np.searchsorted(pool, years * 10, side="right")), len(here))
            chosen = np.argsort(draws.noise(short), kind="stable")[: len(here)]
            result[here] = np.minimum(pool[chosen], years * 10)
            pool = np.delete(pool, chosen)
    return result


def _dates(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Day 1 (a working day), consent, and a date of birth that gives the age on Day 1."""
    size = len(people)
    first, last = day_of(facts.get("enrolment.first")), day_of(facts.get("enrolment.last"))
    day1 = working_day(first + draws.below(last - first, size))
    people["day1"] = day1
    people["consent"] = working_day(day1 - facts.whole("enrolment.screening_least") - draws.below(facts.whole("enrolment.screening_spread"), size))
    people["dose_minute"] = 8 * 60 + 5 * draws.below(96, size)
    youngest = np.isin(people["age"], [facts.whole("enrolment.youngest"), facts.whole("enrolment.adult_instrument")])
    since_birthday = np.where(youngest, 30 + draws.below(330, size), draws.below(360, size))
    months = (day1 - since_birthday).astype("datetime64[D]").astype("datetime64[M]")
    within = (day1 - since_birthday).astype("datetime64[D]") - months.astype("datetime64[D]")
    born = (months - people["age"].to_numpy().astype("timedelta64[M]") * 12).astype("datetime64[D]")
    people["birth"] = born.astype(np.int64) + np.minimum(within.astype(np.int64), 27)
    return people


def working_day(days: Ints) -> Ints:
    """Saturday becomes Friday, Sunday Monday."""
    weekday = (days + 3) % 7
    return days - (weekday == 5) + (weekday == 6)
