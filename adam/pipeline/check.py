"""Check a specification: read it, plan it, and bind its checks to the datasets. Only families without a table read records."""

from __future__ import annotations

from pathlib import Path

from adam.pipeline.checks import suites_of
from adam.pipeline.planning import StrPath, plan_with_source
from adam.planning.values.plan import Plan


def check_study(specs: StrPath, sdtm: StrPath | None = None) -> Plan:
    """Check a specification and its `checks:` lines without deriving a dataset.

    Args:
        specs: the folder of the YAML files.
        sdtm: the folder of the source files; with it the specification is checked against their headers.

    Returns:
        The plan of the study. Its `warnings` are findings that do not prevent a build.

    Raises:
        SpecError: the specification has errors; it lists every problem with its line.
        SourceError: the source folder or a file in it cannot be read.

    >>> plan = check_study("tests/study/specs", "tests/study/sdtm")
    >>> len(plan.datasets), plan.warnings
    (3, ())
    """
    planned = plan_with_source(Path(specs), Path(sdtm) if sdtm is not None else None)
    suites_of(planned)
    return planned.plan
