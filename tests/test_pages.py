"""The pages that people write are linked, in plain English, and the reference is complete."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import adam.specification.read  # noqa: F401  (defines the models of every block)
from adam.catalog.record_rule import RecordRule
from adam.core.block import Block
from adam.core.located import load
from adam.expressions.function import FUNCTIONS

ROOT = Path(__file__).parents[1]
GENERATED = {f"{name}.md" for name in ("derivations", "functions", "checks", "conformance", "messages", "record_rules", "subjects", "python")}
WRITTEN = sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")) if path.name not in GENERATED)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
SET_UP = "python3 -m venv"
"""How a command begins that is to be copied as one line."""
VAGUE = re.compile(r"\b(told|tells|said|stands|whoever|asks|words)\b", re.IGNORECASE)
"""Verbs and nouns with too many meanings for a page."""
OURS = {
    "name",
    "folder",
    "files",
    "digests",
    "unlisted",
    "mark",
    "marks",
    "class_",
    "category_number",
    "windowed",
    "kept",
    "of_data",
    "criteria_where",
    "digits",
    "shared",
    "mentioned",
    "owner",
    "unused_formulas",
    "unused_tables",
}
"""Fields of the models that are no keys of the YAML."""


def prose(path: Path) -> str:
    """A page without its blocks of code and output."""
    return BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What a link can point to in a page: its headings as GitHub names them."""
    titles = re.findall(r"^#+ (.*)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for name, anchor in LINK.findall(prose(page)):
        if "://" in name:
            continue
        target = page.parent / name if name else page
        assert target.exists(), f"{name} does not exist"
        assert not anchor or anchor in anchors(target), f"{name} has no heading #{anchor}"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_in_plain_words(page: Path) -> None:
    assert VAGUE.findall(prose(page)) == []


@pytest.mark.parametrize("page", [path for path in WRITTEN if path.name != "domain.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_of_a_page_are_short(page: Path) -> None:
    """Rows of tables and of CSV files cannot be broken, and output is shown as it is printed."""
    lines = re.sub(r"^```(text|csv)\n.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL).splitlines()
    assert [line for line in lines if len(line) > 100 and not line.startswith(("|", SET_UP))] == []


@pytest.mark.parametrize("page", [path for path in WRITTEN if "```yaml" in path.read_text(encoding="utf-8")], ids=lambda path: path.stem)
def test_every_yaml_block_of_a_page_is_yaml(page: Path, tmp_path: Path) -> None:
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "yaml":
            file = tmp_path / "block.yaml"
            file.write_text(text, encoding="utf-8")
            assert load(file)[1] == [], text


def models(block: type[Block]) -> list[type[Block]]:
    """The models of every block of the YAML."""
    found = [each for each in block.__subclasses__() if not each.__name__.startswith("_")]
    return [*found, *(inner for each in found for inner in models(each))]


def test_the_reference_has_every_key_and_every_function() -> None:
    """Derivations, record rules and checks have pages of their own, which the code generates."""
    known = set(re.findall(r"[A-Za-z_0-9]+", (ROOT / "docs" / "language.md").read_text(encoding="utf-8")))
    keys = {field.alias or name for model in models(Block) for name, field in model.model_fields.items()}
    assert sorted((keys - OURS | set(FUNCTIONS)) - known) == []


@pytest.mark.parametrize(
    "text", [text for language, text in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")) if language == "python"]
)
def test_the_examples_for_contributors_work(text: str, tmp_path: Path) -> None:
    file = tmp_path / "example.py"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "doctest", str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


OUTPUT = {".xpt", ".xml", ".html", ".md", ".json", ".ndjson", ".pdf"}
"""Suffixes of files that a run writes."""
PLACE = re.compile(r"`((?:adam|validation|tests|specs|docs|examples|benchmarks|\.ci)/[\w/.]+?)(?:: (\w+))?`")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_function_that_a_page_names_exists(page: Path) -> None:
    for name, function in PLACE.findall(prose(page)):
        path = ROOT / name
        assert path.exists() or "NAME" in name or path.suffix in OUTPUT, f"{name} does not exist"
        if function:
            assert re.search(rf"^\s*(def|class) {function}\b", path.read_text(encoding="utf-8"), flags=re.MULTILINE), f"{name} has no {function}"


def test_the_parts_of_a_record_rule_are_those_of_the_code() -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add a record rule")[1].split("\n## ")[0]
    parts = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert len(parts) > 4
    assert [part for part in parts if not hasattr(RecordRule, part) and part not in RecordRule.__annotations__] == []
