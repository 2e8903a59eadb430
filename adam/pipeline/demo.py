"""Simulate the study that comes with the package and build its submission."""

from __future__ import annotations

from pathlib import Path

from adam.pipeline.build import BuildResult, write_output
from adam.pipeline.creation import creation_moment
from adam.pipeline.derive import Progress, derive_study
from adam.pipeline.planning import StrPath, plan_with_source, read_study
from adam.pipeline.simulate import write_simulation
from adam.pipeline.stopwatch import Stopwatch
from adam.pipeline.temporary import temporary_folder
from adam.specification.layers import standard_layers

STUDY = "true_ad"
COMMAND = "adam demo"


def build_demo(out: StrPath, progress: Progress | None = None) -> BuildResult:
    """Simulate the study that comes with the package with the published counts, and build its submission.

    Args:
        out: the output folder. It is replaced as a whole, or not at all if a check fails; `out/sdtm` has the simulated source files.
        progress: is called with the name of each step, its number, and the number of steps.

    Returns:
        The outcome of the build; `results` has each number beside the published one.

    Raises:
        ExportError: a file cannot be written.
        UsageError: `out` cannot be replaced without loss.
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import require_usable_output  # noqa: PLC0415

    out, specs = Path(out), standard_layers() / STUDY
    require_usable_output(out, specs)
    study = read_study(specs)
    creation_moment(study)
    require_replaceable(out, study.name, COMMAND)
    with temporary_folder() as folder:
        sdtm = folder / "sdtm"
        watch = Stopwatch()
        write_simulation(study, sdtm, exact=True)
        watch.done("simulate")
        planned = plan_with_source(specs, sdtm)
        watch.done("plan")
        return write_output(out, derive_study(planned, progress, watch=watch), COMMAND, sdtm, watch=watch)
