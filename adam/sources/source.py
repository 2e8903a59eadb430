"""A folder of source files: one domain for each name, split files combined, SUPP-- merged to its parent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from adam.core.errors import Finding, Severity, SourceError, suggestion
from adam.sources import warn
from adam.sources.cleaning import DOMAIN, clean_columns, other_domains
from adam.sources.encoding import decode_frame, implausible_text
from adam.sources.formats import FORMATS, Layout, Note, format_of, readable
from adam.sources.keys import DEMOGRAPHY, SUBJECT, check_keys, finding, key_of
from adam.sources.signatures import check_file
from adam.sources.supplements import VARIABLES, merge_supplement, require_variables

MANIFEST = "manifest.json"
"""A file in the folder of a simulated package that is not a domain."""


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
    hashes: dict[str, str] = field(default_factory=dict)

    def read(self, domain: str, columns: Iterable[str]) -> pd.DataFrame:
        """The records of a domain with some variables, in that order; variables of the key that are not among them come first.

        Text is stripped at both ends and "" where missing; numbers are float64, NaN where missing, dates datetime64. Qualifiers of SUPP--
        are merged by IDVAR; its records are checked even if no qualifier is read.

        Raises:
            SourceError: a file cannot be read, or SUPP-- is refused.
            KeyError: there is no such domain or variable; a plan reads only what the headers have.
        """
        header = self.headers[domain]
        wanted = list(dict.fromkeys(columns))
        for name in wanted:
            if name not in header.variables and name not in header.qualifiers:
                raise KeyError(f"{domain} has no variable {name}{suggestion(name, [*header.variables, *header.qualifiers])}")
        key = [name for name in key_of(domain, header.variables) if name not in wanted]
        own = [*key, *(name for name in wanted if name in header.variables)]
        supplement = self._supplement(header) if f"SUPP{domain}" in self.headers else None
        ids = [] if supplement is None else [name for name in supplement["IDVAR"].str.upper().unique() if name in header.variables]
        frame = self._records(header, list(dict.fromkeys([*own, *key_of(domain, header.variables), *ids])))
        if warn.has_equal_records(domain, frame):
            self._warn(warn.warn_of_equal_records(domain, self._everything(header), header.files))
        if supplement is not None:
            frame, found = merge_supplement(frame, supplement, [name for name in wanted if name not in header.variables], header.variables, domain)
            self._warn(found)
        return frame[[*key, *wanted]]

    def check(self, frames: Mapping[str, pd.DataFrame], ids: Sequence[str] = ()) -> list[Finding]:
        """Check the keys of the records, and that their studies are in `ids` if there are any; return the warnings.

        Raises:
            SourceError: the records must be refused; its findings name them.
        """
        subjects = frames.get(DEMOGRAPHY)
        if subjects is None and set(SUBJECT) <= set(self.headers[DEMOGRAPHY].variables if DEMOGRAPHY in self.headers else ()):
            subjects = self._records(self.headers[DEMOGRAPHY], SUBJECT)
        known = subjects if subjects is not None and set(SUBJECT) <= set(subjects.columns) else None
        return check_keys(frames, known, ids)

    def digests(self) -> dict[str, str]:
        """The sha256 of every file whose records were read, by file name.

        Raises:
            SourceError: a file changed since it was read.
        """
        for path in self.stamps:
            if path.name in self.hashes and _digest(path) != self.hashes[path.name]:
                raise _changed(path)
        return dict(sorted(self.hashes.items()))

    def _supplement(self, parent: Header) -> pd.DataFrame:
        """All records of a domain's SUPP--."""
        header = self.headers[f"SUPP{parent.domain}"]
        for path in header.files:
            require_variables(self.layouts[path].variables, parent.variables, path.name)
        return self._records(header, VARIABLES, as_text=True)

    def _everything(self, header: Header) -> pd.DataFrame:
        """All records of a domain with every variable; findings on variables that nothing reads are dropped."""
        before = list(self.findings)
        frame = self._records(header, list(header.variables))
        self.findings = before
        return frame

    def _records(self, header: Header, columns: Sequence[str], *, as_text: bool = False) -> pd.DataFrame:
        """The records of all files of a domain; a variable that a file lacks is missing in its records."""
        pieces = []
        for path in header.files:
            layout = self.layouts[path]
            key = key_of(header.domain, layout.variables)
            wanted = dict.fromkeys([*columns, *key, *(name for name in (DOMAIN,) if name in layout.variables)])
            self._hash(path)
            read = format_of(path).records(path, layout, [name for name in wanted if name in layout.variables])
            frame, notes = read.frame, list(read.notes)
            if read.undecoded:
                frame = self._decoded(frame, path, header.domain)
            elif format_of(path).encoded and not layout.encoding:
                what = "The text is valid UTF-8 but has unlikely characters. If it is in another encoding, declare it (sources: encoding:)"
                notes += [Note(name, what, mask) for name, mask in implausible_text(frame).items()]
            kinds = {name: "text" if as_text else header.variables.get(name, "text") for name in wanted}
            frame, found = clean_columns(frame, kinds)
            self._note([*notes, *found, *other_domains(frame, header.domain)], frame, path, header.domain)
            self._warn(warn.warn_of_file(path, header.domain, layout, len(frame)))
            pieces.append(frame[list(dict.fromkeys(columns))])
        return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)

    def _note(self, notes: Iterable[Note], frame: pd.DataFrame, path: Path, domain: str) -> None:
        """Add a finding for each note on the records of a file."""
        for note in notes:
            severity = Severity.ERROR if note.error else Severity.WARNING
            key = key_of(domain, frame.columns)
            self._warn([finding(domain, f"{path.name}: {note.message}", frame, note.mask, key, severity, note.variable, note.values)])

    def _decoded(self, frame: pd.DataFrame, path: Path, domain: str) -> pd.DataFrame:
        result, found = decode_frame(frame, path, self.layouts[path].encoding)
        for name, mask in found.items():
            cure = "If it is in another encoding, declare it (sources: encoding:)"
            message = f"{path.name}: The text of {name} is not UTF-8; it was read as windows-1252. {cure}"
            self._warn([finding(domain, message, result, mask, key_of(domain, result.columns), Severity.WARNING, name)])
        return result

    def _hash(self, path: Path) -> None:
        """Store the sha256 of a file before its records are read; the file must not have changed since its header was read."""
        if path.name not in self.hashes:
            if _stamp(path) != self.stamps.get(path):
                raise _changed(path)
            self.hashes[path.name] = _digest(path)

    def _warn(self, found: Iterable[Finding]) -> None:
        self.findings += [entry for entry in found if entry not in self.findings]


