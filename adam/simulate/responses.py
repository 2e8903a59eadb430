"""What Week 8 brings: the responses each subject has, and EASI, itch and quality of life that agree with them.

The responses follow from quotas (how many of a cell) and scores (which subjects): treatment success first, then composite partial
response, EASI-75, the 4-point itch response and clear quality of life, each only among subjects whose earlier draws allow it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.baseline import NO_DIARY
from adam.simulate.draws import LAST, MILLION, Draws, Flags, Ints
from adam.simulate.trial_facts import NOT_SUCCESS, UNSEEN, TrialFacts


def respond(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """The subjects with their Week 8 values: `easi8` (tenths), `itch_sum8` of `itch_days8`, `qol8`, and the flags behind them."""
    size = len(people)
    improved = people["iga0"].to_numpy() - people["iga8"].to_numpy()
    people["response"] = draws.noise(size) + improved * MILLION
    people["open"] = people["success"] | _composite(facts, draws, people, improved)
    people = _easi(facts, draws, people)
    people = _itch_flags(facts, draws, people)
    people = _itch_values(draws, people)
    return _quality_of_life(facts, draws, people)


def cell_of(people: pd.DataFrame) -> Ints:
    """Study and arm; the excluded site apart (+1000), where shares are drawn from the same tables."""
    return np.asarray(people["cell"].to_numpy() + 1000 * people["excluded"].to_numpy())


def shares(facts: TrialFacts, name: str) -> dict[int, list[int]]:
    """Shares (`part, whole`) by study and arm, for the excluded site too."""
    rows = facts.by_study_arm(name)
    return {**{key: list(share) for key, share in rows.items()}, **{1000 + key: list(share) for key, share in rows.items()}}


def _composite(facts: TrialFacts, draws: Draws, people: pd.DataFrame, improved: Ints) -> Flags:
    """Composite partial response of those without treatment success, by arm and by whether the IGA fell."""
    failed = (people["category"] == NOT_SUCCESS).to_numpy()
    cell = np.where(failed, people["arm"] * 10 + (improved >= 1) + 100 * people["excluded"], -1)
    rows = facts.get("week8.composite")
    tables = {a * 10 + i + 100 * e: share for a, pair in enumerate(rows) for i, share in enumerate(pair) for e in (0, 1)}
    return draws.taken(np.asarray(cell), tables, draws.noise(len(people)))


def _easi(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """EASI by class of improvement (under 50, 50, 75, 90 %), clear if the IGA is 0."""
    size = len(people)
    seen = (people["category"] != UNSEEN).to_numpy()
    may = (people["open"] & seen).to_numpy()
    clear = (people["iga8"] == 0).to_numpy() & seen
    response = people["response"].to_numpy() + people["success"].to_numpy() * 3 * MILLION
    improved = (people["iga0"] - people["iga8"]).to_numpy()
    least75 = draws.taken(cell_of(people), shares(facts, "week8.easi75"), response + LAST * clear, may & (improved >= 1))
    failed = (people["category"] == NOT_SUCCESS).to_numpy()
    same, lower, nearly = facts.column("week8.easi50_failed").tolist()
    often = np.where(improved >= 1, np.where(people["iga8"] == 1, nearly, lower), same)
    least50 = least75 | (may & np.where(failed, draws.happens(often, size), True))
    least90 = clear | (least75 & draws.happens(np.where(people["success"], facts.whole("week8.easi90_of_75_success"), 150), size))
    people["easi_class"] = np.where(least90, 3, np.where(least75, 2, np.where(least50, 1, 0)))
    people["easi8"] = _easi_values(draws, people, clear)
    return people


def _easi_values(draws: Draws, people: pd.DataFrame, clear: Flags) -> Ints:
    """Tenths inside the class, both borders kept in whole numbers; someone not clear has at least 0.1."""
    base, level = people["easi0"].to_numpy(), people["easi_class"].to_numpy()
    grades = (people["iga0"] - people["iga8"]).to_numpy()
    worse = draws.below(100, len(people)) < np.where(grades < 0, 100, np.where(grades == 0, 30, 0))
    high = np.choose(level, [np.where(worse, base * 13 // 10, base * np.where(grades > 0, 75, 98) // 100), base // 2, base // 4, base // 10])
    half = np.maximum(base * np.where(grades > 0, 32, 42) // 100, base // 4 + 1)
    low = np.choose(
        level, [np.where(worse, base, np.maximum(base * np.where(grades > 0, 51, 65) // 100, base // 2 + 1)), half, base // 10 + 1, 1 + 0 * base]
    )
    high = np.maximum(high, low)
    drawn = low + (high - low) * draws.noise(len(people)) // MILLION
    return np.where(clear, 0, np.maximum(drawn, 1))


def _itch_flags(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Responses of itch: 4 points by quota among baselines of 4 and more, 2 points by frequency, 0 or 1 by quota."""
    size = len(people)
    level, total = people["itch_class"].to_numpy(), people["itch_sum0"].to_numpy()
    may = (people["open"] & (people["category"] != UNSEEN)).to_numpy()
    score = people["response"].to_numpy() + draws.noise(size) + total * 20_000
    cell = np.where(level == 0, cell_of(people), -1)
    four = draws.taken(cell, shares(facts, "itch.four_points"), score, may & (level == 0))
    failed = (people["category"] == NOT_SUCCESS).to_numpy()
    often = np.where(failed, facts.whole("itch.two_points_failed"), facts.whole("itch.two_points_success"))
    two = four | (may & (level <= 1) & draws.happens(often, size))
    people["itch4"], people["itch2"] = four, two
    people["itch_days8"] = 4 + draws.pick(facts.get("itch.days_4_to_7"), size)
    bottom, top = _itch_borders(people)
    after = people["itch_days8"].to_numpy()
    fits = (bottom <= after) & (level != NO_DIARY) & (people["category"] != UNSEEN).to_numpy()
    must = fits & (top <= after)
    people["itch01"] = must | draws.taken(cell_of(people), shares(facts, "itch.none_or_one"), score + LAST * must, fits)
    return people


