"""What the program is meant to reach, as ratios within one run; where it does not, that is said."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence

from tests.bench import measure
from tests.bench.commands import (
    EXPLAIN,
    LNAV,
    LOGSLEUTH,
    PLASO,
    STAMPS,
    TIMELINE,
    WINDOW,
    Row,
    explain,
    timeline,
)
from tests.bench.corpus import Corpus
from tests.bench.following import watched
from tests.bench.measure import Used, best

Env = Mapping[str, str]


def reached(rows: Sequence[Row], large: Corpus, small: Corpus, runs: int, env: Env) -> Iterator[str]:
    """A line for each goal whose parts were measured."""
    by_name = {row.name: row.used for row in rows}
    own, told = by_name[TIMELINE], by_name[EXPLAIN]
    yield _goal("timeline, MB per CPU second", large.size / 1e6 / own.cpu, at_least=200)
    if LNAV in by_name:
        yield _goal("timeline against lnav -n, times", by_name[LNAV].cpu / own.cpu, at_least=10)
    if PLASO in by_name:
        yield _goal("timeline against plaso, times", by_name[PLASO].cpu / own.cpu, at_least=1000)
    yield _goal("explain against grep -cE, times its CPU", told.cpu / by_name[STAMPS].cpu, at_most=3)
    start = best([*LOGSLEUTH, "timeline", "--jobs", "1", os.devnull], 3, env)
    yield f"start-up of timeline on an empty file: {start.cpu:.2f} s of CPU, which all figures above hold"
    yield _goal("two hours of three weeks, share of the whole", by_name[WINDOW].cpu / own.cpu, at_most=0.1)
    yield _goal("two hours of three weeks, s of CPU beyond the start", by_name[WINDOW].cpu - start.cpu, at_most=0.3)
    yield from _again(large, told, env)
    yield from _sizes(large, small, own, runs, env)
    yield from _cores(large, runs, env)
    if (follow := watched(small, env)) is not None:
        yield _goal("watch: seconds from a line to its incident", follow.told, at_most=1)
        yield f"watch: {follow.idle:.3f} s of CPU a second while nothing is written"
    begin = best([*LOGSLEUTH, "--help"], 5, env)
    yield f"logsleuth --help: {begin.wall:.2f} s, {begin.cpu:.2f} s of CPU, {begin.peak / 1e6:,.0f} MB"


def _again(large: Corpus, told: Used, env: Env) -> Iterator[str]:
    """The first of each two fills the cache. JSON vouches for every file by a digest that is taken anew."""
    text, again = (best(explain(large, form=form), 2, env) for form in ("text", "json"))
    first = best(explain(large, "--no-cache"), 1, env)
    if first.code == 0:
        yield _goal("second explain over the same logs, share of the first", text.cpu / first.cpu, at_most=0.05)
        yield _goal("second explain as JSON, share of the first", again.cpu / first.cpu, at_most=0.05)
        yield f"second explain: {text.cpu:.2f} s of CPU as text, {again.cpu:.2f} as JSON"
    else:
        yield f"explain a second time: {again.cpu:.2f} s of CPU ({told.cpu:.2f} s before)"


def _sizes(large: Corpus, small: Corpus, own: Used, runs: int, env: Env) -> Iterator[str]:
    if large.size < 2 * small.size:
        return
    less = best(timeline(small), runs, env)
    yield _goal("peak memory, large against small", own.peak / less.peak, at_most=1.2)
    exponent = math.log(own.cpu / less.cpu) / math.log(large.size / small.size)
    yield _goal("cost against size, exponent", exponent, at_most=1.05)


def _cores(large: Corpus, runs: int, env: Env) -> Iterator[str]:
    """Wall time, so only on a machine that has nothing else to do."""
    if (os.cpu_count() or 1) < 2:
        return
    for name, command in (("timeline", timeline(large)), ("explain", explain(large, "--no-cache"))):
        two = ["2" if word == "1" else word for word in command]
        one = best(command, runs, env).wall
        with measure.unpinned():
            begin = time.perf_counter()
            both = best(two, runs, env)
        if both.code == 0 and time.perf_counter() > begin:
            yield _goal(f"{name}, two cores against one, times", one / both.wall, at_least=1.7)


def _goal(name: str, value: float, *, at_least: float | None = None, at_most: float | None = None) -> str:
    good = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    bound = f"at least {at_least:g}" if at_least is not None else f"at most {at_most:g}"
    return f"{name}: {value:.2f} (goal: {bound}, {'reached' if good else 'MISSED'})"
