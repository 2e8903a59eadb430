"""define.xml as a reviewer sees it: define.html, our stylesheet, and the stylesheet of CDISC."""

import re
from pathlib import Path

import pytest

from adam.submission.define.document import define_xml, stylesheet
from adam.submission.define.elements import STYLESHEET
from adam.submission.define.page import PAGE, define_page
from adam.submission.document import Link
from tests.submission.example_datasets import DATASETS, PROFILES, STUDY, WHEN

pytest.importorskip("lxml", reason="lxml is not installed, so the views of define.xml were NOT checked")
from tests.submission.links import OFFICIAL, addresses, broken, document, ids, repeated_ids

FORMAL = "<FormalExpression Context='adamsmith'>mean(A &lt; 3)</FormalExpression>"
COMMENT = """<def:CommentDef OID='COM.X'><Description><TranslatedText xml:lang='en'>All of A.</TranslatedText></Description>
<def:DocumentRef leafID='LF.ADRG' /></def:CommentDef>"""
EXTERNAL = """<CodeList OID='CL.MEDDRA' Name='MedDRA' DataType='text' def:IsNonStandard='Yes'>
<ExternalCodeList Dictionary='MedDRA' Version='24.0' /></CodeList>"""
RESULTS = """<arm:AnalysisResultDisplays><arm:ResultDisplay OID='RD.T1' Name='Table 1'>
<Description><TranslatedText>Means</TranslatedText></Description>
<def:DocumentRef leafID='LF.ADRG' />
<arm:AnalysisResult OID='AR.T1.1' AnalysisReason='SPECIFIED IN SAP' AnalysisPurpose='PRIMARY OUTCOME MEASURE'>
<Description><TranslatedText>Mean of A</TranslatedText></Description><arm:AnalysisDatasets><arm:AnalysisDataset ItemGroupOID='IG.ADY'>
<def:WhereClauseRef WhereClauseOID='WC.IN' /><arm:AnalysisVariable ItemOID='IT.ADY.AVAL' /></arm:AnalysisDataset></arm:AnalysisDatasets>
<arm:Documentation><Description><TranslatedText>The mean.</TranslatedText></Description></arm:Documentation>
<arm:ProgrammingCode Context='R'><arm:Code>mean(aval)</arm:Code><def:DocumentRef leafID='LF.P' /></arm:ProgrammingCode></arm:AnalysisResult>
</arm:ResultDisplay></arm:AnalysisResultDisplays>"""
CLAUSE = """<def:WhereClauseDef OID='WC.IN'><RangeCheck Comparator='IN' SoftHard='Soft' def:ItemOID='IT.ADY.AVISITN'><CheckValue>2</CheckValue>
<CheckValue>4</CheckValue></RangeCheck><RangeCheck Comparator='GE' SoftHard='Soft' def:ItemOID='IT.ADY.AVAL'><CheckValue>1</CheckValue></RangeCheck>
</def:WhereClauseDef>"""
LEAF = "<def:leaf ID='LF.P' xlink:href='../programs/t1.r'><def:title>t1.r</def:title></def:leaf>"
SHOWN = ("the mean of A", "As collected", "C66731", "A study of <nothing> & no one", "Reviewer's Guide", "mean(A < 3)", "MedDRA", "24.0", "Means")
SHOWN += ("Mean of A", "PRIMARY OUTCOME MEASURE", "The mean.", "mean(aval)", "t1.r")


