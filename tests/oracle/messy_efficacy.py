"""Damage to a simulated SDTM package, seeded: everything DOMAIN speaks of that real efficacy data show, nothing that ruling 0 refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pyreadstat

from tests.oracle.messy_efficacy_scores import damage_bsa, damage_diary, damage_group
from tests.oracle.messy_efficacy_subjects import damage_subject

Record = dict[str, Any]
DOMAINS = ("dm", "ds", "ex", "se", "rs", "qs", "fa")
BORDERS = (1, 2, 8, 21, 22, 23, 42, 43, 44, 57, 70, 71, 72, 99, 100, 127, 128, 351, 352, 378, 379, 380, 400)


def calendar(text: str) -> date | None:
    """The complete date a --DTC begins with."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


class Package:
    """An SDTM folder as records that can be changed and written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text: dict[str, list[str]] = {}
        self.meta: dict[str, Any] = {}
        self.records: dict[str, list[Record]] = {}
        for name in DOMAINS:
            frame, meta = pyreadstat.read_xport(str(folder / f"{name}.xpt"))
            self.text[name] = [c for c in frame if meta.readstat_variable_types[c] == "string"]
            self.meta[name] = meta
            frame[self.text[name]] = frame[self.text[name]].fillna("").astype(str)
            self.records[name] = frame.astype(object).where(frame.notna(), None).to_dict("records")

    def write(self, out: Path) -> None:
        """Every file of the folder, the changed ones changed."""
        out.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob("*.xpt"):
            (out / path.name).write_bytes(path.read_bytes())
        for name in DOMAINS:
            meta = self.meta[name]
            frame = pd.DataFrame(self.records[name], columns=meta.column_names)
            for column in frame:
                frame[column] = frame[column].fillna("").astype(str) if column in self.text[name] else pd.to_numeric(frame[column])
            pyreadstat.write_xport(frame, str(out / f"{name}.xpt"), column_labels=meta.column_labels, table_name=name.upper(), file_format_version=5)

    def of(self, name: str, subject: str) -> list[Record]:
        return [r for r in self.records[name] if r["USUBJID"] == subject]


class Subject:
    """One subject's records under damage."""

    def __init__(self, package: Package, subject: str) -> None:
        self.records = {name: package.of(name, subject) for name in DOMAINS}
        starts = sorted(r["EXSTDTC"][:10] for r in self.records["ex"])
        self.start = calendar(starts[0]) if starts else None
        entries = [r["DSSTDTC"][:10] for r in self.records["ds"] if r["DSDECOD"] in ("RE-RANDOMIZED", "OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT")]
        self.entry = calendar(min(entries)) if entries else None
        self.consent = calendar(self.records["dm"][0]["RFICDTC"])
        ends = [r["DSSTDTC"][:10] for r in self.records["ds"] if r["DSSCAT"] == "STUDY TREATMENT"]
        self.end = calendar(max(ends)) if ends else None

    def some_day(self, rng: Random) -> date | None:
        """A day at a border of something, or any day."""
        days = [self.start + timedelta(days=b - 1) for b in BORDERS] if self.start else []
        days += [self.entry + timedelta(days=k) for k in (-1, 0, 1, 2)] if self.entry else []
        days += [self.consent + timedelta(days=k) for k in (-3, -1, 0)] if self.consent else []
        days += [self.end + timedelta(days=k) for k in (1, 7, 8, 20)] if self.end else []
        days += [self.start - timedelta(days=k) for k in (1, 2)] if self.start else []
        return rng.choice(days) if days else None


def dtc(domain: str) -> str:
    return f"{domain.upper()}DTC"


def collected(records: list[Record], domain: str) -> list[list[Record]]:
    """The questionnaires and assessments of a domain, diaries left out."""
    found: dict[Any, list[Record]] = {}
    for record in records:
        if record[f"{domain.upper()}CAT"] != "ITCH NRS":
            found.setdefault((record[f"{domain.upper()}CAT"], record["VISITNUM"], record[dtc(domain)][:10]), []).append(record)
    return list(found.values())


def clock(rng: Random, first: str) -> str:
    """A time of day in the forms --DTC shows, some near the first dose, few impossible."""
    plain = [f"T{rng.randrange(6, 22):02d}:{rng.choice(('00', '15', '30', '59'))}" for _ in range(8)]
    return rng.choice([*plain, first, "", "T09", "T08:05:30", "T-:30", "T09:30+02:00", "T23:45Z", "T00:10-05:00", "T24:00", "T10:60", "T23:59:60"])


def odd_date(rng: Random, day: str) -> str:
    later = (date.fromisoformat(day) + timedelta(days=2)).isoformat()
    return rng.choice(
        (
            day[:7],
            day[:4],
            f"{day[:4]}---{day[8:]}",
            f"-{day[4:]}",
            "",
            "2019-02-30",
            "2019-13-01",
            f"{day[:4]}-UN-UN",
            f"{day[8:]}MAR2019",
            f"{day}/{later}",
            f"{day}T10:00/{later}T11:00",
            f"{day} 10:00",
        )
    )


