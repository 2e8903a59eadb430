"""ADSL: first and last dose, exposure by period, actual treatments (rulings 4, 5, 41, 42, 68)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from tests.oracle.config import CUTOFF, DAY, RUX075, RUX15, VEHICLE, least
from tests.oracle.iso import Moment, capped_end, parse
from tests.oracle.package import Source


@dataclass
class Dose:
    """One valid record of exposure; `end` None means still going on."""

    started: Moment
    ended: Moment
    sequence: float
    treatment: str
    start: date
    end: date | None = None
    end_flag: str = ""

    @property
    def open(self) -> bool:
        return self.ended.lo is None

    def order(self) -> tuple:
        return (self.start, self.started.hour is not None, self.started.first_time(), self.sequence)


def treatment(row: dict) -> str:
    if "VEHICLE" in row["EXTRT"].upper() or "PLACEBO" in row["EXTRT"].upper():
        return VEHICLE
    return {0.75: RUX075, 1.5: RUX15}[row["EXDOSE"]]


def valid(row: dict) -> bool:
    vehicle = any(word in row["EXTRT"].upper() for word in ("VEHICLE", "PLACEBO"))
    return row["EXDOSE"] is not None and (row["EXDOSE"] > 0 or (row["EXDOSE"] == 0 and vehicle))


def doses(source: Source, entry: date | None) -> list[Dose]:
    """The valid records in order of their start, ends not yet settled; one without a start belongs to no period."""
    found = []
    for row in filter(valid, source["EX"]):
        started, ended = parse(row["EXSTDTC"]), parse(row["EXENDTC"], last=True)
        start = started.lo
        if started.partial and entry is not None and started.lo <= entry <= started.hi:
            start = entry
        if start is not None:
            found.append(Dose(started, ended, row["EXSEQ"], treatment(row), start))
    return sorted(found, key=Dose.order)


def ends(source: Source) -> list[Moment]:
    """The complete ends of all valid records, those without a start among them."""
    found = [parse(row["EXENDTC"], last=True) for row in filter(valid, source["EX"])]
    return [moment for moment in found if moment.date is not None]


def first_dose(rows: list[Dose]) -> dict:
    first = least(*[row.started.date for row in rows])
    if first is None:
        return {"TRTSDT": None, "TRTSDTM": None, "TRTSDTF": "", "TRTSTMF": ""}
    assert all(first <= row.start for row in rows)
    timed = [row.started for row in rows if row.started.date == first and row.started.hour is not None]
    if not timed:
        return {"TRTSDT": first, "TRTSDTM": datetime.combine(first, time()), "TRTSDTF": "", "TRTSTMF": "H"}
    moment = min(timed, key=Moment.first_time)
    return {"TRTSDT": first, "TRTSDTM": moment.at(first), "TRTSDTF": "", "TRTSTMF": "" if moment.timed else "M"}


def settle_ends(rows: list[Dose], row: dict, told: list[Moment]) -> None:
    """Give each record its end; only the last one's is imputed to the end of treatment."""
    for dose in rows[:-1]:
        dose.end, dose.end_flag = dose.ended.date or max(dose.ended.lo or dose.start, dose.start), dose.ended.level
    last = rows[-1]
    stops = [row["EOSDT"], row["DTHDT"], CUTOFF]
    if not last.open:
        last.end, last.end_flag = capped_end(last.ended, stops, last.start), last.ended.level
        return
    if row["EOTSTT"] == "ONGOING":
        return
    last.end, last.end_flag = row["TREATMENT_END"] or least(*stops), "Y"
    complete = max([moment.date for moment in told], default=last.end)
    if complete > last.end:
        last.end, last.end_flag = complete, ""


def last_dose(rows: list[Dose], told: list[Moment]) -> dict:
    if not rows or rows[-1].end is None:
        return {"TRTEDT": None, "TRTEDTM": None, "TRTEDTF": "", "TRTETMF": ""}
    end = max([rows[-1].end, *[moment.date for moment in told]])
    flag = rows[-1].end_flag if end == rows[-1].end else ""
    timed = [moment for moment in told if moment.date == end and moment.hour is not None]
    if flag or not timed:
        return {"TRTEDT": end, "TRTEDTM": datetime.combine(end, time(23, 59, 59)), "TRTEDTF": flag, "TRTETMF": "H"}
    latest = max(moment.last_time() for moment in timed)
    exact = any(moment.timed and moment.last_time() == latest for moment in timed)
    return {"TRTEDT": end, "TRTEDTM": datetime.combine(end, latest), "TRTEDTF": "", "TRTETMF": "" if exact else "M"}


def majority(parts: list[tuple]) -> str:
    """The treatment of most distinct days, the start always one of them; in a tie the one that starts first."""
    taken = {}
    for name, start, end in parts:
        taken.setdefault(name, set()).update(range(start.toordinal(), max(start, end or CUTOFF).toordinal() + 1))
    counts = Counter({name: len(found) for name, found in taken.items()})
    return max(counts, key=lambda name: counts[name]) if counts else ""


def first_period(rows: list[Dose], entry: date | None) -> dict:
    parts = [dose for dose in rows if entry is None or dose.start < entry]
    if not parts:
        return {"TR01SDT": None, "TR01EDT": None, "TRT01A": ""}
    limit = None if entry is None else entry - DAY
    end = None if any(dose.end is None for dose in parts) else max(dose.end for dose in parts)
    cut = [(dose.treatment, dose.start, least(dose.end, limit)) for dose in parts]
    return {"TR01SDT": parts[0].start, "TR01EDT": least(end, limit), "TRT01A": majority(cut)}


def second_period(rows: list[Dose], entry: date | None) -> dict:
    parts = []
    for dose in rows if entry is not None else []:
        if dose.start >= entry:
            parts.append((dose.treatment, dose.start, dose.end))
        elif dose.treatment != VEHICLE and (dose.end is None or dose.end > entry):
            parts.append((dose.treatment, entry, dose.end))
    if not parts:
        return {"TR02SDT": None, "TR02EDT": None, "TRT02A": ""}
    ends = [end for _, _, end in parts]
    return {
        "TR02SDT": min(start for _, start, _ in parts),
        "TR02EDT": None if None in ends else max(ends),
        "TRT02A": majority(sorted(parts, key=lambda part: part[1])),
    }
