"""Bytes as distinct pieces: those of each place in a record, and their numbers."""

import numpy as np

from adam.submission.distinct_pieces import distinct_pieces


def test_each_piece_of_a_record_has_its_own_distinct_bytes() -> None:
    """Three records of two pieces: a|xx, b|a, a|xx. The piece `a` is the first one of two records, and the second one of another."""
    found = distinct_pieces(b"axxbaaxx", np.array([0, 1, 3, 4, 5, 6, 8]), 3)
    assert [(pieces.to_pylist(), codes.tolist()) for pieces, codes in found] == [([b"a", b"b"], [0, 1, 0]), ([b"a", b"xx"], [1, 0, 1])]