def redate(records: list[Record], domain: str, rng: Random, subject: Subject) -> None:
    """Another day, another time, or no usable date for the whole group."""
    name = dtc(domain)
    way = rng.randrange(6)
    day = records[0][name][:10]
    if calendar(day) is None:
        return
    if way == 0:
        moved = (date.fromisoformat(day) + timedelta(days=rng.randrange(-20, 21))).isoformat()
    else:
        moved = (subject.some_day(rng) or date.fromisoformat(day)).isoformat() if way < 3 else day
    first = min((r["EXSTDTC"][10:16] for r in subject.records["ex"]), default="")
    times = [clock(rng, first) for _ in range(2)]
    odd = odd_date(rng, moved) if way == 5 else ""
    part = rng.random() < 0.15
    for record in records:
        if part and rng.random() < 0.5:
            continue
        if way == 5:
            record[name] = odd
        elif way != 4 or rng.random() < 0.5:
            record[name] = moved + rng.choice(times if way != 1 else ("",))


def again(records: list[Record], domain: str, rng: Random, subject: Subject) -> list[Record]:
    """The same assessment again: unscheduled, the same visit on another date, another visit on the same date."""
    copies = [dict(r) for r in records]
    way = rng.randrange(4)
    visitnum = records[0]["VISITNUM"]
    for copy in copies:
        if way != 1 and visitnum is not None:
            copy["VISITNUM"] = visitnum + 0.1
            copy["VISIT"] = f"UNSCHEDULED {visitnum + 0.1:.1f}"
        if rng.random() < 0.2 and copy[f"{domain.upper()}STRESN"] is not None:
            changed = copy[f"{domain.upper()}STRESN"] + rng.choice((-1, 1))
            copy[f"{domain.upper()}STRESN"], copy[f"{domain.upper()}STRESC"] = changed, f"{changed:g}"
    if way != 3:
        redate(copies, domain, rng, subject)
    return copies


def damage_records(subject: Subject, rng: Random, rate: float) -> None:
    """Dates, copies and scores of the questionnaires and assessments of RS and QS."""
    for domain in ("rs", "qs"):
        records = subject.records[domain]
        for group in collected(records, domain):
            while rng.random() < rate:
                way = rng.randrange(8)
                if way < 2:
                    redate(group, domain, rng, subject)
                elif way == 2:
                    records.extend(again(group, domain, rng, subject))
                elif way == 3:
                    visit(group, domain, rng)
                elif way == 4 and rng.random() < 0.4:
                    gone = {id(r) for r in group}
                    records[:] = [r for r in records if id(r) not in gone]
                    break
                else:
                    damage_group(group, records, domain.upper(), rng)


def visit(records: list[Record], domain: str, rng: Random) -> None:
    """No visit number, no visit name, a flag that contradicts, another evaluator."""
    way = rng.randrange(5)
    for record in records:
        if way == 0:
            record["VISITNUM"] = None
        elif way == 1:
            record["VISIT"] = ""
        elif way == 2:
            record[f"{domain.upper()}LOBXFL"] = rng.choice(("Y", ""))
        elif way == 3 and "RSEVAL" in record:
            record["RSEVAL"] = ""
        elif way == 4 and "RSEVAL" in record and rng.random() < 0.6:
            record["RSEVAL"] = rng.choice(("STUDY SUBJECT", "INDEPENDENT ASSESSOR"))


def renumber(records: list[Record], domain: str, rng: Random) -> None:
    """Unique --SEQ; for some subjects in no order of time."""
    numbers = list(range(1, len(records) + 1))
    if rng.random() < 0.4:
        rng.shuffle(numbers)
    for record, n in zip(records, numbers, strict=True):
        record[f"{domain.upper()}SEQ"] = float(n)


def messy(source: Path, out: Path, seed: int, rate: float = 0.3) -> None:
    """Write the package of `source` to `out`, damaged by the random numbers that start at `seed`."""
    rng = Random(seed)
    package = Package(source)
    changed: dict[str, list[Record]] = {name: [] for name in DOMAINS}
    steps: list[Callable[[Subject, Random], None]] = [damage_subject, lambda s, r: damage_records(s, r, rate), damage_diary, damage_bsa]
    for dm in package.records["dm"]:
        subject = Subject(package, dm["USUBJID"])
        for step in steps if subject.start else steps[1:3]:
            step(subject, rng)
        for domain in ("rs", "qs", "fa"):
            renumber(subject.records[domain], domain, rng)
        for name in DOMAINS:
            changed[name] += subject.records[name]
    package.records = changed
    package.write(out)
