"""Blocks of records: a block has as many records as its bytes allow."""

import pandas as pd
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
    frame = pd.DataFrame({"T": pd.Series(list("abcdefg"), dtype="str"), "N": [float(number) for number in range(7)]})
    found = list(blocks_of(frame, DATASET))
    assert [len(each) for each in found] == expected
    pd.testing.assert_frame_equal(pd.concat(found), frame)


def test_a_frame_without_records_has_no_block() -> None:
    assert list(blocks_of(pd.DataFrame({"T": pd.Series([], dtype="str"), "N": []}), DATASET)) == []
