"""Every line is accounted for: in an entry, behind one, or named as skipped; and generated logs keep what they hold."""

import datetime as dt
import gzip
import os
import tarfile
from collections import Counter
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from logsleuth import pipeline, sources
from logsleuth.clock.logs import Settings
from logsleuth.entries import read
from logsleuth.render.entries import WRITERS, Look

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOW = int(dt.datetime(2024, 6, 1, tzinfo=dt.UTC).timestamp()) * 10**9


def opened(path, zone=dt.UTC):
    return pipeline.open_paths([str(path)], Settings(zone, "said", NOW, zone_given=True))


def rows(logs):
    """(key, file, line, time, bytes) of all entries in the order of the timeline."""
    out = []
    for merged in pipeline.entries(logs):
        flat = [(piece.batch, row) for piece in merged.pieces for row in piece.rows.tolist()]
        order = range(len(flat)) if merged.order is None else merged.order.tolist()
        for batch, row in (flat[i] for i in order):
            name = logs.opened.logs[batch.log].name
            out.append((int(batch.key[row]), name, int(batch.line[row]), int(batch.time[row]), batch.bytes_of(row)))
    return out


def logs_under(folder):
    return sorted(p for p in folder.iterdir() if p.is_dir() and p.name != "__pycache__")


@pytest.mark.parametrize("tree", [*logs_under(FIXTURES / "incidents"), FIXTURES / "healthy-week"], ids=lambda p: p.name)
def test_every_line_of_a_fixture_is_an_entry_or_goes_on_one_or_is_named(tree):
    logs = opened(tree)
    told = Counter(name for _, name, *_ in rows(logs))
    for log in logs.opened.logs:
        tally = logs.tallies[log.index]
        text = b"".join(sources.blocks(log.source, []))
        assert tally.lines == text.count(b"\n") + (not text.endswith(b"\n") and bool(text))
        assert tally.entries == told[log.name]
    stamped = {}
    for log in logs.opened.logs:
        stamped[log.index] = sum(int((batch.layout >= 0).sum()) for batch in read([log], [], {}))
    for log in logs.opened.logs:
        tally = logs.tallies[log.index]
        # A run of NULs ends a line: what it glues together shares a number.
        assert 0 <= stamped[log.index] + tally.unstamped - tally.lines <= tally.torn
    named = {log.name for log in logs.opened.logs} | {s.name for s in logs.skipped}
    files = [p for p in tree.rglob("*") if p.is_file() and p.stat().st_size]
    assert all(any(str(p).startswith(name) or name.startswith(str(p)) for name in named) for p in files if _a_log(p))


def _a_log(path):
    return "var/log" in str(path) or path.suffix in {".log", ".gz"}


# ---- generated logs

ZONES = [dt.UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
FIRST = dt.datetime(2021, 10, 1, tzinfo=dt.UTC)


def bsd(when, n):
    return f"{when:%b} {when.day:2} {when:%H:%M:%S} gate app[{n}]: step {n}\n"


def iso(when, n):
    return f"{when:%Y-%m-%dT%H:%M:%S}.{n % 1000:03}{when:%z} gate app[{n}]: step {n}\n  more of step {n}\n"


def access(when, n):
    return f'192.0.2.{n % 200} - - [{when:%d/%b/%Y:%H:%M:%S %z}] "GET /{n} HTTP/1.1" 200 {n}\n'


GAP = st.sampled_from([0, 0, 1, 7, 600, 3600, 86_400, 9 * 86_400, 40 * 86_400])
FILE = st.tuples(st.sampled_from([bsd, iso, access]), st.lists(GAP, min_size=1, max_size=25), st.integers(0, 3))


@st.composite
def trees(draw):
    """Name to lines, oldest file of a stream last; and the zone of their clocks."""
    zone = draw(st.sampled_from(ZONES))
    files, n = {}, 0
    for k, (spell, gaps, cuts) in enumerate(draw(st.lists(FILE, min_size=1, max_size=3))):
        when, lines = FIRST, []
        for gap in gaps:
            when += dt.timedelta(seconds=gap)
            n += 1
            lines.append((when, spell(when.astimezone(zone), n)))
        size = max(1, len(lines) // (cuts + 1))
        parts = [lines[at : at + size] for at in range(0, len(lines), size)]
        for rank, part in enumerate(reversed(parts)):
            files[f"{'abc'[k]}.log" + (f".{rank}" if rank else "")] = part
    return files, zone


def saved(folder, files, *, mtimes):
    for name, lines in files.items():
        path = folder / name
        path.write_text("".join(text for _, text in lines))
        written = lines[-1][0].timestamp() if mtimes else NOW / 1e9
        os.utime(path, (written, written))


@tuned(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(trees(), st.booleans())
def test_generated_logs_keep_their_lines_and_an_order(tmp_path_factory, tree, mtimes):
    files, zone = tree
    folder = tmp_path_factory.mktemp("tree")
    saved(folder, files, mtimes=mtimes)
    logs = opened(folder, zone)
    found = rows(logs)
    keys = [key for key, *_ in found]
    assert keys == sorted(keys)
    whole = Counter(text.rstrip("\n") for lines in files.values() for _, text in lines)
    assert Counter(text.decode() for *_, text in found) == whole
    assert all(t.lines == t.entries + t.unstamped for t in logs.tallies.values())
    if mtimes:
        # Whose last changes are their writers' are dated right, but for the hour that a night has twice.
        true = {text.rstrip("\n"): when for lines in files.values() for when, text in lines}
        apart = [abs(time / 1e9 - int(true[text.decode()].timestamp())) for *_, time, text in found]
        assert max(apart) < 3601


@tuned(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_a_timeline_of_raw_lines_holds_what_was_read(tmp_path_factory, tree):
    files, zone = tree
    folder = tmp_path_factory.mktemp("tree")
    saved(folder, files, mtimes=True)
    logs = opened(folder, zone)
    writer = partial(WRITERS["raw"], logs.opened.logs, Look(zone))()
    out = b"".join(bytes(writer.lines(merged)) for merged in pipeline.entries(logs)).decode()
    given_lines = "".join(text for lines in files.values() for _, text in lines)
    assert Counter(out.splitlines()) == Counter(given_lines.splitlines())


@tuned(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_plain_packed_and_archived_give_the_same_events(tmp_path_factory, tree):
    files, zone = tree
    base = tmp_path_factory.mktemp("tree")
    plain, packed = base / "plain", base / "packed"
    plain.mkdir()
    packed.mkdir()
    saved(plain, files, mtimes=True)
    with tarfile.open(base / "all.tar.gz", "w:gz") as archive:
        for path in sorted(plain.iterdir()):
            archive.add(path, path.name)
            target = packed / f"{path.name}.gz"
            with target.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, path.stat().st_mtime) as out:
                out.write(path.read_bytes())
            os.utime(target, (path.stat().st_mtime,) * 2)

    def events(path):
        return [(key, line, time, text) for key, _, line, time, text in rows(opened(path, zone))]

    assert events(packed) == events(plain)
    assert events(base / "all.tar.gz") == events(plain)
