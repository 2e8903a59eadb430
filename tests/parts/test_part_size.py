"""A small study is one part; a large one has parts that suit the memory, and the same work for each process."""

from types import SimpleNamespace

import pytest

from adam.pipeline.part_size import LARGE, part_size
from adam.pipeline.run import RunOptions


def size(subjects: int, records: int, variables: int = 10, whole: bool = False, **options: object) -> int | None:
    """The part size of a study with these records of one domain, of which some variables are read."""
    source = SimpleNamespace(headers={"DM": None, "LB": None}, estimated_records={"DM": subjects, "LB": records}.__getitem__)
    plan = SimpleNamespace(of_whole_study=("adlb.yaml:3:1",) if whole else ())
    return part_size(plan, source, {"DM": {"USUBJID"}, "LB": set(range(variables))}, RunOptions(**options))


@pytest.mark.parametrize(
    ("study", "options", "expected"),
    [
        ((100, 10_000), {}, None),  # 100,100 values
        ((100, 10_000), {"jobs": 8}, None),  # starting processes takes longer
        ((100, 300_000), {"jobs": 4}, 25),  # 3,000,100 values
        ((100, 10_000), {"part_size": 30}, 30),
        ((100, 10_000), {"part_size": 100}, None),
        ((10_000, 5 * LARGE // 10 - 1_000), {}, 2_000),  # 5 × LARGE values
        ((10_000, 5 * LARGE // 10 - 1_000), {"jobs": 2}, 1_667),  # six parts, three for each process
        ((100, 300_000, 10, True), {"jobs": 4, "part_size": 5}, None),
    ],
)
def test_the_size_of_a_part(study: tuple, options: dict, expected: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 4_000_000}.__getitem__)
    assert size(*study, **options) == expected


def test_small_memory_makes_smaller_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One gigabyte for two processes and this one: 3,333,333 values of 100 bytes in a part, so three parts, and a fourth for the second process."""
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 1, "SC_PHYS_PAGES": 1_000_000_000}.__getitem__)
    assert size(10_000, 999_000, jobs=2) == 2_500
