"""First occurrences among the treatment-emergent events of one subject (§6, ruling 52)."""

from datetime import date

EACH = {
    "AOCCFL": (),
    "AOCCSFL": ("AEBODSYS",),
    "AOCCPFL": ("AEBODSYS", "AEDECOD"),
    "AOCC01FL": ("TRTA",),
    "AOCC02FL": ("TRTA", "AEDECOD"),
    "AOCC03FL": ("APERIOD",),
    "AOCC04FL": ("TRTA",),
    "AOCC05FL": ("APERIOD",),
}
ONLY = {"AOCC04FL": lambda row: row["AREL"] == "RELATED", "AOCC05FL": lambda row: row["CQ01NAM"] != ""}
WORST = {"AOCCIFL": (), "AOCCPIFL": ("AEBODSYS", "AEDECOD")}


def onset(row: dict) -> tuple:
    """The order §6 gives for these flags: undated first, then ASTDT, AESEQ, whatever the time of day."""
    return (row["ASTDT"] is not None, row["ASTDT"] or date.min, row["AESEQ"])


def worst_first(row: dict) -> tuple:
    return (-(row["ASEVN"] or 0), onset(row))


def mark(rows: list[dict], flag: str, group: tuple, order) -> None:
    seen = set()
    for row in sorted(rows, key=order):
        key = tuple(row[name] for name in group)
        nameless = any(row[name] in ("", None) for name in group)
        if key not in seen and not nameless:
            row[flag] = "Y"
            seen.add(key)


def flag_occurrences(rows: list[dict]) -> None:
    """Set every AOCC flag of one subject's rows."""
    for row in rows:
        row.update(dict.fromkeys([*EACH, *WORST], ""))
    events = [row for row in rows if row["TRTEMFL"] == "Y"]
    for flag, group in EACH.items():
        mark([row for row in events if ONLY.get(flag, bool)(row)], flag, group, onset)
    for flag, group in WORST.items():
        mark(events, flag, group, worst_first)
