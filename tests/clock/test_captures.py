"""A kernel's messages without stamps, dated by the same lines in another log."""

import datetime as dt
import gzip
import os

import pytest

from logsleuth.clock import captures, kernel_boots
from logsleuth.clock.fitting import in_order
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries import read
from tests.clock.kernels import SHUTDOWN, freebsd, linux, logged, netbsd, openbsd, opened, put
from tests.sources.journals import NOON, Writer
from tests.sources.journals import said as said_by

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FIRST, SECOND, THIRD = "03-01 08:00:00", "03-04 12:02:00", "03-06 20:40:00"
LATER = "03-10 00:00:00"
LOST = ["ada0: lost device"]


def times(found, name):
    """(time, first line) of each entry: '03-01 08:00:00', - where it is unknown."""
    log = next(log for log in found.logs if log.name.endswith(name))
    return [
        (
            "-" if time == UNKNOWN else f"{EPOCH + dt.timedelta(microseconds=time // 1000):%m-%d %H:%M:%S}",
            batch.bytes_of(row).decode().split("\n")[0],
        )
        for batch in read([log], [], {})
        for row, time in enumerate(batch.time.tolist())
    ]


def at(found, name):
    return [time for time, _ in times(found, name)]


def said(found, name):
    return [a.text for a in found.assumptions if a.about.endswith(name) and "carry no stamps" in a.text]


@pytest.mark.parametrize(
    ("kernel", "tag", "uptime"),
    [
        (freebsd, "kernel", ""),
        (freebsd, "kernel", "[1] "),
        (openbsd, "/bsd", ""),
        (netbsd, "/netbsd", ""),
        (netbsd, "/netbsd", "[   1.0000030] "),
        (linux, "kernel", ""),
        (linux, "kernel", "[    0.000000] "),
    ],
)
def test_lines_have_the_time_of_their_twins(tmp_path, kernel, tag, uptime):
    log = logged(FIRST, kernel("1"), tag, uptime) + logged(SECOND, kernel("2"), tag, uptime)
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.boot": (kernel("1"), LATER)})
    assert set(at(found, "dmesg.boot")) == {FIRST}
    count = sum(map(bool, kernel()))
    assert said(found, "dmesg.boot")[0].startswith(f"its lines carry no stamps: {count} of {count} stand in ")


def test_a_line_between_two_stands_with_the_one_above(tmp_path):
    log = logged(FIRST, freebsd()) + logged(SECOND, LOST) + logged(THIRD, ["ada1: lost device"])
    lines = [*freebsd(), "arp: a", *LOST, "panic: b", "ada1: lost device", "panic: c"]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg": (lines, LATER)})
    assert times(found, "dmesg")[-5:] == [
        (FIRST, "arp: a"),
        (SECOND, LOST[0]),
        (SECOND, "panic: b"),
        (THIRD, "ada1: lost device"),
        (THIRD, "panic: c"),
    ]


def test_what_stands_before_the_first_twin_of_its_boot_stands_there(tmp_path):
    log = logged(FIRST, freebsd()[4:])
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg": (["loader> boot", *freebsd()], LATER)})
    assert at(found, "dmesg")[:3] == ["-", FIRST, FIRST]  # what the loader wrote is of no boot that is known


@pytest.mark.parametrize(
    ("changed", "name", "which"),
    [
        (LATER, "dmesg.today", THIRD),
        ("03-06 20:39:59", "dmesg.boot", THIRD),  # written while it booted, before syslogd
        ("03-06 20:20:00", "dmesg.boot", SECOND),
        ("03-06 20:35:00", "dmesg.today", SECOND),
        ("03-04 11:59:00", "dmesg.today", FIRST),
    ],
)
def test_of_boots_that_wrote_the_same_it_is_the_last_before_the_files_last_change(tmp_path, changed, name, which):
    log = [line for when in (FIRST, SECOND, THIRD) for line in logged(when, freebsd())]
    found = opened(tmp_path, {"messages": (log, LATER), name: (freebsd(), changed)})
    assert set(at(found, name)) == {which}
    assert ("that fit equally the last is taken" in said(found, name)[0]) == (which != FIRST)


