"""Reference tables: `tables:` of a study or layer, and `lookup`."""

import datetime
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.right_or_refused.small_study import ADSL, Ran, small_study

GROUPS = "Sex,Low,High,Code,Label\nF,18,40,007,young\nF,41,,008,old\nM,18,64,009,young\nM,65,,010,old\n"
SEXES = "SEX,NAME,NUMBER\nF,Female,2\nM,Male,1.5\n"
TABLES = "tables: {SEXES: tables/sexes.csv}\n"
NAMED = "{label: Name of Sex, lookup: {table: SEXES, match: {SEX: SEX}, take: NAME}}"


def ran(folder: Path, formula: str, table: str = SEXES, study: str = TABLES, dm: str = "") -> Ran:
    files = {"adsl": f"{ADSL}  X: {formula}\n"}
    made = small_study(folder, files, {"dm": dm} if dm else None, study)
    (made.specs / "tables").mkdir(exist_ok=True)
    (made.specs / "tables" / "sexes.csv").write_text(table, encoding="utf-8")
    return made.build()


def values(done: Ran) -> list[object]:
    assert done.exit_code == 0, done.text
    return done.records("ADSL", "X")


def test_a_text_and_a_number_are_looked_up(tmp_path: Path) -> None:
    assert values(ran(tmp_path, NAMED)) == ["Female", "Male"]
    assert values(ran(tmp_path, NAMED.replace("NAME}", "NUMBER}"))) == [2, 1.5]


def test_the_table_is_in_the_manifest_and_copied_where_its_yaml_file_finds_it(tmp_path: Path) -> None:
    out = ran(tmp_path, NAMED).out
    assert '"specs/tables/sexes.csv"' in (out / "manifest.json").read_text()
    assert (out / "specs" / "specs" / "tables" / "sexes.csv").read_text() == SEXES
    assert (out / "specs" / "specs" / "study.yaml").is_file()


@pytest.mark.parametrize(("age", "sex", "expected"), [(40, "F", "007"), (41, "F", "008"), (64, "M", "009"), (65, "M", "010"), (99, "M", "010")])
def test_bounds_are_included_and_a_blank_bound_is_open(tmp_path: Path, age: int, sex: str, expected: str) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, between: {of: AGE, low: LOW, high: HIGH}, take: CODE}}"
    dm = f"STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,{age},{sex}\n"
    assert values(ran(tmp_path, formula, GROUPS, dm=dm)) == [expected]


@pytest.mark.parametrize(("age", "expected"), [(17, ""), (18, "007"), (99, "007")])
def test_a_bound_that_no_row_has_is_open(tmp_path: Path, age: int, expected: str) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, between: {of: AGE, low: LOW, high: HIGH}, take: CODE}}"
    dm = f"STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,{age},F\n"
    assert values(ran(tmp_path, formula, "SEX,LOW,HIGH,CODE\nF,18,,007\n", dm=dm)) == [expected]


def test_bounds_that_are_not_included(tmp_path: Path) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, between: {of: AGE, above: LOW, below: HIGH}, take: LABEL}}"
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,18,F\nS1,DM,S1-2,42,F\nS1,DM,S1-3,65,M\nS1,DM,S1-4,,M\n"
    done = ran(tmp_path, formula, GROUPS, dm=dm)
    assert values(done) == ["", "old", "", ""]
    (found,) = [each for each in done.findings() if each["id"] == "issue"]
    assert [(key["USUBJID"], value) for key, value in zip(found["keys"], found["values"], strict=True)] == [
        ("S1-1", {"SEX": "F", "between": "18"}),
        ("S1-3", {"SEX": "M", "between": "65"}),
    ]


def test_a_value_without_a_row_is_a_warning_with_the_value(tmp_path: Path) -> None:
    done = ran(tmp_path, NAMED, "SEX,NAME\nF,Female\n")
    assert values(done) == ["Female", ""]
    (found,) = [each for each in done.findings() if each["id"] == "issue"]
    assert found["severity"] == "warning"
    assert "no row of table SEXES matches" in found["message"]
    assert found["values"] == [{"SEX": "M"}]


def test_otherwise_takes_every_other_value(tmp_path: Path) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, take: NAME, otherwise: 'concat(SEX, \"?\")'}}"
    done = ran(tmp_path, formula, "SEX,NAME\nF,Female\n")
    assert values(done) == ["Female", "M?"]
    assert not [each for each in done.findings() if each["id"] == "issue"]


