"""The standard layer: each variable of the guides as they print it, with every difference listed, and no entry that contradicts itself."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.specification.codelists import DICTIONARIES
from adam.specification.dictionary import entry_of, label_of_sdtm
from adam.specification.models import DictionaryEntry
from adam.specification.read import read
from adam.specification.study import Study
from tests.specification.test_standard_formulas import planned

ROOT = Path(__file__).parents[2]
VARIABLES = ROOT.parent / "shared/data/standards/adamig_variables.csv"
CLASSES = {
    "ADSL": "SUBJECT LEVEL ANALYSIS DATASET",
    "BDS": "BASIC DATA STRUCTURE",
    "TTE": "BASIC DATA STRUCTURE",
    "OCCDS": "OCCURRENCE DATA STRUCTURE",
}
NO_LABEL = {"--TERM", "--STDTC", "--ENDTC", "AOCCzzFL"}
"""Labels that a domain or a producer completes: the layer gives none, so that no half of a label is used."""
OTHER_DICTIONARY = ("DECDORGw", "WHODrug")
"""The guide has the name twice, for MedDRA and for WHODrug; the layer has it once, as MedDRA prints it."""
CORE = {
    ("OCCDS", "AELLT"): "Cond",
    ("OCCDS", "AELLTCD"): "Cond",
    ("OCCDS", "AEHLT"): "Cond",
    ("OCCDS", "AEHLGT"): "Cond",
    ("OCCDS", "AEBDSYCD"): "Cond",
    ("OCCDS", "AESOC"): "Cond",
    ("OCCDS", "SMQ01CD"): "Cond",
}
"""Core of adverse events: Req in a draft page only; Cond, as levels of MedDRA are required where they are used for analysis."""
CODELISTS = {
    "Y": "Y",
    "1": "Y",
    "Y, N": "NY",
    "Y or Y, N": "NY",
    "1 or 1, 0": "NYNUM",
    "(NY)": "NYALL",
    "1, 2, 3": "AESEV",
    "(AESEV) or (SEVRS)": "AESEV",
}
CODELISTS |= {"BROAD, NARROW": "SMQSC", "1, 2": "SMQSC"}
OTHER_CODELIST = {("BDS", "ANLzzFL"): "Y", ("OCCDS", "--SEV"): "", ("OCCDS", "--SEVN"): "AESEV"}
"""--SEV has one codelist for adverse events and another for other events, so only AESEV is bound to one."""
MORE_CODELISTS = {"DCSREAS", "DCTREAS", "DCTxxRS", "DCPxxRS", "ANRIND", "BNRIND", "CMCLAS", "CMCLASCD"}
"""Variables with the codelist of the collected variable that they are copied from, though the guide prints none."""


@cache
def study() -> Study:
    return read(ROOT / "specs" / "true_ad")


def rows() -> list[dict[str, str]]:
    if not VARIABLES.exists():
        pytest.skip("the variables of the guides are not here")
    with VARIABLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instance(text: str, prefix: str = "XX") -> str:
    """A name or label with digits at its places: TRTxxP is TRT01P."""
    return re.sub(r"(?<![a-z])[yw](?![a-z])", "1", re.sub("xx|zz", "01", text.replace("--", prefix).replace("*", "RESP")))


def entry(row: dict[str, str], prefix: str = "XX", subclass: str = "") -> DictionaryEntry:
    assert study().standard is not None
    found = entry_of(study().standard or {}, CLASSES[row["class"]], instance(row["variable"], prefix), subclass)
    assert found is not None, f"{row['variable']} is not in the layer"
    return found


CONDITIONAL = ("ADT", "ADTM", "ADY", "ASTDT", "AENDT", "SMQzzCD")
"""Conditional in ADaMIG 1.3 as the layer has it: the dates of a BDS, and the code of a query; permissible in the listing of 1.2."""


def printed() -> list[dict[str, str]]:
    """The rows that the layer follows without exception."""
    return [row for row in rows() if (row["variable"], row["codelist"]) != OTHER_DICTIONARY]


def test_every_variable_of_the_guides_has_their_label_and_type() -> None:
    kinds = {True: "Char", False: "Num"}
    for row in printed():
        found = entry(row)
        wanted = "" if row["variable"] in NO_LABEL or row["variable"].startswith("*") else instance(row["label"])
        assert (row["variable"], found.label, kinds[found.type == "text"]) == (row["variable"], wanted, row["type"])


def test_every_variable_of_the_guides_has_their_core() -> None:
    differ = {row["variable"]: entry(row).core for row in printed() if row["core"] not in ("", entry(row).core)}
    assert differ == dict.fromkeys(CONDITIONAL, "Cond")


def test_adverse_events_have_the_core_of_their_subclass() -> None:
    differ = {}
    for row in printed():
        if row["core_ae"] not in ("", "Not used"):
            found, name = entry(row, "AE", "ADVERSE EVENT"), instance(row["variable"], "AE")
            if found.core != row["core_ae"]:
                differ[(row["class"], name)] = found.core
    assert differ == CORE


def test_every_variable_of_the_guides_has_their_codelist() -> None:
    for row in printed():
        said = row["codelist"]
        earlier = "ORG" in row["variable"]  # in another dictionary than the one whose version the study states
        wanted = "" if said == "ISO8601" or earlier else CODELISTS.get(said, said.strip("()"))
        wanted = OTHER_CODELIST.get((row["class"], row["variable"]), wanted)
        found = entry(row).codelist
        assert found == wanted or (not wanted and row["variable"] in MORE_CODELISTS), row


def test_every_codelist_of_the_dictionary_has_terms() -> None:
    named = {each.codelist for section in study().dictionary.values() for each in section.values() if each.codelist}
    assert {name for name in named if name not in DICTIONARIES and not study().codelists[name].terms} == set()


def test_no_text_of_a_closed_codelist_is_longer_than_its_variable() -> None:
    """But the answer NA and the longest terms of SEX: a study with such values states the length."""
    for section, entries in study().dictionary.items():
        for name, each in entries.items():
            codelist = study().codelists.get(each.codelist)
            if each.type == "text" and each.length and codelist is not None and not codelist.extensible and each.codelist not in ("NYALL", "SEX"):
                assert max(len(term) for term in codelist.terms) <= each.length, f"{section}.{name}"


def test_labels_fit_a_transport_file() -> None:
    too_long = {name for entries in study().dictionary.values() for name, each in entries.items() if len(instance(each.label)) > 40}
    assert too_long == {"PBCHGCyN"}  # the guide prints 41 characters; a study that has it states a shorter label


def test_the_entry_of_a_name_is_the_most_specific_one() -> None:
    standard = study().standard or {}
    assert (entry_of(standard, "BASIC DATA STRUCTURE", "RESPSDTM") or DictionaryEntry()).type == "datetime"
    assert (entry_of(standard, "BASIC DATA STRUCTURE", "ASTTM") or DictionaryEntry()).label == "Analysis Start Time"
    assert (entry_of(standard, "BASIC DATA STRUCTURE", "CRIT12FL") or DictionaryEntry()).label == "Criterion 12 Evaluation Result Flag"
    assert entry_of(standard, "SUBJECT LEVEL ANALYSIS DATASET", "RESPDTM") is None
    assert (entry_of(standard, "OCCURRENCE DATA STRUCTURE", "AESER") or DictionaryEntry()).core == "Perm"
    assert (entry_of(standard, "OCCURRENCE DATA STRUCTURE", "AESER", "ADVERSE EVENT") or DictionaryEntry()).core == "Req"


def test_labels_of_collected_variables() -> None:
    standard = study().standard or {}
    assert label_of_sdtm(standard, "ARMCD") == "Planned Arm Code"
    assert label_of_sdtm(standard, "LBSEQ") == "Sequence Number"
    assert label_of_sdtm(standard, "VSDY") == "Study Day of Vital Signs"
    assert label_of_sdtm(standard, "XYDY") == ""  # differs by domain, and this domain is not known
    assert entry_of(standard, "BASIC DATA STRUCTURE", "ARMCD") is None


def test_a_copy_has_the_label_of_sdtm_if_its_file_has_none(tmp_path: Path) -> None:
    made = planned(tmp_path, more="  VSDTC: {length: 20, value: VS.VSDTC}\n  VSSEQ: {label: Our number, value: VS.VSSTRESN}\n")
    variables = made.datasets["ADVS"].variables
    assert (variables["VSDTC"].label, variables["VSSEQ"].label) == ("Date/Time of Measurements", "Our number")


def test_a_plan_has_the_codelists_of_cdisc_that_it_uses(tmp_path: Path) -> None:
    made = planned(tmp_path, more="  DTYPE: PARAMETER\n  EPOCH: {term: TREATMENT}\n")
    assert {"DTYPE", "EPOCH", "NY"} <= set(made.study.codelists)
    assert not {"ROUTE", "COUNTRY", "LBTEST"} & set(made.study.codelists)


def test_files_of_a_folder_share_the_block_of_a_class(tmp_path: Path) -> None:
    block = "dictionary: {BASIC DATA STRUCTURE: {MYVAR: {label: My Variable, type: float}, PARAM: {label: Test}}}"
    other = "dictionary: {BASIC DATA STRUCTURE: {OURVAR: {label: Our Variable, type: float}, PARAM: {label: Test}}}"
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "other.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        planned(tmp_path, block, more="  MYVAR, OURVAR: AVAL\n")
    (message,) = [str(problem) for problem in caught.value.problems]
    assert "'PARAM' is defined twice in dictionary: BASIC DATA STRUCTURE, first at " in message
