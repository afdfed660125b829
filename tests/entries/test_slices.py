"""Slices of a timeline hold each entry once, and in order, whatever the files are like."""

import datetime as dt
import gzip
import random
import re
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from logsleuth import pipeline
from logsleuth.clock import survey
from logsleuth.clock.logs import Settings
from logsleuth.entries import Tally, slices, window
from logsleuth.entries.select import Select, selected
from logsleuth.entries.tally import said
from logsleuth.parallel import can_fork
from logsleuth.render.entries import WRITERS, Look, Timed
from logsleuth.render.entries.sliced import Told, added, sliced

pytestmark = pytest.mark.skipif(not can_fork(), reason="no workers on this system")
FIRST = dt.datetime(2023, 10, 20, tzinfo=dt.UTC)
NOW = int(dt.datetime(2024, 3, 1, tzinfo=dt.UTC).timestamp()) * 10**9


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """As large files are cut: kilobytes stand for megabytes."""
    for module, name, value in [
        (survey, "_SAMPLED_FROM", 0), (survey, "_STRIDE", 8 << 10), (survey, "_SAMPLE", 2 << 10),
        (window, "_NEAR", 4 << 10), (window, "_PROBE", 2 << 10),
        (slices, "SIZE", 16 << 10), (slices, "_LARGEST", 16 << 10),
        (slices, "_CUTTABLE", 24 << 10), (slices, "_STEP", 4 << 10),
    ]:  # fmt: skip
        monkeypatch.setattr(module, name, value)


def bsd(when, n):
    return f"{when:%b} {when.day:2} {when:%H:%M:%S} gate app[{n}]: step {n}"


def iso(when, n):
    return f"{when:%Y-%m-%dT%H:%M:%S}.{n % 1000:03}+00:00 gate app[{n}]: step {n}\n  more of step {n}"


def access(when, n):
    return f'192.0.2.{n % 200} - - [{when:%d/%b/%Y:%H:%M:%S} +0000] "GET /{n} HTTP/1.1" 200 {n}'


def _lines(spell, count, seed, jitter=0):
    rng, when = random.Random(seed), FIRST
    for n in range(count):
        when += dt.timedelta(seconds=rng.randrange(1, 9000))
        yield spell(when - dt.timedelta(seconds=rng.randrange(0, jitter + 1)), n)


def _host(folder, **more):
    files = {
        "messages": "\n".join(_lines(bsd, 2000, 1)),
        "daemon.log": "\n".join(_lines(iso, 2000, 2, jitter=90)),
        "access.log": "\n".join(_lines(access, 2000, 3, jitter=200)),
        "small.log": "\n".join(_lines(bsd, 20, 4)),
        "boot.log": "no stamps here\nnor here",
        **more,
    }
    for name, text in files.items():
        (folder / name).write_text(text + "\n")
    (folder / "old.log.1.gz").write_bytes(gzip.compress(("\n".join(_lines(iso, 40, 5)) + "\n").encode()))


def _both(folder, form="jsonl", zone=dt.UTC, **select):
    logs = pipeline.open_paths([str(folder)], Settings(zone, "said", NOW, zone_given=True, year=2024))
    logs.jobs = 2
    wanted = Select(**select)
    maker = partial(WRITERS[form], logs.opened.logs, Look(dt.UTC))
    alone = maker()
    found = selected(pipeline.entries(logs), wanted, logs.opened.logs, logs.tallies)
    timed = Timed(logs.opened.logs)
    if alone.timed:
        found = timed(found)
    whole = b"".join(bytes(alone.lines(stretch)) for stretch in found)
    parts = pipeline.slices(logs, wanted.since, wanted.until, numbered=alone.numbered)
    out, left_out = b"", 0
    tallies: dict[int, Tally] = {}
    for chunk in sliced(logs.opened.logs, parts, wanted, maker, 2):
        if isinstance(chunk, Told):
            tallies = added(tallies, chunk.tallies)
            left_out += chunk.left_out
        else:
            out += chunk
    assert left_out == timed.left_out == (2 if alone.timed and wanted.everything else 0)
    return whole, out, parts, (logs.tallies, tallies)


@pytest.mark.parametrize("form", ["jsonl", "csv", "raw", "timesketch-csv", "l2tcsv", "l2ttln", "ecs"])
def test_the_same_lines_in_the_same_order(tmp_path, form):
    _host(tmp_path)
    whole, out, parts, _ = _both(tmp_path, form)
    assert len(parts) > 4
    assert out == whole


def test_a_window_takes_only_the_slices_that_it_needs(tmp_path):
    _host(tmp_path)
    since = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp()) * 10**9
    whole, out, parts, _ = _both(tmp_path, since=since)
    assert out == whole
    assert len(parts) < len(_both(tmp_path)[2])