def test_a_blank_is_looked_up_as_a_blank_and_otherwise_gives_nothing(tmp_path: Path) -> None:
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,34,\nS1,DM,S1-2,65,M\n"
    assert values(ran(tmp_path / "a", NAMED, "SEX,NAME\nM,Male\n", dm=dm)) == ["", "Male"]
    assert values(ran(tmp_path / "b", NAMED, 'SEX,NAME\n"",Unknown\nM,Male\n', dm=dm)) == ["Unknown", "Male"]


def test_several_rows_are_an_error_with_the_records(tmp_path: Path) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, between: {of: AGE, low: LOW, high: HIGH}, take: CODE}}"
    done = ran(tmp_path, formula, GROUPS + "M,60,70,011,both\n")
    assert done.exit_code == 1
    (found,) = [each for each in done.findings() if each["id"] == "issue"]
    assert found["severity"] == "error"
    assert "several rows of table SEXES match, where one is expected" in found["message"]
    assert [key["USUBJID"] for key in found["keys"]] == ["S1-2"]


def test_a_date_of_a_typed_table(tmp_path: Path) -> None:
    formula = "{label: X, type: date, lookup: {table: SEXES, match: {SEX: SEX}, take: CUT}}"
    made = small_study(tmp_path, {"adsl": f"{ADSL}  X: {formula}\n"}, study="tables: {SEXES: sexes.parquet}\n")
    frame = pd.DataFrame({"sex": ["F", "M"], "cut": [datetime.date(2024, 1, 1), None]})
    frame.to_parquet(made.specs / "sexes.parquet")
    assert values(made.build()) == [23376, None]  # days from 1960-01-01 to 2024-01-01: 64 years with 16 leap days


SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>NAME</t></is></c><c r="C1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2" t="s"><v>2</v></c><c r="C2"STYLE><v>2.50</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t>M</t></is></c><c r="B3" t="inlineStr"><is><t>Male</t></is></c><c r="C3"><v>1</v></c></row>
</sheetData></worksheet>"""
SHARED = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>SEX</t></si><si><r><t>NUM</t></r><r><t>BER</t></r></si>
<si><t>F</t></si></sst>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>
</styleSheet>"""


def workbook(path: Path, style: str = "", more: str = "") -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/worksheets/sheet1.xml", SHEET.replace("STYLE", style))
        file.writestr("xl/sharedStrings.xml", SHARED)
        file.writestr("xl/styles.xml", STYLES)
        if more:
            file.writestr(more, SHEET.replace("STYLE", ""))


def of_workbook(folder: Path, style: str = "", more: str = "") -> Ran:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, take: NUMBER}}"
    made = small_study(folder, {"adsl": f"{ADSL}  X: {formula}\n"}, study="tables: {SEXES: sexes.xlsx}\n")
    workbook(made.specs / "sexes.xlsx", style, more)
    return made.build()


def test_a_workbook(tmp_path: Path) -> None:
    assert values(of_workbook(tmp_path)) == [2.5, 1]


@pytest.mark.parametrize(
    ("style", "more", "message"),
    [
        ("", "xl/worksheets/sheet2.xml", "sexes.xlsx: The workbook has 2 sheets. Keep the one with the table, or save it as CSV."),
        (' s="1"', "", "sexes.xlsx: Cell C2 has a date. Write it as text."),
        (' t="e"', "", "sexes.xlsx: Cell C2 has the error 2.50. Write it as text."),
        (' t="b"', "", "sexes.xlsx: Cell C2 has TRUE or FALSE. Write it as text."),
    ],
)
def test_a_workbook_that_is_refused(tmp_path: Path, style: str, more: str, message: str) -> None:
    assert f"Table SEXES cannot be read. {message}" in of_workbook(tmp_path, style, more).text


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("<v>2.50</v>", "<f>2+0.5</f>", "Cell C2 has a formula without a result. Open and save the workbook, or write the value."),
        ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>', "The cells C2:C3 are merged."),
    ],
)
def test_a_cell_that_only_seems_to_be_blank_is_refused(tmp_path: Path, was: str, now: str, message: str) -> None:
    formula = "{label: X, lookup: {table: SEXES, match: {SEX: SEX}, take: NUMBER}}"
    made = small_study(tmp_path, {"adsl": f"{ADSL}  X: {formula}\n"}, study="tables: {SEXES: sexes.xlsx}\n")
    with zipfile.ZipFile(made.specs / "sexes.xlsx", "w") as file:
        file.writestr("xl/worksheets/sheet1.xml", SHEET.replace("STYLE", "").replace(was, now))
        file.writestr("xl/sharedStrings.xml", SHARED)
    assert f"Table SEXES cannot be read. sexes.xlsx: {message}" in made.build().text


