"""The m5 folders of a submission, from a verified output: `m5/datasets/<study>/analysis/adam/{datasets,programs}`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from adam.core.errors import UsageError
from adam.submission.earlier_output import require_replaceable
from adam.submission.folder import stage_output
from adam.submission.manifest import save_manifest, sha256_of
from adam.submission.submission import ADAM, SPECS
from adam.submission.verify import Difference, require_manifest, verify

STUDY_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""The folder names that an eCTD allows."""
PLACES = {ADAM: "datasets", SPECS: "programs"}
"""The folder of module 5 for each folder of an output."""


def package(out: Path, to: Path) -> list[Difference]:
    """Copy the datasets, define.xml, the guide and the specification of an output into the folders of module 5, with the manifest.

    Args:
        out: the output of a run.
        to: the folder for `m5`; an earlier package in it is replaced.

    Returns:
        The differences between the output and its manifest; if there are any, nothing is packaged.

    Raises:
        UsageError: the output has no manifest or no datasets, the name of the study is not a valid folder name, or `to` has files that
            adamsmith did not write.
    """
    body = require_manifest(out)
    study = str(body.get("study", ""))
    if not STUDY_FOLDER.fullmatch(study.lower()):
        raise UsageError(
            f"The study '{study.lower()}' cannot name a folder of module 5. Use a study name of at most 64 letters, digits, - and _ in study.yaml"
        )
    if to.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(to.resolve()):
        raise UsageError(f"{to} and {out} are inside each other. Name a folder outside the output for --to")
    differences = verify(out)
    if differences:
        return differences
    places = {name: PLACES[name.split("/")[0]] for name in body["outputs"] if name.split("/")[0] in PLACES}
    if "datasets" not in places.values():
        raise UsageError(f"{out} has no datasets. Name the output of adam build")
    require_replaceable(to, study, "adam package", [Path(name).stem.upper() for name in places if name.endswith(".xpt")])
    root = Path("m5") / "datasets" / study.lower() / "analysis" / "adam"
    with stage_output(to) as staging:
        targets = {name: root / place / name.split("/", 1)[1] for name, place in sorted(places.items())}
        for name, target in targets.items():
            _copy(out / name, staging / target, name, body["outputs"][name])
        save_manifest(staging, {**body, "outputs": {target.as_posix(): body["outputs"][name] for name, target in targets.items()}})
    return []


def _copy(source: Path, target: Path, name: str, sha256: str) -> None:
    """Copy a file.

    Raises:
        UsageError: the copy does not have the expected sha256.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if sha256_of(target) != sha256:
        raise UsageError(f"{name} changed while it was packaged. Run the command again")
