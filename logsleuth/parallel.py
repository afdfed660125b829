"""Independent pieces of work over several processes, their results in the order of the pieces."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")

_tasks: Sequence[Callable[[], object]] = ()
"""What a forked worker finds to do: it is told the number alone."""


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Workers share what was loaded before; where a system cannot do that safely (macOS, Windows) there are none."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def in_order(tasks: Sequence[Callable[[], T]], jobs: int, ahead: int | None = None) -> Iterator[T]:
    """The results of `tasks`, which must be picklable and small beside the work.

    At most `ahead` results (default: all) wait to be taken. What a worker raises is raised here; the work of a worker
    that was killed (for want of memory, mostly) is done again in this process.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1 or not can_fork():
        for task in tasks:
            yield task()
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    global _tasks  # noqa: PLW0603 - inherited by the fork, which could not be sent a closure
    _tasks = tasks
    pool = ProcessPoolExecutor(jobs, get_context("fork"), initializer=_worker)
    coming: dict[int, Future[object]] = {}
    begun = 0
    try:
        for number, task in enumerate(tasks):
            while begun < len(tasks) and (ahead is None or begun - number < ahead):
                coming[begun] = _submitted(pool, begun)
                begun += 1
            try:
                result = coming.pop(number).result()
            except BrokenProcessPool:
                result = task()
            yield result  # type: ignore[misc]
    finally:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - there is no public way to stop them
            if any(not future.done() for future in coming.values()):
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        _tasks = ()


def _submitted(pool: ProcessPoolExecutor, number: int) -> Future[object]:
    """Of a pool that is broken already, a future that says so."""
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.submit(_run, number)
    except BrokenProcessPool as error:
        failed: Future[object] = Future()
        failed.set_exception(error)
        return failed


def _run(number: int) -> object:
    return _tasks[number]()


def _worker() -> None:
    """An interrupt is the parent's to answer."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
