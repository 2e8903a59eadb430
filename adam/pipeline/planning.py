"""Read and plan a study: the specification and the headers of its source become a plan. Only families without a table read records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from adam.core.errors import Problem, SourceError, SpecError
from adam.core.kinds import ValueKind
from adam.core.problems import Problems
from adam.core.reference_table import ReferenceTable
from adam.pipeline.data_families import check_families, data_families, parameters_in_data, parameters_in_files, with_notes
from adam.planning.names import SourceHeader
from adam.planning.plan import Also, plan
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.planning.values.plan import Plan
from adam.sources import Source, file_names, open_source
from adam.specification.models import SourceUse
from adam.specification.read import attempt, read
from adam.specification.study import Study

StrPath = str | PathLike[str]


class PlannedStudy(NamedTuple):
    """The plan of a study, and its source; None if the study was planned without data."""

    plan: Plan
    source: Source | None


def read_study(specs: StrPath) -> Study:
    """Read the specification of a study, with the layers it extends.

    Args:
        specs: the folder of the YAML files.

    Returns:
        The study as written; names in formulas are not resolved yet.

    Raises:
        SpecError: the files are not valid YAML of the specification language; it lists every problem with its line.

    >>> study = read_study("tests/study/specs")
    >>> study.name, sorted(study.datasets)
    ('EXAMPLE', ['ADAE', 'ADITCH', 'ADSL'])
    """
    return read(Path(specs))


def plan_study(specs: StrPath, sdtm: StrPath | None = None, datasets: Iterable[str] = ()) -> Plan:
    """Plan a study: resolve every name and formula and put the steps in order.

    Args:
        specs: the folder of the YAML files.
        sdtm: the folder of the source files; with it the plan is checked against their headers.
        datasets: the datasets to plan, together with those they depend on; without any all of the study.

    Returns:
        The plan: resolved datasets, steps in order, collected variables to read, and warnings.

    Raises:
        SpecError: the specification has errors; it lists every problem with its line.
        SourceError: the source folder or a file in it cannot be read.

    >>> plan = plan_study("tests/study/specs", datasets=["ADSL"])
    >>> plan.columns["EX"]
    ('EXENDTC', 'EXSTDTC', 'EXTRT')
    """
    return plan_with_source(Path(specs), Path(sdtm) if sdtm is not None else None, datasets).plan


def plan_with_source(
    specs: Path,
    sdtm: Path | None = None,
    datasets: Iterable[str] = (),
    files: Mapping[str, Iterable[str]] = MappingProxyType({}),
    folder: Path | None = None,
) -> PlannedStudy:
    """Plan a study and open its source; `files` has the variables of analysis datasets that exist in `folder`, for a plan without source.

    Only for parameter families without a table are records read: the codes and labels of their parameters.

    A specification that is wrong in itself is refused before any record is read. The problems that only the headers of the source can
    show are reported with the others, as far as the headers can be read. A study that has no problem with the headers is planned only
    once: without them every name of a domain is accepted, so fewer problems can be found.

    Raises:
        SpecError: every problem of the specification and of its checks.
        SourceError: the source cannot be opened.
    """
    study, problems = attempt(specs)
    if study is None:
        raise SpecError(problems.found)
    if sdtm is not None and not problems.found and (planned := _sound(study, sdtm, datasets)) is not None:
        return planned
    reading_problems = tuple(problems.found)
    try:
        plan_without_data = plan(_with_files(study, sdtm), None, datasets, problems, _problems_of_checks(None), files)
    except SpecError as error:
        raise _with_header_problems(error, study, sdtm, datasets, reading_problems) from None
    check_families(_with_files(study, sdtm))
    if sdtm is None:
        tables = parameters_in_files(study, folder) if folder is not None else {}
        if tables:
            study, problems = _read_again(specs, tables)
            plan_without_data = plan(study, None, datasets, problems, _problems_of_checks(None), files)
        return PlannedStudy(with_notes(plan_without_data, study), None)
    source = open_source(sdtm, _encodings(study))
    if tables := parameters_in_data(study, open_source(sdtm, _encodings(study)), source_headers(source)):
        study, problems = _read_again(specs, tables)
        return PlannedStudy(plan(study, source_headers(source), datasets, problems, _problems_of_checks(source)), source)
    return PlannedStudy(plan(study, source_headers(source), datasets, None, _problems_of_checks(source)), source)


def _sound(study: Study, sdtm: Path, datasets: Iterable[str]) -> PlannedStudy | None:
    """The plan of a study that has no problem and needs no record; None if it has one, or parameters that only the records show."""
    if any(data_families(study)):
        return None
    try:
        source = open_source(sdtm, _encodings(study))
        return PlannedStudy(plan(study, source_headers(source), datasets), source)
    except (SpecError, SourceError):
        return None


def _with_files(study: Study, sdtm: Path | None) -> Study:
    """The study with the names of its source files as sources, so that one without an entry, such as ADRS, is known before it is read."""
    names = [] if sdtm is None else [name for name in file_names(sdtm) if name not in study.sources and name not in study.datasets]
    return study.model_copy(update={"sources": {**study.sources, **{name: SourceUse(name=name) for name in names}}}) if names else study


def _read_again(specs: Path, tables: Mapping[str, ReferenceTable]) -> tuple[Study, Problems]:
    """The study with the parameters of its families that were found, and the problems of reading it.

    Raises:
        SpecError: the study cannot be read.
    """
    study, problems = attempt(specs, tables)
    if study is None:
        raise SpecError(problems.found)
    return study, problems


def source_headers(source: Source) -> dict[str, SourceHeader]:
    """The headers of a source in the form the plan reads."""
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


def collected_variables(source: Source | None) -> dict[str, dict[str, ValueKind]] | None:
    """The kind of each variable of each domain of a source, supplemental qualifiers included; None without a source."""
    if source is None:
        return None
    headers = source_headers(source)
    return {name: {**header.variables, **dict.fromkeys(header.qualifiers, ValueKind.TEXT)} for name, header in headers.items()}


def _encodings(study: Study) -> dict[str, str]:
    """The encoding that a study declares for the text of each domain."""
    return {name: use.encoding for name, use in study.sources.items()}


def _with_header_problems(
    error: SpecError, study: Study, sdtm: Path | None, datasets: Iterable[str], reading_problems: tuple[Problem, ...]
) -> SpecError:
    """The problems of a specification, with those that the headers of its source show."""
    if sdtm is None:
        return error
    problems = Problems()
    problems.extend(reading_problems)
    try:
        source = open_source(sdtm, _encodings(study))
        plan(study, source_headers(source), datasets, problems, _problems_of_checks(source))
    except SpecError as with_headers:
        known = {(problem.mark, problem.subject, problem.code) for problem in with_headers.problems}
        others = [problem for problem in error.problems if (problem.mark, problem.subject, problem.code) not in known]
        return SpecError([*with_headers.problems, *others])
    except SourceError:
        return error
    return error


def _problems_of_checks(source: Source | None) -> Also:
    """A function that returns the problems of a study's checks, for a study whose formulas have problems too."""

    def problems(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterable[Problem]:
        from validation.suite import suites  # noqa: PLC0415

        try:
            suites(study, datasets, collected_variables(source), sound=False)
        except SpecError as error:
            return error.problems
        return ()

    return problems
