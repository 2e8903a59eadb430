"""The results of a study as sections of a page: tables of ours beside the published numbers, and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from markupsafe import Markup

from adam.plan.values import TOTAL, ResolvedStudy, Result
from adam.report.appearance import Appearance, assign_appearances
from adam.report.distribution import format_number
from adam.report.pictures import Bar, Curve, draw_bars, draw_curves
from adam.results.compute import ResultValue

MAIN = "Main results"
SHARES = ("count", "percent")
LONGEST = 15


@dataclass(frozen=True)
class Row:
    """One result of a table: what it is, and its numbers by group."""

    title: str
    told: Mapping[str, ResultValue]


@dataclass(frozen=True)
class Table:
    """Results with the same kind of groups."""

    groups: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def published(self) -> bool:
        """Whether there is a published number to stand beside any of ours."""
        return any(each.published for row in self.rows for each in row.told.values())


@dataclass(frozen=True)
class Picture:
    """A picture, and its numbers as a table: a first column, one column a group, a row a place; no columns where a table has them already."""

    title: str
    svg: Markup
    note: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """The results under one heading, and how each is told."""

    heading: str
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    results: tuple[Result, ...]


def result_sections(study: ResolvedStudy, frames: Mapping[str, pd.DataFrame], told: Sequence[ResultValue]) -> list[Section]:
    """The results in the order of their file, those with pictures first; what stands before the first colon of a title is the heading.

    A result with `over` is a picture. Without, it is a row of a table; a section that tells only counts and percentages of groups also
    shows them as bars.

    Args:
        study: with the resolved datasets.
        frames: the finished datasets; they say what the places of a curve are called.
        told: the numbers.
    """
    found: dict[str, list[list[ResultValue]]] = {}
    for _, numbers in groupby(told, key=lambda each: each.result.name):
        listed = list(numbers)
        found.setdefault(_split(listed[0].result.title)[0], []).append(listed)
    made = [_section(heading or MAIN, results, study, frames) for heading, results in found.items()]
    return sorted(made, key=lambda section: not section.pictures)


def _split(title: str) -> tuple[str, str]:
    heading, colon, rest = title.partition(": ")
    return (heading, rest) if colon and rest else ("", title)


def _section(heading: str, results: Sequence[Sequence[ResultValue]], study: ResolvedStudy, frames: Mapping[str, pd.DataFrame]) -> Section:
    curved = [listed for listed in results if listed[0].result.over]
    flat = [listed for listed in results if not listed[0].result.over]
    tables = tuple(_tables(flat, study))
    pictures = [_curve(listed, study, frames) for listed in curved]
    if all(listed[0].result.value.name in SHARES for listed in flat):
        pictures += [picture for place, table in enumerate(tables) for picture in _bars(f"{heading} {place}", heading, table, study)]
    return Section(heading, tuple(pictures), tables, tuple(listed[0].result for listed in results))


def _tables(results: Sequence[Sequence[ResultValue]], study: ResolvedStudy) -> Iterable[Table]:
    """Those of the same codelist (else of the same variable) in one table, with all the groups any of them has."""
    found: dict[str, list[Row]] = {}
    for listed in results:
        own = listed[0].result
        model = study.datasets[own.dataset].variables.get(own.by)
        family = (model.codelist if model is not None else "") or own.by
        title = _split(own.title)[1]
        alike = sum(other[0].result.title == own.title for other in results) > 1
        found.setdefault(family, []).append(Row(f"{title} ({own.name})" if alike else title, {each.group: each for each in listed}))
    for rows in found.values():
        yield Table(_groups((group for row in rows for group in row.told), study), tuple(rows))


def _groups(groups: Iterable[str], study: ResolvedStudy) -> tuple[str, ...]:
    """Each group once: treatments in their order, then the others as they come, the total last."""
    seen = list(dict.fromkeys(groups))
    order = {name: place for place, name in enumerate(sorted(study.treatments, key=lambda name: study.treatments[name]))}
    return tuple(sorted(seen, key=lambda group: (group == TOTAL, order.get(group, len(order)), seen.index(group))))


def _bars(name: str, heading: str, table: Table, study: ResolvedStudy) -> Iterable[Picture]:
    """A picture of the percentages of a table, and one of its counts; the total is left to the table."""
    look = assign_appearances([group for group in table.groups if group != TOTAL], study.treatments)
    by = " or ".join(dict.fromkeys(_label(next(iter(row.told.values())).result, study) for row in table.rows))
    for measure, words in (("percent", "Percent"), ("count", "Counts")):
        rows = {row.title: row.told for row in table.rows if next(iter(row.told.values())).result.value.name == measure}
        shown = {title: {group: _bar(each) for group, each in told.items() if group in look} for title, told in rows.items()}
        shown = {title: row for title, row in shown.items() if row}
        if shown:
            title = f"{words} by {by}"
            yield Picture(title, Markup(draw_bars(f"{name} {measure}", f"{heading}: {title}", shown, measure == "percent", look)))  # noqa: S704


def _label(result: Result, study: ResolvedStudy) -> str:
    """What the groups of a result are."""
    variable = study.datasets[result.dataset].variables.get(result.by)
    return variable.label or variable.name if variable is not None else ""


def _bar(told: ResultValue) -> Bar:
    return Bar(told.value, told.shown, float(told.published) if told.published else None)


def _curve(listed: Sequence[ResultValue], study: ResolvedStudy, frames: Mapping[str, pd.DataFrame]) -> Picture:
    """The picture of a result with `over`: curves over numbers, bars over texts. Where a group has no record, a count is 0."""
    own = listed[0].result
    groups = _groups((each.group for each in listed), study)
    named = _named(own, study, frames[own.dataset])
    cells = {(each.over, each.group): _bar(each) for each in listed}
    if own.value.name == "count":
        cells = {(each.over, group): Bar(0, "0") for each in listed for group in groups} | cells
    places = list(dict.fromkeys(each.over for each in sorted(listed, key=_place)))
    label = study.datasets[own.dataset].variables[own.over].label or own.over
    rows = tuple((named.get(place, place), *(cells[place, group].said if (place, group) in cells else "" for group in groups)) for place in places)
    by_place = {place: {group: cells[place, group] for group in groups if (place, group) in cells} for place in places}
    svg, note = _drawn(own, by_place, named, label, assign_appearances([group for group in groups if group != TOTAL] or groups, study.treatments))
    return Picture(_split(own.title)[1], Markup(svg), note, (label, *groups), rows)  # noqa: S704


def _drawn(
    result: Result, found: Mapping[str, Mapping[str, Bar]], named: Mapping[str, str], label: str, look: Mapping[str, Appearance]
) -> tuple[str, str]:
    """The picture of the groups that have a look, and what is to be said of it."""
    percent = result.value.name == "percent"
    found = {place: {group: bar for group, bar in row.items() if group in look} for place, row in found.items()}
    if not found:
        return "", "No record fits."
    if not all(_is_number(place) for place in found):
        total = {place: float(np.nansum([bar.value for bar in row.values()])) for place, row in found.items()}
        most = sorted(found, key=lambda place: -total[place])[:LONGEST]
        note = f"The {len(most)} largest of {len(found)}." if len(most) < len(found) else ""
        return draw_bars(result.name, result.title, {place: found[place] for place in most}, percent, look), note
    points = {group: {float(place): row[group].value for place, row in found.items() if group in row} for group in look}
    lines = [Curve(group, tuple(own), tuple(own.values())) for group, own in points.items() if own]
    ticks, axis = _ticks({float(place): named.get(place, place) for place in found}, label)
    return draw_curves(result.name, result.title, lines, ticks, axis, percent, look), ""


def _place(told: ResultValue) -> tuple[float, str]:
    return (float(told.over), "") if _is_number(told.over) else (float("inf"), told.over)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text) is not None


def _named(result: Result, study: ResolvedStudy, frame: pd.DataFrame) -> dict[str, str]:
    """What the places of a curve over xxxN are called: by xxx of the same records, where each number has one name."""
    name = result.over.removesuffix("N")
    model = study.datasets[result.dataset].variables.get(name)
    if name == result.over or model is None or model.type != "text":
        return {}
    pairs = frame[[result.over, name]].dropna().drop_duplicates()
    pairs = pairs[pairs[name] != ""].drop_duplicates(result.over, keep=False)
    return {format_number(float(value)): str(text) for value, text in zip(pairs[result.over], pairs[name], strict=True)}


def _ticks(named: Mapping[float, str], label: str) -> tuple[dict[float, str], str]:
    """What is written along the axis, and what the axis is; a word that stands before every number is said once, as the axis.

    >>> _ticks({0.0: "Baseline", 2.0: "Week 2", 4.0: "Week 4"}, "Analysis Visit (N)")
    ({0.0: 'Baseline', 2.0: '2', 4.0: '4'}, 'Week')
    """
    parts = {place: re.fullmatch(r"(\D*[^\d\s])\s+(\d+(?:\.\d+)?)", text) for place, text in named.items()}
    fitting = {place: part for place, part in parts.items() if part is not None and float(part[2]) == place}
    if len({part[1] for part in fitting.values()}) != 1:
        return dict(named), label
    return {place: fitting[place][2] if place in fitting else text for place, text in named.items()}, next(iter(fitting.values()))[1]
