"""Source data that used to be read without a word: copies, files of the wrong name, none or strange records, files cut short."""

import io
import json
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from tests.right_or_refused.small_study import ADSL, DM, Ran, small_study

SV = "STUDYID,DOMAIN,USUBJID,VISITNUM,SVSTDTC\nS1,SV,S1-1,1,2020-01-01\nS1,SV,S1-1,2,2020-02-01\nS1,SV,S1-2,1,2020-01-01\n"
VISITS = ADSL + "  NVIS: {type: float, label: Sum of Visits, sum: SV.VISITNUM}\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXDOSE\nS1,EX,S1-1,1,10\nS1,EX,S1-1,2,\nS1,EX,S1-2,1,\nS1,EX,S1-2,2,\n"
DOSES = ADSL + "  CUMDOSE: {type: float, label: Cumulative Dose, sum: EX.EXDOSE}\n"
COLUMNS = {"STUDYID": "string", "DOMAIN": "string", "USUBJID": "string", "AGE": "integer", "SEX": "string"}
ROWS = [["S1", "DM", "S1-1", 34, "F"], ["S1", "DM", "S1-2", 65, "M"]]


def told(ran: Ran, severity: str, part: str) -> list[dict[str, object]]:
    return [found for found in ran.findings() if found["severity"] == severity and part in found["message"]]


def dataset_json(name: str = "DM", oid: str = "IG.DM", label: str = "Sex", sex: str = "F") -> bytes:
    columns = [{"itemOID": f"IT.{each}", "name": each, "label": label if each == "SEX" else each, "dataType": kind} for each, kind in COLUMNS.items()]
    rows = [[*ROWS[0][:-1], sex], ROWS[1]]
    return json.dumps({"datasetJSONVersion": "1.1.0", "itemGroupOID": oid, "name": name, "records": 2, "columns": columns, "rows": rows}).encode()


def with_dm(folder: Path, file: str, content: bytes) -> Ran:
    made = small_study(folder, sdtm={file: content})
    (made.sdtm / "dm.csv").unlink()
    return made.build()


@pytest.mark.parametrize(("files", "count"), [({"sv": SV, "sv2": SV}, 6), ({"sv": SV + SV.splitlines()[3] + "\n"}, 2)])
def test_copies_of_records_without_sequence_numbers_are_told(tmp_path: Path, files: dict[str, str], count: int) -> None:
    ran = small_study(tmp_path, {"adsl": VISITS}, files).build()
    (found,) = told(ran, "warning", "equal in every variable")
    assert (found["dataset"], found["count"]) == ("SV", count)
    assert {"STUDYID": "S1", "USUBJID": "S1-2"} in found["keys"]  # type: ignore[operator]
    assert {"DOMAIN": "SV", "VISITNUM": "1", "SVSTDTC": "2020-01-01"} in found["values"]  # type: ignore[operator]


def test_records_that_differ_in_a_variable_nothing_reads_are_no_copies(tmp_path: Path) -> None:
    more = SV + "S1,SV,S1-1,1,2020-01-09\n"  # the same visit, another day; only VISITNUM is read
    ran = small_study(tmp_path, {"adsl": VISITS}, {"sv": more}).build()
    assert ran.records("ADSL", "NVIS") == [4, 1]
    assert not told(ran, "warning", "equal in every variable")


def test_the_same_trial_design_record_twice_is_no_matter_of_subjects(tmp_path: Path) -> None:
    ta = "STUDYID,DOMAIN,ARMCD,TAETORD\nS1,TA,A,1\nS1,TA,A,1\n"
    ran = small_study(tmp_path, sdtm={"ta": ta}).build()
    assert ran.exit_code == 0, ran.text


@pytest.mark.parametrize("file", ["suppqual", "supp", "sqdm"])
def test_supplements_of_several_domains_in_one_file_are_refused(tmp_path: Path, file: str) -> None:
    supp = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\nS1,EX,S1-1,EXSEQ,1,LOT,Lot,A\nS1,DM,S1-1,,,RACEOTH,Other Race,X\n"
    ran = small_study(tmp_path, sdtm={file: supp, "ex": EX}).build()
    assert ran.exit_code == 2
    assert f"{file}.csv: The file has supplemental qualifiers (RDOMAIN) of DM, EX" in ran.text
    assert "Split it by domain: suppdm.csv, suppex.csv" in ran.text


def test_a_supplement_of_a_domain_that_is_not_there_is_left_alone(tmp_path: Path) -> None:
    supp = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\nS1,LB,S1-1,LBSEQ,1,LOT,Lot,A\n"
    assert small_study(tmp_path, sdtm={"supplb": supp}).build().exit_code == 0


@pytest.mark.parametrize(("written", "said"), [("S2", "S2"), ("s1", "s1"), ("", "(blank)")])
def test_a_study_that_is_not_of_ids_is_refused(tmp_path: Path, written: str, said: str) -> None:
    ran = small_study(tmp_path, sdtm={"dm": DM.replace("S1,DM,S1-2", f"{written},DM,S1-2")}).build()
    assert ran.exit_code == 2
    assert f"refused: DM: STUDYID is {said}; the ids of this study are S1. Correct" in ran.text
    assert "USUBJID=S1-2" in ran.text


