"""What an editor shows: the YAML language server completes, explains and underlines with the schema."""

import json
from pathlib import Path

import pytest

import adam
from tests.editor.language_server import Editor, server

pytestmark = pytest.mark.skipif(server() is None, reason="the YAML language server is not installed")

HEAD = """# yaml-language-server: $schema=adamsmith.schema.json
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
"""
AGEGR1 = "  AGEGR1: {cut: {of: AGE, at: [65], colour: red}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "adamsmith.schema.json").write_text(json.dumps(adam.schema()))
    return tmp_path


def test_an_editor_completes_explains_and_underlines(folder: Path) -> None:
    with Editor(folder) as editor:
        uri = editor.open("adsl.yaml", HEAD + AGEGR1 + "  TRTDURD:\n    dura\n  SAFFL: {flag_yn: not missing(TRTSDT)}\n  \n")
        places = {problem["message"]: problem["range"]["start"] for problem in editor.problems(uri)}
        assert places["Property colour is not allowed."] == {"line": 6, "character": AGEGR1.index("colour")}
        assert "duration" in editor.completions(uri, 8, 8)
        assert "Safety Population Flag" in editor.hover(uri, 9, 4)
        assert "Return Y where the condition is true, N where it is false or unknown." in editor.hover(uri, 9, 13)
        assert {"AGE", "TRT01P", "core"} <= set(editor.completions(uri, 10, 2))


def test_arguments_of_a_derivation_are_completed(folder: Path) -> None:
    with Editor(folder) as editor:
        uri = editor.open("adsl.yaml", HEAD + "  ASTDY:\n    study_day:\n      \n")
        assert set(editor.completions(uri, 8, 6)) >= {"date", "reference"}


def test_a_file_without_errors_has_none(folder: Path) -> None:
    with Editor(folder) as editor:
        uri = editor.open("adsl.yaml", HEAD + "  SAFFL: {flag_yn: not missing(TRTSDT)}\n  TRTSDT: STANDARD\n")
        assert editor.problems(uri) == []
