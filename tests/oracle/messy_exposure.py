"""EX of one subject made messy; the first dose stays dated, or there is none."""

from datetime import date, timedelta
from random import Random

from tests.oracle.exposure import valid
from tests.oracle.iso import parse
from tests.oracle.messy_dates import IMPOSSIBLE, TIMES, complete, partial
from tests.oracle.package import Source

PRODUCTS = [
    ("VEHICLE CREAM", 0.0),
    ("RUXOLITINIB CREAM", 0.75),
    ("RUXOLITINIB CREAM", 1.5),
    ("Vehicle cream", 0.0),
    ("PLACEBO CREAM", 0.0),
    ("VEHICLE CREAM", 0.75),
]


def ordered(source: Source) -> list[dict]:
    return sorted(source["EX"], key=lambda row: (parse(row["EXSTDTC"]).order(), row["EXSEQ"]))


def later(source: Source) -> list[dict]:
    """The records after the first valid one, whose start must stay a date."""
    rows = ordered(source)
    first = next((number for number, row in enumerate(rows) if valid(row)), len(rows))
    return rows[first + 1 :]


def open_last(rng: Random, source: Source) -> None:
    for row in ordered(source)[-1:]:
        row["EXENDTC"] = rng.choice(["", "", "", rng.choice(IMPOSSIBLE), "--05-10"])
        if parse(row["EXSTDTC"]).date is not None and rng.random() < 0.2:
            row["EXENDTC"] = row["EXSTDTC"] + rng.choice(["/2020-03-05", "/2019-12", "/2020-02-01T10:00"])


def open_middle(rng: Random, source: Source) -> None:
    for row in rng.sample(source["EX"], min(2, len(source["EX"]))):
        row["EXENDTC"] = rng.choice(["", "", rng.choice(IMPOSSIBLE)])


def partial_end(rng: Random, source: Source) -> None:
    rows = ordered(source)
    for row in rng.choice([rows[-1:], rng.sample(rows, min(2, len(rows)))]):
        day = parse(row["EXENDTC"]).date
        if day is not None:
            row["EXENDTC"] = partial(rng, day)


def partial_start(rng: Random, source: Source) -> None:
    """Only where even the first possible day is not before the first dose."""
    first = min([parse(row["EXSTDTC"]).date for row in source["EX"] if valid(row) and parse(row["EXSTDTC"]).date], default=None)
    for row in rng.sample(later(source), min(2, len(later(source)))):
        day = parse(row["EXSTDTC"]).date
        text = partial(rng, day) if day is not None else ""
        if text and first is not None and parse(text).lo >= first:
            row["EXSTDTC"] = text


def no_dose(rng: Random, source: Source) -> None:
    for row in rng.sample(source["EX"], min(rng.randint(1, 2), len(source["EX"]))):
        row["EXDOSE"] = None
        row["EXENDTC"] = rng.choice([row["EXENDTC"], ""])


def wrong_kit(rng: Random, source: Source) -> None:
    for row in rng.sample(source["EX"], min(rng.randint(1, 3), len(source["EX"]))):
        row["EXTRT"], row["EXDOSE"] = rng.choice(PRODUCTS)


def overlap(rng: Random, source: Source) -> None:
    """Ends moved into later records, or records doubled with another product."""
    for row in rng.sample(source["EX"], min(2, len(source["EX"]))):
        day = parse(row["EXENDTC"]).date
        if day is not None:
            row["EXENDTC"] = complete(rng, day + timedelta(days=rng.choice([1, 7, 40])))
    again = dict(rng.choice(source["EX"])) if source["EX"] else None
    if again is not None and rng.random() < 0.5:
        again["EXTRT"], again["EXDOSE"] = rng.choice(PRODUCTS)
        source["EX"].append(again | {"EXSEQ": max(row["EXSEQ"] for row in source["EX"]) + 1})


