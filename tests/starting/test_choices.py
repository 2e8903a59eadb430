"""What adam init decides from the values of the data: imputed dates, doses of 0, other scripts, long texts, baselines of time points."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import adam
from tests.starting.test_init import DM, DS, EX, LB

CM = """STUDYID,DOMAIN,USUBJID,CMSEQ,CMTRT,CMDECOD,CMSTDTC,CMENDTC
S1,CM,S1-1,1,Aspirin,ASPIRIN,2024-01,2024-02
S1,CM,S1-1,2,Aspirin,ASPIRIN,2023,2024-01-05
S1,CM,S1-2,1,Ibuprofen,IBUPROFEN,2024-01-12,2024-01-20
"""
MH = """STUDYID,DOMAIN,USUBJID,MHSEQ,MHTERM,MHDECOD,MHSTDTC
S1,MH,S1-1,1,Asthma,Asthma,2024
"""
VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSSTRESC,VSSTRESN,VSSTRESU,VSTPT,VSTPTNUM,VISITNUM,VISIT,VSDTC
S1,VS,S1-1,1,SYSBP,Systolic Blood Pressure,120,120,mmHg,LYING,1,1,DAY 1,2024-01-10
S1,VS,S1-1,2,SYSBP,Systolic Blood Pressure,110,110,mmHg,STANDING,2,1,DAY 1,2024-01-10
S1,VS,S1-1,3,SYSBP,Systolic Blood Pressure,125,125,mmHg,LYING,1,2,DAY 9,2024-01-18
S1,VS,S1-1,4,SYSBP,Systolic Blood Pressure,112,112,mmHg,STANDING,2,2,DAY 9,2024-01-18
"""


