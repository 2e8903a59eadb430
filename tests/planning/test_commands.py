"""`adam plan`: the steps, the plan as JSON, the lineage of a variable, and how two plans differ."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from adam.cli.commands import main

STUDY = Path(__file__).parents[1] / "study" / "specs"


def run(*arguments: object, exit_code: int = 0) -> str:
    found = CliRunner().invoke(main, ["plan", *map(str, arguments)])
    assert found.exit_code == exit_code, found.output
    return found.output


@pytest.fixture
def changed(tmp_path: Path):
    """A copy of the study in which texts of one file are replaced."""

    def work(file: str, *replacements: tuple[str, str]) -> Path:
        folder = tmp_path / "specs"
        if not folder.exists():
            shutil.copytree(STUDY, folder)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return folder

    return work


# Lineage


def names(*arguments: object) -> list[str]:
    """The lines of a lineage by depth and name."""
    return [f"{each['depth']} {each['name']}" for each in json.loads(run(STUDY, *arguments, "--json"))]


def test_the_lineage_of_a_variable_ends_at_collected_variables() -> None:
    assert names("ADSL.TRTSDT") == ["0 ADSL.TRTSDT", "1 EX.STDT", "2 EX.EXSTDTC"]


def test_the_lineage_shows_the_lines_of_the_specification() -> None:
    first, second, third = run(STUDY, "ADSL.TRTSDT").splitlines()
    assert first.endswith("specs/adsl.yaml:15:3]")
    assert second.startswith("  EX.STDT = The date of EXSTDTC.")
    assert third == "    EX.EXSTDTC = collected"


def test_depth_limits_the_lineage() -> None:
    assert names("ADSL.TRTSDT", "--depth", 1) == ["0 ADSL.TRTSDT", "1 EX.STDT"]
    assert names("ADSL.TRTSDT", "--depth", 0) == ["0 ADSL.TRTSDT"]


def test_the_lineage_of_one_parameter_is_its_own() -> None:
    found = names("ADITCH.ITCH.AVAL")
    assert found[:2] == ["0 ADITCH.AVAL", "1 records of ADITCH.ITCH"]
    assert "2 QS.QSSTRESN" in found
    responses = names("ADITCH.ITCH4.AVAL", "--depth", 1)
    assert responses == ["0 ADITCH.AVAL", "1 records of ADITCH.ITCH4", "1 records of ADITCH.ITCH4 (added)"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ADSX", "The study has no dataset ADSX. Did you mean 'ADSL'? Its datasets are ADSL, ADITCH, ADAE."),
        ("ADSX.AGE", "The study has no dataset ADSX. Did you mean 'ADSL'? Its datasets are ADSL, ADITCH, ADAE."),
        ("ADSL.TRTSTD", "ADSL has no variable TRTSTD. Did you mean 'TRTSDT'?"),
        ("ADITCH.ITC4.AVAL", "ADITCH has no parameter ITC4. Did you mean 'ITCH4'?"),
        ("ADITCH.ITCH.AVAL.X", "'ADITCH.ITCH.AVAL.X' is not a variable. Write DATASET.VARIABLE or DATASET.PARAMCD.VARIABLE."),
    ],
)
def test_an_unknown_name_is_refused_with_a_suggestion(name: str, message: str) -> None:
    assert message in run(STUDY, name, exit_code=2)


def test_depth_without_a_variable_is_refused() -> None:
    assert "Add DATASET.VARIABLE" in run(STUDY, "ADSL", "--depth", 1, exit_code=2)


# Steps


def test_the_steps_of_a_dataset() -> None:
    lines = run(STUDY, "ADSL").splitlines()
    assert "records of ADSL" in lines
    assert lines.index("ADSL.AGE") < lines.index("ADSL.AGEGR1") < lines.index("ADSL.AGEGR1N")
    assert all(line.startswith(("ADSL.", "records of ADSL")) for line in lines)


def test_the_steps_of_the_study_follow_what_they_read() -> None:
    lines = run(STUDY).splitlines()
    assert lines.index("EX.STDT") < lines.index("ADSL.TRTSDT") < lines.index("ADSL.SAFFL")
    assert "records of ADITCH.ITCH4 (added)" in lines


def test_the_plan_as_json() -> None:
    plan = json.loads(run(STUDY, "--json"))
    assert set(plan) == {"study", "sources", "records", "steps", "datasets", "warnings"}
    assert plan["sources"]["EX"]["columns"] == ["EXENDTC", "EXSTDTC", "EXTRT"]
    assert set(plan["datasets"]) == {"ADSL", "ADITCH", "ADAE"}
    assert plan["records"]["ADITCH"]["key"] == ["STUDYID", "USUBJID", "PARAMCD", "AVISITN", "ADT"]
    steps = {(step["step"], step.get("variable")): step for step in plan["steps"]}
    assert steps["Compute", "TRTDURD"] == {
        "step": "Compute",
        "records": [{"dataset": "ADSL", "parameter": "", "origin": "derived"}],
        "mark": "specs/adsl.yaml:17:3",
        "variable": "TRTDURD",
        "kind": "number",
        "formula": "TRTEDT - TRTSDT + 1",
        "references": {
            "TRTEDT": {"binding": "own", "owner": "ADSL", "variable": "TRTEDT"},
            "TRTSDT": {"binding": "own", "owner": "ADSL", "variable": "TRTSDT"},
        },
    }
    assert steps["Compute", "CHG"]["formula"] == "AVAL - BASE where ADT > TRTSDT"
    taken = [step["records"] for step in plan["steps"] if step["step"] == "TakeFromRule" and step["variable"] == "AVAL"]
    assert {"dataset": "ADITCH", "parameter": "ITCH4", "origin": "added"} in [each for records in taken for each in records]
    (domain,) = steps["Compute", "ADT"]["references"].values()
    assert domain["sources"] == {"QS": "QSDTC"}


def test_the_steps_of_a_dataset_as_json() -> None:
    assert {step["records"][0]["dataset"] for step in json.loads(run(STUDY, "ADAE", "--json"))} == {"ADAE"}


# Difference


def test_the_same_plans_do_not_differ() -> None:
    assert run(STUDY, "--diff", STUDY) == "The plans are the same.\n"


def test_a_changed_formula_is_shown_with_what_it_reaches(changed) -> None:
    new = changed("adsl.yaml", ("TRTEDT - TRTSDT + 1", "TRTEDT - TRTSDT"))
    assert run(new, "--diff", STUDY).splitlines() == [
        "changed variable ADSL.TRTDURD",
        "    formula: TRTEDT - TRTSDT + 1 → TRTEDT - TRTSDT",
        "0 other variables read what differs.",
    ]


def test_a_change_reaches_variables_of_other_datasets(changed) -> None:
    new = changed("aditch.yaml", ("where: ADT <= TRTSDT and not missing(AVAL)", "where: ADT < TRTSDT and not missing(AVAL)"))
    found = json.loads(run(new, "--diff", STUDY, "--json"))
    assert [(each["change"], each["what"], each["name"]) for each in found["differences"]] == [("changed", "variable", "ADITCH.ABLFL")]
    assert set(found["reached"]) >= {"ADITCH.BASE", "ADITCH.CHG", "ADSL.ITCHBL", "ADITCH.ANL01FL"}
    assert not {"ADITCH.ABLFL", "ADSL.TRTSDT", "ADITCH.ADT"} & set(found["reached"])
    assert any(name.startswith("ADITCH.AVAL on ITCH4") for name in found["reached"])


def test_added_and_removed_variables_are_shown(changed) -> None:
    new = changed("adsl.yaml", ("  TRTDURD: TRTEDT - TRTSDT + 1\n", "  TRTWKS: {label: Weeks of Treatment, value: (TRTEDT - TRTSDT + 1) / 7}\n"))
    found = json.loads(run(new, "--diff", STUDY, "--json"))
    assert [(each["change"], each["name"]) for each in found["differences"]] == [("removed", "ADSL.TRTDURD"), ("added", "ADSL.TRTWKS")]
    back = json.loads(run(STUDY, "--diff", new, "--json"))
    assert [(each["change"], each["name"]) for each in back["differences"]] == [("removed", "ADSL.TRTWKS"), ("added", "ADSL.TRTDURD")]


def test_a_changed_attribute_reaches_nothing(changed) -> None:
    new = changed("adsl.yaml", ("label: Baseline Itch Score", "label: Itch Score at Baseline"))
    assert run(new, "--diff", STUDY).splitlines() == [
        "changed variable ADSL.ITCHBL",
        "    label: Baseline Itch Score → Itch Score at Baseline",
        "0 other variables read what differs.",
    ]


def test_a_changed_parameter_reaches_its_records(changed) -> None:
    new = changed("aditch.yaml", ("visits: [2, 4], subjects", "visits: [4], subjects"))
    found = json.loads(run(new, "--diff", STUDY, "--json"))
    assert [(each["what"], each["name"]) for each in found["differences"]] == [("records of", "ADITCH.ITCH4 (added)")]
    assert "ADITCH.AVAL on ITCH4" in found["reached"]


def test_a_changed_criterion_is_shown_for_its_parameter(changed) -> None:
    new = changed("aditch.yaml", ("when: CHG <= -4", "when: CHG <= -3"))
    found = json.loads(run(new, "--diff", STUDY, "--json"))
    assert ("variable", "ADITCH.ITCH.CRIT1FL") in [(each["what"], each["name"]) for each in found["differences"]]
    assert "ADITCH.AVAL on ITCH4" in found["reached"]


def test_a_dataset_cannot_be_named_with_diff() -> None:
    assert "Leave ADSL out" in run(STUDY, "ADSL", "--diff", STUDY, exit_code=2)