def gaps(rng: Random, source: Source) -> None:
    for row in rng.sample(later(source), len(later(source)) // 2):
        source["EX"].remove(row)


def spanning(rng: Random, source: Source) -> None:
    """One record over the entry into the second period: some records joined into one."""
    rows = ordered(source)
    if len(rows) > 2:
        number = rng.randrange(len(rows) - 1)
        taken = rows[number + 1 : number + rng.choice([2, 3, 20])]
        rows[number]["EXENDTC"] = taken[-1]["EXENDTC"]
        source.domains["EX"] = [row for row in source["EX"] if not any(row is other for other in taken)]


def vehicle_on(rng: Random, source: Source) -> None:
    for row in ordered(source)[-rng.randint(1, 6) :]:
        row["EXTRT"], row["EXDOSE"] = "VEHICLE CREAM", 0.0


def not_treated(rng: Random, source: Source) -> None:
    source.domains["EX"] = [] if rng.random() < 0.7 else [row | {"EXDOSE": None} for row in source["EX"]]


def one_period_only(rng: Random, source: Source) -> None:
    epoch = rng.choice(["CONTINUATION TREATMENT", "CONTINUATION TREATMENT", "BLINDED TREATMENT"])
    source.domains["EX"] = [row for row in source["EX"] if row["EPOCH"] != epoch]


def times(rng: Random, source: Source) -> None:
    """Clock times on starts and ends; a second record on the first day; epochs left out."""
    rows = ordered(source)
    for row in rng.sample(rows, min(3, len(rows))) + rows[:1] + rows[-1:]:
        for name in ("EXSTDTC", "EXENDTC"):
            day = parse(row[name]).date
            if day is not None:
                row[name] = day.isoformat() + rng.choice(["", *TIMES, f"/{day.isoformat()}T23:00", f"T06:30/{day.isoformat()}T07:00"])
        row["EPOCH"] = rng.choice([row["EPOCH"], ""])
    start = parse(rows[0]["EXSTDTC"]).date if rows else None
    if start is not None and rng.random() < 0.4:
        again = {"EXSEQ": max(row["EXSEQ"] for row in rows) + 1, "EXSTDTC": start.isoformat() + rng.choice(["T06:00", "", "T20:00"])}
        source["EX"].append(rows[0] | again | {"EXENDTC": start.isoformat() + rng.choice(["", "T06:05", "T21"])})


def missed(rng: Random, source: Source) -> None:
    """A strength of 0 of the active cream is no dose; a start that is no date tells of no day."""
    for row in rng.sample(later(source), min(2, len(later(source)))):
        if rng.random() < 0.5:
            row["EXTRT"], row["EXDOSE"] = "RUXOLITINIB CREAM", 0.0
        else:
            row["EXSTDTC"] = rng.choice(["", "UNK", "2019-02-30", "--05-10", f"{row['EXSTDTC']}/{row['EXSTDTC']}"])


def backwards(rng: Random, source: Source) -> None:
    """An end before its start."""
    for row in rng.sample(later(source), min(2, len(later(source)))):
        day = parse(row["EXSTDTC"]).date
        if day is not None:
            row["EXENDTC"] = (day - timedelta(days=rng.randint(1, 40))).isoformat()


def first_stays_dated(rng: Random, source: Source) -> None:
    """A partial start that could be the first dose would be refused, so it gets a day again."""
    del rng
    starts = [parse(row["EXSTDTC"]) for row in source["EX"] if valid(row)]
    first = min([start.date for start in starts if start.date is not None], default=date.max)
    for row in filter(valid, source["EX"]):
        start = parse(row["EXSTDTC"])
        if start.partial and start.lo < first:
            row["EXSTDTC"] = start.lo.isoformat()


EXPOSURE = [
    (wrong_kit, 0.15), (overlap, 0.15), (gaps, 0.1), (spanning, 0.15), (vehicle_on, 0.06), (one_period_only, 0.06), (no_dose, 0.1), (times, 0.25),
    (partial_start, 0.15), (open_middle, 0.12), (open_last, 0.25), (partial_end, 0.2), (not_treated, 0.03),
    (missed, 0.1), (backwards, 0.1), (first_stays_dated, 99),
]  # fmt: skip
