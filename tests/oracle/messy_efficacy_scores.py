"""Damage to what records say: items, totals, item 7, NOT DONE, whole instruments, diaries, BSA from FA."""

from datetime import date, timedelta
from random import Random
from typing import Any

Record = dict[str, Any]
WORDS = {
    "IGA": ("Clear", "ALMOST CLEAR", "Mild", "moderate", "SEVERE"),
    "DLQI": ("Not at all", "A LITTLE", "a lot", "Very much", "Not relevant", "Yes", "No"),
    "CDLQ": ("Not at all", "ONLY A LITTLE", "Quite a lot", "very much"),
    "EASI": ("None", "Mild", "MODERATE", "Severe"),
    "BSA": ("LARGE",),
    "ITCH NRS": ("MANY",),
}
TOTALS = {"EASI": "EASI0125", "DLQI": "DLQI111", "CDLQ": "CDLQ111"}
PLACES = ("HEAD AND NECK", "UPPER LIMBS", "TRUNK", "LOWER LIMBS")


def put(record: Record, domain: str, value: float | None, text: str | None = None) -> None:
    record[f"{domain}STRESN"] = value
    record[f"{domain}STRESC"] = ("" if value is None else f"{value:g}") if text is None else text


def harm(record: Record, domain: str, rng: Random) -> None:
    """One record: blank, out of range, off the grid, as text, not done with or without its result."""
    value = record[f"{domain}STRESN"]
    way = rng.choice((empty, other_number, other_number, other_number, worded, undone, undone, renamed))
    if way is worded and value is not None and rng.random() < 0.6:
        way = numbered
    way(record, domain, rng)


def empty(record: Record, domain: str, rng: Random) -> None:
    put(record, domain, None)


def other_number(record: Record, domain: str, rng: Random) -> None:
    inside = [0.0, *map(float, range(5))]
    outside = [-1.0, 7.0, 11.0, 101.0, 4.0, 5.0, 73.0, 31.0]
    between = [0.5, 1.5, 2.5, 1.25, 0.1]
    put(record, domain, rng.choice(rng.choice((inside, outside, between))))


def worded(record: Record, domain: str, rng: Random) -> None:
    put(record, domain, None, rng.choice(WORDS.get(record.get(f"{domain}CAT", "").strip().upper(), ("SOME",))))


def numbered(record: Record, domain: str, rng: Random) -> None:
    """The number in --STRESC alone, or another text beside the number."""
    value = record[f"{domain}STRESN"]
    if rng.random() < 0.6:
        put(record, domain, None, rng.choice((f"{value:g}", f" {value:g} ", f"{value:.1f}")))
    else:
        record[f"{domain}STRESC"] = rng.choice(("", "TEXT", f"{value + 1:g}"))


def undone(record: Record, domain: str, rng: Random) -> None:
    record[f"{domain}STAT"] = "NOT DONE"
    if rng.random() < 0.5:
        put(record, domain, None)


def renamed(record: Record, domain: str, rng: Random) -> None:
    """The code or the category in small letters or padded."""
    code, cat = record[f"{domain}TESTCD"], record.get(f"{domain}CAT", "")
    if cat and rng.random() < 0.5:
        record[f"{domain}CAT"] = rng.choice((cat.lower(), f" {cat}", cat.title()))
    else:
        record[f"{domain}TESTCD"] = rng.choice((code.lower(), f" {code}"[:8] if len(code) < 8 else code.lower()))


