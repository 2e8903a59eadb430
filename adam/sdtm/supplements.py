"""SUPP-- merged to its parent: every record of it is accounted for (DOMAIN §9.3)."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from adam.errors import Finding, Severity, SourceError

SUBJECT = ["STUDYID", "USUBJID"]


def _words(column: pd.Series) -> pd.Series:
    """Values as IDVARVAL writes them: numbers without a point where they are whole."""
    if column.dtype == "str":
        numbers = pd.to_numeric(column.where(column.str.fullmatch(r"[-+]?\d+(\.\d+)?").astype(bool), None), errors="coerce")
        return column.where(numbers.isna(), numbers.map(lambda value: f"{value:g}", na_action="ignore").astype("str"))
    return column.map(lambda value: f"{value:g}", na_action="ignore").astype("str").fillna("")


def merged(
    frame: pd.DataFrame, supplement: pd.DataFrame, qualifiers: list[str], variables: Collection[str], domain: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The parent with the qualifiers asked for as text columns, and warnings.

    Raises:
        SourceError: a QNAM twice for one parent record (DOMAIN case 54), or equal to a variable of the parent (case 55).
    """
    clash = sorted(set(supplement["QNAM"]) & set(variables))
    if clash:
        raise SourceError(f"refused: SUPP{domain}: QNAM {', '.join(clash)} is also a variable of {domain}")
    supplement = supplement.assign(IDVARVAL=_words(supplement["IDVARVAL"]))
    key = [*SUBJECT, "IDVAR", "IDVARVAL", "QNAM"]
    twice = supplement.duplicated(key, keep=False)
    if twice.any():
        first = " ".join(f"{name}={supplement.loc[twice, name].iloc[0]}" for name in key)
        raise SourceError(f"refused: SUPP{domain}: QNAM given twice for one record; {int(twice.sum())} records; first: {first}")
    result = frame.copy()
    findings = []
    for name in qualifiers:
        result[name] = pd.Series("", index=frame.index, dtype="str")
    for identifier, part in supplement.groupby("IDVAR", sort=True):
        by = [*SUBJECT] if identifier == "" else [*SUBJECT, "IDVARVAL"]
        parent = frame[SUBJECT].assign(IDVARVAL=_words(frame[str(identifier)]) if identifier in frame else "")
        keys = pd.MultiIndex.from_frame(parent[by])
        orphans = ~pd.MultiIndex.from_frame(part[by]).isin(keys)
        if orphans.any():
            lost = part.loc[orphans].head(10)
            shown = tuple({name: str(row[name]) for name in (*SUBJECT, "IDVARVAL", "QNAM")} for row in lost.to_dict("records"))
            message = f"a record of SUPP{domain} has no record of {domain}; it is left out"
            findings.append(Finding("source", Severity.WARNING, f"SUPP{domain}", message, int(orphans.sum()), shown))
        for name in qualifiers:
            mine = part[part["QNAM"] == name]
            values = pd.Series(mine["QVAL"].to_numpy(), index=pd.MultiIndex.from_frame(mine[by]), dtype="str")
            found = pd.Series(values.reindex(keys).to_numpy(), index=frame.index).fillna("").astype("str")
            result[name] = result[name].where(found == "", found)
    return result, findings
