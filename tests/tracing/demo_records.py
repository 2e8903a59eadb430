"""The rules of `demo_rules` for the records of assessments and adverse events."""

from __future__ import annotations

import pandas as pd

from tests.tracing.demo_subjects import AFTER_TREATMENT, Tables, date, day, doses, event, first_dose, first_dose_time, last_dose, rows

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
