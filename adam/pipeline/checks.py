"""Check datasets: the suites of a study and the conformance rules, then its waivers. Built and validated datasets take the same path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from adam.core.errors import Finding
from adam.core.stored import StoredRecords
from adam.pipeline.planning import PlannedStudy, collected_variables
from adam.planning.values import ResolvedDataset, ResolvedStudy

if TYPE_CHECKING:
    from adam.pipeline.part import PartResult
    from validation.delivery import Delivery
    from validation.rule import Suite

Frames = Mapping[str, pd.DataFrame]
Stored = Mapping[str, StoredRecords]
LABEL_RULE = "AD0018"
"""The conformance rule on the labels of variables, which the reading of a specification checks too."""


def suites_of(planned: PlannedStudy, datasets: Mapping[str, ResolvedDataset] | None = None) -> tuple[Suite, ...]:
    """The suite of each dataset of a plan.

    Args:
        planned: the plan and its source; a check that reads a collected variable needs the source to be verified.
        datasets: the resolved datasets, if files complete what the plan has.

    Raises:
        SpecError: the checks of the study have errors.
    """
    from validation.suite import suites  # noqa: PLC0415

    return suites(planned.plan.study, datasets or planned.plan.datasets, collected_variables(planned.source))


def variables_of_checks(suites: tuple[Suite, ...]) -> tuple[Mapping[str, set[str]], ...]:
    """The collected variables by domain that the suites and the conformance rules read."""
    from validation.conformance.run_conformance import source_variables  # noqa: PLC0415
    from validation.suite import needs  # noqa: PLC0415

    return needs(suites), source_variables()


def run_checks(
    suites: tuple[Suite, ...], package: Delivery, frames: Frames, earlier: Iterable[Finding], names: Collection[str], only: Collection[str] = ()
) -> list[Finding]:
    """All findings on the datasets of a package; those that a waiver of the study explains are marked.

    Args:
        suites: the suites to run on `frames`.
        package: the datasets for the conformance rules, and the collected records.
        frames: the records of each dataset with the variables its suite reads.
        earlier: findings from reading and deriving, which waivers can explain too.
        names: the datasets that are checked.
        only: the datasets on which the conformance rules report; without any all of the package.
    """
    from validation.conformance.run_conformance import run_conformance  # noqa: PLC0415
    from validation.run_suites import run_suites  # noqa: PLC0415

    conformance = [finding for finding in run_conformance(package) if not only or finding.dataset in ("", *only)]
    return _explained(earlier, run_suites(suites, frames, package.sources), conformance, package.study, names)


def findings_of_parts(
    suites: tuple[Suite, ...], parts: Sequence[PartResult], package: Delivery, datasets: Stored, sources: Stored, earlier: Iterable[Finding]
) -> list[Finding]:
    """All findings on the datasets of a package that was checked in parts; those that a waiver of the study explains are marked.

    Args:
        suites: the suites that were run on the parts.
        parts: what the checks answered, in the order of the subjects.
        package: the datasets for the conformance rules, with the attributes of their files and without records.
        datasets: the records of each dataset.
        sources: the collected records of each domain.
        earlier: findings from reading and deriving, which waivers can explain too.
    """
    from validation.conformance.run_conformance import conformance_findings  # noqa: PLC0415
    from validation.run_suites import answers_to_findings  # noqa: PLC0415

    conformance = conformance_findings(package, [each.conformance for each in parts], datasets, sources)
    of_suites = answers_to_findings(suites, [each.answers for each in parts], datasets, sources)
    return _explained(earlier, of_suites, conformance, package.study, package.datasets)


def _explained(
    earlier: Iterable[Finding], suites: Iterable[Finding], conformance: Collection[Finding], study: ResolvedStudy, names: Collection[str]
) -> list[Finding]:
    from validation.waivers import explained  # noqa: PLC0415

    return explained([*_once(earlier, conformance), *suites, *conformance], study, names)


def _once(earlier: Iterable[Finding], conformance: Iterable[Finding]) -> list[Finding]:
    """The earlier findings, less those on a label of the specification that a conformance rule reports for the variable in the dataset."""
    labels = {(finding.dataset, finding.variable) for finding in conformance if finding.id == LABEL_RULE}
    return [
        each
        for each in earlier
        if not (each.id == "spec-standard" and each.message.startswith("The label ") and (each.dataset, each.variable) in labels)
    ]
