"""A domain in parts: read by windows, each record put to its part, the parts ordered by subject, SUPP-- merged part by part."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.core.stored import StoredRecords
from adam.sources import warn
from adam.sources.cut import Cut, Pieces, is_sorted
from adam.sources.finding_sums import FindingSum
from adam.sources.keys import DEMOGRAPHY, key_of
from adam.sources.source import DecodingError, Header, Source
from adam.sources.supplements import VARIABLES, MergeFindings, merge_supplement

RECORD = "(record)"
"""A column with the place of a record in its files."""


class SplitDomain(NamedTuple):
    """The key of all records of a domain in the order of the files, and the records of each part."""

    keys: pd.DataFrame
    parts: tuple[StoredRecords, ...]


def split_domain(source: Source, domain: str, names: Sequence[str], cut: Cut, scratch: Path | None) -> SplitDomain:
    """The records of a domain with some variables, each part as `Source.read` returns it; the findings of reading are added to the source.

    Raises:
        SourceError: a file cannot be read, or SUPP-- is refused.
    """
    return _Split(source, source.headers[domain], cut, scratch).split(names)


@dataclass(frozen=True, eq=False)
class _Split:
    source: Source
    header: Header
    cut: Cut
    scratch: Path | None

    def split(self, names: Sequence[str]) -> SplitDomain:
        domain, variables = self.header.domain, self.header.variables
        key, wanted = self.source.columns(domain, names)
        supplement = self.supplement()
        ids = [] if supplement is None else pd.unique(supplement.joined().read(["IDVAR"])["IDVAR"].str.upper())
        own = [*key, *(name for name in wanted if name in variables), *key_of(domain, variables), *(name for name in ids if name in variables)]
        pieces = self.pieces(self.header, list(dict.fromkeys(own)), domain)
        keys = _in_file_order(pieces.joined(), key_of(domain, variables))
        unique = domain == DEMOGRAPHY or f"{domain[:2]}SEQ" in variables
        if unique and supplement is None and pieces.in_order:
            return SplitDomain(keys, tuple(pieces.part(number).chosen([*key, *wanted]) for number in range(self.cut.count)))
        if any(warn.has_equal_records(domain, frame.drop(columns=RECORD)) for frame in (() if unique else pieces.frames())):
            self.warn_of_equal_records()
        return SplitDomain(keys, self.merged(pieces, supplement, [name for name in wanted if name not in variables], [*key, *wanted]))

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


def _in_file_order(records: StoredRecords, names: Sequence[str]) -> pd.DataFrame:
    """Some columns of all records in the order of the files."""
    frame = records.read([*names, RECORD])
    places = frame.pop(RECORD).to_numpy()
    return frame if is_sorted(places) else frame.iloc[np.argsort(places)].reset_index(drop=True)
