"""The rooms and the arrows between them: an import that no line of this table allows fails."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VALUES = "adam/plan/values"
"""The part of the plan that the rooms after it may read: values, no resolver."""
ROOMS = {
    "adam/core": set(),
    "adam/expressions": {"adam/core"},
    "adam/specification": {"adam/core", "adam/expressions"},
    "adam/catalog": {"adam/core", "adam/expressions", "adam/specification"},
    "adam/sources": {"adam/core"},
    VALUES: {"adam/core", "adam/expressions", "adam/specification", "adam/catalog"},
    "adam/plan": {"adam/core", "adam/expressions", "adam/specification", "adam/catalog", VALUES},
    "adam/engine": {"adam/core", "adam/expressions", VALUES, "adam/catalog"},
    "adam/submission": {"adam/core", "adam/expressions", VALUES, "adam/__init__"},
    "adam/results": {"adam/core", "adam/expressions", VALUES},
    "adam/report": {"adam/core", VALUES, "adam/results", "adam/__init__"},
    "adam/simulate": {"adam/core", "adam/expressions", "adam/specification", VALUES},
    "validation": {"adam/core", "adam/expressions", "adam/specification", "adam/catalog", VALUES},
}
EVERYTHING = ("adam/pipeline", "adam/cli", "adam/__main__", "adam/__init__")


def room(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "validation":
        return "validation"
    if parts[:3] == ["adam", "plan", "values"]:
        return VALUES
    return f"adam/{parts[1]}" if len(parts) > 1 else "adam/__init__"


def imports() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted([*ROOT.glob("adam/**/*.py"), *ROOT.glob("validation/**/*.py")]):
        own = room(path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found += [(path.name, own, room(name)) for name in names if name.split(".")[0] in ("adam", "validation")]
    return found


def test_every_arrow_is_allowed() -> None:
    wrong = [f"{file}: {own} → {other}" for file, own, other in imports() if own not in EVERYTHING and other != own and other not in ROOMS[own]]
    assert wrong == []


def test_nothing_imports_the_command_line() -> None:
    assert [entry for entry in imports() if entry[2] == "adam/cli" and entry[1] not in ("adam/cli", "adam/__main__")] == []


@pytest.mark.parametrize("word", ["ADSL", "ADAE", "ADEFF"])
def test_no_dataset_is_named_in_python(word: str) -> None:
    named = []
    for path in sorted([*ROOT.glob("adam/**/*.py"), *ROOT.glob("validation/**/*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and word in n.value.split()]
        documents = {
            id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(n)
        }
        named += [f"{path.name}:{n.lineno}" for n in said if id(n) not in documents]
    assert named == []
