"""Whose logs they are: machines and their hosts, zones that their stamps name, and what is assumed and said."""

import datetime as dt
import os
from pathlib import PurePath
from zoneinfo import ZoneInfo

import pytest

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.entries import read
from logsleuth.sources import find

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2012, 6, 2, tzinfo=dt.UTC)
SYSLOG = "Jun  1 10:00:0{} {} sshd[7]: Server listening\n"
ACCESS = '192.0.2.7 - - [01/Jun/2012:10:00:0{} {}] "GET / HTTP/1.1" 200 5\n'
ISO = "2012-06-01T10:00:0{}.5{} {} sshd[7]: Server listening\n"


def nanoseconds(when):
    return (when - EPOCH) // dt.timedelta(microseconds=1) * 1000


def syslog(host="gate"):
    return "".join(SYSLOG.format(i, host) for i in range(5))


def access(zone="+0000"):
    return "".join(ACCESS.format(i, zone) for i in range(5))


def iso(zone="Z", host="gate"):
    return "".join(ISO.format(i, zone, host) for i in range(5))


class Tree:
    """A folder of logs, opened as the user would."""

    def __init__(self, folder, files):
        self.folder = folder
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            os.utime(path, ns=(nanoseconds(NOW),) * 2)

    def open(self, *names, zone=dt.UTC, said="UTC (this machine)", **settings):
        paths = [str(self.folder / name) for name in names] or [str(self.folder)]
        self.opened = open_logs(find(paths)[0], Settings(zone, said, nanoseconds(NOW), **settings))
        return self

    def short(self, path):
        return PurePath(path).relative_to(self.folder).as_posix() if path.startswith(str(self.folder)) else path

    @property
    def machines(self):
        return {self.short(log.name): (self.short(log.machine), log.host) for log in self.opened.logs}

    @property
    def said(self):
        return [(self.short(a.about), a.text.replace(f"{self.folder}/", "")) for a in self.opened.assumptions]

    def first_time(self, name):
        log = next(log for log in self.opened.logs if self.short(log.name) == name)
        time = next(read([log], [], {})).time[0]
        return str(EPOCH + dt.timedelta(seconds=int(time) // 10**9))[:19]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # The host is what most lines name; an access log names none.
        ({"messages": syslog(), "maillog": syslog("other") + syslog() * 2, "access.log": access()},
         {"messages": (".", "gate"), "maillog": (".", "gate"), "access.log": (".", "gate")}),
        ({"messages": syslog("localhost") * 9 + syslog()}, {"messages": (".", "gate")}),
        ({"access.log": access()}, {"access.log": (".", "")}),
        # No var/log anywhere: one machine, whatever folders there are.
        ({"mail/maillog": syslog(), "www/access.log": access()},
         {"mail/maillog": (".", "gate"), "www/access.log": (".", "gate")}),
        # Several machines side by side.
        ({"home/var/log/messages": syslog(), "remote/access.log": access()},
         {"home/var/log/messages": ("home", "gate"), "remote/access.log": ("remote", "remote")}),
        ({"a/var/log/messages": syslog("alpha"), "a/var/log/apache/error.log": "[Fri Jun 01 10:00:00 2012] [error] x\n",
          "b/var/log/messages": syslog("beta"), "c/access.log": access()},
         {"a/var/log/messages": ("a", "alpha"), "a/var/log/apache/error.log": ("a", "alpha"),
          "b/var/log/messages": ("b", "beta"), "c/access.log": ("c", "c")}),
    ],
)  # fmt: skip
def test_each_folder_above_var_log_is_a_machine(tmp_path, files, expected):
    assert Tree(tmp_path, files).open().machines == expected


def test_a_file_that_is_named_lies_in_its_own_folder(tmp_path):
    tree = Tree(tmp_path, {"one/messages": syslog("alpha"), "two/messages": syslog("beta")})
    assert tree.open("one/messages", "two/messages").machines == {
        "one/messages": ("one", "alpha"),
        "two/messages": ("two", "beta"),
    }


