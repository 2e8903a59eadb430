"""The guides of the three studies: every section, every required text, each finding once, and no text in the notation of the specification."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from adam.core.errors import Finding, Severity
from adam.pipeline.planning import plan_with_source
from adam.planning.dataset_reads import dataset_reads
from adam.submission.document import Block, Heading, Paragraph, Picture, Table, plain_text, to_html, to_markdown
from adam.submission.guide.document import reviewers_guide
from adam.submission.guide.facts import SECTIONS, GuideFacts
from tests.submission.test_guide import rows, section, texts
from tests.submission.test_guide_markup import Tags

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SOURCES = {"true_ad": None, "cdiscpilot01": DATA / "cdiscpilot01" / "sdtm", "pharmaverse": DATA / "pharmaverse" / "sdtm"}
FINDINGS = [Finding("X-1", Severity.WARNING, "ADSL", "the first message", 2), Finding("X-2", Severity.NOTE, "ADSL", "the second message")]


@pytest.fixture(scope="module", params=SOURCES)
def blocks(request: pytest.FixtureRequest) -> list[Block]:
    source = SOURCES[request.param]
    if source is not None and not source.is_dir():
        pytest.skip("the public data are not here")
    plan, _ = plan_with_source(ROOT / "specs" / request.param, source)
    profiles = {name: SimpleNamespace(records=1) for name in plan.datasets}
    findings = [*FINDINGS, *(each for each in plan.warnings if each.id == "guide-text")]
    return reviewers_guide(GuideFacts(plan.study, plan.datasets, profiles, findings, reads=dataset_reads(plan)))


def test_every_section_is_there_and_has_content(blocks: list[Block]) -> None:
    assert [block.text for block in blocks if isinstance(block, Heading) and block.text in SECTIONS.values()] == list(SECTIONS.values())
    assert [key for key in SECTIONS if key != "datasets" and not section(blocks, key)] == []


def test_each_finding_once_and_no_required_text_is_missing(blocks: list[Block]) -> None:
    assert [row[0] for row in rows(section(blocks, "issues"))] == ["X-1", "X-2"]
    assert [to_markdown(blocks).count(each.message) for each in FINDINGS] == [1, 1]


def test_every_domain_and_dataset_that_is_read_is_in_the_picture(blocks: list[Block]) -> None:
    (picture,) = [block for block in blocks if isinstance(block, Picture)]
    shown = {name.strip(" ,") for box in picture.drawing.boxes for line in box.lines for name in line.split(",") if name.strip()}
    for row in rows(section(blocks, "data_dependencies"))[: len(rows(section(blocks, "overview")))]:
        assert {name for cell in row for name in cell.split(", ") if name} <= shown
    assert all(
        box.x >= 0 and box.x + box.width <= picture.drawing.width and box.y + box.height <= picture.drawing.height for box in picture.drawing.boxes
    )


def test_every_link_in_the_page_has_its_place_and_no_text_is_markup(blocks: list[Block]) -> None:
    page = Tags(to_html(blocks))
    assert page.open == []
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids


def test_conditions_are_in_words(blocks: list[Block]) -> None:
    """Only the appendix shows the notation of the specification, and findings quote it."""
    end = next(number for number, block in enumerate(blocks) if isinstance(block, Heading) and block.anchor == "conformance_summary")
    shown = [text for block in blocks[:end] for text in _texts(block)]
    assert [text for text in shown if re.search(r"==|!=|\(of:|STUDY\.|\bmissing\(", text)] == []


def _texts(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [plain_text(cell) for row in block.rows for cell in row]
    return [plain_text(block.text)] if isinstance(block, Heading | Paragraph) else []


def test_the_two_datasets_of_the_demonstration_that_read_each_other() -> None:
    plan, _ = plan_with_source(ROOT / "specs" / "true_ad")
    profiles = {name: SimpleNamespace(records=1) for name in plan.datasets}
    blocks = reviewers_guide(GuideFacts(plan.study, plan.datasets, profiles, reads=dataset_reads(plan)))
    found = section(blocks, "data_dependencies")
    assert [block.text for block in found if isinstance(block, Heading)] == ["ADSL and ADEFF read each other"]
    assert any("This is no circle: no variable depends on itself." in text for text in texts(found))
    explained = rows(found)[3:]
    assert [(row[0], row[2], row[3]) for row in explained[:1]] == [("ADSL", "ADEFF", "ABLFL, ANL01FL, AVAL, AVISITN, CHG")]
    assert set(explained[0][1].split(", ")) == {"IGABL", "EASIBL", "BSABL", "DLQIBL", "CDLQIBL", "NRSBL", "W8IGAFL", "NIGATSFL"}
    imputed = {row[0] for row in rows(section(blocks, "imputation"))}
    assert {"ADSL.DTHDT", "ADSL.LASTOPEN", "EX.STDT", "EX.LASTENDT", "MH.ONSDT", "ADAE.AENDT"} <= imputed
