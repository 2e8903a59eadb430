"""Whether the programs of results can have an expression: R and SAS must both evaluate it as ours does."""

from __future__ import annotations

from collections.abc import Mapping

from adam.core.kinds import ValueKind
from adam.expressions.to_r import ToR
from adam.expressions.to_sas import ToSas
from adam.expressions.translation import Kinds
from adam.expressions.tree import Expr


def require_translatable(expr: Expr, kind: ValueKind, kinds: Kinds, constants: Mapping[str, object]) -> None:
    """Check that R and SAS programs can evaluate an expression.

    Args:
        expr: an expression without errors.
        kind: its kind.
        kinds: the kind of each variable.
        constants: the constants of the study, for STUDY.X.

    Raises:
        Untranslatable: they cannot evaluate a part of it.
    """
    for translation in (ToR(kinds, constants), ToSas(kinds, constants)):
        if kind is ValueKind.CONDITION:
            translation.condition(expr.root)
        else:
            translation.value(expr.root)
