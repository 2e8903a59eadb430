"""adam trace: every value down to the source records, from an output whose inputs have not changed."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import adam
from adam.cli.commands import main
from adam.core.errors import UsageError
from adam.tracing.values import TracedValue

ROOT = Path(__file__).parents[2]
SPECS, SDTM = ROOT / "tests" / "study" / "specs", ROOT / "tests" / "study" / "sdtm"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    shutil.copytree(SDTM, folder / "sdtm")
    assert adam.build(SPECS, folder / "sdtm", folder / "out").exported
    return folder / "out"


def traced(out: Path, dataset: str, where: str, variable: str) -> TracedValue:
    (value,) = adam.trace(out, dataset, where, variable, out.parent / "sdtm").values
    return value


def all_of(value: TracedValue) -> list[TracedValue]:
    return [value, *(each for child in value.made_from for each in all_of(child))]


def sources(value: TracedValue) -> set[tuple[str, str, str]]:
    """The collected values: name, value, record."""
    return {(each.name, each.value, each.record) for each in all_of(value) if not each.method and not each.note}


def test_a_change_from_baseline_is_traced_to_two_source_records(out: Path) -> None:
    value = traced(out, "ADITCH", 'USUBJID == "EX01-001" and PARAMCD == "ITCH" and AVISITN == 2', "CHG")
    # EX01-001: 8 on 8 January (QSSEQ 1, the first dose), 6 on 22 January (QSSEQ 2)
    assert value.value == "-2"
    assert value.method.startswith("AVAL - BASE")
    assert [each.name for each in value.made_from] == ["ADITCH.AVAL", "ADITCH.BASE", "ADITCH.ADT", "ADITCH.TRTSDT"]
    assert sources(value) >= {
        ("QS.QSSTRESN", "6", "QSSEQ=2"),
        ("QS.QSSTRESN", "8", "QSSEQ=1"),
        ("QS.QSDTC", '"2024-01-22"', "QSSEQ=2"),
        ("EX.EXSTDTC", '"2024-01-08"', "EXSEQ=1"),
    }


def test_every_value_names_its_method_and_its_line(out: Path) -> None:
    value = traced(out, "ADITCH", 'USUBJID == "EX01-001" and PARAMCD == "ITCH" and AVISITN == 2', "BASE")
    assert value.method == 'AVAL of the record with the same PARAMCD where ABLFL is "Y".'
    assert Path(value.mark.file).name == "aditch.yaml"
    assert "BASE" in (SPECS / "aditch.yaml").read_text().splitlines()[value.mark.line - 1]
    (baseline,) = [each for each in value.made_from if each.name == "ADITCH.AVAL"]
    assert (baseline.value, baseline.record) == ("8", 'PARAMCD="ITCH" AVISITN=0 ADT=2024-01-08')


def test_a_response_names_the_record_it_was_made_from(out: Path) -> None:
    value = traced(out, "ADITCH", 'USUBJID == "EX01-001" and PARAMCD == "ITCH4" and AVISITN == 2', "AVAL")
    criterion = next(each for each in value.made_from if each.name == "ADITCH.CRIT1FL")
    assert criterion.record == 'PARAMCD="ITCH" AVISITN=2 ADT=2024-01-22'
    assert next(each for each in criterion.made_from if each.name == "ADITCH.CHG").value == "-2"


def test_an_imputed_record_has_no_record_behind_it(out: Path) -> None:
    found = adam.trace(out, "ADITCH", 'USUBJID == "EX01-007" and DTYPE == "NRI" and AVISITN == 4', "AVAL", out.parent / "sdtm")
    (value,) = found.values
    assert (value.value, value.note) == ("0", "no single record is behind it")
    assert 'DTYPE "NRI"' in value.method


def test_an_imputed_date_is_traced_to_the_partial_one(out: Path) -> None:
    value = traced(out, "ADAE", 'USUBJID == "EX01-001" and AESEQ == 2', "ASTDT")
    assert value.value == "2024-01-08"  # January 2024 without a day: the first dose, which is in that month
    assert ("AE.AESTDTC", '"2024-01"', "AESEQ=2") in sources(value)


def test_a_flag_shows_the_records_it_was_chosen_among(out: Path) -> None:
    value = traced(out, "ADAE", 'USUBJID == "EX01-001" and AESEQ == 2', "AOCCFL")
    assert {each.record for each in value.made_from} == {"AESEQ=1", "AESEQ=2"}


def test_without_a_variable_every_variable_is_traced(out: Path) -> None:
    found = adam.trace(out, "ADSL", 'USUBJID == "EX01-002"', "", out.parent / "sdtm")
    assert {each.name for each in found.values} >= {"ADSL.AGE", "ADSL.TRTSDT", "ADSL.ITCHBL"}


def test_changed_sources_are_refused(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out.parent / "sdtm", tmp_path / "sdtm")
    file = tmp_path / "sdtm" / "qs.csv"
    file.write_text(file.read_text() + "\n")
    with pytest.raises(UsageError, match=r"qs\.csv is not the file that the output was made from"):
        adam.trace(out, "ADITCH", 'USUBJID == "EX01-001" and PARAMCD == "ITCH" and AVISITN == 2', "CHG", tmp_path / "sdtm")


def test_a_value_that_is_not_derived_again_is_refused(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    for file in (tmp_path / "out" / "specs").rglob("adsl.yaml"):
        file.write_text(file.read_text().replace("at: [65]", "at: [60]"))
    assert any("at: [60]" in file.read_text() for file in (tmp_path / "out" / "specs").rglob("adsl.yaml"))
    with pytest.raises(UsageError, match="derived again"):
        adam.trace(tmp_path / "out", "ADSL", "AGE >= 60 and AGE < 65", "AGEGR1", out.parent / "sdtm")


@pytest.mark.parametrize(("dataset", "where", "text"), [
    ("ADXX", "AVAL > 0", "no dataset ADXX"),
    ("ADITCH", "AVAL >", "--where is not a condition"),
    ("ADITCH", "VALUE > 0", "The dataset has no variable VALUE"),
    ("ADITCH", "AVAL + 1", "--where must be a condition"),
    ("ADITCH", "PARAMCD > 1", "--where is not valid"),
    ("ADITCH", "AVAL > 1000", "No record of ADITCH matches"),
    ("ADITCH", 'USUBJID == "EX01-001" and AVISITN == 2', 'USUBJID == "EX01-001" and PARAMCD == "ITCH4" and AVISITN == 2 and ADT == "2024-01-22"'),
])  # fmt: skip
def test_what_is_not_one_record_is_refused(out: Path, dataset: str, where: str, text: str) -> None:
    result = CliRunner().invoke(main, ["trace", str(out), dataset, "--where", where, "--sdtm", str(out.parent / "sdtm")])
    assert result.exit_code == 2 and text in result.output


def test_the_command_prints_a_tree_a_page_and_json(out: Path, tmp_path: Path) -> None:
    where = 'USUBJID == "EX01-001" and PARAMCD == "ITCH" and AVISITN == 2'
    arguments = ["trace", str(out), "ADITCH", "--where", where, "--variable", "CHG", "--sdtm", str(out.parent / "sdtm")]
    result = CliRunner().invoke(main, [*arguments, "--html", str(tmp_path / "page.html")])
    assert result.exit_code == 0
    assert 'ADITCH.CHG = -2  [PARAMCD="ITCH" AVISITN=2 ADT=2024-01-22]' in result.output
    assert "├─ QS.QSSTRESN = 6  [QSSEQ=2]" in result.output
    assert "aditch.yaml:" in result.output
    page = (tmp_path / "page.html").read_text()
    assert "QS.QSSTRESN" in page and "http" not in page
    body = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).output)
    assert body["values"][0]["value"] == "-2"


def test_an_output_without_its_sources_says_what_to_name(out: Path) -> None:
    result = CliRunner().invoke(main, ["trace", str(out), "ADSL", "--where", "AGE > 0"])
    assert result.exit_code == 2 and "--sdtm DIR" in result.output


def test_a_summary_over_several_domains_shows_the_variable_of_each(tmp_path: Path) -> None:
    shutil.copytree(SPECS, tmp_path / "specs")
    study, adsl = tmp_path / "specs" / "study.yaml", tmp_path / "specs" / "adsl.yaml"
    study.write_text(study.read_text().replace("../../../specs/adamig", "adamig").replace("[ADSL, ADITCH, ADAE]", "[ADSL, ADITCH]"))
    line = "  LSTALVDT: {latest_date: {of: [EX.EXENDTC, AE.AEENDTC]}}\n\nchecks:"
    adsl.write_text(adsl.read_text().replace("\nchecks:", line, 1))
    assert adam.build(tmp_path / "specs", SDTM, tmp_path / "out").exported
    (value,) = adam.trace(tmp_path / "out", "ADSL", 'USUBJID == "EX01-001"', "LSTALVDT", SDTM).values
    # the last dose is on 4 February; the adverse events end on 12 and 20 January
    assert value.value == "2024-02-04"
    assert sources(value) >= {("EX.EXENDTC", '"2024-02-04"', "EXSEQ=1"), ("AE.AEENDTC", '"2024-01-20"', "AESEQ=2")}
