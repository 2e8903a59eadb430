"""The reviewer's guide as a page and as Markdown: no text of the study is markup, every link has its place."""

from html.parser import HTMLParser

import pytest

from adam.submission.document import Heading, Paragraph, Table, to_html, to_markdown
from adam.submission.guide.document import reviewers_guide
from tests.submission.test_guide import facts


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        self.links |= {value or "" for name, value in attrs if name == "href"}
        if tag not in ("meta", "rect", "polyline", "polygon"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_no_text_of_the_study_is_markup() -> None:
    blocks = reviewers_guide(facts())
    page = Tags(to_html(blocks))
    assert page.open == []
    assert "script" not in page.seen
    text = to_markdown(blocks)
    assert r"a \| b \<script\>" in text
    assert "File: adx.xpt." in text


def test_every_link_inside_the_page_has_its_place() -> None:
    page = Tags(to_html(reviewers_guide(facts())))
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert {link for link in page.links if not link.startswith("#")} == {
        "define.xml",
        "define.html",
        "define.html#IG.ADX",
        "define.html#IG.ADY",
        "define.html#IT.ADY.AVAL",
        "../programs/formats.sas",
        "../programs/table-1.r",
    }


@pytest.mark.parametrize("show", [to_markdown, to_html])
def test_a_table_without_rows_has_a_text(show: object) -> None:
    assert callable(show)
    assert "Nothing was found." in show([Heading("T", 1), Paragraph("p"), Table(("A",), [], "Nothing was found.")])
