"""ADSL: who the subject is (§4, rulings 33, 36, 48, 50, 56)."""

import math
from datetime import date

from tests.oracle.config import EUROPE, NORTH_AMERICA, least
from tests.oracle.iso import parse
from tests.oracle.package import Source

COPIED = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "COUNTRY", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARM", "ACTARM")
PER_YEAR = {"": 1, "YEARS": 1, "MONTHS": 12, "WEEKS": 52.1775, "DAYS": 365.25}
RACES = {"WHITE": "White", "BLACK OR AFRICAN AMERICAN": "Black", "ASIAN": "Asian"}
RACE_NUMBERS = {"White": 1, "Black": 2, "Asian": 3, "Other": 4}


def region(country: str) -> tuple:
    if not country:
        return "", None
    if country in NORTH_AMERICA:
        return "North America", 1
    assert country in EUROPE
    return "Europe", 2


def age(dm: dict, anchor: date | None) -> int | None:
    """Completed years at the anchor from a complete date of birth, else from AGE and AGEU."""
    born = parse(dm["BRTHDTC"]).date
    if born is not None and anchor is not None:
        return anchor.year - born.year - ((anchor.month, anchor.day) < (born.month, born.day))
    return None if dm["AGE"] is None else math.floor(dm["AGE"] / PER_YEAR[dm["AGEU"].upper()])


def age_groups(years: int | None) -> dict:
    if years is None or years < 12:
        return {"AGEGR1": "", "AGEGR1N": None, "AGEGR2": "", "AGEGR2N": None, "QOLINST": ""}
    group = 1 if years <= 17 else 2 if years <= 64 else 3
    adult = years >= 16
    return {
        "AGEGR1": ["12-17", "18-64", ">=65"][group - 1],
        "AGEGR1N": group,
        "AGEGR2": ">=16" if adult else "12-15",
        "AGEGR2N": 2 if adult else 1,
        "QOLINST": "DLQI" if adult else "CDLQI",
    }


def duration(source: Source, consent: date | None) -> float | None:
    """Years from the earliest diagnosis to consent: a year means 1 July, a month its 15th."""
    found = []
    for row in source["MH"]:
        moment = parse(row["MHSTDTC"])
        if row["MHCAT"].upper() == "ATOPIC DERMATITIS" and moment.lo is not None:
            found.append({"": moment.lo, "D": moment.lo.replace(day=15), "M": date(moment.lo.year, 7, 1)}[moment.level])
    if not found or consent is None:
        return None
    return round((consent - least(consent, *found)).days / 365.25, 1)


def finding(source: Source, code: str, value: str, anchor: date | None):
    """The last value of a finding dated on or before the anchor; any record when there is no anchor."""
    found = []
    for row in source["FA"]:
        moment = parse(row["FADTC"])
        in_time = anchor is None or (moment.date is not None and moment.date <= anchor)
        done = row["FASTAT"].upper() != "NOT DONE" and row[value] not in ("", None)
        if row["FATESTCD"].upper() == code and done and in_time:
            found.append((moment.order(), row["FASEQ"], row[value]))
    return max(found)[2] if found else None


def strata(source: Source, baseline: float | None, region_name: str) -> dict:
    first, second = source.subject_supp("STRAT1"), source.subject_supp("STRAT2")
    return {
        "STRATAR": f"{first}, IGA {second}" if first and second else "",
        "STRAT1D": "Geographic Region",
        "STRAT1R": first,
        "STRAT1V": region_name,
        "STRAT2D": "Baseline IGA Score",
        "STRAT2R": second,
        "STRAT2V": "" if baseline is None else f"{baseline:g}",
    }


def demographics(source: Source, anchor: date | None, consent: date | None) -> dict:
    """What DM, MH, FA and SUPPDM say of the subject; `anchor` is TRTSDT, else RANDDT."""
    row = {name: source.dm[name] for name in COPIED}
    row["REGION1"], row["REGION1N"] = region(source.dm["COUNTRY"])
    row["AAGE"] = age(source.dm, anchor)
    row |= age_groups(row["AAGE"])
    row["RACEGR1"] = RACES.get(source.dm["RACE"].upper(), "Other")
    row["RACEGR1N"] = RACE_NUMBERS[row["RACEGR1"]]
    row["RFICDT"] = consent
    row["ADDURY"] = duration(source, consent)
    row["FACEBLFL"] = finding(source, "FACEIND", "FASTRESC", anchor) or ""
    row["FLARE12N"] = finding(source, "FLARENUM", "FASTRESN", anchor)
    return row
