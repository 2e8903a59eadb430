"""The page has every finding and result, escapes all values, loads no other file, and is the same each time."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from lxml import html as lxml_html

from adam.core.errors import Severity
from adam.report.page import group_findings, report_page
from tests.report.example_run import FINDINGS, FRAMES, NASTY, RESULTS, STUDY, run
from tests.stored import stored

VOID = {"meta", "link", "br", "wbr"}


class Tree(HTMLParser):
    """The elements that were opened, each closed where it must be; what a browser would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.seen, self.fetched, self.ids, self.texts = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.seen.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        references = [given[name] for name in ("src", "href", "xlink:href", "data", "action", "poster", "srcset") if given.get(name)]
        self.fetched += [reference for reference in references if not reference.startswith(("#", "data:"))]
        self.fetched += re.findall(r"url\((?!#)[^)]*\)", " ".join(value or "" for value in given.values()))
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        assert tag in VOID or self.open.pop() == tag

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def text() -> str:
    return report_page(run())


@pytest.fixture(scope="module")
def tree(text: str) -> Tree:
    return Tree(text)


@pytest.fixture(scope="module")
def shown(tree: Tree) -> str:
    return " ".join(" ".join(tree.texts).split())


def test_each_finding_is_shown_completely(shown: str) -> None:
    for finding in FINDINGS:
        assert f"{finding.id} {finding.dataset}" in shown
        assert " ".join(finding.message.split()) in shown
        assert " ".join(finding.waived.split()) in shown
    assert all(f"USUBJID= U-{number}" in shown for number in range(10))
    assert "study/adx.yaml:7" in shown
    assert "/home/me" not in shown


def test_findings_are_grouped_by_severity() -> None:
    assert {heading: [each.id for each in listed] for heading, listed in group_findings(FINDINGS).items()} == {
        "Errors": ["L-01"],
        "Warnings": ["L-02"],
        "Notes": ["E-18"],
        "Explained": ["G-06"],
    }
    assert list(group_findings(())) == ["Errors", "Warnings", "Notes"]
    assert {each.severity for each in group_findings(FINDINGS)["Explained"]} == {Severity.ERROR}


def test_each_result_is_shown_with_the_published_number(text: str, shown: str) -> None:
    found = lxml_html.fromstring(text)
    rows = {
        row.findtext("th"): [" ".join(cell.text_content().split()) for cell in row.iter("td")]
        for row in found.findall(".//table[@class='results']//tbody/tr")
    }
    assert rows["share at Week 2 (%)"] == ["0 0/1", "0 ✓", "50.0 1/2", "49.9 differs", "33.3 1/3", ""]
    assert rows["oldest"] == ["50 n=3", "50 ✓"]
    assert all(f"({name}, results.yaml:3)" in shown for name in RESULTS)
    assert "2/3 published numbers reproduced" in shown
    captions = [" ".join(each.text_content().split()) for each in found.iter("figcaption")]
    assert captions[:3] == ["Percent by Planned Treatment", " ".join(NASTY.split()), "terms"]


def test_no_value_is_markup(text: str, tree: Tree) -> None:
    assert "script" not in tree.seen
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 6


def test_it_parses_as_html_with_ids_met_once(tree: Tree, shown: str) -> None:
    assert tree.open == []
    assert len(tree.ids) == len(set(tree.ids))
    assert {"h1", "h2", "h3", "th", "svg", "figure", "figcaption", "main", "nav"} <= set(tree.seen)
    assert "S-1: report of the run" in shown


def test_nothing_is_fetched(text: str, tree: Tree) -> None:
    links = {each.partition("#")[0] for each in tree.fetched}  # of the other files of its folder, for a reader to follow
    assert links == {"lineage.html", "records.html", "findings.json", "findings.csv", "records.csv"}
    assert set(re.findall(r"https?://[^\s\"'<>)]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []
    assert "default-src 'none'" in text


def test_each_picture_and_table_has_a_name(text: str) -> None:
    found = lxml_html.fromstring(text)
    assert all(each.get("aria-label") for each in found.iter("svg"))
    assert all(each.get("scope") for each in found.iter("th"))
    assert all(each.get("aria-label") for each in found.iter("div") if each.get("role") == "region")


def test_the_same_run_gives_the_same_bytes_in_another_process_too(text: str) -> None:
    imports = "import sys; from adam.report.page import report_page; from tests.report.example_run import run"
    code = f"{imports}; sys.stdout.buffer.write(report_page(run()).encode())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"}, cwd=".")
    assert report_page(run()) == text
    assert other.stdout.decode() == text


def test_the_outcome_of_the_run(shown: str) -> None:
    assert "Not exported. 1 error stopped the export" in shown
    good = report_page(run(findings=FINDINGS[1:], exported=True))
    assert "<b>Exported.</b>" in good
    assert "Not exported" not in good


def test_a_run_without_findings_and_results() -> None:
    study = STUDY.model_copy(update={"results": {}, "treatments": {}, "datasets": {}})
    empty = report_page(run(study=study, records={}, findings=(), results=(), exported=True))
    assert "There are no findings." in empty
    assert 'id="results"' not in empty
    assert 'id="subjects"' not in empty
    assert Tree(empty).open == []


@pytest.mark.parametrize("parts", [2, 5])
def test_the_cut_into_parts_does_not_show(parts: int) -> None:
    assert report_page(run(records=stored(FRAMES, parts))) == report_page(run())
