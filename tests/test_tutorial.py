"""The tutorial and the guide are run as a reader runs them, and print what they show."""

from pathlib import Path

import pytest

from tests.executed_pages import GUIDE, TUTORIAL, blocks, current

WRITE = "The page shows other output than the commands print. Write the current output: python -m tests.executed_pages"


PAGES = [TUTORIAL, *(pytest.param(page, marks=pytest.mark.slow) for page in GUIDE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_prints_what_it_shows(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == current(page), WRITE


def test_the_tutorial_exports_both_datasets() -> None:
    printed = [block.text for block in blocks(TUTORIAL.read_text(encoding="utf-8")) if block.language == "text"]
    assert any("ADSL (4 records), ADAE (4 records)" in text and text.endswith("\n0\n") for text in printed)
