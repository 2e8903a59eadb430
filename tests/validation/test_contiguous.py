"""The check `contiguous`: intervals of a subject without a gap and without an overlap."""

import pytest

from adam.expressions.parse import parse
from tests.validation.conforming import package
from validation.check import CHECKS
from validation.delivery import DeliveredDataset
from validation.sentences import sentence

CONTIGUOUS = CHECKS["contiguous"]
RECORDS = DeliveredDataset(
    package(
        "BDS",
        {
            "USUBJID": ["1", "1", "1", "1", "2", "2", "3"],
            "PARAMCD": ["A", "A", "A", "B", "A", "A", "A"],
            "ASTDT": ["2024-01-01", "2024-01-08", "2024-01-20", "2024-01-05", "2024-02-05", "2024-02-01", ""],
            "AENDT": ["2024-01-07", "2024-01-14", "2024-01-25", "2024-01-06", "2024-02-10", "2024-02-05", "2024-03-01"],
            "DAY": [1, 3, 5, 9, 2, 1, 7],
            "LAST": [2, 4, 8, 9, 2, 1, 7],
        },
    ),
    "ADEFF",
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"start": "ASTDT", "end": "AENDT", "within": ["PARAMCD"]}, [2, 4]),  # a gap, and an overlap of one day
        ({"start": "ASTDT", "end": "AENDT"}, [2, 3, 4]),
        ({"start": "ASTDT", "end": "AENDT", "within": ["PARAMCD"], "where": 'USUBJID == "2"'}, [4]),
        ({"start": "DAY", "end": "LAST", "within": ["PARAMCD"]}, []),
    ],
)
def test_a_gap_and_an_overlap_fail(arguments: dict[str, object], expected: list[int]) -> None:
    failures = CONTIGUOUS.failures(RECORDS, CONTIGUOUS.model.model_validate(arguments))
    assert [int(row) for failure in failures if failure.mask is not None for row in failure.mask.nonzero()[0]] == expected


def test_the_finding_is_a_sentence() -> None:
    arguments = CONTIGUOUS.model(start="ASTDT", end="AENDT", within=["PARAMCD"], where=parse('DTYPE == ""'))
    assert sentence(CONTIGUOUS, arguments) == (
        "Expected each interval from ASTDT to AENDT of a subject to begin the day after the previous one ends within PARAMCD where DTYPE is blank"
    )
