"""A BSD's tree with the kernel's messages in several files, as a user reads it."""

import json

import pytest
from click.testing import CliRunner

from logsleuth.cli import main
from tests.clock.kernels import SHUTDOWN, freebsd, logged, openbsd, put

FIRST, SECOND, THIRD = "03-01 08:00:00", "03-04 12:02:00", "03-06 20:40:00"
LOST = ["ada0 at ahcich0 bus 0 scbus0 target 0 lun 0", "ada0: <ST1000VN000 SC60> s/n Z9C01234 detached"]
TRAP = ["Fatal trap 12: page fault while in kernel mode", "panic: page fault", "KDB: stack backtrace:"]
DIRTY = "WARNING: /var was not properly dismounted"


@pytest.fixture
def freebsds(tmp_path):
    """It was restarted in order; then a disk went, the kernel died, and syslogd never wrote why."""
    boots = freebsd("1"), [*SHUTDOWN, *freebsd("2")], freebsd("3", DIRTY)
    messages = [
        "Mar  1 08:00:00 gate syslogd: kernel boot file is /boot/kernel/kernel",
        *logged(FIRST, boots[0]),
        "Mar  4 12:00:00 gate reboot[900]: rebooted by root",
        "Mar  4 12:00:01 gate syslogd: exiting on signal 15",
        "Mar  4 12:02:00 gate syslogd: kernel boot file is /boot/kernel/kernel",
        *logged(SECOND, boots[1]),
        *logged("03-06 01:00:00", LOST[:1]),
        "Mar  6 01:30:00 gate cron[812]: (root) CMD (/usr/libexec/atrun)",
        "Mar  6 20:40:00 gate syslogd: kernel boot file is /boot/kernel/kernel",
        *logged(THIRD, boots[2]),
    ]
    before = [*freebsd("1"), *boots[1]]
    files = {
        "var/log/messages": (messages, "03-06 20:45:00"),
        "var/log/dmesg.yesterday": (before, "03-05 03:01:00"),
        "var/log/dmesg.today": ([*before, *LOST], "03-06 03:01:00"),
        "var/run/dmesg.boot": ([*boots[1], *LOST, *TRAP, *boots[2]], "03-06 20:39:50"),
    }
    put(tmp_path, files)
    return tmp_path, sum(len(lines) for lines, _ in files.values())


def run(*arguments):
    result = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code in {0, 1}, result.output
    return result


def rows(folder, *options):
    result = run("timeline", "--tz", "UTC", "--year", "2023", "--no-cache", *options, folder, "--format", "jsonl")
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_the_timeline_of_a_freebsd_shows_each_line_once(freebsds):
    folder, lines = freebsds
    told, notes = rows(folder)
    assert [(row["time"][:16], row["message"]) for row in told if "dmesg" in row["file"]] == [
        ("2023-03-06T01:00", LOST[1].partition(": ")[2]),
        ("2023-03-06T01:00", TRAP[0]),
        ("2023-03-06T01:00", "page fault"),
        ("2023-03-06T01:00", "stack backtrace:"),
    ]
    every, _ = rows(folder, "--keep-duplicates")
    tabs = 6  # lines that begin with one go on the entry above
    assert len(every) == lines - tabs
    assert f"{len(every) - len(told)} lines of captures that another log holds too left out" in notes
    assert "".join(row["message"] for row in told).count("\n") == 0
    assert [row["time"] for row in told] == sorted(row["time"] for row in told)


def test_the_story_of_a_freebsd(freebsds):
    folder, _ = freebsds
    report = json.loads(
        run("explain", "--tz", "UTC", "--year", "2023", "--no-cache", folder, "--format", "json").stdout
    )
    assert [boot["start"]["earliest"][:19] for boot in report["boots"]] == [
        "2023-03-01T08:00:00",
        "2023-03-04T12:02:00",
        "2023-03-06T20:40:00",
    ]
    findings = [f for i in report["incidents"] for f in (*i["causes"], *i["effects"])]
    panic = next(f for f in findings if f["cause"] == "kernel-panic")
    # Between the last line above that syslogd stamped and the next boot.
    assert (panic["start"]["earliest"][:19], panic["start"]["latest"][:19]) == (
        "2023-03-06T01:00:00",
        "2023-03-06T20:40:00",
    )
    said = {a["about"].rpartition("/")[2]: a["text"] for a in report["assumptions"]}
    assert "its lines carry no stamps: 28 of 29 stand in " in said["dmesg.today"]
    assert {f["file"].rpartition("/")[2]: f["format"] for f in report["files"]} == {
        "messages": "bsd-syslog",
        "dmesg.yesterday": "kernel-unstamped",
        "dmesg.today": "kernel-unstamped",
        "dmesg.boot": "kernel-unstamped",
    }


def test_what_was_kept_of_a_capture_holds_only_with_the_same_twins(freebsds, tmp_path_factory, monkeypatch):
    folder, _ = freebsds
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))

    def story():
        said = run("explain", "--tz", "UTC", "--year", "2023", folder, "--format", "json").stdout
        report = json.loads(said)
        return [(f["start"], f["evidence"]) for i in report["incidents"] for f in (*i["causes"], *i["effects"])]

    first = story()
    assert story() == first
    # The line between the loss and the panic comes up in the log after all.
    lines = (folder / "var/log/messages").read_text().splitlines()
    place = next(i for i, line in enumerate(lines) if "atrun" in line)
    lines[place:place] = logged("03-06 01:20:00", TRAP[:1])
    put(folder, {"var/log/messages": (lines, "03-06 20:45:00")})
    assert story() != first


def test_an_openbsd(tmp_path):
    panic = ["panic: m_copym0: off 1448, len 52, mbuf chain is short", "Stopped at      db_enter+0x10:  popq    %rbp"]
    messages = [*logged(FIRST, openbsd("1"), "/bsd"), *logged(THIRD, openbsd("2"), "/bsd")]
    files = {
        "var/log/messages": (messages, "03-06 21:00:00"),
        "var/run/dmesg.boot": ([*openbsd("1"), *openbsd("2")], "03-06 20:39:58"),
        "console.log": (["login: ", *openbsd("1"), *panic, "ddb{0}> boot reboot", *openbsd("2")], "03-06 20:40:30"),
    }
    put(tmp_path, files)
    told, notes = rows(tmp_path)
    assert [(row["file"].rpartition("/")[2], row["line"]) for row in told if "messages" not in row["file"]] == [
        ("console.log", 1),
        *(("console.log", 2 + len(openbsd()) + i) for i in range(3)),
    ]
    assert [row["line"] for row in told if row["time"] is None] == [1]
    assert f"{2 * 2 * (len(openbsd()) - 1)} lines of captures" in notes
    said = run("boots", "--tz", "UTC", "--year", "2023", "--no-cache", tmp_path).stdout
    assert "(2 boots" in said
