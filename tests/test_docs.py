"""The pages that are made from the code are as the code says."""

import re
import textwrap
from pathlib import Path

import pytest

from adam.core.located import load
from adam.core.problems import Problems
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.specification.variables import checks
from docs.api import api_page
from tests.specification.page import examples
from tests.specification.page import page as messages
from validation.bind_line import arguments_of
from validation.catalogue import page as page_of_checks
from validation.check import CHECKS
from validation.resolve_arguments import Line
from validation.scope import Scope

ROOT = Path(__file__).parents[1]
CODE = re.compile(r'"((?:spec|expr|yaml|source)-[a-z-]+)"')


def test_the_page_of_checks_is_as_made() -> None:
    made = page_of_checks()
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == made, (
        'python -c "from validation.catalogue import page; print(page(), end=str())" > docs/checks.md'
    )


@pytest.mark.parametrize("name", [name for name, known in CHECKS.items() if known.usable_in_lines])
def test_the_example_of_each_check_is_one(name: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(textwrap.dedent(CHECKS[name].documentation.split("YAML:\n")[1]))
    value, problems = load(file)
    assert problems == []
    found = Problems()
    (line,) = checks(value, "", found)
    scope = Scope(ResolvedStudy(name="S", folder=tmp_path, ids=("S",)), ResolvedDataset(name="D", class_="", label="", key=(), variables={}), {})
    assert arguments_of(Line(line, scope, found), CHECKS[name]) is not None, list(found.found)
    assert (line.kind, list(found.found)) == (name, [])


def test_the_page_of_messages_is_as_made() -> None:
    assert (ROOT / "docs" / "messages.md").read_text(encoding="utf-8") == messages(), "python -m tests.specification.page > docs/messages.md"


def test_the_page_of_the_python_functions_is_as_made() -> None:
    assert (ROOT / "docs" / "python.md").read_text(encoding="utf-8") == api_page(), "python -m docs.api > docs/python.md"


def test_every_code_has_its_example() -> None:
    said = {
        code for path in (*ROOT.glob("adam/**/*.py"), *ROOT.glob("validation/**/*.py")) for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    elsewhere = {
        "source-absent",
        "source-unknown",
        "spec-standard",
        "spec-term",
        "spec-wrong-suite",
        "spec-edge-case",
        "spec-unknown-domain",
        "spec-no-simulation",
        "yaml-size",
        "yaml-not-a-file",
    }  # warnings, suites by hand, simulation, what is no file of text
    assert said - set(examples()) - elsewhere == set()
