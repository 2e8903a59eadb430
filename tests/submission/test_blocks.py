"""Blocks of records: a block has as many records as its bytes allow."""

import pytest

from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import blocks
from adam.submission.blocks import blocks_of

VARIABLES = {"T": ResolvedVariable(name="T", label="T", type="text", length=12), "N": ResolvedVariable(name="N", label="N", type="float")}
DATASET = ResolvedDataset(name="ADX", class_="X", label="X", key=("T",), variables=VARIABLES)


@pytest.mark.parametrize(("most", "size", "expected"), [(4, 1000, [4, 3]), (4, 60, [3, 3, 1]), (4, 19, [1] * 7), (9, 1000, [7])])
def test_the_records_of_a_frame_in_blocks(monkeypatch: pytest.MonkeyPatch, most: int, size: int, expected: list[int]) -> None:
    """A record has 20 bytes: 12 of text, 8 of a number."""
    monkeypatch.setattr(blocks, "BLOCK", most)
    monkeypatch.setattr(blocks, "BYTES", size)
    found = list(blocks_of(7, DATASET))
    assert [each.stop - each.start for each in found] == expected
    assert [place for each in found for place in range(7)[each]] == list(range(7))


def test_no_records_have_no_block() -> None:
    assert list(blocks_of(0, DATASET)) == []