@pytest.mark.parametrize("seed", range(5))
def test_lines_out_of_order_by_weeks_are_neither_lost_nor_doubled(tmp_path, seed):
    lines = list(_lines(iso, 2000, 2))
    rng = random.Random(seed)
    for _ in range(3):
        at, to = rng.randrange(2000), rng.randrange(2000)
        lines[at], lines[to] = lines[to], lines[at]
    _host(tmp_path, **{"daemon.log": "\n".join(lines)})
    whole, out, parts, _ = _both(tmp_path, "raw")
    assert parts
    assert sorted(out.splitlines()) == sorted(whole.splitlines())


def test_stragglers_of_an_access_log_are_neither_lost_nor_doubled(tmp_path):
    lines = list(_lines(access, 2000, 3))
    lines[100], lines[1800] = lines[1800], lines[100]
    _host(tmp_path, **{"access.log": "\n".join(lines)})
    whole, out, parts, _ = _both(tmp_path, "raw")
    assert parts
    assert sorted(out.splitlines()) == sorted(whole.splitlines())


def test_the_hour_that_an_autumn_night_has_twice(tmp_path):
    _host(tmp_path)
    whole, out, parts, _ = _both(tmp_path, zone=ZoneInfo("America/New_York"))
    assert len(parts) > 4
    assert out == whole


def test_what_was_read_is_counted_once(tmp_path):
    _host(tmp_path)
    _, _, _, (alone, together) = _both(tmp_path)
    large = [i for i, tally in alone.items() if tally.entries >= 2000]
    for index in large:
        assert together[index].entries >= alone[index].entries
        assert together[index].backwards == pytest.approx(alone[index].backwards, abs=12)


def test_little_is_left_to_one_process(tmp_path):
    (tmp_path / "messages").write_text(bsd(FIRST, 1) + "\n")
    logs = pipeline.open_paths([str(tmp_path)], Settings(dt.UTC, "said", NOW))
    logs.jobs = 2
    assert not pipeline.slices(logs)


@pytest.mark.parametrize("seed", range(4))
def test_stamps_from_the_future_change_neither_lines_nor_order(tmp_path, seed):
    lines = []
    for n, line in enumerate(_lines(bsd, 6000, 1)):
        lines.append(line)
        if random.Random(seed * 9999 + n).random() < 0.005:
            # Now and then a line a month ahead, between two that agree.
            month = {"Oct": "Nov", "Nov": "Dec", "Dec": "Jan", "Jan": "Feb", "Feb": "Mar"}
            lines += [month.get(line[:3], line[:3]) + line[3:].replace("step", "leap"), line.replace("step", "stay")]
    _host(tmp_path, messages="\n".join(lines))
    whole, out, _, _ = _both(tmp_path, "raw")
    assert out == whole


def test_ties_are_told_in_one_order_by_one_process_and_by_several(tmp_path):
    """All stamps fall on a few seconds; the files' names are not in the order of their ranks."""

    def ties(spell):
        return "\n".join(spell(FIRST + dt.timedelta(hours=n // 4 * 4), n) for n in range(3000))

    def error(when, n):
        return f"[{when:%a %b %d %H:%M:%S.000000 %Y}] [core:error] [pid {n}] [client 192.0.2.7:1] went wrong {n}"

    _host(tmp_path, **{"access.log": ties(access), "a-error.log": ties(error), "messages": ties(bsd)})
    whole, out, parts, _ = _both(tmp_path, "raw")
    assert len(parts) > 3
    assert out == whole
    hour = [line for line in whole.decode().splitlines() if re.search("(?:23/Oct/2023:|Oct 23 )08:00:00", line)]
    assert ["GET" if "GET" in line else line.split()[4] for line in hour if "went wrong" not in line] == [
        *["GET"] * 4,
        *[f"app[{n}]:" for n in range(80, 84)],
    ]
    assert ["went wrong" in line for line in hour] == [False] * 8 + [True] * 4


@pytest.mark.parametrize("numbered", [True, False])
def test_a_clock_that_was_wrong_for_a_while_is_told_alike(tmp_path, numbered):
    """By one process and by several, which cut the file where the clock was set right again."""
    lines = list(_lines(iso, 6000, 7))
    for number in range(2000, 2040):
        lines[number] = f"1970-01-01T00:00:{number - 2000:02}.000+00:00 gate app[{number}]: step {number}"
    _host(tmp_path, **{"daemon.log": "\n".join(lines)})
    whole, out, parts, (alone, together) = _both(tmp_path, "jsonl" if numbered else "raw")
    assert len(parts) > 2
    assert sorted(out.splitlines()) == sorted(whole.splitlines())
    told = [sorted(text for tally in tallies.values() for text in said(tally)) for tallies in (alone, together)]
    assert told[0] == told[1]
    assert "were stamped by a clock that was" in told[0][0]
