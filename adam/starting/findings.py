"""The BDS dataset of a findings domain in a new specification, and the table of its parameters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from adam.starting.draft import Draft, listed
from adam.starting.inventory import Inventory, Test
from adam.starting.study_files import copied, table_name
from adam.starting.visits import TABLE

LABELS = {
    "VS": "Vital Signs Analysis Dataset",
    "LB": "Laboratory Analysis Dataset",
    "EG": "ECG Analysis Dataset",
    "QS": "Questionnaire Analysis Dataset",
    "RS": "Response and Rating Analysis Dataset",
}
LEFT_OUT = ("IE", "TR", "TU")
"""Findings that are no parameters of their own: inclusion criteria, and the tumors that a response is assessed from."""
LONGEST_CODE = 8


def findings_domains(inventory: Inventory) -> list[str]:
    """The findings domains that become a dataset: those with a date."""
    found = [domain for domain in inventory.tests if domain not in LEFT_OUT and inventory.has(domain, f"{domain}DTC", f"{domain}SEQ")]
    return sorted(found, key=lambda domain: (list(LABELS).index(domain) if domain in LABELS else len(LABELS), domain))


def findings_file(domain: str, inventory: Inventory, windows: bool, lengths: Mapping[str, int]) -> Draft:
    """The dataset of a findings domain.

    Args:
        domain: such as VS.
        inventory: what the data have.
        windows: the study has analysis windows.
        lengths: of the variables whose length neither the source nor the standard has.
    """
    name, tests = f"AD{domain}", inventory.tests[domain]
    timed = inventory.has(domain, f"{domain}TPTNUM", f"{domain}TPT")
    visit = inventory.has(domain, "VISIT", "VISITNUM")
    draft = Draft(f"{name.lower()}.yaml")
    draft.add(f"dataset: {name}", "class: BASIC DATA STRUCTURE", f"label: {LABELS.get(domain, f'{domain} Analysis Dataset')}")
    order = ["ADT", *(["AVISITN"] if visit or windows else []), *(["ATPTN"] if timed else [])]
    draft.add(f"key: {listed(['STUDYID', 'USUBJID', 'PARAMCD', *order, f'{domain}SEQ'])}")
    if windows:
        draft.add(f"windows: {{use: {TABLE}, date: ADT, reference: TRTSDT}}")
    match = "{TESTCD: SRC.TESTCD, SPECIMEN: SRC.SPEC}" if _split(tests) and inventory.has(domain, f"{domain}SPEC") else ""
    match = match or ("{TESTCD: SRC.TESTCD, SPECIMEN: SRC.CAT}" if _split(tests) else "{TESTCD: SRC.TESTCD}")
    draft.add("", "parameters:")
    draft.check(
        f"  TESTS: {{table: {table_name(name)}, match: {match}, records: {{from: {domain}}}}}",
        f"PARAM and its unit in tables/{table_name(name).lower()}.csv",
    )
    for test in tests:
        if len(test.units) > 1:
            draft.add(f"  # CHECK: {test.code} has results in several units: {', '.join(test.units)}; convert them, or make two parameters")
    draft.add("", "variables:", "  STUDYID, USUBJID: ADSL", "  core: ADSL")
    draft.add(*_variables(domain, inventory, windows, visit, timed))
    draft.add(*copied(domain, [*(["VISIT", "VISITNUM"] if visit else []), f"{domain}SEQ"], lengths))
    return draft


def _variables(domain: str, inventory: Inventory, windows: bool, visit: bool, timed: bool) -> Iterator[str]:
    yield "  TRTP, TRTA: STANDARD"
    yield "  PARAMCD, PARAM, PARAMN, PARCAT1: PARAMETER"
    yield "  AVAL: PARAMETER"
    if inventory.has(domain, f"{domain}STRESC"):
        yield "  AVALC: STANDARD"
    yield "  ADT, ADY: STANDARD"
    if windows:
        yield "  AVISIT, AVISITN: WINDOW"
    elif visit:
        yield "  AVISIT: title(VISIT)  # CHECK: there are no planned days in the data, so the collected visits are the analysis visits"
        yield "  AVISITN: {type: float, value: VISITNUM}"
    if timed:
        yield "  ATPT: SRC.TPT"
        yield "  ATPTN: SRC.TPTNUM"
    ordered = f"[ADT, {'ATPTN, ' if timed else ''}{domain}SEQ]"
    yield f"  ABLFL: {{standard: {{order: {ordered}}}}}  # CHECK: the baseline is the last value on or before the first dose"
    yield "  BASE, CHG, PCHG: STANDARD"
    if inventory.has(domain, f"{domain}STNRLO", f"{domain}STNRHI"):
        yield "  ANRLO, ANRHI, ANRIND, BNRIND: STANDARD"
    if windows or visit:
        yield f"  ANL01FL: {{standard: {{order: {ordered}}}}}  # CHECK: the last value of a visit is analyzed"


def parameter_table(tests: Sequence[Test]) -> str:
    """The table of the parameters, as CSV: one row for each test, and specimen where a code has several."""
    text, split = io.StringIO(), _split(tests)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["TESTCD", *(["SPECIMEN"] if split else []), "PARAMCD", "PARAM", "PARAMN", "PARCAT1"])
    taken: set[str] = set()
    for number, test in enumerate(tests, 1):
        unit = f" ({test.units[0]})" if test.units else ""
        apart = f", {test.specimen.capitalize()}" if test.several else ""
        name = _code(test, taken)
        taken.add(name)
        writer.writerow([test.code, *([test.specimen] if split else []), name, f"{test.name}{apart}{unit}", number, test.category or "RESULT"])
    return text.getvalue()


def _split(tests: Sequence[Test]) -> bool:
    return any(test.specimen for test in tests)


def _code(test: Test, taken: set[str]) -> str:
    """PARAMCD: the test code, with a letter of the specimen or a number where it is taken."""
    short = test.code[:LONGEST_CODE]
    if short not in taken:
        return short
    options = [f"{short[: LONGEST_CODE - 1]}{letter}" for letter in [*test.specimen[:1].upper(), *"23456789"]]
    return next(option for option in options if option not in taken)
