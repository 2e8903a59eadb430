"""Records that are wrong although their file is right: dates, keys, domains, units, duplicates, supplements, numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.bad_inputs.mutation import Expected, Spoil, add, mutation
from tests.bad_inputs.study import Inputs, Rows

Value = Any
PLAIN = ("csv", "xpt", "parquet", "json")


def one(inputs: Inputs, domain: str, draw: random.Random, fits: Callable[[dict[str, Value]], bool] = lambda _: True) -> dict[str, Value]:
    """A record of a domain, drawn; the domain gets a format drawn too."""
    inputs.formats[domain] = draw.choice(PLAIN)
    return draw.choice([row for row in inputs.tables[domain] if fits(row)])


def changed(domain: str, name: str, value: Value, fits: Callable[[dict[str, Value]], bool] = lambda _: True, form: str = "") -> Spoil:
    """One value of one record is another."""

    def spoil(inputs: Inputs, draw: random.Random) -> str:
        row = one(inputs, domain, draw, fits)
        if form:
            inputs.formats[domain] = form
        old, row[name] = row[name], value(row[name]) if callable(value) else value
        return f"{domain.lower()}.{inputs.formats[domain]}: {name} {old!r} -> {row[name]!r}"

    return spoil


def _sys(row: dict[str, Value]) -> bool:
    return row["VSTESTCD"] == "SYSBP"


DATES = ("1/8/2024", "08/01/2024", "10JAN2024", "2024-13-01", "2024-02-30", "2024-00-10", "2024-01-00", "20240110", "2024-1-10",
         "24-01-10", "2024/01/10", "2024-01-10 10:00", "2024-01-10T25:00", "2024-01-10T10:61", "2024-01-10T", "2024-01-10Z",
         "JAN 2024", "UNK", "UN-UNK-2024", "2024-UN-UN", "2024-01-UN", "0000-01-01", "9999-99-99", "-2024-01-10",
         "2024-W02-3", "2024-010", "45301", "2024-01-10T10:00+99:00", "\u0662\u0660\u0662\u0664-01-10", "2023-02-29")  # fmt: skip
for _date in DATES:
    for _domain, _name in (("EX", "EXSTDTC"), ("AE", "AESTDTC"), ("VS", "VSDTC"), ("AE", "AEENDTC"))[: 1 + len(_date) % 4]:
        add("a date that is none", "source", "reported", changed(_domain, _name, _date))
for _date in ("2024-01", "2024", "2024---10", "--01-10"):
    add("a date that is not whole", "source", "reported", changed("EX", "EXSTDTC", _date))
    add("a date that is not whole", "source", "reported", changed("VS", "VSDTC", _date, _sys))
for _time in ("T10:30", "T10:30:15", "T10:30:15.250", "T00:00", "T10", "T-:15"):
    add("a date with a time", "source", "same", changed("VS", "VSDTC", lambda old, _time=_time: old + _time, _sys))
    add("a date with a time", "source", "same", changed("EX", "EXSTDTC", lambda old, _time=_time: old + _time))
for _time in ("T24:00", "T10:30Z", "T10:30+05:30", "T10:30-08:00", "T23:59:60", "T10:60"):
    add("a time that is odd", "source", "unharmed", changed("VS", "VSDTC", lambda old, _time=_time: old + _time, _sys))
NUMBERS: tuple[tuple[Expected, str, str, Value], ...] = (
    ("refused", "VS", "VSSTRESN", "1,5"), ("refused", "VS", "VSSTRESN", "NA"), ("refused", "VS", "VSSTRESN", "."),
    ("refused", "VS", "VSSTRESN", "inf"), ("refused", "VS", "VSSTRESN", "nan"), ("refused", "VS", "VSSTRESN", "0x1F"),
    ("refused", "VS", "VSSTRESN", "1e999"), ("refused", "VS", "VSSTRESN", "1 5"), ("refused", "VS", "VSSTRESN", "1_5"),
    ("refused", "VS", "VSSTRESN", "<5"), ("refused", "VS", "VSSTRESN", "-"), ("refused", "VS", "VSSTRESN", "\u0665"),
    ("refused", "VS", "VSSTRESN", "5%"), ("refused", "VS", "VSSEQ", "9007199254740993"), ("refused", "DM", "AGE", "forty"),
    ("refused", "DM", "AGE", "41 YEARS"), ("refused", "DM", "AGE", "9" * 400), ("refused", "EX", "EXDOSE", "10mg"),
    ("reported", "VS", "VSSTRESN", "1e300"), ("reported", "VS", "VSSTRESN", "5000"), ("reported", "VS", "VSSTRESN", "-5"),
    ("reported", "VS", "VSSTRESN", "1e-300"), ("reported", "DM", "AGE", "1e17"), ("reported", "DM", "AGE", "41.5"), ("reported", "VS", "VSSEQ", ""),
    ("reported", "EX", "EXDOSE", "9007199254740993"),
)  # fmt: skip
for _expected, _domain, _name, _number in NUMBERS:
    add("a number that is none", "source", _expected, changed(_domain, _name, _number, _sys if _domain == "VS" else lambda _: True, "csv"))
TEXTS: tuple[tuple[Expected, str, str, Value], ...] = (
    ("reported", "AE", "AETERM", "a\u00a0"), ("reported", "AE", "AETERM", "\u200bHEADACHE"), ("reported", "AE", "AETERM", "\ufeffHEADACHE"),
    ("reported", "AE", "AETERM", "na\u00efve"), ("reported", "AE", "AETERM", "\u2265 3"), ("reported", "AE", "AETERM", "e\u0301"),
    ("reported", "AE", "AETERM", "a\tb"), ("reported", "AE", "AETERM", "a\r\nb"), ("reported", "AE", "AETERM", "a\x7fb"),
    ("reported", "AE", "AETERM", "\U0001f600"), ("reported", "AE", "AETERM", "x" * 201), ("reported", "AE", "AESEV", "mild"),
    ("reported", "AE", "AESEV", "GRADE 1"), ("reported", "AE", "AESEV", ""), ("reported", "AE", "AESER", "Yes"),
    ("reported", "AE", "AEREL", "RELATED"), ("reported", "DM", "SEX", "FEMALE"), ("reported", "DM", "SEX", "f"), ("reported", "DM", "SEX", ""),
    ("reported", "DM", "ARM", "Placebo"), ("reported", "DM", "ARM", ""), ("reported", "DM", "AGEU", "JAHRE"), ("reported", "DM", "RACE", "MARTIAN"),
    ("reported", "AE", "AEDECOD", ""), ("reported", "AE", "AETERM", ""), ("reported", "DS", "DSCAT", ""), ("reported", "SUPPDM", "QVAL", "x" * 11),

)  # fmt: skip
for _expected, _domain, _name, _text in TEXTS:
    add("a text that cannot be", "source", _expected, changed(_domain, _name, _text))
for _text in ("=1+1", "+SUM(A1)", "-x", "@x", '=HYPERLINK("http://x","y")', "\t=1"):
    add("a formula for a spreadsheet", "source", "unharmed", changed("AE", "AETERM", f"{_text}\u00e9"))
KEYS: tuple[tuple[Expected, str, str, Value], ...] = (
    ("reported", "DM", "STUDYID", "OTHER"), ("reported", "EX", "STUDYID", "OTHER"), ("reported", "EX", "STUDYID", ""),
    ("reported", "EX", "USUBJID", ""), ("reported", "EX", "USUBJID", "TRIAL1-999"), ("reported", "VS", "USUBJID", "trial1-101"),
    ("reported", "AE", "DOMAIN", "XX"), ("reported", "AE", "DOMAIN", ""), ("reported", "EX", "DOMAIN", "EC"), ("reported", "DM", "DOMAIN", "dm"),
    ("reported", "VS", "DOMAIN", "LB"), ("reported", "DM", "USUBJID", ""), ("reported", "AE", "AESEQ", None), ("reported", "VS", "VSSEQ", None),
    ("reported", "AE", "AESEQ", 1.5), ("reported", "SUPPAE", "USUBJID", "TRIAL1-999"), ("reported", "SUPPAE", "IDVARVAL", "99"),
    ("reported", "SUPPAE", "IDVARVAL", ""), ("reported", "SUPPAE", "IDVARVAL", "one"), ("reported", "SUPPAE", "IDVAR", ""),
    ("reported", "SUPPAE", "IDVAR", "AESPID"), ("reported", "SUPPAE", "QNAM", ""), ("reported", "SUPPAE", "QNAM", "AETERM"),
    ("reported", "SUPPAE", "RDOMAIN", "CM"), ("unharmed", "SUPPAE", "RDOMAIN", ""),
    ("reported", "SUPPDM", "RDOMAIN", "AE"), ("reported", "SUPPDM", "IDVARVAL", "5"),
)  # fmt: skip
for _expected, _domain, _name, _key in KEYS:
    add("a key that leads nowhere", "source", _expected, changed(_domain, _name, _key, form="csv" if _domain.startswith("SUPP") else ""))
for _value in ("1.0", " 1", "01"):
    add("a key that leads nowhere", "source", "unharmed", changed("SUPPAE", "IDVARVAL", _value, lambda row: row["IDVARVAL"] == "1"))


@mutation("records that are there twice", "source", "reported", 5)
def record_twice(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(["DM", "EX", "VS", "AE", "DS", "SUPPDM", "SUPPAE"])
    inputs.tables[domain].append(dict(one(inputs, domain, draw)))
    return f"{domain}: a record is there twice"


@mutation("records that are there twice", "source", "reported", 3)
def sequence_twice(inputs: Inputs, draw: random.Random) -> str:
    """A number of a record given to another of the same subject."""
    domain = draw.choice(["EX", "VS", "AE"])
    key = f"{domain}SEQ"
    first = {row["USUBJID"] for row in inputs.tables[domain] if row[key] == 1}
    one(inputs, domain, draw, lambda row: row[key] != 1 and row["USUBJID"] in first)[key] = 1
    return f"{domain}: two records have {domain}SEQ 1"


def _again(rows: Rows, row: dict[str, Value], domain: str, **other: Value) -> None:
    mine = [each[f"{domain}SEQ"] for each in rows if each["USUBJID"] == row["USUBJID"]]
    rows.append(row | {f"{domain}SEQ": max(mine) + 1} | other)


@mutation("several records where one is meant", "source", "reported", 2)
def heights(inputs: Inputs, draw: random.Random) -> str:
    _again(inputs.tables["VS"], one(inputs, "VS", draw, lambda row: row["VSTESTCD"] == "HEIGHT"), "VS", VSSTRESN=199.0, VSSTRESC="199")
    return "VS: a second height"


@mutation("several records where one is meant", "source", "reported", 2)
def dispositions(inputs: Inputs, draw: random.Random) -> str:
    _again(inputs.tables["DS"], one(inputs, "DS", draw), "DS", DSDECOD="DEATH")
    return "DS: a second disposition"


@mutation("several records where one is meant", "source", "reported", 3)
def baselines(inputs: Inputs, draw: random.Random) -> str:
    """Two values on the day of baseline: which is taken?"""
    _again(inputs.tables["VS"], one(inputs, "VS", draw, lambda row: _sys(row) and row["VISITNUM"] == 1), "VS", VSSTRESN=99, VSSTRESC="99")
    return "VS: a tie for baseline"


@mutation("several records where one is meant", "source", "reported", 3)
def window_ties(inputs: Inputs, draw: random.Random) -> str:
    """Two values on one day of a visit: which is analysed?"""
    _again(inputs.tables["VS"], one(inputs, "VS", draw, lambda row: _sys(row) and row["VISITNUM"] == 2), "VS", VSSTRESN=99, VSSTRESC="99")
    return "VS: a tie for the record of a visit"


@mutation("several records where one is meant", "source", "reported")
def supplement_twice(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(["SUPPDM", "SUPPAE"])
    inputs.tables[domain].append(one(inputs, domain, draw) | {"QVAL": "OTHER"})
    return f"{domain}: a qualifier with two values"


@mutation("units that are mixed", "source", "reported", 3)
def mixed_units(inputs: Inputs, draw: random.Random) -> str:
    row = one(inputs, "VS", draw, lambda row: row["VSTESTCD"] in ("SYSBP", "DIABP"))
    row["VSSTRESU"] = draw.choice(["kPa", "MMHG", "mm Hg", "in"])
    return f"VS: {row['VSTESTCD']} in {row['VSSTRESU']}"


@mutation("variables that are missing", "source", "refused", 6)
def variable_gone(inputs: Inputs, draw: random.Random) -> str:
    domain, names = draw.choice([
        ("DM", ["STUDYID", "USUBJID", "AGE", "SEX", "RACE", "ARM", "SITEID"]), ("EX", ["STUDYID", "USUBJID", "EXSTDTC", "EXENDTC", "EXDOSE"]),
        ("VS", ["STUDYID", "USUBJID", "VSTESTCD", "VSSTRESN", "VSDTC", "VISITNUM"]),
        ("AE", ["STUDYID", "USUBJID", "AESEQ", "AETERM", "AESTDTC", "AEENDTC", "AEREL"]), ("DS", ["STUDYID", "USUBJID", "DSDECOD", "DSCAT"]),
        ("SUPPDM", ["QNAM", "QVAL", "USUBJID", "IDVAR"]), ("SUPPAE", ["QNAM", "QVAL", "USUBJID", "IDVAR", "IDVARVAL"]),
    ])  # fmt: skip
    inputs.formats[domain] = draw.choice(PLAIN)
    gone = draw.choice(names)
    for row in inputs.tables[domain]:
        del row[gone]
    return f"{domain}.{gone} is gone ({inputs.formats[domain]})"


@mutation("variables that are missing", "source", "reported", 3)
def variable_blank(inputs: Inputs, draw: random.Random) -> str:
    names = [
        "DM.SEX",
        "DM.ARM",
        "DM.AGE",
        "EX.EXSTDTC",
        "EX.EXDOSE",
        "VS.VSSTRESN",
        "VS.VSDTC",
        "VS.VSTESTCD",
        "AE.AETERM",
        "AE.AESTDTC",
        "DS.DSDECOD",
    ]
    domain, name = draw.choice(names).split(".")
    inputs.formats[domain] = "csv"
    for row in inputs.tables[domain]:
        row[name] = ""
    return f"{domain}.{name} is blank throughout"


@mutation("variables that are missing", "source", "refused", 2)
def other_kind(inputs: Inputs, draw: random.Random) -> str:
    """Numbers where text is meant, or text where numbers are."""
    domain, name, convert = draw.choice([
        ("DM", "AGE", str), ("VS", "VSSTRESN", str), ("EX", "EXDOSE", str), ("AE", "AESEQ", str), ("DM", "SEX", len), ("VS", "VSTESTCD", len),
        ("EX", "EXSTDTC", len), ("DM", "USUBJID", len), ("VS", "VSDTC", len),
    ])  # fmt: skip
    inputs.formats[domain] = draw.choice(["xpt", "parquet", "json"])
    for row in inputs.tables[domain]:
        row[name] = convert(row[name])
    return f"{domain}.{name} is {'text' if convert is str else 'a number'} ({inputs.formats[domain]})"


@mutation("records that are missing", "source", "reported", 3)
def no_records(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(["DM", "EX", "VS", "AE", "DS"])
    name = f"{domain.lower()}.csv"
    inputs.formats[domain] = "csv"
    inputs.sdtm[name] = ",".join(inputs.tables[domain][0]).encode() + b"\n"
    return f"{name}: no records"


@mutation("records that are missing", "source", "reported", 2)
def subject_gone(inputs: Inputs, draw: random.Random) -> str:
    gone = one(inputs, "DM", draw)
    inputs.tables["DM"].remove(gone)
    return f"DM: {gone['USUBJID']} is gone"


@mutation("records that are missing", "source", "reported", 2)
def not_done_with_value(inputs: Inputs, draw: random.Random) -> str:
    row = one(inputs, "VS", draw, _sys)
    row["VSSTAT"] = "NOT DONE"
    return "VS: NOT DONE, with a value"


@mutation("records that are missing", "source", "reported", 2)
def value_without_number(inputs: Inputs, draw: random.Random) -> str:
    """The number is missing, its text is there."""
    row = one(inputs, "VS", draw, _sys)
    row["VSSTRESN"] = None
    row["VSSTRESC"] = draw.choice(["<60", "150 mmHg", "HIGH", "1,5", "150-160", ">200"])
    return f"VS: VSSTRESN missing, VSSTRESC {row['VSSTRESC']!r}"


@mutation("records that are missing", "source", "reported", 3)
def text_no_number(inputs: Inputs, draw: random.Random) -> str:
    """The number is missing, and its text is nearly one."""
    row = one(inputs, "VS", draw, _sys)
    row["VSSTRESN"] = None
    row["VSSTRESC"] = draw.choice(["+-150", "--150", "1.5.0", "1e999", "\u0661\u0662\u0660", "1e3", "0x96", "nan", "inf", "150.", "-", "."])
    return f"VS: VSSTRESN missing, VSSTRESC {row['VSSTRESC']!r}"


@mutation("dates in a wrong order", "source", "reported", 2)
def end_before_start(inputs: Inputs, draw: random.Random) -> str:
    one(inputs, "AE", draw, lambda row: len(row["AESTDTC"]) == 10)["AEENDTC"] = "2023-12-01"
    return "AE: an end before its start"
