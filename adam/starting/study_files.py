"""study.yaml and codelists.yaml of a new specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from adam.core.ascii_text import to_ascii
from adam.core.yaml_text import quoted
from adam.specification.language import LANGUAGE
from adam.starting.draft import WIDTH, Draft, listed
from adam.starting.inventory import Inventory, Visit
from adam.starting.visits import write_windows

STANDARDS = "[ADaMIG 1.3, ADaM OCCDS 1.1, SDTM CT 2022-09-30, ADaM CT 2022-03-25]"
OUTSIDE = 99
"""The number of the first text of ARM that is no arm, unless there are so many arms."""


def study_file(name: str, layer: str, inventory: Inventory, datasets: Sequence[str], core: Iterable[str], visits: Sequence[Visit]) -> Draft:
    """study.yaml: names, standards, treatments, core variables, tables, windows.

    Args:
        name: of the study.
        layer: the layer it extends.
        inventory: what the data have.
        datasets: the datasets of the study, in order.
        core: the variables of ADSL that other datasets have, too.
        visits: the visits with windows.
    """
    draft = Draft("study.yaml")
    draft.add(f"language: {LANGUAGE}", f"study: {quoted(name)}", f"extends: {layer}")
    draft.check(f"label: {quoted(name)}", "the title of the study")
    draft.add(f"ids: {listed(map(quoted, inventory.ids))}")
    draft.check(f"standards: {STANDARDS}", "the versions that the submission names")
    if inventory.last_date:
        draft.check(f"as_of: {inventory.last_date}", "the date of the data, such as the cut-off; this is the last date in AE, EX, DS and SV")
    if inventory.contents.non_ascii:
        why = f"text of {', '.join(inventory.contents.non_ascii)} is not ASCII; a transport file gets it without accents, with a warning"
        draft.check("non_ascii: transliterate", why)
    draft.add(f"datasets: {listed(datasets)}", f"core_variables: {listed(core)}")
    if inventory.has_treatments:
        draft.add("", "treatments:")
    for number, arm in enumerate(inventory.arms, 1):
        line = f"  {quoted(to_ascii(arm))}: {number}"
        draft.check(line, "the order of the treatments in tables") if number == 1 else draft.add(line)
    for number, text in enumerate(inventory.no_arms, max(OUTSIDE, len(inventory.arms) + 1)):
        draft.check(f"  {quoted(to_ascii(text))}: {number}", "no arm of ARMCD; keep it only if subjects of the analysis have it")
    tables = [dataset for dataset in datasets if dataset in _with_tables(inventory, datasets)]
    if tables:
        draft.add("", "tables:", *(f"  {table_name(each)}: tables/{table_name(each).lower()}.csv" for each in tables))
    if visits:
        write_windows(draft, visits)
    return draft


def table_name(dataset: str) -> str:
    """The name of the table with the parameters of a dataset.

    >>> table_name("ADVS")
    'VS_PARAMETERS'
    """
    return f"{dataset.removeprefix('AD')}_PARAMETERS"


def codelist_file() -> Draft:
    """codelists.yaml: the age groups."""
    draft = Draft("codelists.yaml")
    draft.add("codelists:")
    draft.check("  AGEGR1: {terms: {<18: 1, 18-64: 2, '>=65': 3}}", "the age groups of the analysis plan, with their numbers")
    return draft


def _with_tables(inventory: Inventory, datasets: Sequence[str]) -> list[str]:
    return [dataset for dataset in datasets if dataset.removeprefix("AD") in inventory.tests]


def wrapped(indent: str, names: Sequence[str], tail: str) -> list[str]:
    """A line `A, B, C: DM` of at most 120 characters, or several such lines."""
    lines, current = [], ""
    for name in names:
        grown = f"{current}, {name}" if current else name
        if current and len(indent) + len(grown) + len(tail) > WIDTH:
            lines.append(f"{indent}{current}{tail}")
            grown = name
        current = grown
    return [*lines, *([f"{indent}{current}{tail}"] if current else [])]


def copied(domain: str, names: Sequence[str], attributes: Mapping[str, str]) -> list[str]:
    """Lines of variables copied from a domain: together, or each with its length and label where the source and the standard have none."""
    together = wrapped("  ", [name for name in names if name not in attributes], f": {domain}")
    return [*together, *(_with_attributes(domain, name, attributes[name]) for name in names if name in attributes)]


def _with_attributes(domain: str, name: str, attributes: str) -> str:
    mark = "  # CHECK: the label; the data have none" if "label:" in attributes else ""
    return f"  {name}: {{{attributes}, value: {domain}.{name}}}{mark}"
