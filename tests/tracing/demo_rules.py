"""Variables of the demo from the collected values that a trace names, with pandas alone; nothing of the specification is read here.

A rule gets the tables of `collected` and the record it is for. What the study states is written here again, as an independent programmer
would read it from the analysis plan.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.tracing.demo_records import (
    baseline,
    baseline_flag,
    before_treatment,
    change,
    clear,
    duration,
    emergent,
    first_emergent,
    of_record,
    onset,
    onset_day,
    onset_flag,
    own_event,
    percent_change,
    related,
    site_reaction,
    value,
    withdrawn,
)
from tests.tracing.demo_subjects import (
    Plain,
    Tables,
    age,
    age_group,
    date,
    day,
    end_date,
    end_reason,
    end_status,
    event,
    face,
    first_dose,
    planned,
    race_group,
    randomized,
    the,
)


def of_subject(name: str) -> Callable[[Tables, str], Plain]:
    return lambda tables, record: the(tables, "DM", name)


def of_event(name: str) -> Callable[[Tables, str], Plain]:
    return lambda tables, record: own_event(tables, record)[name]


def alone(rule: Callable[[Tables], Plain]) -> Callable[[Tables, str], Plain]:
    """A rule of a subject."""
    return lambda tables, record: rule(tables)


RULES: dict[str, dict[str, Callable[[Tables, str], Plain]]] = {
    "ADSL": {
        "SEX": of_subject("SEX"),
        "COUNTRY": of_subject("COUNTRY"),
        "AAGE": alone(age),
        "AGEGR1": alone(age_group),
        "RACEGR1": alone(race_group),
        "TRT01P": alone(planned),
        "RFICDT": alone(lambda tables: date(the(tables, "DM", "RFICDTC"))),
        "RANDDT": alone(lambda tables: event(tables, "RANDOMIZED")),
        "ITTFL": alone(lambda tables: "Y" if randomized(tables) else "N"),
        "SAFFL": alone(lambda tables: "N" if first_dose(tables) is None else "Y"),
        "TRTSDT": alone(first_dose),
        "EOSSTT": alone(end_status),
        "EOSDT": alone(end_date),
        "DCSREAS": alone(end_reason),
        "FACEBLFL": alone(face),
        "IGABL": alone(lambda tables: baseline(tables, "")),
    },
    "ADEFF": {
        "ADT": lambda tables, record: date(of_record(tables, record)["RSDTC"]),
        "ADY": lambda tables, record: day(date(of_record(tables, record)["RSDTC"]), first_dose(tables)),
        "AVAL": value,
        "BASE": baseline,
        "CHG": change,
        "PCHG": percent_change,
        "ABLFL": baseline_flag,
        "CRIT2FL": clear,
        "SRCSEQ": lambda tables, record: of_record(tables, record)["RSSEQ"],
        "TRTSDT": alone(first_dose),
        "VISITNUM": lambda tables, record: of_record(tables, record)["VISITNUM"],
    },
    "ADAE": {
        "AEDECOD": of_event("AEDECOD"),
        "AESEV": of_event("AESEV"),
        "AEBODSYS": of_event("AEBODSYS"),
        "ASTDT": onset,
        "ASTDTF": onset_flag,
        "ASTDY": onset_day,
        "ADURN": duration,
        "PREFL": before_treatment,
        "TRTEMFL": emergent,
        "AOCCFL": first_emergent,
        "AREL": related,
        "AEDISCFL": withdrawn,
        "CQ01NAM": site_reaction,
        "RACEGR1": alone(race_group),
    },
}
"""How each variable is computed from collected values: of which domain, and by which of the derivations of the study."""
