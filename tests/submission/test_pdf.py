"""Documents as PDF: bookmarks, links that lead somewhere, wrapped cells, any letter of Latin and Greek, and the same bytes every time."""

import datetime
import io
import re
import subprocess
import sys

import pytest
from pypdf import PdfReader

from adam.submission.document import Block, Contents, Heading, Items, Link, Paragraph, Picture, Table
from adam.submission.drawing import Arrow, Box, Drawing, Point
from adam.submission.guide.document import reviewers_guide
from adam.submission.pdf.document import to_pdf
from adam.submission.pdf.styles import BODY
from adam.submission.pdf.tables import column_widths
from tests.submission.test_guide import facts

WHEN = datetime.datetime(2021, 1, 15, 9, 30)
PICTURE = Drawing(200, 40, [Box(0, 0, 60, 30, ("DM",)), Box(100, 0, 60, 30, ("ADX",), "#b")], [Arrow((Point(60, 15), Point(100, 15)))], "DM to ADX")
BLOCKS: list[Block] = [
    Heading("A guide: α ≥ β — é <b>&amp;", 1),
    Contents(),
    Heading("1 First", 2, "a"),
    Paragraph(("See ", Link("define.xml", "define.xml"), " and ", Link("the second part", "#b"), ".")),
    Items(["one <i>", ("two ", Link("adx.xpt", "split/adx.xpt"))]),
    Picture(PICTURE, "A picture."),
    Heading("1.1 Below", 3, "below"),
    Heading("2 Second", 2, "b"),
]


def read(blocks: list[Block]) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(blocks, WHEN)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def outline(reader: PdfReader, entries: list | None = None, depth: int = 0) -> list[tuple[int, str, int]]:
    """The bookmarks: depth, text, number of the page."""
    found = []
    for entry in reader.outline if entries is None else entries:
        if isinstance(entry, list):
            found += outline(reader, entry, depth + 1)
        else:
            found.append((depth, entry.title, reader.get_destination_page_number(entry)))
    return found


def flat(entries: list) -> list:
    return [each for entry in entries for each in (flat(entry) if isinstance(entry, list) else [entry])]


def links(reader: PdfReader) -> tuple[list[str], list[str]]:
    """The addresses outside the file, and the bookmark that each link inside it leads to."""
    marks = [mark.get_object() for page in reader.pages for mark in page.get("/Annots", [])]
    places = {(each.page.idnum, float(each.top)): each.title for each in flat(reader.outline)}
    inside = [each["/Dest"] for each in marks if "/Dest" in each]
    return [str(each["/A"]["/URI"]) for each in marks if "/A" in each], [places[place[0].idnum, float(place[3])] for place in inside]


def test_headings_are_bookmarks() -> None:
    assert outline(read(BLOCKS)) == [(0, "A guide: α ≥ β — é <b>&amp;", 0), (1, "1 First", 0), (2, "1.1 Below", 0), (1, "2 Second", 0)]


def test_links_lead_to_files_and_to_places_that_exist() -> None:
    reader = read(BLOCKS)
    outside, inside = links(reader)
    assert outside == ["define.xml", "split/adx.xpt"]
    assert inside == ["1 First", "1.1 Below", "2 Second", "2 Second", "2 Second"]  # the contents, the paragraph, the picture


def test_texts_are_shown_as_they_are() -> None:
    text = text_of(read(BLOCKS))
    assert "A guide: α ≥ β — é <b>&amp;" in text
    assert "one <i>" in text


def test_a_letter_that_the_font_does_not_have_is_shown_by_its_code() -> None:
    text = text_of(read([Heading("T 日", 1), Paragraph("é 日 ≥"), Table(("A",), [["本"], ["語" * 50]])]))
    assert "é U+65E5 ≥" in text
    assert "U+672C" in text
    assert not {"日", "本", "語"} & set(text)


def test_the_creation_time_is_that_of_the_run() -> None:
    about = read(BLOCKS).metadata
    assert about is not None
    assert (about.title, about.get("/CreationDate"), about.get("/ModDate")) == (
        "A guide: α ≥ β — é <b>&amp;",
        "D:20210115093000Z",
        "D:20210115093000Z",
    )


def test_the_contents_and_the_footer_have_page_numbers() -> None:
    blocks = [*BLOCKS, Table(("A",), [[str(number)] for number in range(120)]), Heading("3 Third", 2, "c")]
    reader = read(blocks)
    assert outline(reader)[-1] == (1, "3 Third", len(reader.pages) - 1)
    page = reader.pages[0]["/Resources"]["/XObject"]
    numbers = {name: re.findall(rb"\((.)\) Tj", form.get_object().get_data()) for name, form in page.items()}
    assert len(numbers) == 5  # four entries of the contents, and the number of pages
    assert all(len(each) == 1 for each in numbers.values())


def test_long_cells_break_over_pages_and_long_names_in_a_cell() -> None:
    name = "X" * 300
    reader = read([Heading("T", 1), Table(("Name", "Text"), [[name, "word " * 3000], ["short", Link("l", "l.xpt")]])])
    assert len(reader.pages) > 2
    text = text_of(reader)
    assert (text.count("word"), text.count("X")) == (3000, 300)
    assert text.count("Name") == len(reader.pages)  # the names of the columns are on every page


def test_a_table_without_rows_shows_its_text() -> None:
    assert "Nothing." in text_of(read([Heading("T", 1), Table(("A",), [], "Nothing.")]))


@pytest.mark.parametrize("columns", [1, 3, 7, 14])
def test_columns_fill_the_width_of_the_page(columns: int) -> None:
    texts = [[f"COLUMN{number}" for number in range(columns)], [f"{'word ' * (number % 4 * 20)}x" for number in range(columns)]]
    assert sum(column_widths(texts)) == pytest.approx(BODY)


def test_the_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib, tests.submission.test_pdf as t; from adam.submission.pdf.document import to_pdf; "
        "print(hashlib.sha256(to_pdf(t.BLOCKS, t.WHEN)).hexdigest())"
    )
    found = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(found) == 1
    assert to_pdf(BLOCKS, WHEN) == to_pdf(BLOCKS, WHEN)


def test_the_whole_guide_has_a_bookmark_for_each_heading_and_no_dead_link() -> None:
    blocks = reviewers_guide(facts())
    reader = read(blocks)
    assert [text for _, text, _ in outline(reader)] == [block.text for block in blocks if isinstance(block, Heading)]
    outside, inside = links(reader)
    assert {block.text for block in blocks if isinstance(block, Heading) and block.level in (2, 3)} == set(inside)
    pages = {"define.html", "define.html#IG.ADX", "define.html#IG.ADY", "define.html#IT.ADY.AVAL"}
    assert set(outside) == pages | {"define.xml", "../programs/formats.sas", "../programs/table-1.r"}
