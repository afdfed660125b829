"""A window of time reads little, and finds what reading everything finds."""

import datetime as dt
import random

import numpy as np
import pytest

from logsleuth import sources
from logsleuth.clock import survey
from logsleuth.clock.logs import Settings, open_logs
from logsleuth.entries import read, streams, window
from logsleuth.entries.select import Select

NOW = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
FIRST = dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
LINES = 4000


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """As large files are read: a few kilobytes stand for megabytes."""
    monkeypatch.setattr(survey, "_SAMPLED_FROM", 0)
    monkeypatch.setattr(survey, "_STRIDE", 8 << 10)
    monkeypatch.setattr(survey, "_SAMPLE", 2 << 10)
    monkeypatch.setattr(window, "_NEAR", 8 << 10)
    monkeypatch.setattr(window, "_PROBE", 2 << 10)


def _bsd(when: dt.datetime, n: int) -> str:
    return f"{when:%b} {when.day:2} {when:%H:%M:%S} gate app[{n}]: step {n}"


def _iso(when: dt.datetime, n: int) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}+00:00 gate app[{n}]: step {n}"


def _written(folder, spell, *, back=0):
    rng = random.Random(5)
    when = FIRST
    texts: dict[str, list[str]] = {"syslog.1": [], "syslog": []}
    for n in range(LINES):
        when += dt.timedelta(seconds=rng.randrange(1, 4500))
        shown = when - dt.timedelta(seconds=rng.randrange(0, back + 1))
        texts["syslog.1" if n < LINES // 3 else "syslog"].append(spell(shown, n))
    for name, lines in texts.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return when


def _entries(folder, since, *, whole, numbered=True):
    found, _ = sources.find([str(folder)])
    opened = open_logs(found, Settings(dt.UTC, "UTC", int(NOW.timestamp()) * 10**9, year=2024))
    select = Select(since=since)
    out: list[tuple[int, int, bytes]] = []
    size = 0
    for members in streams(opened.logs):
        for batch in read(members, [], {}, 4 << 10, None if whole else since, numbered=numbered):
            size += len(batch.buffer)
            rows = select.rows(batch, np.arange(len(batch)), opened.logs[batch.log]).tolist()
            out.extend((int(batch.time[row]), int(batch.line[row]), batch.bytes_of(row)) for row in rows)
    return out, size


@pytest.mark.parametrize("spell", [_bsd, _iso])
@pytest.mark.parametrize("back", [0, 40])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.34, 0.7, 0.999])
def test_the_same_entries_with_the_same_numbers(tmp_path, spell, back, share):
    end = _written(tmp_path, spell, back=back)
    since = int((FIRST + (end - FIRST) * share).timestamp()) * 10**9

    found, little = _entries(tmp_path, since, whole=False)
    wanted, all_of_it = _entries(tmp_path, since, whole=True)

    assert found == wanted
    assert found
    if share > 0.5:
        assert little < all_of_it / 1.5


def test_lines_are_not_counted_where_nobody_asks(tmp_path):
    end = _written(tmp_path, _iso)
    since = int((end - dt.timedelta(days=1)).timestamp()) * 10**9

    found, _ = _entries(tmp_path, since, whole=False, numbered=False)
    wanted, _ = _entries(tmp_path, since, whole=True)

    assert [(t, text) for t, _, text in found] == [(t, text) for t, _, text in wanted]


def test_a_clock_that_was_set_back_by_days_is_read_whole(tmp_path):
    lines = [_iso(FIRST + dt.timedelta(minutes=n), n) for n in range(3000)]
    lines += [_iso(FIRST + dt.timedelta(minutes=n), n) for n in range(3000)]
    (tmp_path / "syslog").write_text("\n".join(lines) + "\n")
    since = int((FIRST + dt.timedelta(minutes=2990)).timestamp()) * 10**9

    found, _ = _entries(tmp_path, since, whole=False)

    assert len(found) == 20
