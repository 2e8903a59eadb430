"""What one source record says: its fields, its date and time, its value (DOMAIN §1, §7.1, §11)."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyreadstat

SAS_EPOCH = date(1960, 1, 1)
DATE = re.compile(
    r"(?P<y>\d{4}|-)(?:-(?P<m>\d{2}|-)(?:-(?P<d>\d{2}|-)(?:T(?P<h>\d{2}|-)(?::(?P<min>\d{2}|-)(?::(?P<s>\d{2}|-))?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?"
)


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    """The records of one XPT file, text stripped and numbers None where missing; no file, no records."""
    path = folder / f"{name}.xpt"
    if not path.exists():
        return []
    frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    return [{key: plain(value) for key, value in record.items()} for record in frame.to_dict("records")]


def plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if value is None or math.isnan(value):
        return None
    return float(value)


@dataclass(frozen=True)
class When:
    """A --DTC: its day if complete, its moment if collected to hh:mm, the first moment of an hour if that is known."""

    day: date | None
    moment: datetime | None
    hour: datetime | None = None

    @property
    def rank(self) -> tuple[datetime, int]:
        """Order within a day: an untimed record before any timed one."""
        if self.day is None:
            return datetime.min, 0
        return (self.moment, 1) if self.moment else (datetime.combine(self.day, time.min), 0)


NEVER = When(None, None)


def known(text: str) -> dict[str, int] | None:
    """The parts one date says; None if it is outside the grammar or no date of the calendar."""
    found = DATE.fullmatch(text)
    if not found:
        return None
    part = {key: int(value) for key, value in found.groupdict().items() if value not in (None, "-")}
    try:
        date(part.get("y", 2000), part.get("m", 1), part.get("d", 1) if "m" in part else 1)
        time(part.get("h", 0), part.get("min", 0), part.get("s", 0))
    except ValueError:
        return None
    return part


def when(text: str | None) -> When:
    """The day and moment of a --DTC: the first part of an interval, an offset dropped, anything outside the grammar nothing."""
    both = [known(half) for half in (text or "").split("/")]
    part = both[0]
    if part is None or None in both or not {"y", "m", "d"} <= part.keys():
        return NEVER
    day = date(part["y"], part["m"], part["d"])
    moment = datetime.combine(day, time(part.get("h", 0), part.get("min", 0), part.get("s", 0))) if "h" in part else None
    return When(day, moment if "min" in part else None, moment)


def number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def rounded(value: float) -> float:
    """Six decimals, half away from zero as SAS rounds, noise of the last bits left out, and no minus zero."""
    exact = Decimal(f"{value:.15g}")
    return float(exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)) + 0.0


@dataclass(frozen=True)
class Finding:
    """One record of RS, QS or FA by what the derivations need of it."""

    domain: str
    seq: float
    code: str
    cat: str
    when: When
    visitnum: float | None
    visit: str
    done: bool
    strest: float | None
    text: str
    evaluator: str
    about: str
    where: str

    def value(self, words: dict[str, float] | None = None) -> tuple[float | None, str]:
        """The value and the variable it came from: --STRESN, a number in --STRESC, a response text."""
        own = f"{self.domain}STRESN"
        if not self.done:
            return None, own
        if self.strest is not None:
            return self.strest, own
        read_text = number(self.text)
        if read_text is None and words:
            read_text = words.get(self.text.upper())
        return (None, own) if read_text is None else (read_text, f"{self.domain}STRESC")


def findings(folder: Path, domain: str) -> dict[tuple[str, str], list[Finding]]:
    """The records of a findings domain per subject (STUDYID, USUBJID)."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for record in read(folder, domain.lower()):

        def get(name: str, record: dict[str, Any] = record) -> Any:
            return record.get(f"{domain}{name}")

        found.setdefault((record["STUDYID"], record["USUBJID"]), []).append(
            Finding(
                domain=domain,
                seq=get("SEQ"),
                code=(get("TESTCD") or "").upper(),
                cat=(get("CAT") or "").upper(),
                when=when(get("DTC")),
                visitnum=record.get("VISITNUM"),
                visit=record.get("VISIT") or "",
                done=get("STAT") != "NOT DONE",
                strest=get("STRESN"),
                text=str(get("STRESC") or ""),
                evaluator=get("EVAL") or "",
                about=get("OBJ") or "",
                where=get("LOC") or "",
            )
        )
    return found
