"""adam init on odd data: it writes a study that `adam check` accepts, or it refuses with a message and leaves nothing behind."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

import adam
from adam.cli.commands import main
from adam.core.errors import UsageError
from tests.starting.test_init import DM, DS, EX, LB

AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AEXX,AESTDTC
S1,AE,S1-1,1,Headache,Headache,abc,2024-01-12
"""


def study(tmp_path: Path, **files: str) -> Path:
    """A folder of SDTM files whose name has a blank."""
    folder = tmp_path / "my sdtm"
    folder.mkdir()
    for name, text in {"dm": DM, "ex": EX, **files}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def parameters(folder: Path) -> dict[str, tuple[str, str]]:
    """PARAMCD and PARAM by test code."""
    with (folder / "tables" / "lb_parameters.csv").open() as file:
        return {row["TESTCD"]: (row["PARAMCD"], row["PARAM"]) for row in csv.DictReader(file)}


def without(text: str, *names: str) -> str:
    """A CSV text without some columns."""
    rows = list(csv.DictReader(text.splitlines()))
    kept = [name for name in rows[0] if name not in names]
    return "\n".join([",".join(kept), *(",".join(f'"{row[name]}"' for name in kept) for row in rows)]) + "\n"


def test_codes_that_are_no_paramcd_become_valid_and_distinct(tmp_path: Path) -> None:
    rows = ["STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBTEST,LBSTRESN,LBDTC"]
    for number, code in enumerate(["ALT", "alt", "1GLUC", "AL-T 1", "HEMATOCRIT1", "HEMATOCRIT2"], 1):
        rows.append(f"S1,LB,S1-1,{number},{code},Test {number},5,2024-01-10")
    adam.init(tmp_path / "new", study(tmp_path, lb="\n".join(rows) + "\n"))
    assert {code: paramcd for code, (paramcd, _) in parameters(tmp_path / "new").items()} == {
        "1GLUC": "T1GLUC", "AL-T 1": "ALT1", "ALT": "ALT", "HEMATOCRIT1": "HEMATOCR", "HEMATOCRIT2": "HEMATOC2", "alt": "ALT2",
    }  # fmt: skip


def test_two_codes_with_the_same_text_have_different_params(tmp_path: Path) -> None:
    lb = without(LB.replace("GLUC,Glucose,URINALYSIS", "GLUC2,Glucose,URINALYSIS"), "LBSPEC", "LBCAT")
    adam.init(tmp_path / "new", study(tmp_path, lb=lb))
    found = parameters(tmp_path / "new")
    assert (found["GLUC"][1], found["GLUC2"][1]) == ("Glucose (mmol/L)", "Glucose, GLUC2 (mmol/L)")


def test_a_code_with_several_texts_is_marked(tmp_path: Path) -> None:
    lb = LB.replace("4,ALT,Alanine Aminotransferase", "4,ALT,Alanine Transaminase")
    adam.init(tmp_path / "new", study(tmp_path, lb=lb))
    text = (tmp_path / "new" / "adlb.yaml").read_text()
    assert "# CHECK: ALT has several texts in LBTEST: Alanine Aminotransferase, Alanine Transaminase; PARAM is the first" in text


def test_many_units_and_a_line_end_in_one_stay_one_comment(tmp_path: Path) -> None:
    more = "".join(f'S1,LB,S1-2,{n},ALT,Alanine Aminotransferase,CHEMISTRY,BLOOD,3,3,"u\n{n}",1,BASELINE,1,2024-01-11\n' for n in range(2, 30))
    adam.init(tmp_path / "new", study(tmp_path, lb=LB + more))
    (line,) = [line for line in (tmp_path / "new" / "adlb.yaml").read_text().splitlines() if "several units" in line]
    assert " and 20 more; convert them" in line  # U/L, ukat/L and 28 others; 10 are shown


def test_findings_without_a_standard_result_become_no_dataset_and_are_marked(tmp_path: Path) -> None:
    result = adam.init(tmp_path / "new", study(tmp_path, lb=without(LB, "LBSTRESN", "LBSTRESC")))
    assert "ADLB" not in result.datasets
    assert "LB has no LBSTRESN or LBSTRESC, so it became no dataset" in [each.reason for each in result.checks]


def test_data_without_arms_and_doses_have_no_treatments_and_no_adtte(tmp_path: Path) -> None:
    dm = without(DM, "ARM", "ARMCD", "ACTARM", "ACTARMCD", "AGE", "AGEU")
    result = adam.init(tmp_path / "new", study(tmp_path, dm=dm, ex=EX.splitlines()[0] + "\n", ae=AE, lb=LB))
    assert result.datasets == ("ADSL", "ADAE", "ADLB")
    assert "treatments:" not in (tmp_path / "new" / "study.yaml").read_text()


def test_a_variable_without_a_label_gets_its_name_and_a_mark(tmp_path: Path) -> None:
    result = adam.init(tmp_path / "new", study(tmp_path, ae=AE))
    assert (
        "  AEXX: {length: 3, label: AEXX, value: AE.AEXX}  # CHECK: the label; the data have none\n" in (tmp_path / "new" / "adae.yaml").read_text()
    )
    assert ("adae.yaml", "the label; the data have none") in [(each.file, each.reason) for each in result.checks]


def test_quotes_in_a_category_of_disposition_are_quoted(tmp_path: Path) -> None:
    head, *rows = DS.splitlines()
    category = '"the ""end"" of \'study\'"'
    ds = "\n".join([f"{head},DSSCAT", *(f"{row},{category}" for row in rows), "S1,DS,S1-1,2,C,C,DISPOSITION EVENT,2024-02-15,OTHER"])
    adam.init(tmp_path / "new", study(tmp_path, ds=ds + "\n"))
    assert "DS.DSSCAT == \"the \\\"end\\\" of ''study''\"'" in (tmp_path / "new" / "adsl.yaml").read_text()


@pytest.mark.parametrize("visit", ["2,Baseline,15", "2,WEEK 2,2.5"])
def test_visits_that_cannot_be_windows_have_none(tmp_path: Path, visit: str) -> None:
    adam.init(tmp_path / "new", study(tmp_path, lb=LB.replace("2,WEEK 2,15", visit)))
    assert "windows:" not in (tmp_path / "new" / "study.yaml").read_text()


def test_a_date_that_does_not_exist_is_no_cut_off(tmp_path: Path) -> None:
    adam.init(tmp_path / "new", study(tmp_path, ae=AE.replace("2024-01-12", "9999-99-99")))
    assert "as_of: 2024-02-11  #" in (tmp_path / "new" / "study.yaml").read_text()  # the last date of EX


@pytest.mark.parametrize(("dm", "text"), [
    (DM.replace("Placebo", "P" * 230), "study.yaml: treatments: The name has 230 bytes; a text has at most 200. Shorten it."),
    (DM.replace("Placebo", '"a\nb"'), "is not printable"),
    (without(DM, "STUDYID"), "has no DM with STUDYID and USUBJID"),
    (DM.splitlines()[0] + "\n", "has no record with a STUDYID"),
])  # fmt: skip
def test_what_no_specification_can_have_is_refused(tmp_path: Path, dm: str, text: str) -> None:
    folder = study(tmp_path, dm=dm)
    with pytest.raises(UsageError) as error:
        adam.init(tmp_path / "new study", folder)
    assert text in str(error.value)
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new study"), "--sdtm", str(folder)])
    assert result.exit_code == 2 and "/.new" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my sdtm"]
