"""Stamps that are a time of day alone, put on their days."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

import pytest

from logsleuth.pipeline import default_settings, entries, open_paths

BERLIN = ZoneInfo("Europe/Berlin")
WRITTEN = dt.datetime(2021, 3, 5, 0, 30, tzinfo=BERLIN)
CLOCK = ["[23:58:00] a", "[23:59:00] b", "[00:01:00] c", "[00:29:00] d"]
SAR = "Linux 5.10.0-8-amd64 (gate) \t03/04/2021 \t_x86_64_\t(4 CPU)"


def told(folder, name, lines, *, written=WRITTEN):
    """(Local times of a file's entries, what is assumed of them)."""
    (folder / name).write_text("\n".join(lines) + "\n")
    os.utime(folder / name, (written.timestamp(),) * 2)
    logs = open_paths([str(folder / name)], default_settings("Europe/Berlin"))
    found = [
        (batch.base + int(batch.start[row]), int(batch.time[row]))
        for merged in entries(logs)
        for piece in merged.pieces
        for batch in [piece.batch]
        for row in piece.rows.tolist()
    ]
    times = [
        f"{dt.datetime.fromtimestamp(time // 10**9, BERLIN):%d %H:%M:%S %z}" if time > 0 else "-"
        for _, time in sorted(found)
    ]
    return times, [a.text for a in logs.opened.assumptions if "no day" in a.text]


@pytest.mark.parametrize(
    ("name", "lines", "days", "how"),
    [
        ("rkhunter.log", CLOCK, ["04", "04", "05", "05"], "the day of the file's last change"),
        ("rkhunter.log", ["[23:57:00] x", *CLOCK[:2]], ["04", "04", "04"], "the day of the file's last change"),
        ("#office.2020-12-31.log", CLOCK, ["31", "31", "01", "01"], "its file's name does"),
        (
            "rkhunter.log",
            ["[23:58:00] Running Rootkit Hunter", "[23:58:01] Start date is Fri Jan  1 23:58:01 CET 2021", *CLOCK[2:]],
            ["01", "01", "02", "02"],
            "1 lines in it name one",
        ),
        (
            "#office.log",
            [
                *("--- Log opened Thu Mar 04 22:00:00 2021", "22:00 <rika> a", "--- Day changed Fri Mar 05 2021"),
                *("00:01 <rika> b", "--- Log closed Fri Mar 05 00:02:00 2021"),
                *("--- Log opened Mon Mar 08 07:00:00 2021", "07:01 <rika> c"),
            ],
            ["04", "04", "05", "05", "05", "08", "08"],
            "4 lines in it name one",
        ),
        (
            "sar01",
            [
                SAR,
                "",
                "12:10:01 AM  all  1.00",
                "11:50:01 PM  all  2.00",
                "",
                "12:10:01 AM  eth0 1",
                "11:50:01 PM  eth0 2",
            ],
            ["04", "04", "04", "04"],
            "1 lines in it name one",
        ),
    ],
)
def test_each_line_is_put_on_its_day(tmp_path, name, lines, days, how):
    times, said = told(tmp_path, name, lines)
    assert [time[:2].strip() for time in times] == days
    assert len(said) == 1
    assert how in said[0]


def test_the_zone_may_change_within_a_day(tmp_path):
    lines = ["[01:30:00] a", "[03:30:00] b", "[12:00:00] c"]
    times, _ = told(tmp_path, "x.log", lines, written=dt.datetime(2021, 3, 28, 12, 0, 5, tzinfo=BERLIN))
    assert times == ["28 01:30:00 +0100", "28 03:30:00 +0200", "28 12:00:00 +0200"]


def test_a_line_or_two_with_a_clock_do_not_make_a_text_a_log_of_that_kind(tmp_path):
    lines = ["login: rika", "10:00:00 up 3 days", "last login: today", "logout", "10:05:00 up 3 days"]
    times, said = told(tmp_path, "console.log", lines)
    assert (times, said) == (["-"] * 5, [])
