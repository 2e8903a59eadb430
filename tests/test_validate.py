"""`adam validate`: existing transport files against the specification and the standard, whoever made them."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main
from adam.core.errors import UsageError
from adam.pipeline.analysis_files import AnalysisFiles, read_analysis_files
from adam.pipeline.build import build_study
from adam.pipeline.planning import plan_with_source
from adam.pipeline.validate import validate_study
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import write

STUDY = Path(__file__).parent / "study"
SPECS, SDTM = STUDY / "specs", STUDY / "sdtm"
DATA = Path(__file__).parents[2] / "shared" / "data" / "cdiscpilot01"
Change = Callable[[ResolvedDataset, pd.DataFrame], tuple[ResolvedDataset, pd.DataFrame]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("validate") / "out"
    build_study(SPECS, SDTM, out)
    return out / "adam"


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    shutil.copytree(exported, tmp_path / "adam")
    return tmp_path / "adam"


@pytest.fixture(scope="module")
def files(exported: Path) -> AnalysisFiles:
    found, _ = plan_with_source(SPECS, SDTM)
    return read_analysis_files(exported, found.datasets)


def called(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def lines(findings: object) -> list[str]:
    """What was found beyond the warnings of the study itself."""
    return [str(each) for each in findings if "AD0624" not in str(each)]  # type: ignore[attr-defined]


def test_what_a_build_exported_is_as_it_was_checked(exported: Path) -> None:
    found = validate_study(SPECS, exported, SDTM)
    assert (lines(found.findings), found.counts) == ([], {"ADSL": 12, "ADITCH": 55, "ADAE": 6})


def test_without_collected_records_what_needs_them_is_left_out_with_notes(exported: Path) -> None:
    found = validate_study(SPECS, exported)
    assert {str(each.severity) for each in found.findings if "AD0624" not in each.message} == {"note"}
    assert not found.failed
    assert any(line.startswith("note: AD1024: ") and "not checked: AD0053, AD0204" in line for line in lines(found.findings))


def test_the_command_line(exported: Path, folder: Path) -> None:
    good = called(SPECS, "--adam", exported, "--sdtm", SDTM)
    assert good.exit_code == 0
    assert good.output.endswith("Read ADAE (6 records), ADITCH (55 records), ADSL (12 records).\nValidation passed: 0 errors, 1 warning.\n")
    (folder / "adae.xpt").unlink()
    bad = called(SPECS, "--adam", folder, "--sdtm", SDTM, "--json")
    assert bad.exit_code == 1
    said = json.loads(bad.output)
    assert (said["passed"], said["records"]) == (False, {"ADITCH": 55, "ADSL": 12})
    assert [each["message"] for each in said["findings"] if each["severity"] == "error"] == [
        "A dataset of the specification is missing: ADAE [SD0061]"
    ]


def test_a_folder_that_is_none_or_empty(tmp_path: Path) -> None:
    for path, message in [(tmp_path / "no", "does not exist"), (tmp_path, "no transport files (*.xpt)")]:
        result = called(SPECS, "--adam", path)
        assert (result.exit_code, message in result.output) == (2, True)


def test_a_file_twice_but_for_capitals(folder: Path) -> None:
    shutil.copy(folder / "adsl.xpt", folder / "ADSL.XPT")
    result = called(SPECS, "--adam", folder)
    assert (result.exit_code, "names differ only in case: ADSL" in result.output) == (2, True)


def errors(files: AnalysisFiles, folder: Path, name: str, change: Change) -> list[str]:
    """The errors after one dataset was written anew with a change."""
    dataset, frame = change(files.contents[name], files.frames[name].copy())
    write(frame, dataset, folder / f"{name.lower()}.xpt", datetime.datetime(2024, 1, 1))
    found = validate_study(SPECS, folder, SDTM)
    assert not [each for each in found.findings if each.id == "suite"]
    return [f"{each.id} {each.dataset}.{each.variable}: {each.message}" for each in found.findings if each.blocks]


def without(name: str) -> Change:
    def change(dataset: ResolvedDataset, frame: pd.DataFrame) -> tuple[ResolvedDataset, pd.DataFrame]:
        variables = {key: each for key, each in dataset.variables.items() if key != name}
        return dataset.model_copy(update={"variables": variables}), frame.drop(columns=name)

    return change


def attribute(name: str, column: pd.Series | None = None, **said: object) -> Change:
    def change(dataset: ResolvedDataset, frame: pd.DataFrame) -> tuple[ResolvedDataset, pd.DataFrame]:
        own = dataset.variables.get(name, ResolvedVariable(name=name, label="New", type="float"))
        variables = {**dataset.variables, name: own.model_copy(update=said)}
        return dataset.model_copy(update={"variables": variables}), frame if column is None else frame.assign(**{name: column})

    return change


def test_a_variable_is_missing(files: AnalysisFiles, folder: Path) -> None:
    assert errors(files, folder, "ADSL", without("TRTSDT")) == ["G-01 ADSL.: A variable of the specification is missing: TRTSDT [SD0054]"]
    notes = [each.message for each in validate_study(SPECS, folder, SDTM).findings if each.id == "not-checked"]
    assert any("this run has no ADSL.TRTSDT: " in each for each in notes)


def test_a_variable_too_many(files: AnalysisFiles, folder: Path) -> None:
    number = pd.Series(np.ones(12))
    assert errors(files, folder, "ADSL", attribute("EXTRA", number)) == ["G-01 ADSL.: The variable is not in the specification: EXTRA [SD0060]"]


def test_another_type(files: AnalysisFiles, folder: Path) -> None:
    text = pd.Series(["a"] * 12, dtype="str")
    found = errors(files, folder, "ADSL", attribute("TRTSDT", text, type="text", length=1, format=""))
    assert "G-03 ADSL.TRTSDT: The metadata differ from the specification: the type is text; expected date [SD0059]" in found


def test_another_label_length_and_format(files: AnalysisFiles, folder: Path) -> None:
    said = errors(files, folder, "ADSL", attribute("TRTSDT", label="Start", format="YYMMDD10."))
    assert [line.split(" [")[0].replace(" ADSL.TRTSDT: The metadata differ from the specification", "") for line in said] == [
        "G-02: the label is 'Start'; expected 'Date of First Exposure to Treatment'",
        "G-03: the format is 'YYMMDD10.'; expected 'DATE9.'",
    ]


def test_a_value_that_breaks_a_check_of_the_study(files: AnalysisFiles, folder: Path) -> None:
    flags = files.frames["ADSL"]["SAFFL"].where(files.frames["ADSL"].index > 0, "")
    found = errors(files, folder, "ADSL", attribute("SAFFL", flags))
    assert any(line.startswith("G-04 ADSL.SAFFL") for line in found)


def test_a_file_that_cannot_be_read_is_a_finding(folder: Path) -> None:
    (folder / "adae.xpt").write_bytes((folder / "adae.xpt").read_bytes()[:-400] + b"x")
    found = validate_study(SPECS, folder, SDTM)
    assert [each.id for each in found.findings if each.blocks] == ["G-12"]
    (folder / "adae.xpt").write_text("no transport file")
    result = called(SPECS, "--adam", folder)
    assert (result.exit_code, "SD0062" in result.output, "Traceback" in result.output) == (1, True, False)


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    frame = pd.DataFrame({"STUDYID": ["EX01"], "usubjid": ["EX01-001"], "TRTSDT": [3.0e9], "AGE": [30.0]})
    pyreadstat.write_xport(frame, str(tmp_path / "adsl.xpt"), table_name="OTHER", file_format_version=5)
    found = [f"{each.id} {each.variable}: {each.message}" for each in validate_study(SPECS, tmp_path).findings if each.blocks]
    assert "G-02 : The dataset name in the file is OTHER; expected ADSL" in found
    assert "G-02 : Variable names must be in capitals; these are not: usubjid [AD0013]" in found
    assert "G-08 TRTSDT: The number is not a valid SAS date (years 1582 to 9999); it counts as missing" in found
    assert not [line for line in found if line.startswith("suite")]


def test_dates_are_days_and_seconds_of_sas(files: AnalysisFiles) -> None:
    assert str(files.frames["ADSL"]["TRTSDT"].dtype) == "datetime64[s]"
    assert files.frames["ADSL"]["TRTSDT"].isna().sum() == 1
    assert files.contents["ADSL"].variables["TRTSDT"].format == "DATE9."


def test_a_dataset_the_specification_does_not_know(folder: Path) -> None:
    shutil.copy(folder / "adsl.xpt", folder / "adxx.xpt")
    assert lines(validate_study(SPECS, folder, SDTM).findings) == ["warning: SD1063: The dataset is not in the specification: ADXX [SD1063]"]


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")
def test_the_published_adsl(tmp_path: Path) -> None:
    shutil.copy(DATA / "adam" / "adsl.xpt", tmp_path)
    found = validate_study(Path(__file__).parents[1] / "specs" / "cdiscpilot01", tmp_path, DATA / "sdtm")
    assert [(each.id, str(each.severity), each.variable) for each in found.findings] == [  # docs/pilot.md says why
        ("G-05", "error", "BMIBLGR1"),
        ("G-01", "error", ""),
        ("SD1082", "warning", "RFSTDTC"),
        ("SD1082", "warning", "RFENDTC"),
        ("G-02", "error", ""),
        ("AD0018", "warning", "DTHFL"),
        ("AD0320", "warning", ""),
        ("G-03", "warning", ""),
    ]


def test_a_file_of_version_8_is_refused(folder: Path) -> None:
    frame, _ = pyreadstat.read_xport(str(folder / "adsl.xpt"))
    pyreadstat.write_xport(frame, str(folder / "adsl.xpt"), file_format_version=8, table_name="ADSL")
    told = [line for line in lines(validate_study(SPECS, folder, SDTM).findings) if "[SD0062]" in line]
    assert told == [
        "error: G-12 ADSL: The file is not a readable transport file: adsl.xpt: The file is a transport file of version 8; "
        "a submission requires version 5. Export it as version 5 (XPORT engine). [SD0062]"
    ]


def test_some_datasets_alone(folder: Path) -> None:
    for path in folder.glob("*.xpt"):
        if path.stem != "adsl":
            path.unlink()
    assert validate_study(SPECS, folder, SDTM).failed
    found = validate_study(SPECS, folder, SDTM, ["ADSL"])
    assert [finding for finding in found.findings if finding.blocks] == []
    with pytest.raises(UsageError, match="The study has no dataset ADSLL. Did you mean 'ADSL'"):
        validate_study(SPECS, folder, SDTM, ["ADSLL"])


def test_a_copy_that_is_not_what_was_collected(folder: Path, files: AnalysisFiles) -> None:
    frame = files.frames["ADSL"].copy()
    frame.loc[0, "SEX"] = "M" if frame.loc[0, "SEX"] == "F" else "F"
    write(frame, files.contents["ADSL"], folder / "adsl.xpt", datetime.datetime(2024, 1, 1))
    told = [each for each in validate_study(SPECS, folder, SDTM).findings if each.variable == "SEX" and each.dataset == "ADSL" and each.blocks]
    assert [(each.id, each.message, each.count) for each in told] == [("G-11", "Expected SEX to equal the collected DM.SEX", 1)]
    assert told[0].values[0]["SEX"] != told[0].values[0]["DM.SEX"]


def test_every_failing_record_as_a_table(folder: Path, files: AnalysisFiles, tmp_path: Path) -> None:
    frame = files.frames["ADITCH"].copy()
    frame["AVAL"] = 99.0
    write(frame, files.contents["ADITCH"], folder / "aditch.xpt", datetime.datetime(2024, 1, 1))
    asked = called(SPECS, "--adam", folder, "--sdtm", SDTM, "--csv", tmp_path / "records.csv")
    assert asked.exit_code == 1
    table = pd.read_csv(tmp_path / "records.csv", keep_default_na=False)
    found = [each for each in validate_study(SPECS, folder, SDTM).findings if each.keys]
    assert len(table) == sum(each.count for each in found) > 55
    out_of_range = table[(table["id"] == "G-16") & table["message"].str.contains("to be a possible value of the parameter")]
    assert len(out_of_range) == len(frame)
    assert out_of_range["values"].str.contains("AVAL=99").all()
    assert set(out_of_range["USUBJID"]) == set(frame["USUBJID"])
    assert called(SPECS, "--adam", folder, "--csv", tmp_path / "no" / "records.csv").exit_code == 2