def test_the_user_may_name_a_folders_host(tmp_path):
    tree = Tree(tmp_path, {"home/var/log/messages": syslog(), "remote/access.log": access()})
    tree.open(hosts={str(tmp_path / "remote"): "beacon"})
    assert tree.machines["remote/access.log"] == ("remote", "beacon")


ZONE = ("zone", "stamps without a zone are read as UTC (this machine)")


@pytest.mark.parametrize(
    ("files", "expected", "said"),
    [
        ({"messages": syslog()}, "2012-06-01 10:00:00", [ZONE]),
        ({"messages": syslog(), "access.log": access("+0900")}, "2012-06-01 01:00:00",
         [(".", "stamps without a zone are read as UTC+09:00, the zone that the stamps in access.log name")]),
        ({"messages": syslog(), "auth.log": iso("-03:30")}, "2012-06-01 13:30:00",
         [(".", "stamps without a zone are read as UTC-03:30, the zone that the stamps in auth.log name")]),
        # The zone is UTC already; two zones name none; UTC in a syslog is a habit.
        ({"messages": syslog(), "access.log": access("+0000")}, "2012-06-01 10:00:00", [ZONE]),
        ({"messages": syslog(), "access.log": access("+0900") + access("+0200")}, "2012-06-01 10:00:00", [ZONE]),
    ],
)  # fmt: skip
def test_a_machine_that_names_its_zone_is_believed(tmp_path, files, expected, said):
    tree = Tree(tmp_path, files).open()
    assert tree.first_time("messages") == expected
    assert [row for row in tree.said if "zone" in row[1]] == said


def test_utc_in_a_syslog_is_a_habit_and_in_an_access_log_the_machines_zone(tmp_path):
    def tokyo(files):
        return Tree(tmp_path, files).open(zone=ZoneInfo("Asia/Tokyo"), said="Asia/Tokyo (this machine)")

    assert tokyo({"messages": syslog(), "auth.log": iso("Z")}).first_time("messages") == "2012-06-01 01:00:00"
    assert tokyo({"messages": syslog(), "access.log": access()}).first_time("messages") == "2012-06-01 10:00:00"


def test_a_zone_that_the_user_names_goes_before_what_stamps_say(tmp_path):
    tree = Tree(tmp_path, {"messages": syslog(), "access.log": access("-0500")})
    tree.open(zone=ZoneInfo("Asia/Tokyo"), said="Asia/Tokyo (--tz)", zone_given=True)
    assert tree.first_time("messages") == "2012-06-01 01:00:00"
    assert tree.first_time("access.log") == "2012-06-01 15:00:00"
    assert ("zone", "stamps without a zone are read as Asia/Tokyo (--tz)") in tree.said


def test_one_machines_zone_is_not_anothers(tmp_path):
    files = {
        "home/var/log/messages": syslog("alpha"),
        "far/var/log/messages": syslog("beta"),
        "far/var/log/access.log": access("+0900"),
    }
    tree = Tree(tmp_path, files).open()
    assert tree.first_time("home/var/log/messages") == "2012-06-01 10:00:00"
    assert tree.first_time("far/var/log/messages") == "2012-06-01 01:00:00"
    assert ZONE in tree.said


def test_a_host_may_have_a_zone_of_its_own(tmp_path):
    tree = Tree(tmp_path, {"a/var/log/messages": syslog("alpha"), "b/var/log/messages": syslog("beta")})
    tree.open(zones={"beta": ZoneInfo("Asia/Tokyo")})
    assert tree.first_time("a/var/log/messages") == "2012-06-01 10:00:00"
    assert tree.first_time("b/var/log/messages") == "2012-06-01 01:00:00"


def test_stamps_that_name_everything_need_no_assumption(tmp_path):
    assert Tree(tmp_path, {"auth.log": iso("+02:00"), "access.log": access("+0200")}).open().said == []


