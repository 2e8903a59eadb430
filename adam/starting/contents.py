"""What the values of collected variables have that decides a line of a new specification: partial dates, doses of 0, other scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from adam.core.sdtm import FINDINGS
from adam.sources import Source

EVENTS = ("AE", "BE", "CE", "DV", "HO", "MH")
INTERVENTIONS = ("AG", "CM", "EX", "ML", "PR", "SU")
"""The domains of these classes that become a dataset; DS is in ADSL, and EC has what EX has."""
FINDING_TEXTS = ("TEST", "STRESC", "STRESU", "SPEC", "CAT", "TPT")
"""The texts of a findings domain that a new specification takes over."""
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"


@dataclass(frozen=True)
class Contents:
    """What the values of the collected variables have.

    Args:
        partial: the dates of which some value is neither blank nor a whole date.
        blank: the dates of which some value is blank.
        empty: the variables of DM without any value.
        recorded: the domains with a record.
        zero_doses: the texts of EXTRT with a dose of 0 that do not contain PLACEBO.
        non_ascii: the domains with text that is not ASCII.
    """

    partial: frozenset[str]
    blank: frozenset[str]
    empty: frozenset[str]
    recorded: frozenset[str]
    zero_doses: tuple[str, ...]
    non_ascii: tuple[str, ...]


def take_contents(source: Source) -> Contents:
    """Read the contents of the domains that a new specification copies."""
    partial, blank, empty, recorded, foreign = set(), set(), set(), set(), []
    for domain in source.headers:
        if domain not in (*EVENTS, *INTERVENTIONS, *FINDINGS, "DM", "DS"):
            continue
        texts = list(_texts(source, domain))
        recorded |= {domain} if any(len(values) for _, values in texts) else set()
        if domain == "DM":
            empty = {name for name, values in texts if not (values != "").any()}
        partial |= {name for name, values in texts if name.endswith("DTC") and not values[values != ""].str.fullmatch(DAY).all()}
        blank |= {name for name, values in texts if name.endswith("DTC") and (values == "").any()}
        foreign += [] if all(values.str.isascii().all() for _, values in texts) else [domain]
    return Contents(frozenset(partial), frozenset(blank), frozenset(empty), frozenset(recorded), _zero_doses(source), tuple(foreign))


def _texts(source: Source, domain: str) -> Iterable[tuple[str, pd.Series]]:
    """The distinct values of each text variable of a domain; of a findings domain only those of `FINDING_TEXTS`."""
    header = source.headers[domain]
    names = [*header.variables, *header.qualifiers]
    if domain in FINDINGS:
        names = [name for name in names if name.removeprefix(domain) in (*FINDING_TEXTS, "VISIT")]
    frame = source.read(domain, names)[names] if names else pd.DataFrame()
    for name in frame:
        if frame[name].dtype == "str":
            yield str(name), pd.Series(frame[name].unique(), dtype="str")


def _zero_doses(source: Source) -> tuple[str, ...]:
    header = source.headers.get("EX")
    if header is None or not {"EXDOSE", "EXTRT"} <= set(header.variables):
        return ()
    frame = source.read("EX", ("EXDOSE", "EXTRT"))
    names = frame.loc[(frame["EXDOSE"] == 0) & (frame["EXTRT"] != ""), "EXTRT"].unique()
    return tuple(sorted(name for name in names if "PLACEBO" not in name.upper()))
