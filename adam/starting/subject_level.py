"""ADSL of a new specification: what the data support, each by the formula of the standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.core.yaml_text import quoted
from adam.starting.draft import Draft, literal
from adam.starting.inventory import NO_ARM, Inventory
from adam.starting.study_files import copied

COPIED = (
    "STUDYID", "USUBJID", "SUBJID", "SITEID", "COUNTRY", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARM", "ARMCD", "ACTARM", "ACTARMCD",
)  # fmt: skip
CORE = ("AGE", "AGEGR1", "SEX", "RACE", "TRT01P", "TRT01A", "SAFFL", "ITTFL", "TRTSDT", "TRTEDT")
CONTACTS = ("AESTDTC", "AEENDTC", "EXSTDTC", "EXENDTC", "LBDTC", "VSDTC", "EGDTC", "QSDTC", "SVENDTC")


def subject_level_file(inventory: Inventory, attributes: Mapping[str, str]) -> tuple[Draft, list[str]]:
    """ADSL, and the names of its variables.

    Args:
        inventory: what the data have.
        attributes: length and label, as YAML, of the variables for which neither the source nor the standard has them.
    """
    draft = Draft("adsl.yaml")
    draft.add("dataset: ADSL", "class: SUBJECT LEVEL ANALYSIS DATASET", "label: Subject-Level Analysis Dataset", "key: [STUDYID, USUBJID]")
    draft.add("records: {from: DM}", "", "variables:")
    names = [name for name in COPIED if inventory.has("DM", name)]
    draft.add(*copied("DM", names, attributes))
    for name, line, why in (*_demographics(inventory), *_treatment(inventory), *_populations(inventory), *_trial(inventory)):
        names.append(name)
        draft.check(f"  {line}", why) if why else draft.add(f"  {line}")
    for qualifier in inventory.qualifiers.get("DM", ()):
        draft.check(f"  # {qualifier}: DM", f"a qualifier of SUPPDM; remove the first # if the analysis needs {qualifier}")
    return draft, names


Lines = Iterator[tuple[str, str, str]]
"""A variable, its line, and why a person must check it; blank if nobody must."""


def _demographics(inventory: Inventory) -> Lines:
    if inventory.has("DM", "AGE"):
        yield "AGEGR1", "AGEGR1: {codelist: AGEGR1, cut: {of: AGE, at: [18, 65], terms: [<18, 18-64, '>=65']}}", "the age groups"
        yield "AGEGR1N", "AGEGR1N: codelist_number(AGEGR1)", ""


def _treatment(inventory: Inventory) -> Lines:
    if inventory.has_treatments:
        yield "TRT01P", "TRT01P: {codelist: TRT, value: STANDARD}", "the planned treatment of period 1; here ARM"
        yield "TRT01PN", "TRT01PN: codelist_number(TRT01P)", ""
        actual = "STANDARD" if inventory.has("DM", "ACTARM") else "DM.ARM"
        yield "TRT01A", f"TRT01A: {{codelist: TRT, value: {actual}}}", "the actual treatment; here " + ("ACTARM" if actual == "STANDARD" else "ARM")
        yield "TRT01AN", "TRT01AN: codelist_number(TRT01A)", ""
    if inventory.has("EX", "EXSTDTC", "EXSEQ"):
        end = "EXENDTC" if inventory.has("EX", "EXENDTC") else "EXSTDTC"
        if inventory.has("EX", "EXDOSE", "EXTRT", "EXENDTC"):
            yield "TRTSDT", "TRTSDT: STANDARD", "the first dose; a dose is above 0, or 0 of a placebo"
            yield "TRTEDT", "TRTEDT: STANDARD", ""
        else:
            yield "TRTSDT", "TRTSDT: {first: {of: date(EX.EXSTDTC), order: [first_date(EX.EXSTDTC), EX.EXSEQ]}}", "the first record of EX"
            yield "TRTEDT", f"TRTEDT: {{last: {{of: date(EX.{end}), order: [missing_last(last_date(EX.{end})), EX.EXSEQ]}}}}", "the last record of EX"
    else:
        name, last = _reference_dates(inventory)
        if name and last:
            yield "TRTSDT", f"TRTSDT: date(DM.{name})", "the first dose: there is no EX"
            yield "TRTEDT", f"TRTEDT: date(DM.{last})", "the last dose: there is no EX"
        else:
            yield "TRTSDT", "TRTSDT: {type: date, value: missing}", "the first dose: the data have no exposure, so there is no ADTTE"
            yield "TRTEDT", "TRTEDT: {type: date, value: missing}", "the last dose: the data have no exposure"
    yield "TRTDURD", "TRTDURD: STANDARD", ""


def first_dose(inventory: Inventory) -> bool:
    """Whether the data have the dates of the first and the last dose."""
    if inventory.has("EX", "EXSTDTC", "EXSEQ"):
        return inventory.doses
    return all(_reference_dates(inventory))


def _reference_dates(inventory: Inventory) -> tuple[str, str]:
    """The variables of DM with the first and the last dose; blank where there is none."""
    name = next((name for name in ("RFXSTDTC", "RFSTDTC") if inventory.has("DM", name)), "")
    return name, next((name for name in ("RFXENDTC", "RFENDTC") if inventory.has("DM", name)), "")


def _populations(inventory: Inventory) -> Lines:
    if inventory.has("EX", "EXDOSE", "EXTRT"):
        yield "SAFFL", "SAFFL: STANDARD", "the safety population: a dose above 0, or of a placebo"
    else:
        yield "SAFFL", "SAFFL: {flag_yn: not missing(TRTSDT)}", "the safety population"
    if inventory.randomized:
        date = f"RANDDT: {{single: {{of: date(DS.DSSTDTC), where: DS.DSDECOD == {literal(inventory.randomized)}}}}}"
        yield "RANDDT", date, ""
        yield "ITTFL", "ITTFL: STANDARD", "the intention-to-treat population: all randomized subjects"
    elif inventory.has("DM", "ARMCD"):
        outside = ", ".join(literal(code) for code in NO_ARM)
        yield (
            "ITTFL",
            f"ITTFL: {{flag_yn: 'ARMCD != \"\" and ARMCD not in ({outside})'}}",
            "the data have no randomization; here all subjects with an arm",
        )


def _trial(inventory: Inventory) -> Lines:
    if inventory.has("DM", "RFICDTC"):
        yield "RFICDT", "RFICDT: STANDARD", ""
    disposition = inventory.disposition
    if disposition is not None and inventory.has("DS", "DSSTDTC", "DSSEQ"):
        rule, order = ("single", "") if disposition.single else ("last", ", order: [DS.DSSTDTC, DS.DSSEQ]")
        why = "the end of study is this event of DS" if disposition.single else "several events of a subject match; here the last one"
        where = quoted(disposition.condition)
        yield "EOSDT", f"EOSDT: {{{rule}: {{of: date(DS.DSSTDTC), where: {where}{order}}}}}", why
        status = 'if_else(DS.DSDECOD == "COMPLETED", "COMPLETED", "DISCONTINUED")'
        yield "EOSSTT", f"EOSSTT: {{{rule}: {{of: '{status}', where: {where}{order}}}}}", ""
        reason = quoted(f'{disposition.condition} and DS.DSDECOD != "COMPLETED"')
        yield "DCSREAS", f"DCSREAS: {{{rule}: {{of: DS.DSDECOD, where: {reason}{order}}}}}", ""
    if inventory.has("DM", "DTHFL"):
        yield "DTHFL", "DTHFL: DM", ""
    if inventory.has("DM", "DTHDTC"):
        yield "DTHDT", "DTHDT: STANDARD", "a partial date of death stays missing"
    contacts = [name for name in CONTACTS if inventory.has(name[:2], name)]
    if contacts:
        dates = ", ".join(f"{name[:2]}.{name}" for name in contacts)
        yield "LSTALVDT", f"LSTALVDT: {{latest_date: {{of: [{dates}]}}}}", "the dates on which the subject was alive"
