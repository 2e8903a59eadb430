"""Analysis Results Metadata: displays, complete selections, reasons and purposes, programs. Expected values are worked out by hand."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from adam.planning.displays import resolved_displays
from adam.planning.values import ResolvedStudy, Result
from adam.specification.results import Display
from adam.submission.define.document import define_xml
from adam.submission.displays_page import displays_page
from adam.submission.document import Heading, Table, to_html
from tests.submission.example_datasets import DATASETS, PROFILES, STUDY, SUBJECTS, WHEN

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
SAFETY = Display(name="TABLE_1", title="Table 1: <all>", purpose="SAFETY ASSESSMENT", reason="DATA DRIVEN")
RESULTS = {
    "R1": {"title": "Mean at Week 2", "dataset": "ADY", "where": 'PARAMCD == "B" and AVISITN in (2, 4)', "by": "AVISIT", "value": "mean(AVAL)"},
    "R2": {"title": "Women", "dataset": "ADX", "where": 'SEX == "F" or DOSE > 1', "value": "count", "purpose": "PRIMARY OUTCOME MEASURE"},
    "R3": {"title": "Share", "dataset": "ADY", "value": "percent", "of": {"dataset": "ADX", "where": 'SEX == "F"'}},
    "R4": {"title": "Seen", "dataset": "ADY", "where": 'PARAMCD == "B" and AVISIT != ""', "value": "count"},
    "R5": {"title": "Graded", "dataset": "ADX", "where": 'not (SEX == "" or AGEGR1N < 2)', "value": "count"},
    "ALONE": {"title": "All", "dataset": "ADX", "value": "count", "display": ""},
}


def with_results(**bodies: dict[str, object]) -> ResolvedStudy:
    """The example study with results in the display TABLE_1."""
    found = {name: Result.model_validate({"name": name, "display": "TABLE_1", **body}) for name, body in bodies.items()}
    study = STUDY.model_copy(update={"results": found, "datasets": DATASETS, "constants": {}})
    return study.model_copy(update={"displays": resolved_displays({"TABLE_1": SAFETY}, study)})


@pytest.fixture(scope="module")
def raw() -> bytes:
    return define_xml(with_results(**RESULTS), DATASETS, PROFILES, WHEN)


@pytest.fixture(scope="module")
def root(raw: bytes) -> ET.Element:
    return ET.fromstring(raw)


def one(root: ET.Element, tag: str, oid: str) -> ET.Element:
    (found,) = [each for each in root.iter(tag) if each.get("OID") == oid]
    return found


def text(node: ET.Element | None) -> str:
    assert node is not None
    return "".join(node.itertext()).strip()


def checks(root: ET.Element, oid: str) -> list[tuple[str, str, list[str]]]:
    found = one(root, f"{DEF}WhereClauseDef", oid).findall(f"{ODM}RangeCheck")
    return [(each.attrib[f"{DEF}ItemOID"], each.attrib["Comparator"], [text(value) for value in each]) for each in found]


def test_a_display_has_its_results_and_a_result_without_one_is_a_display(root: ET.Element) -> None:
    displays = list(root.iter(f"{ARM}ResultDisplay"))
    assert [(each.attrib["Name"], text(each.find(f"{ODM}Description"))) for each in displays] == [("TABLE_1", "Table 1: <all>"), ("ALONE", "All")]
    assert [each.attrib["OID"] for each in displays[0].iter(f"{ARM}AnalysisResult")] == ["AR.R1", "AR.R2", "AR.R3", "AR.R4", "AR.R5"]


def test_reason_and_purpose_are_those_of_the_display_or_of_the_result(root: ET.Element) -> None:
    found = {each.attrib["OID"]: (each.attrib["AnalysisReason"], each.attrib["AnalysisPurpose"]) for each in root.iter(f"{ARM}AnalysisResult")}
    assert found["AR.R1"] == ("DATA DRIVEN", "SAFETY ASSESSMENT")
    assert found["AR.R2"] == ("DATA DRIVEN", "PRIMARY OUTCOME MEASURE")
    assert found["AR.ALONE"] == ("SPECIFIED IN SAP", "EXPLORATORY OUTCOME MEASURE")


def test_a_selection_of_comparisons_is_one_where_clause(root: ET.Element) -> None:
    first = one(root, f"{ARM}AnalysisResult", "AR.R1")
    assert first.attrib["ParameterOID"] == "IT.ADY.PARAMCD"
    assert [each.attrib["ItemOID"] for each in first.iter(f"{ARM}AnalysisVariable")] == ["IT.ADY.AVAL", "IT.ADY.AVISIT"]
    assert checks(root, "WC.AR.R1") == [("IT.ADY.PARAMCD", "EQ", ["B"]), ("IT.ADY.AVISITN", "IN", ["2", "4"])]
    expected = 'The mean of AVAL in the ADY records where PARAMCD is "B" and AVISITN is one of 2, 4, for each value of AVISIT and in total.'
    assert text(first.find(f"{ARM}Documentation")) == expected


def test_alternatives_are_several_where_clauses(root: ET.Element) -> None:
    second = one(root, f"{ARM}AnalysisResult", "AR.R2")
    assert [each.attrib["WhereClauseOID"] for each in second.iter(f"{DEF}WhereClauseRef")] == ["WC.AR.R2.1", "WC.AR.R2.2"]
    assert checks(root, "WC.AR.R2.1") == [("IT.ADX.SEX", "EQ", ["F"])]
    assert checks(root, "WC.AR.R2.2") == [("IT.ADX.DOSE", "GT", ["1"])]
    datasets = second.find(f"{ARM}AnalysisDatasets")
    assert datasets is not None
    comment = one(root, f"{DEF}CommentDef", datasets.attrib[f"{DEF}CommentOID"])
    assert text(comment) == "The records of ADX are those that match at least one of its 2 where clauses."


def test_a_percentage_names_both_datasets(root: ET.Element) -> None:
    third = one(root, f"{ARM}AnalysisResult", "AR.R3")
    assert [each.attrib["ItemGroupOID"] for each in third.iter(f"{ARM}AnalysisDataset")] == ["IG.ADY", "IG.ADX"]
    assert checks(root, "WC.AR.R3.OF") == [("IT.ADX.SEX", "EQ", ["F"])]
    assert text(third.find(f"{ARM}Documentation")) == 'The number of ADY records, as a percentage of the number of ADX records where SEX is "F".'


def test_no_term_of_a_selection_is_dropped(root: ET.Element) -> None:
    fourth = one(root, f"{ARM}AnalysisResult", "AR.R4")
    assert checks(root, "WC.AR.R4") == [("IT.ADY.PARAMCD", "EQ", ["B"])]
    documentation = text(fourth.find(f"{ARM}Documentation"))
    assert 'where PARAMCD is "B" and AVISIT is not blank.' in documentation
    assert documentation.endswith("The where clause of ADY does not express this part of the selection: AVISIT is not blank.")
    assert [each.attrib["ItemOID"] for each in fourth.iter(f"{ARM}AnalysisVariable")] == ["IT.ADY.AVISIT"]


def test_not_is_moved_inwards_and_not_blank_is_the_list_of_the_terms(root: ET.Element) -> None:
    assert checks(root, "WC.AR.R5") == [("IT.ADX.SEX", "IN", ["F", "M"]), ("IT.ADX.AGEGR1N", "GE", ["2"])]


def test_each_result_has_its_program_in_both_languages(root: ET.Element) -> None:
    leaves = {each.attrib["ID"]: each.attrib[HREF] for each in root.iter(f"{DEF}leaf")}
    assert leaves["LF.SAS.TABLE_1"] == "../programs/table-1.sas"
    assert leaves["LF.R.TABLE_1"] == "../programs/table-1.r"
    code = one(root, f"{ARM}AnalysisResult", "AR.R4").find(f"{ARM}ProgrammingCode")
    assert code is not None
    assert code.attrib["Context"] == "SAS 9.4"
    assert [each.attrib["leafID"] for each in code.iter(f"{DEF}DocumentRef")] == ["LF.SAS.TABLE_1", "LF.R.TABLE_1"]
    assert "where PARAMCD = 'B' and AVISIT ne '';" in text(code.find(f"{ARM}Code"))


def test_each_display_refers_to_the_page_with_its_numbers(root: ET.Element) -> None:
    leaves = {each.attrib["ID"]: each.attrib[HREF] for each in root.iter(f"{DEF}leaf")}
    assert leaves["LF.DISPLAYS"] == "displays.html"
    for display in root.iter(f"{ARM}ResultDisplay"):
        assert [each.attrib["leafID"] for each in display.findall(f"{DEF}DocumentRef")] == ["LF.DISPLAYS"]


def test_the_page_of_the_displays_has_their_numbers() -> None:
    numbers = [
        {"result": "R2", "group": "Total", "over": "", "value": "7", "records": 7, "among": None},
        {"result": "R3", "group": "Total", "over": "", "value": "12.5", "records": 1, "among": 8},
    ]
    blocks = displays_page(with_results(**RESULTS), DATASETS, numbers)
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["Displays of A study of <nothing> & no one", "Table 1: <all>", "All"]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert tables[0].rows == [["Women", "Total", "", "7", "7", ""], ["Share", "Total", "", "12.5", "1", "8"]]
    assert '<a href="../programs/table-1.sas">' in to_html(blocks)
    assert displays_page(with_results(), DATASETS, []) == []


def test_no_text_has_the_syntax_of_an_expression(root: ET.Element) -> None:
    for node in [*root.iter(f"{ARM}Documentation"), *root.iter(f"{DEF}CommentDef")]:
        assert "==" not in text(node)
        assert "missing(" not in text(node)


def test_a_result_is_left_out_where_a_dataset_is_not_in_the_run() -> None:
    found = define_xml(with_results(**RESULTS), {"ADX": SUBJECTS}, PROFILES, WHEN)
    assert b"AR.R2" in found
    assert b"AR.R1" not in found
    assert b"AR.R3" not in found


def test_the_schema_holds(raw: bytes, tmp_path: Path) -> None:
    parser = pytest.importorskip("odmlib.odm_parser", reason="odmlib is not installed, so the schema of analysis results was NOT checked")
    (tmp_path / "define.xml").write_bytes(raw)
    parser.ODMSchemaValidator(standard="arm", version="1.0-define2.1").validate_file(str(tmp_path / "define.xml"))
