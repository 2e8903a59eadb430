"""Groups of variables: `core: ADSL` and `all: [...]` become copies, each as if it had a line of its own."""

from pathlib import Path

import pytest

from adam.core.errors import Severity, SpecError
from adam.core.kinds import ValueKind
from adam.engine.run import build
from adam.pipeline.build import build_study
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.validate import validate_study
from adam.planning.names import SourceHeader
from adam.planning.plan import plan
from adam.planning.values import ResolvedDataset
from adam.planning.values.plan import Plan
from adam.sources import Source
from adam.specification.read import read

T, N = ValueKind.TEXT, ValueKind.NUMBER
HEADERS = {
    "DM": SourceHeader({"STUDYID": T, "USUBJID": T, "AGE": N, "SEX": T, "COUNTRY": T}),
    "AE": SourceHeader(
        {"STUDYID": T, "DOMAIN": T, "USUBJID": T, "AESEQ": N, "AEMOD": T, "AEGRADE": N, "AESTDTC": T},
        ("AEEXTRA",),
        {"DOMAIN": "Domain Abbreviation", "AEMOD": "Modified Term", "AEGRADE": "Grade of the Event", "AESTDTC": "Start"},
        {"DOMAIN": 2, "AEMOD": 31, "AESTDTC": 10},
        {"AEGRADE": "4.1"},
    ),
}
FILES = {
    "study": """
language: 1
study: S
extends: adamig
ids: [S]
datasets: [ADSL, ADAE]
core_variables: [SEX, AGE]
""",
    "adsl": """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX, COUNTRY: DM
  LASTGR: {label: Last Grade, last: AE.AEGRADE}
temporary: {OLD: {flag: AGE > 64}}
""",
    "adae": """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
label: Adverse Events
records: {from: AE}
key: [STUDYID, USUBJID, AESEQ]
variables:
  all: [ADSL, AE]
""",
}


def folder(base: Path, **files: str) -> Path:
    for name, text in {**FILES, **files}.items():
        base.mkdir(parents=True, exist_ok=True)
        (base / f"{name}.yaml").write_text(text, encoding="utf-8")
    return base


def planned(base: Path, *, headers: bool = True, **files: str) -> Plan:
    return plan(read(folder(base / "study", **files)), HEADERS if headers else None)


def variables(base: Path, lines: str, **files: str) -> list[str]:
    """The variables of ADAE with these lines."""
    return list(adae(base, lines, **files).variables)


def adae(base: Path, lines: str, **files: str) -> ResolvedDataset:
    return planned(base, adae=FILES["adae"].replace("  all: [ADSL, AE]\n", lines), **files).datasets["ADAE"]


def fault(base: Path, lines: str, **files: str) -> str:
    with pytest.raises(SpecError) as caught:
        adae(base, lines, **files)
    return str(caught.value.problems[0]).removeprefix(f"{base}/study/")


SUBJECT = ["STUDYID", "USUBJID", "AGE", "SEX", "COUNTRY", "LASTGR"]
EVENT = ["DOMAIN", "AESEQ", "AEMOD", "AEGRADE", "AESTDTC"]


def test_all_takes_what_each_has_in_its_order_and_the_first_wins(tmp_path: Path) -> None:
    assert variables(tmp_path, "  all: [ADSL, AE]\n") == [*SUBJECT, *EVENT]
    assert variables(tmp_path, "  all: [AE, ADSL]\n") == ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", *EVENT[2:], "AGE", "SEX", "COUNTRY", "LASTGR"]


def test_a_single_name_needs_no_list(tmp_path: Path) -> None:
    assert variables(tmp_path, "  all: AE\n") == ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", *EVENT[2:]]


def test_a_line_of_the_dataset_wins_in_its_own_place(tmp_path: Path) -> None:
    lines = "  AESEQ: AE\n  all: [ADSL, {from: AE, except: [DOMAIN, AESTDTC]}]\n  SEX: {label: Sex, length: 1, value: upper(ADSL.SEX)}\n"
    assert variables(tmp_path, lines) == ["AESEQ", "STUDYID", "USUBJID", "AGE", "COUNTRY", "LASTGR", "AEMOD", "AEGRADE", "SEX"]


def test_a_temporary_is_a_name_of_the_dataset_and_one_of_adsl_is_not_taken(tmp_path: Path) -> None:
    assert "AGE" not in variables(tmp_path, "  all: [ADSL, AE]\ntemporary: {AGE: ADSL}\n")
    assert "OLD" not in variables(tmp_path, "  all: [ADSL, AE]\n")


def test_core_takes_the_list_of_the_study_in_its_order(tmp_path: Path) -> None:
    assert variables(tmp_path, "  STUDYID, USUBJID, AESEQ: AE\n  core: ADSL\n  AEMOD: AE\n") == ["STUDYID", "USUBJID", "AESEQ", "SEX", "AGE", "AEMOD"]


