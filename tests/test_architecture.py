"""The rooms and the arrows between them: an import that no line of this table allows fails. No import cycle, no long file or function."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import SLOW

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("adam/**/*.py"), *ROOT.glob("validation/**/*.py")])
VALUES = "adam/planning/values"
"""The part of the plan that the rooms after it may read: values, no resolver."""
ROOMS = {
    "adam/core": set(),
    "adam/expressions": {"adam/core"},
    "adam/specification": {"adam/core", "adam/expressions", "adam/sources"},
    "adam/catalog": {"adam/core", "adam/expressions"},
    "adam/sources": {"adam/core"},
    VALUES: {"adam/core", "adam/expressions", "adam/specification", "adam/catalog"},
    "adam/planning": {"adam/core", "adam/expressions", "adam/specification", "adam/catalog", VALUES},
    "adam/engine": {"adam/core", "adam/expressions", VALUES, "adam/catalog"},
    "adam/submission": {"adam/core", "adam/expressions", VALUES, "adam/__init__"},
    "adam/results": {"adam/core", "adam/expressions", VALUES},
    "adam/comparison": {"adam/core"},
    "adam/report": {"adam/core", VALUES, "adam/results", "adam/__init__"},
    "adam/simulation": {"adam/core", "adam/expressions", "adam/specification", VALUES},
    "adam/editor": {"adam/core", "adam/expressions", "adam/specification", "adam/catalog", "validation"},
    "adam/tracing": {"adam/core", "adam/expressions", VALUES, "adam/engine"},
    "adam/exchange": {"adam/core", "adam/sources", "adam/specification"},
    "adam/starting": {"adam/core", "adam/sources", "adam/specification"},
    "validation": {"adam/core", "adam/expressions", "adam/catalog", VALUES},
}
EVERYTHING = ("adam/pipeline", "adam/cli", "adam/__main__", "adam/__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "validation":
        return "validation"
    if parts[:3] == ["adam", "planning", "values"]:
        return VALUES
    return f"adam/{parts[1]}" if len(parts) > 1 else "adam/__init__"


@cache
def imports() -> list[tuple[str, str, str]]:
    found = []
    for path in SOURCES:
        own = room(path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."))
        for node in ast.walk(tree_of(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found += [(path.name, own, room(name)) for name in names if name.split(".")[0] in ("adam", "validation")]
    return found


def test_every_arrow_is_allowed() -> None:
    wrong = [f"{file}: {own} → {other}" for file, own, other in imports() if own not in EVERYTHING and other != own and other not in ROOMS[own]]
    assert wrong == []


def test_nothing_imports_the_command_line() -> None:
    assert [entry for entry in imports() if entry[2] == "adam/cli" and entry[1] not in ("adam/cli", "adam/__main__")] == []


def modules() -> dict[str, Path]:
    found = {}
    for path in SOURCES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules that a module imports, functions included; imports for type checkers alone are none."""
    tree = tree_of(path)
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"]
    skipped = {id(inner) for node in typing for inner in ast.walk(node)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & set(known) or {node.module}
    return found & set(known)


def test_no_import_cycle() -> None:
    known = modules()
    graph = {name: imported(path, known) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_files_and_functions_are_short() -> None:
    long = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        long += [f"{path.name}: {text.count(chr(10))} lines"] if text.count("\n") > 300 else []
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                doc = ast.get_docstring(node, clean=False)
                size = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
                long += [f"{path.name}: {node.name} {size} lines"] if size > 40 else []
    assert long == []


@pytest.mark.parametrize("word", ["ADSL", "ADAE", "ADEFF"])
def test_no_dataset_is_named_in_python(word: str) -> None:
    """But in the rooms that write YAML, where datasets have names."""
    named = []
    for path in [path for path in SOURCES if path.parent.name not in ("starting", "exchange")]:
        tree = tree_of(path)
        texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and word in n.value.split()]
        documents = {
            id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(n)
        }
        named += [f"{path.name}:{n.lineno}" for n in texts if id(n) not in documents]
    assert named == []


def test_the_slow_places_exist() -> None:
    assert [place for place in SLOW if not (Path(__file__).parent / place).exists()] == []
