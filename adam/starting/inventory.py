"""What the source data of a study have: domains, arms, visits with their days, tests with their units, dispositions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from adam.core.sdtm import FINDINGS
from adam.sources import Source
from adam.starting.contents import Contents, take_contents
from adam.starting.draft import literal

SUBJECT = "USUBJID"
NO_ARM = ("SCRNFAIL", "NOTASSGN", "NOTTRT", "UNPLAN")
"""The values of ARMCD that are no arm of the trial (SDTMIG, ARMNRS)."""
MAIN_EVENT = "DISPOSITION EVENT"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMALS = 6
"""Those of a visit number: 4.2 is stored as 4.199999999999999, too."""


@dataclass(frozen=True)
class Visit:
    """A visit: its name and number, and its planned study day where the data have one."""

    name: str
    number: float
    day: float | None


@dataclass(frozen=True)
class Test:
    """A test of a findings domain; one for each specimen in a domain where some code has several.

    `specimen` is blank in other domains, `several` whether this code has several. `names` are the texts of --TEST
    and `units` those of the results, both the most frequent first. `texts` is whether some result is a text and no number.
    """

    code: str
    names: tuple[str, ...]
    category: str
    specimen: str
    several: bool
    units: tuple[str, ...]
    texts: bool


@dataclass(frozen=True)
class Disposition:
    """The disposition events of the study: the condition that selects one record per subject, and whether each has only one."""

    condition: str
    single: bool


@dataclass(frozen=True)
class Inventory:
    """What the data have.

    `variables` are the variables of each domain in capitals, with qualifiers of SUPP--; `labels` those of qualifiers and variables by
    domain. `arms` are the arms in the order of ARMCD, `no_arms` the texts of ARM of subjects without one. `tests` by findings domain.
    `doses` is whether EX has a date, `one_fatal` whether there are fatal adverse events and no subject has several.
    """

    ids: tuple[str, ...]
    variables: Mapping[str, tuple[str, ...]]
    qualifiers: Mapping[str, tuple[str, ...]]
    arms: tuple[str, ...]
    no_arms: tuple[str, ...]
    visits: tuple[Visit, ...]
    tests: Mapping[str, tuple[Test, ...]]
    disposition: Disposition | None
    randomized: str
    last_date: str
    doses: bool
    one_fatal: bool
    contents: Contents

    @property
    def has_treatments(self) -> bool:
        """Whether the texts of ARM name treatments."""
        return bool(self.arms or self.no_arms)

    def has(self, domain: str, *names: str) -> bool:
        """Whether a domain has all these variables."""
        return set(names) <= set(self.variables.get(domain, ()))


def take_inventory(source: Source) -> Inventory:
    """Read what a new specification needs from the headers and the distinct values of a source.

    Raises:
        SourceError: a file cannot be read.
    """
    headers = {name: header for name, header in source.headers.items() if not name.startswith(("SUPP", "RELREC"))}
    variables = {name: (*header.variables, *header.qualifiers) for name, header in headers.items()}
    demographics = _columns(source, "DM", ("STUDYID", SUBJECT, "ARM", "ACTARM", "ARMCD"))
    arms, no_arms = _arms(demographics)
    events = _columns(source, "DS", (SUBJECT, "DSCAT", "DSSCAT", "DSDECOD", "DSSEQ"))
    exposure = _columns(source, "EX", ("EXSTDTC",))
    return Inventory(
        ids=tuple(_distinct(demographics, "STUDYID")),
        variables=variables,
        qualifiers={name: header.qualifiers for name, header in headers.items() if header.qualifiers},
        arms=arms,
        no_arms=no_arms,
        visits=_visits(source),
        tests={name: found for name in headers if (found := _tests(source, name))},
        disposition=_disposition(events),
        randomized=_randomized(events),
        last_date=_last_date(source, headers),
        doses=bool(_distinct(exposure, "EXSTDTC")),
        one_fatal=_one_fatal(_columns(source, "AE", (SUBJECT, "AEOUT"))),
        contents=take_contents(source),
    )


def longest(source: Source, domain: str, variable: str) -> int:
    """The bytes of the longest text of a variable; 1 if the domain has no such variable, or no text."""
    frame = _columns(source, domain, (variable,))
    return max((len(str(value).encode()) for value in frame[variable].unique()), default=1) or 1 if variable in frame else 1


def _columns(source: Source, domain: str, names: Iterable[str]) -> pd.DataFrame:
    """Those of the variables that a domain has; an empty frame without the domain."""
    header = source.headers.get(domain)
    known = [name for name in names if header is not None and name in header.variables]
    return source.read(domain, known)[known] if known else pd.DataFrame()


def _distinct(frame: pd.DataFrame, name: str) -> list[str]:
    return sorted({str(value) for value in frame[name]} - {""}) if name in frame else []


def _arms(demographics: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The arms, and the texts of ARM and ACTARM of subjects who are in none."""
    if "ARM" not in demographics:
        return (), ()
    outside = demographics["ARMCD"].str.upper().isin([*NO_ARM, ""]) if "ARMCD" in demographics else demographics["ARM"] == ""
    planned = sorted(set(demographics.loc[~outside, "ARM"]) - {""})
    actual = set(demographics.get("ACTARM", pd.Series(dtype=str))) | set(demographics["ARM"])
    return tuple(planned), tuple(sorted(actual - set(planned) - {""}))