def test_what_one_boot_alone_wrote_tells_it(tmp_path):
    log = [line for when in (FIRST, SECOND, THIRD) for line in logged(when, freebsd(when[:2] + when[3:5]))]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.today": (freebsd("0304"), LATER)})
    assert set(at(found, "dmesg.today")) == {SECOND}
    assert "equally" not in said(found, "dmesg.today")[0]


def test_a_line_that_syslogd_lost_does_not_make_it_another_boot(tmp_path):
    log = [*logged(FIRST, freebsd("1")), *logged(SECOND, freebsd("2")), *logged(THIRD, freebsd("3")[:-1])]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.today": (freebsd("3"), LATER)})
    assert set(at(found, "dmesg.today")) == {THIRD}


def test_several_boots_in_one_capture(tmp_path):
    log = logged(FIRST, freebsd("1")) + logged(SECOND, [*SHUTDOWN, *freebsd("2")]) + logged(THIRD, freebsd("3"))
    lines = [*freebsd("1"), *SHUTDOWN, *freebsd("2"), "panic: x", *freebsd("3")]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.boot": (lines, LATER)})
    got = at(found, "dmesg.boot")
    size = len(freebsd()) - 1  # one line begins with a tab
    assert got == [FIRST] * size + [SECOND] * (len(SHUTDOWN) + size + 1) + [THIRD] * size


def test_a_boot_that_syslogd_did_not_see_is_at_no_known_time(tmp_path):
    log = logged(FIRST, freebsd("1")) + logged(THIRD, freebsd("3"))
    lines = [*freebsd("1"), *freebsd("2"), "panic: in the second", *freebsd("3")]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": (lines, LATER)})
    size = len(freebsd()) - 1
    assert at(found, "console.log") == [FIRST] * size + ["-"] * (size + 1) + [THIRD] * size
    assert f"; {len(freebsd()) + 1} lines are of no boot that is found there" in said(found, "console.log")[0]


def test_the_last_boot_is_not_taken_for_one_that_another_part_is_of(tmp_path):
    """syslogd died with the second boot: the capture's third is not in its log."""
    log = logged(FIRST, freebsd("1", "da0: <A 1>", "da1: <B 1>")) + logged(SECOND, freebsd("2", "da2: <C 2>"))
    lines = [*freebsd("2", "da2: <C 2>"), *freebsd("3")]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": (lines, LATER)})
    size = len(freebsd()) - 1
    assert at(found, "console.log") == [SECOND] * (size + 1) + ["-"] * size


@pytest.mark.parametrize(
    ("kernel", "tag"), [(freebsd, "kernel"), (openbsd, "/bsd"), (netbsd, "/netbsd"), (linux, "kernel")]
)
def test_a_boot_that_measured_its_clock_otherwise_is_another(tmp_path, kernel, tag):
    log = [*logged(FIRST, kernel("2399.998"), tag), *logged(SECOND, kernel("2400.103"), tag)]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.boot": (kernel("2400.021"), LATER)})
    assert set(at(found, "dmesg.boot")) == {"-"}


def test_yesterdays_and_todays_are_the_same_buffer(tmp_path):
    log = logged(FIRST, freebsd()) + logged(SECOND, LOST)
    files = {"dmesg.yesterday": (freebsd(), LATER), "dmesg.today": ([*freebsd(), *LOST], LATER)}
    found = opened(tmp_path, {"messages": (log, LATER), **files})
    assert set(at(found, "dmesg.yesterday")) == {FIRST}
    assert at(found, "dmesg.today")[-1] == SECOND


def test_an_older_file_is_of_an_earlier_boot(tmp_path):
    log = [line for when in (FIRST, SECOND, THIRD) for line in logged(when, linux())]
    files = {name: (linux(), LATER) for name in ("dmesg", "dmesg.0", "dmesg.1", "dmesg.2")}
    found = opened(tmp_path, {"kern.log": (log, LATER), **files})
    assert [set(at(found, name)) for name in files] == [{THIRD}, {SECOND}, {FIRST}, {"-"}]


