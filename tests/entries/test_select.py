"""Which entries are shown, and how far is read for them."""

from collections.abc import Iterator

import numpy as np
import pytest

from logsleuth import pipeline
from logsleuth.entries import select as select_module
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import Select, cut, head, selected, severities, tail, turned
from logsleuth.errors import UsageError
from logsleuth.formats.model import SEVERITIES
from logsleuth.run import Logs
from logsleuth.scan import Pattern, Scanner

SECOND = 10**9
START = int(np.datetime64("2023-12-17T10:30:00", "ns").astype(np.int64))
FILES = {
    "messages": (
        b"Dec 17 10:30:00 fry.example.org /usr/sbin/cron[5]: (root) CMD (true)\n"
        b"Dec 17 10:30:01 fry postfix/smtpd[6]: connect from unknown\n"
        b"Dec 17 10:30:02 leela kernel: ata1: FAILED command\n"
        b"  detail: Timeout\n"
        b"Dec 17 10:30:03 fry sshd[7]: no such warning here\n"
        b"Dec 17 10:30:04 fry sshd[8]: that is unfailing and terror\n"
    ),
    "error.log": b"[Sun Dec 17 10:30:05 2023] [crit] (28)No space left on device: mutex\n",
    "access.log": b'192.0.2.7 - - [17/Dec/2023:10:30:06 +0000] "GET / HTTP/1.1" 404 51\n',
    "console.log": b"Mounting root\n",
}


def seconds(opened, select: Select) -> list[int | None]:
    """The seconds after 10:30 of the entries that are wanted; None where the time is unknown."""
    logs = opened(FILES)
    found = []
    for merged in selected(pipeline.entries(logs), select, logs.opened.logs, logs.tallies):
        found += [int(t) for t in times(merged)]
    return [None if t < 0 else (t - START) // SECOND for t in found]


def times(merged: Merged) -> np.ndarray:
    out = np.concatenate([p.batch.time[p.rows] for p in merged.pieces])
    return out if merged.order is None else out[merged.order]


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        (Select(), [None, 0, 1, 2, 3, 4, 5, 6]),
        (Select(since=START + 5 * SECOND), [5, 6]),
        (Select(until=START + 1 * SECOND), [0, 1]),
        (Select(since=START + 2 * SECOND, until=START + 2 * SECOND), [2]),
        (Select(hosts=("leela",)), [2]),
        (Select(hosts=("FRY",)), [None, 0, 1, 3, 4, 5, 6]),
        (Select(hosts=("fry.example.*",)), [0]),
        (Select(hosts=("leel?", "nobody")), [2]),
        (Select(programs=("cron",)), [0]),
        (Select(programs=("/usr/sbin/*",)), [0]),
        (Select(programs=("postfix",)), [1]),
        (Select(programs=("smtpd",)), [1]),
        (Select(programs=("HTTPD",)), [5, 6]),
        (Select(severity=SEVERITIES.index("crit")), [5]),
        (Select(severity=SEVERITIES.index("err")), [2, 5]),
        (Select(severity=SEVERITIES.index("warning")), [2, 3, 5, 6]),
        (Select(severity=SEVERITIES.index("debug")), [None, 0, 1, 2, 3, 4, 5, 6]),
        (Select(grep=("failed",)), [2]),
        (Select(grep=("Failed",)), []),
        (Select(grep=("Failed",), ignore_case=True), [2]),
        (Select(grep=("timeout",)), [2]),
        (Select(grep=("^  detail",)), [2]),
        (Select(grep=(r"\Stdin|\SMD",)), [0]),
        (Select(grep=("sshd", "terror$")), [4]),
        (Select(grep=("sshd", "terror$"), invert=True), [None, 0, 1, 2, 3, 5, 6]),
        (Select(grep=(r"(?<=un)failing",)), [4]),
        (Select(grep=(r"(?<=UN)failing",)), []),
        (Select(hosts=("fry",), programs=("sshd",), grep=("warning",)), [3]),
    ],
)
def test_what_is_wanted(opened, select, wanted):
    assert seconds(opened, select) == wanted


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (b"that is unfailing and terror", "info"),
        (b"disk FAILED now", "err"),
        (b"a warning, then a panic", "emerg"),
        (b"failover done, alerting nobody", "info"),
        (b"x\n  fatal: y", "crit"),
        (b"warn", "warning"),
        (b"", "info"),
    ],
)
def test_words_tell_the_severity_however_they_are_scanned_for(opened, monkeypatch, native, text, severity):
    scanner = Scanner([Pattern(words, ignore_case=True) for _, words in select_module._WORDS], native=native)
    monkeypatch.setattr(select_module, "_word_scanner", lambda: scanner)
    logs = opened({"messages": b"Dec 17 10:30:00 fry error[7]: " + text + b"\n"})
    (merged,) = pipeline.entries(logs)
    piece = merged.pieces[0]
    found = severities(piece.batch, piece.rows, piece.batch.columns(piece.rows))
    assert [SEVERITIES[k] for k in found] == [severity]


