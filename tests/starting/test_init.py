"""adam init: what the data have becomes a specification that builds; what a person must decide is marked."""

from pathlib import Path

import pyreadstat
import pytest
from click.testing import CliRunner

import adam
from adam.cli.commands import main
from adam.core.errors import UsageError
from adam.core.yaml_text import quoted

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "tests" / "study" / "sdtm"
PHARMAVERSE = ROOT.parent / "shared" / "data" / "pharmaverse" / "sdtm"
DM = """STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,AGE,AGEU,SEX,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,DTHDTC
S1,DM,S1-1,1,01,40,YEARS,F,"Drug: 'high' #1",A,"Drug: 'high' #1",A,,
S1,DM,S1-2,2,01,70,YEARS,M,Placebo,P,Placebo,P,Y,2024-02-20
S1,DM,S1-3,3,01,50,YEARS,M,Screen Failure,SCRNFAIL,Screen Failure,SCRNFAIL,,
"""
EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC
S1,EX,S1-1,1,DRUG,10,mg,2024-01-10,2024-02-10
S1,EX,S1-2,1,PLACEBO,0,mg,2024-01-11,2024-02-11
"""
DS = """STUDYID,DOMAIN,USUBJID,DSSEQ,DSTERM,DSDECOD,DSCAT,DSSTDTC
S1,DS,S1-1,1,COMPLETED,COMPLETED,DISPOSITION EVENT,2024-02-15
S1,DS,S1-2,1,DEATH,DEATH,DISPOSITION EVENT,2024-02-20
S1,DS,S1-3,1,SCREEN FAILURE,SCREEN FAILURE,DISPOSITION EVENT,2024-01-05
"""
LB = """STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBTEST,LBCAT,LBSPEC,LBSTRESC,LBSTRESN,LBSTRESU,VISITNUM,VISIT,VISITDY,LBDTC
S1,LB,S1-1,1,GLUC,Glucose,CHEMISTRY,BLOOD,5,5,mmol/L,1,BASELINE,1,2024-01-10
S1,LB,S1-1,2,GLUC,Glucose,URINALYSIS,URINE,0.1,0.1,mmol/L,1,BASELINE,1,2024-01-10
S1,LB,S1-1,3,ALT,Alanine Aminotransferase,CHEMISTRY,BLOOD,20,20,U/L,1,BASELINE,1,2024-01-10
S1,LB,S1-1,4,ALT,Alanine Aminotransferase,CHEMISTRY,BLOOD,0.4,0.4,ukat/L,2,WEEK 2,15,2024-01-24
S1,LB,S1-1,5,ALT,Alanine Aminotransferase,CHEMISTRY,BLOOD,25,25,U/L,3,WEEK 4,29,2024-02-07
S1,LB,S1-2,1,ALT,Alanine Aminotransferase,CHEMISTRY,BLOOD,30,30,U/L,1,BASELINE,1,2024-01-11
"""


@pytest.fixture
def sdtm(tmp_path: Path) -> Path:
    folder = tmp_path / "sdtm"
    folder.mkdir()
    for name, text in {"dm": DM, "ex": EX, "ds": DS, "lb": LB}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def started(tmp_path: Path, sdtm: Path) -> Path:
    adam.init(tmp_path / "new", sdtm)
    return tmp_path / "new"


def test_datasets_follow_from_the_domains(tmp_path: Path, sdtm: Path) -> None:
    assert adam.init(tmp_path / "new", sdtm).datasets == ("ADSL", "ADEX", "ADLB", "ADTTE")


def test_windows_end_in_the_middle_between_planned_days(started: Path) -> None:
    text = (started / "study.yaml").read_text()
    # planned days 1, 15 and 29: the middle between 15 and 29 is 22
    assert "    Baseline: {number: 0, target: 1, high: 1}\n" in text
    assert "    Week 2: {number: 2, target: 15, low: 2, high: 22}\n    Week 4: {number: 4, target: 29, low: 23}\n" in text


def test_arms_are_treatments_in_order_and_other_texts_are_marked(started: Path) -> None:
    text = (started / "study.yaml").read_text()
    assert "  'Drug: ''high'' #1': 1  # CHECK: the order of the treatments in tables\n  Placebo: 2\n" in text
    assert "  Screen Failure: 99  # CHECK: no arm of ARMCD" in text


def test_a_test_of_two_specimens_is_two_parameters(started: Path) -> None:
    assert (started / "tables" / "lb_parameters.csv").read_text().splitlines() == [
        "TESTCD,SPECIMEN,PARAMCD,PARAM,PARAMN,PARCAT1",
        "ALT,BLOOD,ALT,Alanine Aminotransferase (U/L),1,CHEMISTRY",
        'GLUC,BLOOD,GLUC,"Glucose, Blood (mmol/L)",2,CHEMISTRY',
        'GLUC,URINE,GLUCU,"Glucose, Urine (mmol/L)",3,URINALYSIS',
    ]


def test_results_in_several_units_are_marked(started: Path) -> None:
    assert "# CHECK: ALT has results in several units: U/L, ukat/L" in (started / "adlb.yaml").read_text()


def test_every_mark_is_listed_with_its_line(tmp_path: Path, sdtm: Path) -> None:
    result = adam.init(tmp_path / "new", sdtm)
    for each in result.checks:
        line = (tmp_path / "new" / each.file).read_text().splitlines()[each.line - 1]
        assert line.endswith(f"# CHECK: {each.reason}")
    marks = sum((tmp_path / "new" / name).read_text().count("# CHECK:") for name in result.files if name.endswith(".yaml"))
    assert marks == len(result.checks) > 10


def test_the_new_study_builds_and_has_the_values(started: Path, sdtm: Path, tmp_path: Path) -> None:
    result = adam.build(started, sdtm, tmp_path / "out")
    assert result.exported, [str(finding) for finding in result.findings if finding.blocks]
    frames = {name: pyreadstat.read_xport(tmp_path / "out" / "adam" / f"{name}.xpt")[0] for name in ("adsl", "adlb", "adtte")}
    adsl = frames["adsl"].set_index("SUBJID")
    assert adsl["SAFFL"].to_dict() == {"1": "Y", "2": "Y", "3": "N"}
    assert adsl["AGEGR1"].to_dict() == {"1": "18-64", "2": ">=65", "3": "18-64"}
    assert adsl["EOSSTT"].to_dict() == {"1": "COMPLETED", "2": "DISCONTINUED", "3": ""}
    adlb = frames["adlb"]
    alt = adlb[(adlb["PARAMCD"] == "ALT") & (adlb["USUBJID"] == "S1-1")]
    assert alt["AVISIT"].tolist() == ["Baseline", "Week 2", "Week 4"]
    assert alt["CHG"].tolist()[2] == 5
    death = frames["adtte"].query("PARAMCD == 'DEATH'").set_index("USUBJID")
    assert death["AVAL"].to_dict() == {"S1-1": 32, "S1-2": 41}  # 10 January to 10 February; 11 January to 20 February
    assert death["CNSR"].to_dict() == {"S1-1": 1, "S1-2": 0}


def test_the_same_data_give_the_same_files(tmp_path: Path, sdtm: Path) -> None:
    first, second = adam.init(tmp_path / "a", sdtm), adam.init(tmp_path / "b", sdtm)
    assert first.files == second.files
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in first.files)


def test_the_command_lists_what_to_check_and_the_next_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--sdtm", str(STUDY)])
    assert result.exit_code == 0
    assert "ADSL, ADAE, ADEX, ADVS, ADLB, ADQS, ADTTE" in result.output
    assert "the last value on or before the first dose" in result.output
    assert f"Next: adam build {tmp_path / 'new'} --sdtm {STUDY} --out out" in result.output


def test_an_existing_folder_is_never_written_to(tmp_path: Path, sdtm: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.yaml").write_text("mine")
    with pytest.raises(UsageError, match="already exists and is not empty"):
        adam.init(tmp_path / "new", sdtm)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine.yaml"]


def test_data_without_subjects_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "sdtm").mkdir()
    (tmp_path / "sdtm" / "ae.csv").write_text("STUDYID,USUBJID,AESEQ\nS,S-1,1\n")
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--sdtm", str(tmp_path / "sdtm")])
    assert result.exit_code == 2 and "has no DM" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sdtm"]


def test_an_unknown_layer_is_refused_and_nothing_is_written(tmp_path: Path, sdtm: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--sdtm", str(sdtm), "--standard", "safty"])
    assert result.exit_code == 2 and "safty" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sdtm"]


@pytest.mark.skipif(not PHARMAVERSE.is_dir(), reason="the public data are not here")
def test_public_data_give_a_valid_study(tmp_path: Path) -> None:
    result = adam.init(tmp_path / "new", PHARMAVERSE)
    assert result.datasets == ("ADSL", "ADAE", "ADMH", "ADCM", "ADEX", "ADVS", "ADLB", "ADEG", "ADTTE")


@pytest.mark.parametrize("text", ["yes", "A: B", "a #b", "it's", "1", "- x", "Ünïcode", "[a]", "Week 2"])
def test_texts_are_read_back_as_they_are(tmp_path: Path, text: str) -> None:
    from adam.core.located import load

    path = tmp_path / "x.yaml"
    path.write_text(f"a: {quoted(text)}\n", encoding="utf-8")
    content, problems = load(path, "x.yaml", path.read_bytes())
    assert not problems and content is not None and str(content["a"]) == text and isinstance(content["a"], str)