WRONG = [
    (NAMED, SEXES, "tables: {SEXES: tables/sex.csv}\n", "There is no file tables/sex.csv next to this YAML file, so table SEXES cannot be read."),
    (NAMED, SEXES, "tables: {SEXES: ../sexes.csv}\n", "The file of table SEXES must be in the folder of this YAML file or below it"),
    (NAMED, SEXES, "tables: {SEXES: study.yaml}\n", "A table must be a file with one of the suffixes .csv, .xlsx, .parquet, .xpt."),
    (NAMED, SEXES, "tables: {SEXES: 3}\n", "SEXES must be the path of a file. Write SEXES: tables/sexes.csv."),
    (NAMED, "SEX,NAME\n", TABLES, "Table SEXES has no rows, so nothing can be looked up in it."),
    (NAMED, "SEX,SEX\nF,x\n", TABLES, "The file has the variable SEX twice. Rename or remove one."),
    (NAMED.replace("SEXES", "SEXS"), SEXES, TABLES, "There is no table 'SEXS'. Did you mean 'SEXES'? The tables are DOSE_FREQUENCY, SEXES."),
    (NAMED.replace("NAME}", "NAM}"), SEXES, TABLES, "take: Table SEXES has no column 'NAM'. Did you mean 'NAME'? Its columns are SEX, NAME, NUMBER."),
    (NAMED.replace("{SEX: SEX}", "{SX: SEX}"), SEXES, TABLES, "match: Table SEXES has no column 'SX'. Did you mean 'SEX'?"),
    (NAMED, SEXES + "F,Girl,3\n", TABLES, "match: Table SEXES has several rows with SEX = F, but a record must match one row."),
    (NAMED.replace("{SEX: SEX}", "{SEX: AGE}"), SEXES, TABLES, "lookup: match.SEX must be a text; AGE is a number."),
    (NAMED.replace("take:", "between: {of: SEX, low: NUMBER}, take:"), SEXES, TABLES, "lookup: between.0.of must be a number; SEX is a text."),
    (NAMED.replace("take:", "between: {of: AGE}, take:"), SEXES, TABLES, "between has low or above, high or below, or one of each"),
    (
        NAMED.replace("take:", "between: {of: AGE, low: NUMBER, high: NAME}, take:"),
        SEXES,
        TABLES,
        "The bounds of between must be of one kind, but in table SEXES NUMBER is a number and NAME is a text",
    ),
    (
        NAMED.replace("take:", "between: {of: AGE, low: LOW, high: HIGH}, take:").replace("NAME}", "LABEL}"),
        GROUPS + "U,70,60,011,none\n",
        TABLES,
        "No value is in the interval of row 5 of table SEXES, with LOW 70 and HIGH 60. Correct the bounds.",
    ),
    (
        NAMED.replace("take:", "between: {of: AGE, low: LOW, below: HIGH}, take:").replace("NAME}", "LABEL}"),
        GROUPS + "U,70,70,011,none\n",
        TABLES,
        "No value is in the interval of row 5 of table SEXES, with LOW 70 and HIGH 70. Correct the bounds.",
    ),
    (NAMED.replace("NAME}", "NUMBER, otherwise: SEX}"), SEXES, TABLES, "lookup: otherwise must be a number; SEX is a text."),
    (NAMED.replace("label:", "type: integer, label:"), SEXES, TABLES, "The variable is a number, but its formula gives a text."),
]


@pytest.mark.parametrize(("formula", "table", "study", "message"), WRONG)
def test_what_is_wrong_is_reported(tmp_path: Path, formula: str, table: str, study: str, message: str) -> None:
    done = ran(tmp_path, formula, table, study)
    assert done.exit_code == 2
    assert message in done.text


def test_a_table_that_no_line_reads_is_a_warning(tmp_path: Path) -> None:
    done = ran(tmp_path, "{label: X, value: AGE}")
    assert done.exit_code == 0
    assert "No line reads table SEXES, so it has no effect." in done.text


def test_a_changed_table_changes_what_is_looked_up_in_it(tmp_path: Path) -> None:
    ran(tmp_path / "old", NAMED)
    ran(tmp_path / "new", NAMED, SEXES.replace("Female", "Damsel"))
    made = small_study(tmp_path / "x")
    diff = made.run("plan", str(tmp_path / "new" / "specs"), "--diff", str(tmp_path / "old" / "specs"))
    assert "changed variable ADSL.X\n    tables SEXES:" in diff.text
    whole = json.loads(made.run("plan", str(tmp_path / "new" / "specs"), "--json").text)
    assert whole["study"]["tables"]["SEXES"]["columns"]["NUMBER"] == ["2", "1.5"]
