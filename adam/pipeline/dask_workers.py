"""The workers of a Dask cluster, or of one that Dask starts on this machine. Dask repeats the work of a worker that is lost.

Every worker needs the same versions of adamsmith and its libraries, and access to the folder of the output under the same path.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from adam import __version__
from adam.core.errors import UsageError, WorkerError
from adam.core.versions import versions_of
from adam.pipeline.workers import Done, Task, Work, Workers, run_task, unseen

try:
    from distributed import CancelledError, Client, KilledWorker, LocalCluster, as_completed
except ImportError:
    raise UsageError("--engine dask requires Dask, which is not installed. Install it: pip install 'adamsmith[dask]'") from None

Common = TypeVar("Common")
Item = TypeVar("Item")
Result = TypeVar("Result")
PACKAGES = ("numpy", "pandas", "pyarrow")
"""The libraries on which the bytes of the output depend."""
SECONDS = 60
"""How long a scheduler and its first worker may take to answer."""
ATTEMPTS = 5
"""How often work is submitted again whose common data were lost with all workers that had them."""
ALONE = Lock()
"""A part at a time in a process: its memory is that of one part, also if the worker has several threads."""


class DaskWorkers(Workers):
    """Does the work on the workers of a cluster."""

    def __init__(self, jobs: int, scheduler: str, folder: Path) -> None:
        """Connect to a cluster, or start one on this machine.

        Args:
            jobs: the number of processes to start; a cluster has its own.
            scheduler: the address of a cluster, or blank.
            folder: the folder for the files of Dask on this machine.

        Raises:
            WorkerError: the scheduler does not answer, or has no worker; a worker on this machine ends before it has started.
        """
        logging.getLogger("distributed").setLevel(logging.ERROR)
        self.address = scheduler
        self.cluster = None if scheduler else _local_cluster(jobs, folder)
        try:
            self.client = Client(self.cluster or scheduler, timeout=SECONDS, set_as_default=False)
            self.client.wait_for_workers(1, timeout=SECONDS)
        except (OSError, TimeoutError) as error:
            self.close()
            raise WorkerError(f"The Dask cluster {scheduler or 'on this machine'} has no worker that answers within {SECONDS} s: {error}") from None

    @property
    def count(self) -> int:
        """The number of workers now."""
        return len(self.client.scheduler_info()["workers"])

    def begin(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item]) -> Work[Result]:
        """Begin the work on some items. Dask repeats what a lost worker had to do."""
        return _DaskWork(self.client, task, (_versions(), pickle.dumps(common, pickle.HIGHEST_PROTOCOL)), items)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        for each in (getattr(self, "client", None), self.cluster):
            if each is not None:
                with suppress(TimeoutError, OSError):
                    each.close()


class _DaskWork(Generic[Item, Result]):
    def __init__(self, client: Client, task: Callable[[Any, Item], Result], common: tuple[dict[str, str], bytes], items: Sequence[Item]) -> None:
        self.client, self.task, self.common, self.items = client, task, common, items
        self.shared = self.scattered()
        self.places = {self.submitted(item): place for place, item in enumerate(items)}

    def scattered(self) -> Any:  # noqa: ANN401  (a future of Dask)
        """What all items have in common, on every worker."""
        return self.client.scatter(self.common, broadcast=True, hash=False)

    def submitted(self, item: Item) -> Any:  # noqa: ANN401  (a future of Dask)
        """The work on an item."""
        return self.client.submit(_run, self.task, self.shared, item, pure=False)

    def results(self, done: Done = unseen) -> list[Result]:
        """The result of each item, in their order.

        Raises:
            WorkerError: a worker has other versions or cannot read the folder of the run, or the work of an item ended several workers.
            Exception: the error of the first item that has one.
        """
        results: dict[int, Result] = {}
        errors: dict[int, Exception] = {}
        finished, attempts = as_completed(list(self.places), loop=self.client.loop), 0
        for future in finished:
            place = self.places[future]
            try:
                results[place] = future.result()
                done(len(results))
            except CancelledError:  # all workers that had the common data are lost
                attempts += 1
                if attempts > ATTEMPTS * len(self.items):
                    raise WorkerError("The workers of the Dask cluster are lost again and again. See their logs.") from None
                self.shared = self.scattered()
                again = self.submitted(self.items[place])
                self.places[again] = place
                finished.add(again)
            except Exception as error:  # noqa: BLE001  (it is raised below)
                errors[place] = error
            if errors and all(earlier in results for earlier in range(min(errors))):
                first = errors[min(errors)]
                shown = _shown(first)
                raise shown from (first.__cause__ if shown is first else None)
        return [results[place] for place in range(len(self.items))]


def _shown(error: Exception) -> Exception:
    """The error of an item, with what to do if it is one of the cluster."""
    if isinstance(error, KilledWorker):
        message = "A part of the study ended several Dask workers, most often because the memory of a worker is full."
        return WorkerError(f"{message} Run again with smaller parts (--part-size), or give the workers more memory.")
    if isinstance(error, FileNotFoundError | PermissionError):
        message = f"A Dask worker has no access to a file of the run: {error}."
        return WorkerError(f"{message} The folder of the output must be on storage that each worker sees under the same path.")
    if isinstance(error, ImportError):
        return WorkerError(f"A Dask worker cannot run adamsmith: {error}. Install adamsmith {__version__} on every worker.")
    return error


def _local_cluster(jobs: int, folder: Path) -> LocalCluster:
    """A cluster on this machine; the files of its scheduler and its workers are in the folder.

    Raises:
        WorkerError: a worker ended before it had started.
    """
    try:
        return LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.ERROR,
            local_directory=str(folder),
            scheduler_kwargs={"local_directory": str(folder)},
        )
    except RuntimeError as error:
        raise WorkerError(f"A Dask worker on this machine ended before it had started: {str(error).rstrip('.')}. Run the command again.") from None


def _run(task: Callable[[Any, Any], Any], common: tuple[dict[str, str], bytes], item: object) -> Any:  # noqa: ANN401  (the result of the task)
    """Do the work on an item, in a worker.

    Raises:
        WorkerError: the worker has other versions than the program that sent the work.
    """
    versions, content = common
    if versions != _versions():
        pairs = [f"{name} {_versions()[name]} instead of {version}" for name, version in versions.items() if _versions()[name] != version]
        raise WorkerError(f"A Dask worker has {', '.join(pairs)}. Install the same versions on every worker.")
    with ALONE:
        return run_task(task, content, item)


@cache
def _versions() -> dict[str, str]:
    return {"adamsmith": __version__, **versions_of(*PACKAGES)}
