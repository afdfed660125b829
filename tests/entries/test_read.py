"""Files to entries: nothing lost, nothing doubled, every line at its number, however the file is cut into blocks."""

import datetime as dt
import gzip
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN, Offsets
from logsleuth.clock.years import Years
from logsleuth.entries import Tally, read
from logsleuth.formats import FORMATS, PLAIN
from logsleuth.formats.split import recognize
from logsleuth.report import Skipped
from logsleuth.sources import Source
from logsleuth.sources.rotation import LIVE

# The package gives its function the name of the module.
reading = sys.modules["logsleuth.entries.read"]
BY_NAME = {form.name: form for form in FORMATS}
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
START = dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def stamped(second, text="one"):
    return f"{START + dt.timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}Z gate cron[7]: {text}".encode()


def time_of(second):
    return (START - EPOCH + dt.timedelta(seconds=second)) // dt.timedelta(seconds=1) * 10**9


def log_of(path, form=BY_NAME["iso-syslog"], *, packing="plain", index=0, year=2024):
    source = Source(str(path), Path(path), packing, Path(path).stat().st_size, None, "x", LIVE, str(path), given=True)
    return Log(index, source, form, ".", "gate", Offsets(dt.UTC), Years((), (year,)))


def entries(*logs, block=4 << 20):
    """(line number, bytes, time) of every entry, the tally of the first file, and all batches."""
    tallies: dict[int, Tally] = {}
    problems: list[Skipped] = []
    batches = list(read(logs, problems, tallies, block))
    assert problems == []
    rows = [(int(batch.line[i]), batch.bytes_of(i), int(batch.time[i])) for batch in batches for i in range(len(batch))]
    return rows, tallies[logs[0].index], batches


def keys_of(batches):
    return [key for batch in batches for key in batch.key.tolist()]


def expected(content):
    """The same by a loop over the lines."""
    lines = content.split(b"\n")
    places = np.cumsum([0] + [len(line) + 1 for line in lines]).tolist()
    out: list[list[int]] = []
    for number, (line, place) in enumerate(zip(lines, places, strict=False), 1):
        whole = [m.span() for m in re.finditer(rb"[^\0]+", line)] or [(0, 0)] * (b"\0" not in line)
        if number == len(lines) and not line:
            break
        for a, b in whole:
            text = line[a:b].removesuffix(b"\r")
            span = [place + a, place + a + len(text)]
            second = re.match(rb"2024-01-02T03:(\d\d):(\d\d)Z ", text)
            if second:
                out.append([number, *span, time_of(int(second[1]) * 60 + int(second[2]) - 245)])
            elif out:
                out[-1][2] = span[1]
            elif text:  # blank lines before the first entry are none
                out.append([number, *span, UNKNOWN])
    return [(number, content[a:b], time) for number, a, b, time in out]


def saved(folder, content, name="x"):
    path = folder / name
    path.write_bytes(content)
    return path


def test_an_entry_is_a_stamped_line_and_what_follows_it(tmp_path):
    content = b"\n".join([b"before", b"", stamped(0), b"\tat x", b"", stamped(1), stamped(2), b"end"])
    rows, tally, batches = entries(log_of(saved(tmp_path, content)))
    assert rows == [
        (1, b"before\n", UNKNOWN),
        (3, stamped(0) + b"\n\tat x\n", time_of(0)),
        (6, stamped(1), time_of(1)),
        (7, stamped(2) + b"\nend", time_of(2)),
    ]
    assert (tally.lines, tally.entries, tally.unstamped) == (8, 4, 5)
    assert (tally.first, tally.last, tally.backwards) == (time_of(0), time_of(2), 0)
    assert sum(batch.lines for batch in batches) == 8
    # What stands before the first stamp takes its place on the timeline, not its time.
    assert keys_of(batches) == [time_of(0), time_of(0), time_of(1), time_of(2)]