def _stamp(path: Path) -> tuple[int, ...]:
    """Size, modification time and inode of a file: they change when it is written."""
    with readable(path):
        found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _digest(path: Path) -> str:
    with readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed(path: Path) -> SourceError:
    return SourceError(f"{path.name}: The file changed while it was read. Run the command again when no program writes to it.")


def _domain(path: Path, layout: Layout) -> str:
    """The domain of a file: its name, or for a part of a split domain (`qsgi`, `suppqsgi`) the name of the domain.

    DOMAIN or RDOMAIN of its first record decides, without one the name of --SEQ; so `adsl` is not a part of AD.
    """
    stem = path.stem.upper()
    prefix = "SUPP" if stem.startswith("SUPP") else ""
    part, variable = stem.removeprefix(prefix), "RDOMAIN" if prefix else "DOMAIN"
    if len(part) not in (3, 4):
        return stem
    written = ""
    if variable in layout.variables:
        frame = format_of(path).records(path, layout, [variable], 1).frame
        written = "" if frame.empty else str(frame[variable].iloc[0]).strip().upper()
    is_part = written == part[:2] if written else bool(prefix) or f"{part[:2]}SEQ" in layout.variables
    return prefix + part[:2] if is_part else stem


def _header(domain: str, files: Sequence[Path], layouts: Mapping[Path, Layout]) -> Header:
    variables: dict[str, str] = {}
    labels: dict[str, str] = {}
    lengths: dict[str, int] = {}
    formats: dict[str, str] = {}
    for path in files:
        for name, kind in layouts[path].variables.items():
            if variables.setdefault(name, kind) != kind:
                raise SourceError(
                    f"{path.name}: {name} has the type {kind}, but {variables[name]} in another file of {domain}. Give it the same type in both."
                )
            labels.setdefault(name, layouts[path].labels[name])
            formats.setdefault(name, layouts[path].formats.get(name, ""))
            lengths[name] = max(lengths.get(name, 0), layouts[path].lengths.get(name, 0))
    counts = [layouts[path].records for path in files]
    known = [count for count in counts if count is not None]
    return Header(domain, tuple(files), variables, labels, (), sum(known) if len(known) == len(counts) else None, lengths, formats)


