"""Reads the folder of a study as a `Study`, or reports all of its problems at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from adam.core.collector import without_collector
from adam.core.errors import SpecError, UsageError, did_you_mean
from adam.core.located import LocatedList, LocatedMap, LocatedStr, as_text, key_of, mark_of
from adam.core.problems import Problems
from adam.core.reference_table import ReferenceTable
from adam.specification.blocks import constants, numbered, study_name
from adam.specification.codelists import check_codelist
from adam.specification.datasets import Datasets
from adam.specification.dictionary import ANY, SDTM
from adam.specification.duplicates import check_duplicates, check_numbers
from adam.specification.groups import core_variables, mentioned
from adam.specification.guide import read_guide
from adam.specification.instruments import instruments
from adam.specification.language import language_problem
from adam.specification.layers import Layers, collect
from adam.specification.models import Codelist, Dataset, DictionaryEntry, SourceUse, Window
from adam.specification.results import displays, results
from adam.specification.standard import StandardFormulas
from adam.specification.study import ClassUse, Study, Waiver
from adam.specification.tables import reference_tables, with_tables
from adam.specification.variables import checks, variables
from adam.specification.windows import check_windows

TAKEN = ("language", "study", "datasets", "sources", "windows", "periods", "phases", "checks", "waivers", "constants", "core_variables")
"""The keys of study.yaml that this module reads; the model of a study reads the others."""
OURS = ("name", "folder", "files", "standard", "unlisted", "unused_formulas", "mentioned", "digests")
"""The fields of a study that are not keys of study.yaml."""


def read(folder: Path) -> Study:
    """The study in `folder`.

    Raises:
        UsageError: there is no such folder, or no study in it.
        SpecError: all problems of its files.
    """
    study, problems = attempt(folder)
    if problems.found or study is None:
        raise SpecError(problems.found)
    return study


def named(files: Sequence[Path]) -> tuple[tuple[str, Path], ...]:
    """The files of a study and its layers, each with the shortest path from a folder that makes all names differ.

    Copies with these names in one folder still extend each other. No name is absolute, so each can be joined to a folder.

    >>> [name for name, _ in named([Path("s/a.yaml"), Path("x/adamig/a.yaml")])]
    ['s/a.yaml', 'adamig/a.yaml']
    >>> [name for name, _ in named([Path("x/layer/a.yaml"), Path("y/layer/a.yaml")])]
    ['x/layer/a.yaml', 'y/layer/a.yaml']
    >>> [name for name, _ in named([Path("/layer/a.yaml"), Path("/y/layer/a.yaml")])]
    ['layer/a.yaml', 'y/layer/a.yaml']
    """
    whole = [file.resolve() if file.is_absolute() or ".." in file.parts or not file.parent.name else file for file in files]
    inside = [file.relative_to(file.anchor) for file in whole]
    for depth in range(2, 2 + max((len(file.parts) for file in inside), default=0)):
        names = ["/".join(file.parts[-depth:]) for file in inside]
        if len(set(names)) == len(names):
            return tuple(zip(names, files, strict=True))
    raise ValueError(f"A file is listed twice: {', '.join(map(str, files))}")


def attempt(folder: Path, found: Mapping[str, ReferenceTable] = MappingProxyType({})) -> tuple[Study | None, Problems]:
    """The study in `folder` as far as it can be read, and its problems; None if a plan would only repeat them.

    `found` has the rows of parameter families that were found in the data.

    Raises:
        UsageError: there is no such folder, or no study in it.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, but a study is a folder with study.yaml. Name the folder: {folder.parent}")
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. A study is a folder with study.yaml.")
    problems = Problems()
    with without_collector():
        return _attempt(folder, problems, found), problems


def _attempt(folder: Path, problems: Problems, found: Mapping[str, ReferenceTable]) -> Study | None:
    layers = collect(folder, problems)
    if not layers.study and not problems.found:
        raise UsageError(f"{folder} has no study. A study is a folder with a file whose top key is 'study:'.")
    if layers.study and (problem := language_problem(layers.study)) is not None:
        problems.extend([problem])
        return None
    study = _Assembly(folder, layers, problems, found).study() if layers.study else None
    return study if layers.whole and not problems.unread else None


