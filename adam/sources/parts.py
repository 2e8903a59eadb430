"""The records of a source in parts: some consecutive subjects with all of their records, so that a study of any size is derived in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.core.stored import StoredRecords
from adam.sources.cut import Cut, Pieces
from adam.sources.keys import DEMOGRAPHY, SUBJECT, findings_of_domain, findings_on_studies, refuse
from adam.sources.source import Source
from adam.sources.split_domain import SplitDomain, SplitWork, attempt_split

T = TypeVar("T")
Wanted = tuple[str, Sequence[str]]
"""A domain and the variables to read."""


@dataclass(frozen=True, eq=False)
class SourcePart:
    """Some subjects with all of their records, and the records of domains without subjects, which every part has. It can be pickled.

    `number` is its place among the parts from 0, `subjects` the number of its subjects in DM.
    """

    number: int
    subjects: int
    stored: Mapping[str, StoredRecords]

    @property
    def records(self) -> int:
        """The number of records of all domains."""
        return sum(each.count for each in self.stored.values())

    def load(self) -> dict[str, pd.DataFrame]:
        """The records of each domain, as `Source.read` returns them, ordered by subject, within a subject as in the files."""
        return {domain: each.read() for domain, each in self.stored.items()}


@dataclass(frozen=True, eq=False)
class SplitSource:
    """A source in parts. `findings` are the warnings and errors of reading it, `records` the records of each domain, for checks across subjects."""

    parts: tuple[SourcePart, ...]
    records: Mapping[str, StoredRecords]
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The number of records of each domain."""
        return {domain: each.count for domain, each in self.records.items()}


Attempt = SplitDomain | SourceError
Runner = Callable[[Callable[[SplitWork, Wanted], Attempt], SplitWork, Sequence[Wanted]], Sequence[Attempt]]
"""Calls a function for each domain, here or in other processes, and returns the results in the order of the domains."""


def split_here(task: Callable[[SplitWork, Wanted], Attempt], work: SplitWork, domains: Sequence[Wanted]) -> list[Attempt]:
    """Split one domain after another."""
    return [task(work, each) for each in domains]


def split(
    source: Source,
    columns: Mapping[str, Iterable[str]],
    scratch: Path | None = None,
    part_subjects: int | None = None,
    ids: Sequence[str] = (),
    run: Runner = split_here,
) -> SplitSource:
    """The records of some domains with some variables, in parts of subjects in the order of STUDYID and USUBJID.

    The files are read by windows, and the records of each part are written to a folder, so that a part is the most that is in memory. A
    single part is not written. The findings, and an error, are the same for every number of parts.

    A domain without subjects is in every part. A record of a subject that DM does not have is in the first part: only relationships and
    SUPP-- can have some, others are refused. Data without DM are one part, in the order of the files.

    Args:
        source: the files.
        columns: the variables of each domain; those that it does not have are left out, and so is a domain that is not in the source.
        scratch: a folder for the records, which must exist until no part is loaded any more; without one they are kept in memory.
        part_subjects: the number of subjects of a part; by default there is one part.
        ids: the valid STUDYIDs; without any all are valid.
        run: splits the domains, one after another or in several processes.

    Raises:
        SourceError: a file cannot be read, or its records must be refused.
    """
    needed = _present(source, columns)
    reading = _Reading(source, list(source.findings))
    demography = reading.of(DEMOGRAPHY, lambda: source.read(DEMOGRAPHY, needed[DEMOGRAPHY])) if DEMOGRAPHY in needed else None
    subjects = reading.of(DEMOGRAPHY, lambda: source.subjects(demography))
    known = pd.MultiIndex.from_frame(subjects) if subjects is not None else None
    cut = _cut(subjects, part_subjects)
    stored: dict[str, tuple[StoredRecords, ...]] = {}
    found: dict[str, list[Finding]] = {}
    divided = {} if cut.count == 1 else {domain: names for domain, names in needed.items() if _is_divided(source, domain)}
    largest_first = sorted(divided.items(), key=lambda each: -source.estimated_records(each[0]) * len(each[1]))
    results = run(attempt_split, SplitWork(source, cut, scratch, known), largest_first) if largest_first else []
    by_domain = {domain: result for (domain, _), result in zip(largest_first, results, strict=True)}
    for domain, names in needed.items():
        result = by_domain.get(domain)
        if isinstance(result, SourceError):
            raise result
        if result is not None:
            stored[domain], found[domain] = result.parts, result.findings
            reading.of(domain, partial(source.warn, result.reading))
            source.hashes.update(result.hashes)
        else:
            frame = demography if domain == DEMOGRAPHY and demography is not None else reading.of(domain, partial(source.read, domain, names))
            stored[domain], found[domain] = _kept(frame, cut, scratch, domain), findings_of_domain(domain, frame, known)
    checked = [entry for domain in sorted(found, key=lambda each: each != DEMOGRAPHY) for entry in found[domain]]
    checked += findings_on_studies(subjects, ids) if ids and subjects is not None else []
    refuse(entry for entry in checked if entry.severity is Severity.ERROR)
    records = {domain: parts[0] if _is_shared(parts) else StoredRecords.joined(parts) for domain, parts in stored.items()}
    parts = tuple(
        SourcePart(number, min(cut.size, len(cut.subjects) - number * cut.size), {domain: each[number] for domain, each in stored.items()})
        for number in range(cut.count)
    )
    return SplitSource(parts, records, (*checked, *reading.findings(needed)))