def test_a_pattern_that_cannot_be_read_is_told():
    with pytest.raises(UsageError, match="--grep: cannot read '\\(': missing \\)"):
        Select(grep=("(",)).check()


def test_a_byte_that_is_no_utf8_hides_nothing(opened):
    logs = opened({"messages": b"Dec 17 10:30:00 fry a: caf\xe9 failed\n"})
    for pattern in ("failed$", "(?<=a)f"):
        found = selected(pipeline.entries(logs), Select(grep=(pattern,)), logs.opened.logs)
        assert sum(map(len, found)) == 1


def many(opened) -> tuple[Logs, Iterator[Merged]]:
    lines = [b"Dec 17 %02d:%02d:%02d fry a: %d\n" % (i // 3600, i // 60 % 60, i % 60, i) for i in range(60_000)]
    logs = opened({"a.log": b"".join(lines[0::2]), "b.log": b"".join(lines[1::2])})
    return logs, pipeline.entries(logs)


def test_reading_stops_after_until(opened):
    logs, every = many(opened)
    taken: list[Merged] = []

    def counted() -> Iterator[Merged]:
        for merged in every:
            taken.append(merged)
            yield merged

    until = START - 10 * 3600 * SECOND
    found = list(selected(counted(), Select(until=until), logs.opened.logs, logs.tallies))
    assert sum(map(len, found)) == 1801
    assert len(taken) < sum(1 for _ in many(opened)[1])


def test_a_clock_that_was_set_back_hides_nothing_before_until(opened):
    ahead = b"".join(b"2023-12-30T10:00:%02dZ fry a: ahead\n" % i for i in range(60))
    right = b"".join(b"2023-12-17T10:%02d:%02dZ fry a: right\n" % (i // 60, i % 60) for i in range(3000))
    other = b"".join(
        b"2023-12-17T%02d:%02d:%02dZ fry b: x\n" % (i // 3600, i // 60 % 60, i % 60) for i in range(80_000)
    )
    logs = opened({"a.log": ahead + right, "b.log": other})
    until = int(np.datetime64("2023-12-17T10:10:00", "ns").astype(np.int64))
    found = list(selected(pipeline.entries(logs), Select(until=until), logs.opened.logs, logs.tallies))
    assert sum(map(len, found)) == 601 + 36_601


def test_head_and_tail_cut_a_timeline(opened):
    every = np.concatenate([times(m) for m in many(opened)[1]])
    assert len(every) == 60_000
    for limit in (0, 1, 7, 30_001, 59_999, 60_000, 70_000):
        first = [times(m) for m in head(many(opened)[1], limit)]
        assert np.array_equal(np.concatenate(first or [every[:0]]), every[:limit])
        last = [times(m) for m in tail(many(opened)[1], limit)]
        assert np.array_equal(np.concatenate(last or [every[:0]]), every[max(0, 60_000 - limit) :])


def test_a_stretch_can_be_cut_and_turned(opened):
    for merged in many(opened)[1]:
        for first, last in ((0, 1), (len(merged) // 3, len(merged) // 2 + 1), (0, len(merged))):
            assert np.array_equal(times(cut(merged, first, last)), times(merged)[first:last])
        assert np.array_equal(times(turned(merged)), times(merged)[::-1])
