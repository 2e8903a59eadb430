"""The reference pages of derivations and record rules, generated from their signatures and docstrings.

`python -m adam.catalog.pages docs` writes these pages and that of the functions into the folder `docs`.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adam.catalog.derivation import Reach, role_of
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.function_pages import functions_page
from adam.catalog.record_rules import RECORD_RULES
from adam.core.errors import UsageError, suggestion
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr

WIDTH = 98
NOTES = re.compile(r"^(Units|Missing|Errors|Source): ", re.MULTILINE)
ROLES = {"order": "order list", "within": "list of names", "family": "name with xx", "each": "list of expressions"}
TYPES: dict[Any, str] = {int: "whole number", float: "number", bool: "true or false", str: "text", Expr: "expression"}
READS = {
    Reach.RECORD: "Reads the record.",
    Reach.RECORDS: "Reads the records of one source, of one parameter, or of this dataset with `within`.",
    Reach.ALONG: "Reads the records of this dataset, within subject.",
}


def summaries() -> dict[str, str]:
    """Every derivation with the first line of its documentation."""
    return {name: known.summary for name, known in sorted(DERIVATIONS.items())}


def described(name: str) -> str:
    """The arguments and the documentation of one derivation.

    Raises:
        UsageError: no derivation has the name.
    """
    known = DERIVATIONS.get(name)
    if known is None:
        raise UsageError(f"there is no derivation '{name}'{suggestion(name, DERIVATIONS)}")
    arguments = [f"{key}{'' if field.is_required() else ' (optional)'}" for key, field in known.model.model_fields.items()]
    return f"{name}: {', '.join(arguments)}\n\n{inspect.getdoc(known.function)}"


def derivations_page() -> str:
    """The page of all derivations, as Markdown: `docs/derivations.md`."""
    parts = ["# Derivations", "", "Generated from the code; `adam derivations NAME` prints one.", ""]
    for name, known in sorted(DERIVATIONS.items()):
        hints = {**known.hints, **({"within": Annotated[Any, "within"]} if "within" in known.model.model_fields else {})}
        parts += _section(name, inspect.getdoc(known.function) or "", known.model, hints, READS[known.looks])
    return "\n".join(parts).rstrip() + "\n"


def record_rules_page() -> str:
    """The page of all record rules, as Markdown: `docs/record_rules.md`."""
    parts = ["# Record rules", "", "How the records of a parameter are created. Generated from the code.", ""]
    for name, rule in sorted(RECORD_RULES.items()):
        blocks = " and ".join(f"`{block}:`" for block in rule.places)
        use = f"An entry of {blocks}. Its records are given {', '.join(rule.gives)}."
        parts += _section(name, inspect.getdoc(rule) or "", rule.model, get_type_hints(rule.model, include_extras=True), use)
    return "\n".join(parts).rstrip() + "\n"


def _section(name: str, documentation: str, model: type[BaseModel], hints: Mapping[str, Any], use: str) -> Iterator[str]:
    """A heading, the text, a table of arguments, the notes and the example."""
    text, _, example = documentation.split(">>>")[0].partition("YAML:\n")
    body, *notes = NOTES.split(text.strip())
    yield from (f"## {name}", "")
    for paragraph in body.strip().split("\n\n"):
        yield from (*_wrapped(paragraph.replace("\n", " ")), "")
    yield from (*_wrapped(use), "", "| argument | kind | required |", "|---|---|---|")
    for field, info in model.model_fields.items():
        yield f"| `{info.alias or field}` | {kind_text(hints.get(field, info.annotation))} | {'yes' if info.is_required() else _default(info)} |"
    yield ""
    for label, note in zip(notes[::2], notes[1::2], strict=True):
        yield from _wrapped(f"- **{label}**: {' '.join(note.split())}", "  ")
    yield from ("", "```yaml", textwrap.dedent(example).strip(), "```", "")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _default(info: FieldInfo) -> str:
    return "no" if info.default in (None, [], (), "") else f"no; default `{info.default}`"


def kind_text(annotation: Any) -> str:  # noqa: ANN401  (an annotation can be anything)
    """The kind of an argument, as a reader of the page calls it.

    >>> kind_text(list[str]), kind_text(int | None)
    ('list of text', 'whole number')
    """
    role = role_of(annotation)
    if role is not None:
        return "expression" if role is ValueKind.ANY else ROLES.get(role, str(role))
    origin, inner = get_origin(annotation), [each for each in get_args(annotation) if each is not type(None)]
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inner)
    if origin in (Annotated, Union, UnionType):
        return kind_text(inner[0])
    if origin in (list, tuple):
        return f"list of {kind_text(inner[0])}"
    if origin is dict:
        return "mapping"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"block of {', '.join(f'`{info.alias or field}`' for field, info in annotation.model_fields.items())}"
    return TYPES.get(annotation, "value")


if __name__ == "__main__":
    Path(sys.argv[1], "derivations.md").write_text(derivations_page(), encoding="utf-8")
    Path(sys.argv[1], "functions.md").write_text(functions_page(), encoding="utf-8")
    Path(sys.argv[1], "record_rules.md").write_text(record_rules_page(), encoding="utf-8")