def test_core_and_all_stand_where_they_are_written(tmp_path: Path) -> None:
    found = variables(tmp_path, "  core: ADSL\n  AEMOD: AE\n  all: [{from: AE, except: [DOMAIN, AESTDTC]}]\n")
    assert found == ["SEX", "AGE", "AEMOD", "STUDYID", "USUBJID", "AESEQ", "AEGRADE"]


def test_a_copy_has_the_attributes_of_the_file_also_with_a_condition(tmp_path: Path) -> None:
    lines = "  STUDYID, USUBJID, AESEQ: AE\n  all: [AE]\n  AEMOD2: {where: AEGRADE > 1, value: AE.AEMOD}\n"
    found = adae(tmp_path, lines).variables
    attributes = {name: (each.label, each.type, each.length, each.format) for name, each in found.items()}
    assert attributes["DOMAIN"] == ("Domain Abbreviation", "text", 2, "")
    assert attributes["AEMOD"] == attributes["AEMOD2"] == ("Modified Term", "text", 31, "")
    assert attributes["AEGRADE"] == ("Grade of the Event", "float", None, "4.1")
    assert found["DOMAIN"].origin == "Predecessor"
    assert found["DOMAIN"].lineage == ("AE.DOMAIN",)


def test_a_copy_of_a_copy_has_the_attributes_of_the_file(tmp_path: Path) -> None:
    headers = {**HEADERS, "DM": SourceHeader({**HEADERS["DM"].variables, "ETHN": T}, (), {"ETHN": "Group"}, {"ETHN": 17})}
    adsl = FILES["adsl"].replace("AGE, SEX, COUNTRY: DM", "AGE, SEX, COUNTRY, ETHN: DM")
    found = plan(read(folder(tmp_path / "study", adsl=adsl)), headers).datasets["ADAE"].variables["ETHN"]
    assert (found.label, found.type, found.length) == ("Group", "text", 17)


def test_without_headers_a_domain_gives_the_names_that_the_specification_uses(tmp_path: Path) -> None:
    lines = "  all: [ADSL, AE]\n  ASEV: {length: 8, value: AEMOD}\n  ASTDT: STANDARD\n"
    made = planned(tmp_path, headers=False, adae=FILES["adae"].replace("  all: [ADSL, AE]\n", lines))
    assert list(made.datasets["ADAE"].variables) == [*SUBJECT, "AEGRADE", "AEMOD", "AESEQ", "ASEV", "ASTDT"]
    (note,) = [finding for finding in made.warnings if finding.id == "source-unknown"]
    assert (note.severity, note.dataset, note.mark.line, note.mark.column) == (Severity.NOTE, "ADAE", 8, 15)
    assert note.message.startswith("all: takes the variables of AE that its file has.")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("  all: [ADSK]\n", "adae.yaml:8:9: ADAE.all: There is no dataset or domain ADSK. Did you mean 'ADSL'?"),
        ("  all: [{from: AE, except: [AEMODE]}]\n", "adae.yaml:8:29: ADAE.all: AE has no variable AEMODE. Did you mean 'AEMOD'? Correct except:."),
        ("  all: [{from: AE, without: [AEMOD]}]\n", "adae.yaml:8:20: ADAE.all: Unknown key 'without'. An entry of all: has from: and except:."),
        ("  all: [{except: [AEMOD]}]\n", "adae.yaml:8:9: ADAE.all: from must be the name of a dataset or a domain. Write {from: AE}."),
        ("  all: [{from: AE, except: AEMOD}]\n", "adae.yaml:8:20: ADAE.all: except must be a list of variables."),
        ("  all: 1\n", "adae.yaml:8:8: ADAE.all: all: must be a list such as [ADSL, {from: AE, except: [AESPID]}]."),
        ("  core: [ADSL]\n", "adae.yaml:8:9: ADAE.core: core: must be the name of the dataset with one record per subject."),
        ("  core: AE\n", "adae.yaml:8:9: ADAE.core: AE has several records per subject, and core: takes variables of a dataset with one"),
        ("  all: [EX]\n", "adae.yaml:8:9: ADAE.all: There is no dataset or domain EX."),
        ("  all: [ADAE]\n", "adae.yaml:8:9: ADAE.all: The datasets take variables of each other: ADAE → ADAE. Write the variables of one of them."),
    ],
)
def test_a_group_that_cannot_be_made_is_refused(lines: str, message: str, tmp_path: Path) -> None:
    assert fault(tmp_path, lines).startswith(message)


def test_what_a_group_with_an_error_would_have_given_is_no_other_error(tmp_path: Path) -> None:
    lines = '  all: [ADSK, AE]\n  AOLD: {label: Old, flag: AGE > 64 and COUNTRY == "USA"}\n'
    with pytest.raises(SpecError) as caught:
        adae(tmp_path, lines)
    assert [problem.code for problem in caught.value.problems] == ["spec-unknown-source"]


