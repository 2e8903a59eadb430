"""ADAE, event by event (§6, §7, rulings 19 to 25, 37, 38, 51 to 54, 57)."""

from datetime import date

from tests.oracle.config import CUTOFF, FOLLOWUP, HERPES, NUMBERS, RELATED, UNRELATED, days, study_day, yes
from tests.oracle.iso import Moment, capped_end, parse
from tests.oracle.occurrence import flag_occurrences
from tests.oracle.package import Source

COPIED = [
    "STUDYID", "USUBJID", "AESEQ", "AETERM", "AEDECOD", "AELLT", "AEHLT", "AEHLGT", "AEBODSYS", "AESOC", "AELLTCD", "AEPTCD", "AEHLTCD", "AEHLGTCD",
    "AEBDSYCD", "AESOCCD", "AESTDTC", "AEENDTC", "AESER", "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE", "AESEV", "AEREL",
    "AEACN", "AEOUT", "AEENRF",
]  # fmt: skip
FROM_ADSL = [
    "SUBJID", "SITEID", "AAGE", "AGEGR1", "AGEGR2", "SEX", "RACEGR1", "REGION1", "ITTFL", "SAFFL", "EEFL", "LTSSAFFL", "LTSEVFL", "SEVADFL",
    "W8IGAFL", "NIGATSFL", "TRT01P", "TRT01A", "TRT02P", "TRT02A", "TRTSEQP", "TRTSDT", "TRTEDT", "AP02SDT", "QOLINST", "RX075FL", "RX15FL",
    "DCSREAS", "DCTREAS",
]  # fmt: skip
SEVERITIES = {"MILD": 1, "MODERATE": 2, "SEVERE": 3}


def within(day: date | None, moment: Moment) -> bool:
    return day is not None and moment.lo <= day <= moment.hi


def start_date(start: Moment, end: Moment, adsl: dict) -> date | None:
    """A partial start: first dose, else (month known) the entry of a subject who changes treatment there, else the first day."""
    if not start.partial:
        return start.date
    changes = adsl["TRT02A"] not in ("", adsl["TRT01A"])
    for day, wanted in ((adsl["TRTSDT"], True), (adsl["AP02SDT"], changes and start.level == "D")):
        if wanted and within(day, start) and not (end.hi is not None and end.hi < day):
            return day
    return start.lo


def dates(record: dict, adsl: dict) -> dict:
    start, end = parse(record["AESTDTC"]), parse(record["AEENDTC"], last=True)
    begun = start_date(start, end, adsl)
    ended = capped_end(end, [adsl["EOSDT"], adsl["DTHDT"], CUTOFF], begun)
    timed = start.date is not None and start.hour is not None
    complete = not start.partial and not end.partial and begun is not None and ended is not None and begun <= ended
    return {
        "ASTDT": begun,
        "ASTDTF": start.level,
        "ASTDTM": start.at(begun) if timed else None,
        "ASTTMF": "M" if timed and not start.timed else "",
        "AENDT": ended,
        "AENDTF": end.level,
        "ASTDY": study_day(begun, adsl["TRTSDT"]),
        "AENDY": study_day(ended, adsl["TRTSDT"]),
        "ADURN": days(begun, ended) if complete else None,
        "ADURU": "DAYS" if complete else "",
    }


def before_treatment(row: dict, adsl: dict) -> bool:
    """PREFL: an earlier day, or on the day certainly earlier than the first dose."""
    first = adsl["TRTSDT"]
    if first is None or row["ASTDT"] is None:
        return False
    if row["ASTDT"] != first:
        return row["ASTDT"] < first
    if row["ASTDTM"] is None or adsl["TRTSTMF"] == "H":
        return False
    return row["latest"] < adsl["TRTSDTM"].time()


def worsened(source: Source, record: dict, row: dict, adsl: dict) -> bool:
    """Ruling 21: more severe than before treatment, and not over before it."""
    earlier = SEVERITIES.get(source.event_supp("AEITSEV", record["AESEQ"]).upper())
    now = SEVERITIES.get(record["AESEV"].upper())
    return earlier is not None and now is not None and now > earlier and (row["AENDT"] is None or row["AENDT"] >= adsl["TRTSDT"])


def emergent(source: Source, record: dict, row: dict, adsl: dict) -> bool:
    """§7.2 in its order."""
    first, last = adsl["TRTSDT"], adsl["TRTEDT"]
    if first is None or (row["AENDT"] is not None and row["AENDT"] < first):
        return False
    if row["ASTDT"] is None:
        return True
    if row["PREFL"] == "Y":
        return worsened(source, record, row, adsl)
    return last is None or row["ASTDT"] <= last + FOLLOWUP


