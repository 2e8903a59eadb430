"""Merges the files of a study and of the layers it extends into one tree, key by key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from adam.core.errors import Mark, did_you_mean
from adam.core.identifiers import dataset_fault, encodable
from adam.core.located import LocatedList, LocatedMap, LocatedStr, key_of, load, mark_of
from adam.core.problems import Problems
from adam.core.yaml_syntax import contents
from adam.specification.merge import merged
from adam.specification.standard import is_class, merged_by_class
from adam.specification.terminology import Published, read_table, with_terminology

SECTIONS = (
    "dictionary",
    "formulas",
    "classes",
    "codelists",
    "instruments",
    "events",
    "parameters",
    "parameter_categories",
    "tables",
    "checks",
    "displays",
    "results",
    "guide",
    "simulation",
)
SUITES = "expectations"
"""The folder of custom suites, next to the YAML of a study."""


STANDARD = "adamig"
"""The layer of the standard; entries of a study or another layer are not the standard."""


MERGED = {"formulas": merged_by_class}
"""How the sections merge that are not merged key by key; codelists are merged when all layers are read."""


@dataclass
class Layers:
    """The files of all layers, merged: the keys of the study, its datasets, and the sections.

    `standard` is the dictionary of the layer `adamig` alone. `published` are the codelists of the tables of CDISC terminology, `codelists`
    those of the YAML, layer by layer. `digests` are the sha256 by path of every file read, and of the custom suites, which are read later.
    `tables` are the files of reference tables and of terminology, each with the YAML file that names it. `whole` is false if a file could
    not be read: then names can be missing without being wrong.
    """

    study: LocatedMap = field(default_factory=LocatedMap)
    datasets: LocatedMap = field(default_factory=LocatedMap)
    sections: dict[str, LocatedMap] = field(default_factory=lambda: {name: LocatedMap() for name in SECTIONS})
    standard: LocatedMap = field(default_factory=LocatedMap)
    files: list[Path] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    tables: dict[Path, Path] = field(default_factory=dict)
    published: dict[str, Published] = field(default_factory=dict)
    codelists: list[LocatedMap] = field(default_factory=list)
    whole: bool = True


def expanded(variables: object, subject: str, problems: Problems) -> object:
    """A mapping with one entry for each name of `A, B: DM`, each with its own column."""
    if not isinstance(variables, LocatedMap):
        return variables
    result = LocatedMap()
    result.mark = variables.mark
    for key, value in variables.items():
        offset = 0
        for part in str(key).split(","):
            name = LocatedStr.at(part.strip(), mark_of(key).shifted(offset + len(part) - len(part.lstrip())))
            offset += len(part) + 1
            if name in result:
                first = key_of(result, name)
                problems.add(
                    name.mark,
                    f"{subject}.{name}",
                    f"{name} is defined twice, first on line {first.line}. Delete one of the definitions.",
                    "spec-duplicate-variable",
                )
            elif name:
                result[name] = value
            else:
                problems.add(name.mark, subject, f"A name is missing in '{key}'. Names on one line are separated by one comma: A, B.", "spec-name")
    return result


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.layers = Layers()
        self.done: set[Path] = set()

    def folder(self, folder: Path, path: tuple[Path, ...]) -> None:
        """Read the layers that a folder extends, then the folder."""
        real = folder.resolve()
        if real in self.done:
            return
        self.done.add(real)
        files = sorted(each for each in folder.iterdir() if each.suffix.lower() in (".yaml", ".yml"))
        loaded = [(file, content) for file in files if (content := self.loaded(file, real)) is not None]
        for file, content in loaded:
            self.extends(file, content, (*path, real))
        for file, content in loaded:
            self.terminology(file, content)
        here = Layers()
        for file, content in loaded:
            self.file(file, content, here)
        if real.name == STANDARD:
            self.layers.standard = here.sections["dictionary"]
        self.merge(here)

    def loaded(self, file: Path, folder: Path) -> LocatedMap | None:
        """The content of one file; None, and its problems, if it cannot be read."""
        mark = Mark(os.path.normpath(file))
        if not file.is_file():
            message = "This is not a file, so it cannot be read. A specification file is a regular file; rename or move this one."
            self.problems.add(mark, "", message, "yaml-not-a-file")
            self.layers.whole = False
            return None
        if not encodable(f"{folder.name}/{file.name}"):
            self.problems.add(mark, "", "The name of the file or of its folder is not UTF-8. Rename it.", "yaml-encoding")
        raw = contents(file)
        self.layers.digests[str(file)] = hashlib.sha256(raw).hexdigest()
        self.layers.files.append(file)
        content, problems = load(file, mark.file, raw)
        self.problems.extend(problems)
        self.layers.whole = self.layers.whole and content is not None
        return content

    def extends(self, file: Path, content: LocatedMap, path: tuple[Path, ...]) -> None:
        below = content.pop("extends", None)
        for name in below if isinstance(below, LocatedList) else [below] if below is not None else []:
            target = layer_folder(file.parent, str(name))
            if target is None:
                message = f"There is no layer '{name}': no folder of this name is next to the study or among the standard layers. Correct extends:."
                self.problems.add(mark_of(name), "", message, "spec-extends-missing")
                self.layers.whole = False
            elif target.resolve() in path:
                chain = " → ".join(p.name for p in (*path[path.index(target.resolve()) :], target.resolve()))
                self.problems.add(mark_of(name), "", f"Layers extend each other: {chain}. Remove one extends:.", "spec-extends-loop")
            else:
                self.folder(target, path)

    def terminology(self, file: Path, content: LocatedMap) -> None:
        """Read the tables of CDISC terminology that a file names; a codelist of a later one replaces that of an earlier one."""
        listed = content.pop("terminology", None)
        for name in listed if isinstance(listed, LocatedList) else [listed] if listed is not None else []:
            path = file.parent / str(name)
            codelists, digest = read_table(path, PurePosixPath(str(name)), mark_of(name, Mark(os.path.normpath(file))), self.problems)
            self.layers.published |= codelists
            if digest and str(path) not in self.layers.digests:
                self.layers.tables[path] = file
                self.layers.digests[str(path)] = digest

    def file(self, file: Path, content: LocatedMap, here: Layers) -> None:  # noqa: C901  (one case a top key)
        """Add the content of one file to the study, the datasets or the sections."""
        name = os.path.normpath(file)
        if "dataset" in content:
            self.dataset(content, here)
            return
        own = content if "study" in content else LocatedMap()
        for key, value in content.items():
            section = key in SECTIONS and not (own and key == "checks")
            if section and isinstance(value, LocatedMap):
                self.section(key, value, here)
            elif section:
                self.problems.add(key_of(content, key), "", f"{key} must be a block (key: value).", "spec-wrong-type")
            elif not own:
                known = ["study", "dataset", "terminology", *SECTIONS]
                message = f"Unknown key '{key}'{did_you_mean(key, known)} The top keys of a file are {', '.join(known)}."
                self.problems.add(mark_of(key, Mark(name)), "", message, "spec-unknown-key")
        for key in [key for key in own if key in SECTIONS and key != "checks"]:
            del own[key]
        if own:
            sources = own.get("sources")
            for domain, block in sources.items() if isinstance(sources, LocatedMap) else ():
                if isinstance(block, LocatedMap) and "variables" in block:
                    block[LocatedStr.at("variables", key_of(block, "variables"))] = expanded(block["variables"], domain, self.problems)
            here.study = own

    def section(self, key: str, value: LocatedMap, here: Layers) -> None:
        before = here.sections[key]
        for entry, block in value.items():
            if entry in before and _holds_entries(key, entry) and isinstance(block, LocatedMap) and isinstance(before[entry], LocatedMap):
                self.twice(f"{key}: {entry}", block, before[entry])
            elif entry in before:
                self.twice(key, {entry: block}, before)
        if key == "instruments":
            for name, block in value.items():
                if isinstance(block, LocatedMap) and isinstance(block.get("items"), LocatedMap):
                    block["items"] = expanded(block["items"], str(name), self.problems)
        if key == "formulas":
            value = self.formulas(value)
        merged_section = merged(before, value)
        here.sections[key] = merged_section if isinstance(merged_section, LocatedMap) else before

    def twice(self, section: str, entries: Mapping[str, object], before: LocatedMap) -> None:
        """Report the entries that another file of the same folder has."""
        for entry in entries:
            if entry in before:
                message = f"'{entry}' is defined twice in {section}, first at {key_of(before, entry)}. Delete one of the definitions."
                self.problems.add(mark_of(entry), "", message, "spec-duplicate-entry")

    def formulas(self, section: LocatedMap) -> LocatedMap:
        """Formulas by name, with an entry for each name of a line; those of a class are a block of their own."""
        whole = expanded(section, "formulas", self.problems)
        assert isinstance(whole, LocatedMap)
        for name in [name for name in whole if is_class(name)]:
            whole[name] = expanded(whole[name], str(name), self.problems)
        return whole

    def dataset(self, content: LocatedMap, here: Layers) -> None:
        name = content["dataset"]
        if not isinstance(name, str):
            self.problems.add(key_of(content, "dataset"), "", "dataset must be the name of a dataset. Write dataset: NAME.", "spec-wrong-type")
            return
        if fault := dataset_fault(name):
            self.problems.add(mark_of(name), "", fault, "spec-name")
        if name in here.datasets:
            first = key_of(here.datasets, name)
            self.problems.add(
                mark_of(name), name, f"Dataset {name} is defined twice, first at {first}. Delete one of the definitions.", "spec-duplicate-entry"
            )
            return
        for part in ("variables", "temporary", "parameters"):
            if part in content:
                content[next(k for k in content if k == part)] = expanded(content[part], name, self.problems)
        for domain, block in content["sources"].items() if isinstance(content.get("sources"), LocatedMap) else ():
            if isinstance(block, LocatedMap) and "variables" in block:
                block[next(k for k in block if k == "variables")] = expanded(block["variables"], f"{name}.{domain}", self.problems)
        content.mark = mark_of(name)
        here.datasets[LocatedStr.at(name, mark_of(name))] = content

    def merge(self, here: Layers) -> None:
        """Merge the content of one folder over the layers below it."""
        for attribute in ("study", "datasets"):
            result = merged(getattr(self.layers, attribute), getattr(here, attribute))
            setattr(self.layers, attribute, result)
        self.layers.codelists.append(here.sections["codelists"])
        for key, value in here.sections.items():
            below = self.layers.sections[key]
            result = MERGED.get(key, merged)(below, value)
            self.layers.sections[key] = result if isinstance(result, LocatedMap) else value


def _holds_entries(section: str, name: str) -> bool:
    """Whether an entry of a section is itself a list of entries, those of a class, which several files may have."""
    return section == "dictionary" or (section == "formulas" and is_class(name))


def standard_layers() -> Path:
    """The folder of the layers of the package."""
    packaged = Path(__file__).parents[1] / "specs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "specs"


def layer_folder(folder: Path, name: str) -> Path | None:
    """The folder of the layer `name` of a file in `folder`: next to the study, or among the standard layers; None if there is none."""
    for candidate in (folder / name, standard_layers() / Path(name).name):
        if candidate.is_dir():
            return Path(os.path.normpath(candidate))
    return None


def collect(folder: Path, problems: Problems) -> Layers:
    """The merged files of a study folder and of the layers it extends."""
    reader = _Reader(problems)
    reader.folder(folder, ())
    for suite in sorted((folder / SUITES).glob("*.json")):
        if suite.is_file():
            reader.layers.digests[str(suite)] = hashlib.sha256(suite.read_bytes()).hexdigest()
    reader.layers.sections["codelists"] = with_terminology(reader.layers.codelists, reader.layers.published, problems)
    _standard(reader.layers, problems)
    return reader.layers


def _standard(layers: Layers, problems: Problems) -> None:
    """Report a study without a layer of the standard once, and not for each class and variable that is unknown because of it."""
    if layers.study and layers.whole and not layers.sections["dictionary"] and not layers.sections["classes"]:
        mark = key_of(layers.study, "study")
        message = "The study extends no layer of the standard, so no class or variable of ADaM is known. Add the line 'extends: adamig'."
        problems.add(mark, "", message, "spec-no-standard")
        layers.whole = False
