"""Labels: those of the standard are known, those of the source file are inherited, and a study's own dictionary is not the standard."""

import json
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from adam.planning.plan import plan
from adam.specification.read import read
from tests.right_or_refused.small_study import ADSL, Ran, small_study

LABELS = ["Study Identifier", "Domain Abbreviation", "Unique Subject Identifier", "Age", "Sex", "Date/Time of Collection", "Height (cm)"]
DECLARED = "lengths: declared\n"
"""The files have the lengths of the specification, which these tests read."""


def xpt(folder: Path) -> bytes:
    """DM with a label for each variable, a text of 12 bytes and a number of two decimals, none of them in the dictionary of the standard."""
    rows = [("S1", "DM", "S1-1", 34.0, "F", "2024-01-08", 171.25), ("S1", "DM", "S1-2", 65.0, "M", "2024-01-09T10", 160.0)]
    frame = pd.DataFrame(rows, columns=["STUDYID", "DOMAIN", "USUBJID", "AGE", "SEX", "DMDTC", "HEIGHT"])
    folder.mkdir(exist_ok=True)
    pyreadstat.write_xport(frame, str(folder / "made.xpt"), table_name="DM", column_labels=LABELS, variable_format={"HEIGHT": "8.2"})
    return (folder / "made.xpt").read_bytes()


def dataset_json() -> str:
    """The same as Dataset-JSON."""
    columns = [
        {"itemOID": name, "name": name, "label": label, "dataType": kind, **more}
        for (name, kind, more), label in zip(
            [
                *((name, "string", {"length": 10}) for name in ("STUDYID", "DOMAIN", "USUBJID")),
                ("AGE", "float", {}),
                ("SEX", "string", {"length": 1}),
                ("DMDTC", "string", {"length": 20}),
                ("HEIGHT", "float", {"displayFormat": "8.2"}),
            ],
            LABELS,
            strict=True,
        )
    ]
    rows = [["S1", "DM", "S1-1", 34, "F", "2024-01-08", 171.25], ["S1", "DM", "S1-2", 65, "M", "2024-01-09T10", 160]]
    about = {"datasetJSONVersion": "1.1.0", "records": 2, "name": "DM", "label": "Demographics", "columns": columns, "rows": rows}
    return json.dumps(about)


def built(folder: Path, kind: str, adsl: str) -> Ran:
    study = small_study(folder, {"adsl": adsl}, study=DECLARED)
    (study.sdtm / "dm.csv").unlink()
    (study.sdtm / f"dm.{kind}").write_bytes(xpt(folder / "work") if kind == "xpt" else dataset_json().encode())
    return study.build()


def attributes(ran: Ran, dataset: str = "adsl") -> dict[str, tuple[str, int]]:
    assert ran.exit_code == 0, ran.text
    _, meta = pyreadstat.read_xport(ran.out / "adam" / f"{dataset}.xpt", metadataonly=True)
    return {name: (meta.column_names_to_labels[name], meta.variable_storage_width[name]) for name in meta.column_names}


@pytest.mark.parametrize(("kind", "length"), [("xpt", 13), ("json", 20)])
def test_a_copy_has_the_label_and_length_of_its_source(kind: str, length: int, tmp_path: Path) -> None:
    ran = built(tmp_path, kind, ADSL + "  DMDTC, HEIGHT: DM\n")
    found = attributes(ran)
    assert found["DMDTC"] == ("Date/Time of Collection", length)
    assert found["HEIGHT"][0] == "Height (cm)"
    assert found["AGE"][0] == "Age"  # the standard's
    define = (ran.out / "adam" / "define.xml").read_text()
    assert 'DisplayFormat="8.2"' in define[define.index('Name="HEIGHT"') :].split(">")[0]


def test_the_line_beats_the_header(tmp_path: Path) -> None:
    found = attributes(built(tmp_path, "xpt", ADSL + "  DMDTC: {label: My Date, length: 30, value: DM.DMDTC}\n"))
    assert found["DMDTC"] == ("My Date", 30)


def test_a_copy_of_a_copy_has_it_too(tmp_path: Path) -> None:
    other = "dataset: ADDM\nclass: OCCURRENCE DATA STRUCTURE\nlabel: D\nkey: [STUDYID, USUBJID]\nrecords: {from: DM}\nvariables:\n"
    study = small_study(tmp_path, {"adsl": ADSL + "  DMDTC: DM\n", "addm": other + "  STUDYID, USUBJID, DMDTC: ADSL\n  HEIGHT: DM\n"}, study=DECLARED)
    (study.sdtm / "dm.csv").unlink()
    (study.sdtm / "dm.xpt").write_bytes(xpt(tmp_path / "work"))
    found = attributes(study.build(), "addm")
    assert found["DMDTC"] == ("Date/Time of Collection", 13)
    assert found["HEIGHT"][0] == "Height (cm)"


def test_what_is_computed_inherits_nothing(tmp_path: Path) -> None:
    ran = built(tmp_path, "xpt", ADSL + "  HEIGHT: DM.HEIGHT / 100\n")
    assert ran.exit_code == 2
    assert "ADSL.HEIGHT: The variable has no label" in ran.text


