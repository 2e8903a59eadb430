"""docs/true_ad/subjects.md is what the simulation gives."""

from pathlib import Path

import pytest

from tests.simulation.simulated import SPECS
from tests.simulation.timeline import page, timeline

DOCS = Path(__file__).parents[2] / "docs" / "true_ad" / "subjects.md"


def test_the_page_is_current():
    assert DOCS.read_text() == page(SPECS), "run: python -m tests.simulation.timeline specs/true_ad > docs/true_ad/subjects.md"


def test_a_timeline_is_in_order_and_begins_with_consent(drawn):
    lines = timeline(drawn, drawn["DM"]["USUBJID"].iloc[0]).splitlines()[2:]
    dates = [line.split(" | ")[1] for line in lines]
    assert dates == sorted(dates)
    assert "Informed consent" in lines[0]


@pytest.mark.parametrize("place", [0, 500, 1200])
def test_a_timeline_of_anyone(drawn, place):
    text = timeline(drawn, drawn["DM"]["USUBJID"].iloc[place])
    assert "Day 1: IGA" in text and "Randomized" in text
