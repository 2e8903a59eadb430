"""The workbook of a specification, and studies that start from a workbook or from define.xml."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

import adam
from adam.cli.commands import main
from adam.core.errors import UsageError
from adam.exchange import metadata as tables
from adam.exchange.from_define import from_define
from adam.exchange.from_xlsx import from_xlsx
from adam.exchange.metadata import SHEETS, Metadata
from adam.exchange.to_xlsx import to_xlsx
from adam.exchange.to_yaml import to_yaml
from adam.submission.define.document import define_xml
from tests.submission.example_datasets import DATASETS, PROFILES, STUDY, WHEN

ROOT = Path(__file__).parents[2]
PHARMAVERSE = ROOT.parent / "shared" / "data" / "pharmaverse" / "sdtm"
CREATED = datetime.datetime(2024, 6, 30)


@pytest.fixture(scope="module")
def example() -> Metadata:
    return from_define(define_xml(STUDY, DATASETS, PROFILES, WHEN))


def cells(metadata: Metadata) -> dict[str, list[dict[str, str]]]:
    """Every cell with a text, by sheet and row."""
    return {sheet: [{column: text for column, text in row.items() if text} for row in rows] for sheet, rows in metadata.items()}


def test_define_xml_is_read_as_tables(example: Metadata) -> None:
    datasets = {row["Dataset"]: row for row in example[tables.DATASETS]}
    assert list(datasets) == list(DATASETS)
    assert datasets["ADY"]["Structure"] == "One record per subject, parameter and visit"
    assert datasets["ADY"]["Key Variables"] == ", ".join(DATASETS["ADY"].key)
    variables = [row["Variable"] for row in example[tables.VARIABLES] if row["Dataset"] == "ADY"]
    assert variables == list(DATASETS["ADY"].variables)
    assert all(set(row) <= set(SHEETS[sheet]) for sheet, rows in example.items() for row in rows)


def test_the_workbook_holds_every_cell(example: Metadata, tmp_path: Path) -> None:
    (tmp_path / "spec.xlsx").write_bytes(to_xlsx(example, CREATED))
    read, ignored = from_xlsx(tmp_path / "spec.xlsx")
    assert ignored == []
    assert cells(read) == cells(example)


def test_the_workbook_has_the_same_bytes_each_time(example: Metadata) -> None:
    assert to_xlsx(example, CREATED) == to_xlsx(example, CREATED)


@pytest.mark.parametrize("study", ["true_ad", "cdiscpilot01", "pharmaverse"])
def test_a_study_survives_the_round_trip(study: str, tmp_path: Path) -> None:
    sdtm = PHARMAVERSE if study == "pharmaverse" else None
    if sdtm is not None and not sdtm.is_dir():
        pytest.skip("the public data are not here")
    raw = adam.workbook(ROOT / "specs" / study, sdtm)
    (tmp_path / "spec.xlsx").write_bytes(raw)
    first, ignored = from_xlsx(tmp_path / "spec.xlsx")
    assert ignored == []
    assert to_xlsx(first, datetime.datetime(2000, 1, 1)) == to_xlsx(first, datetime.datetime(2000, 1, 1))
    started = adam.init_from(tmp_path / "new", tmp_path / "spec.xlsx")
    assert started.datasets == tuple(row["Dataset"] for row in first[tables.DATASETS])
    plan = adam.check(tmp_path / "new")
    for row in first[tables.VARIABLES]:
        variable = plan.datasets[row["Dataset"]].variables[row["Variable"]]
        assert variable.label == row["Label"]
        assert (variable.type == "text") == (row["Data Type"] in ("text", "date", "datetime", "partialDate", "partialDatetime"))
        assert variable.format == row.get("Format", "")
        if row.get("Predecessor", "").count(".") == 1 and " " not in row["Predecessor"]:
            assert variable.origin == "Predecessor"
    for row in first[tables.DATASETS]:
        dataset = plan.datasets[row["Dataset"]]
        assert (dataset.label, ", ".join(dataset.key), dataset.class_) == (row["Label"], row["Key Variables"], row["Class"])


def test_a_method_is_a_comment_where_the_formula_is_to_be_written() -> None:
    metadata: Metadata = {
        **dict.fromkeys(SHEETS, ()),
        tables.STUDY: ({"Attribute": "StudyName", "Value": "ABC-1"}, {"Attribute": "Standard", "Value": "ADaMIG 1.3"}),
        tables.DATASETS: ({"Dataset": "ADSL", "Class": "SUBJECT LEVEL ANALYSIS DATASET", "Label": "Subjects", "Key Variables": "STUDYID, USUBJID"},),
        tables.VARIABLES: (
            {"Dataset": "ADSL", "Variable": "USUBJID", "Label": "Unique Subject Identifier", "Data Type": "text", "Length": "20",
             "Origin": "Predecessor", "Predecessor": "DM.USUBJID"},
            {"Dataset": "ADSL", "Variable": "SAFFL", "Label": "Safety Population Flag", "Data Type": "text", "Length": "1", "Codelist": "NY",
             "Origin": "Derived", "Method": "ADSL.SAFFL"},
            {"Dataset": "ADSL", "Variable": "TRTSDT", "Label": "Date of First Exposure", "Data Type": "integer", "Format": "DATE9.",
             "Origin": "Derived", "Method": "ADSL.TRTSDT"},
        ),
        tables.METHODS: (
            {"ID": "ADSL.SAFFL", "Description": "Y if the subject\nhas a dose."},
            {"ID": "ADSL.TRTSDT", "Description": "The first dose: EX."},
        ),
        tables.CODELISTS: ({"ID": "NY", "Name": "NY", "Data Type": "text", "NCI Codelist Code": "C66742", "Term": "Y", "NCI Term Code": "C49488"},),
    }  # fmt: skip
    files = to_yaml(metadata)
    assert files["adsl.yaml"] == (
        "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nlabel: Subjects\nkey: [STUDYID, USUBJID]\nrecords: {from: DM}\n\nvariables:\n"
        "  USUBJID: {label: Unique Subject Identifier, type: text, length: 20, value: DM.USUBJID}\n"
        "  # TODO: Y if the subject has a dose.\n"
        "  SAFFL: {label: Safety Population Flag, type: text, length: 1, codelist: NY, value: missing}\n"
        "  # TODO: The first dose: EX.\n"
        "  TRTSDT: {label: Date of First Exposure, type: date, format: DATE9., value: missing}\n"
    )
    assert "standards: [ADaMIG 1.3]" in files["study.yaml"]
    assert files["codelists.yaml"] == "codelists:\n  NY:\n    nci: C66742\n    terms:\n      'Y': {nci: C49488}\n".replace("'Y'", "Y")


def test_columns_and_sheets_that_are_not_read_are_reported(tmp_path: Path, example: Metadata) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "own.xlsx")) as book:
        for name in (tables.DATASETS, tables.VARIABLES, "Notes"):
            sheet = book.add_worksheet(name)
            columns = [*SHEETS.get(name, ("Text",)), "Pages"]
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column)
                sheet.write_string(1, place, "ADSL" if column == "Dataset" else "SEX" if column == "Variable" else "7")
    metadata, ignored = from_xlsx(tmp_path / "own.xlsx")
    assert ignored == ["sheet Notes", "column Pages of Datasets", "column Pages of Variables"]
    assert metadata[tables.VARIABLES][0]["Variable"] == "SEX"


@pytest.mark.parametrize(("name", "content", "text"), [
    ("a.xml", b"<x", "is not valid XML"),
    ("a.xml", b"<x/>", "is not Define-XML 2.0 or 2.1"),
    ("a.xlsx", b"no zip", "a.xlsx"),
])  # fmt: skip
def test_what_is_no_metadata_is_refused_and_nothing_is_written(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(content)
    option = "--from-xlsx" if name.endswith("xlsx") else "--from-define"
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), option, str(tmp_path / name)])
    assert result.exit_code == 2 and text in result.output
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_study_starts_from_one_thing(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new")])
    assert result.exit_code == 2 and "--sdtm DIR, --from-define FILE or --from-xlsx FILE" in result.output


def test_the_command_writes_a_workbook_and_never_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "spec.xlsx"
    runner = CliRunner()
    arguments = ["spec", str(ROOT / "tests" / "study" / "specs"), "--xlsx", str(path)]
    assert runner.invoke(main, arguments).exit_code == 0
    again = runner.invoke(main, arguments)
    assert again.exit_code == 2 and "already exists" in again.output
    assert runner.invoke(main, [*arguments, "--force"]).exit_code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["spec.xlsx"]


def test_a_workbook_without_variables_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "own.xlsx")) as book:
        book.add_worksheet(tables.DATASETS).write_string(0, 0, "Dataset")
    with pytest.raises(UsageError, match="has no sheet Variables"):
        from_xlsx(tmp_path / "own.xlsx")


DEFINE = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.0"><Study><GlobalVariables/>
<MetaDataVersion def:DefineVersion="2.0.0"><ItemGroupDef OID="IG" Name="NAME" Repeating="No" def:Class="SUBJECT LEVEL ANALYSIS DATASET">
<ItemRef ItemOID="IT" KeySequence="KEY" Mandatory="Yes"/></ItemGroupDef>
<ItemDef OID="IT" Name="USUBJID" DataType="text" Length="20"><def:Origin Type="Predecessor"><Description><TranslatedText>DM.USUBJID</TranslatedText>
</Description></def:Origin></ItemDef></MetaDataVersion></Study></ODM>
"""
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]><ODM>&j;</ODM>"
)


