"""The example study, end to end: values worked out by hand."""

import shutil
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main

STUDY = Path(__file__).parent / "study"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "out"
    result = run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", folder)
    assert result.exit_code == 0, result.output
    return folder


def records(out: Path, name: str, subject: str) -> pd.DataFrame:
    frame, _ = pyreadstat.read_xport(str(out / "adam" / f"{name}.xpt"))
    return frame[frame["USUBJID"] == subject].reset_index(drop=True)


def test_a_parameter_made_from_the_records_of_another(out: Path) -> None:
    found = records(out, "aditch", "EX01-001")
    assert found["PARAMCD"].tolist() == ["ITCH", "ITCH", "ITCH", "ITCH4", "ITCH4"]
    assert found["AVAL"].tolist() == [8, 6, 3, 0, 1]
    assert found["CHG"].fillna(0).tolist() == [0, -2, -5, 0, 0]
    assert found["CRIT1FL"].tolist() == ["", "N", "Y", "", ""]
    assert found["SRCSEQ"].tolist() == [1, 2, 3, 2, 3]


def test_a_visit_not_done_is_imputed_as_no_response(out: Path) -> None:
    found = records(out, "aditch", "EX01-004")
    imputed = found[found["DTYPE"] == "NRI"]
    assert imputed[["PARAMCD", "AVISIT", "AVAL", "AVALC"]].to_numpy().tolist() == [["ITCH4", "Week 2", 0, "N"]]
    assert imputed["ADT"].isna().all()


def test_the_baseline_goes_back_to_the_subject(out: Path) -> None:
    assert records(out, "adsl", "EX01-001")["ITCHBL"].tolist() == [8]


def test_an_untreated_subject_stays_out_of_the_treated_population(out: Path) -> None:
    subject = records(out, "adsl", "EX01-012")
    assert subject[["SAFFL", "TRT01P", "TRT01A"]].to_numpy().tolist() == [["N", "Vehicle", ""]]
    assert records(out, "aditch", "EX01-012").empty


def test_partial_dates_and_emergence(out: Path) -> None:
    found = records(out, "adae", "EX01-001")
    assert found["ASTDT"].astype(str).tolist() == ["2024-01-10", "2024-01-08"]
    assert found["ASTDTF"].tolist() == ["", "D"]
    assert found["TRTEMFL"].tolist() == ["Y", "Y"]
    assert found["AOCCFL"].tolist() == ["", "Y"]


def test_two_runs_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", tmp_path / "again")
    files = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file())
    assert [path for path in files if (out / path).read_bytes() != (tmp_path / "again" / path).read_bytes()] == []


def spoiled(tmp_path: Path, old: str, new: str, domain: str) -> Path:
    folder = tmp_path / "sdtm"
    shutil.copytree(STUDY / "sdtm", folder)
    path = folder / f"{domain}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("domain", "old", "new", "code", "said"),
    [
        ("ex", "EXSTDTC", "EXSTART", 2, "Domain EX has no variable EXSTDTC"),
        (
            "dm",
            "EX01-002,002",
            "EX01-001,002",
            2,
            "refused: DM: The key STUDYID USUBJID is not unique; 2 records; first: STUDYID=EX01 USUBJID=EX01-001",
        ),
        ("ae", "EX01,AE,EX01-001,2", "EX01,AE,EX01-001,1", 2, "refused: AE: The key STUDYID USUBJID AESEQ is not unique"),
        (
            "ae",
            "EX01,AE,EX01-012",
            "EX01,AE,EX01-099",
            2,
            "refused: AE: The subject is not in DM; 1 record",
        ),
        (
            "ae",
            "N,MILD,NONE",
            "N,TERRIBLE,NONE",
            1,
            'G-05 ADAE.AESEV: "TERRIBLE" is not a term of codelist AESEV (MILD, MODERATE, SEVERE); 1 record; first: USUBJID=EX01-001',
        ),
    ],
)
def test_bad_data_gives_one_clear_error_and_touches_nothing(tmp_path: Path, domain: str, old: str, new: str, code: int, said: str) -> None:
    target = tmp_path / "out"
    assert run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", target).exit_code == 0
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    result = run("build", STUDY / "specs", "--sdtm", spoiled(tmp_path, old, new, domain), "--out", target)
    assert result.exit_code == code
    assert said in result.output + result.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert (target / "rejected").exists() == (code == 1)


def test_a_domain_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "sdtm"
    shutil.copytree(STUDY / "sdtm", folder)
    (folder / "qs.csv").unlink()
    result = run("build", STUDY / "specs", "--sdtm", folder, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "There is no domain QS in the data" in result.stderr


def test_lineage_ends_in_collected_variables() -> None:
    result = run("plan", STUDY / "specs", "ADITCH.CHG")
    assert result.exit_code == 0
    assert "aditch.yaml:34:3" in result.output
    assert "QS.QSDTC = collected" in result.output


def test_derivations_are_listed_and_described() -> None:
    assert "study_day" in run("derivations").output
    assert "there is no day 0" in run("derivations", "study_day").output
    assert "did you mean 'study_day'?" in run("derivations", "study_days").stderr


def test_case_12_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "2024-01-10", "10JAN2024", "ae")
    result = run("build", STUDY / "specs", "--sdtm", folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "error: issue AE.AESTDTC: not an ISO 8601 date" in result.output
    assert "1 record; first: STUDYID=EX01 USUBJID=EX01-001 AESEQ=1 with AESTDTC=10JAN2024" in result.output
    specs = tmp_path / "specs"
    shutil.copytree(STUDY / "specs", specs)
    with (specs / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("  AE: {dates: warning}\n")
    result = run("build", specs, "--sdtm", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "warning: issue AE.AESTDTC: not an ISO 8601 date" in result.output
    assert records(tmp_path / "out", "adae", "EX01-001")["ASTDT"].isna().tolist() == [True, False]
