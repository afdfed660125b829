"""Prints one table: this program, and other ways to go over the same lines, per second of one core."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.checks import Explained, Timeline
from tests.bench.corpus import SEED, Corpus
from tests.bench.measure import PIN, Used, best, run, step_aside

GOALS = {"logsleuth timeline": 3.0, "logsleuth explain --format json": 6.0}
"""Times the speed of the first `re` loop."""
SAME_PEAK = 0.2
SMALL = 20
"""Megabytes beside which the peak is looked at."""
GREP = "error|fail(ed|ure)|refused|denied|timed? ?out|link state"
LOGSLEUTH = [sys.executable, "-m", "logsleuth"]


class Row(NamedTuple):
    """A command's figures."""

    name: str
    size: int
    lines: int
    used: Used


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="megabytes of logs, unpacked [200]")
    parser.add_argument("--runs", type=int, default=2, help="runs of each command, of which the best counts [2]")
    parser.add_argument("--keep", metavar="DIR", help="where the logs are kept [under the system's temporary folder]")
    options = parser.parse_args(arguments)

    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, one used"
          f"{'' if PIN else ' (no taskset: threads of a library may use more)'}")  # fmt: skip
    large, small = (_corpus(size, options.keep) for size in (options.size, min(SMALL, options.size)))
    print(
        f"{large.size / 1e6:,.0f} MB, {large.lines:,} lines in {len(large.files)} files: {large.folder}\n", flush=True
    )
    step_aside()
    with tempfile.TemporaryDirectory(prefix="logsleuth-bench-") as home:
        # Neither the user's cache nor the user's rules take part.
        env = {"XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "HOME": home}
        wrong = _wrong(small, env) + _wrong(large, env)
        rows = [_row(name, command, logs, options.runs, env) for name, command, logs in _commands(large)]
        _table(rows)
        _peaks(small, next(r for r in rows if r.name == "logsleuth timeline"), env)
        start = best([*LOGSLEUTH, "--help"], 5, env)
    print(f"logsleuth --help: {start.wall:.2f} s, {start.cpu:.2f} s of CPU, {start.peak / 1e6:,.0f} MB")
    failed = [f"{row.name} ended with {row.used.code}" for row in rows if row.used.code not in {0, 1}]
    for text in wrong + failed:
        print(f"WRONG: {text}")
    return 1 if wrong + failed else 0


def _corpus(size: int, keep: str | None) -> Corpus:
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.corpus", str(size), str(SEED), keep or ""],
        stdout=subprocess.PIPE,
        check=True,
    )
    return Corpus(*json.loads(made.stdout))


def _timeline(logs: Corpus) -> list[str]:
    return [*LOGSLEUTH, "timeline", "--tz", "UTC", logs.folder]


def _explain(logs: Corpus) -> list[str]:
    return [*LOGSLEUTH, "explain", "--tz", "UTC", "--format", "json", logs.folder]


def _wrong(logs: Corpus, env: dict[str, str]) -> list[str]:
    """What is wrong with the output; the run also fills the cache of compiled patterns."""
    out = []
    for command, check in ((_timeline(logs), Timeline()), (_explain(logs), Explained())):
        used = run(command, check.take, env)
        out += check.wrong(logs) + ([f"{command[3]} ended with {used.code}"] if used.code else [])
    return out


def _commands(logs: Corpus) -> list[tuple[str, list[str], Corpus]]:
    paths = shlex.join(logs.paths)
    loop = str(Path(__file__).with_name("reloop.py"))
    out = [
        ("re loop, six groups", [sys.executable, loop, "usual", *logs.paths], logs),
        ("re loop, bytes, tight pattern", [sys.executable, loop, "tight", *logs.paths], logs),
        ("logsleuth timeline", _timeline(logs), logs),
        ("logsleuth explain --format json", _explain(logs), logs),
        ("wc -l", ["sh", "-c", f"gzip -cdf {paths} | wc -l"], logs),
        (f"grep -cE '{GREP[:18]}...'", ["sh", "-c", f"gzip -cdf {paths} | grep -cE '{GREP}'"], logs),
        ("lnav -n", ["lnav", "-n", *logs.paths], logs),
    ]  # fmt: skip
    # sort knows no layouts: the two files whose stamps sort as text.
    iso = [name for name in logs.files if name.endswith(("auth.log", "daemon.log"))]
    some = Corpus(
        logs.folder,
        sum(Path(logs.folder, name).stat().st_size for name in iso),
        sum(logs.files[name] for name in iso),
        {name: logs.files[name] for name in iso},
    )
    out.append(("sort -m (two ISO files)", ["sort", "-m", "-s", "-k1,1", *some.paths], some))
    tools = {"wc -l": "gzip", "lnav -n": "lnav", "sort -m (two ISO files)": "sort"}
    return [
        row for row in out if shutil.which(tools.get(row[0], "sh")) and (row[0][:4] != "grep" or shutil.which("grep"))
    ]


def _row(name: str, command: list[str], logs: Corpus, runs: int, env: dict[str, str]) -> Row:
    return Row(name, logs.size, logs.lines, best(command, runs, env))


def _table(rows: Sequence[Row]) -> None:
    print(
        f"{'':34} {'CPU s':>7} {'wall s':>7} {'peak MB':>8} {'MB/CPU s':>9} {'lines/CPU s':>12} {'x re loop':>9}  goal"
    )
    loop = rows[0].size / rows[0].used.cpu
    for name, size, lines, used in rows:
        ratio = size / used.cpu / loop
        goal = GOALS.get(name)
        verdict = "" if goal is None else f">= {goal:g}: {'reached' if ratio >= goal else 'MISSED'}"
        print(
            f"{name:34} {used.cpu:7.2f} {used.wall:7.2f} {_peak(used):>8} {size / 1e6 / used.cpu:9,.0f} "
            f"{lines / used.cpu:12,.0f} {ratio:9.1f}  {verdict}".rstrip()
        )
    print(flush=True)


def _peak(used: Used) -> str:
    """In megabytes; a child's peak is never told below what its parent has."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return f"{used.peak / 1e6:,.0f}" if used.peak > 1.1 * own else f"< {own / 1e6:,.0f}"


def _peaks(small: Corpus, large: Row, env: dict[str, str]) -> None:
    less = best(_timeline(small), 2, env).peak
    more = large.used.peak / less - 1
    verdict = "reached" if more <= SAME_PEAK else "MISSED"
    print(
        f"timeline, peak memory: {less / 1e6:,.0f} MB for {small.size / 1e6:,.0f} MB of logs, "
        f"{large.used.peak / 1e6:,.0f} MB for {large.size / 1e6:,.0f} MB: "
        f"{more:+.0%} (goal: at most +{SAME_PEAK:.0%}, {verdict})"
    )


if __name__ == "__main__":
    sys.exit(main())
