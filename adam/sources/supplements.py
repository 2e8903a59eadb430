"""Merge SUPP-- to its parent domain; every record that cannot be merged is reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.core.numerals import PLAIN
from adam.sources.finding_sums import FindingSum
from adam.sources.keys import SUBJECT, finding, refuse

VARIABLES = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
KEY = ("STUDYID", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
CLASH = "QNAM is also a variable of DOMAIN. Rename the qualifier"
TWICE = "A record of DOMAIN has the same QNAM twice"
ORPHAN = "The record has no parent record in DOMAIN; it is left out"
NAMELESS = "The record has no QNAM; it is left out"
UNSPECIFIED = "The record has IDVARVAL but no IDVAR; it was added to every record of its subject in DOMAIN"
NEAR = "IDVARVAL equals the number in DOMAIN to 15 digits only; the record was added to that record"


@dataclass
class MergeFindings:
    """What is found on the records of a SUPP-- while it is merged, in one piece or by pieces of some subjects."""

    domain: str
    sums: dict[str, FindingSum] = field(default_factory=dict)
    clashes: set[str] = field(default_factory=set)

    def add(self, message: str, variable: str, supplement: pd.DataFrame, mask: np.ndarray, places: np.ndarray) -> None:
        """Add records of SUPP--; `places` has the place of each of its records in the file."""
        if mask.any():
            severity = Severity.ERROR if message in (CLASH, TWICE) else Severity.WARNING
            text = message.replace("DOMAIN", self.domain)
            piece = finding(f"SUPP{self.domain}", text, supplement, mask, KEY, severity, variable)
            self.sums.setdefault(message, FindingSum()).add(piece, places[mask])

    def warnings(self) -> list[Finding]:
        """The warnings.

        Raises:
            SourceError: a parent record has a QNAM twice, or a QNAM is also a variable of the parent.
        """
        found = {message: each for message, sums in self.sums.items() if (each := sums.finding()) is not None}
        if CLASH in found:
            names = ", ".join(sorted(self.clashes))
            refuse([replace(found[CLASH], message=f"QNAM {names} is also a variable of {self.domain}. Rename the qualifier")])
        refuse(found[message] for message in (TWICE,) if message in found)
        return [found[message] for message in (ORPHAN, NAMELESS, UNSPECIFIED, NEAR) if message in found]


def merge_supplement(
    frame: pd.DataFrame,
    supplement: pd.DataFrame,
    qualifiers: Sequence[str],
    variables: Collection[str],
    found: MergeFindings,
    places: np.ndarray | None = None,
) -> pd.DataFrame:
    """The parent with qualifiers as text columns, "" where a record has none; what is found is added to `found`.

    A blank IDVAR selects every record of the subject, otherwise the records whose IDVAR is IDVARVAL. The two are compared as numbers if the
    variable of the parent is one: the same number, or if there is none the one with the same 15 digits, with a warning. A record of SUPP--
    without a parent record, or without QNAM, is left out with a warning; an IDVARVAL without IDVAR is a warning too.

    Args:
        frame: the parent, with the variables IDVAR names: all records of some subjects, or of all.
        supplement: all records of SUPP-- of these subjects, with `VARIABLES`, all text.
        qualifiers: the QNAMs to add.
        variables: the names of all variables of the parent.
        found: the domain of the parent, and what was found on other subjects.
        places: the place of each record of SUPP-- in its file; without it they are all records of the file.
    """
    domain = found.domain
    supplement = supplement.assign(QNAM=supplement["QNAM"].str.upper(), IDVAR=supplement["IDVAR"].str.upper()).reset_index(drop=True)
    places = np.arange(len(supplement)) if places is None else places
    clash = supplement["QNAM"].isin(list(variables)).to_numpy(dtype=bool)
    found.clashes |= set(supplement.loc[clash, "QNAM"])
    found.add(CLASH, "", supplement, clash, places)
    pairs, near = _pairs(frame, supplement, domain)
    pairs["QNAM"] = supplement["QNAM"].to_numpy()[pairs["row"]]
    duplicate = np.isin(np.arange(len(supplement)), pairs.loc[pairs.duplicated(["record", "QNAM"], keep=False), "row"])
    found.add(TWICE, "", supplement, duplicate, places)
    result = frame.copy()
    for qualifier in qualifiers:
        mine = pairs[pairs["QNAM"] == qualifier]
        values = np.full(len(frame), "", dtype=object)
        values[mine["record"]] = supplement["QVAL"].to_numpy(dtype=object)[mine["row"]]
        result[qualifier] = pd.Series(values, index=frame.index, dtype="str")
    nameless = (supplement["QNAM"] == "").to_numpy(dtype=bool)
    orphans = ~np.isin(np.arange(len(supplement)), pairs["row"]) & ~nameless
    unspecified = ((supplement["IDVAR"] == "") & (supplement["IDVARVAL"] != "")).to_numpy(dtype=bool) & ~orphans & ~nameless
    for message, variable, mask in (
        (ORPHAN, "QVAL", orphans),
        (NAMELESS, "QVAL", nameless),
        (UNSPECIFIED, "IDVARVAL", unspecified),
        (NEAR, "IDVARVAL", near),
    ):
        found.add(message, variable, supplement, mask, places)
    return result


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