SECONDS = st.integers(0, 900)
LINE = st.one_of(
    SECONDS.map(stamped),
    SECONDS.map(stamped),
    st.tuples(SECONDS, st.integers(0, 90)).map(lambda t: stamped(t[0], "x" * t[1])),
    st.sampled_from([b"", b"\tat org.example.Main", b"caused by: \xff\xfe", b"\r", b"[", b"2024-01-02T03:04:0"]),
    st.integers(1, 70).map(lambda n: b"\0" * n),
    st.tuples(st.integers(1, 70), SECONDS).map(lambda t: b"\0" * t[0] + stamped(t[1])),
    st.tuples(SECONDS, st.integers(1, 70), SECONDS).map(lambda t: stamped(t[0])[:45] + b"\0" * t[1] + stamped(t[2])),
)
CONTENT = st.tuples(
    st.lists(st.tuples(LINE, st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"])).map(b"".join), max_size=25),
    st.just(b"") | LINE,
).map(lambda t: b"".join(t[0]) + t[1])
BLOCKS = st.integers(64, 4096)


# Lines before the first stamp are handed on as they come, so they are no part of this.
STAMPED = CONTENT.map(lambda content: stamped(0) + b"\n" + content)


@tuned(deadline=None)
@given(STAMPED, BLOCKS)
def test_any_file_gives_the_same_entries_in_blocks_of_any_size(tmp_path_factory, content, block):
    path = saved(tmp_path_factory.getbasetemp(), content)
    rows, tally, batches = entries(log_of(path), block=block)
    assert rows == expected(content)
    assert tally.lines == content.count(b"\n") + (not content.endswith(b"\n"))
    assert tally.entries == len(rows)
    assert keys_of(batches) == sorted(keys_of(batches))


@tuned(deadline=None)
@given(CONTENT.filter(bool), BLOCKS)
def test_an_entry_is_found_again_at_its_place_in_the_file(tmp_path_factory, content, block):
    path = saved(tmp_path_factory.getbasetemp(), content)
    for batch in entries(log_of(path), block=block)[2]:
        for row in range(len(batch)):
            place = batch.base + int(batch.start[row])
            assert content[place:].startswith(batch.bytes_of(row))
            assert content.count(b"\n", 0, place) + 1 == int(batch.line[row])


@tuned(deadline=None)
@given(CONTENT.filter(bool), BLOCKS)
def test_a_packed_file_gives_what_the_plain_one_gives(tmp_path_factory, content, block):
    folder = tmp_path_factory.getbasetemp()
    plain = entries(log_of(saved(folder, content)), block=block)
    packed = entries(log_of(saved(folder, gzip.compress(content, 1, mtime=0), "x.gz"), packing="gzip"), block=block)
    assert packed[:2] == plain[:2]


@tuned(deadline=None)
@given(STAMPED, BLOCKS)
def test_lines_that_a_run_of_nuls_stands_before_are_marked(tmp_path_factory, content, block):
    path = saved(tmp_path_factory.getbasetemp(), content)
    marked = [
        (int(batch.line[row]), batch.bytes_of(row))
        for batch in entries(log_of(path), block=block)[2]
        if batch.torn is not None
        for row in np.flatnonzero(batch.torn)
    ]
    gaps, end = [], 0
    for number, text, _ in expected(content):
        at = content.index(text, end) if text else end
        if b"\0" in content[end:at]:
            gaps.append((number, text))
        end = at + len(text)
    # Entries that begin with a torn line; a line that only continues one is not told apart.
    assert [row for row in marked if row[1]] == [row for row in gaps if row[1]]


@pytest.mark.parametrize("block", [64, 90, 128, 4096])
def test_nul_lines_before_a_blocks_end_do_not_shift_the_numbers(tmp_path, block):
    content = b"".join(stamped(i) + b"\n" + b"\0" * 40 + b"\n" for i in range(20))
    rows, tally, _ = entries(log_of(saved(tmp_path, content)), block=block)
    assert [number for number, _, _ in rows] == list(range(1, 41, 2))
    assert tally.lines == 40


@pytest.mark.parametrize("block", [64, 256, 1024, 4096])
def test_an_entry_longer_than_a_block_is_one_entry(tmp_path, block):
    content = b"\n".join([stamped(0), *[b"\tat org.example.Main.run(%d)" % i for i in range(60)], stamped(1), b""])
    rows, tally, _ = entries(log_of(saved(tmp_path, content)), block=block)
    assert [number for number, _, _ in rows] == [1, 62]
    assert (tally.lines, tally.entries, tally.unstamped) == (62, 2, 60)


def test_an_entry_without_end_is_handed_on_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_LONGEST_ENTRY", 500)
    content = b"\n".join([stamped(0), *[b"\tline %03d" % i for i in range(200)], stamped(1), b""])
    rows, tally, batches = entries(log_of(saved(tmp_path, content)), block=100)
    assert b"".join(text for _, text, _ in rows).replace(b"\n", b"") == content.replace(b"\n", b"")
    assert all(content.split(b"\n")[number - 1].startswith(text.split(b"\n")[0]) for number, text, _ in rows)
    assert {time for _, _, time in rows[:-1]} == {time_of(0)}
    assert rows[-1] == (202, stamped(1), time_of(1))
    assert tally.lines == 202
    assert max(len(batch.buffer) for batch in batches) < 1200


def test_a_line_longer_than_memory_allows_keeps_the_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_LONGEST_ENTRY", 50)
    content = b"\n".join([stamped(0), stamped(1, "x" * 3000), stamped(2), b""])
    rows, tally, _ = entries(log_of(saved(tmp_path, content)), block=64)
    assert rows[-1] == (3, stamped(2), time_of(2))
    assert tally.lines == 3


@pytest.mark.parametrize("block", [64, 4096])
def test_a_stamp_that_runs_back_is_reported_and_moves_no_line(tmp_path, block):
    seconds = [0, 10, 9, 8, 300, 100, 301, 90, 302]
    content = b"".join(stamped(s) + b"\n" for s in seconds)
    rows, tally, batches = entries(log_of(saved(tmp_path, content)), block=block)
    assert [time for _, _, time in rows] == [time_of(s) for s in seconds]
    # One second back is what two writers do.
    assert (tally.backwards, tally.furthest, tally.furthest_line) == (2, 211 * 10**9, 8)
    assert keys_of(batches) == [time_of(s) for s in (0, 10, 10, 10, 300, 300, 301, 301, 302)]


def test_the_keys_of_a_stream_run_on_from_file_to_file(tmp_path):
    old = saved(tmp_path, b"".join(stamped(s) + b"\n" for s in (0, 50)), "old")
    new = saved(tmp_path, b"no stamp\n" + b"".join(stamped(s) + b"\n" for s in (40, 60)), "new")
    _, _, batches = entries(log_of(old), log_of(new, index=1))
    assert [batch.log for batch in batches for _ in range(len(batch))] == [0, 0, 1, 1, 1]
    assert keys_of(batches) == [time_of(s) for s in (0, 50, 50, 50, 60)]


def test_the_lines_of_an_access_log_keep_their_own_times(tmp_path):
    line = '192.0.2.7 - - [02/Jan/2024:03:04:{:02} +0000] "GET / HTTP/1.1" 200 5\n'
    path = saved(tmp_path, "".join(line.format(s) for s in (5, 9, 6)).encode())
    rows, tally, batches = entries(log_of(path, BY_NAME["access"]))
    assert [time for _, _, time in rows] == [time_of(s) for s in (0, 4, 1)]
    assert keys_of(batches) == [time for _, _, time in rows]
    assert (tally.first, tally.backwards, tally.furthest_line) == (time_of(0), 1, 3)


@pytest.mark.parametrize("block", [64, 4096])
def test_text_without_stamps_is_an_entry_a_line_at_no_time(tmp_path, block):
    content = b"Copyright (c) 1992-2021 The FreeBSD Project.\n" * 5 + b"\nda0: attached"
    rows, tally, _ = entries(log_of(saved(tmp_path, content), PLAIN), block=block)
    assert rows == [(i, line, UNKNOWN) for i, line in enumerate(content.split(b"\n"), 1)]
    assert (tally.lines, tally.first) == (7, None)


@pytest.mark.parametrize("block", [64, 300, 4096])
def test_a_syslog_that_goes_over_to_iso_stamps_is_read_whole(tmp_path, block):
    bsd = b"".join(b"Dec 31 23:%02d:00 gate cron[7]: one\n" % m for m in range(30, 60))
    iso = b"".join(b"2024-01-01T00:%02d:00.5Z gate cron[7]: one\n" % m for m in range(30))
    content = bsd + iso
    rows, tally, batches = entries(log_of(saved(tmp_path, content), recognize(content)[0], year=2023), block=block)
    assert [number for number, _, _ in rows] == list(range(1, 61))
    first = (dt.datetime(2023, 12, 31, 23, 30, tzinfo=dt.UTC) - EPOCH) // dt.timedelta(seconds=1) * 10**9
    times = [first + m * 60 * 10**9 + (m >= 30) * 500_000_000 for m in range(60)]
    assert [time for _, _, time in rows] == times
    assert tally.backwards == 0
    hosts = {batch.bytes_of(i)[int(c.host_at[i] - batch.start[i]) : int(c.host_end[i] - batch.start[i])]
             for batch in batches for c in [batch.columns()] for i in range(len(batch))}  # fmt: skip
    assert hosts == {b"gate"}


@pytest.mark.parametrize(
    ("word", "number", "text"),
    [(b"cron", 1, stamped(0)), (b"zwei", 2, stamped(1, "zwei")), (b"second", 3, b"second"), (b"hird", 4, b"third")],
)
def test_a_position_leads_to_its_line(tmp_path, word, number, text):
    content = b"\n".join([stamped(0), stamped(1, "zwei") + b"\r", b"second\r", b"third", stamped(2)])
    place = content.index(word)
    batch = next(b for b in reversed(entries(log_of(saved(tmp_path, content)))[2]) if b.base <= place)
    place -= batch.base
    line, start, stop = batch.line_at(batch.entry_at(place), place)
    assert (line, content[batch.base + start : batch.base + stop]) == (number, text)


AROUND = st.lists(st.integers(0, 200), min_size=1, max_size=12).map(sorted)


@tuned(deadline=None)
@given(AROUND, AROUND, st.integers(4000, 90_000_000), BLOCKS)
def test_one_stamp_from_the_future_holds_nothing_that_follows(tmp_path_factory, early, late, ahead, block):
    seconds = [*early, early[-1] + ahead, *(early[-1] + s for s in late)]
    path = saved(tmp_path_factory.getbasetemp(), b"".join(stamped(s) + b"\n" for s in seconds))
    _, tally, batches = entries(log_of(path), block=block)
    wrong = len(early)
    expected_keys = [*seconds[:wrong], seconds[wrong - 1], *seconds[wrong + 1 :]]
    assert keys_of(batches) == [time_of(s) for s in expected_keys]
    assert [int(t) for batch in batches for t in batch.time] == [time_of(s) for s in seconds]
    assert (tally.ahead, tally.ahead_line, tally.ahead_by) == (1, wrong + 1, ahead * 10**9)


@pytest.mark.parametrize("block", [64, 100, 150, 4096])
@pytest.mark.parametrize(
    ("seconds", "expected_keys"),
    [
        ([0, 9000, 9001], [0, 9000, 9001]),  # a pause
        ([0, 9000], [0, 9000]),  # nothing follows that could tell
        ([0, 9000, 9001, 5, 6], [0, 9000, 9001, 9001, 9001]),  # a clock that was set
        ([0, 9000, 400, 500], [0, 9000, 9000, 9000]),  # those around do not agree
        ([0, 9000, 1, 9002, 2, 3], [0, 0, 1, 1, 2, 3]),  # a second writer, whose clock is ahead
        ([0, 3000, 1, 2], [0, 3000, 3000, 3000]),  # not so far ahead
    ],
)
def test_a_stamp_is_from_the_future_only_where_those_around_it_agree(tmp_path, seconds, expected_keys, block):
    path = saved(tmp_path, b"".join(stamped(s) + b"\n  more\n" for s in seconds))
    assert keys_of(entries(log_of(path), block=block)[2]) == [time_of(s) for s in expected_keys]


def test_what_a_file_says_of_its_layout_is_no_entry(opened, written):
    """It is no entry, but among the raw lines; a comment further below goes on the entry above it."""
    text = b"#Software: x\n#Fields: date time c-ip\n\n2023-03-04 05:06:07 ::1\n#Date: x\n2023-03-04 05:06:08 ::1\n"
    logs = opened({"ex.log": text})
    for block in (1 << 20, 7):
        found = list(read(logs.opened.logs, [], logs.tallies, block))
        assert [int(batch.line[row]) for batch in found for row in range(len(batch))] == [4, 6]
        tally = logs.tallies[0]
        assert (tally.lines, tally.entries, tally.unstamped) == (6, 2, 4)
    assert found[0].take(slice(0, 1)).above == found[0].above == 0
    assert found[0].take(slice(1, 2)).above == -1
    assert written({"ex.log": text}, "raw") == text


@pytest.mark.parametrize("block", [1 << 20, 7])
def test_the_line_with_which_glog_opens_a_file_only_tells_the_year(opened, block):
    text = b"Log file created at: 2019/12/31 23:58:59\nRunning on machine: gate\n%b\n%b\nmore\n" % (
        b"I1231 23:59:59.293442   812 report.cc:34] up",
        b"E0101 00:00:00.506034   812 report.cc:35] down",
    )
    logs = opened({"x.log": text}, year=None)
    found = list(read(logs.opened.logs, [], logs.tallies, block))
    times = [str(np.datetime64(int(time), "ns"))[:19] for batch in found for time in batch.time]
    assert times == ["2019-12-31T23:59:59", "2020-01-01T00:00:00"]


def test_vims_settings_are_no_commands(opened, written):
    text = b'# This viminfo file was generated by Vim 8.1.\n\n|1,4\n*encoding=utf-8\n\n:wq\n|2,0,1614834368,,"wq"\n:q\n'
    logs = opened({".viminfo.log": text})
    assert [len(batch) for batch in read(logs.opened.logs, [], logs.tallies)] == [1]
    assert written({".viminfo.log": text}, "raw") == text
