"""ADAE, and the OCCDS dataset of each other domain of events and interventions, in a new specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adam.starting.contents import EVENTS, INTERVENTIONS
from adam.starting.draft import Draft, listed
from adam.starting.inventory import Inventory
from adam.starting.study_files import copied

LABELS = {
    "AE": "Adverse Event Analysis Dataset",
    "AG": "Procedure Agents Analysis Dataset",
    "BE": "Biospecimen Events Analysis Dataset",
    "CE": "Clinical Events Analysis Dataset",
    "CM": "Concomitant Medications Analysis Dataset",
    "DV": "Protocol Deviations Analysis Dataset",
    "EX": "Exposure Analysis Dataset",
    "HO": "Healthcare Encounters Analysis Dataset",
    "MH": "Medical History Analysis Dataset",
    "ML": "Meals Analysis Dataset",
    "PR": "Procedures Analysis Dataset",
    "SU": "Substance Use Analysis Dataset",
}
FIRST = "{standard: {day: {otherwise: first}, month: {otherwise: first}}}"
START = "{standard: {day: {use: [TRTSDT], otherwise: first}, month: {use: [TRTSDT], otherwise: first}LIMIT}}"
END = "{standard: {day: {otherwise: last}, month: {otherwise: last}CAP}}"


def occurrence_domains(inventory: Inventory) -> list[str]:
    """The domains of events and interventions that become a dataset.

    They have a sequence number; AE a start date as well, and each of the others a record.
    """
    known = [domain for domain in (*EVENTS, *INTERVENTIONS) if inventory.has(domain, f"{domain}SEQ")]
    return [domain for domain in known if (inventory.has("AE", "AESTDTC") if domain == "AE" else domain in inventory.contents.recorded)]


def occurrence_file(domain: str, inventory: Inventory, subject_variables: Sequence[str], attributes: Mapping[str, str]) -> Draft:
    """The dataset of a domain: the collected variables, dates, what the records are in relation to treatment, first occurrences.

    Args:
        domain: such as AE or CM.
        inventory: what the data have.
        subject_variables: the variables of ADSL.
        attributes: length and label, as YAML, of the variables for which neither the source nor the standard has them.
    """
    caps = [f"ADSL.{name}" for name in ("DTHDT", "EOSDT") if name in subject_variables]
    end = END.replace("CAP", f", cap: {listed(caps)}" if caps else "")
    draft = Draft(f"ad{domain.lower()}.yaml")
    draft.add(f"dataset: AD{domain}", "class: OCCURRENCE DATA STRUCTURE", *(["subclass: ADVERSE EVENT"] if domain == "AE" else []))
    draft.add(f"label: {LABELS[domain]}", f"key: [STUDYID, USUBJID, {domain}SEQ]", f"records: {{from: {domain}}}", "", "variables:")
    own = [name for name in attributes if name != "DOMAIN"]
    draft.add("  core: ADSL", f"  all: [{{from: {domain}, except: {listed(['DOMAIN', *own])}}}]", *copied(domain, own, attributes))
    draft.add(*(["  TRTA: STANDARD"] if inventory.has_treatments else []))
    for line, why in (*_dates(domain, inventory, end), *_flags(domain, inventory)):
        draft.check(f"  {line}", why) if why else draft.add(f"  {line}")
    return draft


Lines = Iterator[tuple[str, str]]
"""A line, and why a person must check it; blank if nobody must."""


def _dates(domain: str, inventory: Inventory, last: str) -> Lines:
    """The start and the end with their days; a date is imputed, with its flag, if the data have partial ones."""
    start, end = f"{domain}STDTC", f"{domain}ENDTC"
    limit = f", not_after: last_date({domain}.{end})" if inventory.has(domain, end) else ""
    use = (START.replace("LIMIT", limit), "the first dose if it can be that day, else the first day")
    first = (FIRST, "the first day") if domain == "MH" else use
    for name, date, (imputed, what) in (("ASTDT", start, first), ("AENDT", end, (last, "the last day"))):
        if not inventory.has(domain, date):
            continue
        if date in inventory.contents.partial:
            yield f"{name}: {imputed}", f"some {date} are partial; here {what} of the month or year, and a missing year stays missing"
            yield f"{name}F: STANDARD", ""
        else:
            yield f"{name}: STANDARD", ""
    days = [name for name, date in (("ASTDY", start), ("AENDY", end)) if inventory.has(domain, date)]
    if days:
        yield f"{', '.join(days)}: STANDARD", ""
    if len(days) == 2:
        yield "ADURN, ADURU: STANDARD", ""


def _flags(domain: str, inventory: Inventory) -> Lines:
    if domain == "EX" or not inventory.has(domain, f"{domain}STDTC"):
        return
    end = "" if inventory.has(domain, f"{domain}ENDTC") else "end: ASTDT"
    if domain == "AE":
        arguments = ", ".join([*([end] if end else []), "days_after: 30"])
        yield f"TRTEMFL: {{standard: {{{arguments}}}}}", "treatment-emergent from the first dose to 30 days after the last one"
        yield from _of_adverse_events(inventory)
    elif domain != "MH":
        why = "a medication that began before the first dose and goes on is not on treatment; {standard: {ongoing: true}} adds it"
        yield "ONTRTFL: " + (f"{{standard: {{{end}}}}}" if end else "STANDARD"), why if domain == "CM" else ""
        yield "PREFL, FUPFL: STANDARD", ""
    flags = ["AOCCFL", *(["AOCCPFL"] if inventory.has(domain, f"{domain}DECOD") else [])]
    flags += ["AOCCSFL"] if inventory.has(domain, f"{domain}BODSYS") else []
    flags += ["AOCCIFL"] if inventory.has("AE", "AESEV") and domain == "AE" else []
    yield f"{', '.join(flags)}: STANDARD", ""


def _of_adverse_events(inventory: Inventory) -> Lines:
    for variables, needed in (("ASEV, ASEVN", "AESEV"), ("ATOXGR, ATOXGRN", "AETOXGR"), ("AREL", "AEREL")):
        if inventory.has("AE", needed):
            yield f"{variables}: STANDARD", ""
