"""Lines that a wrong clock stamped until it was set: told within bounds, or not at all."""

import datetime as dt
import itertools
import random

import numpy as np
import pytest

from logsleuth.clock.offsets import SECOND
from logsleuth.clock.spells import Steps, span, spells
from logsleuth.pipeline import default_settings, entries, open_paths
from logsleuth.run import Logs, assumptions

DAY = 86_400


def seconds(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def seen(lines, sizes=(10_000,)):
    """Steps of lines `STAMP` or `STAMP UPTIME`, read in pieces of some lines."""
    steps, at, sizes = Steps(), 0, list(sizes)
    while at < len(lines):
        part = lines[at : at + sizes[0]]
        texts = [f"kernel: [ {x.split()[1]}] x\n".encode() if " " in x else b"cron: x\n" for x in part]
        start = np.cumsum([0, *map(len, texts)])[:-1]
        time = np.array([seconds(x.split()[0]) * SECOND for x in part], np.int64)
        steps.add(time, np.arange(len(part)) + at + 1, start, np.frombuffer(b"".join(texts), np.uint8))
        at += sizes[0]
    return steps


def told(lines, **more):
    return [
        (s.first, s.last, "behind" if s.behind else "ahead", s.low // SECOND, s.high // SECOND, s.by_uptime)
        for s in spells(seen(lines, **more))
    ]


EPOCH = ["2024-05-01T10:00:00", "1970-01-01T00:00:09", "1970-01-01T00:00:20", "2024-05-01T10:05:00"]
FELL = seconds("2024-05-01T10:00:00") - 9
ROSE = seconds("2024-05-01T10:05:00") - 20
MONTHS = ["2024-05-01T10:00:00", "2024-02-01T00:00:09", "2024-02-01T00:01:00", "2024-05-01T10:05:00"]
OFF = seconds("2024-05-01T10:05:00") - seconds("2024-02-01T00:01:00") - 600
AHEAD = ["2024-05-01T10:00:00", "2024-09-01T00:00:00", "2024-09-01T00:01:00", "2024-05-01T10:10:00"]
ON = ["2024-05-01T10:20:00", "2024-05-01T10:30:00"]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([*EPOCH, *ON], [(2, 3, "behind", FELL, ROSE, False)]),
        (EPOCH[1:], [(1, 2, "behind", ROSE, ROSE, False)]),
        (
            [*MONTHS, *ON],
            [
                (
                    2,
                    3,
                    "behind",
                    seconds("2024-05-01T10:00:00") - seconds("2024-02-01T00:00:09"),
                    seconds("2024-05-01T10:05:00") - seconds("2024-02-01T00:01:00"),
                    False,
                )
            ],
        ),
        ([*AHEAD, *ON], [(2, 3, "ahead", 10_590_660, 10_591_200, False)]),
        # Nothing is said where a quiet night would explain as much:
        (["2024-05-01T10:00:00", "2024-05-01T08:00:00", "2024-05-02T08:00:00"], []),
        # where silences as long are usual in this file:
        (["2023-01-01T00:00:00", "2023-06-01T00:00:00", *MONTHS], []),
        # where the clock never came back, where it was only set back, where only time went by.
        (["2024-05-01T10:00:00", "1970-01-01T00:00:09", "1970-01-01T00:00:20"], []),
        (["2024-05-01T10:00:00", "2024-05-01T08:00:00", "2024-05-01T08:00:01"], []),
        (["2024-05-01T10:00:00", "2024-06-01T08:00:00", "2024-09-01T08:00:01"], []),
        # One line alone is told elsewhere.
        (["2024-05-01T10:00:00", "2024-09-01T08:00:00", "2024-05-01T10:00:01"], []),
    ],
)
def test_a_wrong_clock_is_told_where_it_is_sure(lines, expected, size):
    assert told(lines, sizes=(size,)) == expected


