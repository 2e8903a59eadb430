"""The collected values that a trace names as tables, and the rules of `demo_rules` for subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
