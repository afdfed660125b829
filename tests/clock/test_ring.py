"""Stamps that count from the boot, tied to the wall clock."""

import datetime as dt
import os

import pytest

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries import read
from logsleuth.sources import find

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2024, 9, 10, tzinfo=dt.UTC)
RING = (
    "[    0.000000] Linux version 6.1.0 (x) #1 SMP\n"
    "[    1.500000] usb 1-1: new high-speed USB device number 2\n"
    "[  300.250000] eth0: link becomes ready\n"
)


def logged(*rows, kind="bsd"):
    """kern.log with the kernel's own stamps in its texts."""
    stamp = {"bsd": "%b %e %H:%M:%S", "iso": "%Y-%m-%dT%H:%M:%S+02:00"}[kind]
    return "".join(f"{dt.datetime.fromisoformat(at).strftime(stamp)} gate kernel: {text}\n" for at, text in rows)


def opened(folder, files, written="2024-09-09 00:00:00"):
    for name, text in files.items():
        (folder / name).write_text(text)
        when = dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC).timestamp()
        os.utime(folder / name, (when, when))
    return open_logs(find([str(folder)])[0], Settings(dt.UTC, "UTC", int(NOW.timestamp()) * 10**9, year=2024))


def times(found, name):
    log = next(log for log in found.logs if log.name.endswith(name))
    return [
        None if time == UNKNOWN else shown(EPOCH + dt.timedelta(microseconds=time // 1000))
        for batch in read([log], [], {})
        for time in batch.time.tolist()
    ]


def shown(when):
    return when.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


LINES = RING.splitlines()
BOOT = ("2024-05-06 10:00:12", LINES[0])  # stamped when the logger has come up
USB = ("2024-05-06 10:00:12", LINES[1])
LINK = ("2024-05-06 10:05:00", LINES[2])


@pytest.mark.parametrize("kind", ["bsd", "iso"])
def test_the_same_lines_in_another_log_tell_the_boot(tmp_path, kind):
    found = opened(tmp_path, {"dmesg": RING, "kern.log": logged(BOOT, USB, LINK, kind=kind)})
    hour = "10" if kind == "bsd" else "08"
    day = "2024-05-06"
    boot = dt.datetime.fromisoformat(f"{day} {hour}:05:00") - dt.timedelta(seconds=300.25)
    assert times(found, "dmesg") == [shown(boot + dt.timedelta(seconds=since)) for since in (0, 1.5, 300.25)]
    assert any("3 lines of it stand in" in a.text for a in found.assumptions)


def test_netbsd_counts_in_tenths_of_microseconds(tmp_path):
    lines = [
        "[   1.0000000] NetBSD 9.3 (GENERIC) #0: Thu Aug  4 15:30:37 UTC 2022",
        "[ 200.2500000] wm0: link state UP",
    ]
    log = "".join(f"May  6 10:0{i}:00 gate /netbsd: {line}\n" for i, line in zip((0, 3), lines, strict=True))
    found = opened(tmp_path, {"dmesg.boot": "".join(f"{line}\n" for line in lines), "messages": log})
    assert times(found, "dmesg.boot") == ["2024-05-06 09:59:40.750", "2024-05-06 10:03:00.000"]
    assert any("2 lines of it stand in" in a.text for a in found.assumptions)


def test_without_such_lines_the_last_one_is_as_old_as_the_file(tmp_path):
    found = opened(tmp_path, {"dmesg": RING, "kern.log": logged(("2024-05-06 10:00:12", "[    0.000000] another"))})
    assert times(found, "dmesg")[-1] == "2024-09-09 00:00:00.000"


def test_a_clock_that_was_wrong_at_the_boot_is_not_believed(tmp_path):
    rows = [("1970-01-01 00:00:09", LINES[0]), ("1970-01-01 00:00:09", LINES[1]), LINK]
    found = opened(tmp_path, {"dmesg": RING, "kern.log": logged(*rows, kind="iso")})
    assert times(found, "dmesg")[0].startswith("2024-05-06 07:59:59")
    assert any("2 are stamped by a clock that was wrong by" in a.text for a in found.assumptions)


def test_a_clock_that_stood_still_is_said(tmp_path):
    resumed = "[  400.000000] PM: suspend exit"
    rows = [BOOT, USB, LINK, ("2024-05-06 11:00:00", resumed)]
    found = opened(tmp_path, {"dmesg": f"{RING}{resumed}\n", "kern.log": logged(*rows)})
    assert times(found, "dmesg")[2] == "2024-05-06 10:05:00.000"
    assert any("the kernel's clock fell behind by up to 3200 s" in a.text for a in found.assumptions)


def test_each_boot_of_a_console_capture_is_tied_for_itself(tmp_path):
    second = RING.replace("USB device number 2", "USB device number 3").replace("0.000000", "0.000001")
    rows = [("2024-05-07 09:00:09", second.splitlines()[0]), ("2024-05-07 09:00:09", second.splitlines()[1])]
    found = opened(tmp_path, {"console.log": RING + second + RING, "kern.log": logged(*rows)})
    got = times(found, "console.log")
    assert got[:3] == [None] * 3
    assert got[3].startswith("2024-05-07 09:00:07.5")
    assert got[-1] == "2024-09-09 00:00:00.000"
    assert any("boot 1 in it" in a.text and "unknown" in a.text for a in found.assumptions)


def test_lines_that_nothing_ties_are_unknown_and_in_order(tmp_path):
    import io

    found = open_logs(find(["-"], io.BytesIO(RING.encode()))[0], Settings(dt.UTC, "UTC", int(NOW.timestamp()) * 10**9))
    (log,) = found.logs
    rows = [batch.bytes_of(row).decode() for batch in read([log], [], {}) for row in range(len(batch))]
    assert rows == LINES
    if log.source.mtime is None:
        assert times(found, "<stdin>") == [None] * 3
