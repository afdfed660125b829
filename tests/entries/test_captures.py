"""A line of a capture that another log holds is left out of the timeline, no other is, and none moves in its file."""

import datetime as dt
from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth import pipeline
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries import read
from logsleuth.entries.copies import copies
from logsleuth.run import Logs
from tests.clock.kernels import freebsd, logged, opened, text

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FIRST, SECOND, LATER = "03-01 08:00:00", "03-04 12:02:00", "03-10 00:00:00"


def shown(found, *, keep=False):
    """(time, file, entry) in the order of the timeline, and how many copies were left out."""
    names = {log.index: log.name.rpartition("/")[2] for log in found.logs}
    known = None if keep else copies(found.logs)
    out = []
    for merged in pipeline.entries(Logs(found, []), copies=known):
        rows = [(piece.batch, row) for piece in merged.pieces for row in piece.rows.tolist()]
        for batch, row in rows if merged.order is None else [rows[i] for i in merged.order.tolist()]:
            time = int(batch.time[row])
            when = "-" if time == UNKNOWN else f"{EPOCH + dt.timedelta(microseconds=time // 1000):%m-%d %H:%M:%S}"
            out.append((when, names[batch.log], batch.bytes_of(row).decode(errors="replace")))
    return out, 0 if known is None else known.captured


def test_only_what_no_log_holds_is_shown_of_a_capture(tmp_path):
    log = [*logged(FIRST, freebsd()), *logged(SECOND, ["ada0: lost device"])]
    lines = [*freebsd(), "pid 7 (x), uid 0: exited on signal 11", "ada0: lost device", "panic: ada0"]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.boot": (lines, LATER)})
    entries, left_out = shown(found)
    assert [entry for entry in entries if entry[1] == "dmesg.boot"] == [
        (FIRST, "dmesg.boot", "pid 7 (x), uid 0: exited on signal 11"),
        (SECOND, "dmesg.boot", "panic: ada0"),
    ]
    assert left_out == len(freebsd())  # the line that begins with a tab goes on the one above
    assert [file for _, file, _ in entries][-3:] == ["dmesg.boot", "messages", "dmesg.boot"]
    assert len(shown(found, keep=True)[0]) == len(entries) + left_out


def test_what_two_captures_hold_is_shown_once(tmp_path):
    lines = [*freebsd(), "panic: twice", "panic: twice"]
    files = {"dmesg.today": (lines, LATER), "dmesg.yesterday": ([*lines, "panic: in one"], LATER)}
    entries, _ = shown(opened(tmp_path, {"messages": (logged(FIRST, freebsd()), LATER), **files}))
    assert sorted(line for _, file, line in entries if file.startswith("dmesg")) == [
        "panic: in one",
        "panic: twice",
        "panic: twice",
    ]


def test_an_entry_of_which_a_line_is_in_no_log_is_shown_whole(tmp_path):
    lines = [*freebsd(), "da0: <A>", "    da0: serial 7", "da1: <B>", "    da1: serial 8"]
    log = logged(FIRST, [*freebsd(), "da0: <A>", "da1: <B>", "da1: serial 8"])
    entries, _ = shown(opened(tmp_path, {"messages": (log, LATER), "dmesg": (lines, LATER)}))
    assert [line for _, file, line in entries if file == "dmesg"] == ["da0: <A>\n    da0: serial 7"]


def test_without_a_log_that_has_stamps_all_is_as_it_stands(tmp_path):
    found = opened(tmp_path, {"dmesg.boot": (freebsd(), LATER)})
    assert copies(found.logs) is None
    assert all(when == "-" for when, *_ in shown(found)[0])


@st.composite
def machines(draw):
    """Boots as the kernel wrote them, each of its lines kept or lost by syslogd and by the capture."""
    kernel = st.sampled_from([f"da{i}: event {i} of a disk" for i in range(6)] + ["", "  da9: goes on", "ok"])
    log: list[str] = []
    lines: list[str] = []
    for day in range(1, draw(st.integers(1, 4))):
        boot = freebsd(draw(st.sampled_from(["1", "2"])))
        for line in [*boot, *draw(st.lists(kernel, max_size=8))]:
            if draw(st.integers(0, 9)):
                log += logged(f"03-{day:02} 08:00:{min(59, len(log)):02}", [line])
            if draw(st.integers(0, 9)):
                lines.append(line)
    name = draw(st.sampled_from(["dmesg.boot", "dmesg.today", "console.log"]))
    return [*log, "Mar 10 00:00:00 gate cron[7]: (root) CMD (true)"], lines, name


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machines())
def test_no_line_is_lost_and_none_moves(tmp_path_factory, machine):
    log, lines, name = machine
    folder = tmp_path_factory.mktemp("machine")
    found = opened(folder, {"messages": (log, LATER), name: (lines, LATER)})
    capture = next((one for one in found.logs if one.name.endswith(name)), None)
    if capture is None:
        return
    batches = list(read([capture], [], {}))
    whole = [batch.bytes_of(row).decode() for batch in batches for row in range(len(batch))]
    assert "\n".join(whole).split("\n") == (text(*lines).split("\n")[:-1] if lines else [])
    keys = np.concatenate([batch.key for batch in batches]) if batches else np.empty(0)
    assert (keys[1:] >= keys[:-1]).all()
    entries, left_out = shown(found)
    kept = [entry for when, file, entry in entries if file == name]
    assert len(kept) + left_out == len(whole)
    rest = iter(whole)
    assert all(any(entry == one for one in rest) for entry in kept)  # in their order
    # What was left out stands in the other log, as often and at the same time.
    logged_lines = Counter(line.split(": ", 1)[1] for line in log if " kernel: " in line)
    missing = Counter(whole) - Counter(kept)
    for entry, count in missing.items():
        for line in entry.split("\n"):
            assert not line.strip() or logged_lines[line.strip()] >= count
    assert len(shown(found, keep=True)[0]) == len(entries) + left_out