def full(raw: bytes) -> bytes:
    """A define.xml with everything that the views can show."""
    text = raw.decode()
    text = text.replace("</MethodDef>", f"{FORMAL}</MethodDef>", 1).replace("<def:CommentDef", f"{COMMENT}<def:CommentDef", 1)
    text = text.replace("<MethodDef", f"{EXTERNAL}<MethodDef", 1).replace("<ItemGroupDef", f"{CLAUSE}<ItemGroupDef", 1)
    text = text.replace('OID="IG.ADY"', 'OID="IG.ADY" def:CommentOID="COM.X"', 1)
    return text.replace("</MetaDataVersion>", f"{LEAF}{RESULTS}</MetaDataVersion>").encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of these datasets, and empty files where define.xml leads to others."""
    folder = tmp_path_factory.mktemp("views") / "adam"
    (folder.parent / "programs").mkdir()
    folder.mkdir()
    raw = full(define_xml(STUDY, DATASETS, PROFILES, WHEN))
    (folder / "define.xml").write_bytes(raw)
    (folder / STYLESHEET).write_bytes(stylesheet())
    (folder / PAGE).write_text(define_page(raw, [Link("The programs", "../programs/t1.r")]), encoding="utf-8")
    for name in ("adx.xpt", "ady.xpt", "adrg.html", "adrg.pdf", "../programs/t1.r"):
        (folder / name).write_text("<p></p>")
    return folder


VIEWS = [("define.html", None), ("define.xml", None), ("define.xml", OFFICIAL)]


@pytest.mark.parametrize(("name", "sheet"), VIEWS)
def test_the_view_has_the_content_and_no_broken_link(folder: Path, name: str, sheet: Path | None) -> None:
    root = document(folder / name, sheet)
    shown = " ".join(" ".join(root.itertext()).split())
    assert [each for each in SHOWN if each not in shown] == []
    assert (broken(folder / name, root), repeated_ids(root)) == ([], [])
    assert len(addresses(root)) > 40
    assert {"ady.xpt", "../programs/t1.r"} <= set(addresses(root))


@pytest.mark.parametrize("name", ["define.html", "define.xml"])
def test_our_views_have_navigation_and_collapsed_value_level(folder: Path, name: str) -> None:
    root = document(folder / name)
    (nav,) = root.xpath("//nav")
    targets = {each[1:] for each in addresses(nav) if each.startswith("#")}
    assert {"standards", "datasets", "IG.ADX", "IG.ADY", "RD.T1", "CL.SEX", "CL.MEDDRA", "MT.ADY.AVAL.B", "COM.X"} <= targets
    (values,) = root.xpath("//details[summary[starts-with(., 'AVAL')]]")
    assert ("PARAMCD = B" in " ".join(values.itertext()), values.get("open")) == (True, None)
    assert {"IT.ADY.AVAL.A", "IT.ADY.AVAL.B"} <= ids(values)
    (where,) = ["".join(each.itertext()) for each in root.xpath("//*[@id='AR.T1.1']//dd[3]")]
    assert " ".join(where.split()) == "ADY: AVAL, where AVISITN in (2, 4) and AVAL ≥ 1"
    assert root.xpath("//script") == []


def test_define_html_is_linked_and_named_as_the_page_for_browsers(folder: Path) -> None:
    assert PAGE in addresses(document(folder / "define.xml"))
    assert "browsers do not apply the stylesheet of a local XML file" in (folder / PAGE).read_text(encoding="utf-8")
    assert f'href="{STYLESHEET}"' in (folder / "define.xml").read_text(encoding="utf-8").split("\n")[1]
    assert STYLESHEET == "adamsmith-define.xsl"


def test_a_broken_link_is_found(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<p id=a></p><a href='#a'></a><a href='#b'></a><a href='c.xpt'></a><a href='https://d'></a><a href='page.html#e'></a><i id=a></i>"
    )
    root = document(path)
    assert broken(path, root) == ["#b", "c.xpt", "https://d", "page.html#e"]
    assert repeated_ids(root) == ["a"]


@pytest.mark.parametrize(("digits", "shown"), [("0", "8"), ("2", "8.2")])
def test_the_length_of_a_number_without_decimals_is_whole(digits: str, shown: str, tmp_path: Path) -> None:
    raw = re.sub(b'SignificantDigits="[0-9]+"', f'SignificantDigits="{digits}"'.encode(), define_xml(STUDY, DATASETS, PROFILES, WHEN))
    (tmp_path / "define.xml").write_bytes(raw)
    (tmp_path / STYLESHEET).write_bytes(stylesheet())
    (tmp_path / PAGE).write_text(define_page(raw, []), encoding="utf-8")
    for name in (PAGE, "define.xml"):
        cells = document(tmp_path / name).xpath("//td[@data-name='Type'][.='float']/following-sibling::td[1]")
        assert {cell.text_content() for cell in cells} == {shown}
