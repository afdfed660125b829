"""Prints one table: this program, and other ways to go over the same lines, per second of one core; and its goals."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import goals
from tests.bench.checks import Explained, Timeline
from tests.bench.commands import EXPLAIN, TIMELINE, WINDOW, Row, explain, peers, timeline, window
from tests.bench.corpus import KINDS, SEED, Corpus
from tests.bench.measure import PIN, Used, best, run, step_aside

SMALL = 20
"""Megabytes beside which size is looked at."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="megabytes of logs, unpacked [200]")
    parser.add_argument("--kind", choices=KINDS, default="mixed", help="what the logs are [mixed]")
    parser.add_argument("--runs", type=int, default=2, help="runs of each command, of which the best counts [2]")
    parser.add_argument("--keep", metavar="DIR", help="where the logs are kept [under the system's temporary folder]")
    options = parser.parse_args(arguments)

    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, one used"
          f"{'' if PIN else ' (no taskset: threads of a library may use more)'}")  # fmt: skip
    sizes = (options.size, min(SMALL, options.size))
    large, small = (_corpus(size, options.keep, options.kind) for size in sizes)
    print(
        f"{large.size / 1e6:,.0f} MB, {large.lines:,} lines in {len(large.files)} files: {large.folder}\n", flush=True
    )
    step_aside()
    with tempfile.TemporaryDirectory(prefix="logsleuth-bench-") as home:
        # Neither the user's cache nor the user's rules take part.
        env = {"XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "HOME": home}
        wrong = _wrong(small, env) + _wrong(large, env)
        rows = _rows(large, options.runs, env)
        _table(rows)
        print(*goals.reached(rows, large, small, options.runs, env), sep="\n")
    failed = [f"{row.name} ended with {row.used.code}" for row in rows if row.used.code not in {0, 1}]
    for text in wrong + failed:
        print(f"WRONG: {text}")
    return 1 if wrong + failed else 0


def _corpus(size: int, keep: str | None, kind: str) -> Corpus:
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.corpus", str(size), str(SEED), keep or "", kind],
        stdout=subprocess.PIPE,
        check=True,
    )
    return Corpus(*json.loads(made.stdout))


def _wrong(logs: Corpus, env: dict[str, str]) -> list[str]:
    """What is wrong with the output; the run also fills the cache of compiled patterns."""
    out = []
    for command, check in ((timeline(logs), Timeline()), (explain(logs, "--no-cache"), Explained())):
        used = run(command, check.take, env)
        out += check.wrong(logs) + ([f"{command[3]} ended with {used.code}"] if used.code else [])
    return out


def _rows(logs: Corpus, runs: int, env: dict[str, str]) -> list[Row]:
    loop = str(Path(__file__).with_name("reloop.py"))
    commands = [
        ("re loop, six groups", [sys.executable, loop, "usual", *logs.paths]),
        ("re loop, bytes, tight pattern", [sys.executable, loop, "tight", *logs.paths]),
        (TIMELINE, timeline(logs)),
        (WINDOW, window(logs)),
        (EXPLAIN, explain(logs, "--no-cache")),
        *peers(logs),
    ]
    return [Row(name, logs.size, logs.lines, best(command, runs, env)) for name, command in commands]


def _table(rows: Sequence[Row]) -> None:
    print(
        f"{'':34} {'CPU s':>7} {'wall s':>7} {'peak MB':>8} {'MB/CPU s':>9} {'lines/CPU s':>12} {'x re loop':>9} "
        f"{'x timeline':>10}"
    )
    loop = rows[0].speed
    own = next(row for row in rows if row.name == TIMELINE).speed
    for row in rows:
        print(
            f"{row.name:34} {row.used.cpu:7.2f} {row.used.wall:7.2f} {_peak(row.used):>8} {row.speed / 1e6:9,.0f} "
            f"{row.lines / row.used.cpu:12,.0f} {row.speed / loop:9.1f} {row.speed / own:10.2f}"
        )
    print(flush=True)


def _peak(used: Used) -> str:
    """In megabytes; a child's peak is never told below what its parent has."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return f"{used.peak / 1e6:,.0f}" if used.peak > 1.1 * own else f"< {own / 1e6:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
