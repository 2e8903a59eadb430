"""The SDTM files of a package, as plain records by subject."""

import math
from pathlib import Path

import pyreadstat

DOMAINS = ("DM", "SUPPDM", "EX", "DS", "SE", "SV", "AE", "SUPPAE", "MH", "FA", "RS", "QS")


def clean(value):
    """Text stripped, a missing number None."""
    if isinstance(value, str):
        return value.strip()
    return None if value is None or math.isnan(value) else value


def records(path: Path) -> list[dict]:
    if not path.exists():
        return []
    frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    columns = {name: [clean(value) for value in frame[name].tolist()] for name in frame}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


class Source:
    """What the package holds of one subject."""

    def __init__(self, demographics: dict):
        self.dm = demographics
        self.domains = {name: [] for name in DOMAINS}

    def __getitem__(self, domain: str) -> list[dict]:
        return self.domains[domain]

    def subject_supp(self, name: str) -> str:
        """The value of a SUPPDM QNAM, "" without one."""
        return next((row["QVAL"] for row in self["SUPPDM"] if row["QNAM"].upper() == name), "")

    def event_supp(self, name: str, sequence: float) -> str:
        """The value of a SUPPAE QNAM of the event, "" without one."""
        found = (row["QVAL"] for row in self["SUPPAE"] if row["QNAM"].upper() == name and float(row["IDVARVAL"]) == sequence)
        return next(found, "")


def subjects(folder: Path) -> dict[tuple[str, str], Source]:
    """Every subject of DM with its records, in order of study and subject."""
    found = {}
    for row in records(folder / "dm.xpt"):
        found[row["STUDYID"], row["USUBJID"]] = Source(row)
    for domain in DOMAINS[1:]:
        for row in records(folder / f"{domain.lower()}.xpt"):
            key = row["STUDYID"], row["USUBJID"]
            if key in found:
                found[key][domain].append(row)
    return dict(sorted(found.items()))