@dataclass
class _Reading:
    """The findings of reading by domain: DM is read first, but its findings are at its place among the domains."""

    source: Source
    before: list[Finding]
    added: dict[str, list[Finding]] = field(default_factory=dict)

    def of(self, domain: str, read: Callable[[], T]) -> T:
        """What a function reads of a domain."""
        count = len(self.source.findings)
        result = read()
        self.added.setdefault(domain, []).extend(self.source.findings[count:])
        return result

    def findings(self, domains: Iterable[str]) -> list[Finding]:
        """All findings in the order of the domains."""
        order = dict.fromkeys([*domains, *self.added])
        return [*self.before, *(entry for domain in order for entry in self.added.get(domain, ()))]


def _is_divided(source: Source, domain: str) -> bool:
    """Whether the records of a domain are read by windows: those of subjects, except DM."""
    return domain != DEMOGRAPHY and set(SUBJECT) <= set(source.headers[domain].variables)


def _present(source: Source, columns: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The variables that are in the source, in alphabetical order."""
    found = {}
    for domain, names in columns.items():
        header = source.headers.get(domain)
        if header is not None:
            found[domain] = sorted(name for name in set(names) if name in header.variables or name in header.qualifiers)
    return found


def _cut(subjects: pd.DataFrame | None, size: int | None) -> Cut:
    """The subjects of DM in order; without DM one part without subjects."""
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in SUBJECT}) if subjects is None else subjects.drop_duplicates().sort_values(SUBJECT)
    return Cut(pd.MultiIndex.from_frame(frame), max(size or len(frame), 1))


def _kept(frame: pd.DataFrame, cut: Cut, scratch: Path | None, domain: str) -> tuple[StoredRecords, ...]:
    """The records of each part of a domain that was read whole: ordered by subject, or all of them if they have no subjects."""
    pieces = Pieces(cut, scratch if cut.count > 1 else None, domain)
    if not set(SUBJECT) <= set(frame):
        return (pieces.keep(frame),) * cut.count
    if cut.count == 1:
        return (pieces.keep(cut.ordered(frame)),)
    pieces.add(cut.ordered(frame))
    return tuple(pieces.part(number) for number in range(cut.count))


def _is_shared(parts: Sequence[StoredRecords]) -> bool:
    """Whether each part has the same records."""
    return all(each is parts[0] for each in parts)
