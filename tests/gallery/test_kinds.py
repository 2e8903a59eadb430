"""Each kind of task in the gallery has a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.gallery import KINDS

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_of_a_kind_exists(kind: str) -> None:
    path, _, name = KINDS[kind].partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
