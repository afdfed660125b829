"""Memory does not grow with what is read: one line without an end, or hundreds of logs side by side."""

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="Unix")

MEASURED = """
import os, resource, sys
sys.argv = ["logsleuth", "timeline", "--no-cache", "--jobs", "1", "--tz", "UTC", sys.argv[1]]
sys.stdout = open(os.devnull, "w")
import logsleuth.cli
try:
    logsleuth.cli.main()
except SystemExit as end:
    assert not end.code
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, file=sys.__stderr__)
"""


def peak(folder):
    """Bytes that a timeline of a folder takes at most."""
    command = [sys.executable, "-c", MEASURED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return int(done.stderr.splitlines()[-1])


def test_a_line_of_a_hundred_megabytes(tmp_path):
    with (tmp_path / "app.log").open("wb") as file:
        file.write(b"Nov  2 10:00:00 gate app[7]: ")
        file.writelines(b"x" * (1 << 20) for _ in range(100))
    assert peak(tmp_path) < 350 << 20


def test_hundreds_of_logs_side_by_side(tmp_path):
    line = "2023-11-{:02}T{:02}:{:02}:{:02}Z gate app{}[7]: GET /index.html from 192.0.2.{} took {} ms\n"
    for number in range(250):
        rows = (
            line.format(1 + n // 144, n // 6 % 24, n % 6 * 10, number % 60, number, n % 250, n) for n in range(1500)
        )
        (tmp_path / f"app{number}.log").write_text("".join(rows))
    assert peak(tmp_path) < 350 << 20
