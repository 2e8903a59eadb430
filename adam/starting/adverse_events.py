"""ADAE and ADTTE of a new specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adam.starting.draft import Draft, listed
from adam.starting.inventory import Inventory
from adam.starting.study_files import copied


def adverse_event_file(inventory: Inventory, attributes: Mapping[str, str]) -> Draft:
    """ADAE: the collected variables, dates, treatment emergence, severity, causality, occurrence flags.

    Args:
        inventory: what the data have.
        attributes: length and label, as YAML, of the variables for which neither the source nor the standard has them.
    """
    draft = Draft("adae.yaml")
    draft.add("dataset: ADAE", "class: OCCURRENCE DATA STRUCTURE", "subclass: ADVERSE EVENT", "label: Adverse Event Analysis Dataset")
    draft.add("key: [STUDYID, USUBJID, AESEQ]", "records: {from: AE}", "", "variables:", "  core: ADSL")
    own = [name for name in attributes if name != "DOMAIN"]
    draft.add(f"  all: [{{from: AE, except: {listed(['DOMAIN', *own])}}}]", *copied("AE", own, attributes))
    draft.add(*(["  TRTA: STANDARD"] if inventory.has_treatments else []))
    ends = inventory.has("AE", "AEENDTC")
    why = "a partial date stays missing; standard: {day: {otherwise: first}, month: {otherwise: first}} imputes it"
    draft.check(f"  ASTDT{', AENDT' if ends else ''}: STANDARD", why)
    draft.add(f"  ASTDTF{', AENDTF' if ends else ''}: STANDARD", f"  ASTDY{', AENDY' if ends else ''}: STANDARD")
    end = "" if ends else "end: ASTDT, "
    draft.check(f"  TRTEMFL: {{standard: {{{end}days_after: 30}}}}", "treatment-emergent from the first dose to 30 days after the last one")
    if inventory.has("AE", "AESEV"):
        draft.add("  ASEV, ASEVN: STANDARD")
    if inventory.has("AE", "AETOXGR"):
        draft.add("  ATOXGR, ATOXGRN: STANDARD")
    if inventory.has("AE", "AEREL"):
        draft.add("  AREL: STANDARD")
    flags = ["AOCCFL", *(["AOCCPFL"] if inventory.has("AE", "AEDECOD") else []), *(["AOCCSFL"] if inventory.has("AE", "AEBODSYS") else [])]
    flags += ["AOCCIFL"] if inventory.has("AE", "AESEV") else []
    draft.add(f"  {', '.join(flags)}: STANDARD")
    return draft


def time_to_event_file(inventory: Inventory, subject_variables: Sequence[str]) -> Draft | None:
    """ADTTE: time to death and to the first serious event; None if the data have neither.

    Args:
        inventory: what the data have.
        subject_variables: the variables of ADSL.
    """
    known = set(subject_variables)
    parameters = []
    censor = "last_alive" if "LSTALVDT" in known else "end_of_treatment"
    if "DTHDT" in known:
        parameters.append(("DEATH", 1, "Time to Death (Days)", "death", censor))
    if inventory.has("AE", "AESER"):
        parameters.append(("SAE", 2, "Time to First Serious TEAE (Days)", "serious_event", "end_of_treatment"))
    if not parameters:
        return None
    draft = Draft("adtte.yaml")
    draft.add("dataset: ADTTE", "class: BASIC DATA STRUCTURE", "subclass: TIME-TO-EVENT", "label: Time-to-Event Analysis Dataset")
    draft.add("key: [STUDYID, USUBJID, PARAMCD]", 'subjects: ADSL.SAFFL == "Y" and not missing(ADSL.TRTSDT)', "", "parameters:")
    for code, number, label, event, censored in parameters:
        draft.add(f"  {code}:", f"    number: {number}", f"    label: {label}")
        draft.check(
            f"    records: {{time_to_event: {{start: ADSL.TRTSDT, unit: days, events: [{event}], censors: [{censored}]}}}}",
            f"the start, and the censoring date {censored}",
        )
    draft.add("", "variables:", "  STUDYID, USUBJID: ADSL", "  core: ADSL")
    draft.add(*(["  TRTP, TRTA: STANDARD"] if inventory.has_treatments else []))
    draft.add("  PARAMCD, PARAM, PARAMN, AVAL, STARTDT, ADT, CNSR, EVNTDESC, CNSDTDSC, SRCDOM, SRCVAR, SRCSEQ: PARAMETER")
    return draft
