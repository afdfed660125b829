"""Work over several processes: in order, complete, and not lost with a worker."""

import os
import signal
import time
from collections.abc import Generator
from functools import partial
from typing import cast

import pytest

from logsleuth.parallel import can_fork, in_order

forks = pytest.mark.skipif(not can_fork(), reason="no workers on this system")


def _slow_first(number: int) -> tuple[int, int]:
    time.sleep(0.05 if number == 0 else 0)
    return number, os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_results_come_in_the_order_of_the_tasks(jobs):
    results = list(in_order([partial(_slow_first, n) for n in range(7)], jobs))

    assert [n for n, _ in results] == list(range(7))


def test_one_job_forks_nothing():
    assert {pid for _, pid in in_order([partial(_slow_first, n) for n in range(3)], 1)} == {os.getpid()}


@forks
def test_more_jobs_work_elsewhere():
    assert os.getpid() not in {pid for _, pid in in_order([partial(_slow_first, n) for n in range(3)], 2)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised_here(jobs):
    def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(in_order([fail, fail], jobs))


@forks
def test_the_work_of_a_killed_worker_is_done_here():
    here = os.getpid()

    def dies(number: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert list(in_order([partial(dies, n) for n in range(4)], 2)) == [0, 1, 2, 3]


@forks
def test_no_more_is_begun_than_may_wait(tmp_path):
    def mark(number: int) -> int:
        (tmp_path / str(number)).touch()
        return number

    results = in_order([partial(mark, n) for n in range(20)], 2, ahead=3)

    assert next(results) == 0
    assert len(list(tmp_path.iterdir())) <= 4
    cast("Generator[int]", results).close()
