"""How soon `watch` tells of a line, and what it costs while nothing is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.bench.corpus import Corpus
from tests.bench.measure import ONE_THREAD

_LINE = "2023-11-2{} 13:00:00.000000+00:00 gate kernel: Out of memory: Killed process 812 (mysqld) total-vm:1829312kB\n"
_LOOKS = 3
_IDLE = 5.0
_PATIENCE = 120.0


class Watched(NamedTuple):
    """Seconds."""

    told: float
    """From the line to the incident, the best of a few."""
    idle: float
    """Of the processor, in a second without news."""


def watched(logs: Corpus, env: Mapping[str, str]) -> Watched | None:
    """None where nothing was told, or the system does not tell what a process uses."""
    if not Path("/proc/self/stat").exists():
        return None
    with tempfile.TemporaryDirectory(prefix="logsleuth-watch-") as folder:
        home = Path(folder, "logs")
        shutil.copytree(logs.folder, home)
        live = next(home.rglob("daemon.log"))
        command = [sys.executable, "-u", "-m", "logsleuth", "watch", "--tz", "UTC", "--format", "json", str(home)]
        whole = {**os.environ, **ONE_THREAD, **env}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=whole, text=True, bufsize=1
        ) as process:
            try:
                return _timed(process, live)
            finally:
                process.kill()


def _timed(process: subprocess.Popen[str], live: Path) -> Watched | None:
    assert process.stdout is not None
    assert process.stderr is not None
    process.stderr.readline()
    used = _used(process.pid)
    time.sleep(_IDLE)
    idle = (_used(process.pid) - used) / _IDLE
    told = []
    for number in range(_LOOKS):
        begin = time.monotonic()
        with live.open("a") as file:
            file.write(_LINE.format(number + 1).replace(" ", "T", 1))
        while "mysqld" not in process.stdout.readline():
            if time.monotonic() - begin > _PATIENCE or process.poll() is not None:
                return None
        told.append(time.monotonic() - begin)
        time.sleep(3)
    return Watched(min(told), idle)


def _used(pid: int) -> float:
    """Seconds of the processor so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
