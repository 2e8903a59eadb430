"""Every link of the pages of an output leads somewhere: to an id of its page, or to a file of the folder."""

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree, html

PAGES = ["adam/define.html", "adam/define.xml", "adam/adrg.html", "report/index.html"]
XLINK = "{http://www.w3.org/1999/xlink}href"
LEAST = {"adam/define.html": 60, "adam/define.xml": 200, "adam/adrg.html": 0, "report/index.html": 5}
"""How many links a page has at least, so that a page of none is not passed over."""


def document(path: Path) -> etree._Element:
    """A page as a browser has it: define.xml by the stylesheet it names."""
    if path.suffix != ".xml":
        return html.document_fromstring(path.read_bytes())
    source = etree.parse(path)
    named = [each.text for each in source.xpath("/processing-instruction('xml-stylesheet')")]
    (sheet,) = [re.search('href="([^"]+)"', text)[1] for text in named]
    return etree.XSLT(etree.parse(path.parent / sheet))(source).getroot()


def addresses(root: etree._Element) -> list[str]:
    """All addresses of a page: what it links to and what it fetches."""
    found = root.xpath("//@href | //@src | //@xlink:href | //@action", namespaces={"xlink": XLINK[1:-5]})
    found += [address for style in root.xpath("//style/text() | //@style") for address in re.findall(r"url\(['\"]?([^'\")]+)", style)]
    return [str(address) for address in found if not str(address).startswith("data:")]


@pytest.fixture(scope="module", params=PAGES)
def page(request, submission):
    return request.param, submission.out / request.param


def test_every_link_leads_somewhere(page):
    name, path = page
    root = document(path)
    ids = {str(each) for each in root.xpath("//@id | //a/@name")}
    links = addresses(root)
    assert len(links) >= LEAST[name]
    assert [link for link in links if not leads(link, path, ids)] == []


def leads(link: str, path: Path, ids: set[str]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False  # a page of a submission fetches and needs nothing of the network
    if not parts.path:
        return unquote(parts.fragment) in ids
    return (path.parent / unquote(parts.path)).is_file()


def test_an_id_is_there_once(page):
    counts = Counter(str(each) for each in document(page[1]).xpath("//@id"))
    assert {name: count for name, count in counts.items() if count > 1} == {}


def test_files_that_define_names_are_beside_it(submission):
    path = submission.out / "adam" / "define.xml"
    root = etree.parse(path).getroot()
    leaves = {each.get("ID"): each.get(XLINK) for each in root.iter("{*}leaf")}
    assert sorted(leaves.values()) == ["adae.xpt", "adeff.xpt", "adrg.html", "adsl.xpt"]
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
