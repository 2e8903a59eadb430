"""The records of a source in parts: some consecutive subjects with all of their records, so that a study of any size is derived in flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import Finding
from adam.core.stored import StoredRecords, write_records
from adam.sources.keys import DEMOGRAPHY, SUBJECT
from adam.sources.source import Source


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


def split(
    source: Source, columns: Mapping[str, Iterable[str]], scratch: Path | None = None, part_subjects: int | None = None, ids: Sequence[str] = ()
) -> SplitSource:
    """The records of some domains with some variables, in parts of subjects in the order of STUDYID and USUBJID.

    A record of a subject that DM does not have (only relationships and SUPP-- can have some) is in the first part.

    Args:
        source: the files.
        columns: the variables of each domain; those that it does not have are left out, and so is a domain that is not in the source.
        scratch: a folder for a copy of the records, which must exist until no part is loaded any more; without one they are kept in memory.
        part_subjects: the number of subjects of a part.
        ids: the valid STUDYIDs; without any all are valid.

    Raises:
        SourceError: a file cannot be read, or its records must be refused.
    """
    frames = {domain: source.read(domain, names) for domain, names in _present(source, columns).items()}
    findings = (*source.check(frames, ids), *source.findings)
    subjects = _subjects(frames)
    size = max(part_subjects or len(subjects), 1)
    starts = list(range(0, len(subjects), size)) or [0]
    cut: dict[str, list[StoredRecords]] = {}
    records: dict[str, StoredRecords] = {}
    for domain in list(frames):
        frame = frames.pop(domain)
        if not set(SUBJECT) <= set(frame):
            records[domain] = _kept(frame, scratch, domain, 0)
            cut[domain] = [records[domain]] * len(starts)
            continue
        places = subjects.get_indexer(pd.MultiIndex.from_frame(frame[SUBJECT]))
        order = np.argsort(places, kind="stable")
        frame, part = frame.iloc[order].reset_index(drop=True), np.maximum(places[order], 0) // size
        ends = np.searchsorted(part, np.arange(len(starts)), side="right")
        cut[domain] = [
            _kept(frame[start:end], scratch, domain, number) for number, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True))
        ]
        records[domain] = StoredRecords.joined(cut[domain])
    parts = tuple(
        SourcePart(number, min(size, len(subjects) - start), {domain: pieces[number] for domain, pieces in cut.items()})
        for number, start in enumerate(starts)
    )
    return SplitSource(parts, records, findings)


def _present(source: Source, columns: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The variables that are in the source, in alphabetical order."""
    found = {}
    for domain, names in columns.items():
        header = source.headers.get(domain)
        if header is not None:
            found[domain] = sorted(name for name in set(names) if name in header.variables or name in header.qualifiers)
    return found


def _subjects(frames: Mapping[str, pd.DataFrame]) -> pd.MultiIndex:
    """The subjects of DM in order; without DM those of all domains."""
    having = [
        frame[SUBJECT]
        for domain, frame in frames.items()
        if set(SUBJECT) <= set(frame) and DEMOGRAPHY in (domain, *([] if DEMOGRAPHY in frames else [DEMOGRAPHY]))
    ]
    found = pd.concat(having).drop_duplicates().sort_values(SUBJECT) if having else pd.DataFrame({name: pd.Series(dtype="str") for name in SUBJECT})
    return pd.MultiIndex.from_frame(found)


def _kept(frame: pd.DataFrame, scratch: Path | None, domain: str, number: int) -> StoredRecords:
    return StoredRecords.in_memory(frame) if scratch is None else write_records(frame, scratch / f"{domain}.{number}.arrow")