@pytest.mark.parametrize(("text", "message"), [
    (DEFINE.replace("NAME", "../../ADSL", 1), "'../../ADSL' is not a valid name of a dataset"),
    (DEFINE.replace("NAME", "", 1), "'' is not a valid name of a dataset"),
    (BOMB, "is not valid XML"),
    ('<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><ODM>&a;</ODM>', "is not valid XML"),
    ('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.2"/>', "is not Define-XML 2.0 or 2.1"),
])  # fmt: skip
def test_hostile_metadata_are_refused_and_nothing_is_written(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "define.xml").write_text(text)
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--from-define", str(tmp_path / "define.xml")])
    assert result.exit_code == 2 and message in result.output, result.output
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["define.xml"]


def test_a_key_whose_place_is_no_number_is_read(tmp_path: Path) -> None:
    metadata = from_define(DEFINE.replace("KEY", "x", 1).replace("NAME", "ADSL", 1).encode())
    assert metadata[tables.DATASETS][0]["Key Variables"] == "USUBJID"


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with these sheets; numbers are typed as numbers."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


def test_columns_in_another_order_numbers_and_blank_rows_are_read(tmp_path: Path) -> None:
    variables = [["Variable", "Length", "Dataset", "Data Type", "Predecessor", "Label"], ["USUBJID", 20, "ADSL", "text", "DM.USUBJID", "Id"], []]
    path = workbook(tmp_path / "a.xlsx", Datasets=[["Class", "Dataset"], [], ["SUBJECT LEVEL ANALYSIS DATASET", "ADSL"]], Variables=variables)
    metadata, ignored = from_xlsx(path)
    assert ignored == []
    (row,) = metadata[tables.VARIABLES]
    assert (row["Dataset"], row["Variable"], row["Length"]) == ("ADSL", "USUBJID", "20")
    assert "USUBJID: {label: Id, type: text, length: 20, value: DM.USUBJID}" in to_yaml(metadata)["adsl.yaml"]


def test_a_sheet_without_its_identifying_column_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Datasets=[["Dataset"], ["ADSL"]], Variables=[["Dataset", "Varible"], ["ADSL", "AGE"]])
    with pytest.raises(UsageError, match="Sheet Variables has no column Variable"):
        from_xlsx(path)
