"""What `adam plan` prints: the steps, the plan as JSON, the lineage of a variable, or how two plans differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import adam
from adam.cli.console import write
from adam.core.errors import UsageError

if TYPE_CHECKING:
    from adam.planning.values.plan import Plan


def print_plan(specs: Path, name: str, sdtm: Path | None, depth: int | None, as_json: bool) -> int:
    """Print the plan of a study, the steps of a dataset, or the lineage of a variable; 0.

    Args:
        specs: the folder of the YAML files.
        name: a dataset, or `DATASET.VARIABLE` or `DATASET.PARAMCD.VARIABLE`; blank for the whole plan.
        sdtm: the folder of the source files.
        depth: how many levels of a lineage are printed.
        as_json: print JSON.

    Raises:
        UsageError: there is no such dataset, parameter or variable, or `depth` is not of a lineage.
    """
    if "." in name:
        found = adam.lineage(specs, name, sdtm, depth)
        return _print([each.as_dict() for each in found] if as_json else list(map(str, found)), as_json)
    if depth is not None:
        raise UsageError("--depth limits the lineage of a variable. Add DATASET.VARIABLE.")
    plan = adam.plan(specs, sdtm)
    return _print(_steps_of(plan, name, as_json) if name else _whole(plan, as_json), as_json)


def print_difference(specs: Path, old: Path, name: str, sdtm: Path | None, as_json: bool) -> int:
    """Print how a plan differs from an old one; 0.

    Raises:
        UsageError: a dataset or variable is named, too.
    """
    if name:
        raise UsageError(f"--diff compares whole plans. Leave {name} out.")
    found = adam.difference(old, specs, sdtm)
    return _print(found.as_json() if as_json else list(found.lines()), as_json)


def _whole(plan: Plan, as_json: bool) -> Any:  # noqa: ANN401  (JSON is anything)
    from adam.planning.as_json import PlanJson

    return PlanJson(plan).whole() if as_json else list(map(str, plan.steps))


def _steps_of(plan: Plan, name: str, as_json: bool) -> list[Any]:
    """The steps on the records of a dataset."""
    from adam.planning.as_json import PlanJson
    from adam.planning.lineage import require_dataset

    require_dataset(plan, name)
    steps = [step for step in plan.steps if step.records[0].dataset == name]
    return list(map(PlanJson(plan).step, steps)) if as_json else list(map(str, steps))


def _print(value: Any, as_json: bool) -> int:  # noqa: ANN401
    """Print a value as JSON, or lines."""
    write(json.dumps(value, indent=2, ensure_ascii=False) if as_json else "\n".join(value))
    return 0
