"""A window of time in a packed file: what lies long before it is unpacked, but not read; nothing in it is lost."""

import bz2
import datetime as dt
import gzip
import os
import random

import pytest

from logsleuth import pipeline
from logsleuth.entries import Tally, read
from logsleuth.entries.read import streams

START = dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
FORMS = {"iso": "%Y-%m-%dT%H:%M:%SZ kestrel app[7]:", "bsd": "%b %e %H:%M:%S kestrel app[7]:"}


def text(form, lines=6000):
    """A week of lines, some of which go on below, with clocks that jitter."""
    chance = random.Random(4)
    out, now = [], START
    for number in range(lines):
        now += dt.timedelta(seconds=chance.choice((1, 5, 100, 300)))
        stamp = (now - dt.timedelta(seconds=chance.choice((0, 0, 0, 30)))).strftime(FORMS[form])
        out.append(f"{stamp} line {number}\n")
        if chance.random() < 0.05:
            out.append("  and further\n" * chance.randrange(1, 60))
    return "".join(out), now


def entries(path, since, block):
    """(line, time, text) of what is not before `since`; how many lines were looked at; numbers of lines."""
    logs = pipeline.open_paths([str(path)], pipeline.default_settings("UTC", year=2023))
    (members,) = streams(logs.opened.logs)
    tallies: dict[int, Tally] = {}
    rows, seen = [], 0
    for batch in read(members, [], tallies, block, since):
        seen += len(batch)
        wanted = [row for row in range(len(batch)) if since is None or int(batch.time[row]) >= since]
        rows += [(int(batch.line[row]), int(batch.time[row]), batch.bytes_of(row)) for row in wanted]
    (tally,) = tallies.values()
    return rows, seen, tally.lines


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
@pytest.mark.parametrize("block", [4096, 1 << 20])
def test_nothing_of_a_window_is_lost(tmp_path, form, pack, block):
    content, last = text(form)
    path = tmp_path / ("app.log.gz" if pack is gzip.compress else "app.log.bz2")
    path.write_bytes(pack(content.encode()))
    os.utime(path, (last.timestamp(), last.timestamp()))
    whole, count, lines = entries(path, None, block)
    assert lines == content.count("\n")
    for share in (0.0, 0.3, 0.9, 1.0, 1.5):
        since = int((START + (last - START) * share).timestamp()) * 10**9
        rows, seen, numbered = entries(path, since, block)
        assert rows == [row for row in whole if row[1] >= since]
        assert numbered == lines
        if block == 4096 and share >= 0.9:
            assert seen < count // 4


def test_a_clock_that_falls_back_before_the_window_hides_nothing_after_it(tmp_path):
    content, last = text("iso", 2000)
    fallen = "".join(f"1970-01-01T00:{n // 60:02}:{n % 60:02}Z kestrel app[7]: fallen {n}\n" for n in range(600))
    path = tmp_path / "app.log.gz"
    path.write_bytes(gzip.compress((content + fallen + content.replace("2023-11", "2023-12")).encode()))
    since = int((last - dt.timedelta(days=1)).timestamp()) * 10**9
    whole, _, _ = entries(path, None, 4096)
    assert entries(path, since, 4096)[0] == [row for row in whole if row[1] >= since]


def test_a_log_of_another_kind_inside_is_read_whole(tmp_path):
    content, last = text("bsd", 1500)
    iso, _ = text("iso", 1500)
    path = tmp_path / "app.log.gz"
    path.write_bytes(gzip.compress((content + iso).encode()))
    os.utime(path, (last.timestamp(), last.timestamp()))
    since = int((last - dt.timedelta(days=1)).timestamp()) * 10**9
    whole, _, _ = entries(path, None, 4096)
    assert entries(path, since, 4096)[0] == [row for row in whole if row[1] >= since]
