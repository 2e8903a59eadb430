"""The datasets of a study, from the merged tree of its layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adam.core.errors import did_you_mean
from adam.core.identifiers import CLASSES
from adam.core.located import LocatedList, LocatedMap, key_of, mark_of
from adam.core.problems import Problems
from adam.core.reference_table import ReferenceTable
from adam.specification.data_families import texts_of, without_data
from adam.specification.groups import split
from adam.specification.layers import Layers
from adam.specification.merge import merged
from adam.specification.models import Dataset, WindowUse
from adam.specification.own_formulas import with_own_formulas
from adam.specification.parameters import parameters, records
from adam.specification.standard import ByName, StandardFormulas
from adam.specification.study import ClassUse
from adam.specification.variables import checks, expression, label_problem, variables


class Datasets:
    """Reads the blocks of the datasets as models and reports their problems."""

    def __init__(self, layers: Layers, problems: Problems, classes: dict[str, ClassUse], tables: Mapping[str, ReferenceTable]) -> None:
        self.layers, self.problems, self.classes, self.tables = layers, problems, classes, tables
        self.formulas = StandardFormulas(layers.sections["formulas"], self._with_subclasses(), problems)

    def _with_subclasses(self) -> list[str]:
        return [*self.classes, *(subclass for use in self.classes.values() for subclass in use.subclasses)]

    def read(self, order: object) -> dict[str, Dataset]:
        """The datasets that `datasets:` lists, in that order; without it all of the layers."""
        found = {}
        names = order if isinstance(order, LocatedList) else list(self.layers.datasets)
        if "datasets" in self.layers.study and (not isinstance(order, LocatedList) or not order):
            shown = str(order) if isinstance(order, str) else "NAME"
            message = f"datasets must be a list of the datasets to create. Write datasets: [{shown}]."
            self.problems.add(mark_of(order, key_of(self.layers.study, "datasets")), "", message, "spec-wrong-type")
        for name in names:
            if not isinstance(name, str):
                self.problems.add(mark_of(name, mark_of(order)), "", "An entry of datasets: must be the name of a dataset.", "spec-wrong-type")
                continue
            if name not in self.layers.datasets:
                if not self.layers.whole:
                    continue
                message = f"No file of the study defines dataset {name}{did_you_mean(str(name), self.layers.datasets)}"
                self.problems.add(mark_of(name), "", message, "spec-unknown-dataset")
                continue
            model = self.dataset(str(name), self.layers.datasets[name])
            if model is not None:
                found[str(name)] = model
        return found

    def dataset(self, name: str, raw: LocatedMap) -> Dataset | None:
        classes = self.classes
        taken_keys = ("dataset", "class", "records", "subjects", "variables", "temporary", "sources", "checks", "criteria", "windows", "events")
        own = LocatedMap({key: value for key, value in raw.items() if key not in (*taken_keys, "parameters", "parameter_categories")})
        own.mark = raw.mark
        class_ = str(raw.get("class", ""))
        if "class" not in raw:
            self.problems.add(
                raw.mark, name, "Key 'class' is missing. Add the class of the dataset: class: BASIC DATA STRUCTURE.", "spec-missing-key"
            )
        elif class_ not in classes and self.layers.whole:
            message = f"There is no class '{class_}'{did_you_mean(class_, classes)} The classes are {', '.join(classes)}."
            self.problems.add(mark_of(raw["class"]), name, message, "spec-unknown-class")
        elif class_ not in CLASSES and class_ in classes:
            message = f"Define-XML has no class '{class_}'{did_you_mean(class_, CLASSES)} Its classes are {', '.join(CLASSES)}."
            self.problems.add(mark_of(raw["class"]), name, message, "spec-unknown-class")
        use, standard = classes.get(class_, ClassUse()), self.formulas.of_class(str(raw.get("subclass", "")), class_)
        written, groups = split(raw.get("variables"), name, self.problems)
        extra: dict[str, Any] = {
            "name": name,
            "class_": class_,
            "mark": raw.mark,
            "marks": {str(key): mark_of(value, key_of(raw, key)) for key, value in raw.items()},
            "variables": variables(written, name, self.problems, standard),
            "groups": groups,
            "sources": self.sources(raw, name),
            "temporary": variables(raw.get("temporary"), name, self.problems, standard, temporary=True),
            "checks": self.checks(raw, name),
            "events": self.events(raw, name),
            **self.created_by(raw, name, use, standard),
        }
        self.replace_formulas(extra)
        if "key" not in own and (use.key or class_ not in classes):
            extra["key"] = use.key
        extra |= {} if "structure" in own else {"structure": use.structure}
        self.report_shared_names(extra, name)
        label = own.get("label")
        if isinstance(label, str):
            label_problem(str(label), mark_of(label), name, self.problems)
        return self.problems.model(Dataset, own, name, **extra)

    def replace_formulas(self, extra: dict[str, Any]) -> None:
        """Replace the formulas of the dataset that parameters have one for."""
        for part in ("variables", "temporary") if "parameters" in extra else ():
            extra[part], extra["parameters"] = with_own_formulas(extra[part], extra["parameters"])

    def sources(self, raw: LocatedMap, name: str) -> dict[str, dict[str, Any]]:
        """The variables that a dataset prepares in domains for itself. How a domain is read is the same for all datasets."""
        found: dict[str, dict[str, Any]] = {}
        written = raw.get("sources", LocatedMap())
        blocks = written if isinstance(written, LocatedMap) else LocatedMap.at({"": written}, mark_of(written, key_of(raw, "sources")))
        for domain, block in blocks.items():
            own = block if isinstance(block, LocatedMap) else LocatedMap.at({"": block}, mark_of(block, mark_of(domain, blocks.mark)))
            for key in [key for key in own if key != "variables"]:
                message = f"sources: of a dataset prepares variables: {{DOMAIN: {{variables: {{...}}}}}}. Move {key or 'the rest'} to study.yaml."
                self.problems.add(mark_of(key, own.mark), f"{name}.{domain}" if domain else name, message, "spec-unknown-key")
            found[str(domain)] = variables(own.get("variables"), str(domain), self.problems)
        return found

    def report_shared_names(self, extra: dict[str, Any], name: str) -> None:
        for both in [key for key in extra["temporary"] if key in extra["variables"]]:
            mark = extra["temporary"][both].mark
            self.problems.add(mark, f"{name}.{both}", "A variable and a temporary have the same name. Rename one of them.", "spec-duplicate-variable")

    def report_unused(self, raw: LocatedMap, name: str) -> None:
        """Report a block that has no effect because the records are created in another way."""
        key, why = ("records", "each parameter has its own records:") if "parameters" in raw else ("parameter_categories", "it has no parameters:")
        if key in raw:
            self.problems.add(key_of(raw, key), name, f"{key}: of the dataset has no effect here: {why}. Delete it.", "spec-unused")

    def created_by(self, raw: LocatedMap, name: str, use: ClassUse, standard: ByName) -> dict[str, Any]:
        """The rules that create the records, from `records:` or `parameters:`, with the blocks that belong to them."""
        found: dict[str, Any] = {}
        self.report_unused(raw, name)
        if "parameters" in raw:
            library, categories = self.layers.sections["parameters"], self.layers.sections["parameter_categories"]
            over = merged(categories, raw.get("parameter_categories"))
            over = over if isinstance(over, LocatedMap) else LocatedMap()
            found["parameters"] = parameters(raw, library, over, name, self.problems, standard, self._tables(raw, name))
        elif use.parameters == "required":
            self.problems.add(raw.mark, name, "Key 'parameters' is missing. A dataset of this class requires parameters:.", "spec-missing-key")
        elif "records" in raw:
            found["records"] = records(raw["records"], name, self.problems)
        else:
            self.problems.add(raw.mark, name, "Key 'records' is missing. Add it, such as records: {from: DM}.", "spec-missing-key")
        if "subjects" in raw:
            found["subjects"] = expression(raw["subjects"], "subjects", name, self.problems, key_of(raw, "subjects"))
        if "windows" in raw:
            found["windows"] = self.windows(raw, name)
        criteria = raw.get("criteria")
        if isinstance(criteria, LocatedMap) and set(criteria) == {"where"}:
            found["criteria_where"] = expression(criteria["where"], "criteria: where", name, self.problems, key_of(criteria, "where"))
        elif "criteria" in raw:
            mark = mark_of(criteria, key_of(raw, "criteria"))
            message = "criteria of a dataset has the key where: and no other. The criteria themselves are keys of a parameter."
            self.problems.add(mark, name, message, "spec-unknown-key")
        return found

    def _tables(self, raw: LocatedMap, name: str) -> Mapping[str, ReferenceTable]:
        """The tables that families of a dataset can name, also of those whose rows are not known without data."""
        texts = texts_of(self.layers.study, self.layers.datasets, self.layers.sections["checks"], self.layers.sections["results"])
        return without_data(name, raw, self.layers.sections["parameters"], self.tables, texts)

    def events(self, raw: LocatedMap, name: str) -> dict[str, Any]:
        """The named events of the layers and those of the dataset over them; one of the dataset that no parameter names is a problem."""
        own = raw.get("events", LocatedMap())
        if not isinstance(own, LocatedMap):
            self.problems.add(mark_of(own, key_of(raw, "events")), name, "events must be a block (NAME: {from: ...}).", "spec-wrong-type")
            return {}
        found = merged(self.layers.sections["events"], own)
        assert isinstance(found, LocatedMap)
        used = set(_texts(raw.get("parameters"))) | set(_texts(self.layers.sections["parameters"]))
        for event in own:
            if not isinstance(found[event], LocatedMap):
                self.problems.add(mark_of(event), name, f"{event} must be a block: {event}: {{from: ...}}.", "spec-wrong-type")
            if event not in used:
                message = f"No parameter of {name} uses the event '{event}'. Delete it, or name it under events: or censors:."
                self.problems.add(mark_of(event), name, message, "spec-unused")
        return {str(event): block for event, block in found.items() if isinstance(block, LocatedMap)}

    def windows(self, raw: LocatedMap, name: str) -> WindowUse | None:
        used, mark = raw["windows"], key_of(raw, "windows")
        if isinstance(used, LocatedMap):
            return self.problems.model(WindowUse, used, name, mark=mark)
        self.problems.add(mark_of(used, mark), name, "windows must be a block with use:, date: and reference:.", "spec-wrong-type")
        return None

    def checks(self, raw: LocatedMap, name: str) -> Any:  # noqa: ANN401
        """The checks of the layers, which apply only if the dataset has what they name, and those of the dataset over them."""
        own = raw.get("checks") or LocatedMap()
        found = checks(merged(self.layers.sections["checks"], own), name, self.problems)
        return tuple(each if not isinstance(own, LocatedMap) or each.id in own else each.model_copy(update={"shared": True}) for each in found)


def _texts(block: object) -> Iterator[str]:
    """The texts in the lists and values of a block."""
    if isinstance(block, str):
        yield block
    for each in block.values() if isinstance(block, Mapping) else block if isinstance(block, list) else ():
        yield from _texts(each)
