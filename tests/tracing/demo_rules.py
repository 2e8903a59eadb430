"""Variables of the demo from the collected values that a trace names, with pandas alone; nothing of the specification is read here.

A rule gets the tables of `collected` and the record it is for. What the study states is written here again, as an independent programmer
would read it from the analysis plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from adam.tracing.values import TracedValue

Plain = str | float | pd.Timestamp | None
Tables = Mapping[str, pd.DataFrame]
TREATMENTS = {"VEHICLE": "Vehicle Cream BID", "RUX 0.75%": "Ruxolitinib 0.75% Cream BID", "RUX 1.5%": "Ruxolitinib 1.5% Cream BID"}
AFTER_TREATMENT = 30


def plain(text: str) -> Plain:
    """A value of a trace: a text, a number or a date; None if it is missing."""
    if text == "missing":
        return None
    if text.startswith('"'):
        return text[1:-1]
    return pd.Timestamp(text) if text[4:5] == "-" else float(text)


def every(value: TracedValue) -> Iterator[TracedValue]:
    yield value
    for child in value.made_from:
        yield from every(child)


def collected(value: TracedValue, datasets: set[str]) -> dict[str, pd.DataFrame]:
    """The collected values below a value, as a table for each domain with a row for each record."""
    found: dict[str, dict[str, dict[str, Plain]]] = {}
    for each in every(value):
        domain, _, name = each.name.partition(".")
        if domain not in datasets and domain != "STUDY" and not each.method and not each.note and not each.made_from:
            found.setdefault(domain, {}).setdefault(each.record, {})[name] = plain(each.value)
    return {domain: pd.DataFrame.from_dict(rows, orient="index") for domain, rows in found.items()}


def the(tables: Tables, domain: str, name: str) -> Plain:
    """The value of a variable that only one record has."""
    (value,) = tables[domain][name].dropna() if name in tables[domain] and tables[domain][name].notna().any() else (None,)
    return value


def rows(tables: Tables, domain: str) -> pd.DataFrame:
    return tables.get(domain, pd.DataFrame())


def date(text: object) -> pd.Timestamp | None:
    """The date of a complete collected date."""
    return pd.Timestamp(str(text)[:10]) if isinstance(text, str) and len(text) >= 10 else None


def day(day: pd.Timestamp | None, reference: pd.Timestamp | None) -> float | None:
    """The study day: no day 0."""
    if day is None or reference is None:
        return None
    return float((day - reference).days + (day >= reference))


# subjects


def doses(tables: Tables) -> pd.DataFrame:
    """The records with a dose above 0, or of vehicle."""
    found = rows(tables, "EX")
    if found.empty:
        return found
    found = found[found["EXDOSE"].notna()]
    return found[(found["EXDOSE"] > 0) | found["EXTRT"].str.upper().str.contains("VEHICLE|PLACEBO")]


def first_dose(tables: Tables) -> pd.Timestamp | None:
    found = doses(tables)
    return None if found.empty else pd.to_datetime(found["EXSTDTC"].str[:10]).min()


def first_dose_time(tables: Tables) -> pd.Timestamp | None:
    """The first collected time of the first day of treatment."""
    found = doses(tables)
    times = found["EXSTDTC"][found["EXSTDTC"].str.contains("T") & (found["EXSTDTC"].str[:10] == found["EXSTDTC"].str[:10].min())]
    return None if times.empty else pd.to_datetime(times).min()


def last_dose(tables: Tables) -> pd.Timestamp | None:
    found = doses(tables)
    return None if found.empty else pd.to_datetime(found["EXENDTC"].str[:10]).max()


def event(tables: Tables, decision: str) -> pd.Timestamp | None:
    found = rows(tables, "DS")
    found = found[found["DSDECOD"] == decision] if not found.empty else found
    return None if found.empty else date(found["DSSTDTC"].iloc[0])


def randomized(tables: Tables) -> bool:
    return event(tables, "RANDOMIZED") is not None


def age(tables: Tables) -> float:
    born, first = date(the(tables, "DM", "BRTHDTC")), first_dose(tables) or event(tables, "RANDOMIZED")
    if born is None or first is None:
        return float(the(tables, "DM", "AGE"))
    return float(first.year - born.year - ((first.month, first.day) < (born.month, born.day)))


def age_group(tables: Tables) -> str:
    years = age(tables)
    return "" if years < 12 else "12-17" if years < 18 else "18-64" if years < 65 else ">=65"


def race_group(tables: Tables) -> str:
    return {"WHITE": "White", "BLACK OR AFRICAN AMERICAN": "Black", "ASIAN": "Asian", "": ""}.get(the(tables, "DM", "RACE"), "Other")


def planned(tables: Tables) -> str:
    return TREATMENTS[str(the(tables, "DM", "ARM")).split("/")[0].strip().upper()] if randomized(tables) else ""


def study_end(tables: Tables) -> pd.DataFrame:
    """The records of DS on the end of the study."""
    found = rows(tables, "DS")
    if found.empty or "DSSCAT" not in found:
        return found.iloc[:0]
    ended = (found["DSCAT"] == "DISPOSITION EVENT") & (found["DSSCAT"] == "STUDY PARTICIPATION") & (found["DSDECOD"] != "SCREEN FAILURE")
    return found[ended].sort_values(["DSSTDTC", "DSSEQ"])


def end_status(tables: Tables) -> str:
    if not randomized(tables) and first_dose(tables) is None:
        return ""
    last = study_end(tables)
    return "ONGOING" if last.empty else "COMPLETED" if last["DSDECOD"].iloc[-1] == "COMPLETED" else "DISCONTINUED"


def end_reason(tables: Tables) -> str:
    return study_end(tables)["DSDECOD"].iloc[-1] if end_status(tables) == "DISCONTINUED" else ""


def end_date(tables: Tables) -> pd.Timestamp | None:
    return date(study_end(tables)["DSSTDTC"].iloc[-1]) if len(study_end(tables)) and end_status(tables) else None


def face(tables: Tables) -> str:
    """The last answer up to day 1."""
    found = rows(tables, "FA")
    if found.empty:
        return ""
    until = first_dose(tables) or event(tables, "RANDOMIZED")
    dates = pd.to_datetime(found["FADTC"].str[:10])
    answered = found[(found["FATESTCD"] == "FACEIND") & (found["FASTAT"] != "NOT DONE") & (found["FASTRESC"] != "") & (dates <= until)]
    return "" if answered.empty else answered.sort_values(["FADTC", "FASEQ"])["FASTRESC"].iloc[-1]


# assessments


def assessments(tables: Tables) -> pd.DataFrame:
    """The investigator's scores with their dates."""
    found = rows(tables, "RS")
    return found[found["RSSTRESN"].notna()].assign(day=pd.to_datetime(found["RSDTC"].str[:10])) if "RSSTRESN" in found else found


