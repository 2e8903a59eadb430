"""What the terminal shows of findings."""

import click

from adam.core.errors import Finding, Severity
from validation.report import listing

FINDINGS = [
    Finding("G-01", Severity.WARNING, "ADSL", "one"),
    Finding("G-02", Severity.NOTE, "ADAE", "two"),
    Finding("G-03", Severity.ERROR, "ADAE", "three"),
    Finding("G-04", Severity.WARNING, "ADAE", "four"),
    Finding("G-05", Severity.WARNING, "ADSL", "five"),
]


def test_errors_come_first_and_a_dataset_stays_together() -> None:
    assert click.unstyle(listing(FINDINGS)).splitlines() == [
        "error: G-03 ADAE: three",
        "warning: G-01 ADSL: one",
        "warning: G-05 ADSL: five",
        "warning: G-04 ADAE: four",
        "note: G-02 ADAE: two",
        "1 error, 3 warnings, 1 note",
    ]


def test_a_severity_has_its_colour() -> None:
    assert listing(FINDINGS).startswith(click.style("error", fg="red", bold=True) + ": G-03")


def test_nothing_found() -> None:
    assert listing([]) == "no findings"


def test_verbose_shows_the_first_ten_records_of_a_finding_that_has_several() -> None:
    keys = tuple({"USUBJID": f"S-{number}"} for number in range(1, 13))
    values = ({"SEX": "X\n"}, *({"SEX": "Y"} for _ in range(11)))
    found = [Finding("G-06", Severity.NOTE, "ADSL", "many", 12, keys, values=values), Finding("G-07", Severity.NOTE, "ADSL", "one", 1, keys[:1])]
    assert click.unstyle(listing(found, verbose=True)).splitlines() == [
        "note: G-06 ADSL: many; 12 records; first: USUBJID=S-1 with SEX=X\\u000a",
        "    USUBJID=S-1 with SEX=X\\u000a",
        *(f"    USUBJID=S-{number} with SEX=Y" for number in range(2, 11)),
        "note: G-07 ADSL: one; 1 record; first: USUBJID=S-1",
        "2 notes",
    ]
    assert len(listing(found).splitlines()) == 3
