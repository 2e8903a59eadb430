"""The reviewer's guide has the content of the specification and the findings, and no text in it is markup."""

from html.parser import HTMLParser

import pytest

from adam.core.errors import Finding, Severity
from adam.planning.values import ResolvedDataset, ResolvedSource, ResolvedStudy, Waiver
from adam.submission.document import Heading, Paragraph, Table, to_html, to_markdown
from adam.submission.guide.document import reviewers_guide
from tests.submission.example_datasets import DATASETS, PROFILES, STUDY, variable

FINDINGS = [
    Finding("W-1", Severity.WARNING, "ADY", "a | b <script>", 3, variable="AVAL"),
    Finding("L-07", Severity.ERROR, "ADX", "the end is before the start", 1, waived="Confirmed by the site"),
]


def full(study: ResolvedStudy) -> ResolvedStudy:
    more = {
        "ids": ("S1A", "S1B"),
        "as_of": None,
        "treatments": {"Vehicle": 1.0},
        "periods": {1: "First"},
        "phases": {},
        "files": (("study.yaml", None), ("adamig/classes.yaml", None)),
        "constants": {"SITES": ("1", "2"), "ARM": {"A": "Active"}},
        "sources": {"EX": ResolvedSource(name="EX", variables={"STDT": variable("STDT", "", method="date(EXSTDTC)")})},
        "waivers": (Waiver(check="L-07", reason="Confirmed by the site", keys={"USUBJID": "S-1-01"}),),
    }
    return study.model_copy(update=more)


def tables(datasets: dict[str, ResolvedDataset] = DATASETS, findings: list[Finding] = FINDINGS) -> dict[tuple[str, ...], list]:
    blocks = reviewers_guide(full(STUDY), datasets, PROFILES, findings)
    return {block.columns: list(block.rows) for block in blocks if isinstance(block, Table)}


def test_the_dependencies_of_datasets() -> None:
    assert tables()["Dataset", "Source domains", "Analysis datasets"] == [["ADX", "DM", ""], ["ADY", "QS", "ADX"]]


def test_datasets_and_their_parameters() -> None:
    found = tables()
    rows = found["Dataset", "Label", "Class", "Structure", "Key", "Records", "Variables"]
    assert rows[1] == [("ADY", "ady.xpt"), "Values", *[DATASETS["ADY"].class_, DATASETS["ADY"].structure], "USUBJID, PARAMCD, AVISITN", "2", "6"]
    assert found["PARAMCD", "Parameter", "Values"] == [["A", "Parameter A", "QS.QSSTRESN"], ["B", "Parameter B", "the mean of A"]]
    assert found["Visit", "Number", "Target day", "First day", "Last day", "Condition"][1] == ["Week 2", "2", "", "", "", ""]


def test_populations_and_imputation() -> None:
    flag = variable("SAFFL", "Safety Population Flag", method="flag_yn (when: TRTSDT)")
    adx = DATASETS["ADX"].model_copy(update={"variables": {**DATASETS["ADX"].variables, "SAFFL": flag}})
    parameters = {code: each.model_copy(update={"added_records": ("The last value.",)}) for code, each in DATASETS["ADY"].parameters.items()}
    found = tables({"ADX": adx, "ADY": DATASETS["ADY"].model_copy(update={"parameters": parameters})})
    assert found["Flag", "Population", "Definition"] == [["SAFFL", "Safety Population Flag", "flag_yn (when: TRTSDT)"]]
    assert found["Variable", "Rule"] == [
        ["ADX.TRTSDT", "The date of EXSTDTC, imputed."],
        ["ADY A, B", "The last value."],
    ]


def test_findings_have_their_explanations_errors_first() -> None:
    found = tables()
    assert found["Check", "Severity", "Dataset or variable", "Finding", "Records", "Explanation"] == [
        ["L-07", "error", "ADX", "the end is before the start", "1", "Confirmed by the site"],
        ["W-1", "warning", "ADY.AVAL", "a | b <script>", "3", ""],
    ]
    assert found["Check", "Records", "Reason"] == [["L-07", "USUBJID=S-1-01", "Confirmed by the site"]]


def test_values_and_constants_that_methods_name() -> None:
    adx = DATASETS["ADX"].model_copy(update={"temporary": {"LAST": variable("LAST", "", method="last (of: EX.STDT)")}})
    found = tables({"ADX": adx, "ADY": DATASETS["ADY"]})
    assert found["Value", "Definition"] == [["ADX.LAST", "last (of: EX.STDT)"], ["EX.STDT", "date(EXSTDTC)"]]
    assert found["Constant", "Value"] == [["SITES", "1, 2"], ["ARM", "A: Active"]]


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_no_text_of_the_study_is_markup() -> None:
    blocks = reviewers_guide(full(STUDY), DATASETS, PROFILES, FINDINGS)
    page = Tags(to_html(blocks))
    assert page.open == []
    assert "script" not in page.seen
    text = to_markdown(blocks)
    assert r"a \| b \<script\>" in text
    assert "[ADY](ady.xpt)" in text


@pytest.mark.parametrize("show", [to_markdown, to_html])
def test_a_table_without_rows_has_a_text(show: object) -> None:
    assert callable(show)
    assert "Nothing was found." in show([Heading("T", 1), Paragraph("p"), Table(("A",), [], "Nothing was found.")])
