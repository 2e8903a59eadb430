"""Workers return the results in the order of the items; one that dies is an error, never a wait without end."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from adam.core.errors import Mark, Problem, SourceError, SpecError, UsageError, WorkerError
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


def touch(common: Path, item: str) -> str:
    (common / item).touch()
    return item


def wait(common: int, item: int) -> int:
    """Work until the process is ended."""
    time.sleep(120)
    return common + item


def refuse_slowly(common: int, item: int) -> int:
    """The first item takes longer to fail than the second."""
    time.sleep(0.5 * (item == 1))
    return refuse(common, item)


def refuse_specification(common: int, item: int) -> int:
    raise SpecError([Problem(Mark("adsl.yaml", common, item), "ADSL", "The value is not valid", "spec-value")], data_read=True)


@pytest.fixture(scope="module")
def workers():
    found = Processes(2)
    yield found
    found.close()


def test_results_are_in_the_order_of_the_items(workers: Processes) -> None:
    seen: list[int] = []
    assert workers.run(add, 10, [1, 2, 3], seen.append) == ThisProcess().run(add, 10, [1, 2, 3]) == [11, 12, 13]
    assert seen == [1, 2, 3]


def test_an_error_of_a_part_is_raised_here(workers: Processes) -> None:
    with pytest.raises(SourceError, match="refused: 11"):
        workers.run(refuse, 10, [1])


def test_the_error_of_the_first_item_is_raised(workers: Processes) -> None:
    with pytest.raises(SourceError, match="refused: 11"):
        workers.run(refuse_slowly, 10, [1, 2, 3, 4])


def test_the_errors_of_a_specification_reach_this_process(workers: Processes) -> None:
    with pytest.raises(SpecError) as error:
        workers.run(refuse_specification, 10, [3])
    assert str(error.value) == "adsl.yaml:10:3: ADSL: The value is not valid [spec-value]\n1 problem in 1 file. Nothing was derived."
    assert [problem.code for problem in error.value.problems] == ["spec-value"]


def test_work_goes_on_in_processes_while_this_one_does_other_work(tmp_path: Path) -> None:
    """In one process nothing is done before the results are needed."""
    assert ThisProcess().begin(touch, tmp_path, ["here"])
    workers = Processes(2)
    try:
        work = workers.begin(touch, tmp_path, ["one", "two"])
        until = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]
        assert work.results() == ["one", "two"]
    finally:
        workers.close()


def test_a_worker_that_dies_ends_the_run_with_an_error() -> None:
    workers = Processes(2)
    try:
        with pytest.raises(WorkerError, match=r"A worker process ended .*--part-size"):
            workers.run(die, 10, [1, 2, 3, 4])
    finally:
        workers.close()


def test_ctrl_c_ends_the_workers() -> None:
    workers = Processes(2)
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.run(interrupt, os.getpid(), [1, 2])
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

    workers = DaskWorkers(1, "", tmp_path)
    try:
        assert workers.count == 1
        with pytest.raises(WorkerError, match=r"no access to a file of the run: .*elsewhere.*under the same path"):
            workers.run(read_elsewhere, tmp_path, [1])
    finally:
        workers.close()


def test_a_dask_worker_that_ends_before_it_has_started_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Dask raises if a worker is killed while it starts."""
    pytest.importorskip("distributed", reason="Dask is not installed, so that engine is not tested")
    from adam.pipeline import dask_workers

    def fail(**options: object) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(dask_workers, "LocalCluster", fail)
    with pytest.raises(WorkerError, match="A Dask worker on this machine ended before it had started: Nanny failed to start"):
        dask_workers.DaskWorkers(1, "", tmp_path)


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
