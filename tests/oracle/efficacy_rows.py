"""Responder, imputed and composite rows (DOMAIN §5.2, §5.3, rulings 9-12, 58, 66, 73, 74)."""

from typing import Any

Row = dict[str, Any]

SOURCES = {
    "IGATS": ("IGA", 2),
    "IGA01": ("IGA", 1),
    "IGA1PT": ("IGA", 3),
    "EASI50": ("EASI", 1),
    "EASI75": ("EASI", 2),
    "EASI90": ("EASI", 3),
    "NRS2": ("ITCHNRS", 1),
    "NRS4": ("ITCHNRS", 2),
    "DLQI4": ("DLQI", 1),
    "CDLQI6": ("CDLQI", 1),
}
ELIGIBLE = {"NRS2": ("NRSBL", 2), "NRS4": ("NRSBL", 4), "DLQI4": ("DLQIBL", 4), "CDLQI6": ("CDLQIBL", 6)}
COMPOSITES = {
    "CPR": ("EASI50", "NRS2", "QOLRSP"),
    "CPRIGA": ("EASI50", "NRS2", "QOLRSP", "IGA1PT"),
    "TSCPR": ("IGATS", "CPR"),
    "TSCPRIGA": ("IGATS", "CPRIGA"),
}
PARTIAL = ("EASI50", "NRS2", "QOLRSP", "IGA1PT", "CPR", "CPRIGA")
COPIED = [
    "ADT",
    "ADTM",
    "ADY",
    "APHASE",
    "APHASEN",
    "APERIOD",
    "APERIODC",
    "TRTP",
    "TRTPN",
    "TRTA",
    "TRTAN",
    "AVISITN",
    "AWTARGET",
    "AWTDIFF",
    "AWLO",
    "AWHI",
    "AWU",
    "AWRANGE",
    "ONTRTFL",
    "SRCDOM",
    "SRCVAR",
    "SRCSEQ",
]
WEEKS = (2, 4, 8)


def answer(param: str, met: bool) -> Row:
    return {"PARAMCD": param, "AVAL": float(met), "AVALC": "Y" if met else "N"}


def observed(rows: list[Row], param: str) -> list[Row]:
    """One responder row per selected post-baseline source row with an evaluable criterion."""
    source, n = SOURCES[param]
    chosen = [r for r in rows if r["PARAMCD"] == source and r.get("ANL01FL") == "Y" and r["AVISITN"] not in (0, 99) and r.get(f"CRIT{n}FL")]
    return [{k: r.get(k) for k in COPIED} | answer(param, r[f"CRIT{n}FL"] == "Y") | {"ANL01FL": "Y", "DTYPE": ""} for r in chosen]


def imputed(param: str, week: int, period1: Row) -> Row:
    return answer(param, False) | period1 | {"AVISITN": week, "DTYPE": "NRI"}


def responder_rows(rows: list[Row], adsl: Row, period1: Row) -> list[Row]:
    """Observed responder rows, their imputed fellows and the composites of an efficacy evaluable subject."""
    instrument = {"DLQI": "DLQI4", "CDLQI": "CDLQI6", "": None}[adsl["QOLINST"]]
    found: list[Row] = []
    for param in SOURCES:
        if param in ("DLQI4", "CDLQI6") and param != instrument:
            continue
        found += with_imputed(observed(rows, param), param, adsl, period1)
    own = [r | {"PARAMCD": "QOLRSP"} for r in found if r["PARAMCD"] == instrument]
    found += own if instrument else with_imputed([], "QOLRSP", adsl, period1)
    if adsl["EEFL"] == "Y":
        for week in WEEKS:
            found += composites([r for r in found if r["AVISITN"] == week], week, period1)
    for row in found:
        flags(row, adsl)
    return found


def with_imputed(seen: list[Row], param: str, adsl: Row, period1: Row) -> list[Row]:
    if adsl["EEFL"] != "Y":
        return seen
    have = {r["AVISITN"] for r in seen}
    return seen + [imputed(param, week, period1) for week in WEEKS if week not in have]


def composites(rows: list[Row], week: int, period1: Row) -> list[Row]:
    at = {r["PARAMCD"]: r for r in rows}
    made = []
    for param, names in COMPOSITES.items():
        parts = [at[name] for name in names]
        seen = [p for p in parts if p["DTYPE"] == ""]
        row = imputed(param, week, period1) | answer(param, any(p["AVAL"] == 1 for p in parts))
        if seen:
            latest = max(seen, key=lambda p: p["ADT"])
            row |= {k: latest[k] for k in ("ADT", "ADY", "ONTRTFL")} | {"DTYPE": "", "ANL01FL": "Y", "SRCDOM": "ADEFF", "SRCVAR": "AVAL"}
        at[param] = row
        made.append(row)
    return made


def flags(row: Row, adsl: Row) -> None:
    """ANL02FL, ANL03FL and ANL04FL."""
    if adsl["EEFL"] == "Y" and row["AVISITN"] in WEEKS:
        row["ANL02FL"] = "Y"
        if row["PARAMCD"] in PARTIAL and row["AVISITN"] == 8 and adsl["NIGATSFL"] == "Y":
            row["ANL04FL"] = "Y"
    if row["PARAMCD"] in ELIGIBLE:
        name, least = ELIGIBLE[row["PARAMCD"]]
        if adsl[name] is not None and adsl[name] >= least:
            row["ANL03FL"] = "Y"
