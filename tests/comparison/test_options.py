"""Variables with another name, a condition, a selection of variables and attributes; folders; input that is refused."""

from pathlib import Path

import pandas as pd
import pytest

import adam
from tests.comparison.files import run, write_csv, write_xpt

ONE = "USUBJID,PARAMCD,AVAL,CHG\nS-1,A,5,1\nS-1,B,6,2\nS-2,A,7,3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "a" / "advs.csv", ONE)
    write_csv(tmp_path / "b" / "advs.csv", "USUBJID,PARAMCD,QCVAL,QCCHG\nS-1,A,5,1\nS-1,B,9,2\nS-2,A,7,4")
    return tmp_path


def test_variables_with_another_name(folder: Path) -> None:
    result = adam.compare(folder / "a", folder / "b", names=["AVAL=QCVAL,CHG=QCCHG"])
    (found,) = result.datasets
    assert [(each.variable, each.other, each.first[0].base, each.first[0].compare) for each in found.values] == [
        ("AVAL", "QCVAL", '"6"', '"9"'),
        ("CHG", "QCCHG", '"3"', '"4"'),
    ]
    assert (found.only_base_variables, found.only_compare_variables) == ((), ())
    assert "AVAL of BASE is compared with QCVAL of COMPARE." in result.restrictions


def test_two_variables_of_one_dataset(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "advs.csv", "USUBJID,AVAL,QCVAL\nS-1,5,5\nS-2,6,7")
    (found,) = adam.compare(path, path, names={"AVAL": "QCVAL"}).datasets
    assert [(each.variable, each.records) for each in found.values] == [("AVAL", 1)]
    assert found.notes[0] == "AVAL of COMPARE is not compared: QCVAL takes its place."


def test_a_condition(folder: Path) -> None:
    result = adam.compare(folder / "a", folder / "b", names={"AVAL": "QCVAL", "CHG": "QCCHG"}, where='PARAMCD == "A" and AVAL != "7"')
    (found,) = result.datasets
    assert (found.base.records, found.matched, found.values) == (1, 1, ())
    assert result.restrictions[0] == 'Only records with PARAMCD == "A" and AVAL != "7" are compared.'


def test_a_condition_on_dates(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["1", "2", "3"], "ADT": [20000.0, 20001, None]})
    path = write_xpt(tmp_path / "a.xpt", frame, formats={"ADT": "DATE9."})
    assert adam.compare(path, path, where='ADT > "2014-10-04"').datasets[0].matched == 1


def test_selected_variables(folder: Path) -> None:
    (found,) = adam.compare(folder / "a", folder / "b", names={"AVAL": "QCVAL"}, variables="AVAL").datasets
    assert found.compared == ("AVAL",)
    assert (found.only_base_variables, found.only_compare_variables) == ((), ())


def test_ignored_attributes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["1"], "A": ["x"], "B": [1.0]})
    one = write_xpt(tmp_path / "a.xpt", frame, ["Id", "A", "B"])
    two = write_xpt(tmp_path / "b.xpt", frame[["ID", "B", "A"]], ["Id", "B", "Other"])
    assert not adam.compare(one, two).equal
    assert not adam.compare(one, two, ignore="label").equal
    assert adam.compare(one, two, ignore="label,order").equal


def test_datasets_only_in_one_folder(folder: Path) -> None:
    write_csv(folder / "a" / "adsl.csv", "USUBJID\nS-1")
    write_csv(folder / "b" / "adae.csv", "USUBJID\nS-1")
    found = run(folder / "a", folder / "b", "--map", "AVAL=QCVAL", "--map", "CHG=QCCHG", "--key", "USUBJID,PARAMCD")
    assert found.exit_code == 1
    assert "Datasets only in BASE: ADSL\n" in found.output
    assert "Datasets only in COMPARE: ADAE\n" in found.output
    assert found.output.endswith("Different: 2 values; 2 datasets on one side only.\n")


def with_bad_input(folder: Path) -> None:
    """Add folders and files that no comparison can use."""
    (folder / "empty").mkdir()
    (folder / "twice").mkdir()
    write_csv(folder / "twice" / "advs.csv", ONE)
    write_csv(folder / "twice" / "ADVS.CSV", ONE)
    (folder / "out" / "adam").mkdir(parents=True)
    write_csv(folder / "out" / "adam" / "advs.csv", ONE)
    (folder / "broken.xpt").write_bytes(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")
    (folder / "text.txt").write_text("x")
    (folder / "define.xml").write_text("<ODM")
    write_csv(folder / "advs.csv", ONE)


def test_input_that_is_refused(folder: Path) -> None:
    a, b = folder / "a" / "advs.csv", folder / "b" / "advs.csv"
    with_bad_input(folder)
    cases: list[tuple[list[object], str]] = [
        ([folder / "empty", b], "The folder has no datasets"),
        ([folder / "out", b], f"Datasets may be in {folder / 'out' / 'adam'}."),
        ([folder / "none.xpt", b], "none.xpt does not exist. Correct the path."),
        ([folder / "broken.xpt", b], "broken.xpt: "),
        ([folder / "text.txt", b], "The suffix .txt is not that of a dataset"),
        ([folder / "twice", b], "are the same dataset in two formats or spellings"),
        ([folder / "advs.csv", b], "define.xml: The file cannot be read"),
        ([folder / "a", folder / "b" / "adsl.csv"], "has no dataset ADSL"),
        ([a, b, "--key", "USUBJID,PARAMCDX"], "ADVS of BASE has no variable PARAMCDX (--key). Did you mean 'PARAMCD'?"),
        ([a, b, "--key", "USUBJID,"], "--key is 'USUBJID,'; it must be variables separated by commas"),
        ([a, b, "--key", "USUBJID,USUBJID"], "--key has USUBJID twice."),
        ([a, b, "--key", "ADXX=USUBJID"], "--key names ADXX, which is not compared"),
        ([a, b, "--tolerance", "-1"], "--tolerance is '-1'; it must be a number from 0"),
        ([a, b, "--tolerance", "percent:1"], "--tolerance is 'percent:1'"),
        ([a, b, "--tolerance", "AVALX=1"], "No dataset that is compared has the variable AVALX. Did you mean 'AVAL'?"),
        ([a, b, "--variables", "XYZ"], "No dataset that is compared has the variable XYZ."),
        ([a, b, "--map", "AVAL"], "--map is 'AVAL'; it must be a variable of BASE and one of COMPARE"),
        ([a, b, "--map", "AVAL=NOTHERE"], "--map AVAL=NOTHERE: no dataset has AVAL in BASE and NOTHERE in COMPARE."),
        ([a, b, "--map", "AVAL=QCVAL,CHG=QCVAL"], "--map has QCVAL twice."),
        ([a, b, "--where", "PARAMCD =="], "--where 'PARAMCD ==' is not valid: "),
        ([a, b, "--where", 'PARAMCDX == "A"'], "The dataset has no variable PARAMCDX. Did you mean 'PARAMCD'?"),
        ([a, b, "--where", "PARAMCD"], "It must be a condition"),
        ([a, b, "--ignore", "colour"], "'colour' is not an attribute. Use one of type, length, label, format, order."),
        ([a, b, "--html", folder / "none" / "page.html"], "The folder"),
    ]
    for arguments, message in cases:
        found = run(*arguments)
        assert found.exit_code == 2, (arguments, found.output)
        assert message in found.stderr, (arguments, found.stderr)
        assert "Traceback" not in found.output