def study(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "sdtm"
    folder.mkdir()
    for name, text in {"dm": DM, "ex": EX, "ds": DS, **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def built(tmp_path: Path, **files: str) -> dict[str, pd.DataFrame]:
    """The datasets of a study that was started and built."""
    sdtm = study(tmp_path, **files)
    adam.init(tmp_path / "new", sdtm)
    result = adam.build(tmp_path / "new", sdtm, tmp_path / "out")
    assert result.exported, [str(finding) for finding in result.findings if finding.blocks]
    return {path.stem: pyreadstat.read_xport(path)[0] for path in (tmp_path / "out" / "adam").glob("*.xpt")}


def reasons(tmp_path: Path) -> str:
    return "\n".join(path.read_text() for path in sorted((tmp_path / "new").glob("*.yaml")))


def test_each_domain_of_events_and_interventions_with_records_becomes_a_dataset(tmp_path: Path) -> None:
    assert adam.init(tmp_path / "new", study(tmp_path, cm=CM, mh=MH)).datasets == ("ADSL", "ADMH", "ADCM", "ADEX", "ADTTE")


def test_partial_dates_are_imputed_and_marked(tmp_path: Path) -> None:
    adcm = built(tmp_path, cm=CM, mh=MH)["adcm"].set_index(["USUBJID", "CMSEQ"])
    # S1-1: first dose 10 January 2024, end of study 15 February 2024
    first, second = adcm.loc[("S1-1", 1)], adcm.loc[("S1-1", 2)]
    assert (str(first["ASTDT"]), first["ASTDTF"], str(first["AENDT"]), first["AENDTF"]) == ("2024-01-10", "D", "2024-02-15", "D")
    assert (str(second["ASTDT"]), second["ASTDTF"], str(second["AENDT"]), second["AENDTF"]) == ("2023-01-01", "M", "2024-01-05", "")
    assert (first["PREFL"], first["ONTRTFL"], second["PREFL"], second["ONTRTFL"]) == ("", "Y", "Y", "")
    assert "some CMSTDTC are partial; here the first dose if it can be that day" in reasons(tmp_path)


def test_a_partial_start_is_not_after_the_collected_end(tmp_path: Path) -> None:
    adcm = built(tmp_path, cm=CM.replace("2024-01,2024-02", "2024-01,2024-01-08"))["adcm"]
    # the first dose, 10 January, is after the end: the first day of the month
    assert str(adcm.set_index(["USUBJID", "CMSEQ"]).loc[("S1-1", 1), "ASTDT"]) == "2024-01-01"


def test_medical_history_does_not_begin_with_the_first_dose(tmp_path: Path) -> None:
    admh = built(tmp_path, mh=MH)["admh"]
    assert (str(admh["ASTDT"].iloc[0]), admh["ASTDTF"].iloc[0]) == ("2024-01-01", "M")


def test_complete_dates_have_no_imputation(tmp_path: Path) -> None:
    adam.init(tmp_path / "new", study(tmp_path))
    text = (tmp_path / "new" / "adex.yaml").read_text()
    assert "  ASTDT: STANDARD\n  AENDT: STANDARD\n  ASTDY, AENDY: STANDARD\n  ADURN, ADURU: STANDARD\n" in text


def test_a_dose_of_0_that_is_no_placebo_is_a_dose_and_marked(tmp_path: Path) -> None:
    adsl = built(tmp_path, ex=EX.replace("PLACEBO", "VEHICLE CREAM"))["adsl"].set_index("SUBJID")
    assert adsl["SAFFL"].to_dict() == {"1": "Y", "2": "Y", "3": "N"}
    assert [str(day) for day in adsl.loc["2", ["TRTSDT", "TRTEDT"]]] == ["2024-01-11", "2024-02-11"]
    assert "a dose is above 0, or 0 of VEHICLE CREAM" in reasons(tmp_path)


def test_a_last_dose_without_an_end_is_marked(tmp_path: Path) -> None:
    adam.init(tmp_path / "new", study(tmp_path, ex=EX.replace("2024-02-11", "")))
    assert "some EXENDTC are blank or partial, and a subject whose last dose is one of them has no TRTEDT" in reasons(tmp_path)


def test_text_that_is_not_ascii_is_transliterated_and_marked(tmp_path: Path) -> None:
    adsl = built(tmp_path, dm=DM.replace("Drug: 'high' #1", "Größe 1 µg"), lb=LB)["adsl"]
    assert "non_ascii: transliterate  # CHECK: text of DM is not ASCII" in reasons(tmp_path)
    assert adsl["TRT01P"].str.isascii().all()


def test_ascii_text_has_no_mark(tmp_path: Path) -> None:
    adam.init(tmp_path / "new", study(tmp_path, lb=LB))
    assert "non_ascii" not in reasons(tmp_path)


@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_test_of_over_200_bytes_is_shortened_and_marked(tmp_path: Path, letter: str) -> None:
    frames = built(tmp_path, lb=LB.replace("Glucose", letter * 190 + "Glucose" * 3))
    labels = frames["adlb"]["PARAM"]
    assert all(len(label.encode()) <= 200 for label in labels)
    assert any(label.endswith("..., Blood (mmol/L)") for label in labels)
    assert "the text of GLUC in LBTEST is too long for PARAM, which has 200 bytes; it is shortened" in reasons(tmp_path)


def test_each_time_point_has_its_own_baseline(tmp_path: Path) -> None:
    advs = built(tmp_path, vs=VS)["advs"].set_index("VSSEQ")
    assert advs["BASE"].to_dict() == {1: 120, 2: 110, 3: 120, 4: 110}
    assert advs["CHG"].to_dict() == {1: 0, 2: 0, 3: 5, 4: 2}
    assert advs["BASETYPE"].to_dict() == {1: "LAST: LYING", 2: "LAST: STANDING", 3: "LAST: LYING", 4: "LAST: STANDING"}


def test_variables_of_dm_without_a_value_are_left_out(tmp_path: Path) -> None:
    head, *rows = DM.splitlines()
    dm = "\n".join([f"{head},RFICDTC,RFPENDTC", *(f"{row},,2024-03-01" for row in rows)]) + "\n"
    adsl = built(tmp_path, dm=dm)["adsl"]
    assert "RFPENDTC" in adsl and "RFICDTC" not in adsl and "RFICDT" not in adsl


def test_death_has_its_days_from_the_last_dose(tmp_path: Path) -> None:
    adsl = built(tmp_path)["adsl"].set_index("SUBJID")
    # S1-2: first dose 11 January, last dose 11 February, death 20 February 2024
    assert adsl.loc["2", ["DTHADY", "LDDTHELD", "DTH30FL", "DTHA30FL", "DTHB30FL"]].tolist() == [41, 9, "Y", "", ""]


def test_a_partial_date_of_death_is_not_before_the_last_dose(tmp_path: Path) -> None:
    adsl = built(tmp_path, dm=DM.replace("2024-02-20", "2024-02"))["adsl"].set_index("SUBJID")
    assert (str(adsl.loc["2", "DTHDT"]), adsl.loc["2", "DTHDTF"]) == ("2024-02-11", "D")
