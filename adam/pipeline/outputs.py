"""Use an output folder after a build: verify it, package it, run CDISC CORE on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adam.pipeline.planning import StrPath

if TYPE_CHECKING:
    from adam.submission.conform import ConformanceReport
    from adam.submission.verify import Difference


@dataclass(frozen=True)
class VerificationResult:
    """How an output folder compares with its manifest.

    Attributes:
        files: the number of files that the manifest lists.
        differences: every file that differs.
        left_out: the kinds of files that the build did not write: `json`, `documents`, `report`.
    """

    files: int
    differences: tuple[Difference, ...]
    left_out: tuple[str, ...] = ()


def verify_output(out: StrPath) -> VerificationResult:
    """Compare an output folder with its manifest. The rejected datasets in it are not compared.

    Args:
        out: the folder that a build, a simulation or a package wrote.

    Returns:
        The files that are missing, changed or not listed; none if the folder is unchanged.

    Raises:
        UsageError: the folder has no manifest of adamsmith.
    """
    from adam.submission.manifest import kinds_left_out  # noqa: PLC0415
    from adam.submission.verify import require_manifest, verify  # noqa: PLC0415

    body = require_manifest(Path(out))
    return VerificationResult(len(body["outputs"]), tuple(verify(Path(out))), kinds_left_out(body))


def package_output(out: StrPath, to: StrPath, *, dataset_json: bool = False) -> list[Difference]:
    """Copy the datasets, define.xml, the guide, the programs and the specification of an output into the folders of module 5.

    Args:
        out: the output folder of a build.
        to: the folder that gets `m5`; what an earlier package left in it is replaced as a whole.
        dataset_json: package the Dataset-JSON files instead of the transport files.

    Returns:
        The files of `out` that differ from its manifest. If there are any, nothing is packaged.

    Raises:
        UsageError: the output has no manifest or no datasets, a name is not valid in module 5, or `to` holds other files.
    """
    from adam.submission.package import package  # noqa: PLC0415

    return package(Path(out), Path(to), dataset_json=dataset_json)


def conform_output(out: StrPath, core: str) -> ConformanceReport:
    """Run CDISC CORE on the datasets and define.xml of an output.

    Args:
        out: the output folder of a build.
        core: the command that runs CORE in its own environment, as in a shell (docs/conform_core.md).

    Returns:
        How each rule ended; `good` is True if rules were run and all of them passed.

    Raises:
        UsageError: the output has no datasets, or the command cannot be run or writes no report.
    """
    from adam.submission.conform import conform  # noqa: PLC0415

    return conform(Path(out), core)
