"""Kinds of lines that stand in an incident's time and never before are told, whatever they say."""

import datetime as dt
import gzip

import pytest

from logsleuth.incidents import novel
from logsleuth.incidents.novel import SHOWN, runs_of
from logsleuth.pipeline import explain

START = dt.datetime(2024, 3, 3, tzinfo=dt.UTC)
USERS = ("rika", "tom", "anna")
DISK = "kernel: blk_update_request: I/O error, dev sda, sector 12345"
NEW = "fancontrol[55]: Switching to passive cooling profile 7"


def line(minutes, text, host="gate"):
    when = START + dt.timedelta(minutes=minutes)
    return f"{when:%b} {when.day:2} {when:%H:%M:%S} {host} {text}\n"


def ordinary(count, host="gate"):
    return [
        line(
            n,
            (
                f"sshd[{300 + n}]: Accepted publickey for {USERS[n % 2]} from 192.0.2.{n % 250} port {4000 + n} ssh2",
                f"cron[{n}]: (root) CMD (run-parts /etc/cron.hourly)",
                f"systemd[1]: Started Session {n} of user {USERS[n % 2]}.",
            )[n % 3],
            host,
        )
        for n in range(count)
    ]


@pytest.fixture
def told(tmp_path):
    def tell(*lines, rotated=(), **window):
        folder = tmp_path / "var/log"
        folder.mkdir(parents=True)
        (folder / "messages").write_text("".join(lines))
        if rotated:
            (folder / "messages.1.gz").write_bytes(gzip.compress("".join(rotated).encode()))
        report = explain([str(tmp_path)], tz="UTC", year=2024, **window)
        return [(g.program, g.pattern, g.count) for g in report.unexplained if g.new], report

    return tell


def test_a_new_kind_in_an_incident_is_told(told):
    new, report = told(*ordinary(600), line(600, NEW), line(601, DISK), line(602, NEW))
    assert report.incidents
    assert new == [("fancontrol", "Switching to passive cooling profile *", 2)]


def test_new_names_in_lines_of_old_are_not(told):
    stranger = "sshd[9]: Accepted publickey for anna from 198.51.100.9 port 77 ssh2"
    new, _ = told(*ordinary(600), line(601, DISK), line(602, stranger))
    assert not new


def test_what_stood_there_before_is_not_new(told):
    new, _ = told(line(0, NEW), *ordinary(600), line(600, NEW), line(601, DISK))
    assert not new


def test_nor_what_stood_in_a_file_that_was_rotated_away(told):
    new, _ = told(*ordinary(600)[300:], line(601, DISK), line(602, NEW), rotated=[line(0, NEW), *ordinary(300)])
    assert not new


def test_of_a_large_file_only_the_last_bytes_before_are_looked_at(told, monkeypatch):
    lines = [line(0, NEW), *ordinary(9_000), line(9_001, DISK), line(9_002, NEW)]
    monkeypatch.setattr(novel, "HISTORY", 300_000)
    new, _ = told(*lines)
    assert [program for program, _, _ in new] == ["fancontrol"]


def test_and_those_it_looks_at_are_known(told, monkeypatch):
    monkeypatch.setattr(novel, "HISTORY", 300_000)
    new, _ = told(*ordinary(8_900), line(8_900, NEW), *ordinary(9_000)[8_901:], line(9_061, DISK), line(9_062, NEW))
    assert not new


def test_without_an_incident_nothing_is_new(told):
    new, report = told(*ordinary(600), line(601, NEW))
    assert (new, report.incidents) == ([], ())


def test_a_window_asked_for_needs_no_incident(told):
    new, _ = told(*ordinary(600), line(601, NEW), since="2024-03-03T09:00")
    assert [program for program, _, _ in new] == ["fancontrol"]


def test_a_short_log_cannot_tell_what_is_new(told):
    new, report = told(*ordinary(30), line(31, DISK), line(32, NEW))
    assert report.incidents
    assert not new


def test_lines_that_a_finding_rests_on_are_not_left_over(told):
    new, _ = told(*ordinary(600), line(601, DISK), line(602, DISK))
    assert not new


def test_trouble_that_is_new_is_marked_and_comes_first(told):
    old = "fetchnews[3]: could not fetch the feed of the day"
    fresh = "shelfwatch[3]: could not rotate the carousel again"
    lines = [line(n, old) for n in range(5, 500, 20)]
    _, report = told(*sorted([*ordinary(600), *lines], key=lambda x: x[:15]), line(602, DISK), line(603, fresh))
    trouble = [(g.program, g.new) for g in report.unexplained]
    assert trouble == [("shelfwatch", True), ("fetchnews", False)]


def test_the_lines_of_a_first_boot_are_not_called_new(told):
    boot = [
        "kernel: Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)",
        "kernel: Timecounter frequency quality warmed",
    ]
    new, report = told(*ordinary(600), *(line(602, b) for b in boot), line(604, DISK))
    assert report.incidents
    assert not new


def test_the_list_is_bounded_and_the_rest_counted(told):
    letters = "ijklmnopqr"
    many = [line(601, f"app[7]: {a * 9} {b * 9} {a * 3}{b * 7} stuck") for a in letters[:9] for b in letters[:9]]
    new, report = told(*ordinary(600), line(601, DISK), *many)
    assert len(new) == SHOWN
    assert f"of the kinds of lines that are new, {len(many) - SHOWN} more are not listed" in report.notes


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Switching to passive cooling profile 7", ["Switching to passive", "cooling profile"]),
        ("pid 12 (httpd) exited", []),
        ("session opened for user tom by (uid=0)", ["session opened for", "user tom by"]),
        ("/usr/lib/thing not.a.word", []),
    ],
)
def test_runs_of_words(text, runs):
    assert runs_of(text) == runs
