"""The page of messages: every code with a line that brings it about and what is said. `python -m tests.specification.page > docs/messages.md`."""

import re
from pathlib import Path

BAD = Path(__file__).parent / "bad"
LINE = re.compile(r"bad/(?P<file>[\w-]+\.yaml):(?:(?P<line>\d+):\d+:)? (?P<text>.*) \[(?P<code>[a-z-]+)\]")
HEAD = """# Messages

Made from the files of `tests/spec/bad`: each has a fault, and beside it stands exactly what is said of it. A message says where the fault is,
what is wrong and, where it can be known, what would be right; its code, in brackets at its end, is also a key of `--json`. All faults
of a study are told at once, before any data are read, and end a command with exit code 2.

Codes that begin with `yaml-` are of the YAML itself, `expr-` of an expression, `spec-` of the specification, `source-` of what the data lack.
"""


def examples() -> dict[str, tuple[str, str]]:
    """For each code the first line of the files that brings it about, and the message."""
    found: dict[str, tuple[str, str]] = {}
    for told in sorted(BAD.glob("*.txt")):
        case = told.with_suffix(".yaml").read_bytes().decode("utf-8", "replace").splitlines()
        for match in LINE.finditer(told.read_text(encoding="utf-8")):
            line = int(match["line"] or len(case) + 1)
            said = case[line - 1].strip() if line <= len(case) else "# a file with nothing in it"
            found.setdefault(match["code"], (said, match["text"]))
    return dict(sorted(found.items()))


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    parts += [f"\n## {code}\n\n```yaml\n{line}\n```\n\n{text}\n" for code, (line, text) in examples().items()]
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
