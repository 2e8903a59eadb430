"""The names a check may use, with their kinds: those of the files, not temporaries. What a rule reads is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from adam.core.errors import did_you_mean
from adam.core.kinds import OF_TYPE, ValueKind
from adam.expressions.check import UnknownName, is_date
from adam.expressions.possible import Possible
from adam.expressions.tree import Comparison, Expr, Literal, Membership, Name, Node, walk
from adam.planning.values import ResolvedDataset, ResolvedStudy, closed
from validation.contracts import domains_of, source_of
from validation.origins import replaces
from validation.records import SUBJECT, SUBJECTS, sequence

Headers = Mapping[str, Mapping[str, ValueKind]]
"""The variables of each domain that was collected, with their kinds."""


class Scope:
    """The names of a dataset's checks. `read` gathers the source variables, `needs` the datasets and domains of the rule at hand.

    `headers` are the collected variables; without them any variable of a domain is accepted. Without `sound` some formulas have problems, and
    nothing may be generated from formulas and record rules.
    """

    def __init__(  # noqa: PLR0913  (all that is known of the study)
        self,
        study: ResolvedStudy,
        dataset: ResolvedDataset,
        datasets: Mapping[str, ResolvedDataset],
        within: Scope | None = None,
        headers: Headers | None = None,
        *,
        sound: bool = True,
    ) -> None:
        self.study, self.dataset, self.datasets = study, dataset, datasets
        self.headers: Headers | None = within.headers if within else headers
        self.sound: bool = within.sound if within else sound
        self.read: dict[str, set[str]] = within.read if within else {}
        self.needs: set[str] = within.needs if within else set()

    def of(self, dataset: ResolvedDataset) -> Scope:
        """The names of another dataset, for the same rule."""
        return Scope(self.study, dataset, self.datasets, self)

    def known(self, name: str) -> ResolvedDataset | None:
        """A dataset of the study, resolved if this run makes it; the rule needs it."""
        found = self.datasets.get(name) or self.study.datasets.get(name)
        if found is not None and name != self.dataset.name:
            self.needs.add(name)
        return found

    def collects(self, domain: str, names: Iterable[str]) -> None:
        """Note that a rule reads variables of a domain, with the key of its records."""
        key = SUBJECT if domain == SUBJECTS else [*SUBJECT, sequence(domain)]
        self.read.setdefault(domain, set()).update([*key, *names])
        self.needs.add(domain)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains the records of the dataset come from."""
        return tuple(dict.fromkeys(domains_of(self.dataset)))

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name."""
        if name.owner == "STUDY":
            return self.constant(name)
        if len(name.parts) > 2:
            message = f"{name} has several records per subject; a check of records names X, or a variable of its subject"
            raise UnknownName(message, "spec-several-records")
        if not name.owner or name.owner == self.dataset.name:
            return self.variable(self.dataset, name.last)
        dataset = self.known(name.owner)
        if dataset is not None:
            if dataset.parameters or self._several(dataset):
                raise UnknownName(
                    f"{name.owner} has several records per subject; a check of records names the subject's one record", "spec-several-records"
                )
            return self.variable(dataset, name.last)
        return self.collected(name)

    def _several(self, dataset: ResolvedDataset) -> bool:
        """Whether a dataset has several records of a subject: it does not come from the domain of subjects."""
        source = source_of(dataset)
        return source is not None and source.domain != SUBJECTS

    def constant(self, name: Name) -> ValueKind:
        """The kind of a constant of the study."""
        if name.last not in self.study.constants:
            raise UnknownName(f"STUDY has no constant '{name.last}'{did_you_mean(name.last, self.study.constants)}", "spec-unknown-constant")
        value = self.study.constants[name.last]
        if isinstance(value, str):
            return ValueKind.DATE if is_date(value) else ValueKind.TEXT
        return ValueKind.NUMBER if isinstance(value, int | float) and not isinstance(value, bool) else ValueKind.ANY

    def variable(self, dataset: ResolvedDataset, name: str) -> ValueKind:
        """The kind of a variable of a dataset."""
        if name in dataset.variables:
            type_ = dataset.variables[name].type
            return OF_TYPE[type_] if type_ else ValueKind.ANY
        hint = "; it is a temporary and not in the file." if name in dataset.temporary else did_you_mean(name, dataset.variables)
        raise UnknownName(f"{dataset.name} has no variable {name}{hint}")

    def collected(self, name: Name) -> ValueKind:
        """A variable of the subject's DM record, or of the source record."""
        owner = name.owner
        if owner == "SRC":
            return self.sourced(name)
        if owner != SUBJECTS and owner not in self.domains:
            if owner in self.study.sources or re.fullmatch(r"[A-Z][A-Z0-9]", owner):
                message = f"domain {owner} has several records per subject; a check names DM.X, or X of the domain its records come from"
                raise UnknownName(message, "spec-several-records")
            known = [*self.study.datasets, *self.study.sources, "STUDY", "SRC"]
            raise UnknownName(f"There is no dataset or domain {owner}{did_you_mean(owner, known)}", "spec-unknown-source")
        self.prepared(owner, name.last)
        self.collects(owner, [name.last])
        return self.raw(owner, name.last)

    def raw(self, domain: str, *names: str) -> ValueKind:
        """The kind of a collected variable, called by the first of these names that is there.

        Raises:
            UnknownName: the domain or the variable is not there, and the study does not say that it may be absent.
        """
        use = self.study.sources.get(domain)
        if self.headers is None or (domain not in self.headers and use is not None and use.may_be_absent):
            return ValueKind.ANY
        if domain not in self.headers:
            raise UnknownName(f"There is no domain {domain} in the data{did_you_mean(domain, self.headers)}", "source-no-domain")
        kinds = self.headers[domain]
        found = next((kinds[name] for name in names if name in kinds), None)
        if found is None and not (use is not None and set(names) & set(use.optional)):
            raise UnknownName(f"Domain {domain} has no variable {' or '.join(names)}{did_you_mean(names[0], kinds)}", "source-no-variable")
        return found or ValueKind.ANY

    def prepared(self, domain: str, variable: str) -> None:
        """A check reads what was collected: a variable the study adds to a domain is not there."""
        use = self.study.sources.get(domain)
        added = use.variables.get(variable) if use else None
        if added is not None and not replaces(added):
            raise UnknownName(f"{domain}.{variable} is worked out from the source; a check reads what was collected")

    def sourced(self, name: Name) -> ValueKind:
        if not self.domains:
            raise UnknownName(f"{name}: the records of {self.dataset.name} come from no source")
        if self.dataset.parameters and not {"SRCDOM", "SRCSEQ"} <= set(self.dataset.variables):
            raise UnknownName(f"{name} is found by SRCDOM and SRCSEQ, which {self.dataset.name} has not")
        kinds, faults = set(), []
        for domain in self.domains:
            self.prepared(domain, domain[:2] + name.last)
            self.collects(domain, [domain[:2] + name.last, name.last])
            try:
                kinds.add(self.raw(domain, domain[:2] + name.last, name.last))
            except UnknownName as error:
                faults.append(error)
        if not kinds:  # what one domain has another need not have
            raise faults[0]
        return kinds.pop() if len(kinds) == 1 else ValueKind.ANY

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        found = self.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a variable's codelist."""
        variable = self.dataset.variables.get(name.last) if name else None
        codelist = self.study.codelists.get(variable.codelist) if variable else None
        return codelist.numbers if codelist else None

    def parameters(self) -> tuple[list[str], list[str]]:
        """The parameters this dataset keeps, and all that the layers and the study know of."""
        whole = self.study.datasets.get(self.dataset.name, self.dataset)
        return [code for code, each in self.dataset.parameters.items() if each.kept], list(whole.parameters)

    def possible(self, name: Name) -> Possible | None:
        """Return the possible values of a variable, if they are known: the terms of its codelist, the parameters; None if any value is possible."""
        dataset = self.datasets.get(name.owner) if name.owner else self.dataset
        if dataset is None or name.last not in dataset.variables:
            return None
        if name.last == "PARAMCD" and dataset is self.dataset and dataset.parameters:
            return Possible("the code of a parameter", tuple(self.parameters()[1]))
        variable = dataset.variables[name.last]
        return closed(self.study.codelists.get(variable.codelist)) if variable.type == "text" else None


def compared(expr: Expr) -> list[tuple[Name, Literal]]:
    """The names of an expression that are compared with a text, and the texts."""
    found: list[tuple[Name, Literal]] = []
    for node in walk(expr.root):
        if isinstance(node, Comparison) and node.op in ("==", "!="):
            found += _pair(node.left, node.right) + _pair(node.right, node.left)
        elif isinstance(node, Membership) and isinstance(node.value, Name) and not isinstance(node.among, Name):
            found += [pair for literal in node.among for pair in _pair(node.value, literal)]
    return found


def _pair(name: Node, literal: Node) -> list[tuple[Name, Literal]]:
    compared = isinstance(name, Name) and isinstance(literal, Literal) and isinstance(literal.value, str) and literal.value != ""
    return [(name, literal)] if compared else []  # type: ignore[list-item]
