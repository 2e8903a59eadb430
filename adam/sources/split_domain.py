"""A domain in parts: read by windows, each record put to its part, the parts ordered by subject, SUPP-- merged part by part."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.core.errors import Finding, SourceError
from adam.core.stored import StoredRecords
from adam.sources import warn
from adam.sources.cut import Cut, Pieces
from adam.sources.file_hash import FileHash
from adam.sources.finding_sums import FindingSum
from adam.sources.keys import DEMOGRAPHY, check_domain, key_of
from adam.sources.source import DecodingError, Header, Source
from adam.sources.supplements import VARIABLES, MergeFindings, merge_supplement

RECORD = "(record)"
"""A column with the place of a record in its files."""


@dataclass(frozen=True, eq=False)
class SplitWork:
    """What the domains of a source have in common when they are split. It can be pickled.

    `source` has the files, `cut` the subjects of each part, `scratch` is a folder for the records, without which they are kept in memory.
    `known` are the subjects of DM, for the findings on the keys; None for data without DM.
    """

    source: Source
    cut: Cut
    scratch: Path | None
    known: pd.MultiIndex | None


class SplitDomain(NamedTuple):
    """The records of each part of a domain, the findings on its keys, those of reading it, and the sha256 of its files."""

    parts: tuple[StoredRecords, ...]
    findings: list[Finding]
    reading: list[Finding]
    hashes: dict[str, FileHash]


def split_domain(work: SplitWork, wanted: tuple[str, Sequence[str]]) -> SplitDomain:
    """The records of a domain with some variables, each part as `Source.read` returns it. The source is not changed.

    Args:
        work: the source and the subjects of each part.
        wanted: the domain, which has STUDYID and USUBJID, and the variables.

    Raises:
        SourceError: a file cannot be read, or SUPP-- is refused.
    """
    domain, names = wanted
    source = replace(work.source, findings=[], hashes=dict(work.source.hashes))
    parts, findings = _Split(source, source.headers[domain], work.cut, work.scratch).split(names, work.known)
    return SplitDomain(parts, findings, source.findings, source.hashes)


def attempt_split(work: SplitWork, wanted: tuple[str, Sequence[str]]) -> SplitDomain | SourceError:
    """What `split_domain` returns or raises. Of several errors the first in the order of the domains is raised, whatever is split first."""
    try:
        return split_domain(work, wanted)
    except SourceError as error:
        return error.with_traceback(None)


@dataclass(frozen=True, eq=False)
class _Split:
    source: Source
    header: Header
    cut: Cut
    scratch: Path | None

    def split(self, names: Sequence[str], known: pd.MultiIndex | None) -> tuple[tuple[StoredRecords, ...], list[Finding]]:
        domain, variables = self.header.domain, self.header.variables
        key, wanted = self.source.columns(domain, names)
        supplement = self.supplement()
        ids = [] if supplement is None else pd.unique(supplement.joined().read(["IDVAR"])["IDVAR"].str.upper())
        own = [*key, *(name for name in wanted if name in variables), *key_of(domain, variables), *(name for name in ids if name in variables)]
        pieces = self.pieces(self.header, list(dict.fromkeys(own)), domain)
        findings = self.check_keys(pieces, known)
        unique = domain == DEMOGRAPHY or f"{domain[:2]}SEQ" in variables
        if unique and supplement is None and pieces.in_order:
            return tuple(pieces.part(number).chosen([*key, *wanted]) for number in range(self.cut.count)), findings
        if any(warn.has_equal_records(domain, frame.drop(columns=RECORD)) for frame in (() if unique else pieces.frames())):
            self.warn_of_equal_records()
        return self.merged(pieces, supplement, [name for name in wanted if name not in variables], [*key, *wanted]), findings

    def check_keys(self, pieces: Pieces, known: pd.MultiIndex | None) -> list[Finding]:
        """The findings on the keys, which are of the records of one subject each."""
        sums: dict[int, FindingSum] = {}
        for number in range(self.cut.count):
            keys = pieces.part(number).read([*key_of(self.header.domain, self.header.variables), RECORD])
            places = keys.pop(RECORD).to_numpy()
            for found in check_domain(self.header.domain, keys, known):
                sums.setdefault(found.step, FindingSum()).add(found.finding, places[found.mask])
        return [whole for step in sorted(sums) if (whole := sums[step].finding()) is not None]

    def merged(self, pieces: Pieces, supplement: Pieces | None, qualifiers: Sequence[str], columns: Sequence[str]) -> tuple[StoredRecords, ...]:
        """The parts ordered by subject, with the qualifiers of SUPP--."""
        found, done = MergeFindings(self.header.domain), Pieces(self.cut, self.scratch, f"{self.header.domain}-parts")
        parts = []
        for number, frame in enumerate(pieces.frames()):
            if supplement is not None:
                theirs = supplement.part(number).read()
                frame = merge_supplement(frame, theirs, qualifiers, self.header.variables, found, theirs.pop(RECORD).to_numpy())  # noqa: PLW2901
            parts.append(done.keep(frame[list(columns)]))
        self.source.warn(found.warnings())
        for each in (pieces, supplement):
            if each is not None:
                each.remove()
        return tuple(parts)

    def supplement(self) -> Pieces | None:
        """The records of SUPP-- by part."""
        name = f"SUPP{self.header.domain}"
        if name not in self.source.headers:
            return None
        return self.pieces(self.source.supplement_header(self.header), VARIABLES, name, as_text=True)

    def warn_of_equal_records(self) -> None:
        """Warn of the records that are equal in every variable of the files; findings on variables that nothing reads are dropped."""
        before, total = list(self.source.findings), FindingSum()
        pieces = self.pieces(self.header, list(self.header.variables), f"{self.header.domain}-all")
        self.source.findings = before
        for frame in pieces.frames():
            places = frame.pop(RECORD).to_numpy()
            equal = warn.equal_records(frame)
            if equal.any():
                total.add(warn.warn_of_equal_records(self.header.domain, frame, equal, self.header.files), places[equal])
        pieces.remove()
        self.source.warn([each for each in (total.finding(),) if each is not None])

    def pieces(self, header: Header, columns: Sequence[str], name: str, *, as_text: bool = False) -> Pieces:
        """The records of the files of a domain by part; from the start again if a later window shows that the text of a file is not UTF-8."""
        undecoded: set[Path] = set()
        while True:
            pieces, start = Pieces(self.cut, self.scratch, name), 0
            path = header.files[0]
            try:
                for path in header.files:
                    for frame in self.source.windows(header, path, columns, as_text=as_text, as_bytes=path in undecoded):
                        pieces.add(frame.assign(**{RECORD: np.arange(start, start + len(frame))}))
                        start += len(frame)
            except DecodingError:
                undecoded.add(path)
                continue
            except SourceError:  # of a window: it names another record than the error of the whole file
                deque(self.source.windows(header, path, columns, as_text=as_text, whole=True), maxlen=0)
                raise
            return pieces
