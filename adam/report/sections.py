"""The results of a study as sections of the report: tables with the published numbers, and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from markupsafe import Markup

from adam.core.stored import StoredRecords
from adam.planning.values import TOTAL, ResolvedStudy, Result
from adam.report.appearance import Appearance, assign_appearances
from adam.report.distribution import distinct, format_number
from adam.report.pictures import Bar, Curve, draw_bars, draw_curves
from adam.results.compute import ResultValue

MAIN = "Main results"
COUNTED = ("count", "percent")
MOST_TERMS = 15
"""The largest number of terms in a picture of bars."""
PlaceNames = Mapping[tuple[str, str], Mapping[str, str]]
"""The names of the positions of curves, by dataset and variable."""


@dataclass(frozen=True)
class ResultRow:
    """One result in a table: its title, and its numbers by group."""

    title: str
    values: Mapping[str, ResultValue]


@dataclass(frozen=True)
class ResultTable:
    """Results with the same kind of groups."""

    groups: tuple[str, ...]
    rows: tuple[ResultRow, ...]

    @property
    def has_published(self) -> bool:
        """Whether any number has a published one."""
        return any(each.published for row in self.rows for each in row.values.values())


@dataclass(frozen=True)
class Picture:
    """A picture with its numbers as a table: the positions in the first column, then a column for each group.

    There are no columns if a table of the section has the numbers.
    """

    title: str
    svg: Markup
    note: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """The results under one heading."""

    heading: str
    pictures: tuple[Picture, ...]
    tables: tuple[ResultTable, ...]
    results: tuple[Result, ...]


def result_sections(study: ResolvedStudy, records: Mapping[str, StoredRecords], values: Sequence[ResultValue]) -> list[Section]:
    """The results in the order of the specification; sections with pictures are first.

    The part of a title before its first colon is the heading of its section. A result with `over` is a picture; without it, it is a row of
    a table. A section whose tables have only counts and percentages also shows them as bars.

    Args:
        study: the study with its resolved datasets.
        records: those of the finished datasets, which have the names of the positions of a curve.
        values: the computed numbers.
    """
    by_heading: dict[str, list[list[ResultValue]]] = {}
    curves = {(each.result.dataset, each.result.over): each.result for each in values if each.result.over}
    names = {key: _place_names(result, study, records[result.dataset]) for key, result in curves.items()}
    for _, numbers in groupby(values, key=lambda each: each.result.name):
        listed = list(numbers)
        by_heading.setdefault(_split(listed[0].result.title)[0], []).append(listed)
    sections = [_section(heading or MAIN, results, study, names) for heading, results in by_heading.items()]
    return sorted(sections, key=lambda section: not section.pictures)


def _split(title: str) -> tuple[str, str]:
    heading, colon, rest = title.partition(": ")
    return (heading, rest) if colon and rest else ("", title)


def _section(heading: str, results: Sequence[Sequence[ResultValue]], study: ResolvedStudy, names: PlaceNames) -> Section:
    curves = [listed for listed in results if listed[0].result.over]
    others = [listed for listed in results if not listed[0].result.over]
    tables = tuple(_tables(others, study))
    pictures = [_curve_picture(listed, study, names[listed[0].result.dataset, listed[0].result.over]) for listed in curves]
    if all(listed[0].result.value.name in COUNTED for listed in others):
        pictures += [picture for number, table in enumerate(tables) for picture in _bar_pictures(f"{heading} {number}", heading, table, study)]
    return Section(heading, tuple(pictures), tables, tuple(listed[0].result for listed in results))


def _tables(results: Sequence[Sequence[ResultValue]], study: ResolvedStudy) -> Iterable[ResultTable]:
    """One table for the results of the same codelist (or of the same variable), with all groups of any of them."""
    by_family: dict[str, list[ResultRow]] = {}
    for listed in results:
        result = listed[0].result
        variable = study.datasets[result.dataset].variables.get(result.by)
        family = (variable.codelist if variable is not None else "") or result.by
        title = _split(result.title)[1]
        is_repeated = sum(other[0].result.title == result.title for other in results) > 1
        row = ResultRow(f"{title} ({result.name})" if is_repeated else title, {each.group: each for each in listed})
        by_family.setdefault(family, []).append(row)
    for rows in by_family.values():
        yield ResultTable(_groups((group for row in rows for group in row.values), study), tuple(rows))


def _groups(groups: Iterable[str], study: ResolvedStudy) -> tuple[str, ...]:
    """Each group once: treatments in their order, then other groups as they come, then the total."""
    seen = list(dict.fromkeys(groups))
    order = {name: place for place, name in enumerate(sorted(study.treatments, key=lambda name: study.treatments[name]))}
    return tuple(sorted(seen, key=lambda group: (group == TOTAL, order.get(group, len(order)), seen.index(group))))


def _bar_pictures(name: str, heading: str, table: ResultTable, study: ResolvedStudy) -> Iterable[Picture]:
    """A picture of the percentages of a table, and one of its counts, without the total."""
    appearances = assign_appearances([group for group in table.groups if group != TOTAL], study.treatments)
    by = " or ".join(dict.fromkeys(_group_label(next(iter(row.values.values())).result, study) for row in table.rows))
    for measure, label in (("percent", "Percent"), ("count", "Counts")):
        rows = {row.title: row.values for row in table.rows if next(iter(row.values.values())).result.value.name == measure}
        bars = {title: {group: _bar(each) for group, each in values.items() if group in appearances} for title, values in rows.items()}
        bars = {title: row for title, row in bars.items() if row}
        if bars:
            title = f"{label} by {by}"
            svg = draw_bars(f"{name} {measure}", f"{heading}: {title}", bars, measure == "percent", appearances)
            yield Picture(title, Markup(svg))  # noqa: S704


def _group_label(result: Result, study: ResolvedStudy) -> str:
    """The label of the variable that makes the groups of a result."""
    variable = study.datasets[result.dataset].variables.get(result.by)
    return variable.label or variable.name if variable is not None else ""


def _bar(value: ResultValue) -> Bar:
    fraction = f"{value.records:,}/{value.among:,}" if value.among is not None else ""
    return Bar(value.value, value.shown, float(value.published) if value.published else None, fraction)


def _curve_picture(listed: Sequence[ResultValue], study: ResolvedStudy, names: Mapping[str, str]) -> Picture:
    """The picture of a result with `over`: curves over numbers, bars over texts. A count without records is 0."""
    result = listed[0].result
    groups = _groups((each.group for each in listed), study)
    cells = {(each.over, each.group): _bar(each) for each in listed}
    if result.value.name == "count":
        cells = {(each.over, group): Bar(0, "0") for each in listed for group in groups} | cells
    places = list(dict.fromkeys(each.over for each in sorted(listed, key=_place_order)))
    label = study.datasets[result.dataset].variables[result.over].label or result.over
    rows = tuple((names.get(place, place), *(cells[place, group].label if (place, group) in cells else "" for group in groups)) for place in places)
    by_place = {place: {group: cells[place, group] for group in groups if (place, group) in cells} for place in places}
    appearances = assign_appearances([group for group in groups if group != TOTAL] or groups, study.treatments)
    svg, note = _draw(result, by_place, names, label, appearances)
    return Picture(_split(result.title)[1], Markup(svg), note, (label, *groups), rows)  # noqa: S704


def _draw(
    result: Result, bars: Mapping[str, Mapping[str, Bar]], names: Mapping[str, str], label: str, appearances: Mapping[str, Appearance]
) -> tuple[str, str]:
    """The picture of the groups with an appearance, and a note on what it leaves out."""
    percent = result.value.name == "percent"
    bars = {place: {group: bar for group, bar in row.items() if group in appearances} for place, row in bars.items()}
    if not bars:
        return "", "No record is selected."
    if not all(_is_number(place) for place in bars):
        total = {place: float(np.nansum([bar.value for bar in row.values()])) for place, row in bars.items()}
        most = sorted(bars, key=lambda place: -total[place])[:MOST_TERMS]
        note = f"The {len(most)} largest of {len(bars)}." if len(most) < len(bars) else ""
        return draw_bars(result.name, result.title, {place: bars[place] for place in most}, percent, appearances), note
    points = {group: {float(place): row[group].value for place, row in bars.items() if group in row} for group in appearances}
    curves = [Curve(group, tuple(own), tuple(own.values())) for group, own in points.items() if own]
    ticks, axis = _ticks({float(place): names.get(place, place) for place in bars}, label)
    return draw_curves(result.name, result.title, curves, ticks, axis, percent, appearances), ""


def _place_order(value: ResultValue) -> tuple[float, str]:
    return (float(value.over), "") if _is_number(value.over) else (float("inf"), value.over)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text) is not None


def _place_names(result: Result, study: ResolvedStudy, records: StoredRecords) -> dict[str, str]:
    """The names of the positions of a curve over xxxN: the values of xxx on the same records, if each number has one name."""
    name = result.over.removesuffix("N")
    variable = study.datasets[result.dataset].variables.get(name)
    if name == result.over or variable is None or variable.type != "text":
        return {}
    pairs = distinct(records, [result.over, name]).dropna()
    pairs = pairs[pairs[name] != ""].drop_duplicates(result.over, keep=False)
    return {format_number(float(value)): str(text) for value, text in zip(pairs[result.over], pairs[name], strict=True)}


def _ticks(names: Mapping[float, str], label: str) -> tuple[dict[float, str], str]:
    """The tick texts and the label of an axis. A text before every number, such as Week, becomes the label.

    >>> _ticks({0.0: "Baseline", 2.0: "Week 2", 4.0: "Week 4"}, "Analysis Visit (N)")
    ({0.0: 'Baseline', 2.0: '2', 4.0: '4'}, 'Week')
    """
    parts = {place: re.fullmatch(r"(\D*[^\d\s])\s+(\d+(?:\.\d+)?)", text) for place, text in names.items()}
    numbered = {place: part for place, part in parts.items() if part is not None and float(part[2]) == place}
    if len({part[1] for part in numbered.values()}) != 1:
        return dict(names), label
    return {place: numbered[place][2] if place in numbered else text for place, text in names.items()}, next(iter(numbered.values()))[1]
