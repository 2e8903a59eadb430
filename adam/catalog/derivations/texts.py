"""Texts made of texts."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.contract import Contract, ExpectedCase, Families, LengthOf
from adam.catalog.derivation import Text, derivation
from adam.catalog.prose import Prose, joined
from adam.core.kinds import is_missing
from adam.expressions.tree import Both, Call, Expr, Literal, Node


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    return f"{joined([prose.part(each) for each in arguments.of])} joined by {prose.term(arguments.by)}; blank values are left out."


def _length(arguments: Any, length_of: LengthOf) -> int | None:  # noqa: ANN401
    sizes = [length_of(each) for each in arguments.of]
    known = [size for size in sizes if size is not None]
    return sum(known) + len(arguments.by.encode()) * (len(known) - 1) if len(known) == len(sizes) else None


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    """One expression: each text, followed by the separator where it is not blank and some later text is not."""
    texts: list[Node] = [each.root for each in arguments.of]
    parts: list[Node] = []
    for place, text in enumerate(texts):
        parts.append(text)
        later = texts[place + 1 :]
        if later and arguments.by:
            blank_after = [_missing(each) for each in later]
            last = blank_after[0] if len(blank_after) == 1 else Both("and", tuple(blank_after))
            parts.append(Call("if_else", (Both("or", (_missing(text), last)), Literal(""), Literal(arguments.by))))
    root = Call("concat", tuple(parts))
    return (ExpectedCase(None, Expr(str(root), root)),)


def _missing(node: Node) -> Node:
    return Call("missing", (node,))


@derivation(Contract(_method, text_length=_length, expected_cases=_cases))
def concatenate(of: Annotated[list[Text], Field(min_length=1)], *, by: str) -> Text:
    """Return texts joined by a separator; blank texts are left out.

    Missing: blank where all texts are blank.
    Source: SAS catx.

    YAML:
        TRTSEQP: {concatenate: {of: [TRT01P, TRT02P], by: " / "}}

    >>> concatenate([pd.Series(["A", ""], dtype="str"), pd.Series(["B", "C"], dtype="str")], by=" / ").tolist()
    ['A / B', 'C']
    """
    result = of[0]
    for text in of[1:]:
        both = ~is_missing(result).to_numpy() & ~is_missing(text).to_numpy()
        result = result + pd.Series(np.where(both, by, ""), index=text.index, dtype="str") + text
    return result
