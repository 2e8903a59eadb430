"""DM, SUPPDM, MH and FA: one draw per subject written down the way a sponsor collects it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.columns import BLANK, constant, dtc, frame, number, sequence, study_day, text
from adam.simulate.draws import Draws, Ints
from adam.simulate.trial_facts import TrialFacts

MULTIPLE, OTHER = "MULTIPLE", "OTHER"


def subjects(facts: TrialFacts, people: pd.DataFrame, first: Ints, last: Ints) -> pd.DataFrame:
    """DM. ARM names both treatments of a subject who changed: `VEHICLE / RUX 1.5%`."""
    size = len(people)
    arms = facts.arms
    paths = [*arms, *(f"{arms[0]} / {arm}" for arm in arms[1:])]
    codes = [*(str(code) for code in facts.get("arm_codes")), *(f"{facts.get('arm_codes')[0]}-{code}" for code in facts.get("arm_codes")[1:])]
    crossed = (people["arm"] == 0).to_numpy() & (people["second"] > 0).to_numpy()
    path = np.where(crossed, people["second"] + len(arms) - 1, people["arm"])
    born, consent = people["birth"].to_numpy(), people["consent"].to_numpy()
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy(), facts.studies),
        "DOMAIN": "DM",
        "USUBJID": people["usubjid"],
        "SUBJID": people["subjid"],
        "RFSTDTC": dtc(first, np.where(first == people["day1"], people["dose_minute"], BLANK)),
        "RFENDTC": dtc(last),
        "RFXSTDTC": dtc(first, np.where(first == people["day1"], people["dose_minute"], BLANK)),
        "RFXENDTC": dtc(last),
        "RFICDTC": dtc(consent),
        "RFPENDTC": dtc(people["end"].to_numpy()),
        "DTHDTC": "",
        "DTHFL": "",
        "SITEID": text(people["site"].to_numpy() - 1, [str(i) for i in range(1, int(people["site"].max()) + 1)]),
        "BRTHDTC": dtc(born),
        "AGE": number(_years(born, consent)),
        "AGEU": "YEARS",
        "SEX": text((~people["female"]).astype(np.int64).to_numpy(), ["F", "M"]),
        "RACE": text(people["race"].to_numpy(), [*facts.get("races"), *facts.get("characteristics.other_race")]),
        "ETHNIC": text(people["ethnic"].to_numpy(), [str(term) for term in facts.get("characteristics.ethnic")]),
        "ARMCD": text(path, codes),
        "ARM": text(path, paths),
        "ACTARMCD": text(path, codes),
        "ACTARM": text(path, paths),
        "ARMNRS": "",
        "COUNTRY": text(people["country"].to_numpy(), list(facts.get("countries"))),
        "DMDTC": dtc(consent),
        "DMDY": number(study_day(consent, people["day1"].to_numpy())),
    }
    return frame(columns, size)


def _years(born: Ints, day: Ints) -> Ints:
    """Completed years."""
    start, end = born.astype("datetime64[D]"), day.astype("datetime64[D]")
    months = end.astype("datetime64[M]").astype(np.int64) - start.astype("datetime64[M]").astype(np.int64)
    within = (end - end.astype("datetime64[M]")).astype(np.int64) < (start - start.astype("datetime64[M]")).astype(np.int64)
    return np.asarray((months - within) // 12, dtype=np.int64)


def qualifiers(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """SUPPDM: that the subject is made up, the strata and arms the randomisation system used, and the parts of a mixed race."""
    size = len(people)
    races = [*facts.get("races"), *facts.get("characteristics.other_race")]
    region = people["region"].to_numpy()
    wrong = draws.below(1000, size) < facts.whole("enrolment.wrong_stratum_permille")
    stratum = np.where(wrong, 5 - people["iga0"].to_numpy(), people["iga0"].to_numpy())
    everyone = np.arange(size)
    crossed = np.flatnonzero((people["arm"] == 0).to_numpy() & (people["second"] > 0).to_numpy())
    mixed = np.flatnonzero(people["race"].to_numpy() == races.index(MULTIPLE))
    other = np.flatnonzero(people["race"].to_numpy() == races.index(OTHER))
    pair = np.stack([draws.below(2, len(mixed)), 2 + 0 * mixed], axis=1)
    words = [str(word) for word in facts.get("characteristics.other_race_words")]
    blocks = [                                                       # QNAM, QLABEL, QORIG, subjects, codes, terms
        ("SYNTH", "Synthetic Subject", "Assigned", everyone, 0 * everyone, ["Y"]),
        ("STRAT1", "Stratification Factor 1 (IRT)", "Collected", everyone, region, list(facts.get("regions"))),
        ("STRAT2", "Stratification Factor 2 (IRT)", "Collected", everyone, stratum, [str(i) for i in range(6)]),
        ("RNDTRT", "Randomized Treatment (IRT)", "Assigned", everyone, people["arm"].to_numpy(), facts.arms),
        ("RRNDTRT", "Re-Randomized Treatment (IRT)", "Assigned", crossed, people["second"].to_numpy()[crossed], facts.arms),
        ("RACE1", "Race 1", "Collected", mixed, pair[:, 0], races),
        ("RACE2", "Race 2", "Collected", mixed, pair[:, 1], races),
        ("RACEOTH", "Race, Other", "Collected", other, draws.below(len(words), len(other)), words),
    ]  # fmt: skip
    parts = [_qualifier(facts, people, *block) for block in blocks]
    subject = np.concatenate([block[3] for block in blocks])
    whole = pd.concat(parts, ignore_index=True)
    return whole.take(np.argsort(subject, kind="stable")).reset_index(drop=True)


def _qualifier(
    facts: TrialFacts, people: pd.DataFrame, name: str, label: str, origin: str, subject: Ints, code: Ints, terms: list[str]
) -> pd.DataFrame:
    return supplement(facts, people, "DM", subject, (name, label, origin), text(code, terms))


def supplement(
    facts: TrialFacts, people: pd.DataFrame, domain: str, subject: Ints, name: tuple[str, str, str], value: pd.Series, record: pd.Series | None = None
) -> pd.DataFrame:
    """One supplemental qualifier of some subjects; of their records where `record` gives --SEQ as text."""
    size = len(subject)
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "RDOMAIN": domain,
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "IDVAR": "" if record is None else f"{domain}SEQ",
        "IDVARVAL": constant("", size) if record is None else record,
        "QNAM": name[0],
        "QLABEL": name[1],
        "QVAL": value,
        "QORIG": name[2],
        "QEVAL": "",
    }
    return frame(columns, size)


def history(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """MH: when the disease began, as exactly as the subject remembers, and what else they have."""
    size = len(people)
    length, consent = people["duration"].to_numpy(), people["consent"].to_numpy()
    onset = consent - (length * 36525 + 500) // 1000
    low, high = facts.get("characteristics.remembered_exactly")
    exact = ((length >= low) & (length <= high)) | (length < 25) | (length > 600)
    known = np.where(exact, 10, np.array([4, 4, 4, 7, 10])[draws.below(5, size)])
    terms = [str(term) for term in facts.get("history")]
    often = np.array([int(share) for share in facts.get("history").values()])
    has = draws.happens(often[None, :], (size, len(terms)))
    subject, term = np.nonzero(np.concatenate([np.ones((size, 1), dtype=bool), has], axis=1))
    begin = np.where(term == 0, onset[subject], consent[subject] - 200 - draws.below(3000, len(subject)))
    begin = np.maximum(begin, people["birth"].to_numpy()[subject])
    digits = np.where(term == 0, known[subject], 4)
    full = dtc(begin)
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "MH",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "MHSEQ": sequence(subject),
        "MHTERM": text(term, ["Atopic dermatitis", *terms]),
        "MHDECOD": text(term, ["Dermatitis atopic", *terms]),
        "MHCAT": text(np.minimum(term, 1), ["ATOPIC DERMATITIS", "GENERAL MEDICAL HISTORY"]),
        "MHSTDTC": full.where(digits == 10, full.str.slice(0, 7).where(digits == 7, full.str.slice(0, 4))),
        "MHENRTPT": "ONGOING",
        "MHENTPT": "SCREENING",
    }
    return frame(columns, len(subject))


def findings(facts: TrialFacts, people: pd.DataFrame) -> pd.DataFrame:
    """FA: facial involvement and the flares of the last twelve months, told by the subject on Day 1."""
    size = len(people)
    subject, test = np.repeat(np.arange(size), 2), np.tile(np.arange(2), size)
    flares = people["flares"].to_numpy()[subject]
    face = people["face"].to_numpy()[subject]
    most = int(flares.max(initial=0))
    words = [*map(str, range(most + 1)), "N", "Y"]
    code = np.where(test == 0, most + 1 + face, flares)
    day = people["day1"].to_numpy()[subject]
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "FA",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "FASEQ": sequence(subject),
        "FATESTCD": text(test, ["FACEIND", "FLARENUM"]),
        "FATEST": text(test, ["Facial Involvement Indicator", "Number of Flares in Last 12 Months"]),
        "FAOBJ": "ATOPIC DERMATITIS",
        "FACAT": "DISEASE CHARACTERISTICS",
        "FAORRES": text(code, words),
        "FASTRESC": text(code, words),
        "FASTRESN": number(np.where(test == 1, flares, BLANK)),
        "FASTAT": "",
        "FALOC": "",
        "FAEVAL": "STUDY SUBJECT",
        "VISITNUM": number(0 * subject + 2),
        "VISIT": "DAY 1",
        "EPOCH": "BLINDED TREATMENT",
        "FADTC": dtc(day),
        "FADY": number(0 * subject + 1),
    }
    return frame(columns, len(subject))
