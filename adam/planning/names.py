"""What names mean: datasets, domains, their variables and kinds, and what `X`, `AE.X`, `ADSL.X`, `SRC.X`, `STUDY.X` stand for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind
from adam.core.sdtm import WITHOUT_DOMAIN, is_file, is_numeric
from adam.expressions.check import UnknownName, is_date
from adam.expressions.tree import Name
from adam.planning.context import Context
from adam.planning.prepared import PREPARED_FOR, for_one_dataset, seen_by
from adam.planning.values.references import SUBJECTS, Binding, Reference
from adam.specification.models import Dataset, SourceUse, Variable
from adam.specification.study import Study

DOMAIN = re.compile(r"[A-Z][A-Z0-9]")
"""The form of the name of a domain."""


@dataclass(frozen=True)
class SourceHeader:
    """What is known of a domain before its records are read: the kind of each variable, and its supplemental qualifiers.

    `labels`, `lengths` and `formats` are those of the file, as far as its format has them.
    """

    variables: Mapping[str, ValueKind]
    qualifiers: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)

    def kind(self, name: str) -> ValueKind | None:
        """The kind of a variable or qualifier; None if there is none."""
        return self.variables.get(name) or (ValueKind.TEXT if name in self.qualifiers else None)


def kind_by_name(variable: str) -> ValueKind:
    """The kind SDTM gives a variable that is not in the data. The name can lack the letters of its domain: SEQ is --SEQ."""
    return ValueKind.NUMBER if is_numeric(variable) or is_numeric(f"--{variable}") else ValueKind.TEXT


class StudyNames:
    """Everything that can be named in a study, with the headers of its sources if they are known."""

    def __init__(self, study: Study, headers: Mapping[str, SourceHeader] | None) -> None:
        self.study = study
        self.headers = headers
        self.for_one = for_one_dataset(study)
        self.known: dict[tuple[str, str], dict[str, None]] = {}
        self.domains: dict[str, tuple[str, ...]] = {}

    def is_dataset(self, owner: str) -> bool:
        """Whether a dataset of the study has this name."""
        return owner in self.study.datasets

    def is_domain(self, owner: str) -> bool:
        """Whether a source domain can have this name."""
        if self.is_dataset(owner):
            return False
        if owner in self.study.sources or (self.headers is not None and owner in self.headers):
            return True
        return self.headers is None and DOMAIN.fullmatch(owner) is not None

    def is_subject_level(self, owner: str) -> bool:
        """Whether an owner has one record per subject."""
        seen: set[str] = set()
        while (dataset := self.study.datasets.get(owner)) is not None and owner not in seen:
            seen.add(owner)
            owner = self.domain_of(dataset.records.kind, dataset.records.arguments) if dataset.records is not None else ""
        return owner == SUBJECTS

    def has_parameters(self, owner: str) -> bool:
        """Whether an owner is a dataset whose records are of parameters."""
        return self.is_dataset(owner) and bool(self.study.datasets[owner].parameters)

    def use(self, domain: str) -> SourceUse:
        """Binding the study reads a domain."""
        return self.study.sources.get(domain) or SourceUse(name=domain)

    def domains_of(self, dataset: Dataset) -> tuple[str, ...]:
        """The domains the records of a dataset come from, as its `records:` or parameters say."""
        if dataset.name not in self.domains:
            blocks = [dataset.records] if dataset.records else [r for p in dataset.parameters.values() for r in p.records]
            names = dict.fromkeys(self.domain_of(block.kind, block.arguments) for block in blocks)
            self.domains[dataset.name] = tuple(name for name in names if name)
        return self.domains[dataset.name]

    def domain_of(self, kind: str, arguments: object) -> str:
        """The domain one `records:` entry reads, or nothing."""
        rule = RECORD_RULES.get(kind) or DATASET_RECORD_RULES.get(kind)
        return rule.source_domain(arguments, self.study.instruments) if rule is not None and isinstance(arguments, Mapping) else ""

    def variable(self, dataset: str, name: str) -> Variable | None:
        """A variable or temporary of a dataset, or one prepared in a domain."""
        if dataset in self.study.datasets:
            model = self.study.datasets[dataset]
            return model.variables.get(name) or model.temporary.get(name)
        return self.use(dataset).variables.get(name)

    def prepared(self, domain: str, variable: str, dataset: str) -> str:
        """The name of a variable of a domain in a formula of a dataset, also of one prepared for that dataset."""
        return name if (domain, name := f"{variable}{PREPARED_FOR}{dataset}") in self.for_one else variable

    def known_in(self, owner: str, dataset: str = "") -> Collection[str]:
        """The names an owner has, and for a domain those that are prepared for a dataset."""
        if (key := (owner, dataset)) not in self.known:
            self.known[key] = dict.fromkeys(self._known_in(owner, dataset))
        return self.known[key]

    def _known_in(self, owner: str, dataset: str) -> Iterator[str]:
        if (model := self.study.datasets.get(owner)) is not None:
            yield from (*model.variables, *model.temporary)
            return
        yield from seen_by(self.use(owner).variables, dataset)
        if (header := (self.headers or {}).get(owner)) is not None:
            yield from (*header.variables, *header.qualifiers)

    def raw_kind(self, domain: str, variable: str, dataset: str = "") -> ValueKind:
        """The kind of a collected variable; a message suggests the names that a formula of a dataset sees.

        Raises:
            UnknownName: the domain or the variable is not there, and the study does not say that it may be absent.
        """
        if self.headers is None:
            return ValueKind.ANY
        use, header = self.use(domain), self.headers.get(domain)
        if header is None:
            if use.may_be_absent:
                return kind_by_name(variable)
            raise UnknownName(f"There is no domain {domain} in the data{did_you_mean(domain, self.headers)}", "source-no-domain")
        kind = header.kind(variable)
        if kind is None and variable in use.optional:
            return kind_by_name(variable)
        if kind is None:
            hint = did_you_mean(variable, self.known_in(domain, dataset))
            raise UnknownName(f"Domain {domain} has no variable {variable}{hint}", "source-no-variable")
        return kind

    def is_absent(self, domain: str, variable: str) -> bool:
        """Whether the data lack a variable, or its domain, that the study lets be absent."""
        header = (self.headers or {}).get(domain)
        return self.headers is not None and (header is None or header.kind(variable) is None)

    def resolve(self, name: Name, context: Context) -> Reference:
        """What a name refers to in a formula.

        Raises:
            UnknownName: nothing answers to it.
        """
        if len(name.parts) == 1:
            return self.own(name.last, context)
        if name.owner == "STUDY":
            return self.constant(name)
        if len(name.parts) == 3:
            return self.parameter(name, context)
        if name.owner == "SRC":
            return self.src(name, context)
        return self.qualified(name, context)

    def own(self, variable: str, context: Context) -> Reference:
        owner, domain = context.owner, context.domain
        if domain and (variable in self.known_in(domain, context.dataset) or (self.headers is None and not self.is_dataset(domain))):
            return self.of_domain(Binding.OWN, domain, variable, context)  # the dataset has no records yet: a name is the source record's
        if self.is_dataset(owner):
            if self.variable(owner, variable) is None:
                raise UnknownName(f"{owner} has no variable {variable}{did_you_mean(variable, self.known_in(owner))}")
            return Reference(Binding.OWN, owner, variable)
        return self.of_domain(Binding.OWN, owner, variable, context)

    def of_domain(self, binding: Binding, domain: str, variable: str, context: Context) -> Reference:
        if self.is_dataset(domain):
            if self.variable(domain, variable) is None:
                raise UnknownName(f"{domain} has no variable {variable}{did_you_mean(variable, self.known_in(domain))}")
            return Reference(binding, domain, variable)
        name = self.prepared(domain, variable, context.dataset)
        own = (context.owner, context.variable) == (domain, name)
        if own and name != variable:
            name, own = variable, False  # it reads what it replaces
        prepared = name in self.use(domain).variables and not own and not context.collected
        if not prepared:
            self.raw_kind(domain, name, context.dataset)
        return Reference(binding, domain, name, raw=not prepared)

    def constant(self, name: Name) -> Reference:
        if name.last not in self.study.constants:
            raise UnknownName(f"STUDY has no constant '{name.last}'{did_you_mean(name.last, self.study.constants)}", "spec-unknown-constant")
        return Reference(Binding.CONSTANT, "STUDY", name.last)

    def parameter(self, name: Name, context: Context) -> Reference:
        dataset, code, variable = name.parts
        model = self.study.datasets.get(dataset)
        if model is None:
            raise UnknownName(f"There is no dataset {dataset}{did_you_mean(dataset, self.study.datasets)}", "spec-unknown-dataset")
        if code not in model.parameters:
            raise UnknownName(f"{dataset} has no parameter {code}{did_you_mean(code, model.parameters)}", "spec-unknown-parameter")
        if self.variable(dataset, variable) is None:
            raise UnknownName(f"{dataset} has no variable {variable}{did_you_mean(variable, self.known_in(dataset))}")
        if context.joined != f"{dataset}.{code}":
            raise UnknownName(
                f"{name} has several records per subject. Choose one with single:, first: or last:, or summarize them with sum: or exists:",
                "spec-several-records",
            )
        return Reference(Binding.JOINED, dataset, variable, code)

    def src(self, name: Name, context: Context) -> Reference:
        if context.domain:
            ref = self.of_domain(Binding.OWN, context.domain, self.src_variable(context.domain, name.last, context.dataset), context)
            return replace(ref, undecided=self.is_open(context.domain, name.last, context.dataset))
        dataset = self.study.datasets.get(context.owner)
        domains = self.domains_of(dataset) if dataset else ()
        if not domains:
            raise UnknownName(f"{name} is not valid here: the records of {context.owner} come from no source.")
        for domain in domains:
            self.of_domain(Binding.SRC, domain, self.src_variable(domain, name.last, context.dataset), context)
        return Reference(Binding.SRC, "SRC", name.last)

    def src_variable(self, domain: str, variable: str, owner: str) -> str:
        """What SRC.X means in a domain, in a formula of a dataset `owner`: --X if it has that, else X; in a dataset X first.

        A file of an analysis dataset among the sources has ASEQ in place of --SEQ.
        """
        if self.is_dataset(domain):
            return self.of_dataset(domain, variable)
        known, optional, prefixed = self.known_in(domain, owner), self.use(domain).optional, domain[:2] + variable
        if prefixed in known or prefixed in optional:
            return self.prepared(domain, prefixed, owner)
        if variable == "SEQ" and ("ASEQ" in known or "ASEQ" in optional):
            return "ASEQ"
        plain = variable in known or variable in optional or (domain not in (self.headers or ()) and variable in WITHOUT_DOMAIN)
        return self.prepared(domain, variable, owner) if plain else prefixed

    def of_dataset(self, dataset: str, variable: str) -> str:
        """The variable SRC.X means in a dataset; SRC.SEQ is ASEQ, else --SEQ."""
        model = self.study.datasets[dataset]
        known = [variable, *(["ASEQ"] if variable == "SEQ" else []), *(f"{domain[:2]}{variable}" for domain in self.domains_of(model))]
        return next((name for name in known if self.variable(dataset, name) is not None), variable)

    def is_open(self, domain: str, variable: str, dataset: str) -> bool:
        """Whether it depends on data that are not known yet which variable SRC.X is: X is prepared, and the domain may have collected --X."""
        added = self.known_in(domain, dataset)
        return self.headers is None and variable in added and domain[:2] + variable not in added

    def qualified(self, name: Name, context: Context) -> Reference:
        owner, variable = name.owner, name.last
        joined = owner == context.joined and not self.is_subject_level(owner) and not self.has_parameters(owner)
        if not (self.is_dataset(owner) or self.is_domain(owner) or (joined and (self.headers is not None or is_file(owner)))):
            known = [*self.study.datasets, *self.study.sources, *(self.headers or ()), "STUDY", "SRC"]
            raise UnknownName(f"There is no dataset or domain {owner}{did_you_mean(owner, known)}", "spec-unknown-source")
        if joined:
            return self.of_domain(Binding.JOINED, owner, variable, context)
        if self.is_dataset(owner) and owner == context.domain:
            return self.of_domain(Binding.OWN, owner, variable, context)
        if self.is_dataset(owner):
            if not self.is_subject_level(owner):
                made = self.study.datasets.get(context.owner)
                if made is not None and owner in self.domains_of(made):
                    return self.of_domain(Binding.SOURCE, owner, variable, context)
                raise UnknownName(
                    f"{owner} has several records per subject. Name one of its parameters, {owner}.PARAMCD.{variable}, or another source."
                )
            if self.variable(owner, variable) is None:
                raise UnknownName(f"{owner} has no variable {variable}{did_you_mean(variable, self.known_in(owner))}")
            binding = Binding.JOINED if owner == context.joined else Binding.OWN if owner == context.owner else Binding.SUBJECT
            return Reference(binding, owner, variable)
        return self.from_domain(name, context)

    def from_domain(self, name: Name, context: Context) -> Reference:
        owner, variable = name.owner, name.last
        if owner in (context.owner, context.domain):
            return self.of_domain(Binding.OWN, owner, variable, context)
        dataset = self.study.datasets.get(context.owner)
        if dataset is not None and owner in self.domains_of(dataset):
            return self.of_domain(Binding.SOURCE, owner, variable, context)
        if owner == SUBJECTS:
            return self.of_domain(Binding.SUBJECT, owner, variable, context)
        raise UnknownName(
            f"Domain {owner} has several records per subject. Choose one with single:, first: or last:, or summarize them with sum: or exists:",
            "spec-several-records",
        )

    def looked_at(self, names: Iterable[Name], context: Context) -> str:
        """The records a summary reads: the one owner with several records per subject (UnknownName if two), else a subject-level one."""
        owners = dict.fromkeys(".".join(name.parts[:-1]) for name in names if name.owner not in ("", "STUDY", "SRC"))
        if len(several := [owner for owner in owners if not self.is_subject_level(owner)]) > 1:
            raise UnknownName(f"A derivation reads the records of one source; this one names {' and '.join(several)}.", "spec-two-sources")
        return next(iter(several or [owner for owner in owners if owner != context.owner]), "")

    def constant_kind(self, name: str) -> ValueKind:
        """The kind of a constant: ISO texts are dates; a list or a mapping is of any kind."""
        value = self.study.constants[name]
        if isinstance(value, str):
            return ValueKind.DATE if is_date(value) else ValueKind.TEXT
        return ValueKind.NUMBER if isinstance(value, int | float) and not isinstance(value, bool) else ValueKind.ANY
