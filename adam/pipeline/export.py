"""The files of the datasets of a build. Workers write them, and describe the datasets for the report, while this process checks the datasets."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.output_kinds import KINDS, REPORT
from adam.pipeline.creation import creation_moment
from adam.pipeline.run import Run
from adam.pipeline.workers import ThisProcess, Work, Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from adam.pipeline.derive import DerivedStudy
    from adam.report.page import DatasetSummary
    from adam.submission.dataset_files import DatasetFiles, Digests, FileTask, FileWork, Results

FOLDER = "files"


@dataclass
class Export:
    """How the datasets of a build are exported.

    Attributes:
        kinds: the kinds of files to write.
        ndjson: write Dataset-JSON as `.ndjson`, one record in each line, instead of `.json`.
        run: the workers that write the files; without it this process does.
    """

    kinds: Collection[str] = tuple(KINDS)
    ndjson: bool = False
    run: Run | None = None
    _early: DatasetFiles | None = field(default=None, init=False)
    _described: Work[DatasetSummary] | None = field(default=None, init=False)

    def begin(self, derived: DerivedStudy) -> None:
        """Begin to write the files in the scratch folder and to describe the datasets, if workers can do so while the datasets are checked.

        Args:
            derived: the datasets, whose checks may still find errors. Nothing is in the output before they have passed.
        """
        if self.run is not None and self.run.workers.parallel:
            self._early = self._begun(derived, self.run.scratch.folder(FOLDER), self.run.workers)
            if REPORT in self.kinds:
                from adam.report.page import describe_dataset  # noqa: PLC0415

                described = [(derived.datasets[name], records) for name, records in derived.records.items()]
                self._described = self.run.workers.begin(describe_dataset, derived.study, described)

    def described(self) -> dict[str, DatasetSummary]:
        """The datasets as the report shows them, if workers have described them."""
        return {each.dataset.name: each for each in self._described.results()} if self._described is not None else {}

    def files(self, derived: DerivedStudy, staging: Path) -> DatasetFiles:
        """The files; they are written in the folder that becomes the output if they were not begun before."""
        return self._early or self._begun(derived, staging, self.run.workers if self.run is not None else ThisProcess())

    def give_up(self) -> None:
        """End the work on the files and remove them, because a check failed."""
        if self._early is not None and self.run is not None:
            self.run.end_workers()
            shutil.rmtree(self._early.work.folder, ignore_errors=True)
            self._early = self._described = None

    def _begun(self, derived: DerivedStudy, folder: Path, workers: Workers) -> DatasetFiles:
        from adam.submission.dataset_files import begin_datasets  # noqa: PLC0415

        study = derived.plan.study

        def begin(write: Callable[[FileWork, FileTask], Digests], work: FileWork, tasks: Sequence[FileTask]) -> Results:
            return workers.begin(write, work, tasks).results

        begun = begin if workers.parallel else None
        moment = creation_moment(study)
        return begin_datasets(folder, study, derived.datasets, derived.records, moment, kinds=self.kinds, ndjson=self.ndjson, begin=begun)
