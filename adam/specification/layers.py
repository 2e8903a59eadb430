"""Folders to one tree: the files of a study and of the layers it extends, merged key by key (LANGUAGE §1)."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from adam.core.errors import Mark, suggestion
from adam.core.identifiers import dataset_fault, encodable
from adam.specification.located import Dropped, LocatedList, LocatedMap, LocatedStr, as_text, key_of, load, mark_of
from adam.specification.problems import Problems
from adam.specification.syntax import contents

SECTIONS = (
    "dictionary",
    "classes",
    "codelists",
    "instruments",
    "parameters",
    "parameter_categories",
    "checks",
    "results",
    "simulation",
)
SUITES = "expectations"
"""The folder of custom suites beside the YAML of a study."""


OFF = "off"
STANDARD = "adamig"
"""The layer that is the standard; what a study or another layer says of a variable is not."""


@dataclass
class Layers:
    """What the files of all layers say, merged: the study's own keys, its datasets, and the sections.

    `standard` is the dictionary of the layer `adamig` alone, which no study changes.
    `digests` are the sha256 of the bytes that were read, by path; of custom suites beside the study too, which are read later.
    """

    study: LocatedMap = field(default_factory=LocatedMap)
    datasets: LocatedMap = field(default_factory=LocatedMap)
    sections: dict[str, LocatedMap] = field(default_factory=lambda: {name: LocatedMap() for name in SECTIONS})
    standard: LocatedMap = field(default_factory=LocatedMap)
    files: list[Path] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    whole: bool = True


def merged(below: object, above: object) -> object:
    """`above` laid over `below`: mappings key by key, scalars and lists whole; nothing (`IGA:`) leaves what is below.

    `off` over something is `Dropped`, so that one that takes nothing away can be reported.
    """
    if above is None:
        return below
    if above == OFF and below is not None and (below != OFF or isinstance(below, Dropped)):
        return Dropped.over(below.below if isinstance(below, Dropped) else below, OFF, mark_of(above))
    if not (isinstance(below, LocatedMap) and isinstance(above, LocatedMap)):
        return above
    result = LocatedMap()
    result.mark = above.mark
    own = {key: key for key in above}  # the keys themselves: those of the later layer have the places messages name
    for key in [*below, *(key for key in above if key not in below)]:
        name = own.get(key, key)
        result[name] = merged(below.get(key), above[key]) if key in above else below[key]
    return result


def merged_codelists(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    """Codelists laid over those of the layers below, as `merged`; but a list of terms, or numbers where those below have none, replace them.

    A term that is also below keeps what is said of it there (decode, nci), so `RACE: {terms: {WHITE: 1, ASIAN: 2}}` is a codelist of two
    terms with the codes of CDISC: all terms have a number or none has.
    """
    result = merged(below, above)
    assert isinstance(result, LocatedMap)
    for name, block in above.items():
        terms, known = (each.get("terms") if isinstance(each, LocatedMap) else None for each in (block, below.get(name)))
        if isinstance(known, LocatedMap) and isinstance(terms, LocatedMap | LocatedList):
            whole = _replaced(known, terms)
            if whole is not None:
                result[name]["terms"] = whole
    return result


def _replaced(known: LocatedMap, terms: LocatedMap | LocatedList) -> LocatedMap | None:
    """The terms of a codelist that replace those below, with what is said of them there; None if they are laid over them, or are not right."""
    if isinstance(terms, LocatedList):
        words = [LocatedStr.at(str(as_text(term)), mark_of(term)) for term in terms]
        if len(set(words)) < len(words):
            return None
        whole, numbered = LocatedMap({word: LocatedMap() for word in words}), all(_number(known.get(word)) is not None for word in words)
    else:
        whole = LocatedMap(
            {term: entry if isinstance(entry, LocatedMap) else LocatedMap({LocatedStr("number"): entry}) for term, entry in terms.items()}
        )
        numbered = all(_number(entry) is not None for entry in known.values())
        if numbered or all(_number(entry) is None for entry in terms.values()):
            return None
    whole.mark = mark_of(terms)
    for term, entry in whole.items():
        said = known.get(term)
        own = said if isinstance(said, LocatedMap) else LocatedMap({LocatedStr("number"): said} if said is not None else {})
        whole[term] = LocatedMap({**{key: value for key, value in own.items() if numbered or key != "number"}, **entry})
    return whole


def _number(entry: object) -> object:
    """The number of a term as it is written: `A: 1`, or `A: {number: 1}`."""
    return entry.get("number") if isinstance(entry, LocatedMap) else entry


def expanded(variables: object, subject: str, problems: Problems) -> object:
    """A mapping of variables with `A, B: DM` as one entry for each name, each at its own column."""
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
                problems.add(name.mark, f"{subject}.{name}", f"the variable is given twice; first on line {first.line}", "spec-duplicate-variable")
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
        """Read one folder after the ones it extends."""
        real = folder.resolve()
        if real in self.done:
            return
        self.done.add(real)
        files = sorted(each for each in folder.iterdir() if each.suffix.lower() in (".yaml", ".yml"))
        loaded = [(file, content) for file in files if (content := self.loaded(file, real)) is not None]
        for file, content in loaded:
            self.extends(file, content, (*path, real))
        here = Layers()
        for file, content in loaded:
            self.file(file, content, here)
        if real.name == STANDARD:
            self.layers.standard = here.sections["dictionary"]
        self.lay(here)

    def loaded(self, file: Path, folder: Path) -> LocatedMap | None:
        """What one file holds; None, with its problems noted, where it cannot be read."""
        mark = Mark(os.path.normpath(file))
        if not file.is_file():
            message = "This is not a file, so it cannot be read. A specification file is a regular file; rename or move this one."
            self.problems.add(mark, "", message, "yaml-not-a-file")
            self.layers.whole = False
            return None
        if not encodable(f"{folder.name}/{file.name}"):
            self.problems.add(mark, "", "the name of the file or of its folder is not UTF-8. Rename it", "yaml-encoding")
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
            target = located(file.parent, str(name))
            if target is None:
                message = f"extends '{name}', and there is no such folder beside the study or among the standard layers"
                self.problems.add(mark_of(name), "", message, "spec-extends-missing")
                self.layers.whole = False
            elif target.resolve() in path:
                chain = " → ".join(p.name for p in (*path[path.index(target.resolve()) :], target.resolve()))
                self.problems.add(mark_of(name), "", f"layers extend each other: {chain}", "spec-extends-loop")
            else:
                self.folder(target, path)

    def file(self, file: Path, content: LocatedMap, here: Layers) -> None:  # noqa: C901  (one case a top key)
        """Sort what one file says into the study, a dataset, or sections."""
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
                self.problems.add(key_of(content, key), "", f"{key}: wants a block (key: value)", "spec-wrong-type")
            elif not own:
                known = ["study", "dataset", *SECTIONS]
                message = f"unknown key '{key}'; a file is known by its top keys: {', '.join(known)}{suggestion(key, known)}"
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
        for entry in value:
            if entry in before:
                first = key_of(before, entry)
                self.problems.add(mark_of(entry), "", f"{key}: '{entry}' is given twice; first at {first}", "spec-duplicate-entry")
        if key == "instruments":
            for name, block in value.items():
                if isinstance(block, LocatedMap) and isinstance(block.get("items"), LocatedMap):
                    block["items"] = expanded(block["items"], str(name), self.problems)
        merged_section = merged(before, value)
        here.sections[key] = merged_section if isinstance(merged_section, LocatedMap) else before

    def dataset(self, content: LocatedMap, here: Layers) -> None:
        name = content["dataset"]
        if not isinstance(name, str):
            self.problems.add(key_of(content, "dataset"), "", "dataset: wants a name, as text", "spec-wrong-type")
            return
        if fault := dataset_fault(name):
            self.problems.add(mark_of(name), "", fault, "spec-name")
        if name in here.datasets:
            first = key_of(here.datasets, name)
            self.problems.add(mark_of(name), name, f"the dataset is given twice; first at {first}", "spec-duplicate-entry")
            return
        for part in ("variables", "temporary"):
            if part in content:
                content[next(k for k in content if k == part)] = expanded(content[part], name, self.problems)
        content.mark = mark_of(name)
        here.datasets[LocatedStr.at(name, mark_of(name))] = content

    def lay(self, here: Layers) -> None:
        """Lay what one folder says over the layers below it."""
        for attribute in ("study", "datasets"):
            result = merged(getattr(self.layers, attribute), getattr(here, attribute))
            setattr(self.layers, attribute, result)
        for key, value in here.sections.items():
            below = self.layers.sections[key]
            result = merged_codelists(below, value) if key == "codelists" else merged(below, value)
            self.layers.sections[key] = result if isinstance(result, LocatedMap) else value


def standard_layers() -> Path:
    """The folder of the layers that come with the package."""
    packaged = Path(__file__).parents[1] / "specs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "specs"


def located(folder: Path, name: str) -> Path | None:
    """The folder `name` means when a file in `folder` extends it: beside the study, or among the standard layers."""
    for candidate in (folder / name, standard_layers() / Path(name).name):
        if candidate.is_dir():
            return Path(os.path.normpath(candidate))
    return None


def collect(folder: Path, problems: Problems) -> Layers:
    """All files of a study folder and of the layers it extends, merged."""
    reader = _Reader(problems)
    reader.folder(folder, ())
    for suite in sorted((folder / SUITES).glob("*.json")):
        if suite.is_file():
            reader.layers.digests[str(suite)] = hashlib.sha256(suite.read_bytes()).hexdigest()
    _standard(reader.layers, problems)
    return reader.layers


def _standard(layers: Layers, problems: Problems) -> None:
    """Without a layer of the standard every class and variable is unknown: that is one problem and not one for each of them."""
    if layers.study and layers.whole and not layers.sections["dictionary"] and not layers.sections["classes"]:
        mark = key_of(layers.study, "study")
        message = "No layer of the standard is read, so no class and no variable of ADaM is known. Add the line 'extends: adamig'."
        problems.add(mark, "", message, "spec-no-standard")
        layers.whole = False
