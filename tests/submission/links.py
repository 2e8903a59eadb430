"""The links of a page: each must lead to an id of a page or to a file of the folder."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdf
from lxml import etree, html

OFFICIAL = Path(__file__).parent / "cdisc" / "define2-1.xsl"
"""The stylesheet of CDISC, which reviewers use instead of ours."""
XLINK = "http://www.w3.org/1999/xlink"
SCRIPT = "javascript:"
"""The official stylesheet has buttons with scripts; ours has none."""


def document(path: Path, sheet: Path | None = None) -> etree._Element:
    """A page as a browser has it: define.xml by a stylesheet, by default the one it names."""
    if path.suffix != ".xml":
        return html.document_fromstring(path.read_bytes())
    source = etree.parse(path)
    if sheet is None:
        (named,) = [each.text for each in source.xpath("/processing-instruction('xml-stylesheet')")]
        sheet = path.parent / re.search('href="([^"]+)"', named)[1]
    return html.document_fromstring(str(etree.XSLT(etree.parse(sheet))(source)))


def addresses(root: etree._Element) -> list[str]:
    """All addresses of a page: what it links to and what it fetches."""
    found = [str(each) for each in root.xpath("//@href | //@src | //@xlink:href | //@action", namespaces={"xlink": XLINK})]
    found += [each for style in root.xpath("//style/text() | //@style") for each in re.findall(r"url\(['\"]?([^'\")]+)", style)]
    return [each for each in found if not each.startswith(("data:", SCRIPT))]


def broken(path: Path, root: etree._Element) -> list[str]:
    """The addresses of a page that lead nowhere; `path` is where the page is."""
    return broken_addresses(path, addresses(root), ids(root))


def broken_addresses(path: Path, found: list[str], here: set[str]) -> list[str]:
    """Which addresses lead nowhere from a file that has some ids."""
    return sorted({each for each in found if not _leads(each, path, here)})


def pdf_addresses(path: Path) -> list[str]:
    """The files that a PDF links to."""
    actions = [note.get_object().get("/A", {}) for page in pypdf.PdfReader(path).pages for note in page.get("/Annots", [])]
    return [str(action["/URI"]) for action in actions if "/URI" in action]


def ids(root: etree._Element) -> set[str]:
    """The ids of a page."""
    return {str(each) for each in root.xpath("//@id | //a/@name")}


def repeated_ids(root: etree._Element) -> list[str]:
    """The ids that a page has more than once."""
    return [name for name, count in Counter(str(each) for each in root.xpath("//@id")).items() if count > 1]


def _leads(address: str, path: Path, here: set[str]) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False  # a page of a submission fetches and needs nothing of the network
    if not parts.path:
        return unquote(parts.fragment) in here
    file = path.parent / unquote(parts.path)
    if not file.is_file():
        return False
    return not parts.fragment or file.suffix != ".html" or unquote(parts.fragment) in ids(document(file))
