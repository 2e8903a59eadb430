"""The JSON Schema: every file of the repository is valid, and what is not in the language is not."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import adam
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rules import RECORD_RULES
from adam.cli.commands import main
from adam.core.located import load
from adam.core.yaml_syntax import contents

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("specs/*/*.yaml"), *ROOT.glob("tests/study/specs/*.yaml"), *ROOT.glob("tests/study_growth/**/*.yaml")])
UNKNOWN = {
    "no such derivation": "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nvariables:\n  TRTDURD: {durration: {start: TRTSDT}}\n",
    "no such argument": "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nvariables:\n  AGEGR1: {cut: {of: AGE, at: [65], colour: red}}\n",
    "a missing argument": "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nvariables:\n  ASTDY: {study_day: {date: ASTDT}}\n",
    "no such class": "dataset: ADSL\nclass: SUBJECT LEVEL\nvariables: {SEX: DM}\n",
    "no such record rule": "dataset: ADVS\nclass: BASIC DATA STRUCTURE\nparameters:\n  SYSBP: {add: [{lcof: {where: AVISITN > 0}}]}\n",
    "no such argument of a record rule": "dataset: ADVS\nclass: BASIC DATA STRUCTURE\nparameters:\n  SYSBP: {add: [{locf: {when: AVISITN > 0}}]}\n",
    "no such key of a dataset": "dataset: ADVS\nklass: BASIC DATA STRUCTURE\n",
    "no such key of study.yaml": "language: 1\nstudy: A\nids: [A]\nsource: {}\n",
    "no such policy": "language: 1\nstudy: A\nids: [A]\nnon_ascii: drop\n",
    "a name in small letters": "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nvariables:\n  sex: DM\n",
    "no such check": "dataset: ADSL\nchecks:\n  L-01: {at_most_two: {flag: SAFFL}}\n",
}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = adam.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def errors(validator: jsonschema.Draft202012Validator, path: Path) -> list[str]:
    content, _ = load(path, path.name, contents(path))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(content)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_repository_is_valid(validator: jsonschema.Draft202012Validator, path: Path) -> None:
    assert errors(validator, path) == []


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_the_language_does_not_have_is_an_error(validator: jsonschema.Draft202012Validator, tmp_path: Path, what: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(UNKNOWN[what])
    assert errors(validator, path) != []


def test_every_derivation_and_record_rule_is_documented_in_it() -> None:
    schema = adam.schema()
    for name, known in DERIVATIONS.items():
        assert schema["$defs"][f"derivation.{name}"]["description"].startswith(known.summary)
        assert name in schema["$defs"]["variable"]["properties"]
    assert all(f"records.{name}" in schema["$defs"] for name in RECORD_RULES)


def test_variables_of_a_class_have_the_labels_of_the_standard() -> None:
    variables = adam.schema()["$defs"]["variables.BASIC DATA STRUCTURE"]["properties"]
    assert variables["CHG"]["description"].startswith("Change from Baseline.")
    assert variables["CRIT1FL"]["description"].startswith("Criterion y Evaluation Result Flag. CRITyFL.")
    assert "codelist NY" in variables["CRIT1FL"]["description"]


def test_the_codelists_of_a_study_are_offered() -> None:
    offered = [each.get("const") for each in adam.schema(ROOT / "specs" / "true_ad")["$defs"]["codelistName"]["anyOf"]]
    assert "NY" in offered and "NYNUM" in offered


def test_the_command_writes_a_file_and_never_over_one(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    runner = CliRunner()
    first = runner.invoke(main, ["schema", "--out", str(path)])
    assert first.exit_code == 0 and f"$schema={path.name}" in first.output
    assert json.loads(path.read_text())["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    again = runner.invoke(main, ["schema", "--out", str(path)])
    assert again.exit_code == 2 and "already exists" in again.output
    assert runner.invoke(main, ["schema", "--out", str(path), "--force"]).exit_code == 0
    assert json.loads(runner.invoke(main, ["schema"]).output) == json.loads(path.read_text())


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", str(tmp_path)])
    assert result.exit_code == 2 and "has no study" in result.output