def before_dose(dtc: str, tables: Tables) -> bool:
    """On or before the first dose: by time where both are known, else by day."""
    first = first_dose_time(tables)
    if "T" in dtc and first is not None:
        return pd.Timestamp(dtc) <= first
    return pd.Timestamp(dtc[:10]) <= (first_dose(tables) or event(tables, "RANDOMIZED"))


def baseline_row(tables: Tables) -> pd.Series | None:
    """The last score before the first dose."""
    found = assessments(tables)
    found = found[[before_dose(dtc, tables) for dtc in found["RSDTC"]]]
    return None if found.empty else found.sort_values(["day", "RSSEQ"]).iloc[-1]


def value(tables: Tables, record: str) -> float | None:
    """A score as collected; a response is 1 or 0."""
    return float(clear(tables, record) == "Y") if 'PARAMCD="IGATS"' in record else of_record(tables, record)["RSSTRESN"]


def of_record(tables: Tables, record: str) -> pd.Series:
    """The collected record of an analysis record, which names it."""
    sequence = record.partition("SRCSEQ=")[2].split()[0]
    return rows(tables, "RS").loc[f"RSSEQ={sequence}"]


def baseline(tables: Tables, record: str) -> float | None:
    found = baseline_row(tables)
    return None if found is None else found["RSSTRESN"]


def baseline_flag(tables: Tables, record: str) -> str:
    found = baseline_row(tables)
    return "Y" if found is not None and found["RSSEQ"] == of_record(tables, record)["RSSEQ"] else ""


def change(tables: Tables, record: str) -> float | None:
    own = of_record(tables, record)
    if pd.isna(own["RSSTRESN"]) or before_dose(own["RSDTC"], tables) or baseline_row(tables) is None:
        return None
    return round(own["RSSTRESN"] - baseline(tables, record), 6)


