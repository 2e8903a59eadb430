"""Read a plan: where a variable comes from, and how one plan differs from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adam.pipeline.planning import StrPath, plan_study

if TYPE_CHECKING:
    from adam.planning.difference import Difference
    from adam.planning.lineage import Ancestor


def trace_variable(specs: StrPath, name: str, sdtm: StrPath | None = None, depth: int | None = None) -> list[Ancestor]:
    """Find where a variable comes from, down to the collected variables.

    Args:
        specs: the folder of the YAML files.
        name: `DATASET.VARIABLE`, or `DATASET.PARAMCD.VARIABLE` for one parameter.
        sdtm: the folder of the source files; with it the plan is checked against their headers.
        depth: how many levels below the variable are returned; all by default.

    Returns:
        One entry for each variable, from the top down, with its method and its line of the specification.

    Raises:
        SpecError: the specification has errors; it lists every problem with its line.
        SourceError: the source folder or a file in it cannot be read.
        UsageError: the study has no such variable.

    >>> for ancestor in trace_variable("tests/study/specs", "ADSL.TRTSDT", depth=1):
    ...     print(ancestor.depth, ancestor.name)
    0 ADSL.TRTSDT
    1 EX.STDT
    """
    from adam.planning.lineage import lineage  # noqa: PLC0415

    return lineage(plan_study(specs, sdtm), name, depth)


def compare_plans(old: StrPath, new: StrPath, sdtm: StrPath | None = None) -> Difference:
    """Compare two specifications: what was added, removed or changed, and every variable that a change reaches.

    Args:
        old: the folder of the YAML files as they were.
        new: the folder of the YAML files as they are.
        sdtm: the folder of the source files; with it both plans are checked against their headers.

    Returns:
        The entries that differ, with old and new values, and the variables of the new plan that read them.

    Raises:
        SpecError: a specification has errors; it lists every problem with its line.
        SourceError: the source folder or a file in it cannot be read.

    >>> compare_plans("tests/study/specs", "tests/study/specs").entries
    ()
    """
    from adam.planning.difference import difference  # noqa: PLC0415

    return difference(plan_study(old, sdtm), plan_study(new, sdtm))