class _Assembly:
    """Reads the merged tree of the layers as models."""

    def __init__(self, folder: Path, layers: Layers, problems: Problems, found: Mapping[str, ReferenceTable]) -> None:
        self.folder, self.layers, self.problems, self.found = folder, layers, problems, found
        self.entries: dict[int, DictionaryEntry] = {}

    def block(self, raw: object, subject: str) -> LocatedMap:
        """`raw` as a mapping; an empty one, and a problem, if it is not a mapping."""
        if raw is None:
            return LocatedMap()
        if not isinstance(raw, LocatedMap):
            self.problems.add(mark_of(raw), subject, f"{subject} must be a block (key: value).", "spec-wrong-type")
            return LocatedMap()
        return raw

    def study(self) -> Study | None:
        own = LocatedMap(self.layers.study)
        own.mark = self.layers.study.mark
        taken = {key: own.pop(key, None) for key in TAKEN}
        extra: dict[str, Any] = {
            "name": study_name(taken["study"], key_of(self.layers.study, "study"), self.problems),
            "folder": self.folder,
            "tables": {**reference_tables(self.layers, self.folder, self.problems), **self.found},
            "files": with_tables(named(self.layers.files), self.layers.tables),
            "digests": self.layers.digests,
            "constants": constants(self.block(taken["constants"], "constants"), self.problems),
            "periods": numbered(self.block(taken["periods"], "periods"), "periods", self.problems),
            "phases": numbered(self.block(taken["phases"], "phases"), "phases", self.problems),
            "windows": self.windows(taken["windows"]),
            "sources": self.sources(taken["sources"]),
            "checks": checks(taken["checks"], "", self.problems),
            "waivers": self.waivers(taken["waivers"]),
            "core_variables": core_variables(taken["core_variables"], self.problems),
            **self.sections(),
        }
        datasets = Datasets(self.layers, self.problems, extra["classes"], extra["tables"])
        extra["datasets"] = datasets.read(taken["datasets"])
        extra["guide"] = read_guide(self.layers.sections["guide"], extra["datasets"], self.problems)
        extra["mentioned"] = self.mentioned(extra["datasets"], datasets.formulas)
        extra["unused_formulas"] = dict(datasets.formulas.unused(self.folder))
        extra["unlisted"] = {
            str(name): tuple(map(str, raw["checks"]))
            for name, raw in self.layers.datasets.items()
            if name not in extra["datasets"] and isinstance(raw.get("checks"), LocatedMap)
        }
        self.report_unknown(own, taken)
        check_numbers(own.get("treatments"), "treatments", self.problems)
        for block in (self.layers.study, self.layers.datasets):
            check_duplicates(block, "", self.problems, block.mark)
        return self.problems.model(Study, own, "", **extra)

    def mentioned(self, datasets: Mapping[str, Dataset], formulas: StandardFormulas) -> frozenset[str]:
        """The names in formulas; they are needed only if a dataset has groups of variables."""
        if not any(dataset.groups for dataset in datasets.values()):
            return frozenset()
        read = [self.layers.sections[name] for name in ("parameters", "parameter_categories", "events", "checks", "results")]
        keys = [name for dataset in datasets.values() for name in dataset.order]
        return mentioned(self.layers.study, self.layers.datasets, keys, list(formulas.taken()), *read)

    def report_unknown(self, own: LocatedMap, taken: dict[str, object]) -> None:
        """Report unknown keys of study.yaml, with the nearest known one."""
        known = [*taken, "extends", *(name for name in Study.model_fields if name not in OURS)]
        for key in [key for key in own if key not in known or key in OURS]:
            self.problems.add(mark_of(key), "", f"Unknown key '{key}'{did_you_mean(key, known)}", "spec-unknown-key")
            del own[key]

    def windows(self, raw: object) -> dict[str, dict[str, Window]]:
        found: dict[str, dict[str, Window]] = {}
        for table, visits in self.block(raw, "windows").items():
            entries = self.block(visits, f"windows.{table}")
            models = {
                str(visit): self.problems.model(Window, block, f"{table}.{visit}", name=str(visit), mark=mark_of(visit))
                for visit, block in entries.items()
            }
            found[str(table)] = {visit: window for visit, window in models.items() if window is not None}
            check_windows(str(table), found[str(table)], self.problems)
        return found

    def sources(self, raw: object) -> dict[str, SourceUse]:
        found = {}
        for domain, block in self.block(raw, "sources").items():
            own = self.block(block, str(domain))
            rest = LocatedMap({key: value for key, value in own.items() if key != "variables"})
            rest.mark = own.mark
            added = variables(own.get("variables"), str(domain), self.problems)
            model = self.problems.model(SourceUse, rest, str(domain), name=str(domain), variables=added, mark=mark_of(domain))
            if model is not None:
                found[str(domain)] = self.encoded(model, rest)
        return found

    def encoded(self, use: SourceUse, block: LocatedMap) -> SourceUse:
        """A source with a known encoding; one with an encoding that Python does not have is reported and loses it."""
        try:
            stated = use.encoding if "encoding" in block else "utf-8"
            "A".encode(stated).decode(stated)  # Python does not look up the encoding of an empty text
        except (LookupError, ValueError):
            message = f"'{use.encoding}' is not a known encoding of text. Use a name such as utf-8, windows-1252, shift_jis or gb18030."
            self.problems.add(mark_of(block["encoding"], use.mark), use.name, message, "spec-unknown-encoding")
            return use.model_copy(update={"encoding": ""})
        return use

    def waivers(self, raw: object) -> tuple[Waiver, ...]:
        entries = raw if isinstance(raw, LocatedList) else [] if raw is None else [raw]
        models = [self.problems.model(Waiver, entry, "waivers", mark=mark_of(entry)) for entry in entries]
        return tuple(model for model in models if model is not None)

    def sections(self) -> dict[str, Any]:
        section = self.layers.sections
        classes = {str(name): self.problems.model(ClassUse, block, str(name)) for name, block in section["classes"].items()}
        subclasses = [each for block in classes.values() if block for each in block.subclasses]
        self.report_no_class("dictionary", [ANY, *classes, *subclasses, SDTM], "Write a variable under its class, or under ANY.")
        codelists: dict[str, Codelist | None] = {name: each.model for name, each in self.layers.published.items() if name not in section["codelists"]}
        codelists |= {str(name): self.codelist(name, block) for name, block in section["codelists"].items()}
        return {
            "dictionary": self.dictionary(section["dictionary"], self.problems),
            "standard": self.dictionary(self.layers.standard, Problems()),
            "classes": {name: model for name, model in classes.items() if model},
            "codelists": {name: model for name, model in codelists.items() if model},
            "instruments": instruments(section["instruments"], self.problems),
            "displays": displays(section["displays"], self.problems),
            "results": results(section["results"], self.problems),
            "simulation": section["simulation"],
        }

    def report_no_class(self, key: str, known: Collection[str], cure: str) -> None:
        """Report each entry of a section that is not a class: nothing would read it."""
        for name in self.layers.sections[key] if self.layers.whole else ():
            if name not in known:
                message = f"'{name}' is not a class; {key}: lists classes ({', '.join(known)}). {cure}"
                self.problems.add(mark_of(name), "", message, "spec-unknown-class")

    def dictionary(self, section: LocatedMap, problems: Problems) -> dict[str, dict[str, DictionaryEntry]]:
        found: dict[str, dict[str, DictionaryEntry]] = {}
        for class_, entries in section.items():
            found[str(class_)] = {}
            for name, block in self.block(entries, str(class_)).items():
                model = self.entries.get(id(block)) or problems.model(DictionaryEntry, block, f"{class_}.{name}")
                if model is not None:
                    self.entries[id(block)] = model  # most entries of the whole dictionary are those of the standard
                    found[str(class_)][str(name)] = model
        return found

    def codelist(self, name: LocatedStr | str, raw: object) -> Codelist | None:
        block = LocatedMap(self.block(raw, str(name)))
        block.mark = mark_of(raw, mark_of(name))
        terms = block.get("terms")
        if terms is not None and (not terms or (isinstance(terms, LocatedList) and any(not isinstance(as_text(term), str) for term in terms))):
            self.problems.add(mark_of(terms, block.mark), str(name), "terms must list at least one text. Write terms: [A, B].", "spec-wrong-type")
            return None
        if isinstance(terms, LocatedList):
            block["terms"] = {str(as_text(term)): LocatedMap() for term in terms}
            if len(block["terms"]) < len(terms):
                self.problems.add(mark_of(terms), str(name), "A term is listed twice. Delete one of them.", "spec-duplicate-entry")
        elif isinstance(terms, LocatedMap):
            block["terms"] = {str(term): entry if isinstance(entry, LocatedMap) else {"number": entry} for term, entry in terms.items()}
        model = self.problems.model(Codelist, block, str(name), name=str(name), mark=mark_of(name))
        if model is not None:
            check_codelist(model, self.problems)
        return model
