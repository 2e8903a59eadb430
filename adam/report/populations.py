"""Where the subjects of a study went: populations and ends of study, counted by treatment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from adam.plan.values import TOTAL, ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.report.appearance import assign_appearances
from adam.report.pictures import Bar, draw_bars

SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
PLANNED = re.compile(r"TRT\d\dP")
ENDS = re.compile(r"EO[ST]STT|EO[TP]\d\dSTT|DC[ST]REAS|DC[TP]\d\dRS")
"""The variables of ADaMIG that say how a subject's study, treatment or period ended, and why."""
NONE = "Not assigned"


@dataclass(frozen=True)
class SubjectCounts:
    """One line: the subjects with a flag, or with a term of a variable, by group; `share` is of the subjects of the group, in percent."""

    label: str
    name: str
    counts: Mapping[str, int]
    shares: Mapping[str, str]


@dataclass(frozen=True)
class Populations:
    """The subjects of a study.

    `groups` are the planned treatments of the first period, then those without one, the total last; `sizes` their subjects. `flags` are
    the populations, `ends` the lines of each variable of `ENDS`; `pictures` show both as bars, by caption.
    """

    dataset: ResolvedDataset
    by: str
    groups: tuple[str, ...]
    sizes: Mapping[str, int]
    flags: tuple[SubjectCounts, ...]
    ends: tuple[tuple[ResolvedVariable, tuple[SubjectCounts, ...]], ...]
    pictures: Mapping[str, Markup]


def count_populations(study: ResolvedStudy, frames: Mapping[str, pd.DataFrame]) -> Populations | None:
    """The populations of the subject-level dataset; None if the run makes none.

    Args:
        study: with the resolved datasets. A population is a flag of that dataset with the codelist NY.
        frames: the finished datasets.
    """
    dataset = next((each for each in study.datasets.values() if each.class_ == SUBJECT_LEVEL and each.name in frames), None)
    if dataset is None:
        return None
    frame = frames[dataset.name]
    by = next((name for name in dataset.variables if PLANNED.fullmatch(name)), "")
    assigned = frame[by].where(frame[by] != "", NONE) if by else pd.Series(TOTAL, index=frame.index, dtype="str")
    order = sorted(study.treatments, key=lambda name: study.treatments[name])
    present = set(assigned.unique())
    groups = (*(name for name in order if name in present), *sorted(present - {*order, NONE, TOTAL}), *({NONE} & present), TOTAL)
    sizes = {group: _size(assigned, group) for group in groups}
    named = [each for each in dataset.variables.values() if each.name.endswith("FL") and each.codelist == "NY"]
    flags = tuple(_counted(each.label, each.name, frame[each.name] == "Y", assigned, sizes) for each in named)
    told = [(each, _terms(each, frame[each.name], assigned, sizes)) for each in dataset.variables.values() if ENDS.fullmatch(each.name)]
    ends = tuple((each, lines) for each, lines in told if lines)
    ended = [SubjectCounts(f"{line.name}: {line.label}", line.name, line.counts, line.shares) for _, lines in ends for line in lines]
    populated = [SubjectCounts(f"{line.label} ({line.name})", line.name, line.counts, line.shares) for line in flags]
    drawn = {"Subjects of each population": populated, "How the study ended for them, and why": ended}
    pictures = {caption: _picture(caption, study, groups, lines) for caption, lines in drawn.items() if lines}
    return Populations(dataset, by, groups, sizes, flags, ends, pictures)


def _size(assigned: pd.Series, group: str) -> int:
    return len(assigned) if group == TOTAL else int((assigned == group).sum())


def _counted(label: str, name: str, chosen: pd.Series, assigned: pd.Series, sizes: Mapping[str, int]) -> SubjectCounts:
    among = assigned[chosen.to_numpy()]
    counts = {group: _size(among, group) for group in sizes}
    return SubjectCounts(label, name, counts, {group: f"{100 * count / sizes[group]:.1f}" if sizes[group] else "" for group, count in counts.items()})


def _terms(variable: ResolvedVariable, column: pd.Series, assigned: pd.Series, sizes: Mapping[str, int]) -> tuple[SubjectCounts, ...]:
    counts = column[column != ""].value_counts()
    terms = sorted((str(term) for term in counts.index), key=lambda term: (-int(counts[term]), term))
    return tuple(_counted(term, variable.name, column == term, assigned, sizes) for term in terms)


def _picture(caption: str, study: ResolvedStudy, groups: tuple[str, ...], lines: Sequence[SubjectCounts]) -> Markup:
    shown = [group for group in groups if group != TOTAL] or [TOTAL]
    rows = {line.label: {group: Bar(line.counts[group], str(line.counts[group])) for group in shown} for line in lines}
    return Markup(draw_bars(caption, f"{caption}, by planned treatment", rows, percent=False, look=assign_appearances(shown, study.treatments)))  # noqa: S704