def test_a_packed_one(tmp_path):
    put(tmp_path, {"dmesg.0": (linux("1"), LATER)})
    (tmp_path / "dmesg.0.gz").write_bytes(gzip.compress((tmp_path / "dmesg.0").read_bytes()))
    (tmp_path / "dmesg.0").unlink()
    found = opened(tmp_path, {"kern.log": (logged(FIRST, linux("1")), LATER)})
    assert set(at(found, "dmesg.0.gz")) == {FIRST}


def test_lines_of_a_packed_and_rotated_log(tmp_path):
    put(tmp_path, {"messages.0": (logged(FIRST, freebsd()), FIRST)})
    (tmp_path / "messages.0.gz").write_bytes(gzip.compress((tmp_path / "messages.0").read_bytes()))
    (tmp_path / "messages.0").unlink()
    found = opened(tmp_path, {"messages": (logged(SECOND, LOST), LATER), "dmesg": ([*freebsd(), *LOST], LATER)})
    assert at(found, "dmesg")[0] == FIRST
    assert at(found, "dmesg")[-1] == SECOND
    assert "messages.0.gz too" in said(found, "dmesg")[0]


@pytest.mark.parametrize(
    ("log", "lines"),
    [
        ([], freebsd()),
        (logged(FIRST, openbsd(), "/bsd"), freebsd()),
        (logged(FIRST, freebsd()[7:9]), freebsd()),  # too few
        (logged(FIRST, freebsd()), [*freebsd()[7:10], *(f"da{i}: <other>" for i in range(40))]),  # too few of many
        (logged(FIRST, freebsd()), [line.replace("13.2", "14.0").replace("2021", "2023") for line in freebsd()]),
        (logged(FIRST, freebsd(), "script"), freebsd()),
        (logged("12-30 00:00:00", freebsd()), freebsd()),  # begun after the capture was written
    ],
)
def test_nothing_is_dated_by_chance(tmp_path, log, lines):
    other = "Mar  1 07:00:00 gate cron[7]: (root) CMD (true)"
    found = opened(tmp_path, {"messages": ([other, *log], "12-30 10:00:00"), "dmesg.boot": (lines, LATER)})
    assert set(at(found, "dmesg.boot")) == {"-"}
    assert not said(found, "dmesg.boot")


def test_another_machines_log_dates_nothing(tmp_path):
    files = {"fry/var/log/messages": (logged(FIRST, freebsd()), LATER), "leela/var/run/dmesg.boot": (freebsd(), LATER)}
    files["leela/var/log/messages"] = (logged(FIRST, ["carp: demoted"]), LATER)
    assert set(at(opened(tmp_path, files), "dmesg.boot")) == {"-"}


def test_text_that_is_no_kernels_is_left_alone(tmp_path):
    lines = [line.strip() for line in freebsd()[6:]]
    found = opened(tmp_path, {"messages": (logged(FIRST, lines), LATER), "build.log": (lines, LATER)})
    assert set(at(found, "build.log")) == {"-"}


def test_a_last_change_that_is_none_bounds_nothing(tmp_path):
    found = opened(tmp_path, {"messages": (logged(FIRST, freebsd()), LATER), "dmesg.boot": (freebsd(), LATER)})
    os.utime(tmp_path / "dmesg.boot", (3600, 3600))
    found = opened(tmp_path, {"messages": (logged(FIRST, freebsd()), LATER)})
    assert set(at(found, "dmesg.boot")) == {FIRST}


HUBS = [f"uhub{i}: <Intel hub, class 9/0, rev 2.00/1.00, addr {i}> on usbus0" for i in range(60)]
CONSOLE = ["Mar  4 12:02:09 gate syslogd: /dev/xconsole: Operation not supported", "panic: x"]


