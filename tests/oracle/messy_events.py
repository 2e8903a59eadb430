"""AE and SUPPAE of one subject made messy: events at every border, dated in every way."""

from datetime import date, timedelta
from random import Random

from tests.oracle.iso import parse
from tests.oracle.messy_dates import any_date, complete, month, partial
from tests.oracle.package import Source

TERMS = [
    "Application site pain",
    "application site rash",
    "APPLICATION SITE ERYTHEMA",
    "Herpes zoster",
    "ORAL HERPES",
    "Oral herpes recurrence",
    "Pruritus",
    "",
    "Nasopharyngitis",
]
SEVERITIES = ["MILD", "MODERATE", "SEVERE", "SEVERE", ""]
RELATIONS = [
    "",
    "RELATED",
    "NOT RELATED",
    "POSSIBLE",
    "Probably",
    "UNLIKELY",
    "N",
    "Y",
    "unrelated",
    "MAYBE",
    "DEFINITELY RELATED",
    "UNLIKELY RELATED",
]
OFFSETS = [-400, -60, -20, -6, -1, 0, 0, 0, 1, 2, 10, 29, 30, 31, 45]


def borders(source: Source) -> list[date]:
    """The days around which a rule changes its answer."""
    texts = [row["EXSTDTC"] for row in source["EX"]][:1] + [row["EXENDTC"] for row in source["EX"]][-1:]
    texts += [row["DSSTDTC"] for row in source["DS"]] + [source.dm["RFICDTC"], source.dm["DTHDTC"], "2020-12-31"]
    return [moment.lo for moment in map(parse, texts) if moment.lo is not None] or [date(2019, 6, 1)]


def first_starts(source: Source) -> list[date]:
    return [day for day in (parse(row["EXSTDTC"]).date for row in source["EX"]) if day is not None] or borders(source)


def event(rng: Random, source: Source, pool: list[dict]) -> dict:
    """A further event like one of the pool."""
    number = max([row["AESEQ"] for row in source["AE"]], default=0) + rng.choice([1, 1, 1, 3])
    values = {"STUDYID": source.dm["STUDYID"], "USUBJID": source.dm["USUBJID"], "AESEQ": number}
    row = rng.choice(pool) | values
    row.update(AESEV=rng.choice(SEVERITIES), AEREL=rng.choice(RELATIONS), AEENRF="", AEENRTPT="")
    if rng.random() < 0.4:
        row["AEDECOD"] = rng.choice(TERMS)
    row["AEBODSYS"] = rng.choice([row["AEBODSYS"]] * 6 + [""])
    source["AE"].append(row)
    return row


def at_borders(rng: Random, source: Source, pool: list[dict]) -> None:
    """Events that start and end near the days that matter."""
    for row in source["SUPPAE"]:
        row["IDVARVAL"] = row["IDVARVAL"].rjust(rng.choice([1, 8]))
    for _ in range(rng.randint(2, 7)):
        row = event(rng, source, pool)
        start = rng.choice(borders(source)) + timedelta(days=rng.choice(OFFSETS))
        end = rng.choice([start + timedelta(days=rng.choice([-3, 0, 0, 1, 5, 20, 200])), rng.choice(borders(source))])
        row["AESTDTC"], row["AEENDTC"] = any_date(rng, start), rng.choice([any_date(rng, end), any_date(rng, end), ""])
        row["AEENRF"], row["AEENRTPT"] = rng.choice(["", "", "", "ONGOING", "AFTER"]), rng.choice(["", "ONGOING", "BEFORE"])


def around_first_dose(rng: Random, source: Source, pool: list[dict]) -> None:
    """Events on the day of the first dose, by the clock, and worsening ones."""
    day = min(first_starts(source))
    for _ in range(rng.randint(1, 5)):
        row = event(rng, source, pool)
        row["AESTDTC"] = (day - timedelta(days=rng.choice([0, 0, 0, 1, 5]))).isoformat() + rng.choice(
            ["", "T08:15", "T09", "T12", "T09:30", "T23:59", "T-:30", "T05"]
        )
        end = day + timedelta(days=rng.choice([-2, 0, 3]))
        row["AEENDTC"] = rng.choice(["", end.isoformat(), month(end), end.isoformat() + "T10:00"])
        if rng.random() < 0.7:
            supplement(source, row["AESEQ"], "AEITSEV", rng.choice(["MILD", "MODERATE", "SEVERE", ""]))


