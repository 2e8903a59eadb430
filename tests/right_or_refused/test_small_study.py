"""The study itself is right, so that what a test sees comes from what the test changed."""

from pathlib import Path

from tests.right_or_refused.small_study import small_study


def test_the_study_as_it_is_builds_without_a_finding(tmp_path: Path) -> None:
    ran = small_study(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "USUBJID", "AGE") == [("S1-1", 34), ("S1-2", 65)]
    assert ran.findings() == []
