"""Open a folder of source files: one domain for each name, the files of a split domain together, the qualifiers of SUPP-- with its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from adam.core.errors import SourceError
from adam.sources import warn
from adam.sources.file_hash import stamp_of
from adam.sources.formats import FORMATS, Layout, format_of
from adam.sources.signatures import check_file
from adam.sources.source import Header, Source

MANIFEST = "manifest.json"
"""A file in the folder of a simulated package that is not a domain."""


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
        stamps[path] = stamp_of(path)
        layouts[path] = format_of(path).layout(path, encoding)
    grouped: dict[str, list[Path]] = {}
    for path in paths:
        grouped.setdefault(_domain(path, layouts[path]), []).append(path)
    source = Source(folder, {domain: _header(domain, files, layouts) for domain, files in grouped.items()}, layouts, stamps)
    declared = {name for name, encoding in (encodings or {}).items() if encoding}
    source.warn(warn.warn_of_unused_encodings(sorted(declared - {name for path in paths for name in _names(path)})))
    for domain, header in source.headers.items():
        if set(header.variables) >= warn.SUPPLEMENT and domain not in [f"SUPP{each}" for each in source.headers]:
            warn.refuse_mixed_supplement(header.files[0], source._records(header, ["RDOMAIN"])["RDOMAIN"], source.headers)
    for domain, parent in list(source.headers.items()):
        supplement = source.headers.get(f"SUPP{domain}")
        if supplement is not None and "QNAM" in supplement.variables:
            names = source._records(supplement, ["QNAM"])["QNAM"].str.upper()
            source.headers[domain] = replace(parent, qualifiers=tuple(sorted(set(names) - {""})))
    return source
