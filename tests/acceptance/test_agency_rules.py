"""The findings on what agencies ask of files: each is found, and the good beside it is left alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adam.core.errors import Severity
from tests.validation.conforming import finds, package
from validation.conformance.rule_file import conformance_rules
from validation.conformance.run_conformance import run_conformance
from validation.delivery import Delivery

KEY = {"STUDYID": ["S"], "USUBJID": ["1"]}
OWN = {rule.id: rule for rule in conformance_rules().own if rule.id.startswith("AGENCY-")}


def attributed(given: Delivery, dataset: str = "ADSL", variable: str = "", **attributes: object) -> Delivery:
    """A package with another attribute of a dataset or of a variable of it."""
    held = given.held[dataset]
    if variable:
        attributes = {"variables": {**held.variables, variable: held.variables[variable].model_copy(update=attributes)}}
    return replace(given, held={**given.held, dataset: held.model_copy(update=attributes)})


def both(rule: str, good: Delivery, bad: Delivery) -> None:
    assert not finds(good, OWN[rule])
    assert finds(bad, OWN[rule])


GOOD = package("ADSL", {**KEY, "A": ["x y~"]})
PAIR = package("BDS", {**KEY, "PARAMCD": ["A"]}, KEY)


def renamed(name: str) -> Delivery:
    """The good package with a dataset of another name."""
    made = {name: GOOD.held["ADSL"].model_copy(update={"name": name})}
    return replace(GOOD, held=made, datasets=made, frames={name: GOOD.frames["ADSL"]})


def test_underscores_and_small_letters_in_names() -> None:
    both("AGENCY-02", GOOD, package("ADSL", {"A_B": ["1"]}))


@pytest.mark.parametrize("name", ["AD_SL", "SL", "ADSUBJECT", "adsl"])
def test_names_of_datasets(name: str) -> None:
    both("AGENCY-03", renamed("ADSL"), renamed(name))


@pytest.mark.parametrize("label", ["Height (cm", "Height cm)", "Range [0, 4)", "Investigator's Score", 'A 6" Ruler', "Größe", "Two\tWords"])
def test_labels_of_variables_and_of_the_dataset(label: str) -> None:
    both("AGENCY-04", attributed(GOOD, variable="A", label="Of the 'A' {b} [c] (d), \"e\""), attributed(GOOD, variable="A", label=label))
    both("AGENCY-04", GOOD, attributed(GOOD, label=label))


def test_one_length_in_all_datasets() -> None:
    both("AGENCY-07", PAIR, attributed(PAIR, variable="USUBJID", length=12))
    assert [finding.message for finding in run_conformance(attributed(PAIR, variable="USUBJID", length=12)) if finding.id == "AGENCY-07"] == [
        "A text variable has different lengths in two datasets: 12 here and 200 in ADEFF [AGENCY-07]"
    ]


@pytest.mark.parametrize("text", ["é", "two\nlines", "a\ttab", "\x7f"])
def test_text_that_is_not_printable(text: str) -> None:
    given = package("ADSL", {"USUBJID": ["1", "2", "3"], "A": ["", text, "plain"]})
    both("AGENCY-09", GOOD, given)
    (found,) = [finding for finding in run_conformance(given) if finding.id == "AGENCY-09"]
    assert (found.severity, found.variable, found.count, found.keys) == (Severity.WARNING, "A", 1, ({"USUBJID": "2"},))


@pytest.mark.parametrize("order", [["1", "2", "3"], ["", "A", "a"], ["1", "1", "2"]])
def test_records_in_order(order: list[object]) -> None:
    both("AGENCY-19", package("ADSL", {"USUBJID": order}), package("ADSL", {"USUBJID": order[::-1]}))


def test_order_within_what_is_the_same_and_missing_first() -> None:
    def sorted_by(days: list[object], subjects: list[object]) -> Delivery:
        given = package("BDS", {"USUBJID": subjects, "ADT": days})
        return attributed(given, "ADEFF", sort=("USUBJID", "ADT", "LACKING"))

    good = sorted_by(["", "2024-01-02", "2024-01-01"], ["1", "1", "2"])
    both("AGENCY-19", good, sorted_by(["2024-01-02", "", "2024-01-01"], ["1", "1", "2"]))
    both("AGENCY-19", package("ADSL", {"USUBJID": []}), sorted_by(["", "", ""], ["1", "2", "1"]))


def test_every_finding_of_an_agency_is_tried_here() -> None:
    tried = set(re.findall(r'both\("(AGENCY-\d\d)"', Path(__file__).read_text(encoding="utf-8")))
    assert set(OWN) == tried
