"""All files of a new specification, from what the source data have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adam.starting.draft import Draft
from adam.starting.findings import findings_domains, findings_file, lacking, parameter_table
from adam.starting.inventory import Inventory
from adam.starting.occurrences import occurrence_domains, occurrence_file
from adam.starting.study_files import codelist_file, study_file, table_name
from adam.starting.subject_level import CORE, first_dose, subject_level_file
from adam.starting.time_to_event import time_to_event_file
from adam.starting.visits import planned_visits

EDITOR = "# yaml-language-server: $schema=adamsmith.schema.json"
"""The line with which an editor finds the JSON Schema."""


@dataclass(frozen=True)
class ToCheck:
    """A line of a new specification that a person must check, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class NewSpecification:
    """The files of a new specification by name, and what a person must check."""

    files: Mapping[str, str]
    checks: tuple[ToCheck, ...]
    datasets: tuple[str, ...]


def new_specification(name: str, layer: str, inventory: Inventory, attributes: Mapping[str, Mapping[str, str]]) -> NewSpecification:
    """The files of a specification that builds from the data at hand.

    Args:
        name: of the study.
        layer: the layer it extends.
        inventory: what the data have.
        attributes: by dataset the attributes of the variables for which neither the source nor the standard has one.
    """
    adsl, subject_variables = subject_level_file(inventory, attributes.get("ADSL", {}))
    drafts: dict[str, Draft] = {"ADSL": adsl}
    for domain in occurrence_domains(inventory):
        drafts[f"AD{domain}"] = occurrence_file(domain, inventory, subject_variables, attributes.get(f"AD{domain}", {}))
    visits = planned_visits(inventory)
    domains = findings_domains(inventory)
    for domain in domains:
        windows = bool(visits) and inventory.has(domain, "VISIT")
        drafts[f"AD{domain}"] = findings_file(domain, inventory, windows, attributes.get(f"AD{domain}", {}))
    events = time_to_event_file(inventory, subject_variables) if first_dose(inventory) else None
    if events is not None:
        drafts["ADTTE"] = events
    core = [variable for variable in CORE if variable in subject_variables]
    study = study_file(name, layer, inventory, list(drafts), core, visits)
    for domain in inventory.tests:
        if lacks := lacking(domain, inventory):
            study.add(f"# CHECK: {domain} has no {', '.join(lacks)}, so it became no dataset")
    written = [study, codelist_file(), *drafts.values()]
    for draft in written:
        draft.lines.insert(0, EDITOR)
    files = {draft.name: draft.text for draft in written}
    files |= {f"tables/{table_name(f'AD{domain}').lower()}.csv": parameter_table(inventory.tests[domain]) for domain in domains}
    checks = [ToCheck(draft.name, line, reason) for draft in written for line, reason in draft.checks]
    return NewSpecification(files, tuple(checks), tuple(drafts))


def domain_of(dataset: str) -> str:
    """The domain that a dataset of a new specification copies variables from.

    >>> domain_of("ADSL"), domain_of("ADVS")
    ('DM', 'VS')
    """
    return "DM" if dataset == "ADSL" else dataset.removeprefix("AD")
