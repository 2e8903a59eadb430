"""The processes that do the work of a run: this one, several on this machine, or those of a Dask cluster. The result is the same for all."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, TypeVar

from adam.core.errors import WorkerError
from adam.core.interrupts import deferred
from adam.pipeline.temporary import keep_sockets

Item = TypeVar("Item")
Result = TypeVar("Result")
Task = Callable[[Any, Item], Result]
"""A function of a module; it is called with what all items have in common and with one item. Both and the result can be pickled."""
Done = Callable[[int], None]
"""Is called with the number of items that are done."""
PRELOADED = ["adam.pipeline.part", "adam.submission.data_profile", "adam.submission.export_findings", "validation.run_part"]
"""What the process imports from which the workers are forked, so that each does not import it again."""
_common: dict[str, Any] = {}


class Workers(Protocol):
    """Does the same work on several items."""

    def run(self, task: Task[Item, Result], items: Sequence[Item], done: Done) -> list[Result]:
        """The result of each item, in their order.

        Raises:
            WorkerError: a worker ended before its work was done.
        """
        ...

    def close(self) -> None:
        """End the workers, those at work too."""
        ...


class ThisProcess:
    """Does the work here, one item after another."""

    def __init__(self, common: object) -> None:
        self.common = common

    def run(self, task: Task[Item, Result], items: Sequence[Item], done: Done) -> list[Result]:
        """The result of each item, in their order."""
        results = []
        for number, item in enumerate(items, 1):
            results.append(task(self.common, item))
            done(number)
        return results

    def close(self) -> None:
        """There is nothing to end."""


class Processes:
    """Does the work in processes of this machine. A process that dies ends the run with an error; a signal to this process ends them all."""

    def __init__(self, jobs: int, common: object) -> None:
        context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
        if sys.platform != "win32":
            context.set_forkserver_preload(PRELOADED)
            keep_sockets()
        self.before = set(multiprocessing.active_children())
        self.pool = ProcessPoolExecutor(jobs, context, _begin, (pickle.dumps(common, pickle.HIGHEST_PROTOCOL),))

    def run(self, task: Task[Item, Result], items: Sequence[Item], done: Done) -> list[Result]:
        """The result of each item, in their order.

        Raises:
            WorkerError: a process ended before its work was done.
        """
        try:
            futures: list[Future[Result]] = [self.pool.submit(_run, task, item) for item in items]
            for number, future in enumerate(as_completed(futures), 1):
                future.result()
                done(number)
        except BrokenProcessPool:
            message = "A worker process ended before its work was done; most often the memory of the machine is full."
            raise WorkerError(f"{message} Run again with smaller parts (--part-size) or fewer processes (--jobs).") from None
        return [future.result() for future in futures]

    def close(self) -> None:
        """End the processes."""
        with deferred():
            for process in set(multiprocessing.active_children()) - self.before:
                process.terminate()
            self.pool.shutdown(cancel_futures=True)


def _begin(common: bytes) -> None:
    """Prepare a worker process: Ctrl-C is left to the process that started it, and it ends with that process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _common["value"] = unpickled(common)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(task: Callable[[Any, Any], Any], item: object) -> Any:  # noqa: ANN401  (the result of the task)
    return task(_common["value"], item)


def unpickled(common: bytes) -> Any:  # noqa: ANN401  (what all items of a run have in common)
    """What all items have in common, in a worker; the checks must be registered before their rules are made."""
    import validation.suite  # noqa: F401, PLC0415

    return pickle.loads(common)  # noqa: S301  (this program wrote it)
