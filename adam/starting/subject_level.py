"""ADSL of a new specification: what the data support, each by the formula of the standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.core.ascii_text import to_ascii
from adam.core.yaml_text import quoted
from adam.starting.draft import Draft, literal, one_line
from adam.starting.inventory import NO_ARM, Inventory
from adam.starting.study_files import copied

COPIED = (
    "STUDYID", "USUBJID", "SUBJID", "SITEID", "COUNTRY", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARM", "ARMCD", "ACTARM", "ACTARMCD",
    "RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "RFPENDTC", "BRTHDTC", "DTHDTC", "DTHFL", "DMDTC", "DMDY",
)  # fmt: skip
ALWAYS = ("STUDYID", "USUBJID")
CORE = (
    "SUBJID", "SITEID", "COUNTRY", "AGE", "AGEU", "AGEGR1", "AGEGR1N", "SEX", "RACE", "ETHNIC", "TRT01P", "TRT01PN", "TRT01A", "TRT01AN",
    "SAFFL", "ITTFL", "TRTSDT", "TRTEDT",
)  # fmt: skip
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
    names = [name for name in COPIED if name in ALWAYS or _has_value(inventory, name)]
    draft.add(*copied("DM", names, attributes))
    for name, line, why in (*_demographics(inventory), *_treatment(inventory), *_populations(inventory), *_trial(inventory)):
        names += name.split(", ")
        draft.check(f"  {line}", why) if why else draft.add(f"  {line}")
    for qualifier in inventory.qualifiers.get("DM", ()):
        draft.check(f"  # {qualifier}: DM", f"a qualifier of SUPPDM; remove the first # if the analysis needs {qualifier}")
    return draft, names


Lines = Iterator[tuple[str, str, str]]
"""A variable (or several with a comma), its line, and why a person must check it; blank if nobody must."""


def _demographics(inventory: Inventory) -> Lines:
    if inventory.has("DM", "AGE"):
        yield "AGEGR1", "AGEGR1: {codelist: AGEGR1, cut: {of: AGE, at: [18, 65], terms: [<18, 18-64, '>=65']}}", "the age groups"
        yield "AGEGR1N", "AGEGR1N: codelist_number(AGEGR1)", ""


def _treatment(inventory: Inventory) -> Lines:
    if inventory.has_treatments:
        yield "TRT01P", f"TRT01P: {{codelist: TRT, {_treatment_of('ARM', 'STANDARD', inventory)}}}", "the planned treatment of period 1; here ARM"
        yield "TRT01PN", "TRT01PN: codelist_number(TRT01P)", ""
        actual, copy = ("ACTARM", "STANDARD") if inventory.has("DM", "ACTARM") else ("ARM", "DM.ARM")
        yield "TRT01A", f"TRT01A: {{codelist: TRT, {_treatment_of(actual, copy, inventory)}}}", f"the actual treatment; here {actual}"
        yield "TRT01AN", "TRT01AN: codelist_number(TRT01A)", ""
    if inventory.has("EX", "EXSTDTC", "EXSEQ"):
        end = "EXENDTC" if inventory.has("EX", "EXENDTC") else "EXSTDTC"
        if inventory.has("EX", "EXDOSE", "EXTRT", "EXENDTC"):
            yield "TRTSDT", _of_doses("TRTSDT", "standard", inventory), f"the first dose; {_dose_text(inventory)}"
            yield "TRTEDT", _of_doses("TRTEDT", "standard", inventory), _end_text(inventory)
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


def _treatment_of(name: str, copy: str, inventory: Inventory) -> str:
    """The formula of a treatment: `copy`, or a map if the treatments of the study are in ASCII and those of the data are not."""
    texts = [*inventory.arms, *inventory.no_arms]
    if all(text.isascii() for text in texts):
        return f"value: {copy}"
    pairs = ", ".join(f"{quoted(text)}: {quoted(to_ascii(text))}" for text in texts)
    return f"recode: {{of: DM.{name}, map: {{{pairs}}}}}"


def _dose(inventory: Inventory) -> str:
    """The condition of a dose, if it is not that of the standard: the data have a dose of 0 under a name that is not PLACEBO."""
    names = [literal(name) for name in inventory.contents.zero_doses]
    return f'EX.EXDOSE > 0 or EX.EXDOSE == 0 and (EX.EXTRT in ({", ".join(names)}) or contains(upper(EX.EXTRT), "PLACEBO"))' if names else ""


def _of_doses(variable: str, derivation: str, inventory: Inventory) -> str:
    """The line of a variable that the doses decide."""
    if not _dose(inventory):
        return f"{variable}: STANDARD"
    condition = quoted(_dose(inventory))
    return f"{variable}: {{standard: {{where: {condition}}}}}" if derivation == "standard" else f"{variable}: {{{derivation}: {condition}}}"


def _dose_text(inventory: Inventory) -> str:
    names = ", ".join(map(one_line, inventory.contents.zero_doses))
    return f"a dose is above 0, or 0 of {names or 'a placebo'}"


def _end_text(inventory: Inventory) -> str:
    open_ended = "EXENDTC" in inventory.contents.partial | inventory.contents.blank
    return "the last dose; some EXENDTC are blank or partial, and a subject whose last dose is one of them has no TRTEDT" if open_ended else ""


def _has_value(inventory: Inventory, name: str) -> bool:
    """Whether DM has a variable, with a value in some record."""
    return inventory.has("DM", name) and name not in inventory.contents.empty


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
        yield "SAFFL", _of_doses("SAFFL", "exists_yn", inventory), f"the safety population; {_dose_text(inventory)}"
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
    if _has_value(inventory, "RFICDTC"):
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
    yield from _death(inventory)
    contacts = [name for name in CONTACTS if inventory.has(name[:2], name)]
    if contacts:
        dates = ", ".join(f"{name[:2]}.{name}" for name in contacts)
        yield "LSTALVDT", f"LSTALVDT: {{latest_date: {{of: [{dates}]}}}}", "the dates on which the subject was alive"


def _death(inventory: Inventory) -> Lines:
    if not _has_value(inventory, "DTHDTC"):
        return
    if "DTHDTC" in inventory.contents.partial:
        imputed = "DTHDT: {standard: {day: {otherwise: first}, month: {otherwise: first}, not_before: TRTEDT}}"
        yield "DTHDT", imputed, "some DTHDTC are partial; here the first day of the month or year that is not before the last dose"
        yield "DTHDTF", "DTHDTF: STANDARD", ""
    else:
        yield "DTHDT", "DTHDT: STANDARD", ""
    if inventory.one_fatal and inventory.has("AE", "AEDECOD", "AEOUT"):
        yield "DTHCAUS", "DTHCAUS: STANDARD", "the cause of death; here the fatal adverse event"
    yield "DTHADY, LDDTHELD", "DTHADY, LDDTHELD: STANDARD", ""
    yield "DTH30FL, DTHA30FL, DTHB30FL", "DTH30FL, DTHA30FL, DTHB30FL: STANDARD", ""
