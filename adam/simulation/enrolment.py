"""Who takes part: how many subjects each study and arm has, and at which sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from adam.core.errors import UsageError
from adam.simulation.draws import apportion
from adam.simulation.population import Population
from adam.simulation.scope import Scope
from adam.simulation.trial_facts import TrialFacts


def allocate(facts: TrialFacts, subjects: int | None) -> Population:
    """The randomised subjects with their `study` and `arm`, and whether they are `excluded`: at the excluded site of a study.

    Args:
        facts: the study facts.
        subjects: how many; as many as the studies randomised if None. Studies, arms and the excluded site keep their proportions.

    Raises:
        UsageError: fewer than one subject.
    """
    rows = []
    for s, study in enumerate(facts.studies):
        randomised = facts.get(f"studies.{study}.randomised")
        excluded = facts.optional(f"studies.{study}.excluded", [0] * len(randomised))
        for a, number in enumerate(randomised):
            rows += [(s, a, 0, number - excluded[a]), (s, a, 1, excluded[a])]
    total = sum(row[3] for row in rows) if subjects is None else subjects
    if total < 1:
        raise UsageError(f"--subjects must be at least 1; it is {total}.")
    counts = apportion([row[3] for row in rows], total)
    columns = {name: np.repeat(np.array([row[i] for row in rows], dtype=np.int64), counts) for i, name in enumerate(("study", "arm", "excluded"))}
    return Population(total, len(facts.visits), columns)


def place_at_sites(scope: Scope, how: Mapping[str, Any]) -> None:
    """Give each subject a `site` and `country` of the study in its `region`; order the subjects by study and site, and number them.

    Sites differ in size. At a site the subjects are in the order of the variable `order` of the step.
    """
    people = scope.population
    people["site"], people["country"] = np.zeros(people.size, dtype=np.int64), np.zeros(people.size, dtype=np.int64)
    for s, study in enumerate(scope.facts.studies):
        _place(scope, s, scope.facts.get(f"studies.{study}"))
    order = np.lexsort((people[str(how["order"])], people["site"], people["study"]))
    people.values = people.take(order).values
    first = np.r_[True, (np.diff(people["site"]) != 0) | (np.diff(people["study"]) != 0)]
    places = np.arange(people.size)
    people["number"] = places - np.maximum.accumulate(np.where(first, places, 0)) + 1


def _place(scope: Scope, study: int, block: Mapping[str, Any]) -> None:
    people, facts = scope.population, scope.facts
    smallest, largest = (int(size) for size in facts.get("enrolment.site_sizes"))
    regions = [[facts.position(country, "countries") for country in names] for names in facts.get("regions").values()]
    where = np.repeat([facts.position(country, "countries") for country in block["sites"]], list(block["sites"].values()))
    number = block["first_site"] + np.arange(len(where))
    apart = block.get("excluded_site", 0)
    for r, inside_region in enumerate(regions):
        open_sites = np.flatnonzero(np.isin(where, inside_region) & (number != apart))
        weights = scope.draws.below(largest - smallest + 1, len(open_sites)) + smallest
        inside = np.flatnonzero((people["study"] == study) & (people["region"] == r) & (people["excluded"] == 0))
        if len(inside) == 0:
            continue
        if len(open_sites) == 0:
            facts.fail(block["sites"], f"Region {r + 1} of 'simulation: regions:' has subjects and no site here. Add one.", "spec-missing-key")
        chosen = open_sites[scope.draws.pick(weights.tolist(), len(inside))]
        people["site"][inside], people["country"][inside] = number[chosen], where[chosen]
    closed = (people["study"] == study) & (people["excluded"] == 1)
    people["site"][closed], people["country"][closed] = apart, regions[0][0]
