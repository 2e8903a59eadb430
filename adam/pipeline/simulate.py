"""Write the simulated SDTM package of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from adam.pipeline.creation import creation_moment
from adam.pipeline.planning import StrPath, read_study

if TYPE_CHECKING:
    from adam.specification.study import Study

COMMAND = "adam simulate"


def simulate_study(
    specs: StrPath, out: StrPath, subjects: int | None = None, seed: int = 1, *, exact: bool = False, edge_cases: bool = False
) -> dict[str, int]:
    """Write the simulated SDTM package of a study. The same arguments give the same files on any machine.

    Args:
        specs: the folder of the YAML files; the study needs a `simulation:` section.
        out: the folder of the SDTM files; it is replaced as a whole.
        subjects: the number of subjects; by default as many as the study randomised.
        seed: the start of the random numbers.
        exact: reproduce the counts of the study facts exactly instead of on average.
        edge_cases: add one subject for each edge case, and the packages that a build must refuse.

    Returns:
        The number of records of each file.

    Raises:
        SpecError: the specification has errors, or no complete facts for a simulation.
        UsageError: `out` holds other files or what is read, or the number of subjects is below 1.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     counts = simulate_study("specs/true_ad", Path(folder) / "sdtm", subjects=2)
    >>> counts["dm.xpt"]
    2
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import require_usable_output, stage_output  # noqa: PLC0415
    from adam.submission.manifest import write_manifest  # noqa: PLC0415

    specs, out = Path(specs), Path(out)
    require_usable_output(out, specs)
    study = read_study(specs)
    creation_moment(study)
    require_replaceable(out, study.name, COMMAND)
    with stage_output(out) as staging:
        counts = write_simulation(study, staging, subjects=subjects, seed=seed, exact=exact, edge_cases=edge_cases)
        write_manifest(staging, study, {}, dict(study.files), counts)
    return counts


def write_simulation(study: Study, folder: Path, **options: Any) -> dict[str, int]:  # noqa: ANN401  (those of `simulate`)
    """Write the simulated source files of a study to a folder and return the number of records of each."""
    from adam.simulation.simulate import simulate  # noqa: PLC0415
    from adam.submission import write, xpt  # noqa: PLC0415
    from adam.submission.earlier_output import path_inside  # noqa: PLC0415

    counts = {}
    for file in simulate(study, **options):
        path = path_inside(folder, file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xpt":
            counts[file.path] = xpt.write_parts(file.parts, file.dataset, path, creation_moment(study), non_ascii="keep")
        else:
            frame = file.frame()
            write(frame, file.dataset, path, creation_moment(study), non_ascii="keep")
            counts[file.path] = len(frame)
    return counts
