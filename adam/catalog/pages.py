"""The catalogue of derivations, from their signatures and docstrings."""

from __future__ import annotations

import inspect

from adam.catalog.derivations import DERIVATIONS
from adam.core.errors import UsageError, suggestion


def summaries() -> dict[str, str]:
    """Every derivation with the first line of its documentation."""
    return {name: known.summary for name, known in sorted(DERIVATIONS.items())}


def described(name: str) -> str:
    """What one derivation does: its arguments and its documentation.

    Raises:
        UsageError: there is none of that name.
    """
    known = DERIVATIONS.get(name)
    if known is None:
        raise UsageError(f"there is no derivation '{name}'{suggestion(name, DERIVATIONS)}")
    arguments = [f"{key}{'' if field.is_required() else ' (optional)'}" for key, field in known.model.model_fields.items()]
    return f"{name}: {', '.join(arguments)}\n\n{inspect.getdoc(known.function)}"


def page() -> str:
    """The reference page of all derivations, as Markdown: `docs/derivations.md`."""
    parts = ["# Derivations", "", "Made from the docstrings; `adam derivations NAME` prints one.", ""]
    for name in sorted(DERIVATIONS):
        text = described(name).split("\n\n", 1)
        parts += [f"## {name}", "", f"`{text[0]}`", "", "```text", text[1], "```", ""]
    return "\n".join(parts)
