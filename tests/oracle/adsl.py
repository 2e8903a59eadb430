"""ADSL, subject by subject (§4). Scores at baseline and the flags of Week 8 are given, not derived here."""

from tests.oracle import disposition, exposure
from tests.oracle.config import DAY, EXCLUDED_SITES, FOLLOWUP, NUMBERS, RUX075, RUX15, days, least, yes_no
from tests.oracle.demographics import demographics, strata
from tests.oracle.iso import parse
from tests.oracle.package import Source

GIVEN = ("IGABL", "EASIBL", "BSABL", "NRSBL", "DLQIBL", "CDLQIBL", "W8IGAFL", "NIGATSFL")


def milestones(source: Source) -> dict:
    """Randomisations, entry into period 2 and planned treatments."""
    randomised = disposition.day_of(disposition.milestone(source, "RANDOMIZED"))
    first = disposition.planned_first(source, randomised)
    again = disposition.milestone(source, "RE-RANDOMIZED")
    entry = disposition.entry(source, first, again)
    return {
        "RANDDT": randomised,
        "RAND2DT": disposition.day_of(again),
        "AP02SDT": disposition.day_of(entry),
        "AP02SDTM": disposition.entry_time(entry),
        "TRT01P": first,
        "TRT02P": disposition.planned_second(source, first, disposition.day_of(entry)),
    }


def timeline(source: Source) -> dict:
    """Every date, status and treatment of the subject."""
    row = milestones(source) | disposition.death(source)
    rows = exposure.doses(source, row["AP02SDT"])
    row |= exposure.first_dose(rows)
    row |= disposition.end_of_study(source, row["RANDDT"] is not None or row["TRTSDT"] is not None)
    row |= disposition.end_of_treatment(source, row)
    told = exposure.ends(source)
    if rows:
        exposure.settle_ends(rows, row, told)
    row |= exposure.last_dose(rows, told)
    row |= exposure.first_period(rows, row["AP02SDT"]) | exposure.second_period(rows, row["AP02SDT"])
    return row | period_bounds(row)


def period_bounds(row: dict) -> dict:
    """AP01SDT to AP02EDT and the durations (ruling 27)."""
    entry, end = row["AP02SDT"], row["TRTEDT"]
    closing = least(None if end is None else end + FOLLOWUP, row["EOSDT"])
    first = closing if entry is None else entry - DAY
    return {
        "AP01SDT": row["TRTSDT"],
        "AP01EDT": None if row["TRTSDT"] is None else first,
        "AP02EDT": None if entry is None else closing,
        "TR01DURD": days(row["TR01SDT"], row["TR01EDT"]),
        "TR02DURD": days(row["TR02SDT"], row["TR02EDT"]),
        "TRTDURD": days(row["TRTSDT"], row["TRTEDT"]),
    }


def sequences(row: dict) -> dict:
    """Treatment codes and sequences (ruling 28)."""
    found = {}
    for kind in "PA":
        pair = row[f"TRT01{kind}"], row[f"TRT02{kind}"]
        codes = [NUMBERS[name] for name in pair]
        found[f"TRT01{kind}N"], found[f"TRT02{kind}N"] = codes
        found[f"TRTSEQ{kind}"] = " / ".join(name for name in pair if name)
        found[f"TRTSEQ{kind}N"] = 10 * (codes[0] or 0) + (codes[1] or 0) if any(codes) else None
    return found


def populations(row: dict) -> dict:
    randomised, treated, entered = row["RANDDT"] is not None, row["TRTSDT"] is not None, row["TR02SDT"] is not None
    evaluable = randomised and (row["STUDYID"], row["SITEID"]) not in EXCLUDED_SITES
    taken = {row["TRT01A"], row["TRT02A"]}
    return {
        "RANDFL": yes_no(randomised),
        "ITTFL": yes_no(randomised),
        "SAFFL": yes_no(treated),
        "EEFL": yes_no(evaluable),
        "COMPLFL": yes_no(row["EOSSTT"] == "COMPLETED"),
        "VCSAFFL": yes_no(row["TR01SDT"] is not None),
        "LTSSAFFL": yes_no(entered),
        "LTSEVFL": yes_no(entered and evaluable),
        "RX075FL": yes_no(RUX075 in taken),
        "RX15FL": yes_no(RUX15 in taken),
    }


def at_least(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def baseline_flags(row: dict) -> dict:
    severe = row["IGABL"] == 3 and at_least(row["EASIBL"], 16) and at_least(row["BSABL"], 10)
    return {
        "SEVADFL": yes_no(severe),
        "NRS2BLFL": yes_no(at_least(row["NRSBL"], 2)),
        "NRS4BLFL": yes_no(at_least(row["NRSBL"], 4)),
    }


def adsl_row(source: Source, given: dict) -> dict:
    """The subject's record; `given` holds the variables of GIVEN."""
    row = timeline(source)
    row |= demographics(source, row["TRTSDT"] or row["RANDDT"], parse(source.dm["RFICDTC"]).date)
    row |= {name: given[name] for name in GIVEN}
    row |= sequences(row) | populations(row) | baseline_flags(row) | strata(source, row["IGABL"], row["REGION1"])
    row |= {"APHASE1": "SCREENING", "APHASE2": "VC", "APHASE3": "LTS", "APHASE4": "FOLLOW-UP"}
    del row["TREATMENT_END"]
    return row
