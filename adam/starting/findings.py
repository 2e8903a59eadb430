"""The BDS dataset of a findings domain in a new specification, and the table of its parameters."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from adam.core.ascii_text import to_ascii
from adam.starting.draft import Draft, listed, one_line
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
LONGEST_TEXT = 200
"""The bytes of a text in a transport file."""
DOTS = "..."
SHOWN = 10
"""How many texts of a test a comment lists."""


def findings_domains(inventory: Inventory) -> list[str]:
    """The findings domains that become a dataset: those with a date, a sequence number and a standard result."""
    found = [domain for domain in inventory.tests if domain not in LEFT_OUT and not lacking(domain, inventory)]
    return sorted(found, key=lambda domain: (list(LABELS).index(domain) if domain in LABELS else len(LABELS), domain))


def lacking(domain: str, inventory: Inventory) -> list[str]:
    """What a findings domain lacks to become a dataset."""
    needed = [name for name in (f"{domain}DTC", f"{domain}SEQ") if not inventory.has(domain, name)]
    results = (f"{domain}STRESN", f"{domain}STRESC")
    return needed if any(inventory.has(domain, name) for name in results) else [*needed, " or ".join(results)]


def findings_file(domain: str, inventory: Inventory, windows: bool, attributes: Mapping[str, str]) -> Draft:
    """The dataset of a findings domain.

    Args:
        domain: such as VS.
        inventory: what the data have.
        windows: the study has analysis windows.
        attributes: length and label, as YAML, of the variables for which neither the source nor the standard has them.
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
        if len(_name(test)) > LONGEST_TEXT:
            draft.add(f"  # CHECK: the text of {one_line(test.code)} in {domain}TEST is too long for PARAM, which has 200 bytes; it is shortened")
        if len(test.names) > 1:
            draft.add(f"  # CHECK: {one_line(test.code)} has several texts in {domain}TEST: {_some(test.names)}; PARAM is the first")
        if len(test.units) > 1:
            draft.add(f"  # CHECK: {one_line(test.code)} has results in several units: {_some(test.units)}; convert them, or make two parameters")
    draft.add("", "variables:", "  STUDYID, USUBJID: ADSL", "  core: ADSL")
    draft.add(*_variables(domain, inventory, windows, visit, timed))
    draft.add(*copied(domain, [*(["VISIT", "VISITNUM"] if visit else []), f"{domain}SEQ"], attributes))
    return draft


def _variables(domain: str, inventory: Inventory, windows: bool, visit: bool, timed: bool) -> Iterator[str]:
    if inventory.has_treatments:
        yield "  TRTP, TRTA: STANDARD"
    yield "  PARAMCD, PARAM, PARAMN, PARCAT1: PARAMETER"
    yield "  AVAL: PARAMETER"
    if any(test.texts for test in inventory.tests[domain]):
        yield "  AVALC: STANDARD"
    yield "  ADT, ADY: STANDARD"
    if windows:
        yield "  AVISIT, AVISITN: WINDOW  # CHECK: the windows of study.yaml; the collected visits are AVISIT: title(VISIT), AVISITN: VISITNUM"
    elif visit:
        yield "  AVISIT: title(VISIT)  # CHECK: there are no planned days in the data, so the collected visits are the analysis visits"
        whole = all(each.number.is_integer() for each in inventory.visits)
        yield "  AVISITN: VISITNUM" if whole else "  AVISITN: {type: float, value: VISITNUM}"
    if timed:
        yield "  ATPT: SRC.TPT"
        yield "  ATPTN: SRC.TPTNUM"
        basetype = """{length: 100, value: 'if_else(ATPT != "", concat("LAST: ", ATPT), "LAST")'}"""
        yield f"  BASETYPE: {basetype}  # CHECK: each time point has its own baseline"
    ordered = f"[ADT, {'ATPTN, ' if timed else ''}{domain}SEQ]"
    yield f"  ABLFL: {{standard: {{order: {ordered}}}}}  # CHECK: the baseline is the last value on or before the first dose"
    yield "  BASE: STANDARD"
    yield "  CHG, PCHG: STANDARD  # CHECK: the change is on every record; {where: ADT > TRTSDT, value: STANDARD} restricts it"
    yield "  ONTRTFL: STANDARD  # CHECK: on treatment from the day of the first dose, the baseline of that day too, to the last dose"
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
    labels: set[str] = set()
    for number, test in enumerate(tests, 1):
        unit = f" ({to_ascii(one_line(test.units[0]))})" if test.units else ""
        apart = f", {to_ascii(test.specimen).capitalize()}" if test.several else ""
        name, text_of = _code(test, taken), _name(test)
        label = shortened(text_of, f"{apart}{unit}")
        label = shortened(text_of, f"{apart}, {name}{unit}") if label.upper() in labels else label
        taken.add(name)
        labels.add(label.upper())
        writer.writerow([test.code, *([test.specimen] if split else []), name, label, number, to_ascii(test.category) or "RESULT"])
    return text.getvalue()


def _name(test: Test) -> str:
    """The text of a test for PARAM, in ASCII as far as it can be."""
    return to_ascii(one_line(test.names[0] or test.code))


def shortened(text: str, rest: str) -> str:
    """PARAM: a text and the rest, in at most 200 bytes; a longer text ends with three dots.

    >>> shortened("Height", " (cm)"), len(shortened("x" * 300, " (cm)"))
    ('Height (cm)', 200)
    """
    room = LONGEST_TEXT - len(rest.encode())
    if len(text.encode()) <= room:
        return text + rest
    return text.encode()[: max(room - len(DOTS), 0)].decode(errors="ignore") + DOTS + rest


def _some(texts: Sequence[str]) -> str:
    """The first texts, in one line."""
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return one_line(", ".join(texts[:SHOWN])) + more


def _split(tests: Sequence[Test]) -> bool:
    return any(test.specimen for test in tests)


def _code(test: Test, taken: set[str]) -> str:
    """PARAMCD: the test code in characters that PARAMCD may have, with a letter of the specimen or a number where it is taken.

    It starts with a letter and has up to 8 capitals, digits and underscores.
    """
    known = re.sub(r"[^A-Z0-9_]", "", test.code.upper())
    short = (known if known[:1].isalpha() else f"T{known}")[:LONGEST_CODE]
    if short not in taken:
        return short
    suffixes = itertools.chain(re.findall("[A-Z]", test.specimen[:1].upper()), map(str, itertools.count(2)))
    options = (f"{short[: LONGEST_CODE - len(suffix)]}{suffix}" for suffix in suffixes)
    return next(option for option in options if option not in taken)
