"""A subject's facts and what they make of a date: pre-dose, window, period, phase (DOMAIN §2.2, §5.3, rulings 1, 8, 16, 17, 23, 51)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.oracle.efficacy_values import SAS_EPOCH, When, read, when

VC = {2: (15, 2, 22), 4: (29, 23, 43), 8: (57, 44, 71)}
LTS = {12: (85, 58, 99)} | {week: (7 * week + 1, 7 * week - 12, 7 * week + 15) for week in range(16, 53, 4)}
NAMES = {0: "Baseline", 99: "Follow-up"} | {week: f"Week {week}" for week in (*VC, *LTS)}
PHASES = {"SCREENING": 1, "VC": 2, "LTS": 3, "FOLLOW-UP": 4}


def sas_date(value: float | None) -> date | None:
    return None if value is None else SAS_EPOCH + timedelta(days=value)


def treatment_end(folder: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The treatment-level disposition records per subject."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in read(folder, "ds"):
        if record["DSCAT"] == "DISPOSITION EVENT" and record["DSSCAT"] == "STUDY TREATMENT":
            found.setdefault((record["STUDYID"], record["USUBJID"]), []).append(record)
    return found


@dataclass
class Subject:
    """One ADSL record, dates as dates."""

    adsl: dict[str, Any]
    start: date | None
    start_moment: datetime | None
    end: date | None
    consent: date | None
    randomised: date | None
    entry: date | None
    treatment_end: date | None

    def day(self, of: date | None) -> int | None:
        if of is None or self.start is None:
            return None
        return (of - self.start).days + (of >= self.start)

    def before_consent(self, of: date) -> bool:
        return self.consent is not None and of < self.consent

    def before_dose(self, at: When) -> bool:
        """Pre-dose: before the first dose, or on its day unless both times are known and the record's is later."""
        assert at.day is not None
        if self.start is None:
            return self.randomised is not None and at.day <= self.randomised
        if at.day != self.start:
            return at.day < self.start
        return not (at.moment and self.start_moment and at.moment > self.start_moment)

    def follow_up(self, of: date) -> bool:
        day = self.day(of)
        if day is None:
            return False
        ends = [end for end in (self.end, self.treatment_end) if end is not None]
        return day > 379 or (self.treatment_end is not None and of > max(ends) + timedelta(days=7))

    def visit(self, at: When) -> int | None:
        """AVISITN."""
        if at.day is None or self.before_consent(at.day):
            return None
        if self.before_dose(at):
            return 0
        day = self.day(at.day)
        if day is None:
            return None
        if self.follow_up(at.day):
            return 99
        weeks = VC if self.entry is None or at.day <= self.entry else LTS
        return next((week for week in weeks if self.window(week)[1] <= day <= self.window(week)[2]), None)

    def window(self, avisitn: int) -> tuple[int, int | None, int]:
        """Target, first and last day; Week 12 and later begin the day after LTS entry at the earliest."""
        if avisitn == 0:
            return 1, None, 1
        if avisitn in VC:
            return VC[avisitn]
        target, low, high = LTS[avisitn]
        assert self.entry is not None
        after = self.day(self.entry + timedelta(days=1))
        assert after is not None
        return target, after if avisitn == 12 else max(low, after), high

    def period(self, of: date | None) -> int | None:
        if of is None or self.before_consent(of):
            return None
        return 1 if self.entry is None or of <= self.entry else 2

    def phase(self, of: date | None, avisitn: int | None) -> str:
        period = self.period(of)
        if of is None or period is None:
            return ""
        if self.start is None or of < self.start:
            return "SCREENING"
        return "FOLLOW-UP" if avisitn == 99 else {1: "VC", 2: "LTS"}[period]

    def on_treatment(self, at: When) -> bool:
        if at.day is None or self.start is None or self.before_dose(at):
            return False
        return self.end is None or at.day <= self.end + timedelta(days=1)


def subjects(adsl: Path, folder: Path) -> list[Subject]:
    """Every ADSL record with the dates its efficacy records need."""
    ends = treatment_end(folder)
    result = []
    for record in read(adsl.parent, adsl.stem):
        entry = sas_date(record["AP02SDT"])
        timed = record["TRTSDTM"] is not None and record["TRTSTMF"] == ""
        result.append(
            Subject(
                adsl=record,
                start=sas_date(record["TRTSDT"]),
                start_moment=datetime(1960, 1, 1) + timedelta(seconds=record["TRTSDTM"]) if timed else None,
                end=sas_date(record["TRTEDT"]),
                consent=sas_date(record["RFICDT"]),
                randomised=sas_date(record["RANDDT"]),
                entry=entry,
                treatment_end=end_of_treatment(record, ends.get((record["STUDYID"], record["USUBJID"]), []), entry),
            )
        )
    return result


def end_of_treatment(adsl: dict[str, Any], records: list[dict[str, Any]], entry: date | None) -> date | None:
    """EOTDT of ruling 1: the treatment-level record of the last period entered, else EOSDT."""
    if adsl["EOTSTT"] == "ONGOING":
        return None
    epochs = ("CONTINUATION TREATMENT",) if entry else ("BLINDED TREATMENT", "")
    own = [r for r in records if r["EPOCH"] in epochs]
    if own:
        latest = max(own, key=lambda r: (when(r["DSSTDTC"]).day or date.min, r["DSSEQ"]))
        day = when(latest["DSSTDTC"]).day
        if day:
            return day
    return sas_date(adsl["EOSDT"])
