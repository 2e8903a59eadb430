"""Derivations along the records (LANGUAGE §6 C). `order` is the rank of each record, ties already broken."""

import numpy as np

from adam.catalog.derivation import Group
from adam.catalog.derivations.sequences import flag_first, flag_last, sequence_number

GROUP = Group(np.array([1, 0, 1, -1, 1, 0]), 3)
ORDER = np.array([4, 1, 2, 0, 3, 5])


def test_first_and_last_of_each_group_and_none_outside():
    assert flag_first(GROUP, ORDER).tolist() == ["", "Y", "Y", "", "", ""]
    assert flag_last(GROUP, ORDER).tolist() == ["Y", "", "", "", "", "Y"]


def test_numbers_count_within_the_group():
    np.testing.assert_equal(sequence_number(GROUP, ORDER).tolist(), [3, 1, 1, np.nan, 2, 2])


def test_a_single_record_is_first_and_last():
    one = Group(np.array([0]), 1)
    assert flag_first(one, np.array([0])).tolist() == flag_last(one, np.array([0])).tolist() == ["Y"]


def test_no_records():
    none = Group(np.array([], dtype="int64"), 0)
    order = np.array([], dtype="int64")
    assert flag_first(none, order).tolist() == flag_last(none, order).tolist() == []
    assert sequence_number(none, order).tolist() == []
