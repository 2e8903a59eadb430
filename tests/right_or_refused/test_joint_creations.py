"""The records of several parameters that one call of a rule creates: the values, the steps, and what is reported of each parameter."""

from pathlib import Path

from tests.right_or_refused.small_study import small_study
from tests.right_or_refused.test_families import ADLB, LB, STUDY, TABLE, ran, records

HIGHEST = "extreme: {highest: AVAL, dtype: MAXIMUM, set: {AVISITN: 9}}"
LOWEST = "extreme: {lowest: AVAL, dtype: MINIMUM, set: {AVISITN: 8}}"
ALL = f"  all: {{add: {{{HIGHEST}}}}}\n"
OWN = f"{ALL}  GLUC: {{add: [{{{LOWEST}}}, all]}}\n"


def creations(folder: Path, own: str) -> list[str]:
    made = small_study(folder, {"adlb": ADLB.replace("OWN\n", own), "lb.csv": TABLE}, {"lb": LB}, STUDY)
    made.build()
    lines = made.run("plan", str(made.specs)).text.splitlines()
    return [line.strip().split(". ")[-1] for line in lines if "records of ADLB" in line]


def test_one_call_creates_the_highest_record_of_each_parameter_and_subject(tmp_path: Path) -> None:
    found = [each for each in records(ran(tmp_path, ALL), "AVAL", "DTYPE") if each[-1]]
    assert found == [
        ("S1-1", "ALT", 9, 50, "MAXIMUM"),
        ("S1-1", "BASO", 9, 0.1, "MAXIMUM"),
        ("S1-1", "GLUC", 9, 5, "MAXIMUM"),
        ("S1-1", "UGLUC", 9, 1, "MAXIMUM"),
        ("S1-2", "ALT", 9, 90, "MAXIMUM"),
        ("S1-2", "GLUC", 9, 8, "MAXIMUM"),
    ]


def test_a_copy_has_what_its_own_record_has(tmp_path: Path) -> None:
    found = [each for each in records(ran(tmp_path, ALL), "DTYPE", "X", "ANRHI", "CRIT1FL") if each[3]]
    assert found[:2] == [("S1-1", "ALT", 9, "MAXIMUM", 100, 40, "Y"), ("S1-1", "BASO", 9, "MAXIMUM", 0.1, 0.2, "N")]
    assert found[-1] == ("S1-2", "GLUC", 9, "MAXIMUM", 80, 5.5, "Y")


def test_a_family_is_two_steps_whatever_the_number_of_its_parameters(tmp_path: Path) -> None:
    collected, added = creations(tmp_path, ALL)
    assert collected.endswith("records of ADLB: ALT, GLUC, UGLUC, BASO")
    assert added.endswith("records of ADLB: ALT (added), GLUC (added), UGLUC (added), BASO (added)")


def test_a_parameter_with_its_own_entry_is_created_with_the_others_where_it_is_alike(tmp_path: Path) -> None:
    found = [each for each in records(ran(tmp_path, OWN), "AVAL", "DTYPE") if each[1] == "GLUC" and each[-1]]
    assert found == [
        ("S1-1", "GLUC", 8, 5, "MINIMUM"),
        ("S1-1", "GLUC", 9, 5, "MAXIMUM"),
        ("S1-2", "GLUC", 8, 6, "MINIMUM"),
        ("S1-2", "GLUC", 9, 8, "MAXIMUM"),
    ]


def test_a_warning_names_the_parameter_with_the_tie(tmp_path: Path) -> None:
    twice = LB + "S1,LB,S1-2,5,GLUC,SERUM,8,mmol/L,3,2024-03-23\n"
    made = small_study(
        tmp_path, {"adlb": ADLB.replace("OWN\n", ALL).replace("AVISITN, DTYPE]", "AVISITN, ADT, DTYPE]"), "lb.csv": TABLE}, {"lb": twice}, STUDY
    )
    done = made.build()
    text = "GLUC: extreme: several records are equal in order and differ in ADT; the key of the dataset decides (add to order what decides)"
    assert text in done.text
    assert "UGLUC: extreme" not in done.text
    assert "ALT: extreme" not in done.text


def test_a_condition_that_selects_nothing_of_one_parameter_names_it(tmp_path: Path) -> None:
    done = ran(tmp_path, "", table=TABLE + "CK,SERUM,CK,Creatine Kinase (U/L),5,CHEMISTRY,200,High,1\n")
    assert done.text.count("CK: where: of from selects none of 9 records") == 1
