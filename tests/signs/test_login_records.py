"""Boots told by login records beside the text logs: one boot is told once, and its end weighed by both."""

import datetime as dt
import struct

import pytest

import logsleuth

BANNER = "kernel: [    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.76-1"
DAY = dt.datetime(2024, 5, 2, tzinfo=dt.UTC)


def at(clock):
    hour, minute, second = map(int, clock.split(":"))
    return DAY + dt.timedelta(hours=hour, minutes=minute, seconds=second)


def wtmp(*records):
    """`(clock, what)`: `boot`, `down`, or the name of a user who logs in on pts/0."""
    out = b""
    for clock, what in records:
        kind, line, user = {"boot": (2, b"~", b"reboot"), "down": (1, b"~", b"shutdown")}.get(
            what, (7, b"pts/0", what.encode())
        )
        head = struct.pack("<hxxi32s4s32s256s", kind, 0, line, b"", user, b"6.1.0-18-amd64" if kind < 3 else b"")
        out += head + struct.pack("<hhiIi16s20x", 0, 0, 0, int(at(clock).timestamp()), 0, b"")
    return out


def syslog(*lines):
    """`HH:MM:SS program: text` each."""
    return "".join(f"{at(clock).isoformat()} mill {text}\n" for clock, text in (line.split(" ", 1) for line in lines))


def lives(folder, records, *lines):
    """(start, how it ended) of each life of the host."""
    (folder / "wtmp").write_bytes(wtmp(*records))
    if lines:
        (folder / "syslog").write_text(syslog(*lines))
    rows, _ = logsleuth.boots([str(folder)], tz="UTC")
    return [(dt.datetime.fromtimestamp(b.start.earliest / 1e9, dt.UTC).strftime("%H:%M:%S"), b.how) for b in rows]


@pytest.mark.parametrize("late", ["09:31:08", "09:33:50", "09:58:00"])
def test_a_boot_in_both_is_one_however_late_syslogd_starts(tmp_path, late):
    got = lives(
        tmp_path,
        [("09:00:00", "boot"), ("09:31:07", "boot"), ("09:59:00", "rika")],
        "09:00:01 " + BANNER, "09:20:00 cron[9]: tick", f"{late} {BANNER}", "09:59:59 cron[9]: tick",
    )  # fmt: skip
    assert [start for start, _ in got] == ["09:00:00", "09:31:07"]


def test_two_boots_within_a_minute_are_two(tmp_path):
    got = lives(
        tmp_path,
        [("09:00:00", "boot"), ("09:01:00", "boot")],
        "09:00:05 " + BANNER, "09:01:05 " + BANNER, "09:59:59 cron[9]: tick",
    )  # fmt: skip
    assert [start for start, _ in got] == ["09:00:00", "09:01:00"]


def test_lines_in_between_make_two_boots(tmp_path):
    got = lives(
        tmp_path,
        [("09:00:00", "boot")],
        "09:05:00 cron[9]: tick", "09:30:00 " + BANNER, "09:59:59 cron[9]: tick",
    )  # fmt: skip
    assert [start for start, _ in got] == ["09:00:00", "09:30:00"]


@pytest.mark.parametrize(
    ("records", "lines", "how"),
    [
        ([("09:20:00", "down")], [], "clean"),
        ([], [], "unclean"),
        (
            [("09:20:00", "down")],
            ["09:20:00 cron[9]: tick", "09:31:08 kernel: EXT4-fs (sda1): recovery complete"],
            "unclean",
        ),
        ([], ['09:20:00 rsyslogd: [origin software="rsyslogd"] exiting on signal 15.'], "clean"),
    ],
)  # fmt: skip
def test_the_end_is_weighed_by_both(tmp_path, records, lines, how):
    got = lives(tmp_path, [("09:00:00", "boot"), *records, ("09:31:07", "boot")], *lines)
    assert got[0][1] == how


def test_a_record_of_the_end_is_the_end(tmp_path):
    assert lives(tmp_path, [("09:00:00", "boot"), ("09:20:00", "down")])[-1][1] == "clean"