def test_core_needs_core_variables_that_adsl_has(tmp_path: Path) -> None:
    without = FILES["study"].replace("core_variables: [SEX, AGE]\n", "")
    assert fault(tmp_path, "  core: ADSL\n", study=without).startswith("adae.yaml:8:3: ADAE.core: The study has no core variables.")
    unknown = FILES["study"].replace("[SEX, AGE]", "[SEX, AGEGR]")
    message = "study.yaml:7:23: ADSL: ADSL has no variable AGEGR, but core_variables lists it. Did you mean 'AGE'? [spec-unknown-variable]"
    assert fault(tmp_path, "  core: ADSL\n  STUDYID, USUBJID, AESEQ: AE\n", study=unknown) == message
    twice = FILES["study"].replace("[SEX, AGE]", "[SEX, SEX]")
    assert fault(tmp_path, "  core: ADSL\n", study=twice).startswith("study.yaml:7:23: SEX is listed twice in core_variables.")


def test_all_of_a_dataset_with_several_records_that_is_not_the_source_is_refused(tmp_path: Path) -> None:
    other = FILES["adae"].replace("ADAE", "ADAE2")
    study = FILES["study"].replace("[ADSL, ADAE]", "[ADSL, ADAE, ADAE2]")
    found = fault(tmp_path, "  all: [ADAE2, AE]\n", study=study, other=other)
    assert found.startswith("adae.yaml:8:9: ADAE.all: ADAE2 has several records per subject, and no record of ADAE comes from it.")


BDS = """
dataset: ADAE
class: BASIC DATA STRUCTURE
label: Grades
key: [STUDYID, USUBJID, PARAMCD, ADT, AESEQ]
parameters:
  GRADE: {label: Grade, records: {from: AE, value: number(SRC.GRADE)}}
  AGE: {label: Age, records: {from: DM, value: AGE}}
variables:
  core: ADSL
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  ADT: {where: PARAMCD == "GRADE", value: date(AE.AESTDTC)}
  all: [{from: AE, except: [DOMAIN]}]
"""


def sdtm_of(folder: Path) -> Path:
    folder.mkdir()
    (folder / "dm.csv").write_text("STUDYID,USUBJID,AGE,SEX,COUNTRY\nS,1,40,F,USA\nS,2,70,M,USA\n")
    (folder / "ae.csv").write_text("STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEGRADE,AESTDTC\nS,AE,1,1,Rash,2,2024-01-05\nS,AE,1,2,Itch,3,2024-02-05\n")
    return folder


def test_files_are_validated_without_the_source(tmp_path: Path) -> None:
    sdtm = sdtm_of(tmp_path / "sdtm")
    adsl = FILES["adsl"].replace("  LASTGR: {label: Last Grade, last: AE.AEGRADE}\n", "")
    names = {"AESEQ": "float", "AETERM": "text", "AESTDTC": "text", "AEGRADE": "text", "DOMAIN": "text"}
    dictionary = "dictionary:\n  ANY:\n" + "".join(f"    {name}: {{label: {name}, type: {kind}, length: 20}}\n" for name, kind in names.items())
    specs = folder(tmp_path / "study", adsl=adsl, dictionary=dictionary, adae=FILES["adae"].replace("OCCURRENCE DATA STRUCTURE", "ADAM OTHER"))
    (specs / "classes.yaml").write_text("classes: {ADAM OTHER: {structure: One record per event}}\n", encoding="utf-8")
    build_study(specs, sdtm, tmp_path / "out")
    found = validate_study(specs, tmp_path / "out" / "adam").findings
    assert [str(finding) for finding in found if finding.id in ("G-01", "G-02") or finding.blocks] == []
    (specs / "adae.yaml").write_text((specs / "adae.yaml").read_text().replace("AE]", "{from: AE, except: [AETERM]}]"), encoding="utf-8")
    found = validate_study(specs, tmp_path / "out" / "adam").findings
    assert "The variable is not in the specification: AETERM" in str([finding.message for finding in found if finding.id == "G-01"])


def test_in_a_bds_the_variables_of_a_domain_are_blank_on_records_from_another(tmp_path: Path) -> None:
    sdtm = sdtm_of(tmp_path / "sdtm")
    adsl = FILES["adsl"].replace("  LASTGR: {label: Last Grade, last: AE.AEGRADE}\n", "")
    dictionary = "dictionary:\n  ANY:\n    AESEQ: {label: Number}\n    AETERM: {label: Term, length: 20}\n    AESTDTC: {label: Start, length: 10}\n"
    specs = folder(tmp_path / "study", adsl=adsl, adae=BDS.replace("[DOMAIN]", "[DOMAIN, AEGRADE]"), dictionary=dictionary)
    made, source = plan_with_source(specs, sdtm)
    assert isinstance(source, Source)
    frame = build(made, load_records(source, made.columns)).frames["ADAE"]
    found = frame[["USUBJID", "PARAMCD", "AVAL", "AESEQ", "AETERM", "AESTDTC"]].fillna({"AESEQ": 0}).values.tolist()
    assert found == [
        ["1", "AGE", 40, 0, "", ""],
        ["1", "GRADE", 2, 1, "Rash", "2024-01-05"],
        ["1", "GRADE", 3, 2, "Itch", "2024-02-05"],
        ["2", "AGE", 70, 0, "", ""],
    ]
