"""How a run uses the machine: the size of its parts, its workers, and the folder for the records that are not in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from adam.core.errors import UsageError
from adam.pipeline.scratch import Scratch, scratch_beside
from adam.pipeline.workers import Processes, ThisProcess, Workers, prepare_processes

Engine = Literal["local", "dask"]


@dataclass(frozen=True)
class RunOptions:
    """How a run uses the machine. The files that it writes are the same for any options.

    Attributes:
        jobs: the number of processes that derive, check and write at the same time.
        part_size: the number of subjects in memory at a time in each process; None for a number that suits the memory.
        engine: `local` for processes of this machine, `dask` for Dask.
        scheduler: the address of a Dask cluster; without one Dask starts `jobs` processes on this machine.
    """

    jobs: int = 1
    part_size: int | None = None
    engine: Engine = "local"
    scheduler: str = ""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise UsageError(f"--jobs is {self.jobs}; it must be at least 1.")
        if self.part_size is not None and self.part_size < 1:
            raise UsageError(f"--part-size is {self.part_size}; it must be at least 1 subject.")
        if self.engine not in ("local", "dask"):
            raise UsageError(f"--engine is '{self.engine}'; it must be local or dask.")
        if self.scheduler and self.engine != "dask":
            raise UsageError("--scheduler is the address of a Dask cluster. Add --engine dask.")


class Run:
    """The options of a run, with its scratch folder and its workers; until they are started this process does the work."""

    def __init__(self, options: RunOptions, scratch: Scratch) -> None:
        self.options, self.scratch = options, scratch
        self.workers: Workers = ThisProcess()
        if options.engine == "local" and options.jobs > 1:
            prepare_processes()

    def start(self) -> Workers:
        """Start the workers of a study of several parts."""
        if self.workers.parallel:
            return self.workers
        options = self.options
        if options.engine == "dask":
            from adam.pipeline.dask_workers import DaskWorkers  # noqa: PLC0415

            own = self.scratch.folder(f"dask-{os.getpid()}")  # not the folder that a worker of a killed run may create again
            self.workers = DaskWorkers(options.jobs, options.scheduler, own)
        elif options.jobs > 1:
            self.workers = Processes(options.jobs)
        return self.workers

    def end_workers(self) -> None:
        """End the workers, those at work too."""
        ended, self.workers = self.workers, ThisProcess()
        ended.close()

    def sizing(self) -> RunOptions:
        """The options from which the size of a part follows: a cluster has as many processes as it has workers."""
        options = self.options
        if not options.scheduler:
            return options
        return replace(options, jobs=options.jobs if options.jobs > 1 else max(1, self.start().count))

    def start_readers(self) -> Workers:
        """Start the workers that read the source; those of a cluster may have no access to it."""
        return self.start() if self.options.engine == "local" else ThisProcess()


@contextmanager
def open_run(out: Path | None = None, options: RunOptions | None = None) -> Iterator[Run]:
    """A run whose workers have ended and whose scratch folder is removed after the block.

    Args:
        out: the output; the scratch folder is beside it. Without an output it is a temporary folder.
        options: how the run uses the machine.

    Raises:
        UsageError: another run is writing the output.
    """
    with scratch_beside(out) as scratch:
        run = Run(options or RunOptions(), scratch)
        try:
            yield run
        finally:
            run.end_workers()
