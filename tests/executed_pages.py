"""Pages that a test runs as a reader does: it saves their files, runs their commands, and compares what they print.

On a page

- "Save as `PATH`:" before a block writes the file, "Append to `PATH`:" adds to it;
- a block `sh` holds commands and a block `python` holds code; both run in one folder, from top to bottom;
- a block `text` directly after one of these shows what it prints;
- a block of any other language is not run.

`python -m tests.executed_pages PAGE ...` writes the current output into the pages.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from adam.cli.commands import main

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorial.md"
GUIDE = tuple(path for path in sorted((ROOT / "docs" / "guide").glob("*.md")) if path.stem != "index")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(Save as|Append to) `([^`]+)`:\s*$")
WIDTH = 98


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: its language, its text, the file it is for, and where its text is in the page."""

    language: str
    text: str
    start: int
    end: int
    file: str = ""
    appended: bool = False


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = []
    for match in BLOCK.finditer(page):
        file = FILE.search(page[: match.start()])
        path, appended = (file[2], file[1] == "Append to") if file else ("", False)
        found.append(Block(match[1], match[2], match.start(2), match.end(2), path, appended))
    return found


def save(block: Block) -> None:
    """Write the file of a block into the current folder."""
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if block.appended else ""
    path.write_text(before + block.text, encoding="utf-8")


class Session:
    """What the commands and the code of one page share: the last exit code and the names."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}
        self.exit_code = 0
        self.printed = ""

    def output(self, block: Block) -> str:
        """Run a block; what it prints."""
        if block.language == "python":
            return self.code(block.text)
        return "".join(self.command(line) for line in block.text.replace("\\\n", " ").splitlines() if line.strip())

    def code(self, text: str) -> str:
        """Run Python code; an error shows what the last command printed."""
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(text, "page", "exec"), self.names)
        except Exception as error:
            raise AssertionError(f"{text}failed: {error}\nThe command before it printed:\n{self.printed}") from error
        return printed.getvalue()

    def command(self, line: str) -> str:
        """Run one command; `adam` runs in this process, which saves its start."""
        if line == "echo $?":
            return f"{self.exit_code}\n"
        if line.startswith("adam "):
            result = CliRunner().invoke(main, line.split()[1:])
            self.exit_code, self.printed = result.exit_code, result.output
            return self.printed
        done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
        self.exit_code = done.returncode
        return done.stdout + done.stderr


def wrapped(text: str) -> str:
    """Printed text with its long lines broken for the page."""
    return "".join(f"{broken(line).rstrip()}\n" for line in text.splitlines())


def broken(line: str) -> str:
    """One line, broken at blanks where it is too long; what follows is indented."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def executed(page: str) -> str:
    """A page with the output its blocks print now. The current folder holds the files of the reader."""
    session, pieces, end = Session(), [], 0
    found = blocks(page)
    for number, block in enumerate(found):
        if block.file:
            save(block)
        elif block.language in ("sh", "python"):
            printed = wrapped(session.output(block))
            shown = found[number + 1] if number + 1 < len(found) and found[number + 1].language == "text" else None
            if shown is not None:
                pieces += [page[end : shown.start], printed]
                end = shown.end
            elif session.exit_code:
                raise AssertionError(f"{block.text}ended with exit code {session.exit_code}:\n{printed}")
    return "".join([*pieces, page[end:]])


def prepare(page: Path) -> None:
    """Lay the files of the tutorial, which the guide continues, into the current folder as the tutorial leaves them."""
    session = Session()
    for block in blocks(TUTORIAL.read_text(encoding="utf-8")) if page != TUTORIAL else ():
        if block.file:
            save(block)
        elif block.language == "sh":
            for line in [line for line in block.text.splitlines() if line.startswith("sed ")]:
                session.command(line)


@contextlib.contextmanager
def reader_folder() -> Iterator[None]:
    """An empty current folder."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)


def current(page: Path) -> str:
    """The text of a page with the output of today."""
    text = page.read_text(encoding="utf-8")
    with reader_folder():
        prepare(page)
        return executed(text)


if __name__ == "__main__":
    for name in sys.argv[1:] or [TUTORIAL, *GUIDE]:
        path = Path(name).resolve()
        path.write_text(current(path), encoding="utf-8")
