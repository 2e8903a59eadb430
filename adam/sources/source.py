"""A folder of source files: one domain for each name, split files joined, SUPP-- merged to its parent (DESIGN §6, DOMAIN §9.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from adam.core.errors import Finding, Severity, SourceError, suggestion
from adam.sources import doubts
from adam.sources.cleaning import DOMAIN, cleaned, strangers
from adam.sources.encoding import decoded, doubtful
from adam.sources.formats import FORMATS, Layout, Note, format_of, readable
from adam.sources.keys import DEMOGRAPHY, SUBJECT, check_keys, finding, key_of
from adam.sources.looks import check_file
from adam.sources.supplements import VARIABLES, merged, required

MANIFEST = "manifest.json"
"""Stands beside the files of a simulated package and is no domain."""


@dataclass(frozen=True)
class Header:
    """What is known of a domain before its records are read.

    `variables` gives text, number, date, datetime or time for each name in capitals, `qualifiers` the QNAMs of its SUPP-- files; `records` is None
    where a format does not say.
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
    """The domains of a folder. `findings` gathers what is warned of while reading."""

    folder: Path
    headers: dict[str, Header]
    layouts: dict[Path, Layout]
    stamps: dict[Path, tuple[int, ...]]
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)

    def read(self, domain: str, columns: Iterable[str]) -> pd.DataFrame:
        """The records of a domain with the variables asked for, in that order, after those of its key that were not.

        Text is stripped at both ends and "" where there is nothing; numbers are float64, NaN where missing, dates datetime64. Qualifiers
        of SUPP-- are merged by IDVAR; its records are checked whether or not one is asked for.

        Raises:
            SourceError: a file cannot be read, or SUPP-- is refused (DOMAIN cases 54 and 55).
            KeyError: there is no such domain or variable; the plan asks only for what the headers hold.
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
        if doubts.is_kept_apart(domain, frame):
            self._warn(doubts.repeated(domain, self._everything(header), header.files))
        if supplement is not None:
            frame, found = merged(frame, supplement, [name for name in wanted if name not in header.variables], header.variables, domain)
            self._warn(found)
        return frame[[*key, *wanted]]

    def check(self, frames: Mapping[str, pd.DataFrame], ids: Sequence[str] = ()) -> list[Finding]:
        """The keys of what was read, and that its studies are those of `ids` if there are any: warnings come back.

        Raises:
            SourceError: what DOMAIN §11.0 refuses; its findings name the records.
        """
        subjects = frames.get(DEMOGRAPHY)
        if subjects is None and set(SUBJECT) <= set(self.headers[DEMOGRAPHY].variables if DEMOGRAPHY in self.headers else ()):
            subjects = self._records(self.headers[DEMOGRAPHY], SUBJECT)
        known = subjects if subjects is not None and set(SUBJECT) <= set(subjects.columns) else None
        return check_keys(frames, known, ids)

    def digests(self) -> dict[str, str]:
        """The sha256 of every file whose records were read, by file name.

        Raises:
            SourceError: a file is no longer what was read.
        """
        for path in self.stamps:
            if path.name in self.hashes and _digest(path) != self.hashes[path.name]:
                raise _changed(path)
        return dict(sorted(self.hashes.items()))

    def _supplement(self, parent: Header) -> pd.DataFrame:
        """All records of a domain's SUPP--."""
        header = self.headers[f"SUPP{parent.domain}"]
        for path in header.files:
            required(self.layouts[path].variables, parent.variables, path.name)
        return self._records(header, VARIABLES, as_text=True)

    def _everything(self, header: Header) -> pd.DataFrame:
        """All records of a domain with every variable; what is odd in variables that nothing reads is not told."""
        told = list(self.findings)
        frame = self._records(header, list(header.variables))
        self.findings = told
        return frame

    def _records(self, header: Header, columns: Sequence[str], *, as_text: bool = False) -> pd.DataFrame:
        """The records of all files of a domain, one after another; a variable that a file lacks is missing in its records."""
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
                what = "the text is UTF-8, but hardly the text that was meant; if it is in another encoding, state it (sources: encoding:)"
                notes += [Note(name, what, mask) for name, mask in doubtful(frame).items()]
            kinds = {name: "text" if as_text else header.variables.get(name, "text") for name in wanted}
            frame, found = cleaned(frame, kinds)
            self._note([*notes, *found, *strangers(frame, header.domain)], frame, path, header.domain)
            self._warn(doubts.of_file(path, header.domain, layout, len(frame)))
            pieces.append(frame[list(dict.fromkeys(columns))])
        return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)

    def _note(self, notes: Iterable[Note], frame: pd.DataFrame, path: Path, domain: str) -> None:
        """Findings of what was met in the records of a file."""
        for note in notes:
            severity = Severity.ERROR if note.error else Severity.WARNING
            key = key_of(domain, frame.columns)
            self._warn([finding(domain, f"{path.name}: {note.message}", frame, note.mask, key, severity, note.variable, note.values)])

    def _decoded(self, frame: pd.DataFrame, path: Path, domain: str) -> pd.DataFrame:
        result, found = decoded(frame, path, self.layouts[path].encoding)
        for name, mask in found.items():
            what = (
                f"{path.name}: text of {name} is not UTF-8; it was read as windows-1252. If it is in another encoding, state it (sources: encoding:)"
            )
            self._warn([finding(domain, what, result, mask, key_of(domain, result.columns), Severity.WARNING, name)])
        return result

    def _hash(self, path: Path) -> None:
        """Take the sha256 of a file before its records are read; its header must still be the one that was read."""
        if path.name not in self.hashes:
            if _stamp(path) != self.stamps.get(path):
                raise _changed(path)
            self.hashes[path.name] = _digest(path)

    def _warn(self, found: Iterable[Finding]) -> None:
        self.findings += [entry for entry in found if entry not in self.findings]


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells that a file was written to: its size, its time, and which file it is."""
    with readable(path):
        found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _digest(path: Path) -> str:
    with readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed(path: Path) -> SourceError:
    return SourceError(f"{path.name}: changed while it was being read; run the command again when nothing writes to it")


def _domain(path: Path, layout: Layout) -> str:
    """The domain of a file: its name, or of a part (`qsgi`, `suppqsgi`) the whole.

    DOMAIN or RDOMAIN of its first record decides, where there is none the name of --SEQ; so `adsl` stays what it is.
    """
    stem = path.stem.upper()
    prefix = "SUPP" if stem.startswith("SUPP") else ""
    part, variable = stem.removeprefix(prefix), "RDOMAIN" if prefix else "DOMAIN"
    if len(part) not in (3, 4):
        return stem
    said = ""
    if variable in layout.variables:
        frame = format_of(path).records(path, layout, [variable], 1).frame
        said = "" if frame.empty else str(frame[variable].iloc[0]).strip().upper()
    whole = said == part[:2] if said else bool(prefix) or f"{part[:2]}SEQ" in layout.variables
    return prefix + part[:2] if whole else stem


def _header(domain: str, files: Sequence[Path], layouts: Mapping[Path, Layout]) -> Header:
    variables: dict[str, str] = {}
    labels: dict[str, str] = {}
    lengths: dict[str, int] = {}
    formats: dict[str, str] = {}
    for path in files:
        for name, kind in layouts[path].variables.items():
            if variables.setdefault(name, kind) != kind:
                raise SourceError(f"{path.name}: {name} is {kind} here and {variables[name]} in another file of {domain}")
            labels.setdefault(name, layouts[path].labels[name])
            formats.setdefault(name, layouts[path].formats.get(name, ""))
            lengths[name] = max(lengths.get(name, 0), layouts[path].lengths.get(name, 0))
    counts = [layouts[path].records for path in files]
    known = [count for count in counts if count is not None]
    return Header(domain, tuple(files), variables, labels, (), sum(known) if len(known) == len(counts) else None, lengths, formats)


def _files(folder: Path) -> list[Path]:
    """The source files of a folder; each name in one format only."""
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of source data")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.strip().lower() not in FORMATS or path.name.startswith(".") or path.name == MANIFEST:
            continue
        if not path.name.isprintable() or " " in path.name:
            what = f"{ascii(path.name)} has a blank or a character that cannot be printed in its name"
            raise SourceError(f"{folder}: {what}; name the file as its domain, as in ae{path.suffix.lower().strip()}")
        other = found.setdefault(path.stem.upper(), path)
        if other != path:
            raise SourceError(f"{folder}: {other.name} and {path.name} are the same domain in two formats or spellings; keep one")
    if not found:
        raise SourceError(f"{folder}: no source files; known are {', '.join(sorted(FORMATS))}")
    return list(found.values())


def _names(path: Path) -> tuple[str, ...]:
    """Under which names a study can speak of a file: its own, that of the domain it supplements, and of the whole it is a part of."""
    stem = path.stem.upper()
    own = stem.removeprefix("SUPP")
    return (stem, own, *([f"SUPP{own[:2]}" if stem != own else "", own[:2]] if len(own) in (3, 4) else ()))


def _encoding(path: Path, encodings: Mapping[str, str]) -> str:
    """The encoding the study states for a file."""
    found = next((encodings[name] for name in _names(path) if encodings.get(name)), "")
    if found and not format_of(path).encoded:
        what = f"is {format_of(path).what}, whose text always is UTF-8"
        raise SourceError(f"{path.name}: {what}; remove encoding: {found} of its domain under sources:")
    return found


def open_source(folder: Path, encodings: Mapping[str, str] | None = None) -> Source:
    """The domains of a folder, by file names and headers; of SUPP-- also QNAM, which names variables.

    Args:
        folder: where the files are.
        encodings: by domain, the encoding of its text that the study states.

    Raises:
        SourceError: there is no such folder, it has no source file, a name is there twice, or a header cannot be read.
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
    stated = {name for name, encoding in (encodings or {}).items() if encoding}
    source._warn(doubts.of_no_file(sorted(stated - {name for path in paths for name in _names(path)})))
    for domain, header in source.headers.items():
        if set(header.variables) >= doubts.SUPPLEMENT and domain not in [f"SUPP{each}" for each in source.headers]:
            doubts.refuse_mixed(header.files[0], source._records(header, ["RDOMAIN"])["RDOMAIN"], source.headers)
    for domain, parent in list(source.headers.items()):
        supplement = source.headers.get(f"SUPP{domain}")
        if supplement is not None and "QNAM" in supplement.variables:
            names = source._records(supplement, ["QNAM"])["QNAM"].str.upper()
            source.headers[domain] = replace(parent, qualifiers=tuple(sorted(set(names) - {""})))
    return source
