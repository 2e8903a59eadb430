"""Odd values that DOMAIN §11 makes lawful: put into the built study, they fail no more records of the rule that could refuse them."""

import pytest

from tests.validation.breaking import Broken, Built, Mutation

LAWFUL = {
    "L-13: exposure after the cut-off does not count as a contact (34, 61)": [
        Mutation("L-13", "ADSL", 'SAFFL == "Y" and missing(DTHDT) and missing(EOSDT)', {"TRTEDT": "STUDY.CUTOFF + 5"}),
    ],
    "L-13: the last day of an exposure end without a day is no contact (4, 34)": [
        Mutation("L-13", "ADSL", 'SAFFL == "Y" and missing(DTHDT) and missing(EOSDT)', {"TRTEDT": "LSTALVDT + 1", "TRTEDTF": "D"}),
    ],
    "L-13: nor is it before a death whose day is not known": [
        Mutation("L-13", "ADSL", 'DTHDTF != "" and TRTEDT < DTHDT', {"TRTEDT": "DTHDT + 1", "TRTEDTF": "D"}),
    ],
    "L-13: a death without a year has no date (35)": [
        Mutation("L-13", "ADSL", 'DTHFL == "Y"', {"DTHDT": "missing", "DTHDTF": ""}, every=True),
        Mutation("L-13", "DM", 'DTHFL == "Y"', {"DTHDTC": "--03-15"}, every=True),
    ],
    "A-04: a start after an end before the first dose is told by A-02 alone (25)": [
        Mutation("A-04", "ADAE", 'TRTEMFL == "Y" and ASTDT > TRTSDT', {"AENDT": "TRTSDT - 5", "TRTEMFL": ""}),
    ],
}


@pytest.mark.parametrize("case", LAWFUL)
def test_a_lawful_value_is_not_refused(built: Built, case: str) -> None:
    rule = LAWFUL[case][0].rule
    before = [count for _, _, count in Broken(built).answers(lambda each: each.id == rule)]
    broken = Broken(built)
    for mutation in LAWFUL[case]:
        broken.mutate(mutation)
    broken.touched |= set(built.datasets)  # all of them, in the same order
    assert [count for _, _, count in broken.answers(lambda each: each.id == rule)] == before
