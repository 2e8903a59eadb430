"""The code of a template is kept next to that of modules, and is never that of another template."""

import os
import sys
from pathlib import Path

import pytest

from adam.core import templates


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template in a folder of its own, in a process that writes code."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    path = tmp_path / "page.html.jinja"
    path.write_text("{{ records|count }} records", encoding="utf-8")
    return path


def page(template: Path) -> str:
    """The page of 1,249 records, as another process makes it."""
    templates._environment.cache_clear()
    return templates.render(template, records=1249)


def code(template: Path) -> list[Path]:
    """The files of the code of a template."""
    return sorted(template.parent.glob("__pycache__/*"))


def test_the_code_of_a_template_is_written_once(template: Path) -> None:
    assert page(template) == "1,249 records"
    (file,) = code(template)
    before = file.stat().st_mtime_ns
    assert page(template) == "1,249 records" and file.stat().st_mtime_ns == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_other_users_of_an_installation_can_read_the_code(template: Path) -> None:
    before = os.umask(0o022)
    try:
        page(template)
    finally:
        os.umask(before)
    (file,) = code(template)
    assert oct(file.stat().st_mode & 0o777) == "0o644"


def test_a_template_that_changed_is_compiled_again(template: Path) -> None:
    page(template)
    template.write_text("{{ records|count }} subjects", encoding="utf-8")
    assert page(template) == "1,249 subjects" and len(code(template)) == 1


def test_a_module_that_changed_compiles_the_template_again(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page(template)
    before = code(template)[0].read_bytes()
    monkeypatch.setattr(templates, "_own_source", lambda: "other options")
    assert page(template) == "1,249 records" and code(template)[0].read_bytes() != before


@pytest.mark.parametrize("content", [b"", b"j2", b"other"])
def test_a_file_that_is_no_code_is_replaced(template: Path, content: bytes) -> None:
    page(template)
    whole = code(template)[0].read_bytes()
    damaged = [whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :] for place in range(0, len(whole), 97)]
    for cut in (content, whole[:40], whole[:-10], *damaged):
        code(template)[0].write_bytes(cut)
        assert page(template) == "1,249 records" and code(template)[0].read_bytes() == whole


def test_nothing_is_written_where_python_writes_no_code(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert page(template) == "1,249 records" and code(template) == []


def test_a_folder_that_cannot_be_written_is_no_error(template: Path) -> None:
    (template.parent / "__pycache__").write_text("a file", encoding="utf-8")
    assert page(template) == "1,249 records"