def percent_change(tables: Tables, record: str) -> float | None:
    difference, first = change(tables, record), baseline(tables, record)
    return None if difference is None or not first else round(100 * difference / first, 6)


def clear(tables: Tables, record: str) -> str:
    """IGA of 0 or 1 with an improvement of two points; only after the first dose."""
    difference = change(tables, record)
    return "" if difference is None else "Y" if of_record(tables, record)["RSSTRESN"] <= 1 and difference <= -2 else "N"


# adverse events


def own_event(tables: Tables, record: str) -> pd.Series:
    return rows(tables, "AE").loc[record]


def crossing(tables: Tables) -> pd.Timestamp | None:
    """The day on which a subject of vehicle begins another treatment."""
    again, given = event(tables, "RE-RANDOMIZED"), doses(tables)
    return again if again is not None and (given["EXDOSE"] > 0).any() else None


def onset(tables: Tables, record: str) -> pd.Timestamp | None:
    """A partial start: the first dose or a change of treatment if it is in the month, else the first day."""
    text, last = own_event(tables, record)["AESTDTC"], own_event(tables, record).get("AEENDTC")
    if len(text) >= 10 or len(text) < 4:
        return date(text)
    latest = date(last) or pd.Timestamp.max
    uses = [first_dose(tables), *([crossing(tables)] if len(text) == 7 else [])]
    inside = [each for each in uses if each is not None and each.isoformat().startswith(text) and each <= latest]
    return inside[0] if inside else pd.Timestamp(text)


def onset_flag(tables: Tables, record: str) -> str:
    return {4: "M", 7: "D"}.get(len(own_event(tables, record)["AESTDTC"]), "")


def onset_day(tables: Tables, record: str) -> float | None:
    return day(onset(tables, record), first_dose(tables))


def duration(tables: Tables, record: str) -> float | None:
    """Only of collected dates."""
    start, end = date(own_event(tables, record)["AESTDTC"]), date(own_event(tables, record)["AEENDTC"])
    return None if start is None or end is None or end < start else float((end - start).days + 1)


def before_treatment(tables: Tables, record: str) -> str:
    text, start, first = own_event(tables, record)["AESTDTC"], onset(tables, record), first_dose(tables)
    if start is None or first is None:
        return ""
    time = first_dose_time(tables)
    same_day = start == first and "T" in text and time is not None and pd.Timestamp(text) < time
    return "Y" if start < first or same_day else ""


def emergent(tables: Tables, record: str) -> str:
    """From the first dose to 30 days after the last one; before it only if it became worse."""
    start, first, last = onset(tables, record), first_dose(tables), last_dose(tables)
    own = own_event(tables, record)
    end = date(own["AEENDTC"])
    if first is None or start is None or (end is not None and end < first):
        return ""
    if before_treatment(tables, record) == "Y":
        order = ["", "MILD", "MODERATE", "SEVERE"]
        return "Y" if own["AEITSEV"] != "" and order.index(own["AESEV"]) > order.index(own["AEITSEV"]) else ""
    return "Y" if start <= last + pd.Timedelta(days=AFTER_TREATMENT) else ""


def first_emergent(tables: Tables, record: str) -> str:
    """Among the events that are traced: those that are not emergent have only their dates in the trace."""
    records = rows(tables, "AE").dropna(subset=["AESEV"]).index
    found = [(onset(tables, each), float(each.removeprefix("AESEQ=")), each) for each in records if emergent(tables, each) == "Y"]
    return "Y" if found and min(found)[2] == record else ""


def related(tables: Tables, record: str) -> str:
    text = str(own_event(tables, record)["AEREL"]).upper()
    if text in ("N", "NOT RELATED", "UNRELATED", "UNLIKELY", "UNLIKELY RELATED"):
        return "NOT RELATED"
    return "RELATED" if text else ""


def withdrawn(tables: Tables, record: str) -> str:
    return "Y" if own_event(tables, record)["AEACN"] == "DRUG WITHDRAWN" else ""


def site_reaction(tables: Tables, record: str) -> str:
    return "APPLICATION SITE REACTIONS" if own_event(tables, record)["AEDECOD"].upper().startswith("APPLICATION SITE") else ""


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
