"""The names that functions and operators have in SAS and R, each with what to write here: for messages only."""

from __future__ import annotations

import re

UPPER, LOWER, TITLE = "upper(x)", "lower(x)", "title(x)"
TEXTS = "substr(x, start, n)"
NO_INPUT = "number(x) for a number, date(x) or datetime(x) for a date"
WAYS: dict[str, tuple[str, ...]] = {
    'replace(x, " ", "")': ("compress", "compbl", "str_squish"),
    "trim(x)": ("strip", "left", "right", "trimn", "trimws", "str_trim"),
    "concat(a, b, ...)": ("cat", "cats", "catt", "paste0", "str_c", "glue", "str_glue"),
    'the derivation concatenate: {of: [a, b], by: " "}': ("catx", "catq", "paste", "concat_ws"),
    TEXTS: ("substrn", "substring", "str_sub", "substring_index", "char"),
    'replace(x, "old", "new")': ("tranwrd", "translate", "gsub", "sub", "str_replace", "str_replace_all", "transtrn", "prxchange", "str_remove"),
    UPPER: ("upcase", "toupper", "str_to_upper"),
    LOWER: ("lowcase", "tolower", "str_to_lower", "downcase"),
    TITLE: ("propcase", "str_to_title", "toTitleCase"),
    "length(x)": ("nchar", "str_length", "lengthn", "lengthc", "len"),
    NO_INPUT: ("input", "inputn", "parse_number"),
    "number(x)": ("as.numeric", "as.double", "as.integer", "as_numeric"),
    "text(x)": ("put", "putn", "as.character", "format", "sprintf", "vvalue", "as_character"),
    'contains(x, "text") or matches(x, "pattern")': ("str_detect", "grepl", "prxmatch", "indexw", "like"),
    'index(x, "text")': ("find", "findw", "indexc", "regexpr", "str_locate"),
    'startswith(x, "text")': ("startsWith", "str_starts"),
    'endswith(x, "text")': ("endsWith", "str_ends"),
    'scan(x, n, "separator")': ("strsplit", "str_split", "word", "str_split_i"),
    "if_else(condition, a, b)": ("ifelse", "ifn", "ifc", "iif", "iff", "fifelse"),
    "the derivation case: [{when: ..., value: ...}]": ("case_when", "select", "case_match", "switch"),
    "missing(x)": ("is.na", "is_na", "isna", "isnull", "is_null", "is.null", "is_missing", "cmiss"),
    "coalesce(a, b)": ("coalescec", "nvl", "ifnull", "replace_na", "na_if"),
    "date(x)": ("datepart", "as.Date", "as_date", "ymd", "to_date", "convert_dtc_to_dt"),
    "datetime(x)": ("as.POSIXct", "as_datetime", "ymd_hms", "ymd_hm", "dhms", "convert_dtc_to_dtm"),
    "time(x)": ("timepart", "hms", "as_hms"),
    "the derivation duration: {start, end, unit, inclusive}": ("intck", "datdif", "yrdif", "difftime", "interval", "time_length", "months_between"),
    'date + days, or add_time(x, n, "hours")': ("intnx", "hours", "minutes", "days", "dateadd", "add_months"),
    "weekday(x)": ("wday", "dayofweek"),
    "day(x)": ("mday",),
    "ceil(x)": ("ceiling",),
    "int(x)": ("trunc", "truncate", "intz"),
    "log(x)": ("ln",),
    "min(a, b)": ("pmin", "least", "smallest"),
    "max(a, b)": ("pmax", "greatest", "largest"),
    "mean(a, b)": ("rowMeans", "avg", "average"),
    "sum(a, b)": ("rowSums",),
    "n(a, b)": ("count", "countn"),
    "full_years(a, b)": ("compute_age_years", "age"),
    "STUDY.X, a constant of the study": ("today", "Sys.Date", "datetimex", "symget", "getOption"),
    "the derivations first and last with order:": ("lag", "lead", "dif"),
    "X in (a, b)": ("whichn", "whichc", "match", "any_of"),
}
MEANT = {name.lower(): way for way, names in WAYS.items() for name in names}
"""What to write here for each name of another language."""
DOTTED = re.compile(r"\b(" + "|".join(re.escape(name) for names in WAYS.values() for name in names if "." in name) + r")\s*\(", re.IGNORECASE)
"""A call of a name with a point, which Python reads as something else."""


def in_this_language(name: str) -> str:
    """What to write for a function of SAS or R, as the end of a sentence; nothing for a name that neither has.

    >>> in_this_language("compress")
    ' compress is not a function of expressions; use replace(x, " ", "").'
    """
    way = MEANT.get(name.lower())
    return f" {name} is not a function of expressions; use {way}." if way else ""
