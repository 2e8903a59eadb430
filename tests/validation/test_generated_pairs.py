"""Which variables are one to one with a number beside them (G-07), and within what."""

import pytest

from tests.validation.conforming import Columns, dataset, study
from validation.generated_rules import generated
from validation.records import Records
from validation.rule import Rule
from validation.scope import Scope

PAIRS = [("AVALCAT1", "AVALCA1N"), ("BASECAT2", "BASECA2N"), ("CHGCAT1", "CHGCAT1N"), ("PCHGCAT1", "PCHGCA1N"), ("SHIFT1", "SHIFT1N")]


def paired(columns: Columns, kind: str = "BDS") -> dict[str, tuple[Rule, int]]:
    """The rules G-07 of a dataset by the variable beside, and how many records fail each."""
    made, frame = dataset("ADEFF", kind, {"STUDYID": ["S"] * 2, "USUBJID": ["1", "2"], **columns})
    known = study(datasets={"ADEFF": made})
    records = Records(known, made, {"ADEFF": frame}, {})
    rules = [rule for rule in generated(Scope(known, made, {"ADEFF": made})) if rule.id == "G-07"]
    return {rule.arguments.number: (rule, rule.count(records)) for rule in rules}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "number"), PAIRS)
def test_categories_go_with_their_number_within_a_parameter(name: str, number: str) -> None:
    assert paired({"PARAMCD": ["A", "B"], name: ["low", "high"], number: [1, 1]})[number][1] == 0
    assert paired({"PARAMCD": ["A", "A"], name: ["low", "high"], number: [1, 1]})[number][1] == 2
    assert paired({"PARAMCD": ["A", "A"], name: ["low", "low"], number: [1, 2]})[number][1] == 2
    assert paired({"PARAMCD": ["A", "A"], name: ["low", ""], number: [1, 2]})[number][1] == 1
    assert paired({"PARAMCD": ["A", "A"], name: ["low", "low"], number: [1, None]})[number][1] == 1


def test_a_period_goes_with_its_text_and_a_visit_may_lack_its_number() -> None:
    assert paired({"APERIOD": [1, 2], "APERIODC": ["VC", "VC"]})["APERIODC"][1] == 2
    assert paired({"APERIOD": [1, None], "APERIODC": ["VC", ""]})["APERIODC"][1] == 0
    visits: Columns = {"PARAMCD": ["A", "A"], "AVISIT": ["Week 1", "Unscheduled"]}
    assert paired({**visits, "AVISITN": [1, None]})["AVISITN"][1] == 0
    assert paired({**visits, "AVISIT": ["Week 1", ""], "AVISITN": [1, 2]})["AVISITN"][1] == 1


def test_other_texts_go_with_their_number_and_grades_of_occurrences_without_a_parameter() -> None:
    assert paired({"MY": ["A", "B"], "MYN": [1, 1]})["MYN"][1] == 2
    assert paired({"ATOXGR": ["A", "B"], "ATOXGRN": [1, 1]}, "OCCDS")["ATOXGRN"][1] == 2
    assert paired({"AGE": [1, 2], "AGEN": [1, 1]}) == {}
