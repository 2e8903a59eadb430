"""The subjects of a study: populations and ends of study, counted by treatment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from adam.core.stored import StoredRecords
from adam.planning.values import TOTAL, ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.report.appearance import assign_appearances
from adam.report.pictures import Bar, draw_bars

SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
PLANNED = re.compile(r"TRT\d\dP")
ENDS = re.compile(r"EO[ST]STT|EO[TP]\d\dSTT|DC[ST]REAS|DC[TP]\d\dRS")
"""The ADaMIG variables that state how and why the study, a treatment or a period ended for a subject."""
NOT_ASSIGNED = "Not assigned"


@dataclass(frozen=True)
class SubjectCounts:
    """The number of subjects with a flag or a term in each group, and their percentage of the group."""

    label: str
    variable: str
    counts: Mapping[str, int]
    percents: Mapping[str, str]


@dataclass(frozen=True)
class Populations:
    """The subjects of a study.

    Args:
        dataset: the subject-level dataset.
        by: the variable of the groups, or blank.
        groups: the planned treatments of the first period, then `NOT_ASSIGNED` if there are such subjects, then the total.
        sizes: the number of subjects in each group.
        flags: the counts of each population.
        ends: the counts of each term, for each variable of `ENDS`.
        pictures: bars of populations and ends, by caption.
    """

    dataset: ResolvedDataset
    by: str
    groups: tuple[str, ...]
    sizes: Mapping[str, int]
    flags: tuple[SubjectCounts, ...]
    ends: tuple[tuple[ResolvedVariable, tuple[SubjectCounts, ...]], ...]
    pictures: Mapping[str, Markup]


def count_populations(study: ResolvedStudy, records: Mapping[str, StoredRecords]) -> Populations | None:
    """The populations of the subject-level dataset; None if it is not in the run.

    Args:
        study: the study with its resolved datasets. A population is a flag of the subject-level dataset with the codelist NY.
        records: those of the finished datasets.
    """
    dataset = next((each for each in study.datasets.values() if each.class_ == SUBJECT_LEVEL and each.name in records), None)
    if dataset is None:
        return None
    by = next((name for name in dataset.variables if PLANNED.fullmatch(name)), "")
    variables = list(dataset.variables.values())
    populations = [each for each in variables if each.name.endswith("FL") and each.codelist == "NY"]
    ends_of_study = [each for each in variables if ENDS.fullmatch(each.name)]
    frame = records[dataset.name].read([*([by] if by else []), *(each.name for each in [*populations, *ends_of_study])])
    assigned = frame[by].where(frame[by] != "", NOT_ASSIGNED) if by else pd.Series(TOTAL, index=frame.index, dtype="str")
    groups = _groups(study, set(assigned.unique()))
    sizes = {group: _size(assigned, group) for group in groups}
    flags = tuple(_count(each.label, each.name, frame[each.name] == "Y", assigned, sizes) for each in populations)
    terms = [(each, _count_terms(each, frame[each.name], assigned, sizes)) for each in ends_of_study]
    ends = tuple((each, lines) for each, lines in terms if lines)
    rows = {
        "Subjects in each population": {f"{line.label} ({line.variable})": line for line in flags},
        "How and why the study ended for subjects": {f"{line.variable}: {line.label}": line for _, lines in ends for line in lines},
    }
    pictures = {caption: _picture(caption, study, sizes, lines) for caption, lines in rows.items() if lines}
    return Populations(dataset, by, groups, sizes, flags, ends, pictures)


def _groups(study: ResolvedStudy, present: set[str]) -> tuple[str, ...]:
    order = sorted(study.treatments, key=lambda name: study.treatments[name])
    others = sorted(present - {*order, NOT_ASSIGNED, TOTAL})
    return (*(name for name in order if name in present), *others, *({NOT_ASSIGNED} & present), TOTAL)


def _size(assigned: pd.Series, group: str) -> int:
    return len(assigned) if group == TOTAL else int((assigned == group).sum())


def _count(label: str, variable: str, selected: pd.Series, assigned: pd.Series, sizes: Mapping[str, int]) -> SubjectCounts:
    subjects = assigned[selected.to_numpy()]
    counts = {group: _size(subjects, group) for group in sizes}
    percents = {group: f"{100 * count / sizes[group]:.1f}" if sizes[group] else "" for group, count in counts.items()}
    return SubjectCounts(label, variable, counts, percents)


def _count_terms(variable: ResolvedVariable, column: pd.Series, assigned: pd.Series, sizes: Mapping[str, int]) -> tuple[SubjectCounts, ...]:
    counts = column[column != ""].value_counts()
    terms = sorted((str(term) for term in counts.index), key=lambda term: (-int(counts[term]), term))
    return tuple(_count(term, variable.name, column == term, assigned, sizes) for term in terms)


def _bar(count: int, size: int) -> Bar:
    """The number of subjects, with the size of the group that it is counted in."""
    return Bar(count, f"{count:,} of {size:,}")


def _picture(caption: str, study: ResolvedStudy, sizes: Mapping[str, int], lines: Mapping[str, SubjectCounts]) -> Markup:
    shown = [group for group in sizes if group != TOTAL] or [TOTAL]
    rows = {label: {group: _bar(line.counts[group], sizes[group]) for group in shown} for label, line in lines.items()}
    svg = draw_bars(caption, f"{caption}, by planned treatment", rows, percent=False, appearances=assign_appearances(shown, study.treatments))
    return Markup(svg)  # noqa: S704
