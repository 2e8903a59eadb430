"""Records that are averages over the days before a date: `{average_before: {of: ITCHNRSD, days: 7, ...}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
    Ambiguity,
    ArgumentError,
    Arguments,
    Condition,
    Date,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    expression,
    records,
)
from adam.catalog.record_rules.ties import differing
from adam.catalog.traceability import Traceability
from adam.core import decimals
from adam.core.kinds import is_true
from adam.expressions.functions import half_away

DAY = np.timedelta64(86400, "s")


class AverageBefore(Arguments):
    """Arguments of `average_before`."""

    of: str
    days: Annotated[int, Field(ge=1, le=3660)]
    at_least: Annotated[int, Field(ge=1)]
    decimals: Annotated[int, Field(ge=0, le=15)]
    baseline: Date
    visits: list[float]
    visit_of: list[str]
    visit_where: Condition | None = None
    not_before: Date | None = None


@records("average_before")
class Averages(RecordRule):
    """Return the mean of a daily parameter over the days before a date: at baseline, and at each visit with enough days.

    The baseline date is `baseline`. The date of a visit is ADT of its record of the first parameter in `visit_of` that has one, among
    the records that match `visit_where`. Otherwise it is the target day of the visit, if a record of that day would be in the window
    of the visit. The days are the `days` days before that date. At a visit, days before `not_before` do not count.

    Units: days; AVAL is rounded to `decimals`.
    Missing: no record where fewer than `at_least` days have a value.
    Errors: several values of one day that differ, and several records of one visit with different dates, are warnings.
    Source: ADaMIG, derived records (DTYPE AVERAGE).

    YAML:
        records: {average_before: {of: ITCHNRSD, days: 7, at_least: 4, decimals: 6, baseline: TRTSDT, visits: [2, 4, 8], visit_of: [IGA],
                                   visit_where: ANL01FL == "Y"}}
    """

    model = AverageBefore
    always_has_value = True
    reads_windows = True
    gives = ("AVAL", "ADT", "ASTDT", "AENDT", "AVISIT", "AVISITN", "SRCDOM", "SRCVAR")
    texts = {
        "ADT": "The date before which the days of AVAL are.",
        "ASTDT": "The first of the days whose values are averaged in AVAL.",
        "AENDT": "The last of the days whose values are averaged in AVAL.",
    }

    @staticmethod
    def argument_errors(arguments: AverageBefore, context: ParameterContext) -> Iterator[ArgumentError]:
        """More days wanted than there are, visits without a target day, and days that are counted from nothing."""
        if arguments.at_least > arguments.days:
            yield ArgumentError(f"at_least ({arguments.at_least}) is larger than days ({arguments.days})", "spec-wrong-value")
        for visit in arguments.visits:
            if visit in context.visits and visit not in context.targets:
                yield ArgumentError(f"the window of visit {visit:g} has no target day", "spec-unknown-visit")
        if context.reference is None:
            message = "the dataset has no windows, so a visit has no target day. Add windows: with use:, date: and reference:"
            yield ArgumentError(message, "spec-no-reference")

    @staticmethod
    def inputs(arguments: AverageBefore, context: ParameterContext) -> dict[str, Input]:
        """The daily records, the records of the visits, and for each subject the dates that days are counted from."""
        daily = {name: expression(name) for name in ("AVAL", "ADT", "SRCDOM", "SRCVAR")}
        visits = {name: expression(name) for name in ("PARAMCD", "AVISITN", "ADT")}
        visits |= {"where": arguments.visit_where} if arguments.visit_where is not None else {}
        assert context.reference is not None, "the rule is refused without one"
        each = {"baseline": arguments.baseline, "reference": context.reference}
        each |= {"since": arguments.not_before} if arguments.not_before is not None else {}
        return {
            "daily": Input(InputKind.PARAMETERS, (arguments.of,), daily),
            "visits": Input(InputKind.PARAMETERS, tuple(arguments.visit_of), visits),
            "each": Input(InputKind.EACH, (), each, windows=True),
        }

    @staticmethod
    def method_text(arguments: AverageBefore, context: ParameterContext, prose: Prose) -> str:
        """What is averaged, and over which days."""
        selected = prose.where(arguments.visit_where)
        visits = joined([context.visits.get(visit, f"visit {visit:g}") for visit in arguments.visits])
        least = f"if at least {arguments.at_least} of these days have a value"
        mean = f"The mean of AVAL of {arguments.of} over the {arguments.days} days before a date, rounded to {arguments.decimals} decimals, {least}."
        dates = ", or without it ".join(f"ADT of the {code} record of the visit{selected}" for code in arguments.visit_of)
        at = f"For baseline the date is {prose.value(arguments.baseline)}. For {visits} it is {dates},"
        since = f" Days before {prose.value(arguments.not_before)} do not count at a visit." if arguments.not_before is not None else ""
        return f"{mean} {at} or else the target day of the visit if that day is in its analysis window.{since}"

    @staticmethod
    def traceability(arguments: AverageBefore, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source of the daily values."""
        return (Traceability(parameters=(arguments.of,)),)

    @staticmethod
    def create(arguments: AverageBefore, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The averages that have enough days."""
        anchors = _anchors(arguments, context, read)
        means = _means(arguments, anchors, read["daily"])
        kept = anchors.assign(**means)[(means["days"] >= arguments.at_least).to_numpy()].reset_index(drop=True)
        visits = [*map(float, kept["visit"])]
        given = {
            "AVAL": pd.Series(half_away(kept["mean"].to_numpy(dtype="float64"), arguments.decimals)),
            "ADT": kept["date"],
            "ASTDT": kept["date"] - arguments.days * DAY,
            "AENDT": kept["date"] - DAY,
            "AVISIT": pd.Series([context.visits.get(visit, "") for visit in visits], dtype="str"),
            "AVISITN": kept["visit"],
            "SRCDOM": kept["SRCDOM"].astype("str"),
            "SRCVAR": kept["SRCVAR"].astype("str"),
        }
        return NewRecords(kept["subject"].to_numpy(dtype="int64"), given, ambiguities=tuple(_ambiguities(arguments, read)))


def _ambiguities(arguments: AverageBefore, read: Mapping[str, InputRecords]) -> Iterator[Ambiguity]:
    """Several values of one day, and several records of one visit that would put the days elsewhere."""
    daily, visits = read["daily"], read["visits"]
    filled = (daily.columns["AVAL"].notna() & daily.columns["ADT"].notna()).to_numpy()
    twice = _differing(daily, filled, ["ADT"], "AVAL")
    if twice.any():
        text = f"several records of {arguments.of} on one day differ in AVAL; each counts in the mean (choose one with keep)"
        yield Ambiguity(text, twice, {name: daily.columns[name] for name in ("ADT", "AVAL")})
    matching = _matching(visits) & visits.columns["AVISITN"].isin(arguments.visits).to_numpy(dtype=bool)
    several = _differing(visits, matching, ["PARAMCD", "AVISITN"], "ADT")
    if several.any():
        text = f"several records of one visit of {', '.join(arguments.visit_of)} differ in ADT; the days are those before the last one"
        yield Ambiguity(text, several, {name: visits.columns[name] for name in ("PARAMCD", "AVISITN", "ADT")}, base="visits")


def _matching(visits: InputRecords) -> np.ndarray:
    """The records of the visits that match `visit_where`; all without it."""
    if "where" not in visits.columns:
        return np.ones(len(visits), dtype=bool)
    return is_true(visits.columns["where"])


def _differing(records: InputRecords, mine: np.ndarray, same: list[str], value: str) -> np.ndarray:
    """The records among some that share subject and `same` and differ in a value."""
    rows = np.flatnonzero(mine)
    frame = pd.DataFrame({name: records.columns[name].to_numpy()[rows] for name in same}).assign(subject=records.subject[rows])
    found = np.zeros(len(mine), dtype=bool)
    found[rows] = differing(frame.groupby(["subject", *same], dropna=False, sort=False).ngroup().to_numpy(), [records.columns[value].iloc[rows]])
    return found


def _planned(arguments: AverageBefore, context: ParameterContext, each: InputRecords) -> pd.DataFrame:
    """For each subject the baseline date (place 0) and the target day of each visit: subject, place, date, and the window of that date."""
    dates = [each.columns["baseline"].to_numpy()]
    for visit in arguments.visits:
        target = context.targets[visit]
        dates.append(each.columns["reference"].to_numpy() + (target - (target > 0)) * DAY)
    subject = np.repeat(each.subject, len(dates))
    date = pd.Series(np.stack(dates, axis=1).astype("datetime64[s]").ravel())
    place = np.tile(np.arange(len(dates)), len(each))
    return pd.DataFrame({"subject": subject, "place": place, "date": date, "visit": each.visit_on(subject, date)})


def _anchors(arguments: AverageBefore, context: ParameterContext, read: Mapping[str, InputRecords]) -> pd.DataFrame:
    """The dates days are averaged before: subject, visit, date, and since when days count."""
    each = read["each"]
    frame = _planned(arguments, context, each)
    place = frame["place"].to_numpy()
    wanted = np.array([np.nan, *arguments.visits])[place]
    frame["date"] = frame["date"].where((frame["place"] == 0) | (frame["visit"] == wanted))
    frame["visit"] = frame["visit"].where(frame["place"] == 0, wanted)
    seen = read["visits"]
    matching = np.flatnonzero(_matching(seen))
    for code in reversed(arguments.visit_of):
        rows = matching[(seen.columns["PARAMCD"].iloc[matching] == code).to_numpy()]
        dates = pd.Series(
            seen.columns["ADT"].to_numpy()[rows],
            index=pd.MultiIndex.from_arrays([seen.subject[rows], seen.columns["AVISITN"].to_numpy()[rows]]),
        )
        dates = dates[~dates.index.duplicated(keep="last")]
        found = dates.reindex(pd.MultiIndex.from_arrays([frame["subject"], np.where(frame["place"] == 0, np.nan, frame["visit"])])).to_numpy()
        frame["date"] = frame["date"].where(np.isnat(found) | (frame["place"] == 0).to_numpy(), pd.Series(found, index=frame.index))
    frame["since"] = _since(each, frame)
    return frame.dropna(subset=["date"]).reset_index(drop=True)


def _since(each: InputRecords, frame: pd.DataFrame) -> pd.Series:
    """From when days count: not at all restricted at baseline; a visit of a subject without such a date has no days."""
    if "since" not in each.columns:
        return pd.Series(np.datetime64("0001-01-01", "s"), index=frame.index)
    dates = pd.Series(each.columns["since"].to_numpy(), index=each.subject)
    return dates.reindex(frame["subject"]).reset_index(drop=True).mask(frame["place"] == 0, np.datetime64("0001-01-01", "s"))


def _means(arguments: AverageBefore, anchors: pd.DataFrame, daily: InputRecords) -> pd.DataFrame:
    """For each date the mean of the values before it, the number of days with one, and where they come from."""
    rows = np.flatnonzero(daily.columns["AVAL"].notna().to_numpy())
    diary = pd.DataFrame({name: daily.columns[name].iloc[rows].reset_index(drop=True) for name in ("AVAL", "ADT", "SRCDOM", "SRCVAR")})
    diary["subject"] = daily.subject[rows]
    anchored = pd.DataFrame({"anchor": np.arange(len(anchors)), "subject": anchors["subject"], "since": anchors["since"]})
    days = [anchored.assign(ADT=anchors["date"] - back * DAY) for back in range(arguments.days, 0, -1)]
    pairs = pd.concat(days, ignore_index=True).merge(diary.dropna(subset=["ADT"]), on=["subject", "ADT"], how="inner")
    pairs = pairs[(pairs["ADT"] >= pairs["since"]).to_numpy()].sort_values(["anchor", "ADT"], kind="stable")
    grouped = pairs.groupby("anchor", sort=True)
    means = decimals.group_means(pairs["AVAL"].to_numpy(), pairs["anchor"].to_numpy(), len(anchors))
    found = pd.DataFrame({"days": grouped["ADT"].nunique()})
    found["mean"] = means[found.index]
    one = grouped["SRCDOM"].min() == grouped["SRCDOM"].max()  # a mean of values of several domains has no one source
    found["SRCDOM"] = grouped["SRCDOM"].max().where(one, "")
    found["SRCVAR"] = grouped["SRCVAR"].max().where(one, "")  # of a mean of both --STRESN: only one wholly of --STRESC came from there (§11.49)
    return found.reindex(range(len(anchors))).fillna({"days": 0})
