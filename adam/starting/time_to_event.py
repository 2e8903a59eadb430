"""ADTTE of a new specification."""

from __future__ import annotations

from collections.abc import Sequence

from adam.starting.draft import Draft
from adam.starting.inventory import Inventory


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
