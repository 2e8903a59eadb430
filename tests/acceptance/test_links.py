"""Every link of the pages of an output leads somewhere: to an id of a page, or to a file of the folder."""

import json
import re

import pytest
from lxml import etree

from adam.submission.package import package
from tests.submission.links import OFFICIAL, XLINK, addresses, broken, broken_addresses, document, pdf_addresses, repeated_ids

PAGES = [
    ("adam/define.html", None),
    ("adam/define.xml", None),
    ("adam/define.xml", OFFICIAL),
    ("adam/adrg.html", None),
    ("report/index.html", None),
    ("report/lineage.html", None),
    ("report/records.html", None),
]
LEAST = {
    "adam/define.html": 200,
    "adam/define.xml": 200,
    "adam/adrg.html": 4,
    "report/index.html": 290,
    "report/lineage.html": 290,
    "report/records.html": 5,
}
"""How many links a page has at least, so that a page of none is not passed over."""


@pytest.mark.parametrize(("name", "sheet"), PAGES)
def test_every_link_leads_somewhere(submission, name, sheet):
    root = document(submission.out / name, sheet)
    assert len(addresses(root)) >= LEAST[name]
    assert broken(submission.out / name, root) == []
    assert repeated_ids(root) == []


@pytest.fixture(scope="module")
def packaged(submission, tmp_path_factory):
    """The folder `datasets` of the package of the submission."""
    to = tmp_path_factory.mktemp("package") / "to"
    assert package(submission.out, to) == []
    return to / "m5" / "datasets" / "true-ad" / "analysis" / "adam" / "datasets"


@pytest.mark.parametrize(("name", "sheet"), [("define.html", None), ("define.xml", None), ("define.xml", OFFICIAL)])
def test_every_link_leads_somewhere_in_the_package(packaged, name, sheet):
    root = document(packaged / name, sheet)
    assert len(addresses(root)) >= 200
    assert broken(packaged / name, root) == []


def test_the_links_of_the_guide_lead_somewhere_in_both(submission, packaged):
    for path in (submission.out / "adam" / "adrg.pdf", packaged / "adrg.pdf"):
        found = pdf_addresses(path)
        assert {"define.xml", "define.html", "../programs/table-1.sas"} <= set(found)
        assert broken_addresses(path, found, set()) == []


def test_files_that_define_names_are_beside_it(submission):
    path = submission.out / "adam" / "define.xml"
    root = etree.parse(path).getroot()
    leaves = {each.get("ID"): each.get(f"{{{XLINK}}}href") for each in root.iter("{*}leaf")}
    programs = {f"../programs/{path.name}" for path in (submission.out / "programs").iterdir()}
    assert set(leaves.values()) - programs == {"adae.xpt", "adeff.xpt", "adrg.pdf", "adsl.xpt", "displays.html"}
    assert all((path.parent / name).is_file() for name in leaves.values())
    referenced = {
        each for element in root.iter() for key, each in element.attrib.items() if etree.QName(key).localname in ("leafID", "ArchiveLocationID")
    }
    assert referenced == set(leaves)


def test_every_reference_of_define_has_its_definition(submission):
    root = etree.parse(submission.out / "adam" / "define.xml").getroot()
    elements = list(root.iter(etree.Element))
    defined = {each.get(key) for each in elements for key in ("OID",) if each.get(key)}
    references = {value for each in elements for key, value in each.attrib.items() if re.fullmatch(r"\w+OID", etree.QName(key).localname)}
    assert len(references) > 300
    assert references - defined == {root.get("FileOID")} - defined


def test_dataset_json_finds_define(submission):
    for path in sorted((submission.out / "dataset-json").glob("*.json")):
        named = json.loads(path.read_text(encoding="utf-8"))["metaDataRef"]
        assert (path.parent / named).resolve() == (submission.out / "adam" / "define.xml").resolve()


def test_define_html_is_linked_from_the_report_and_links_to_it(submission):
    assert {"../adam/define.html", "../adam/adrg.html"} <= set(addresses(document(submission.out / "report" / "index.html")))
    assert "../report/index.html" in addresses(document(submission.out / "adam" / "define.html"))