def test_the_kernels_uptime_says_by_how_much():
    """The machine was off for a day, and its clock stood 5 days behind when it came back."""
    lines = [
        "2024-05-01T10:00:00", "2024-04-27T10:00:00 0.000000", "2024-04-27T10:00:30 30.000000",
        "2024-05-02T10:01:00 60.000000", "2024-05-02T10:02:00",
    ]  # fmt: skip
    assert told(lines) == [(2, 3, "behind", 5 * DAY, 5 * DAY, True)]


@pytest.mark.parametrize("parts", [2, 3, 5])
@pytest.mark.parametrize(
    "lines",
    [
        [*EPOCH, *ON],
        EPOCH[1:],
        [*MONTHS, *ON],
        [*AHEAD, *ON],
        ["2023-01-01T00:00:00", "2023-06-01T00:00:00", *MONTHS],
        ["2024-05-01T10:00:00", "2024-05-01T11:30:00", *MONTHS, "2024-05-01T12:30:00", "2024-05-01T12:31:00"],
        [
            "2024-05-01T10:00:00", "2024-04-27T10:00:00 0.000000", "2024-04-27T10:00:30 30.000000",
            "2024-05-02T10:01:00 60.000000", "2024-05-02T10:02:00",
        ],
    ],
)  # fmt: skip
def test_parts_that_follow_each_other_tell_what_the_whole_does(lines, parts):
    rng = random.Random(parts)
    for _ in range(12):
        cuts = sorted(rng.choices(range(len(lines) + 1), k=parts - 1))
        joined, base = Steps(), 0
        for begin, end in itertools.pairwise((0, *cuts, len(lines))):
            joined.follow(seen(lines[begin:end]).below(base))
            base += end - begin
        whole = seen(lines)
        assert [(s.line, s.by) for s in joined.kept] == [(s.line, s.by) for s in whole.kept]
        assert (joined.longest_ahead, joined.begin_line, joined.end) == (whole.longest_ahead, 1, whole.end)
        assert [spell.say() for spell in spells(joined)] == [spell.say() for spell in spells(whole)]


def test_a_copy_goes_on_by_itself():
    steps = seen(EPOCH[:3])
    other = steps.copy()
    other.add(
        np.array([seconds(EPOCH[3]) * SECOND]), np.array([4]), np.array([0]), np.frombuffer(b"cron: x\n", np.uint8)
    )
    assert (len(list(spells(steps))), len(list(spells(other)))) == (0, 1)


def test_many_steps_say_nothing():
    assert told([f"2024-01-0{1 + n % 9}T00:00:00" for n in range(2000)]) == []


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (86_400 + 60, "1 d")],
)
def test_lengths(length, expected):
    assert span(length * SECOND) == expected


def test_it_is_said_of_a_log_and_no_line_is_moved(tmp_path):
    (tmp_path / "messages").write_text(
        "".join(
            f"{when} gate {text}\n"
            for when, text in [
                ("2024-11-20T14:30:00Z", "sshd[7]: last words"),
                ("1970-01-01T00:00:12Z", "kernel: [    5.000000] Linux version 6.1.0"),
                ("1970-01-01T00:00:19Z", "kernel: [   12.000000] eth0 up"),
                ("2024-11-20T14:41:15Z", "kernel: [   42.000000] eth0 promiscuous"),
            ]
        )
    )
    logs: Logs = open_paths([str(tmp_path)], default_settings("UTC"))
    rows = [int(t) for merged in entries(logs) for piece in merged.pieces for t in piece.batch.time[piece.rows]]
    assert [t // SECOND for t in rows[1:3]] == [12, 19]
    (said,) = [a.text for a in assumptions(logs) if "clock" in a.text]
    assert said.startswith("lines 2 to 3 were stamped by a clock that was about 20047 d 14 h behind")
    assert said.endswith("between 2024-11-20T14:30:00Z and 2024-11-20T14:41:15Z")