def _files(folder: Path) -> list[Path]:
    """The source files of a folder; each name in one format only."""
    if not folder.is_dir():
        raise SourceError(f"The folder {folder} of the source data does not exist. Correct the path.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.strip().lower() not in FORMATS or path.name.startswith(".") or path.name == MANIFEST:
            continue
        if not path.name.isprintable() or " " in path.name:
            what = f"The name {ascii(path.name)} has a blank or a character that cannot be printed"
            raise SourceError(f"{folder}: {what}. Name the file after its domain, as in ae{path.suffix.lower().strip()}.")
        other = found.setdefault(path.stem.upper(), path)
        if other != path:
            raise SourceError(f"{folder}: {other.name} and {path.name} are the same domain in two formats or spellings. Keep one.")
    if not found:
        raise SourceError(f"{folder}: The folder has no source files ({', '.join(sorted(FORMATS))}). Name the folder of the source data.")
    return list(found.values())


def file_names(folder: Path) -> list[str]:
    """The names of the source files of a folder in capitals; none if it cannot be opened, which `open_source` reports.

    >>> file_names(Path("tests/study/sdtm"))[:3]
    ['AE', 'DM', 'EX']
    """
    try:
        return [path.stem.upper() for path in _files(folder)]
    except SourceError:
        return []


def _names(path: Path) -> tuple[str, ...]:
    """The names for a file in `sources:` of a study: its own, that of the domain it supplements, and that of the domain it is a part of."""
    stem = path.stem.upper()
    own = stem.removeprefix("SUPP")
    return (stem, own, *([f"SUPP{own[:2]}" if stem != own else "", own[:2]] if len(own) in (3, 4) else ()))


def _encoding(path: Path, encodings: Mapping[str, str]) -> str:
    """The encoding that the study declares for a file."""
    found = next((encodings[name] for name in _names(path) if encodings.get(name)), "")
    if found and not format_of(path).encoded:
        what = f"The text of {format_of(path).what} is always UTF-8"
        raise SourceError(f"{path.name}: {what}. Remove encoding: {found} of its domain (sources:).")
    return found


def open_source(folder: Path, encodings: Mapping[str, str] | None = None) -> Source:
    """The domains of a folder from file names and headers, and from QNAM of SUPP--, which names variables.

    Args:
        folder: where the files are.
        encodings: the encoding that the study declares for the text of each domain.

    Raises:
        SourceError: the folder does not exist or has no source file, a domain has two files, or a header cannot be read.
    """
    paths, layouts, stamps = _files(folder), {}, {}
    for path in paths:
        encoding = _encoding(path, encodings or {})
        check_file(path, {suffix: each.what for suffix, each in FORMATS.items()}, encoding)
        stamps[path] = _stamp(path)
        layouts[path] = format_of(path).layout(path, encoding)
    grouped: dict[str, list[Path]] = {}
    for path in paths:
        grouped.setdefault(_domain(path, layouts[path]), []).append(path)
    source = Source(folder, {domain: _header(domain, files, layouts) for domain, files in grouped.items()}, layouts, stamps)
    declared = {name for name, encoding in (encodings or {}).items() if encoding}
    source._warn(warn.warn_of_unused_encodings(sorted(declared - {name for path in paths for name in _names(path)})))
    for domain, header in source.headers.items():
        if set(header.variables) >= warn.SUPPLEMENT and domain not in [f"SUPP{each}" for each in source.headers]:
            warn.refuse_mixed_supplement(header.files[0], source._records(header, ["RDOMAIN"])["RDOMAIN"], source.headers)
    for domain, parent in list(source.headers.items()):
        supplement = source.headers.get(f"SUPP{domain}")
        if supplement is not None and "QNAM" in supplement.variables:
            names = source._records(supplement, ["QNAM"])["QNAM"].str.upper()
            source.headers[domain] = replace(parent, qualifiers=tuple(sorted(set(names) - {""})))
    return source