def around_entry(rng: Random, source: Source, pool: list[dict]) -> None:
    """Events on the day of the second period, with and without a time, and partial dates of its month."""
    for row in [row for row in source["DS"] if row["DSDECOD"].startswith(("RE-RANDOM", "OPTED"))]:
        day = parse(row["DSSTDTC"]).date
        if day is None:
            continue
        for _ in range(rng.randint(1, 4)):
            told = event(rng, source, pool)
            texts = ["", "T07:00", "T09", "T09:05", "T23:00", "T05"]
            told["AESTDTC"] = rng.choice([day.isoformat() + rng.choice(texts), month(day), partial(rng, day)])
            told["AEENDTC"] = rng.choice(["", (day - timedelta(days=2)).isoformat(), (day + timedelta(days=3)).isoformat(), month(day)])


def undated(rng: Random, source: Source, pool: list[dict]) -> None:
    for _ in range(rng.randint(1, 3)):
        row = event(rng, source, pool)
        end = rng.choice(first_starts(source)) + timedelta(days=rng.choice([-5, 0, 40]))
        row["AESTDTC"], row["AEENDTC"] = (
            rng.choice(["", "--03-15", "2019-UN-UN", "--03-15T10:00"]),
            rng.choice(["", complete(rng, end), partial(rng, end)]),
        )


def same_day(rng: Random, source: Source, pool: list[dict]) -> None:
    """Several events of one day and term, timed and not, so that only the order decides."""
    day = rng.choice(first_starts(source)) + timedelta(days=rng.choice([0, 3, 30]))
    term = rng.choice(TERMS)
    for _ in range(3):
        row = event(rng, source, pool)
        row.update(AEDECOD=term, AESTDTC=day.isoformat() + rng.choice(["", "T08:00", "T20:00", "T06"]), AEENDTC="")


def supplement(source: Source, sequence: float, name: str, value: str) -> None:
    keys = {"STUDYID": source.dm["STUDYID"], "RDOMAIN": "AE", "USUBJID": source.dm["USUBJID"], "IDVAR": "AESEQ", "IDVARVAL": f"{sequence:g}"}
    if not any(row["IDVARVAL"].strip() == keys["IDVARVAL"] and row["QNAM"] == name for row in source["SUPPAE"]):
        source["SUPPAE"].append(keys | {"QNAM": name, "QLABEL": name, "QVAL": value, "QORIG": "CRF", "QEVAL": ""})


def details(rng: Random, source: Source, pool: list[dict]) -> None:
    """Judgements, seriousness, outcomes and padding of the events collected."""
    del pool
    for row in source["AE"]:
        row["AEREL"], row["AESEV"] = rng.choice([row["AEREL"], rng.choice(RELATIONS)]), rng.choice([row["AESEV"], rng.choice(SEVERITIES)])
        row["AEACN"] = rng.choice([row["AEACN"], "DRUG WITHDRAWN", ""])
        row["AESER"], row["AESHOSP"], row["AESDTH"] = rng.choice([("N", "N", "N"), ("Y", "Y", ""), ("Y", "", "Y"), ("", "Y", "")])
        row["AEOUT"] = rng.choice([row["AEOUT"], "FATAL", ""])
        row["AETERM"] = rng.choice(["  ", ""]) + row["AETERM"]
        row["AELLTCD"] = rng.choice([row["AELLTCD"], None])
        if rng.random() < 0.2:
            supplement(source, row["AESEQ"], "AEITSEV", rng.choice(["MILD", "MODERATE"]))
    if rng.random() < 0.3:
        source.domains["SUPPAE"] = [row for row in source["SUPPAE"] if row["QNAM"] != "AETRTEM"]


EVENTS = [(at_borders, 0.5), (around_first_dose, 0.25), (around_entry, 0.4), (undated, 0.2), (same_day, 0.2), (details, 0.3)]
