"""The page of messages: each code with a line that causes it and its message. `python -m tests.specification.page > docs/messages.md`."""

import re
from pathlib import Path

BAD = Path(__file__).parent / "bad"
LINE = re.compile(r"bad/(?P<file>[\w-]+\.yaml):(?:(?P<line>\d+):\d+:)? (?P<text>.*) \[(?P<code>[a-z-]+)\]")
HEAD = """# Messages

Look up the code at the end of a message, in brackets, to see a line that causes it.

A message has three parts: the place (`file:line:column`, then the dataset and variable), what is wrong
and what was expected, and what to write instead. The code is also a key of `--json`. All errors of a
specification are reported at once, before any data are read, and the command ends with exit code 2.
While a file, a table or a family of parameters cannot be read, only errors of reading are reported.

| codes | about |
|---|---|
| `yaml-...` | the text of a YAML file |
| `expr-...` | the text of an expression |
| `spec-...` | the specification: names, kinds, attributes, arguments |
| `source-...` | domains and variables that the source data do not have |
"""


def examples() -> dict[str, tuple[str, str]]:
    """For each code the first line of the files that causes it, and its message."""
    found: dict[str, tuple[str, str]] = {}
    for expected in sorted(BAD.glob("*.txt")):
        case = expected.with_suffix(".yaml").read_bytes().decode("utf-8", "replace").splitlines()
        for match in LINE.finditer(expected.read_text(encoding="utf-8")):
            line = int(match["line"] or len(case) + 1)
            source = case[line - 1].strip() if line <= len(case) else "# a file with nothing in it"
            found.setdefault(match["code"], (source, match["text"]))
    return dict(sorted(found.items()))


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    parts += [f"\n## {code}\n\n```yaml\n{line}\n```\n\n{text}\n" for code, (line, text) in examples().items()]
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
