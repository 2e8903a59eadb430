"""Makes variables of the groups of a dataset: copies (`core:`, `all:`) and queries, each as if it had a line of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from adam.core.errors import Finding, Mark, Severity, did_you_mean
from adam.core.problems import Problems
from adam.core.sdtm import may_have
from adam.expressions.tree import Expr, Name
from adam.planning.names import DOMAIN, SourceHeader, StudyNames
from adam.planning.query_variables import queried_variables, query_variables
from adam.planning.values.references import SUBJECTS
from adam.specification.groups import CORE, QUERIES, Taken, VariableGroup
from adam.specification.models import Dataset, Value, Variable
from adam.specification.study import Study
from adam.specification.variables import NAME

RESERVED = ("PARAMETER", "WINDOW", "SRC", "STUDY", "TABLE", "STANDARD")
"""Names in formulas that are no variables."""


def with_groups(
    study: Study, headers: Mapping[str, SourceHeader] | None, problems: Problems, notes: list[Finding], files: Mapping[str, Iterable[str]]
) -> Study:
    """The study with the variables of all groups.

    Without headers a domain gives those that the file of the analysis dataset has, or else those that the specification names, with a note.
    """
    if not any(dataset.groups for dataset in study.datasets.values()):
        return study
    groups = _Groups(study, headers, problems, notes, files)
    return study.model_copy(update={"datasets": {name: groups.whole(name) for name in study.datasets}})


class _Groups:
    def __init__(
        self,
        study: Study,
        headers: Mapping[str, SourceHeader] | None,
        problems: Problems,
        notes: list[Finding],
        files: Mapping[str, Iterable[str]],
    ) -> None:
        self.study, self.headers, self.problems, self.notes, self.files = study, headers, problems, notes, files
        self.names = StudyNames(study, headers)
        lines = [each for dataset in study.datasets.values() for each in (*dataset.variables.values(), *dataset.temporary.values())]
        self.derived = {each.name for each in lines if not _is_copy(each)}
        self.done: dict[str, Dataset] = {}
        self.incomplete: set[str] = set()
        self.active: list[str] = []

    def whole(self, name: str) -> Dataset:
        """A dataset with the variables of its groups, in their place among those of its own lines."""
        if name not in self.done:
            dataset = self.study.datasets[name]
            self.active.append(name)
            self.done[name] = self._with_variables(dataset) if dataset.groups else dataset
            self.active.pop()
        return self.done[name]

    def _with_variables(self, dataset: Dataset) -> Dataset:
        found: dict[str, Variable] = {}
        own, copies = list(dataset.variables.values()), self._copies(dataset)
        for number in range(len(own) + 1):
            for group in dataset.groups:
                if group.before == number:
                    found |= copies[group]
            found |= {each.name: each for each in own[number : number + 1]}
        if dataset.name in self.incomplete:
            found |= {name: Variable(name=name, label=name, mark=dataset.mark) for name in self._open(dataset, found)}
        return dataset.model_copy(update={"variables": found, "groups": ()})

    def _open(self, dataset: Dataset, known: Collection[str]) -> list[str]:
        """The names that a group with an error may have given, so that formulas with them have no problem because of it."""
        words = {*known, *dataset.temporary, *dataset.parameters, *self.study.datasets, *RESERVED}
        return sorted(name for name in self.study.mentioned - words if NAME.fullmatch(name) and not DOMAIN.fullmatch(name))

    def _copies(self, dataset: Dataset) -> dict[VariableGroup, dict[str, Variable]]:
        """The variables of each group; one that has a line of its own, or is in an earlier group, is left out."""
        known = {*dataset.variables, *dataset.temporary}
        found: dict[VariableGroup, dict[str, Variable]] = {}
        for group in dataset.groups:
            found[group] = {}
            for variable in query_variables(self.study, dataset, group, self.problems) if group.kind == QUERIES else ():
                if variable.name not in known:
                    known.add(variable.name)
                    found[group][variable.name] = variable
            for taken in group.taken:
                for name, mark in self._taken(dataset, group, taken).items():
                    if name not in known:
                        known.add(name)
                        found[group][name] = _copy(name, taken.owner, mark)
        return found

    def _taken(self, dataset: Dataset, group: VariableGroup, taken: Taken) -> dict[str, Mark]:
        """The names that an entry takes, each with the place that messages about it name."""
        subject, owner = f"{dataset.name}.{group.kind}", taken.owner
        if (fault := self._fault(dataset, group, owner)) is not None:
            self.problems.add(taken.mark, subject, *fault)
            self.incomplete.add(dataset.name)
            return {}
        if group.kind == CORE:
            return self._core(dataset, group, owner)
        names = self._of_dataset(owner) if self.names.is_dataset(owner) else self._of_domain(dataset, taken)
        for name, mark in zip(taken.without, taken.marks, strict=True):
            if name not in names and (self.headers is not None or self.names.is_dataset(owner)):
                message = f"{owner} has no variable {name}{did_you_mean(name, names)} Correct except:."
                self.problems.add(mark, subject, message, "spec-unknown-variable")
        return {name: taken.mark for name in names if name not in taken.without}

    def _fault(self, dataset: Dataset, group: VariableGroup, owner: str) -> tuple[str, str] | None:
        """Why a group cannot take variables of an owner, and the code of the message."""
        if owner in self.active:
            chain = " → ".join((*self.active[self.active.index(owner) :], owner))
            return f"The datasets take variables of each other: {chain}. Write the variables of one of them.", "spec-cycle"
        if not self.names.is_dataset(owner) and not self.names.is_domain(owner):
            known = [*self.study.datasets, *self.study.sources, *(self.headers or ())]
            return f"There is no dataset or domain {owner}{did_you_mean(owner, known)}", "spec-unknown-source"
        if owner == SUBJECTS or self.names.is_subject_level(owner):
            return None
        if group.kind == CORE or owner not in self.names.domains_of(dataset):
            whose = (
                "core: takes variables of a dataset with one record per subject"
                if group.kind == CORE
                else f"no record of {dataset.name} comes from it"
            )
            return (
                f"{owner} has several records per subject, and {whose}. Name the dataset with one record per subject, or the source of the records.",
                "spec-several-records",
            )
        return None

    def _core(self, dataset: Dataset, group: VariableGroup, owner: str) -> dict[str, Mark]:
        """The core variables of the study, each in the dataset that has them."""
        if not self.study.core_variables:
            message = "The study has no core variables. Write core_variables: [SITEID, AGE, SEX] in study.yaml."
            self.problems.add(group.mark, f"{dataset.name}.core", message, "spec-no-core-variables")
            self.incomplete.add(dataset.name)
        known = self._of_dataset(owner) if self.names.is_dataset(owner) else self._domain_names(owner)
        for name, mark in self.study.core_variables:
            if name not in known and (self.headers is not None or self.names.is_dataset(owner)):
                message = f"{owner} has no variable {name}, but core_variables lists it{did_you_mean(name, known)}"
                self.problems.add(mark, owner, message, "spec-unknown-variable")
        return {name: group.mark for name, _ in self.study.core_variables if name in known}

    def _of_dataset(self, owner: str) -> list[str]:
        return list(self.whole(owner).variables)

    def _of_domain(self, dataset: Dataset, taken: Taken) -> list[str]:
        """The variables of a domain: those of its file, or before that is known those that the specification names."""
        if self.headers is None and dataset.name not in self.files:
            message = (
                f"all: takes the variables of {taken.owner} that its file has. Without the data only the names that the specification uses are known;"
                " give --sdtm to check them."
            )
            self.notes.append(Finding("source-unknown", Severity.NOTE, dataset.name, message, mark=taken.mark))
        names = self._domain_names(taken.owner, dataset.name)
        for name in [name for name in names if not NAME.fullmatch(name) and name not in taken.without]:
            message = f"Variable '{name}' of {taken.owner} is not a valid name of a variable. Leave it out with except:."
            self.problems.add(taken.mark, f"{dataset.name}.all", message, "spec-name")
        return names

    def _domain_names(self, domain: str, dataset: str = "") -> list[str]:
        if self.headers is None and dataset in self.files:
            return [name for name in self.files[dataset] if may_have(domain, name)]
        if self.headers is None:
            mentioned = self.study.mentioned | queried_variables(self.study)
            return sorted(name for name in mentioned - self.derived if may_have(domain, name) and NAME.fullmatch(name))
        header = self.headers.get(domain)
        return list(header.variables) if header is not None else []


def _is_copy(variable: Variable) -> bool:
    """Whether a line is a plain copy: `AETERM: AE`."""
    bare = variable.formula.expr.bare if isinstance(variable.formula, Value) else None
    return bare is not None and len(bare.parts) == 1


def _copy(name: str, owner: str, mark: Mark) -> Variable:
    """A variable as the line `NAME: OWNER` makes it."""
    return Variable(name=name, formula=Value(Expr(owner, Name((owner,)), mark)), mark=mark)