def test_a_file_without_labels_gives_none(tmp_path: Path) -> None:
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX,HEIGHT\nS1,DM,S1-1,34,F,171\n"
    ran = small_study(tmp_path, {"adsl": ADSL + "  HEIGHT: DM\n"}, {"dm": dm}).build()
    assert ran.exit_code == 2
    assert "ADSL.HEIGHT: The variable has no label" in ran.text


def test_validating_without_sources_takes_the_label_of_the_file(tmp_path: Path) -> None:
    ran = built(tmp_path, "xpt", ADSL + "  DMDTC, HEIGHT: DM\n")
    done = small_study(tmp_path, {"adsl": ADSL + "  DMDTC, HEIGHT: DM\n"}).run("validate", str(tmp_path / "specs"), "--adam", str(ran.out / "adam"))
    assert done.exit_code == 0, done.text


DICTIONARY = (
    "dictionary:\n  SUBJECT LEVEL ANALYSIS DATASET:\n    AGE: {label: Years since Birth}\n    HAIR: {label: Hair Color, type: text, length: 5}\n"
)


def test_a_dictionary_of_the_study_is_not_the_standard(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"dictionary": DICTIONARY, "adsl": ADSL + '  HAIR: {term: "red"}\n'})
    study.specs.joinpath("study.yaml").write_text(study.specs.joinpath("study.yaml").read_text().replace("conformance: off", "conformance: warning"))
    ran = study.build()
    assert attributes(ran)["AGE"][0] == "Years since Birth"
    (finding,) = [each for each in ran.findings() if each["variable"] == "AGE"]  # the same label is not reported twice
    assert finding["id"] == "AD0018"
    assert "'Years since Birth'; expected 'Age'" in finding["message"]
    (warning,) = [line for line in study.check().text.splitlines() if "Years since Birth" in line]
    assert "The label 'Years since Birth' of the study's dictionary differs from the standard's 'Age'." in warning


def test_a_line_that_has_the_label_of_the_standard_is_no_deviation(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"dictionary": DICTIONARY, "adsl": ADSL.replace("  AGE: DM", "  AGE: {label: Age, value: DM.AGE}")})
    assert study.build().findings() == []


def test_the_resolved_specification_names_the_dictionary(tmp_path: Path) -> None:
    done = small_study(tmp_path, {"dictionary": DICTIONARY}).check("--resolved")
    (line,) = [each for each in done.text.splitlines() if "Years since Birth" in each]
    assert line.endswith("# the study's dictionary")


@pytest.mark.parametrize(
    ("class_", "name", "label", "type_"),
    [
        ("BASIC DATA STRUCTURE", "ANRLO", "Analysis Normal Range Lower Limit", "float"),
        ("BASIC DATA STRUCTURE", "ANRIND", "Analysis Reference Range Indicator", "text"),
        ("BASIC DATA STRUCTURE", "ATPT", "Analysis Timepoint", "text"),
        ("BASIC DATA STRUCTURE", "ADTF", "Analysis Date Imputation Flag", "text"),
        ("BASIC DATA STRUCTURE", "CNSR", "Censor", "integer"),
        ("BASIC DATA STRUCTURE", "R2A1HI", "Ratio to Analysis Range 1 Upper Limit", "float"),
        ("BASIC DATA STRUCTURE", "BTOXGRL", "Baseline Toxicity Grade Low", "text"),
        ("SUBJECT LEVEL ANALYSIS DATASET", "TR02PG1N", "Planned Pooled Trt 1 for Period 02 (N)", "integer"),
        ("SUBJECT LEVEL ANALYSIS DATASET", "P01S2SDM", "Period 01 Subperiod 2 Start Datetime", "datetime"),
        ("SUBJECT LEVEL ANALYSIS DATASET", "RAND2DT", "Date of Randomization 2", "date"),
        ("SUBJECT LEVEL ANALYSIS DATASET", "DTHCGR1", "Cause of Death Group 1", "text"),
        ("OCCURRENCE DATA STRUCTURE", "MHSEQ", "Sequence Number", "integer"),
        ("OCCURRENCE DATA STRUCTURE", "AETERM", "Reported Term for the Adverse Event", "text"),
        ("OCCURRENCE DATA STRUCTURE", "CMTRT", "Reported Name of Drug, Med, or Therapy", "text"),
        ("OCCURRENCE DATA STRUCTURE", "AESEVN", "Severity/Intensity (N)", "integer"),
        ("OCCURRENCE DATA STRUCTURE", "ATC2CD", "ATC Level 2 Code", "text"),
    ],
)
def test_a_variable_of_the_standard_needs_no_label(class_: str, name: str, label: str, type_: str, tmp_path: Path) -> None:
    text = f"dataset: ADX\nclass: {class_}\nlabel: X\nkey: [STUDYID, USUBJID]\n"
    making = "parameters: {P: {label: P, records: {from: VS}}}\n" if class_.startswith("BASIC") else "records: {from: DM}\n"
    study = small_study(tmp_path, {"adx": f"{text}{making}variables:\n  STUDYID, USUBJID: ADSL\n  {name}: missing\n"})
    found = plan(read(study.specs)).datasets["ADX"].variables[name]
    assert (found.label, found.type) == (label, type_)
