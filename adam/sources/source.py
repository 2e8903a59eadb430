"""The domains of a folder of source files: their headers, and their records with SUPP-- merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from adam.core.errors import Finding, SourceError, suggestion
from adam.sources import warn
from adam.sources.clean_records import clean_records
from adam.sources.cleaning import DOMAIN
from adam.sources.file_hash import FileHash, changed, digest_of, stamp_of, state_of
from adam.sources.finding_sums import NoteSums
from adam.sources.formats import Hashed, Layout, Records, format_of
from adam.sources.keys import DEMOGRAPHY, SUBJECT, check_keys, key_of
from adam.sources.readstat import BYTES
from adam.sources.supplements import VARIABLES, MergeFindings, merge_supplement, require_variables

WINDOW = 200_000
"""The number of records of a window of a file."""


class DecodingError(SourceError):
    """The text of a file is not UTF-8, which a later window shows: the file must be read again."""


@dataclass(frozen=True)
class Header:
    """A domain before its records are read.

    `variables` has text, number, date, datetime or time for each name in capitals, `qualifiers` are the QNAMs of its SUPP-- files; `records`
    is None if the format does not store it.
    """

    domain: str
    files: tuple[Path, ...]
    variables: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    qualifiers: tuple[str, ...] = ()
    records: int | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Source:
    """The domains of a folder. `findings` collects the warnings and errors of reading."""

    folder: Path
    headers: dict[str, Header]
    layouts: dict[Path, Layout]
    stamps: dict[Path, tuple[int, ...]]
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[str, FileHash] = field(default_factory=dict)

    def read(self, domain: str, columns: Iterable[str]) -> pd.DataFrame:
        """The records of a domain with some variables, in that order; variables of the key that are not among them come first.

        Text is stripped at both ends and "" where missing; numbers are float64, NaN where missing, dates datetime64. Qualifiers of SUPP--
        are merged by IDVAR; its records are checked even if no qualifier is read.

        Raises:
            SourceError: a file cannot be read, or SUPP-- is refused.
            KeyError: there is no such domain or variable; a plan reads only what the headers have.
        """
        header = self.headers[domain]
        key, wanted = self.columns(domain, columns)
        own = [*key, *(name for name in wanted if name in header.variables)]
        supplement = self.supplement(header) if f"SUPP{domain}" in self.headers else None
        ids = [] if supplement is None else [name for name in supplement["IDVAR"].str.upper().unique() if name in header.variables]
        frame = self._records(header, list(dict.fromkeys([*own, *key_of(domain, header.variables), *ids])))
        if warn.has_equal_records(domain, frame):
            everything = self._everything(header)
            equal = warn.equal_records(everything)
            self.warn([warn.warn_of_equal_records(domain, everything, equal, header.files)] if equal.any() else [])
        if supplement is not None:
            found = MergeFindings(domain)
            frame = merge_supplement(frame, supplement, [name for name in wanted if name not in header.variables], header.variables, found)
            self.warn(found.warnings())
        return frame[[*key, *wanted]]

    def columns(self, domain: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
        """The variables of the key that are not among some names, and these names, each once.

        Raises:
            KeyError: there is no such domain or variable.
        """
        header = self.headers[domain]
        wanted = list(dict.fromkeys(names))
        for name in wanted:
            if name not in header.variables and name not in header.qualifiers:
                raise KeyError(f"{domain} has no variable {name}{suggestion(name, [*header.variables, *header.qualifiers])}")
        return [name for name in key_of(domain, header.variables) if name not in wanted], wanted

    def estimated_records(self, domain: str) -> int:
        """About the number of records of a domain, without reading them: by the size of its files if they do not store it."""
        counts = ((layout.records, path.stat().st_size / max(layout.record_size, 1)) for path, layout in self._files(domain))
        return sum(int(estimate) if stored is None else stored for stored, estimate in counts)

    def _files(self, domain: str) -> list[tuple[Path, Layout]]:
        return [(path, self.layouts[path]) for path in self.headers[domain].files]

    def check(self, frames: Mapping[str, pd.DataFrame], ids: Sequence[str] = ()) -> list[Finding]:
        """Check the keys of the records, and that their studies are in `ids` if there are any; return the warnings.

        Raises:
            SourceError: the records must be refused; its findings name them.
        """
        return check_keys(frames, self.subjects(frames.get(DEMOGRAPHY)), ids)

    def subjects(self, demography: pd.DataFrame | None) -> pd.DataFrame | None:
        """STUDYID and USUBJID of the records of DM; None for data without. They are read if the records of DM were not."""
        if demography is None and set(SUBJECT) <= set(self.headers[DEMOGRAPHY].variables if DEMOGRAPHY in self.headers else ()):
            demography = self._records(self.headers[DEMOGRAPHY], SUBJECT)
        return demography[SUBJECT] if demography is not None and set(SUBJECT) <= set(demography.columns) else None

    def digests(self) -> dict[str, str]:
        """The sha256 of every file whose records were read, by file name.

        Raises:
            SourceError: a file changed since it was read.
        """
        for path in self.stamps:
            if path.name in self.hashes and not self.hashes[path.name].is_of(path):
                raise changed(path)
        return {name: found.sha256 for name, found in sorted(self.hashes.items())}

    def supplement(self, parent: Header) -> pd.DataFrame:
        """All records of a domain's SUPP--."""
        return self._records(self.supplement_header(parent), VARIABLES, as_text=True)

    def supplement_header(self, parent: Header) -> Header:
        """The header of a domain's SUPP--.

        Raises:
            SourceError: a variable for merging is missing.
        """
        header = self.headers[f"SUPP{parent.domain}"]
        for path in header.files:
            require_variables(self.layouts[path].variables, parent.variables, path.name)
        return header

    def _everything(self, header: Header) -> pd.DataFrame:
        """All records of a domain with every variable; findings on variables that nothing reads are dropped."""
        before = list(self.findings)
        frame = self._records(header, list(header.variables))
        self.findings = before
        return frame

    def _records(self, header: Header, columns: Sequence[str], *, as_text: bool = False) -> pd.DataFrame:
        """The records of all files of a domain; a variable that a file lacks is missing in its records."""
        pieces = [piece for path in header.files for piece in self.windows(header, path, columns, as_text=as_text, whole=True)]
        return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)

    def windows(
        self, header: Header, path: Path, columns: Sequence[str], *, as_text: bool = False, as_bytes: bool = False, whole: bool = False
    ) -> Iterator[pd.DataFrame]:
        """The records of a file of a domain with some variables, by windows of consecutive records; at the end the findings are added.

        Args:
            header: the domain.
            path: one of its files.
            columns: the variables; one that the file lacks is missing in its records.
            as_text: every variable is text.
            as_bytes: the text of the file is to be decoded.
            whole: the file is one window.

        Raises:
            DecodingError: a window is to be decoded, and one before it was not. Read the file again with `as_bytes`.
            SourceError: the file cannot be read, or changed.
        """
        layout, read = self.layouts[path], format_of(path)
        wanted = dict.fromkeys([*columns, *key_of(header.domain, layout.variables), *(name for name in (DOMAIN,) if name in layout.variables)])
        kinds = {name: "text" if as_text else header.variables.get(name, "text") for name in wanted}
        names = [name for name in wanted if name in layout.variables]
        self._require_unchanged(path)
        state, hashed = state_of(path), None
        if not read.hashes and path.name not in self.hashes:
            self.hashes[path.name] = FileHash(digest_of(path))
        if whole or read.windows is None:
            found: Iterable[Records] = [read.records(path, layout, names)]
        else:
            found = read.windows(path, replace(layout, encoding=BYTES) if as_bytes else layout, names, WINDOW)
        notes, count, undecoded = NoteSums(path, header.domain), 0, as_bytes
        for records in found:
            undecoded = _same_decoding(records, count, undecoded, path)
            frame = clean_records(records._replace(undecoded=undecoded), path, layout, kinds, notes, count)
            count, hashed = count + len(frame), records.hashed
            yield frame[list(dict.fromkeys(columns))]
        if hashed is not None:
            self._require_unchanged(path)  # the file that was decoded and hashed is that of the header
            self._hash(path, hashed, state)
        self.warn([*notes.findings(), *warn.warn_of_file(path, header.domain, layout, count)])

    def _require_unchanged(self, path: Path) -> None:
        """Refuse a file that changed since its header was read, when its records are read for the first time."""
        if path.name not in self.hashes and stamp_of(path) != self.stamps.get(path):
            raise changed(path)

    def _hash(self, path: Path, hashed: Hashed, state: tuple[int, ...] | None) -> None:
        """Store the sha256 of a file that was read, and its state before; a file that is read again must be the same.

        Raises:
            SourceError: it is not.
        """
        found = FileHash(hashed.sha256, state if hashed.alone else None)
        before = self.hashes.setdefault(path.name, found)
        if before.sha256 != found.sha256:
            raise changed(path)
        if before.state != found.state:
            self.hashes[path.name] = FileHash(found.sha256)

    def warn(self, found: Iterable[Finding]) -> None:
        """Add findings, each once."""
        self.findings += [entry for entry in found if entry not in self.findings]


def _same_decoding(records: Records, start: int, undecoded: bool, path: Path) -> bool:
    """Whether the text of a file is to be decoded, which its first window shows.

    Raises:
        DecodingError: another window shows it.
    """
    if start and records.undecoded and not undecoded:
        raise DecodingError(f"{path.name}: The text of some records is not UTF-8.")
    return undecoded or records.undecoded
