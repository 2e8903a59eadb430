"""A formula of a dataset that a parameter replaces: the dataset's formula then holds for the other parameters."""

from __future__ import annotations

from collections.abc import Mapping

from adam.expressions.parse import parse
from adam.expressions.tree import Both, Expr, Missing
from adam.specification.models import Attributes, Parameter, Value, Variable

ELSEWHERE = {"PARAMETER", "WINDOW"}
"""Lines of a dataset that are not formulas."""
IDENTIFIES = {"PARAM", "PARAMCD", "PARAMN"}
"""The variables that identify a parameter, which no formula of a parameter may give."""
OF_PARAMETER = Value(parse("PARAMETER"))

Variables = Mapping[str, Variable]
Parameters = Mapping[str, Parameter]


def with_own_formulas(variables: Variables, parameters: Parameters) -> tuple[dict[str, Variable], dict[str, Parameter]]:
    """The variables and the parameters of a dataset, so that each formula of a parameter is used.

    Where a parameter has `missing`, the dataset's formula gets the condition that PARAMCD is another one. Where it has any other formula,
    the line of the dataset becomes PARAMETER, and each parameter without a formula of its own gets that of the dataset. Where each parameter
    has its own, nothing changes, and the plan reports the line of the dataset.
    """
    lines, found = dict(variables), dict(parameters)
    for name, line in variables.items():
        owners = [code for code, parameter in parameters.items() if name in parameter.variables]
        if not owners or len(owners) == len(parameters) or name in IDENTIFIES or not _is_formula(line):
            continue
        if all(_is_missing(parameters[code].variables[name]) for code in owners):
            lines[name] = line.model_copy(update={"where": _except(line, owners)})
            found |= {code: _without(found[code], name) for code in owners}
            continue
        lines[name] = line.model_copy(update={"formula": OF_PARAMETER, "where": None, "allow_empty": False})
        general = Variable(name=name, formula=line.formula, where=line.where, allow_empty=line.allow_empty, mark=line.mark)
        for code in [code for code in parameters if code not in owners]:
            found[code] = found[code].model_copy(update={"variables": {**found[code].variables, name: general}})
    return lines, found


def _is_formula(line: Variable) -> bool:
    bare = line.formula.expr.bare if isinstance(line.formula, Value) else None
    return line.formula is not None and str(bare) not in ELSEWHERE


def _is_missing(own: Variable) -> bool:
    """Whether a formula of a parameter is `missing`, without a condition or attributes of its own."""
    stated = [key for key in Attributes.model_fields if getattr(own, key)]
    return isinstance(own.formula, Value) and isinstance(own.formula.expr.root, Missing) and own.where is None and not stated


def _without(parameter: Parameter, name: str) -> Parameter:
    return parameter.model_copy(update={"variables": {key: each for key, each in parameter.variables.items() if key != name}})


def _except(line: Variable, codes: list[str]) -> Expr:
    """The condition of a line, and that the parameter is none of `codes`."""
    listed = ", ".join(f'"{code}"' for code in codes)
    other = parse(f'PARAMCD != "{codes[0]}"' if len(codes) == 1 else f"PARAMCD not in ({listed})", line.mark)
    if line.where is None:
        return other
    return Expr(f"({line.where}) and {other}", Both("and", (line.where.root, other.root)), line.where.mark)
