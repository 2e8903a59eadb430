"""CDISC terminology as a table: the codelists of the files that `terminology:` of a layer names, beneath the codelists of YAML."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal

from adam.core.errors import Mark, Problem, did_you_mean
from adam.core.located import LocatedMap, LocatedStr, mark_of
from adam.core.problems import Problems
from adam.specification.codelists import CODE
from adam.specification.merge import merged_codelists
from adam.specification.models import Codelist, CodelistTerm
from adam.specification.standards import TERMINOLOGY

COLUMNS = ("codelist", "codelist_code", "extensible", "term", "term_code", "decode", "standard")
"""The columns that are read; only `codelist` and `term` are required."""
SUBSET = "subset_of"
"""The key of a codelist in YAML that names the published codelist it has terms of."""


@dataclass
class Published:
    """One codelist of a table: its attributes, and its terms as line, code and decode. Studies share it, so nothing changes it."""

    name: str
    mark: Mark
    attributes: tuple[str, str, str]
    release: str = ""
    terms: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    @property
    def extensible(self) -> bool:
        """Whether other terms are allowed."""
        return self.attributes[1] == "Yes"

    @property
    def package(self) -> Literal["SDTM", "ADaM"]:
        """The package that contains it, ADaM or SDTM."""
        return "ADaM" if self.attributes[2].startswith("ADaM") else "SDTM"

    def located(self) -> LocatedMap:
        """The codelist as YAML would have it, to merge others over it."""
        terms = LocatedMap()
        for term, (line, code, decode) in self.terms.items():
            mark = Mark(self.mark.file, line, 1)
            facts = {key: LocatedStr.at(text, mark) for key, text in (("decode", decode), ("nci", code)) if text}
            terms[LocatedStr.at(term, mark)] = LocatedMap.at({LocatedStr.at(key, mark): text for key, text in facts.items()}, mark)
        stated = {"nci": self.attributes[0], "published": self.package, "release": self.release, "extensible": self.extensible, "terms": terms}
        return LocatedMap.at({LocatedStr.at(key, self.mark): value for key, value in stated.items() if value not in ("", False)}, self.mark)

    @cached_property
    def model(self) -> Codelist:
        """The codelist as a study has it; the table was checked when it was read."""
        terms = {term: CodelistTerm.model_construct(decode=decode, nci=code) for term, (_, code, decode) in self.terms.items()}
        return Codelist.model_construct(
            name=self.name,
            terms=terms,
            nci=self.attributes[0],
            published=self.package,
            release=self.release,
            extensible=self.extensible,
            mark=self.mark,
        )


def read_table(path: Path, inside: PurePosixPath, mark: Mark, problems: Problems) -> tuple[dict[str, Published], str]:
    """The codelists of one file by name, and the sha256 of its bytes; nothing, and problems, if the file is not valid.

    `mark` is the place that names the file, as `inside` its folder.
    """
    if not path.is_file() or inside.is_absolute() or ".." in inside.parts:
        message = f"There is no file {inside} here. terminology: names CSV files in the folder of this YAML file or below it."
        problems.add(mark, "", message, "spec-terminology")
        return {}, ""
    raw = path.read_bytes()
    codelists, faults = _content(str(path), raw)
    problems.extend(faults)
    return (dict(codelists), hashlib.sha256(raw).hexdigest()) if codelists is not None else ({}, "")


@lru_cache(maxsize=16)
def _content(file: str, raw: bytes) -> tuple[Mapping[str, Published] | None, tuple[Problem, ...]]:
    """The codelists of a file with these bytes, None if it is not valid, and its problems. A process reads a table once for all its studies."""
    problems = Problems()
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.add(Mark(file), "", f"This is not a CSV file in UTF-8: {error}. Export the file again.", "spec-terminology")
        return None, tuple(problems.found)
    header = rows[0] if rows else []
    missing = [name for name in ("codelist", "term") if name not in header]
    if missing:
        message = f"Column {missing[0]} is missing. The columns of a terminology are {', '.join(COLUMNS)}; codelist and term are required."
        problems.add(Mark(file, 1, 1), "", message, "spec-terminology")
        return None, tuple(problems.found)
    codelists = _codelists(file, header, rows, problems)
    return codelists, tuple(problems.found)


def _codelists(file: str, header: list[str], rows: list[list[str]], problems: Problems) -> dict[str, Published]:
    found: dict[str, Published] = {}
    places = [header.index(name) if name in header else None for name in COLUMNS]
    for line, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != len(header):
            message = f"The line has {len(row)} values, but there are {len(header)} columns."
            problems.add(Mark(file, line, 1), "", message, "spec-terminology")
            continue
        name, code, extensible, term, term_code, decode, standard = ("" if place is None else row[place] for place in places)
        codelist = found.get(name)
        if codelist is None:
            codelist = found[name] = Published(name, Mark(file, line, 1), (code, extensible, standard.split(" ")[0]))
        for message in _faults(codelist, (code, extensible, standard.split(" ")[0]), term, term_code):
            problems.add(Mark(file, line, 1), name, message, "spec-terminology")
        codelist.release = max(codelist.release, _release(standard))
        codelist.terms[term] = (line, term_code, decode)
    return found


def _release(standard: str) -> str:
    """The date of a release; blank if the standard is not a release of CDISC terminology.

    >>> _release("SDTM CT 2022-09-30"), _release("ISO 3166-1 alpha-3")
    ('2022-09-30', '')
    """
    found = TERMINOLOGY.fullmatch(standard)
    return found[2] if found else ""


def _faults(codelist: Published, attributes: tuple[str, str, str], term: str, term_code: str) -> Iterator[str]:
    """What is wrong in a line of a table."""
    if not codelist.name or not term:
        yield "A line needs a codelist and a term."
    if term in codelist.terms:
        yield f"Term '{term}' is in the codelist twice, first on line {codelist.terms[term][0]}. Delete one of them."
    if attributes != codelist.attributes:
        yield f"The line has other attributes than line {codelist.mark.line}. A codelist has one code, one package, and is extensible or not."
    if attributes[1] not in ("Yes", "No", ""):
        yield f"extensible must be Yes or No, not '{attributes[1]}'."
    for code in (attributes[0], term_code):
        if code and CODE.fullmatch(code) is None:
            yield f"A code must be a C with digits, such as C66742, not '{code}'."


def with_terminology(layers: Iterable[LocatedMap], published: Mapping[str, Published], problems: Problems) -> LocatedMap:
    """The codelists of the YAML of all layers, each merged over the published codelist of its name, or of its `subset_of:`."""
    result = LocatedMap()
    for layer in layers:
        beneath = LocatedMap(result)
        for name, block in layer.items():
            base = _base(name, block, published, problems)
            if base in published and (name not in beneath or isinstance(block, LocatedMap) and SUBSET in block):
                beneath[name] = published[base].located()
        plain = LocatedMap.at({name: _without_subset(block) for name, block in layer.items()}, layer.mark)
        result = merged_codelists(beneath, plain)
        for name, block in layer.items():
            if isinstance(block, LocatedMap) and SUBSET in block:
                _check_subset(name, result[name], published.get(str(block[SUBSET])), problems)
    return result


def _base(name: str, block: object, published: Mapping[str, Published], problems: Problems) -> str:
    """The name of the published codelist beneath a codelist of YAML."""
    if not isinstance(block, LocatedMap) or SUBSET not in block:
        return name
    base = str(block[SUBSET])
    if base not in published:
        message = f"There is no published codelist '{base}'{did_you_mean(base, published)} subset_of: names a codelist of the terminology."
        problems.add(mark_of(block[SUBSET]), name, message, "spec-unknown-codelist")
    return base


def _without_subset(block: object) -> object:
    if not isinstance(block, LocatedMap):
        return block
    return LocatedMap.at({key: value for key, value in block.items() if key != SUBSET}, block.mark)


def _check_subset(name: str, block: LocatedMap, base: Published | None, problems: Problems) -> None:
    """Report terms of a subset that are not in the published codelist, unless that is extensible."""
    if base is None or base.extensible:
        return
    for term in block.get("terms") or ():
        if str(term) not in base.terms:
            message = f"'{term}' is not a term of codelist {base.name} of CDISC, which is not extensible. Delete the term, or subset_of:."
            problems.add(mark_of(term, block.mark), name, message, "spec-wrong-value")
