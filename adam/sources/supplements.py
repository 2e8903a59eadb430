"""SUPP-- merged to its parent: every record of it is accounted for (DOMAIN §9.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.sources.formats import PLAIN
from adam.sources.keys import SUBJECT, finding, refuse

VARIABLES = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
KEY = ("STUDYID", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def merged(
    frame: pd.DataFrame, supplement: pd.DataFrame, qualifiers: Sequence[str], variables: Collection[str], domain: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The parent with the qualifiers asked for as text columns, "" where a record has none, and warnings.

    A blank IDVAR means every record of the subject; otherwise the records whose IDVAR is IDVARVAL, compared as numbers where the
    parent's variable is one: the same number, or if there is none the one that has the same 15 digits, with a warning. A record of SUPP--
    without a parent record, or without QNAM, is left out with a warning; an IDVARVAL without an IDVAR is a warning too.

    Args:
        frame: the parent, with the variables IDVAR names.
        supplement: all records of SUPP--, with `VARIABLES`, all text.
        qualifiers: the QNAMs wanted.
        variables: the names of all variables of the parent.
        domain: the parent's name.

    Raises:
        SourceError: a QNAM twice for one parent record (DOMAIN case 54), or equal to a variable of the parent (case 55).
    """
    name = f"SUPP{domain}"
    supplement = supplement.assign(QNAM=supplement["QNAM"].str.upper(), IDVAR=supplement["IDVAR"].str.upper()).reset_index(drop=True)
    clash = supplement["QNAM"].isin(list(variables)).to_numpy()
    if clash.any():
        taken = ", ".join(sorted(set(supplement.loc[clash, "QNAM"])))
        refuse([finding(name, f"QNAM {taken} is also a variable of {domain}", supplement, clash, KEY, Severity.ERROR)])
    pairs, near = _pairs(frame, supplement, domain)
    pairs["QNAM"] = supplement["QNAM"].to_numpy()[pairs["row"]]
    twice = np.isin(np.arange(len(supplement)), pairs.loc[pairs.duplicated(["record", "QNAM"], keep=False), "row"])
    if twice.any():
        refuse([finding(name, f"QNAM given twice for one record of {domain}", supplement, twice, KEY, Severity.ERROR)])
    result = frame.copy()
    for qualifier in qualifiers:
        mine = pairs[pairs["QNAM"] == qualifier]
        values = np.full(len(frame), "", dtype=object)
        values[mine["record"]] = supplement["QVAL"].to_numpy(dtype=object)[mine["row"]]
        result[qualifier] = pd.Series(values, index=frame.index, dtype="str")
    return result, _reported(name, domain, supplement, pairs, near)


def _reported(name: str, domain: str, supplement: pd.DataFrame, pairs: pd.DataFrame, near: np.ndarray) -> list[Finding]:
    nameless = (supplement["QNAM"] == "").to_numpy(dtype=bool)
    orphans = ~np.isin(np.arange(len(supplement)), pairs["row"]) & ~nameless
    unspecified = ((supplement["IDVAR"] == "") & (supplement["IDVARVAL"] != "")).to_numpy(dtype=bool) & ~orphans & ~nameless
    said = (
        (orphans, f"has no record of {domain} it belongs to; it is left out", "QVAL"),
        (nameless, "has no QNAM; it is left out", "QVAL"),
        (unspecified, f"has IDVARVAL and no IDVAR; it was added to every record of its subject in {domain}", "IDVARVAL"),
        (near, f"has an IDVARVAL that is the number of {domain} to 15 digits only; it was taken as that", "IDVARVAL"),
    )
    return [finding(name, f"a record {what}", supplement, mask, KEY, Severity.WARNING, about) for mask, what, about in said if mask.any()]


def _pairs(frame: pd.DataFrame, supplement: pd.DataFrame, domain: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Which record of the parent (`record`) each record of SUPP-- (`row`) belongs to, by position; none or several for one row.

    With it which records of SUPP-- found theirs by 15 digits only.
    """
    subject = [key for key in SUBJECT if key in frame]
    fits = supplement["RDOMAIN"].isin(["", domain]) & (supplement["QNAM"] != "")
    near = np.zeros(len(supplement), dtype=bool)
    parts = [pd.DataFrame({"record": np.array([], dtype="int64"), "row": np.array([], dtype="int64")})]
    for identifier in supplement.loc[fits, "IDVAR"].unique():
        part = supplement.loc[fits & (supplement["IDVAR"] == identifier)]
        rows = part[subject].assign(row=part.index.to_numpy())
        records = frame[subject].assign(record=np.arange(len(frame)))
        if identifier and identifier not in frame:
            continue
        if identifier:
            records["value"], rows["value"] = _matching(frame[identifier], part["IDVARVAL"])
            records, rows = records[records["value"].notna()], rows[rows["value"].notna()]
        by = [*subject, "value"] if identifier else subject
        parts.append(records.merge(rows, on=by)[["record", "row"]])
        if identifier and records["value"].dtype == "float64":
            rows = rows[~rows["row"].isin(parts[-1]["row"])]
            parts.append(records.assign(value=_digits(records["value"])).merge(rows.assign(value=_digits(rows["value"])), on=by)[["record", "row"]])
            near[parts[-1]["row"]] = True
    return pd.concat(parts, ignore_index=True).sort_values(["record", "row"], ignore_index=True), near


def _digits(values: pd.Series) -> pd.Series:
    """Numbers as their first 15 digits, as SAS prints them."""
    codes, uniques = pd.factorize(values)
    return pd.Series(np.array([f"{value:.15g}" for value in uniques], dtype=object)[codes], index=values.index)


def _matching(parent: pd.Series, written: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The two sides made comparable: as numbers for a number ("3" and "3.0" are 3), else as text, where only "3.0" becomes "3"."""
    if parent.dtype.kind == "M":
        return parent.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00").astype("str"), written
    if parent.dtype != "str":
        plain = written.str.fullmatch(PLAIN).to_numpy(dtype=bool)
        return parent, pd.Series(np.where(plain, written.to_numpy(dtype=object), "nan").astype("float64"), index=written.index)
    point = r"^(-?[0-9]+)\.0*$"
    return parent.str.replace(point, r"\1", regex=True), written.str.replace(point, r"\1", regex=True)


def required(names: Collection[str], parent: Collection[str], file: str) -> None:
    """Refuse a SUPP-- file that lacks what merging needs.

    Raises:
        SourceError: QNAM or QVAL, a key of the parent, or one of IDVAR and IDVARVAL without the other is not there.
    """
    needed = ["QNAM", "QVAL", *(key for key in SUBJECT if key in parent)]
    if "IDVAR" in names or "IDVARVAL" in names:
        needed += ["IDVAR", "IDVARVAL"]
    missing = [name for name in needed if name not in names]
    if missing:
        raise SourceError(f"{file}: has no {' and no '.join(missing)}; SUPP-- needs it to be merged")