def period(row: dict, adsl: dict) -> int | None:
    """§7.3 and ruling 22."""
    if adsl["TRTSDT"] is None:
        return None
    if row["ASTDT"] is None or row["PREFL"] == "Y":
        return 1 if row["TRTEMFL"] == "Y" else None
    entry = adsl["AP02SDT"]
    if entry is None or row["ASTDT"] < entry:
        return 1
    timed = row["ASTDTM"] is not None and row["ASTTMF"] == "" and adsl["AP02SDTM"] is not None
    return 1 if row["ASTDT"] == entry and timed and row["ASTDTM"] < adsl["AP02SDTM"] else 2


def phase(row: dict, adsl: dict) -> str:
    if row["ASTDT"] is None:
        return ""
    if adsl["TRTSDT"] is None or row["PREFL"] == "Y":
        return "SCREENING"
    return "FOLLOW-UP" if row["FUPFL"] == "Y" else {1: "VC", 2: "LTS"}[row["APERIOD"]]


def timing(source: Source, record: dict, row: dict, adsl: dict) -> dict:
    """Flags, period and treatment at onset."""
    first, last, begun = adsl["TRTSDT"], adsl["TRTEDT"], row["ASTDT"]
    row["PREFL"] = yes(before_treatment(row, adsl))
    row["FUPFL"] = yes(begun is not None and last is not None and begun > last)
    started = begun is not None and first is not None and begun >= first and row["PREFL"] == ""
    row["ONTRTFL"] = yes(started and (last is None or begun <= last))
    row["TRTEMFL"] = yes(emergent(source, record, row, adsl))
    row["APERIOD"] = period(row, adsl)
    row["APERIODC"] = {None: "", 1: "VC", 2: "LTS"}[row["APERIOD"]]
    row["APHASE"] = phase(row, adsl)
    for number in (1, 2):
        row[f"TREM0{number}FL"] = yes(row["TRTEMFL"] == "Y" and row["APERIOD"] == number)
    return row | onset_treatment(row["APERIOD"], adsl)


def onset_treatment(number: int | None, adsl: dict) -> dict:
    if number is None:
        return {"TRTP": "", "TRTA": "", "TRTAN": None}
    actual = adsl[f"TRT0{number}A"] or (adsl["TRT01A"] if number == 2 else "")
    return {"TRTP": adsl[f"TRT0{number}P"], "TRTA": actual, "TRTAN": NUMBERS[actual]}


def causality(text: str, is_emergent: bool) -> str:
    if not text:
        return "RELATED" if is_emergent else ""
    return "NOT RELATED" if text.upper() in UNRELATED and text.upper() not in RELATED else "RELATED"


def assessments(record: dict, row: dict) -> dict:
    is_emergent = row["TRTEMFL"] == "Y"
    severity = record["AESEV"].upper() or ("SEVERE" if is_emergent else "")
    related = causality(record["AEREL"], is_emergent)
    term = record["AEDECOD"].upper()
    ongoing = "ONGOING" if record["AEENRTPT"].upper() == "ONGOING" else ""
    return {
        "ASEV": severity,
        "ASEVN": SEVERITIES.get(severity),
        "AREL": related,
        "ARELN": {"": None, "NOT RELATED": 1, "RELATED": 2}[related],
        "AENRF": record["AEENRF"] or ongoing,
        "AEDISCFL": yes(record["AEACN"].upper() == "DRUG WITHDRAWN"),
        "CQ01NAM": "APPLICATION SITE REACTIONS" if term.startswith("APPLICATION SITE") else "",
        "CQ02NAM": "HERPES INFECTIONS" if term in HERPES else "",
        "SMQ01NAM": "",
        "SMQ01CD": None,
        "SMQ01SC": "",
    }


def adae_rows(source: Source, adsl: dict) -> list[dict]:
    """The events of one subject, in the order of the dataset."""
    rows = []
    for record in source["AE"]:
        row = {name: record[name] for name in COPIED} | {name: adsl[name] for name in FROM_ADSL} | dates(record, adsl)
        moment = parse(record["AESTDTC"])
        row["latest"] = moment.last_time() if moment.hour is not None else None
        row = timing(source, record, row, adsl)
        row |= assessments(record, row) | {"AETRTEM": source.event_supp("AETRTEM", record["AESEQ"])}
        del row["latest"]
        rows.append(row)
    flag_occurrences(rows)
    return sorted(rows, key=lambda row: (row["ASTDT"] is not None, row["ASTDT"] or date.min, row["AESEQ"]))
