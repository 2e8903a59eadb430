"""Every YAML block of the pages for SAS and admiral users reads and plans, as part of the example study."""

import re
import textwrap
from pathlib import Path

import pytest

from adam.pipeline.planning import plan_study

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "tests" / "study"
BLOCK = re.compile(r"```yaml\n# (\w+)\.yaml\n(.*?)```", re.DOTALL)
STUDY = f"language: 1\nstudy: SNIPPET\nextends: {EXAMPLE / 'specs'}\nids: [EX01]\n"


def snippets() -> list[tuple[str, str, str]]:
    """The page, the file and the text of each block."""
    pages = [ROOT / "docs" / f"{name}.md" for name in ("sas", "admiral")]
    return [(page.stem, *found) for page in pages if page.is_file() for found in BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "file", "text"), snippets(), ids=[f"{page}-{number}" for number, (page, _, _) in enumerate(snippets())])
def test_a_snippet_is_a_specification(page: str, file: str, text: str, tmp_path: Path) -> None:
    files = {"study": STUDY, **({file: f"dataset: {file.upper()}\n"} if file != "study" else {})}
    files[file] += textwrap.dedent(text)
    for name, content in files.items():
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    found = plan_study(tmp_path, EXAMPLE / "sdtm")
    assert found.steps


def test_the_pages_have_their_snippets() -> None:
    assert len(snippets()) > 12
