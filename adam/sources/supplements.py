"""Merge SUPP-- to its parent domain; every record that cannot be merged is reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.core.numerals import PLAIN
from adam.sources.keys import SUBJECT, finding, refuse

VARIABLES = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
KEY = ("STUDYID", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def merge_supplement(
    frame: pd.DataFrame, supplement: pd.DataFrame, qualifiers: Sequence[str], variables: Collection[str], domain: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The parent with qualifiers as text columns, "" where a record has none, and warnings.

    A blank IDVAR selects every record of the subject, otherwise the records whose IDVAR is IDVARVAL. The two are compared as numbers if the
    variable of the parent is one: the same number, or if there is none the one with the same 15 digits, with a warning. A record of SUPP--
    without a parent record, or without QNAM, is left out with a warning; an IDVARVAL without IDVAR is a warning too.

    Args:
        frame: the parent, with the variables IDVAR names.
        supplement: all records of SUPP--, with `VARIABLES`, all text.
        qualifiers: the QNAMs to add.
        variables: the names of all variables of the parent.
        domain: the parent's name.

    Raises:
        SourceError: a parent record has a QNAM twice, or a QNAM is also a variable of the parent.
    """
    name = f"SUPP{domain}"
    supplement = supplement.assign(QNAM=supplement["QNAM"].str.upper(), IDVAR=supplement["IDVAR"].str.upper()).reset_index(drop=True)
    clash = supplement["QNAM"].isin(list(variables)).to_numpy()
    if clash.any():
        taken = ", ".join(sorted(set(supplement.loc[clash, "QNAM"])))
        refuse([finding(name, f"QNAM {taken} is also a variable of {domain}. Rename the qualifier", supplement, clash, KEY, Severity.ERROR)])
    pairs, near = _pairs(frame, supplement, domain)
    pairs["QNAM"] = supplement["QNAM"].to_numpy()[pairs["row"]]
    duplicate = np.isin(np.arange(len(supplement)), pairs.loc[pairs.duplicated(["record", "QNAM"], keep=False), "row"])
    if duplicate.any():
        refuse([finding(name, f"A record of {domain} has the same QNAM twice", supplement, duplicate, KEY, Severity.ERROR)])
    result = frame.copy()
    for qualifier in qualifiers:
        mine = pairs[pairs["QNAM"] == qualifier]
        values = np.full(len(frame), "", dtype=object)
        values[mine["record"]] = supplement["QVAL"].to_numpy(dtype=object)[mine["row"]]
        result[qualifier] = pd.Series(values, index=frame.index, dtype="str")
    return result, _warnings(name, domain, supplement, pairs, near)


def _warnings(name: str, domain: str, supplement: pd.DataFrame, pairs: pd.DataFrame, near: np.ndarray) -> list[Finding]:
    nameless = (supplement["QNAM"] == "").to_numpy(dtype=bool)
    orphans = ~np.isin(np.arange(len(supplement)), pairs["row"]) & ~nameless
    unspecified = ((supplement["IDVAR"] == "") & (supplement["IDVARVAL"] != "")).to_numpy(dtype=bool) & ~orphans & ~nameless
    warnings = (
        (orphans, f"The record has no parent record in {domain}; it is left out", "QVAL"),
        (nameless, "The record has no QNAM; it is left out", "QVAL"),
        (unspecified, f"The record has IDVARVAL but no IDVAR; it was added to every record of its subject in {domain}", "IDVARVAL"),
        (near, f"IDVARVAL equals the number in {domain} to 15 digits only; the record was added to that record", "IDVARVAL"),
    )
    return [finding(name, message, supplement, mask, KEY, Severity.WARNING, variable) for mask, message, variable in warnings if mask.any()]


def _pairs(frame: pd.DataFrame, supplement: pd.DataFrame, domain: str) -> tuple[pd.DataFrame, np.ndarray]:
    """The records of the parent (`record`) for each record of SUPP-- (`row`), by position; there may be none or several.

    The mask has the records of SUPP-- that match by 15 digits only.
    """
    subject = [key for key in SUBJECT if key in frame]
    candidates = supplement["RDOMAIN"].isin(["", domain]) & (supplement["QNAM"] != "")
    near = np.zeros(len(supplement), dtype=bool)
    parts = [pd.DataFrame({"record": np.array([], dtype="int64"), "row": np.array([], dtype="int64")})]
    for identifier in supplement.loc[candidates, "IDVAR"].unique():
        part = supplement.loc[candidates & (supplement["IDVAR"] == identifier)]
        rows = part[subject].assign(row=part.index.to_numpy())
        records = frame[subject].assign(record=np.arange(len(frame)))
        if identifier and identifier not in frame:
            continue
        if identifier:
            records["value"], rows["value"] = _comparable(frame[identifier], part["IDVARVAL"])
            records, rows = records[records["value"].notna()], rows[rows["value"].notna()]
        by = [*subject, "value"] if identifier else subject
        parts.append(records.merge(rows, on=by)[["record", "row"]])
        if identifier and records["value"].dtype == "float64":
            rows = rows[~rows["row"].isin(parts[-1]["row"])]
            parts.append(records.assign(value=_digits(records["value"])).merge(rows.assign(value=_digits(rows["value"])), on=by)[["record", "row"]])
            near[parts[-1]["row"]] = True
    return pd.concat(parts, ignore_index=True).sort_values(["record", "row"], ignore_index=True), near


def _digits(values: pd.Series) -> pd.Series:
    """Numbers as text with 15 digits, as SAS prints them."""
    codes, uniques = pd.factorize(values)
    return pd.Series(np.array([f"{value:.15g}" for value in uniques], dtype=object)[codes], index=values.index)


def _comparable(parent: pd.Series, written: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The values of both sides in one type: numbers if the parent has a number ("3" and "3.0" are 3), else text, where only "3.0" becomes "3"."""
    if parent.dtype.kind == "M":
        return parent.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00").astype("str"), written
    if parent.dtype != "str":
        plain = written.str.fullmatch(PLAIN.pattern).to_numpy(dtype=bool)
        return parent, pd.Series(np.where(plain, written.to_numpy(dtype=object), "nan").astype("float64"), index=written.index)
    point = r"^(-?[0-9]+)\.0*$"
    return parent.str.replace(point, r"\1", regex=True), written.str.replace(point, r"\1", regex=True)


def require_variables(names: Collection[str], parent: Collection[str], file: str) -> None:
    """Refuse a SUPP-- file without the variables for merging.

    Raises:
        SourceError: QNAM or QVAL, a key of the parent, or one of IDVAR and IDVARVAL is missing.
    """
    needed = ["QNAM", "QVAL", *(key for key in SUBJECT if key in parent)]
    if "IDVAR" in names or "IDVARVAL" in names:
        needed += ["IDVAR", "IDVARVAL"]
    missing = [name for name in needed if name not in names]
    if missing:
        raise SourceError(f"{file}: The file has no {' and no '.join(missing)}, which SUPP-- requires. Add it to the file.")