def not_done(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    """The whole instrument not done: one record in place of all or beside them, or every item."""
    cat = records[0][f"{domain}CAT"].strip().upper()
    way = rng.randrange(4)
    if way == 0:
        for record in records:
            record[f"{domain}STAT"] = "NOT DONE"
            if rng.random() < 0.5:
                put(record, domain, None)
        return
    whole = dict(records[0])
    whole |= {f"{domain}TESTCD": f"{cat}ALL", f"{domain}STAT": "NOT DONE"}
    put(whole, domain, None)
    own.append(whole)
    if way != 1:
        remove(records, own)


def remove(records: list[Record], own: list[Record]) -> None:
    gone = {id(r) for r in records}
    own[:] = [r for r in own if id(r) not in gone]


def twice(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    """Some items a second time, with another value, another time or none."""
    for record in rng.sample(records, min(len(records), rng.randrange(1, 4))):
        copy = dict(record)
        harm(copy, domain, rng)
        if rng.random() < 0.6:
            put(copy, domain, float(rng.randrange(4)))
        if rng.random() < 0.4 and len(copy[f"{domain}DTC"]) >= 10:
            copy[f"{domain}DTC"] = copy[f"{domain}DTC"][:10] + rng.choice(("", "T07:10", "T12:20", "T19:00"))
        own.append(copy)


def totals(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    """The collected total: another value, none, alone, as text, twice."""
    code = TOTALS.get(records[0][f"{domain}CAT"].strip().upper())
    found = [r for r in records if r[f"{domain}TESTCD"] == code]
    if not found:
        return
    total = found[0]
    way = rng.randrange(6)
    if way in (0, 1):
        remove([r for r in records if r is not total], own)
    elif way == 2:
        remove([total], own)
    elif way == 3:
        items = [r for r in records if r is not total]
        remove(rng.sample(items, min(len(items), rng.choice((1, 1, 2, 4)))), own)
    if way in (1, 3, 4):
        put(total, domain, rng.choice((0.0, 3.0, 7.2, 12.0, 30.0, 31.0, 72.5, None)))
    elif way == 5:
        put(total, domain, None, rng.choice(("12", "4.5", "HIGH")))


def item_seven(records: list[Record], own: list[Record], rng: Random) -> None:
    """Item 7 in every coding of the two questionnaires."""
    cat = records[0]["QSCAT"].strip().upper()
    extra = {"DLQI": "DLQI107A", "CDLQ": "CDLQ107B"}[cat]
    remove([r for r in records if r["QSTESTCD"] in (f"{cat}107", extra)], own)
    answers = [
        (None, "Yes"),
        (None, "no"),
        (None, "NOT RELEVANT"),
        (3.0, "3"),
        (0.0, "0"),
        (None, "3"),
        (None, "0"),
        (1.0, "1"),
        (2.0, "2"),
        (0.0, "Yes"),
    ] + [(3.0, "YES"), (0.0, "NO"), (0.0, "NOT RELEVANT"), (None, ""), (None, "Sometimes"), (3.0, "")]
    school = [(None, "Prevented school"), (3.0, "3"), (1.0, "Only a little"), (None, "QUITE A LOT"), (None, ""), (0.0, "0")]
    more = [(2.0, "A lot"), (None, "A lot"), (1.0, "1"), (0.0, "Not at all"), (None, ""), (3.0, "3"), (None, "Very much"), (None, "2")]
    for code, choices, odds in ((f"{cat}107", answers if cat == "DLQI" else school, 0.85), (extra, more, 0.6)):
        while rng.random() < odds:
            record = dict(records[0])
            value, text = rng.choice(choices)
            record |= {"QSTESTCD": code, "QSSTAT": rng.choice(("", "", "", "", "NOT DONE"))}
            put(record, "QS", value, text)
            own.append(record)
            odds = 0.15


def other_instrument(records: list[Record], own: list[Record], rng: Random) -> None:
    """The questionnaire of the other age group, in addition or instead."""
    cat = records[0]["QSCAT"].strip().upper()
    new = {"DLQI": "CDLQ", "CDLQ": "DLQI"}[cat]
    for record in records:
        code = record["QSTESTCD"]
        if code[-3:].isdigit():
            own.append(dict(record) | {"QSCAT": new, "QSTESTCD": f"{new}{code[4:]}"})
    if rng.random() < 0.3:
        remove(records, own)


def damage_group(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    """One damage to one questionnaire or assessment."""
    present = {id(r) for r in own}
    records = [r for r in records if id(r) in present]
    if not records:
        return
    quality = domain == "QS" and records[0]["QSCAT"].strip().upper() in ("DLQI", "CDLQ")
    if quality and rng.random() < 0.25:
        if rng.random() < 0.8:
            item_seven(records, own, rng)
        else:
            other_instrument(records, own, rng)
        return
    way = rng.choice((some_harm, some_harm, some_harm, twice, twice, totals, totals, fewer, fewer, not_done))
    way(records, own, domain, rng)


def some_harm(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    for record in rng.sample(records, min(len(records), rng.choice((1, 1, 2, 3, 6)))):
        harm(record, domain, rng)


def fewer(records: list[Record], own: list[Record], domain: str, rng: Random) -> None:
    remove(rng.sample(records, min(len(records) - 1, rng.choice((1, 2)))), own)


def damage_diary(subject: Any, rng: Random) -> None:
    """Gaps, several entries a day, invalid entries, entries on and before Day 1, dates that do not read."""
    own = subject.records["qs"]
    entries = [r for r in own if r["QSCAT"] == "ITCH NRS"]
    lost = rng.choice((0, 0, 0.1, 0.3, 0.45))
    for record in entries:
        if rng.random() < lost:
            remove([record], own)
        elif rng.random() < 0.12:
            harm(record, "QS", rng)
        elif rng.random() < 0.08:
            entry(record, own, rng)
        elif rng.random() < 0.03:
            record["QSDTC"] = rng.choice((record["QSDTC"][:7], "", record["QSDTC"][:10] + "T25:00", record["QSDTC"][:10], record["QSDTC"][:13]))
    if entries and subject.start and rng.random() < 0.5:
        for _ in range(rng.randrange(1, 5)):
            day = subject.start + timedelta(days=rng.choice((-9, -8, -7, -1, 0, 0, 1, 7, 14, 28, 56, 70)))
            extra = dict(entries[0]) | {"QSDTC": day.isoformat() + rng.choice(("", "T06:00", "T21:30"))}
            put(extra, "QS", float(rng.randrange(11)))
            own.append(extra)


def entry(record: Record, own: list[Record], rng: Random) -> None:
    """A second entry of the same day."""
    copy = dict(record)
    put(copy, "QS", float(rng.randrange(11)))
    if rng.random() < 0.3:
        harm(copy, "QS", rng)
    copy["QSDTC"] = record["QSDTC"][:10] + rng.choice(("", "T05:00", "T23:30", "T11", record["QSDTC"][10:]))
    own.append(copy)


def areas(record: Record, template: Record, rng: Random) -> list[Record]:
    """BSA of one visit as FA: a total, the regions, both, not all of them, some twice."""
    made = []
    way = rng.randrange(5)
    places = [""] if way in (0, 4) else []
    if way != 0:
        places += rng.sample(PLACES, rng.choice((4, 4, 4, 3, 2)))
    if rng.random() < 0.15:
        places.append(rng.choice((*PLACES, "FACE", "")))
    for place in places:
        value = rng.choice((0.0, 0.5, 1.2, 3.0, 4.8, 10.0))
        fa = dict(template)
        fa |= {
            "FATESTCD": "BSAINV",
            "FAOBJ": "ATOPIC DERMATITIS",
            "FACAT": "",
            "FALOC": place,
            "FAEVAL": rng.choice(("INVESTIGATOR",) * 6 + ("", "STUDY SUBJECT")),
        }
        fa |= {"VISITNUM": record["VISITNUM"], "VISIT": record["VISIT"], "FADTC": record["RSDTC"], "FASTAT": ""}
        put(fa, "FA", value)
        if rng.random() < 0.15:
            harm(fa, "FA", rng)
        if rng.random() < 0.1:
            fa["FADTC"] = fa["FADTC"][:10] + rng.choice(("T08:00", "T15:30"))
        if rng.random() < 0.03:
            fa["FAOBJ"] = "ECZEMA"
        made.append(fa)
    return made


def damage_bsa(subject: Any, rng: Random) -> None:
    """BSA in FA at some visits, beside or instead of RS."""
    rs, fa = subject.records["rs"], subject.records["fa"]
    if not fa or rng.random() < 0.5:
        return
    template = dict(fa[0])
    for record in [r for r in rs if r["RSTESTCD"] == "BSA0101"]:
        if rng.random() < 0.35:
            fa.extend(areas(record, template, rng))
            if rng.random() < 0.7:
                remove([record], rs)


__all__ = ["damage_bsa", "damage_diary", "damage_group", "date"]