def _visits(source: Source) -> tuple[Visit, ...]:
    """The visits of all domains with VISIT and VISITNUM, with the planned day of TV or the most frequent VISITDY."""
    frames = []
    for domain, header in source.headers.items():
        if {"VISIT", "VISITNUM"} <= set(header.variables) and not domain.startswith("SUPP"):
            frame = _columns(source, domain, ("VISIT", "VISITNUM", "VISITDY"))
            frames.append(frame.assign(planned=domain == "TV"))
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["VISIT", "VISITNUM", "VISITDY", "planned"])
    whole = whole[(whole["VISIT"] != "") & whole["VISITNUM"].notna()].assign(VISITNUM=whole["VISITNUM"].astype(float).round(DECIMALS))
    found = []
    for number, name in sorted(set(zip(whole["VISITNUM"], whole["VISIT"], strict=True))):
        own = whole[(whole["VISIT"] == name) & (whole["VISITNUM"] == number)]
        days = own.loc[own["planned"] | ~own["planned"].any(), "VISITDY"].dropna() if "VISITDY" in own else pd.Series(dtype=float)
        found.append(Visit(str(name), float(number), float(days.mode().iloc[0]) if len(days) else None))
    return tuple(found)


def _tests(source: Source, domain: str) -> tuple[Test, ...]:
    """The tests of a findings domain; none for another domain."""
    header = source.headers[domain]
    code, name = f"{domain}TESTCD", f"{domain}TEST"
    if not {code, name} <= set(header.variables) or domain not in FINDINGS:
        return ()
    number, text, unit, specimen, category = (f"{domain}{suffix}" for suffix in ("STRESN", "STRESC", "STRESU", "SPEC", "CAT"))
    frame = _columns(source, domain, (code, name, number, text, unit, specimen, category))
    frame = frame[frame[code] != ""]
    apart = specimen if specimen in frame else category if category in frame else ""
    counts = frame[frame[apart] != ""].groupby(code)[apart].nunique() if apart else pd.Series(dtype=int)
    several = set(counts.index[counts > 1])
    found = []
    for key, own in frame.assign(_apart=frame[apart] if several else "").groupby([code, "_apart"], sort=True):
        if several and key[1] == "":
            continue  # such as a test that was not done; the build reports its records
        units = own[unit][own[unit] != ""].value_counts().index if unit in own else []
        names = tuple(map(str, own[name].value_counts().index))
        without = own[number].isna() if number in own else pd.Series(data=True, index=own.index)
        texts = bool((without & (own[text] != "")).any()) if text in own else False
        group = str(own[category].iloc[0]) if category in own else ""
        found.append(Test(str(key[0]), names, group, str(key[1]), key[0] in several, tuple(map(str, units)), texts))
    return tuple(found)


def _disposition(events: pd.DataFrame) -> Disposition | None:
    """How the end of study is recorded; None if DS has no disposition events."""
    if not {"DSDECOD", SUBJECT} <= set(events):
        return None
    main = events["DSDECOD"].str.upper() != "SCREEN FAILURE"
    condition = 'DS.DSDECOD != "SCREEN FAILURE"'
    if "DSCAT" in events and (events["DSCAT"].str.upper() == MAIN_EVENT).any():
        main &= events["DSCAT"].str.upper() == MAIN_EVENT
        condition = f'DS.DSCAT == "{MAIN_EVENT}" and {condition}'
    chosen = events[main]
    if chosen.empty:
        return None
    if chosen[SUBJECT].duplicated().any() and "DSSCAT" in events:
        for part in sorted(set(chosen["DSSCAT"]) - {""}, key=lambda text: "STUDY" not in text.upper()):
            own = chosen[chosen["DSSCAT"] == part]
            if not own[SUBJECT].duplicated().any() and "TREATMENT" not in part.upper():
                return Disposition(f"{condition} and DS.DSSCAT == {literal(part)}", True)
    return Disposition(condition, not bool(chosen[SUBJECT].duplicated().any()))


def _one_fatal(events: pd.DataFrame) -> bool:
    """Whether some subjects have a fatal event and none has several."""
    subjects = events.loc[events["AEOUT"] == "FATAL", SUBJECT] if "AEOUT" in events else pd.Series(dtype="str")
    return len(subjects) > 0 and subjects.is_unique


def _randomized(events: pd.DataFrame) -> str:
    """The DSDECOD of randomization; blank if the data have none."""
    terms = _distinct(events, "DSDECOD")
    return next((term for term in terms if term.upper() in ("RANDOMIZED", "RANDOMISED")), "")


def _is_date(text: str) -> bool:
    return DAY.fullmatch(text) is not None and not pd.isna(pd.to_datetime(text, format="ISO8601", errors="coerce"))


def _last_date(source: Source, headers: Iterable[str]) -> str:
    """The last complete date of visits and events, as a proposal for the cut-off; blank if there is none."""
    dates = []
    for domain in ("AE", "EX", "DS", "SV"):
        names = [name for name in source.headers[domain].variables if name.endswith("DTC")] if domain in headers else []
        frame = _columns(source, domain, names)
        dates += [value[:10] for name in frame for value in frame[name].unique() if isinstance(value, str) and _is_date(value[:10])]
    return max(dates, default="")