def _itch_borders(people: pd.DataFrame) -> tuple[Ints, Ints]:
    """The lowest and the highest sum of the diary scores before Week 8 that the responses allow, compared in whole numbers."""
    four, two, days = (people[name].to_numpy() for name in ("itch4", "itch2", "itch_days8"))
    first, before = people["itch_sum0"].to_numpy(), np.maximum(people["itch_days0"].to_numpy(), 1)

    def highest(points: int) -> Ints:  # the largest sum whose mean is at least `points` below baseline
        return np.asarray((first - points * before) * days // before)

    top = np.where(four, highest(4), np.where(two, highest(2), 10 * days))
    bottom = np.where(four, 0, np.where(two, highest(4) + 1, highest(2) + 1))
    return np.maximum(np.where(people["itch_class"] == NO_DIARY, 0, bottom), 0), top


def _itch_values(draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """The sum of the diary scores before Week 8: near the border for responders, near the baseline for others."""
    size = len(people)
    answered, low01, days = people["itch2"].to_numpy(), people["itch01"].to_numpy(), people["itch_days8"].to_numpy()
    first, before = people["itch_sum0"].to_numpy(), np.maximum(people["itch_days0"].to_numpy(), 1)
    bottom, top = _itch_borders(people)
    top, bottom = np.where(low01, np.minimum(top, days), top), np.where(low01, bottom, np.maximum(bottom, days + 1))
    near = np.where(answered, bottom, np.maximum((first * days // before) - days, bottom))
    reach = np.minimum(top, near + np.where(answered, 10 * days, 2 * days))
    drawn = near + np.maximum(reach - near, 0) * draws.noise(size) // MILLION
    people["itch_sum8"] = np.minimum(np.clip(drawn, bottom, np.maximum(top, bottom)), 10 * days)
    return people


def _quality_of_life(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """DLQI or CDLQI at Week 8: response of the subject's own instrument, and 0 or 1 by quota."""
    size = len(people)
    base, step = people["qol0"].to_numpy(), people["qol_step"].to_numpy()
    failed = (people["category"] == NOT_SUCCESS).to_numpy()
    seen = (people["category"] != UNSEEN).to_numpy()
    may = people["open"].to_numpy() & seen & (base >= step)
    often = np.where(failed, facts.whole("quality_of_life.response_failed"), facts.whole("quality_of_life.response_success"))
    answer = may & draws.happens(often, size)
    lonely = failed & people["open"].to_numpy() & ~people["itch2"].to_numpy() & (people["easi_class"].to_numpy() == 0)
    answer = answer | (lonely & may)  # a composite responder responds in something
    bare = lonely & ~answer
    people.loc[bare, "easi8"] = np.maximum(people.loc[bare, "easi0"] // 2 - draws.below(2, int(bare.sum())), 1)
    people.loc[bare, "easi_class"] = 1
    score = people["response"].to_numpy() * 2 + draws.noise(size)
    fits, must = seen & (answer | (base <= step)), seen & answer & (base <= step + 1)
    low = must | draws.taken(cell_of(people), shares(facts, "quality_of_life.none_or_one"), score + LAST * must, fits)
    top = np.where(low, np.minimum(np.where(answer, base - step, 1), 1), np.where(answer, base - step, 30))
    bottom = np.where(low, np.where(answer, 0, np.maximum(base - step + 1, 0)), np.maximum(np.where(answer, 0, base - step + 1), 2))
    bottom = np.where(seen, bottom, np.maximum(base - 2, 2))
    reach = np.minimum(np.maximum(top, bottom), np.where(answer, top, np.maximum(base + 3, bottom)))
    people["qol8"] = np.minimum(bottom + np.maximum(reach - bottom + 1, 1) * draws.noise(size) // MILLION, 30)
    people["qol_response"] = answer
    return people
