"""Workers return the results in the order of the items; one that dies is an error, never a wait without end."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from adam.core.errors import SourceError, UsageError, WorkerError
from adam.pipeline.run import RunOptions
from adam.pipeline.workers import Processes, ThisProcess


def add(common: int, item: int) -> int:
    time.sleep(0.05 * (item == 1))
    return common + item


def die(common: int, item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return common + item


def refuse(common: int, item: int) -> int:
    raise SourceError(f"refused: {common + item}")


def interrupt(common: int, item: int) -> int:
    """Send Ctrl-C to the process that started the workers, then work on."""
    if item == 1:
        os.kill(common, signal.SIGINT)
    time.sleep(120)
    return item


def wait(common: int, item: int) -> int:
    """Work until the process is ended."""
    time.sleep(120)
    return common + item


@pytest.fixture(scope="module")
def workers():
    found = Processes(2, 10)
    yield found
    found.close()


def test_results_are_in_the_order_of_the_items(workers: Processes) -> None:
    seen: list[int] = []
    assert workers.run(add, [1, 2, 3], seen.append) == ThisProcess(10).run(add, [1, 2, 3], lambda number: None) == [11, 12, 13]
    assert seen == [1, 2, 3]


def test_an_error_of_a_part_is_raised_here(workers: Processes) -> None:
    with pytest.raises(SourceError, match="refused: 11"):
        workers.run(refuse, [1], lambda number: None)


def test_a_worker_that_dies_ends_the_run_with_an_error() -> None:
    workers = Processes(2, 10)
    try:
        with pytest.raises(WorkerError, match=r"A worker process ended .*--part-size"):
            workers.run(die, [1, 2, 3, 4], lambda number: None)
    finally:
        workers.close()


def test_ctrl_c_ends_the_workers() -> None:
    workers = Processes(2, os.getpid())
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.run(interrupt, [1, 2], lambda number: None)
        started = set(multiprocessing.active_children()) - workers.before
    finally:
        workers.close()
    assert [process.exitcode for process in started] == [-signal.SIGTERM] * 2


def read_elsewhere(common: Path, item: int) -> bytes:
    return (common / "elsewhere").read_bytes()


@pytest.mark.filterwarnings("ignore")
def test_a_dask_worker_without_access_to_the_files_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed, so that engine is not tested")
    from adam.pipeline.dask_workers import DaskWorkers

    workers = DaskWorkers(1, "", tmp_path, tmp_path)
    try:
        with pytest.raises(WorkerError, match=r"no access to a file of the run: .*elsewhere.*under the same path"):
            workers.run(read_elsewhere, [1], lambda number: None)
    finally:
        workers.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jobs": 0}, "--jobs is 0; it must be at least 1."),
        ({"part_size": 0}, "--part-size is 0; it must be at least 1 subject."),
        ({"engine": "spark"}, "--engine is 'spark'; it must be local or dask."),
        ({"scheduler": "tcp://x"}, "--scheduler is the address of a Dask cluster. Add --engine dask."),
    ],
)
def test_options_that_are_not_valid(options: dict, message: str) -> None:
    with pytest.raises(UsageError) as error:
        RunOptions(**options)
    assert str(error.value) == message