@pytest.mark.parametrize("zone", ["+9900", "+2400", "-7575"])
def test_a_stamp_with_a_zone_that_no_place_has_does_no_harm(tmp_path, zone):
    tree = Tree(tmp_path, {"messages": syslog(), "access.log": access(zone)}).open()
    assert tree.first_time("messages") == "2012-06-01 10:00:00"


def test_rotated_files_are_dated_from_the_newest_back(tmp_path):
    old = "Dec 30 10:00:00 gate cron[7]: x\nJan  2 10:00:00 gate cron[7]: x\n"
    older = "Nov 30 10:00:00 gate cron[7]: x\nDec 29 10:00:00 gate cron[7]: x\n"
    tree = Tree(tmp_path, {"messages": syslog(), "messages.0": old, "messages.1": older}).open()
    assert tree.first_time("messages.0") == "2011-12-30 10:00:00"
    assert tree.first_time("messages.1") == "2011-11-30 10:00:00"
    assert [text for about, text in tree.said if about == "messages"] == [
        "year 2012 for its last line, which puts it within a day of the file's last change"
    ]


def test_a_neighbour_with_years_dates_a_file_that_was_copied(tmp_path):
    tree = Tree(
        tmp_path, {"messages": syslog().replace("Jun  1", "Feb  1"), "dpkg.log": "2009-02-03 10:00:00 startup\n"}
    )
    assert tree.open().first_time("messages") == "2009-02-01 10:00:00"
    assert ("messages", "year 2009 for its last line, as in dpkg.log, whose stamps name it") in tree.said


def test_no_witness_puts_a_line_into_the_future(tmp_path):
    # The November that is nearer to the neighbour has not come yet.
    files = {"messages": syslog().replace("Jun  1", "Nov 20"), "dpkg.log": "2012-06-01 23:00:00 startup\n" * 9}
    assert Tree(tmp_path, files).open().first_time("messages") == "2011-11-20 10:00:00"


def test_a_file_that_was_written_in_the_future_is_dated_by_now(tmp_path):
    tree = Tree(tmp_path, {"messages": syslog()})
    os.utime(tmp_path / "messages", (2_500_000_000, 2_500_000_000))
    assert tree.open().first_time("messages") == "2012-06-01 10:00:00"


def test_a_ring_buffer_ends_when_its_file_was_written(tmp_path):
    tree = Tree(tmp_path, {"dmesg": "[    0.000000] Linux version 3.2\n[   60.500000] eth0: up\n"}).open()
    assert tree.first_time("dmesg") == "2012-06-01 23:58:59"
    assert tree.said == [("dmesg", "its stamps count from the boot: its last line is put at the file's last change")]


def test_text_without_stamps_is_skipped_unless_it_is_named_or_called_a_log(tmp_path):
    text = "nothing\nhere\nbears a stamp\n"
    tree = Tree(tmp_path, {"notes.txt": text, "boot.log": text, "messages": syslog()}).open()
    assert {tree.short(log.name): log.format.name for log in tree.opened.logs} == {
        "boot.log": "plain", "messages": "bsd-syslog",
    }  # fmt: skip
    assert [(tree.short(s.name), s.reason) for s in tree.opened.skipped] == [
        ("notes.txt", "text without time stamps (name the file itself to read it)")
    ]
    assert [log.format.name for log in tree.open("notes.txt").opened.logs] == ["plain"]


def test_a_folder_of_snippets_without_stamps_is_read_but_not_one_of_many(tmp_path):
    tree = Tree(tmp_path, {"notes.txt": "nothing\nhere\n", "more.txt": "bears a stamp\n"})
    assert [log.format.name for log in tree.open().opened.logs] == ["plain", "plain"]
    many = tmp_path / "many"
    many.mkdir()
    other = Tree(many, {f"notes{n}.txt": "nothing here\n" for n in range(9)}).open()
    assert not other.opened.logs
    assert len(other.opened.skipped) == 9