def test_a_record_without_its_sequence_number_is_told(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": DOSES}, {"ex": EX.replace("S1-1,2", "S1-1,")}).build()
    (found,) = told(ran, "warning", "EXSEQ is missing")
    assert (found["dataset"], found["count"], found["keys"]) == ("EX", 1, [{"STUDYID": "S1", "USUBJID": "S1-1"}])


def test_an_adverse_event_without_its_sequence_number_is_refused(tmp_path: Path) -> None:
    ae = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,HEADACHE\nS1,AE,S1-2,,STROKE\n"
    ran = small_study(tmp_path, {"adsl": ADSL + "  ANYAE: {type: text, label: Any, exists: not missing(AE.AETERM)}\n"}, {"ae": ae}).build()
    assert ran.exit_code == 2
    assert "refused: AE: AESEQ is missing; 1 record; first: STUDYID=S1 USUBJID=S1-2" in ran.text


@pytest.mark.parametrize(("name", "oid", "warned"), [("AE", "IG.AE", True), ("", "IG.AE", True), ("DM", "IG.1", False), ("dm", "", False)])
def test_dataset_json_that_says_it_is_another_dataset_is_told(tmp_path: Path, name: str, oid: str, warned: bool) -> None:
    ran = with_dm(tmp_path, "dm.json", dataset_json(name, oid))
    assert ran.exit_code == 0, ran.text
    assert ("warning: source DM: dm.json: The dataset name in the file is AE, but it was read as DM" in ran.text) is warned


@pytest.mark.parametrize("name", ["QS", "QSGI", "DM"])
def test_a_part_of_a_domain_may_name_the_whole_or_itself(tmp_path: Path, name: str) -> None:
    columns = [{"name": each, "label": each, "dataType": "string"} for each in ("STUDYID", "DOMAIN", "USUBJID", "QSTESTCD")]
    text = {
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.QS",
        "name": name,
        "records": 1,
        "columns": columns,
        "rows": [["S1", "QS", "S1-1", "A"]],
    }
    specs = {"adsl": ADSL + "  ANYQS: {type: text, label: Any, exists: not missing(QS.QSTESTCD)}\n"}
    ran = small_study(tmp_path, specs, {"qsgi.json": json.dumps(text)}).build()
    assert ran.exit_code == 0, ran.text
    assert ("The dataset name in the file is" in ran.text) is (name == "DM")


def test_a_file_without_records_is_told_once(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": DOSES}, {"ex": EX.splitlines()[0] + "\n"}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.text.count("warning: source EX: ex.csv: The file has no records") == 1


def test_a_sum_notes_the_records_without_a_value(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": DOSES}, {"ex": EX}).build()
    assert ran.records("ADSL", "CUMDOSE") == [10, None]
    (found,) = told(ran, "note", "The sum leaves out 3 of 4 records that have no value")
    assert (found["variable"], found["count"]) == ("CUMDOSE", 2)


def test_a_sum_of_all_records_notes_nothing(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": VISITS}, {"sv": SV}).build()
    assert ran.records("ADSL", "NVIS") == [3, 1]
    assert ran.findings() == []


def whole(file: str, folder: Path) -> bytes:
    frame = pd.DataFrame(ROWS, columns=list(COLUMNS))
    if file == "dm.parquet":
        held = io.BytesIO()
        frame.to_parquet(held)
        return held.getvalue()
    if file == "dm.xpt":
        pyreadstat.write_xport(frame, str(folder / "x.xpt"), table_name="DM")
        return (folder / "x.xpt").read_bytes()
    return dataset_json()


@pytest.mark.parametrize("left", [0.4, 0.9])
@pytest.mark.parametrize("file", ["dm.parquet", "dm.xpt", "dm.json"])
def test_a_file_cut_short_is_named_with_what_it_looks_like(tmp_path: Path, file: str, left: float) -> None:
    content = whole(file, tmp_path)
    ran = with_dm(tmp_path, file, content[: int(len(content) * left)])
    assert ran.exit_code == 2
    assert ran.text.startswith(f"{file}: ")
    assert "truncated" in ran.text
    assert "xport it again" in ran.text


@pytest.mark.parametrize("kind", ["sex", "label", "name"])
def test_half_a_character_in_json_is_refused(tmp_path: Path, kind: str) -> None:
    ran = with_dm(tmp_path, "dm.json", dataset_json(**{kind: "\ud800"}))
    assert ran.exit_code == 2
    assert "dm.json: " in ran.text
    assert "half of a surrogate pair" in ran.text


@pytest.mark.parametrize("stated", ["", '""', '" "', "utf-9"])
def test_an_encoding_that_is_empty_or_none_is_refused(tmp_path: Path, stated: str) -> None:
    ran = small_study(tmp_path, study=f"sources:\n  DM:\n    encoding: {stated}\n").build()
    assert ran.exit_code == 2
    assert "study.yaml:" in ran.text
    assert "encoding" in ran.text


def test_an_encoding_of_a_domain_without_a_file_is_told(tmp_path: Path) -> None:
    ran = small_study(tmp_path, study="sources:\n  QS: {encoding: windows-1252}\n  DM: {encoding: utf-8}\n").build()
    assert ran.exit_code == 0, ran.text
    assert "source QS: The study has encoding: for this domain under sources:, but there is no file of that name" in ran.text
    assert "source DM:" not in ran.text
