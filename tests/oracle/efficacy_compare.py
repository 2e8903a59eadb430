"""Cell by cell: a built package against the record-by-record derivation."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.oracle.efficacy import oracle
from tests.oracle.efficacy_values import SAS_EPOCH, read

LEVEL = ["IGABL", "EASIBL", "BSABL", "NRSBL", "DLQIBL", "CDLQIBL", "NRS2BLFL", "NRS4BLFL", "W8IGAFL", "NIGATSFL", "SEVADFL", "LTSEVFL"]
Row = dict[str, Any]


def stored(value: Any) -> Any:
    """A value as an XPT file holds it: dates as numbers, no text as None."""
    if isinstance(value, datetime):
        return (value - datetime(1960, 1, 1)).total_seconds()
    if isinstance(value, date):
        return float((value - SAS_EPOCH).days)
    if isinstance(value, int):
        return float(value)
    return None if value == "" else value


def same(one: Any, other: Any) -> bool:
    """Equal; numbers up to one unit of the sixth decimal, which a half takes up or down by the last bit of a quotient."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1.5e-6
    return one == other


def datasets(out: Path) -> Path:
    """Where the built datasets lie: exported, or set aside because a check failed."""
    return next(folder for folder in (out / "adam", out / "rejected") if (folder / "adeff.xpt").exists())


def cells(where: str, built: Row, expected: Row, names: list[str]) -> list[tuple[str, str, Any, Any]]:
    pairs = [(name, stored(built[name]), stored(expected.get(name))) for name in names]
    return [(where, name, one, other) for name, one, other in pairs if not same(one, other)]


def name(row: Row) -> str:
    return f"{row['USUBJID']} {row['PARAMCD']} " + " ".join(f"{k}={stored(row.get(k))}" for k in ("AVISITN", "ADT", "VISITNUM", "SRCSEQ", "AVAL"))


def paired(built: list[Row], expected: list[Row]) -> list[tuple[str, str, Any, Any]]:
    """Differences of one subject's one parameter: each record against the one that is most alike, then what one side lacks."""
    found = []
    left = list(expected)
    alone = []
    for keys in (None, ("ADT", "VISITNUM", "SRCSEQ"), ("ADT", "VISITNUM"), ("ADT",), ("AVISITN",)):
        alone, built = built, []
        for one in alone:
            like = [o for o in left if not cells("", one, o, [k for k in one if k != "ASEQ"] if keys is None else list(keys))]
            if not like:
                built.append(one)
                continue
            left.remove(like[0])
            found += cells(name(one), one, like[0], list(one))
    found += [(name(one), "record", "only built", "") for one in built]
    return found + [(name(one), "record", "only expected", "") for one in left]


def grouped(rows: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault((row["STUDYID"], row["USUBJID"], row["PARAMCD"]), []).append(row)
    return found


def differences(sdtm: Path, out: Path) -> list[tuple[str, str, Any, Any]]:
    """(record, variable, built value, expected value) of every cell that differs, and of the order of the records."""
    folder = datasets(out)
    expected, levels = oracle(sdtm, folder / "adsl.xpt")
    built = read(folder, "adeff")
    mine, theirs = grouped(expected), grouped(built)
    found = []
    for key in {**mine, **theirs}:
        found += paired(theirs.get(key, []), mine.get(key, []))
    keys = ("STUDYID", "USUBJID", "PARAMCD", "ASEQ")
    if [tuple(r[k] for k in keys) for r in built] != [tuple(r[k] for k in keys) for r in expected]:
        found.append(("all", "order", "", ""))
    subject = {(r["STUDYID"], r["USUBJID"]): r for r in read(folder, "adsl")}
    for level in levels:
        found += cells(level["USUBJID"], subject[level["STUDYID"], level["USUBJID"]], level, LEVEL)
    return found
