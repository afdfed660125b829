"""One command at a time, on one core, with what it used."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

CORE = str(max(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ""
PIN = ["taskset", "-c", CORE] if CORE and shutil.which("taskset") else []
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "ARROW_IO_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


_pin = PIN


@contextlib.contextmanager
def unpinned() -> Iterator[None]:
    """Commands may use all cores meanwhile."""
    global _pin  # noqa: PLW0603 - what `run` puts before each command
    was = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    _pin = []
    if was is not None:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        _pin = PIN
        if was is not None:
            os.sched_setaffinity(0, was)


class Used(NamedTuple):
    """What a command and its children used."""

    cpu: float
    """Seconds, user and system."""
    wall: float
    peak: int
    """Bytes of the largest of its processes."""
    code: int


def run(command: Sequence[str], take: Callable[[bytes], object] = len, env: Mapping[str, str] | None = None) -> Used:
    """Run a command to its end; `take` gets what it prints, a piece at a time, through a pipe."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [*_pin, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # An installed program has its byte code: it is not compiled at each start, whatever is set here.
        env={
            **os.environ,
            **ONE_THREAD,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONDONTWRITEBYTECODE": "",
            **(env or {}),
        },
    ) as process:
        assert process.stdout is not None
        while piece := os.read(process.stdout.fileno(), 1 << 20):
            take(piece)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts kilobytes, macOS bytes.
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    return Used(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit, process.returncode)


def best(command: Sequence[str], runs: int, env: Mapping[str, str] | None = None) -> Used:
    """The run that used least of the processor: what else the machine does only ever adds."""
    return min((run(command, env=env) for _ in range(runs)), key=lambda used: used.cpu)


def step_aside() -> None:
    """Leave the core that is measured to the commands, so far as there is another."""
    if PIN and len(others := os.sched_getaffinity(0) - {int(CORE)}):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, others)
