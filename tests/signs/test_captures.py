"""What lines of captures say: once, within bounds, and of no boot that another log tells of already."""

import datetime as dt

import pytest

from logsleuth import pipeline
from logsleuth.home import rule_set
from logsleuth.run import Logs
from logsleuth.signs.boots import REASONS
from tests.clock.kernels import SHUTDOWN, freebsd, logged, openbsd, opened

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FIRST, SECOND, THIRD, LATER = "03-01 08:00:00", "03-04 12:02:00", "03-06 20:40:00", "03-10 00:00:00"
TRAP = ["Fatal trap 12: page fault while in kernel mode", "panic: page fault", "KDB: stack backtrace:"]

CRASHED, SILENT, UP = (REASONS[how] for how in ("crash", "silence", "up"))


def at(time):
    return "-" if time is None else f"{EPOCH + dt.timedelta(seconds=time // 10**9):%m-%d %H:%M:%S}"


def lives(found):
    return [(at(boot.start.earliest), boot.because.template) for boot in pipeline.lives(Logs(found, []))[0]]


def facts(found, kind):
    signs = pipeline.gather(Logs(found, []), rule_set())
    return [
        (at(fact.lo), at(fact.hi), fact.lines[0].file.rpartition("/")[2]) for fact in signs.facts if fact.type == kind
    ]


def test_the_same_boots_with_and_without_captures(tmp_path):
    log = [*logged(FIRST, freebsd("1")), *logged(SECOND, [*SHUTDOWN, *freebsd("2")]), *logged(THIRD, freebsd("3"))]
    alone = lives(opened(tmp_path / "a", {"messages": (log, LATER)}))
    files = {
        "dmesg.boot": ([*freebsd("2"), *freebsd("3")], LATER),
        "dmesg.today": (freebsd("2"), "03-05 03:01:00"),
        "dmesg.yesterday": ([*freebsd("1"), *SHUTDOWN, *freebsd("2")], "03-05 03:01:00"),
    }
    assert lives(opened(tmp_path / "b", {"messages": (log, LATER), **files})) == alone
    assert [start for start, _ in alone] == [FIRST, SECOND, THIRD]


def test_a_line_that_both_hold_is_one_fact_that_cites_the_log(tmp_path):
    lost = ["ada0: lost device"]
    log = [*logged(FIRST, freebsd()), *logged(SECOND, lost)]
    files = {"dmesg.boot": ([*freebsd(), *lost], LATER), "console.log": ([*freebsd(), *lost], LATER)}
    found = opened(tmp_path, {"messages": (log, LATER), **files})
    assert facts(found, "host.kernel_banner") == [(FIRST, FIRST, "messages")]


def test_what_the_console_alone_shows_is_known_within_bounds(tmp_path):
    log = [*logged(FIRST, freebsd("1")), *logged(SECOND, ["ada0: lost device"]), *logged(THIRD, freebsd("3"))]
    lines = [*freebsd("1"), "ada0: lost device", *TRAP, *freebsd("3")]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": (lines, LATER)})
    assert facts(found, "host.console_panic") == [(SECOND, THIRD, "console.log")]
    assert [how for _, how in lives(found)] == [CRASHED, UP]


def test_a_stamped_line_that_the_console_shows_too_is_one_fact(tmp_path):
    told = "Mar  4 11:00:00 gate reboot[900]: rebooted by root"
    log = [*logged(FIRST, freebsd("1")), told, *logged(THIRD, freebsd("3"))]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": ([*freebsd("1"), told], SECOND)})
    assert facts(found, "host.shutdown_order") == [("03-04 11:00:00", "03-04 11:00:00", "messages")]


def test_behind_the_last_twin_the_files_last_change_bounds_it(tmp_path):
    log = [*logged(FIRST, freebsd("1")), *logged(THIRD, ["em0: link state changed to UP"])]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": ([*freebsd("1"), *TRAP], SECOND)})
    assert facts(found, "host.console_panic") == [(FIRST, SECOND, "console.log")]


def test_a_crash_that_may_lie_in_either_of_two_lives_ends_none(tmp_path):
    log = [*logged(FIRST, freebsd("1")), *logged(SECOND, freebsd("2")), *logged(THIRD, freebsd("3"))]
    lines = [*freebsd("1"), *TRAP, *freebsd("3")]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": (lines, LATER)})
    assert [how for _, how in lives(found)] == [SILENT, SILENT, UP]


@pytest.mark.parametrize("tag", ["/bsd", "kernel"])
def test_rules_for_consoles_go_on_matching(tmp_path, tag):
    panic = ["panic: m_copym0: off 1448, len 52, mbuf chain is short", "Stopped at      db_enter+0x10:  popq    %rbp"]
    log = [*logged(FIRST, openbsd("1"), tag), *logged(THIRD, openbsd("2"), tag)]
    found = opened(tmp_path, {"messages": (log, LATER), "console.log": ([*openbsd("1"), *panic, *openbsd("2")], LATER)})
    _, inference = pipeline.investigate(Logs(found, []), rule_set())
    (match,) = [match for match in inference.matches if match.rule.id == "kernel-panic-on-console"]
    assert match.confidence == "confirmed"
    assert (at(match.fact.lo), at(match.fact.hi)) == (FIRST, THIRD)


def test_a_capture_does_not_show_that_something_was_not_written(tmp_path):
    found = opened(tmp_path, {"messages": (logged(FIRST, freebsd()), LATER), "dmesg.boot": (freebsd(), LATER)})
    signs = pipeline.gather(Logs(found, []), rule_set())
    captures = [log.index for log in found.logs if log.twins is not None]
    assert captures
    assert all(signs.pulses[index].first is None for index in captures)
