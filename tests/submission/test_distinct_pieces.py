"""Bytes as distinct pieces: those of each place in a record, and their numbers."""

import numpy as np
import pytest

from adam.submission.distinct_pieces import distinct_pieces


def test_each_piece_of_a_record_has_its_own_distinct_bytes() -> None:
    """Three records of two pieces: a|xx, b|a, a|xx. The piece `a` is the first one of two records, and the second one of another."""
    found = distinct_pieces(b"axxbaaxx", np.array([0, 1, 3, 4, 5, 6, 8]), 3)
    assert [(pieces.to_pylist(), codes.tolist()) for pieces, codes in found] == [([b"a", b"b"], [0, 1, 0]), ([b"a", b"xx"], [1, 0, 1])]


def test_the_pieces_have_the_suggested_numbers() -> None:
    """The same records. The numbers 1, 0, 2 of the first piece have one piece each; those of the second piece have two pieces for 0, so that
    they have no effect."""
    found = distinct_pieces(b"axxbaaxx", np.array([0, 1, 3, 4, 5, 6, 8]), 3, [np.array([1, 0, 2]), np.array([0, 0, 1])])
    assert [(pieces.to_pylist(), codes.tolist()) for pieces, codes in found] == [([b"b", b"a", b"a"], [1, 0, 2]), ([b"a", b"xx"], [1, 0, 1])]


@pytest.mark.parametrize("numbers", [[0], [0, 0, 0, 0]])
def test_other_numbers_have_no_effect(numbers: list[int]) -> None:
    found = distinct_pieces(b"axxbaaxx", np.array([0, 1, 3, 4, 5, 6, 8]), 3, [np.array(numbers)])
    assert [codes.tolist() for _, codes in found] == [[0, 1, 0], [1, 0, 1]]
