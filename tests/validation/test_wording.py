"""What findings say: plain words, and the values at the first records."""

import pandas as pd
import pytest

from tests.validation.breaking import Broken, Built, Mutation
from validation.run_suites import run_suites
from validation.sentences import condition_phrase


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('TRTEMFL == "Y"', "TRTEMFL = Y"),
        ('TRTA != "Vehicle Cream BID"', 'TRTA is not "Vehicle Cream BID"'),
        ('AESER == ""', "AESER is blank"),
        ("missing(ASTDT) or ASTDT <= AENDT", "ASTDT is missing or ASTDT <= AENDT"),
        ("not missing(AVAL)", "AVAL is not missing"),
        ('not startswith(AEDECOD, "APP")', "not (startswith(AEDECOD, APP))"),
        ("AVISITN in (2, 4)", "AVISITN is one of 2, 4"),
        ("PARAMCD not in STUDY.PARTIAL", "PARAMCD is not one of STUDY.PARTIAL"),
        ("CHG == AVAL - (BASE - 1)", "CHG = AVAL - (BASE - 1)"),
        ("X == (A + B) * 2 / 4", "X = (A + B) * 2 / 4"),
        ("X == A / (B * C)", "X = A / (B * C)"),
        ("X == -(A + B)", "X = -(A + B)"),
        ("A == 1 and (B == 2 or C == 3)", "A = 1 and (B = 2 or C = 3)"),
    ],
)
def test_a_condition_in_words(condition: str, words: str) -> None:
    assert condition_phrase(condition) == words


CASES = [
    (
        Mutation("A-05", "ADAE", 'TREM01FL == "Y"', {"TREM01FL": ""}),
        "Expected that TREM01FL = Y and TREM02FL is blank where TRTEMFL = Y and APERIOD = 1",
        {"TREM01FL": "", "TREM02FL": "", "TRTEMFL": "Y", "APERIOD": "1"},
    ),
    (
        Mutation("L-05", "ADSL", "not missing(TRTEDT)", {"TRTEDT": "TRTSDT - 1"}),
        "Expected TRTSDT, TRTEDT in ascending order",
        {"TRTSDT": "as simulated", "TRTEDT": "as simulated"},
    ),
    (
        Mutation("A-09", "ADAE", 'AOCCFL == "Y"', {"AOCCFL": ""}),
        "Expected AOCCFL = Y on the first record only, in the order of ASTDT, AESEQ where TRTEMFL = Y",
        {"AOCCFL": "", "ASTDT": "as simulated", "TRTEMFL": "Y"},
    ),
    (
        Mutation("G-11", "ADAE", "", {"SEX": "U"}),
        "Expected SEX to equal ADSL.SEX with the same STUDYID, USUBJID",
        {"SEX": "U", "ADSL.SEX": "as simulated"},
    ),
]


@pytest.mark.parametrize(("mutation", "message", "values"), CASES, ids=lambda each: each.rule if isinstance(each, Mutation) else "")
def test_a_finding_shows_the_values_it_speaks_of(built: Built, mutation: Mutation, message: str, values: dict[str, str]) -> None:
    broken = Broken(built)
    broken.mutate(mutation)
    suites = tuple(each for each in built.suites if each.dataset.name == mutation.dataset)
    found = [each for each in run_suites(suites, broken.frames, broken.sources) if each.id == mutation.rule and each.message == message]
    (one,) = found
    assert (one.count, len(one.keys), len(one.values), list(one.values[0])) == (1, 1, 1, list(values))
    assert {name: value for name, value in one.values[0].items() if values[name] != "as simulated"}.items() <= values.items()
    assert all(one.values[0][name] for name, value in values.items() if value == "as simulated")
    assert str(one).rsplit(" with ", 1)[1].startswith(" ".join(f"{name}={value}" for name, value in one.values[0].items()))


def test_what_is_no_record_of_the_dataset_shows_no_values(built: Built) -> None:
    broken = Broken(built)
    broken.mutate(Mutation("X-02", "ADSL", 'NIGATSFL == "Y"', {"NIGATSFL": "N"}))
    suites = tuple(each for each in built.suites if any(rule.id == "X-02" for rule in each.rules))
    counted = next(each for each in run_suites(suites, broken.frames, broken.sources) if each.id == "X-02")
    assert counted.values == ()
    assert pd.DataFrame(list(counted.keys)).columns.tolist()[-1] != "USUBJID"
