"""What a transport file cannot hold is an error with its records, values and cure; what can be written stands in `rejected/`."""

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import Finding, Severity
from adam.core.stored import StoredRecords
from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.submission.export_findings import find_unwritable, unwritable_values
from tests.right_or_refused.small_study import ADSL, STUDY, small_study
from tests.stored import in_parts

ID = ResolvedVariable(name="USUBJID", label="Unique Subject Identifier", type="text", length=4)
AE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM: AE
"""


def found(column: pd.Series, policy: str = "error", **attributes: object) -> list[tuple[str, int, dict[str, str], str]]:
    """The findings of a dataset of one variable besides its key: message, count, first value, first subject."""
    variable = ResolvedVariable.model_validate({"name": "X", "label": "X", "type": "float", **attributes})
    dataset = ResolvedDataset(name="ADX", class_="X", label="X", key=("USUBJID",), variables={"USUBJID": ID, "X": variable})
    ids = pd.Series([f"S-{number + 1}" for number in range(len(column))], dtype="str")
    study = ResolvedStudy.model_construct(non_ascii=policy, lengths="declared", split_over=5_000_000_000)
    frame = pd.DataFrame({"USUBJID": ids, "X": column})
    made = find_unwritable([{"ADX": unwritable_values(frame, dataset, study)}], {"ADX": StoredRecords.in_memory(frame)}, {"ADX": dataset}, study, [])
    assert all((each.id, each.severity, each.dataset) == ("export", Severity.ERROR, "ADX") for each in made)
    return [(each.message, each.count, each.values[0], each.keys[0]["USUBJID"]) for each in made]


def text(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("column", "attributes", "what", "cure", "value"),
    [
        (text("a", "é"), {"type": "text", "length": 5}, "Text is not ASCII", "Set non_ascii: transliterate", "é"),
        (text("a", "b\x00c"), {"type": "text", "length": 5}, "Text holds a NUL character", "Correct the source", "b\x00c"),
        (text("a", "abcdef"), {"type": "text", "length": 5}, "Text is longer than the declared 5 bytes", "declare a length", "abcdef"),
        (pd.Series([1.0, 2.0**53 + 2]), {"type": "integer"}, "A whole number is above 2**53", "declare the variable as text", "9007199254740994"),
        (pd.Series([1.0, -np.inf]), {}, "A number is infinite or too large", "Correct the source", "-inf"),
        (pd.Series([1.0, 1e76]), {}, "A number is infinite or too large", "Correct the source", f"{int(1e76)}"),
        (pd.Series([1.0, 1e-80]), {}, "A number is too small", "Round it", "1e-80"),
        (pd.Series([1.0, 1.5]), {"type": "integer"}, "A value of type integer is not whole", "declare type: float", "1.5"),
        (pd.Series([1.0, 86400.0]), {"type": "time", "format": "TIME8."}, "A time is outside one day", "Correct the source", "86400"),
    ],
)
def test_a_finding_has_the_record_the_value_and_the_cure(column: pd.Series, attributes: dict, what: str, cure: str, value: str) -> None:
    ((message, count, values, subject),) = found(column, **attributes)
    assert message.startswith(what)
    assert cure in message
    assert (count, values, subject) == (1, {"X": value}, "S-2")


def test_what_can_be_written_is_no_finding() -> None:
    assert found(pd.Series([2.0**53, -(2.0**53), 0.1, np.nan, 0.0])) == []
    assert found(text("é"), "keep", type="text", length=2) == []


def test_a_sign_without_a_plain_form_names_the_other_cure() -> None:
    ((message, *_),) = found(text("日本"), "transliterate", type="text", length=6)
    assert "Recode it, or set non_ascii: keep" in message


@pytest.mark.parametrize(("term", "value"), [("Fi\u00e8vre", "Fi\u00e8vre"), ("head\x00ache", "head\x00ache")])
def test_the_other_datasets_stand_in_rejected(tmp_path: Path, term: str, value: str) -> None:
    rows = [[1, "S1", "S1-1", 1, "fine"], [2, "S1", "S1-2", 1, term]]
    columns = [
        {"itemOID": name, "name": name, "label": name, "dataType": kind}
        for name, kind in (("ROW", "integer"), ("STUDYID", "string"), ("USUBJID", "string"), ("AESEQ", "integer"), ("AETERM", "string"))
    ]
    body = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.AE", "records": 2, "name": "AE", "label": "AE", "columns": columns, "rows": rows}
    body |= {"datasetJSONCreationDateTime": "2024-01-01T00:00:00"}
    ran = small_study(tmp_path, {"adae": AE}, {"ae.json": json.dumps(body)}).build()
    assert ran.exit_code == 1, ran.text
    (finding,) = [each for each in ran.findings() if each["id"] == "export"]
    assert (finding["dataset"], finding["variable"], finding["count"]) == ("ADAE", "AETERM", 1)
    assert (finding["keys"], finding["values"]) == ([{"USUBJID": "S1-2", "STUDYID": "S1", "AESEQ": "1"}], [{"AETERM": value}])
    frame, _ = pyreadstat.read_xport(str(ran.out / "rejected" / "adsl.xpt"))
    assert frame["USUBJID"].tolist() == ["S1-1", "S1-2"]
    assert not (ran.out / "adam").exists()
    if "\x00" in term:
        assert not (ran.out / "rejected" / "adae.xpt").exists()
        assert "ADAE is not in this folder" in (ran.out / "rejected" / "not-written.txt").read_text()
        assert "a transport file cannot hold them: ADAE" in ran.text
        assert "head\\u0000ache" in ran.text


def test_120_accented_letters_are_120_bytes_once_transliterated(tmp_path: Path) -> None:
    ae = f"STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,{'é' * 120}\n"
    ran = small_study(tmp_path, {"adae": AE}, {"ae": ae}, "non_ascii: transliterate\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", "AETERM") == ["e" * 120]


def test_a_long_text_that_is_not_exported_is_no_fault(tmp_path: Path) -> None:
    adsl = ADSL + "  ARM: {label: Arm, length: 20, value: 'scan(DM.ARM, 1, \";\")'}\n"
    dm = f"STUDYID,DOMAIN,USUBJID,AGE,SEX,ARM\nS1,DM,S1-1,34,F,Active;{'x' * 300}\n"
    ran = small_study(tmp_path, {"adsl": adsl}, {"dm": dm}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "ARM") == ["Active"]


def test_an_exported_text_over_200_bytes_is_a_finding(tmp_path: Path) -> None:
    ae = f"STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,{'x' * 201}\n"
    ran = small_study(tmp_path, {"adae": AE}, {"ae": ae}).build()
    assert ran.exit_code == 1, ran.text
    assert {(each["id"], each["variable"]) for each in ran.findings() if each["severity"] == "error"} == {("G-03", "AETERM")}


def test_a_waiver_does_not_let_a_file_hold_what_it_cannot(tmp_path: Path) -> None:
    ae = f"STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,{'x' * 201}\n"
    waivers = "waivers: [{check: G-03, reason: known}, {check: export, reason: known}]\n"
    ran = small_study(tmp_path, {"adae": AE}, {"ae": ae}, waivers).build()
    assert ran.exit_code == 1, ran.text
    assert [each["variable"] for each in ran.findings() if each["id"] == "export" and not each["waived"]] == ["AETERM"]


@pytest.mark.parametrize("moment", ["abc", "-1", "1e5", "99999999999999", "253402300800", "\u0661", " 1", "1.5"])
def test_a_source_date_epoch_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    ran = small_study(tmp_path).build()
    assert (ran.exit_code, "SOURCE_DATE_EPOCH is" in ran.text, ran.out.exists()) == (2, True, False)


def test_the_last_moment_that_can_be_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "253402300799")
    ran = small_study(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    assert (ran.out / "adam" / "adsl.xpt").read_bytes()[144:160] == b"31DEC99:23:59:59"


@pytest.mark.parametrize(
    ("day", "stamp"), [("2000-01-01", b"01JAN00"), ("2005-03-07", b"07MAR05"), ("2009-12-31", b"31DEC09"), ("1999-05-02", b"02MAY99")]
)
def test_the_year_of_the_header_has_two_digits(tmp_path: Path, day: str, stamp: bytes) -> None:
    study = small_study(tmp_path)
    text = (study.specs / "study.yaml").read_text()
    (study.specs / "study.yaml").write_text(text.replace("as_of: 2024-06-30", f"as_of: {day}"))
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    raw = (ran.out / "adam" / "adsl.xpt").read_bytes()
    assert [raw[offset : offset + 16] for offset in (144, 160, 464, 480)] == [stamp + b":00:00:00"] * 4


def test_the_bound_of_a_latest_date_is_that_of_each_subject(tmp_path: Path) -> None:
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFENDTC\nS1,DM,S1-1,34,F,2024-01-02\nS1,DM,S1-2,65,M,2024-02-02\n"
    adsl = ADSL + "  LASTDT: {label: Last, type: date, latest_date: {of: [EX.EXENDTC], up_to: date(DM.RFENDTC)}}\n"
    rows = ["S1-1,1,2024-01-01", "S1-1,2,2024-01-03", "S1-2,1,2024-01-04", "S1-2,2,2024-02-03"]
    ex = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXENDTC\n" + "".join(f"S1,EX,{row}\n" for row in rows)
    ran = small_study(tmp_path, {"adsl": adsl}, {"dm": dm, "ex": ex}).build()
    days = [(datetime.date(2024, 1, day) - datetime.date(1960, 1, 1)).days for day in (1, 4)]
    assert ran.records("ADSL", "LASTDT") == days, ran.text


def test_the_cut_into_parts_does_not_show() -> None:
    """Faults that one part has and another has not are in the order of the variables, their records in the order of the parts."""
    kinds = {"X": {"type": "integer"}, "Y": {"type": "text", "length": 3}}
    variables = {name: ResolvedVariable.model_validate({"name": name, "label": name, **kind}) for name, kind in kinds.items()}
    dataset = ResolvedDataset(name="ADX", class_="X", label="X", key=("USUBJID",), variables={"USUBJID": ID, **variables})
    study = ResolvedStudy.model_construct(non_ascii="error", lengths="declared", split_over=5_000_000_000)
    columns = {"USUBJID": text("S-1", "S-2", "S-3", "S-4"), "X": [1.5, 2.0**53 + 2, 1.0, 2.5], "Y": text("long", "a", "é", "longer")}
    frame = pd.DataFrame(columns)

    def findings(cut: int) -> list[Finding]:
        parts = [{"ADX": unwritable_values(part, dataset, study)} for part in (frame.iloc[:cut], frame.iloc[cut:])]
        return find_unwritable(parts, {"ADX": in_parts(frame, 4)}, {"ADX": dataset}, study, [])

    listed = [(each.variable, each.message.partition(",")[0], each.count, [key["USUBJID"] for key in each.keys]) for each in findings(0)]
    assert listed == [
        ("X", "A whole number is above 2**53", 1, ["S-2"]),
        ("Y", "Text is longer than the declared 3 bytes", 2, ["S-1", "S-4"]),
        ("Y", "Text is not ASCII", 1, ["S-3"]),
        ("X", "A value of type integer is not whole", 2, ["S-1", "S-4"]),
    ]
    assert findings(1) == findings(2) == findings(3) == findings(0)


def test_a_text_that_no_transport_file_can_hold_is_named_by_its_conformance_rule(tmp_path: Path) -> None:
    """With `lengths: longest` the length of the variable in the file is that of the text."""
    adsl = ADSL + "  NOTE: {label: Note, length: 10, value: DM.NOTE}\n"
    dm = f"STUDYID,DOMAIN,USUBJID,AGE,SEX,NOTE\nS1,DM,S1-1,34,F,{'x' * 250}\n"
    study = STUDY.replace("conformance: off\n", "").format(datasets="ADSL")
    messages = [finding["message"] for finding in small_study(tmp_path, {"adsl": adsl, "study": study}, {"dm": dm}).build().findings()]
    assert "A text value is too long for a transport file: the length of the variable is 250; the limit is 200 bytes [AD0017]" in messages
    assert not [message for message in messages if "could not be run" in message]
