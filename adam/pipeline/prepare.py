"""What a run has before anything is derived: the plan of a study, its source, and the records it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from adam.core.errors import Problem, SourceError, SpecError
from adam.core.kinds import ValueKind
from adam.plan.names import SourceHeader
from adam.plan.plan import Also, Plan, plan
from adam.plan.values import ResolvedDataset, ResolvedStudy
from adam.sources import Source, open_source
from adam.specification.problems import Problems
from adam.specification.read import attempt
from adam.specification.study import Study


def collected(source: Source | None) -> dict[str, dict[str, ValueKind]] | None:
    """The variables of each domain of a source with their kinds, supplemental qualifiers among them; None without a source."""
    if source is None:
        return None
    return {name: {**header.variables, **dict.fromkeys(header.qualifiers, ValueKind.TEXT)} for name, header in headers_of(source).items()}


def headers_of(source: Source) -> dict[str, SourceHeader]:
    """The headers of a source as the plan wants them."""
    return {
        name: SourceHeader(
            {key: ValueKind(kind) for key, kind in header.variables.items()},
            tuple(header.qualifiers),
            header.labels,
            header.lengths,
            header.formats,
        )
        for name, header in source.headers.items()
    }


def prepared(specs: Path, sdtm: Path | None = None, only: Iterable[str] = ()) -> tuple[Plan, Source | None]:
    """The plan of a study, and its source if there is one.

    A specification that is wrong by itself is refused before any record is read. What is wrong with it beside the headers of the source is
    told with the rest, as far as there are headers to look at.

    Raises:
        SpecError: every problem of the specification and of its checks.
        SourceError: the source cannot be opened.
    """
    attempted, problems = attempt(specs)
    if attempted is None:
        raise SpecError(problems.found)
    reading = tuple(problems.found)
    try:
        found = plan(attempted, None, only, problems, _of_checks(None))
    except SpecError as error:
        raise _beside(error, attempted, sdtm, only, reading) from None
    if sdtm is None:
        return found, None
    source = open_source(sdtm, encodings(attempted))
    return plan(attempted, headers_of(source), only, None, _of_checks(source)), source


def encodings(study: Study) -> dict[str, str]:
    """The encoding a study declares for the text of each domain."""
    return {name: use.encoding for name, use in study.sources.items()}


def _beside(error: SpecError, study: Study, sdtm: Path | None, only: Iterable[str], reading: tuple[Problem, ...]) -> SpecError:
    """The problems of a specification, those that the headers of its source show among them."""
    if sdtm is None:
        return error
    problems = Problems()
    problems.extend(reading)
    try:
        source = open_source(sdtm, encodings(study))
        plan(study, headers_of(source), only, problems, _of_checks(source))
    except SpecError as more:
        known = {(problem.mark, problem.subject, problem.code) for problem in more.problems}
        return SpecError([*more.problems, *(each for each in error.problems if (each.mark, each.subject, each.code) not in known)])
    except SourceError:
        return error
    return error


def _of_checks(source: Source | None) -> Also:
    """What is wrong with the checks of a study whose formulas are wrong too."""

    def found(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterable[Problem]:
        from validation.suite import suites  # noqa: PLC0415

        try:
            suites(study, datasets, collected(source), sound=False)
        except SpecError as error:
            return error.problems
        return ()

    return found


def load(found: Plan, source: Source, *more: Mapping[str, set[str]]) -> dict[str, pd.DataFrame]:
    """The domains a run reads, with only the variables it needs: those of the plan, and `more`."""
    frames = {}
    for domain in dict.fromkeys([*found.columns, *(name for each in more for name in each)]):
        header = source.headers.get(domain)
        if header is None:
            continue
        wanted = {*found.columns.get(domain, ()), *(name for each in more for name in each.get(domain, ()))}
        frames[domain] = source.read(domain, sorted(name for name in wanted if name in header.variables or name in header.qualifiers))
    return frames
