"""The datasets of a study, from the merged tree of its layers."""

from __future__ import annotations

from typing import Any

from adam.core.errors import suggestion
from adam.core.identifiers import CLASSES
from adam.specification.layers import Layers, merged
from adam.specification.located import LocatedList, LocatedMap, key_of, mark_of
from adam.specification.models import Dataset, WindowUse
from adam.specification.parameters import parameters, records
from adam.specification.problems import Problems
from adam.specification.study import ClassUse
from adam.specification.variables import checks, expression, label_problem, variables


class Datasets:
    """Puts the blocks of the datasets into their models; what is wrong with one is noted."""

    def __init__(self, layers: Layers, problems: Problems, classes: dict[str, ClassUse]) -> None:
        self.layers, self.problems, self.classes = layers, problems, classes

    def listed(self, order: object) -> dict[str, Dataset]:
        found = {}
        listed = order if isinstance(order, LocatedList) else list(self.layers.datasets)
        if "datasets" in self.layers.study and (not isinstance(order, LocatedList) or not order):
            shown = f": datasets: [{order}]" if isinstance(order, str) else ""
            message = f"datasets: must be a list of the datasets to make{shown}"
            self.problems.add(mark_of(order, key_of(self.layers.study, "datasets")), "", message, "spec-wrong-type")
        for name in listed:
            if not isinstance(name, str):
                self.problems.add(mark_of(name, mark_of(order)), "", "an entry of datasets: must be the name of a dataset", "spec-wrong-type")
                continue
            if name not in self.layers.datasets:
                if not self.layers.whole:
                    continue
                message = f"no file of the study begins with 'dataset: {name}'{suggestion(str(name), self.layers.datasets)}"
                self.problems.add(mark_of(name), "", message, "spec-unknown-dataset")
                continue
            model = self.dataset(str(name), self.layers.datasets[name])
            if model is not None:
                found[str(name)] = model
        return found

    def dataset(self, name: str, raw: LocatedMap) -> Dataset | None:
        classes = self.classes
        taken_keys = ("dataset", "class", "records", "subjects", "variables", "temporary", "checks", "criteria", "windows")
        own = LocatedMap({key: value for key, value in raw.items() if key not in (*taken_keys, "parameters", "parameter_categories")})
        own.mark = raw.mark
        class_ = str(raw.get("class", ""))
        if "class" not in raw:
            self.problems.add(raw.mark, name, "key 'class' is missing", "spec-missing-key")
        elif class_ not in classes and self.layers.whole:
            message = f"no layer knows class '{class_}'{suggestion(class_, classes) or '; these are known: ' + ', '.join(classes)}"
            self.problems.add(mark_of(raw["class"]), name, message, "spec-unknown-class")
        elif class_ not in CLASSES and class_ in classes:
            message = f"Define-XML has no class '{class_}'{suggestion(class_, CLASSES)}; it has {', '.join(CLASSES)}"
            self.problems.add(mark_of(raw["class"]), name, message, "spec-unknown-class")
        use = classes.get(class_, ClassUse())
        extra: dict[str, Any] = {
            "name": name,
            "class_": class_,
            "mark": raw.mark,
            "marks": {str(key): mark_of(value, key_of(raw, key)) for key, value in raw.items()},
            "variables": variables(raw.get("variables"), name, self.problems),
            "temporary": variables(raw.get("temporary"), name, self.problems, temporary=True),
            "checks": self.checks(raw, name),
            **self.making(raw, name, use),
        }
        if "key" not in own and (use.key or class_ not in classes):
            extra["key"] = use.key
        if "structure" not in own:
            extra["structure"] = use.structure
        self.twice(extra, name)
        label = own.get("label")
        if isinstance(label, str):
            label_problem(str(label), mark_of(label), name, self.problems)
        return self.problems.model(Dataset, own, name, **extra)

    def twice(self, extra: dict[str, Any], name: str) -> None:
        for both in [key for key in extra["temporary"] if key in extra["variables"]]:
            mark = extra["temporary"][both].mark
            self.problems.add(mark, f"{name}.{both}", "the name is given to a variable and to a temporary", "spec-duplicate-variable")

    def unused(self, raw: LocatedMap, name: str) -> None:
        """Note a block that the dataset never reads, because its records come about in another way."""
        key, why = ("records", "each parameter has its own records:") if "parameters" in raw else ("parameter_categories", "there are no parameters:")
        if key in raw:
            self.problems.add(key_of(raw, key), name, f"{key}: of the dataset does nothing here: {why}. Delete it.", "spec-unused")

    def making(self, raw: LocatedMap, name: str, use: ClassUse) -> dict[str, Any]:
        """How the records come about: `records:` or `parameters:`, and what goes with them."""
        made: dict[str, Any] = {}
        self.unused(raw, name)
        if "parameters" in raw:
            library, categories = self.layers.sections["parameters"], self.layers.sections["parameter_categories"]
            over = merged(categories, raw.get("parameter_categories"))
            made["parameters"] = parameters(raw["parameters"], library, over if isinstance(over, LocatedMap) else LocatedMap(), name, self.problems)
        elif use.parameters == "required":
            self.problems.add(raw.mark, name, "key 'parameters' is missing; this class has parameters", "spec-missing-key")
        elif "records" in raw:
            made["records"] = records(raw["records"], name, self.problems)
        else:
            self.problems.add(raw.mark, name, "key 'records' is missing", "spec-missing-key")
        if "subjects" in raw:
            made["subjects"] = expression(raw["subjects"], "subjects", name, self.problems, key_of(raw, "subjects"))
        if "windows" in raw:
            made["windows"] = self.windows(raw, name)
        criteria = raw.get("criteria")
        if isinstance(criteria, LocatedMap) and set(criteria) == {"where"}:
            made["criteria_where"] = expression(criteria["where"], "criteria: where", name, self.problems, key_of(criteria, "where"))
        elif "criteria" in raw:
            mark = mark_of(criteria, key_of(raw, "criteria"))
            self.problems.add(mark, name, "criteria of a dataset says 'where:' and nothing else", "spec-unknown-key")
        return made

    def windows(self, raw: LocatedMap, name: str) -> WindowUse | None:
        used, mark = raw["windows"], key_of(raw, "windows")
        if isinstance(used, LocatedMap):
            return self.problems.model(WindowUse, used, name, mark=mark)
        self.problems.add(mark_of(used, mark), name, "windows wants a block: use:, day: and date:", "spec-wrong-type")
        return None

    def checks(self, raw: LocatedMap, name: str) -> Any:  # noqa: ANN401
        """The checks of the layers, which apply only if the dataset has what they name, and those of the dataset over them."""
        own = raw.get("checks") or LocatedMap()
        found = checks(merged(self.layers.sections["checks"], own), name, self.problems)
        return tuple(each if not isinstance(own, LocatedMap) or each.id in own else each.model_copy(update={"shared": True}) for each in found)
