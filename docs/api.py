"""The page of the Python functions, generated from their signatures and docstrings: `python -m docs.api > docs/python.md`."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable

import adam

WIDTH = 98
PART = re.compile(r"^(Args|Attributes|Returns|Raises):$\n((?:^(?:    .*)?$\n?)*)", re.MULTILINE)
ENTRY = re.compile(r"^(\w+(?:, \w+)*): ", re.MULTILINE)
EXAMPLE = re.compile(r"^>>> ", re.MULTILINE)
HEAD = """# Python functions

Generated from the code; `help(adam.build)` prints one.

`import adam` has one function for each command. A `StrPath` is a text or a `pathlib.Path`. What goes
wrong is an `AdamError` with a message that states what to do.
"""


def api_page() -> str:
    """The page of the public functions and classes, as Markdown: `docs/python.md`."""
    functions = [name for name in adam.__all__ if inspect.isfunction(getattr(adam, name))]
    classes = [name for name in adam.__all__ if inspect.isclass(getattr(adam, name))]
    parts = [HEAD, "| function | does |\n|---|---|", *(f"| [{name}](#{name}) | {_summary(name)} |" for name in functions), ""]
    parts += ["## Each function\n", *(_function(name) for name in functions)]
    parts += ["## Results and errors\n", *(f"### {name}\n\n{_documentation(name)}" for name in classes)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _summary(name: str) -> str:
    return _text(getattr(adam, name)).split("\n\n")[0].replace("\n", " ").removesuffix(".").replace("|", r"\|")


def _text(value: Callable[..., object]) -> str:
    return inspect.getdoc(value) or ""


def _function(name: str) -> str:
    """The heading, the signature and the documentation of a function."""
    signature = inspect.signature(getattr(adam, name))
    arguments: list[str] = []
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in arguments:
            arguments.append("*")
        arguments.append(f"{each.name}: {each.annotation}" + ("" if each.default is each.empty else f" = {each.default!r}"))
    line = f"{name}({', '.join(arguments)}) -> {signature.return_annotation}"
    if len(line) > WIDTH:
        line = "\n".join([f"{name}(", *(f"    {each}," for each in arguments), f") -> {signature.return_annotation}"])
    return f"### {name}\n\n```python\n{line}\n```\n\n{_documentation(name)}"


def _documentation(name: str) -> str:
    """The docstring of a function or class, with its parts as lists."""
    value = getattr(adam, name)
    text, *examples = EXAMPLE.split(_text(value), maxsplit=1)
    prose = "\n\n".join(_filled(each) for each in PART.sub("", text).split("\n\n") if each.strip())
    parts = [prose, *(_part(title, body) for title, body in PART.findall(text))]
    if examples:
        parts.append(f"```pycon\n{_example('>>> ' + examples[0].rstrip())}\n```")
    return "\n\n".join(parts) + "\n"


def _example(code: str) -> str:
    """An example of a module as a user of the package writes it: with public names, and with the imports of the module."""
    lines = [line for line in code.splitlines() if not line.startswith(">>> from adam.")]
    public = "\n".join(lines)
    for name in adam.__all__:
        public = re.sub(rf"\b{getattr(adam, name).__name__}\(", f"adam.{name}(", public)
    return ">>> from pathlib import Path\n" + public if "Path(" in public else public


def _part(title: str, body: str) -> str:
    """One part of a docstring: a list of names, or a sentence."""
    body = textwrap.dedent(body).strip()
    heading = {"Args": "Arguments"}.get(title, title)
    if title == "Returns":
        return _filled(f"**{heading}**: {body}")
    entries = [_filled(f"- `{name}`: {text}", indent="  ") for name, text in _entries(body)]
    return "\n".join([f"**{heading}**", "", *entries])


def _entries(body: str) -> list[tuple[str, str]]:
    _, *found = ENTRY.split(body)
    return list(zip(found[::2], found[1::2], strict=True))


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    sys.stdout.write(api_page())
