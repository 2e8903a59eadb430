"""The site of the documentation: its links lead somewhere, nothing is fetched from the network, and the navigation has every page."""

import json
import re
from pathlib import Path

import pytest

from docs.site import SiteError, build_site, linked, navigation, pages
from tests.submission.links import broken, document, repeated_ids

ROOT = Path(__file__).parents[1]
EXTERNAL = re.compile(r"(?:@import|url\()\s*['\"]?(?:https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("zensical")
    out = tmp_path_factory.mktemp("site") / "site"
    build_site(out)
    return out


def made(page: str) -> str:
    """The file of a page in the site."""
    return page.replace("README.md", "index.md").removesuffix(".md") + ".html"


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    """An address of the network counts as broken, too."""
    found = {path.relative_to(site).as_posix(): document(path) for path in site.rglob("*.html")}
    assert set(found) == {made(page) for page in pages()}
    wrong = {name: broken(site / name, root) + repeated_ids(root) for name, root in found.items()}
    assert {name: links for name, links in wrong.items() if links} == {}


def test_styles_fetch_nothing_from_the_network(site: Path) -> None:
    assert [path.name for path in site.rglob("*.css") if EXTERNAL.search(path.read_text(encoding="utf-8"))] == []


def test_the_search_works_from_disk(site: Path) -> None:
    """From a file browsers load no data and start no worker: the index is a script, and a script takes the place of the worker."""
    scripts = document(site / "docs" / "language.html").xpath("//script/@src")
    assert "./assets/iframe-worker.js" in scripts
    text = (site / "search.js").read_text(encoding="utf-8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert {item["location"].partition("#")[0] for item in index["items"]} == {made(page) for page in pages()}


def test_a_folder_with_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    with pytest.raises(SiteError, match="is not empty"):
        build_site(tmp_path)


def test_the_demo_must_be_an_output(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"has no report/index\.html\. Name the output of `adam demo`"):
        build_site(tmp_path / "site", tmp_path)


def test_every_page_of_docs_is_in_the_navigation(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    index = tmp_path / "docs" / "index.md"
    (tmp_path / "docs" / "new.md").write_text("# New\n")
    index.write_text("# Docs\n")
    with pytest.raises(SiteError, match=r"docs/index\.md does not link docs/new\.md"):
        navigation(tmp_path)
    index.write_text("# Docs\n\n**Guide**\n\n[new.md](new.md)\n")
    assert navigation(tmp_path)[2:] == [{"Guide": ["docs/new.md"]}]


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    """A code host lists the files of a folder; a site from disk does not."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "page.md").write_text("[specs](specs)\n")
    with pytest.raises(SiteError, match=r"page\.md: the link 'specs' leads to no file"):
        linked("page.md", tmp_path)


@pytest.mark.parametrize("page", pages())
def test_lists_and_tables_begin_after_an_empty_line(page: str) -> None:
    """Without it a code host shows a list or a table, and the site a paragraph."""
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for block in text.split("\n\n"):
        first, *others = block.strip("\n").splitlines() or [""]
        if not first.startswith("|"):
            assert [line for line in others if line.startswith("|")] == []
        if not re.match(r"[-*] |\d+\. ", first):
            assert [line for line in others if re.match(r"[-*] |\d+\. ", line)] == []
