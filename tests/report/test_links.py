"""The report links each finding to its records, each variable to its metadata, each place to its file."""

import pytest
from lxml import html as lxml_html

from adam.report.page import report_page
from adam.report.records import records_page
from tests.report.example_run import FINDINGS, NASTY, run


def addresses(text: str) -> dict[str, str]:
    """The addresses of a page by the text of their links."""
    return {" ".join(each.text_content().split()): each.get("href") for each in lxml_html.fromstring(text).iter("a")}


@pytest.fixture(scope="module")
def records() -> lxml_html.HtmlElement:
    return lxml_html.fromstring(records_page(run()))


def test_a_finding_links_to_its_records_and_back(records: lxml_html.HtmlElement) -> None:
    report = lxml_html.fromstring(report_page(run()))
    # L-01 is the first finding, with 12 records of which it stores 10; L-02 is the second, with one; the others name no record
    linked = [each.get("href") for each in report.iter("a") if each.get("href").startswith("records.html#")]
    assert linked == ["records.html#finding-1", "records.html#finding-2"]
    assert [each.get("id") for each in records.iter("h2")] == ["finding-1", "finding-2"]
    assert {each.get("id") for each in report.iter("tr")} - {None} == {f"finding-{number}" for number in range(1, 5)}
    back = [each.get("href") for each in records.iter("a") if each.get("href").startswith("index.html#")]
    assert back == ["index.html#finding-1", "index.html#finding-2"]


def test_the_page_has_every_stored_record(records: lxml_html.HtmlElement) -> None:
    first, second = records.iter("table")
    assert [row.text_content() for row in first.iter("td")] == [f"U-{number}" for number in range(10)]
    assert [row.text_content() for row in second.iter("td")] == [NASTY]
    assert "The first 10 of 12 records." in records.text_content()
    assert "<script" not in records_page(run())


def test_more_than_ten_records_are_linked_in_words() -> None:
    many = FINDINGS[0].__class__("L-03", FINDINGS[0].severity, "ADX", "many", 11, tuple({"USUBJID": str(number)} for number in range(11)))
    assert addresses(report_page(run(findings=(many,))))["All 11 records"] == "records.html#finding-1"


def test_variables_link_to_define_if_it_exists_and_otherwise_to_the_lineage() -> None:
    exported, rejected = addresses(report_page(run(exported=True))), addresses(report_page(run()))
    assert exported["AGE"] == "../adam/define.html#IT.ADX.AGE"
    assert rejected["AGE"] == "lineage.html#ADX.AGE"
    assert exported["study/adx.yaml:7"] == "../specs/study/adx.yaml"
    assert "study/adx.yaml:7" not in rejected


def test_a_run_without_documents_links_to_none_of_them() -> None:
    links = addresses(report_page(run(exported=True, documents=False)))
    assert links["AGE"] == "lineage.html#ADX.AGE"
    assert links["study/adx.yaml:7"] == "../specs/study/adx.yaml"
    assert not any(address.startswith("../adam/") for address in links.values())


def test_a_run_without_findings_has_a_page_without_records() -> None:
    assert "No finding names a record." in records_page(run(findings=()))
    assert "records.html" not in report_page(run(findings=()))


def test_a_population_shows_the_size_of_its_group() -> None:
    # ADX: two subjects on Active, both with SAFFL = Y; one on Placebo with N; one of neither, with Y
    bars = next(
        each for each in lxml_html.fromstring(report_page(run())).iter("svg") if each.get("aria-label").startswith("Subjects in each population")
    )
    assert [each for each in ("".join(text.itertext()).strip() for text in bars.iter("text")) if " of " in each] == ["0 of 1", "2 of 2", "1 of 1"]
