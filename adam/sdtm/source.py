"""A folder of source files: one domain for each name, split files joined, SUPP-- merged to its parent (DESIGN §6, DOMAIN §9.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from adam.errors import Finding, Severity, SourceError
from adam.sdtm.formats import FORMATS
from adam.sdtm.keys import check_keys
from adam.sdtm.supplements import merged

KEYS = ("STUDYID", "USUBJID")


@dataclass(frozen=True)
class Header:
    """What is known of a domain before its records are read: its files, the kind of each variable (text, number), its SUPP-- QNAMs."""

    domain: str
    files: tuple[Path, ...]
    variables: Mapping[str, str]
    qualifiers: tuple[str, ...] = ()


@dataclass
class Source:
    """The domains of a folder. `findings` gathers what is warned of while reading."""

    folder: Path
    headers: dict[str, Header]
    findings: list[Finding] = field(default_factory=list)
    opened: set[Path] = field(default_factory=set)

    def read(self, domain: str, columns: Iterable[str]) -> pd.DataFrame:
        """The records of a domain with the variables asked for, the subject's key and --SEQ.

        Text is stripped at both ends and "" where there is nothing; numbers are float64. Qualifiers of SUPP-- are merged by IDVAR.
        """
        header = self.headers[domain]
        wanted = list(dict.fromkeys(columns))
        always = [name for name in (*KEYS, f"{domain[:2]}SEQ") if name in header.variables]
        own = list(dict.fromkeys([*always, *(name for name in wanted if name in header.variables)]))
        qualifiers = [name for name in wanted if name not in header.variables]
        supplement = self.supplement(domain) if qualifiers else None
        ids = self.ids(supplement, header) if supplement is not None else []
        frame = self.files(header, list(dict.fromkeys([*own, *ids])))
        if supplement is not None:
            frame, found = merged(frame, supplement, qualifiers, header.variables, domain)
            self.findings += found
        return frame[[*own, *qualifiers]]

    @staticmethod
    def ids(supplement: pd.DataFrame, header: Header) -> list[str]:
        """The variables SUPP-- identifies parent records by."""
        return [name for name in supplement["IDVAR"].unique().tolist() if name and name in header.variables]

    def files(self, header: Header, columns: list[str]) -> pd.DataFrame:
        """The records of all files of a domain, one after another."""
        pieces = []
        for path in header.files:
            present = FORMATS[path.suffix.lower()].header(path)
            frame, encoding = FORMATS[path.suffix.lower()].read(path, [name for name in columns if name in present])
            self.opened.add(path)
            if encoding != "utf-8":
                self.findings.append(Finding("source", Severity.WARNING, header.domain, f"{path.name} is not UTF-8; it was read as {encoding}"))
            pieces.append(_clean(frame.reindex(columns=columns), header))
        return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)

    def supplement(self, domain: str) -> pd.DataFrame:
        """The supplemental qualifiers of a domain."""
        header = self.headers[f"SUPP{domain}"]
        return self.files(header, ["STUDYID", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL"])

    def check(self, frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
        """The keys of what was read: warnings come back, what DOMAIN §11.0 refuses is raised."""
        return check_keys(frames)

    def digests(self) -> dict[str, str]:
        """The sha256 of every file that was read."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(self.opened)}


def _clean(frame: pd.DataFrame, header: Header) -> pd.DataFrame:
    columns = {}
    for name in frame.columns:
        if header.variables.get(name) == "number":
            columns[name] = frame[name].astype("float64")
        else:
            columns[name] = frame[name].astype("str").fillna("").str.strip()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def _domain(stem: str) -> str:
    """The domain of a file name: `qsgi` is a part of QS, `suppqsgi` of SUPPQS."""
    name = stem.upper()
    if name.startswith("SUPP"):
        return name[:6]
    return name[:2] if len(name) == 4 and name != "SUPP" and name[:3] != "REL" else name


def open_source(folder: Path) -> Source:  # noqa: C901  (one refusal a fault)
    """The domains of a folder, by file names and headers; of SUPP-- also QNAM, which names variables.

    Raises:
        SourceError: there is no such folder, it has no source file, or a name is there in two formats.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of source data")
    grouped: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in FORMATS and path.is_file():
            entry = grouped.setdefault(_domain(path.stem), {})
            if path.stem.upper() in entry:
                raise SourceError(f"{folder}: {path.name} and {entry[path.stem.upper()].name} are the same domain in two formats")
            entry[path.stem.upper()] = path
    if not grouped:
        raise SourceError(f"{folder}: no source files; known are {', '.join(FORMATS)}")
    source = Source(folder, {})
    for domain, files in grouped.items():
        variables: dict[str, str] = {}
        for path in files.values():
            for name, kind in FORMATS[path.suffix.lower()].header(path).items():
                if variables.setdefault(name, kind) != kind:
                    raise SourceError(f"{path.name}: {name} is {kind} here and {variables[name]} in another file of {domain}")
        source.headers[domain] = Header(domain, tuple(files.values()), variables)
    for domain in [name for name in source.headers if name.startswith("SUPP") and name[4:] in source.headers]:
        names = tuple(sorted(set(source.files(source.headers[domain], ["QNAM"])["QNAM"])))
        parent = source.headers[domain[4:]]
        source.headers[domain[4:]] = Header(parent.domain, parent.files, parent.variables, names)
    return source
