"""ADSL: randomisation, entry into the second period, end of study and of treatment, death (rulings 4, 14, 15, 26, 34, 35)."""

from datetime import date, datetime

from tests.oracle.config import ARMS, CUTOFF, VEHICLE
from tests.oracle.iso import Moment, parse
from tests.oracle.package import Source

CONTINUATION = "CONTINUATION TREATMENT"
CONTACTS = {
    "EX": ("EXSTDTC", "EXENDTC"),
    "AE": ("AESTDTC", "AEENDTC"),
    "RS": ("RSDTC",),
    "QS": ("QSDTC",),
    "FA": ("FADTC",),
    "DS": ("DSSTDTC",),
    "SV": ("SVSTDTC", "SVENDTC"),
}
MILESTONES = ("RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "RFPENDTC")


def earliest(texts: list[str]) -> Moment | None:
    """The earliest complete date; on one day an untimed value comes first."""
    found = [moment for moment in map(parse, texts) if moment.date is not None]
    return min(found, key=Moment.order, default=None)


def milestone(source: Source, decoded: str) -> Moment | None:
    return earliest([row["DSSTDTC"] for row in source["DS"] if row["DSDECOD"].upper() == decoded])


def day_of(moment: Moment | None) -> date | None:
    return None if moment is None else moment.date


def arm_parts(text: str) -> list[str]:
    """The treatments of an arm, "" where the study does not know one."""
    return [ARMS.get(part.strip(), "") for part in text.upper().split("/")]


def planned_first(source: Source, randomised: date | None) -> str:
    if randomised is None:
        return ""
    return arm_parts(source.dm["ARM"] or source.subject_supp("RNDTRT"))[0]


def planned_second(source: Source, first: str, entry: date | None) -> str:
    if not first or entry is None:
        return ""
    if first != VEHICLE:
        return first
    again = source.subject_supp("RRNDTRT")
    parts = arm_parts(again)[:1] if again else arm_parts(source.dm["ARM"])[1:]
    return parts[0] if parts else ""


def entry(source: Source, first: str, second_randomisation: Moment | None) -> Moment | None:
    """The start of period 2 (ruling 14)."""
    if first == VEHICLE:
        return second_randomisation
    opted = milestone(source, "OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT")
    if opted is not None:
        return opted
    element = earliest([row["SESTDTC"] for row in source["SE"] if row["EPOCH"].upper() == CONTINUATION])
    if element is not None:
        return element
    if any(row["EPOCH"].upper() == CONTINUATION for row in source["EX"]):
        return earliest([row["SVSTDTC"] for row in source["SV"] if row["VISIT"].upper() == "WEEK 8"])
    return None


def entry_time(moment: Moment | None) -> datetime | None:
    return None if moment is None or not moment.timed else moment.at(moment.date)


def last_disposition(source: Source, category: str, epochs: set | None) -> dict | None:
    """The latest disposition record of the category, in one of the epochs when they matter."""
    found = [
        row
        for row in source["DS"]
        if row["DSCAT"].upper() == "DISPOSITION EVENT"
        and row["DSSCAT"].upper() == category
        and (epochs is None or row["EPOCH"].upper() in epochs)
        and not (category == "STUDY PARTICIPATION" and row["DSDECOD"].upper() == "SCREEN FAILURE")
    ]
    return max(found, key=lambda row: (parse(row["DSSTDTC"]).order(), row["DSSEQ"]), default=None)


def status(record: dict) -> tuple[str, str]:
    if record["DSDECOD"].upper() == "COMPLETED":
        return "COMPLETED", ""
    return "DISCONTINUED", record["DSDECOD"]


def end_of_study(source: Source, in_study: bool) -> dict:
    row = {"EOSSTT": "", "EOSDT": None, "DCSREAS": "", "DCSREASP": ""}
    if not in_study:
        return row
    record = last_disposition(source, "STUDY PARTICIPATION", None)
    if record is None:
        return row | {"EOSSTT": "ONGOING"}
    row["EOSSTT"], row["DCSREAS"] = status(record)
    row["EOSDT"] = parse(record["DSSTDTC"]).date
    row["DCSREASP"] = record["DSTERM"] if row["DCSREAS"].upper() == "OTHER" else ""
    return row


def end_of_treatment(source: Source, row: dict) -> dict:
    """Status by period; "TREATMENT_END" is the date of the record it comes from. `row` holds TRTSDT, AP02SDT and the end of study."""
    entered = row["AP02SDT"] is not None
    nothing = {"EOTSTT": "", "DCTREAS": "", "EOT01STT": "", "DCT01RS": "", "EOT02STT": "", "DCT02RS": ""}
    if row["TRTSDT"] is None:
        return nothing | {"TREATMENT_END": None}
    record = last_disposition(source, "STUDY TREATMENT", {CONTINUATION} if entered else {"BLINDED TREATMENT", ""})
    state, reason = status(record) if record is not None else (row["EOSSTT"], row["DCSREAS"])
    end = None if record is None else parse(record["DSSTDTC"]).date
    found = nothing | {"EOTSTT": state, "DCTREAS": reason, "TREATMENT_END": end}
    if entered:
        return found | {"EOT01STT": "COMPLETED", "EOT02STT": state, "DCT02RS": reason}
    return found | {"EOT01STT": state, "DCT01RS": reason}


def last_contact(source: Source) -> date | None:
    """The last complete date up to the cut-off (ruling 34)."""
    found = [parse(source.dm[name]).date for name in MILESTONES]
    for domain, names in CONTACTS.items():
        for record in source[domain]:
            if record.get(f"{domain}STAT", "").upper() != "NOT DONE":
                found += [parse(record[name], last=name.endswith("ENDTC")).date for name in names]
    return max([day for day in found if day is not None and day <= CUTOFF], default=None)


def death(source: Source) -> dict:
    moment, contact = parse(source.dm["DTHDTC"]), last_contact(source)
    day = moment.date
    if moment.partial:
        day = min(max(moment.lo, contact or moment.lo), moment.hi)
    flag = "Y" if source.dm["DTHFL"].upper() == "Y" else ""
    return {"DTHFL": flag, "DTHDT": day, "DTHDTF": moment.level, "LSTALVDT": contact if day is None else day}
