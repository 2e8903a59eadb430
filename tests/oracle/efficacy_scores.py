"""Source records to assessments: one value per record, questionnaire or diary window (DOMAIN §1, rulings 2, 3, 43-47, 55, 69-72)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle.efficacy_values import Finding, When, rounded

GRADES = {"NONE": 0.0, "MILD": 1.0, "MODERATE": 2.0, "SEVERE": 3.0}
IGA = {"CLEAR": 0.0, "ALMOST CLEAR": 1.0, "MILD": 2.0, "MODERATE": 3.0, "SEVERE": 4.0}
DLQI = {"VERY MUCH": 3.0, "A LOT": 2.0, "A LITTLE": 1.0, "NOT AT ALL": 0.0}
CDLQI = {"VERY MUCH": 3.0, "QUITE A LOT": 2.0, "ONLY A LITTLE": 1.0, "NOT AT ALL": 0.0}
REGIONS = {"EASIHN": (1, 1), "EASIUL": (6, 2), "EASITR": (11, 3), "EASILL": (16, 4)}  # first item number, tenfold multiplier
BODY = ("HEAD AND NECK", "UPPER LIMBS", "TRUNK", "LOWER LIMBS")


@dataclass
class Assessment:
    """One analysed measurement of one parameter."""

    param: str
    when: When
    visitnum: float | None = None
    visit: str = ""
    value: float | None = None
    source: tuple[str, str, float | None] = ("", "", None)
    seq: float = 0.0
    window: tuple[date, date] | None = None
    avisitn: int | None = None


def between(value: float | None, low: float, high: float, step: float = 0) -> float | None:
    """The value if in range and on the grid, else None."""
    if value is None or not low <= value <= high or (step and value % step):
        return None
    return value


def by_clinician(record: Finding) -> bool:
    return record.evaluator.upper() in ("", "INVESTIGATOR")


def last(records: list[Finding]) -> Finding:
    return max(records, key=lambda r: (r.when.rank, r.seq))


def groups(records: list[Finding]) -> list[list[Finding]]:
    """Questionnaires: the records of one VISITNUM and one date."""
    found: dict[Any, list[Finding]] = {}
    for record in records:
        found.setdefault((record.visitnum, record.when.day), []).append(record)
    return list(found.values())


def of_group(param: str, records: list[Finding], value: float | None, source: tuple[str, str, float | None]) -> Assessment:
    latest = last(records)
    return Assessment(param, latest.when, latest.visitnum, latest.visit, value, source, max(r.seq for r in records))


def of_record(param: str, record: Finding, value: float | None, variable: str) -> Assessment:
    source = (record.domain, variable, record.seq)
    return Assessment(param, record.when, record.visitnum, record.visit, value, source, record.seq)


def whole_not_done(param: str, code: str, group: list[Finding]) -> list[Assessment]:
    """The row without a value of an assessment that has nothing but its whole-instrument NOT DONE record."""
    own = [r for r in group if r.code == code and not r.done]
    return [of_group(param, group, None, (own[0].domain, f"{own[0].domain}STRESN", None))] if own else []


def checked(record: Finding, low: float, high: float, step: float = 0, words: dict[str, float] | None = None) -> tuple[float | None, str]:
    raw, variable = record.value(words)
    value = between(raw, low, high, step)
    return value, variable


def is_one_of(record: Finding, code: str, whole: str) -> bool:
    """A record of the assessment, or the one that says it was not done."""
    return record.code == code or (record.code == whole and not record.done)


def iga(rs: list[Finding]) -> list[Assessment]:
    own = [r for r in rs if by_clinician(r)]
    return [of_record("IGA", r, *checked(r, 0, 4, 1, IGA)) for r in own if is_one_of(r, "IGA0101", "IGAALL")]


def bsa(rs: list[Finding], fa: list[Finding]) -> list[Assessment]:
    """RS wins for a (VISITNUM, date); else the FA total, if it has a value; else the sum of all four regions."""
    direct = [r for r in rs if by_clinician(r) and is_one_of(r, "BSA0101", "BSAALL")]
    rows = [of_record("BSA", r, *checked(r, 0, 100)) for r in direct]
    taken = {(r.visitnum, r.when.day) for r in direct}
    areas = [r for r in fa if by_clinician(r) and r.code == "BSAINV" and r.about.upper() == "ATOPIC DERMATITIS"]
    for group in groups(areas):
        if (group[0].visitnum, group[0].when.day) in taken:
            continue
        totals = [r for r in group if not r.where]
        parts = [r for r in group if r.where.upper() in BODY]
        value, variable = checked(last(totals), 0, 100) if totals else (None, "")
        if value is not None:
            rows.append(of_group("BSA", group, value, ("FA", variable, last(totals).seq)))
        elif totals or parts:
            shares = [[r for r in parts if r.where.upper() == place] for place in BODY]
            values = [checked(last(share), 0, 100)[0] if share else None for share in shares]
            total = None if None in values else between(round(sum(v for v in values if v is not None), 6), 0, 100)
            rows.append(of_group("BSA", group, total, ("FA", "FASTRESN", None)))
    return rows


def latest_of(records: list[Finding], code: str) -> list[Finding]:
    """Of several records of one item the latest, whatever it says (ruling 44)."""
    own = totals_of(records, code)
    return [last(own)] if own else []


def item(records: list[Finding], code: str, high: float, step: float) -> float | None:
    own = latest_of(records, code)
    return checked(own[0], 0, high, step, GRADES if high == 3 else None)[0] if own else None


def region(records: list[Finding], first: int, tenfold: int) -> float | None:
    """Twenty times the region score, an integer; None when not scorable."""
    signs = [item(records, f"EASI01{first + k:02d}", 3, 0.5) for k in range(4)]
    area = item(records, f"EASI01{first + 4:02d}", 6, 1)
    if area == 0 or (area is None and all(sign == 0 for sign in signs)):
        return 0.0
    if area is None or None in signs:
        return None
    return 2 * tenfold * area * sum(sign for sign in signs if sign is not None)


def easi(rs: list[Finding]) -> list[Assessment]:
    own = [r for r in rs if r.cat == "EASI" and by_clinician(r)]
    items = {f"EASI01{n:02d}" for n in range(1, 21)}
    computed = ("RS", "RSSTRESN", None)
    rows = []
    for group in groups(own):
        if not any(r.code in items | {"EASI0125"} for r in group):
            rows += whole_not_done("EASI", "EASIALL", group)
            continue
        scores = {}
        for param, (first, tenfold) in REGIONS.items():
            scores[param] = region(group, first, tenfold)
            if any(r.code in {f"EASI01{first + k:02d}" for k in range(5)} for r in group):
                score = scores[param]
                rows.append(of_group(param, group, None if score is None else score / 20, computed))
        if None not in scores.values():
            rows.append(of_group("EASI", group, sum(s for s in scores.values() if s is not None) / 20, computed))
        else:
            total, source = collected(latest_of(group, "EASI0125"), 72)
            rows.append(of_group("EASI", group, total, computed if total is None else source))
    return rows


def collected(own: list[Finding], high: float, step: float = 0) -> tuple[float | None, tuple[str, str, float | None]]:
    """The collected total and its source; without one, None of the standard variable."""
    for record in own:
        value, variable = checked(record, 0, high, step)
        if value is not None:
            return value, (record.domain, variable, record.seq)
    return None, ("", "", None)


def totals_of(group: list[Finding], code: str) -> list[Finding]:
    return [r for r in group if r.code == code]


def highest(records: list[Finding], code: str, high: float, words: dict[str, float]) -> float | None:
    """An item score; two boxes ticked, the higher."""
    values = [checked(r, 0, high, 1, words)[0] for r in records if r.code == code]
    return max((v for v in values if v is not None), default=None)


def dlqi_item(records: list[Finding], n: int) -> float | None:
    if n != 7:
        return highest(records, f"DLQI1{n:02d}", 3, DLQI | ({"NOT RELEVANT": 0.0} if n in (3, 4, 5, 6, 8, 9, 10) else {}))
    problem = highest(records, "DLQI107A", 2, {k: v for k, v in DLQI.items() if v < 3})
    answers = [answer for record in records if record.code == "DLQI107" and (answer := prevented(record, problem))]
    ticked = max(answers, key=("NOT RELEVANT", "NO", "YES").index, default="NO")  # two boxes ticked: the worse
    return {"YES": 3.0, "NO": problem, "NOT RELEVANT": 0.0}[ticked]


def prevented(record: Finding, problem: float | None) -> str | None:
    """YES, NO or NOT RELEVANT, from the text or from a number that stands for it (ruling 43)."""
    if not record.done:
        return None
    text = record.text.upper()
    if text in ("YES", "NO", "NOT RELEVANT"):
        return text
    code = number_of(record)
    if code == 3:
        return "YES"
    return ("NOT RELEVANT" if problem is None else "NO") if code == 0 else None


def number_of(record: Finding) -> float | None:
    return record.value()[0]


def cdlqi_item(records: list[Finding], n: int) -> float | None:
    if n != 7:
        return highest(records, f"CDLQ1{n:02d}", 3, CDLQI)
    school = highest(records, "CDLQ107", 3, CDLQI | {"PREVENTED SCHOOL": 3.0})
    holiday = highest(records, "CDLQ107B", 3, CDLQI)
    return max((v for v in (school, holiday) if v is not None), default=None)


QOL = {"DLQI": ("DLQI", "DLQI1", "DLQI107A", "DLQIALL", dlqi_item), "CDLQI": ("CDLQ", "CDLQ1", "CDLQ107B", "CDLQALL", cdlqi_item)}


def quality_of_life(qs: list[Finding], param: str) -> list[Assessment]:
    cat, stem, extra, whole, score = QOL[param]
    own = [r for r in qs if r.cat == cat]
    rows = []
    codes = {f"{stem}{n:02d}" for n in range(1, 12)} | {extra}
    for group in groups(own):
        if not any(r.code in codes for r in group):
            rows += whole_not_done(param, whole, group)
            continue
        scores = [score(group, n) for n in range(1, 11)]
        value, source = sum(s for s in scores if s is not None), ("QS", "QSSTRESN", None)
        if scores.count(None):
            best = sorted(totals_of(group, f"{stem}11"), key=lambda r: (checked(r, 0, 30, 1)[0] or 0, r.when.rank, r.seq), reverse=True)
            total, found = collected(best, 30, 1)
            if total is not None:
                value, source = total, found
            elif scores.count(None) > 1:
                value = None
        rows.append(of_group(param, group, value, source))
    return rows


def diary(qs: list[Finding]) -> dict[date, tuple[float, str]]:
    """The valid entry of each day and its variable: the last with time, else the highest QSSEQ."""
    best: dict[date, tuple[Any, tuple[float, str]]] = {}
    for record in qs:
        if record.cat != "ITCH NRS" or record.code != "ITCH0101" or record.when.day is None:
            continue
        value, variable = checked(record, 0, 10, 1)
        rank = (record.when.hour or datetime.min, record.seq)
        if value is not None and (record.when.day not in best or rank > best[record.when.day][0]):
            best[record.when.day] = (rank, (value, variable))
    return {day: entry for day, (_, entry) in best.items()}


def itch(days: dict[date, tuple[float, str]], anchor: date, avisitn: int, first: date | None) -> Assessment | None:
    """The mean of the seven days before the anchor, at least four of them, none before `first`."""
    window = [anchor - timedelta(days=k) for k in range(7, 0, -1)]
    entries = [days[day] for day in window if day in days and (first is None or day >= first)]
    if len(entries) < 4:
        return None
    values = [value for value, _ in entries]
    source = ("QS", max(variable for _, variable in entries), None)  # QSSTRESC only if every day came from there
    return Assessment("ITCHNRS", When(anchor, None), None, "", rounded(sum(values) / len(values)), source, 0.0, (window[0], window[-1]), avisitn)


__all__ = ["Assessment", "bsa", "diary", "easi", "iga", "itch", "quality_of_life"]
