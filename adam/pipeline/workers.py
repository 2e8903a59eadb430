"""The processes that do the work of a run: this one, several on this machine, or those of a Dask cluster. The result is the same for all."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import forkserver
from typing import Any, Generic, Protocol, TypeVar

from adam.core.collector import collect_rarely, without_collector
from adam.core.errors import WorkerError
from adam.core.interrupts import deferred
from adam.core.memory import keep_freed_memory
from adam.core.own_process import claim_process
from adam.pipeline.temporary import keep_sockets

Common = TypeVar("Common")
Item = TypeVar("Item")
Result = TypeVar("Result")
Task = Callable[[Common, Item], Result]
"""A function of a module; it is called with what all items have in common and with one item. Both and the result can be pickled."""
Done = Callable[[int], None]
"""Is called with the number of items that are done."""
PRELOADED = [
    "adam.pipeline.part",
    "adam.report.page",
    "adam.sources.split_domain",
    "adam.submission.data_profile",
    "adam.submission.dataset_files",
    "adam.submission.export_findings",
    "validation.run_part",
]
"""What the process imports from which the workers are forked, so that each does not import it again."""


def unseen(number: int) -> None:
    """No progress is shown."""


class Work(Protocol[Result]):
    """The same work on several items, which has begun."""

    def results(self, done: Done = unseen) -> list[Result]:
        """The result of each item, in their order, when all are done.

        Raises:
            WorkerError: a worker ended before its work was done.
            Exception: the error of the first item that has one.
        """
        ...


class Workers(ABC):
    """Do the same work on several items. `parallel` is False if nothing is done before the results are needed."""

    parallel = True

    @property
    def count(self) -> int:
        """The number of workers now."""
        return 1

    @abstractmethod
    def begin(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item]) -> Work[Result]:
        """Begin the work on some items, in their order."""

    def run(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item], done: Done = unseen) -> list[Result]:
        """The result of each item, in their order. See `Work.results`."""
        return self.begin(task, common, items).results(done)

    @abstractmethod
    def close(self) -> None:
        """End the workers, those at work too."""


class ThisProcess(Workers):
    """Does the work here, one item after another."""

    parallel = False

    def begin(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item]) -> Work[Result]:
        """Note the work."""
        return _WorkHere(task, common, items)

    def close(self) -> None:
        """There is nothing to end."""


class _WorkHere(Generic[Common, Item, Result]):
    def __init__(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item]) -> None:
        self.task, self.common, self.items = task, common, items

    def results(self, done: Done = unseen) -> list[Result]:
        results = []
        for number, item in enumerate(self.items, 1):
            results.append(self.task(self.common, item))
            done(number)
        return results


class Processes(Workers):
    """Does the work in processes of this machine. A process that dies ends the run with an error; a signal to this process ends them all."""

    def __init__(self, jobs: int) -> None:
        self.before, self.jobs = set(multiprocessing.active_children()), jobs
        self.pool = ProcessPoolExecutor(jobs, prepare_processes(), _begin)

    @property
    def count(self) -> int:
        """The number of processes."""
        return self.jobs

    def begin(self, task: Task[Common, Item, Result], common: Common, items: Sequence[Item]) -> Work[Result]:
        """Begin the work on some items, in their order.

        Raises:
            WorkerError: a process ended.
        """
        content = pickle.dumps(common, pickle.HIGHEST_PROTOCOL)
        with _whole_pool():
            return _WorkInProcesses([self.pool.submit(run_task, task, content, item) for item in items])

    def close(self) -> None:
        """End the processes."""
        with deferred():
            for process in set(multiprocessing.active_children()) - self.before:
                process.terminate()
            self.pool.shutdown(cancel_futures=True)


class _WorkInProcesses(Generic[Result]):
    def __init__(self, futures: list[Future[Result]]) -> None:
        self.futures = futures

    def results(self, done: Done = unseen) -> list[Result]:
        with _whole_pool():
            for number, future in enumerate(as_completed(self.futures), 1):
                if future.exception() is not None:
                    break
                done(number)
            else:
                return [future.result() for future in self.futures]
            for future in self.futures:  # the items before one that has failed are at work or done, so the first error does not depend on the pace
                future.cancel()
            return [future.result() for future in self.futures if not future.cancelled()]


@contextmanager
def _whole_pool() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        message = "A worker process ended before its work was done; most often the memory of the machine is full."
        raise WorkerError(f"{message} Run again with smaller parts (--part-size) or fewer processes (--jobs).") from None


def prepare_processes() -> multiprocessing.context.BaseContext:
    """Start the process from which workers are forked, which imports what they need. Call it early: it does so while this process goes on."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    keep_sockets()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is left to this process, also while that one imports
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


def _begin() -> None:
    """Prepare a worker process: Ctrl-C is left to the process that started it, and it ends with that process."""
    claim_process()
    collect_rarely()
    keep_freed_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def run_task(task: Callable[[Any, Any], Any], common: bytes, item: object) -> Any:  # noqa: ANN401  (the result of the task)
    """The result of an item, in a worker."""
    return task(unpickled(common), item)


@lru_cache(maxsize=1)
def unpickled(common: bytes) -> Any:  # noqa: ANN401  (what all items of a work have in common)
    """What all items have in common, in a worker; the checks must be registered before their rules are made."""
    with without_collector():  # each part ends with a search for garbage, and what all parts have in common is kept
        import validation.suite  # noqa: F401, PLC0415

        return pickle.loads(common)  # noqa: S301  (this program wrote it)