@pytest.mark.parametrize("hubs", [HUBS[:20], HUBS])
def test_what_syslogd_wrote_on_the_console_keeps_its_stamp(tmp_path, hubs):
    log = [*logged(FIRST, freebsd("1", *hubs)), *logged(SECOND, freebsd("2", *hubs))]
    lines = [*freebsd("2", *hubs), *CONSOLE]
    found = opened(tmp_path, {"messages": (log, LATER), "dmesg.boot": (lines, LATER)})
    assert not found.skipped
    assert times(found, "dmesg.boot")[-3:] == [
        (SECOND, hubs[-1]),
        ("03-04 12:02:09", CONSOLE[0]),
        ("03-04 12:02:09", CONSOLE[1]),
    ]
    told = [a.text for a in found.assumptions if a.about.endswith("dmesg.boot")]
    assert any(text.startswith("few of its lines carry stamps: ") for text in told)


def test_without_twins_the_lines_without_stamps_go_on_the_one_above_as_anywhere(tmp_path):
    found = opened(tmp_path, {"console.log": ([*CONSOLE, *freebsd()], LATER)})
    assert [log.format.name for log in found.logs] == ["bsd-syslog"]
    assert at(found, "console.log") == ["03-04 12:02:09"]


@pytest.mark.parametrize(
    ("mine", "theirs", "pairs"),
    [
        ("", "", []),
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "xaybzc", [(0, 1), (1, 3), (2, 5)]),
        ("cab", "abc", [(1, 0), (2, 1)]),  # one line that comes late does not lose the others
        ("abab", "ab", [(2, 0), (3, 1)]),
        ("xyz", "abc", []),
        ("aaaaaaaaaaaab", "aaaaaaaaaaaab", [(i, i) for i in range(13)]),
    ],
)
def test_lines_are_paired_in_order(mine, theirs, pairs):
    found = in_order([c.encode() for c in mine], [c.encode() for c in theirs])
    assert len(found) == len(pairs)
    assert found == sorted(found)
    assert all(mine[i] == theirs[j] for i, j in found)
    assert len({j for _, j in found}) == len(found)
    if mine != "abab":
        assert found == pairs


def test_of_a_large_log_what_was_written_before_the_capture_is_searched(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_boots, "_SEARCHED", 5 << 20)
    later = [
        f"Mar  2 08:{i // 60 % 60:02}:{i % 60:02} gate cron[{i}]: (root) CMD (true){'.' * 60}" for i in range(3600)
    ]
    files = {"messages": ([*logged(FIRST, freebsd()), *later * 20], LATER), "dmesg.boot": (freebsd(), FIRST)}
    found = opened(tmp_path, files)
    assert (tmp_path / "messages").stat().st_size > 7 << 20
    assert set(at(found, "dmesg.boot")) == {FIRST}


def test_a_journal_dates_a_serial_console(tmp_path):
    writer = Writer()
    lines = linux("1")
    for i, line in enumerate(lines):
        writer.entry(NOON + i * 1_000_000, said_by(line, "kernel", 0))
    (tmp_path / "system.journal").write_bytes(writer.bytes())
    put(tmp_path, {"ttyS0.log": ([*lines, "Kernel panic - not syncing: Attempted to kill init!"], LATER)})
    os.utime(tmp_path / "ttyS0.log")
    found = opened(tmp_path, {})
    assert at(found, "ttyS0.log") == [*(f"01-02 12:00:{i:02}" for i in range(len(lines))), "01-02 12:00:05"]


def test_a_capture_of_nothing_but_first_words_takes_no_long(tmp_path):
    words = [linux()[0], "usb 1-1: device", "usb 1-2: device"] * 20_000
    log = logged(FIRST, words[:6000])
    found = opened(tmp_path, {"kern.log": (log, LATER), "dmesg": (words, LATER)})
    assert len(at(found, "dmesg")) == len(words)


def test_of_too_many_captures_the_smallest_are_dated(tmp_path, monkeypatch):
    monkeypatch.setattr(captures, "_ALL", 1700)
    more = [f"x{i}: goes on and on" for i in range(10)]
    files = {
        "console-a": (freebsd(), LATER),
        "console-b": (freebsd(), LATER),
        "console-c": (freebsd("1", *more), LATER),
    }
    found = opened(tmp_path, {"messages": (logged(FIRST, freebsd()), LATER), **files})
    assert [set(at(found, name)) for name in files] == [{FIRST}, {FIRST}, {"-"}]
