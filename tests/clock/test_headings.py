"""What journalctl and systemctl say above their lines tells the year of these."""

import datetime as dt

import pytest

from logsleuth import pipeline
from logsleuth.clock.logs import Settings

LINES = "{month} 28 10:00:00 gate sshd[812]: first\n{month} 28 13:08:04 gate sshd[812]: last\n"
STATUS = """\
● ssh.service - OpenBSD Secure Shell server
     Loaded: loaded (/lib/systemd/system/ssh.service; enabled)
{lead}Active: {state} since {since}; {ago} ago
   Main PID: 812 (sshd)

"""
NOW = int(dt.datetime.now(dt.UTC).timestamp()) * 10**9
SAID = "as dates in its lines say"


def years(folder, text):
    """Of the lines, and whether they are said to come from dates in the file."""
    path = folder / "paste.txt"
    path.write_text(text)
    frame = pipeline.timeline(str(path), tz="UTC")
    opened = pipeline.open_paths([str(path)], Settings(dt.UTC, "UTC (--tz)", NOW)).opened
    told = any(SAID in one.text for one in opened.assumptions)
    return sorted({time.year for time in frame.time.dropna()}), told


def status(since, ago, *, month="Mar", state="active (running)", lead="     "):
    return STATUS.format(since=since, ago=ago, state=state, lead=lead) + LINES.format(month=month)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (status("Sun 2021-03-28 13:08:04 CEST", "5s"), 2021),
        (status("So 2021-03-28 13:08:04 CEST", "2min 3s", month="Mär"), 2021),
        (status("Sun 2021-03-28 13:08:04 +03", "1h 2min", lead=""), 2021),
        (status("Sun 2021-03-28 13:08:04 UTC", "5s", state="failed (Result: exit-code)"), 2021),
        # What stands there is as old as the log goes back, and never from after the command.
        (status("Sun 2021-01-10 13:08:04 CET", "3 days", month="Dez"), 2020),
        (status("Sun 2020-10-04 13:08:04 CEST", "7 months 2 days", month="Mar"), 2021),
        (status("Sun 2018-03-04 13:08:04 CET", "3 years 1 month", month="Mar"), 2021),
        ("-- Logs begin at Mon 2020-06-01 13:00:00 CEST, end at Tue 2021-03-30 09:00:00 CEST. --\n"
         + LINES.format(month="Mar"), 2021),
        ("-- Logs begin at Mo 2020-06-01 13:00:00 CEST, end at Di 2021-03-30 09:00:00 CEST. --\n"
         + LINES.format(month="Mär"), 2021),
        ("-- Journal begins at Mon 2020-06-01 13:00:00 CEST, ends at Tue 2021-03-30 09:00:00 CEST. --\n"
         + LINES.format(month="Dec"), 2020),
    ],
)  # fmt: skip
def test_a_heading_tells_the_year(tmp_path, text, expected):
    assert years(tmp_path, text) == ([expected], True)


@pytest.mark.parametrize(
    "text",
    [
        # Two years would do, or none.
        "-- Logs begin at Mon 2018-06-01 13:00:00 CEST, end at Tue 2021-03-30 09:00:00 CEST. --\n" + LINES,
        "-- Logs begin at Mon 2021-06-01 13:00:00 CEST, end at Tue 2021-07-30 09:00:00 CEST. --\n" + LINES,
        "-- Logs begin at Mon 2021-06-41 13:00:00 CEST, end at Tue 2021-07-30 09:00:00 CEST. --\n" + LINES,
        # In the text of a line anybody may write it.
        LINES + "{month} 28 14:00:00 gate x[1]: Active: x since Sun 2021-03-28 13:08:04 CEST; 5s ago\n" + LINES,
        LINES
        + "{month} 28 14:00:00 gate x[1]: x\n"
        + " " * 30
        + "Active: x since Sun 2021-03-28 13:08:04; 5s ago\n"
        + LINES,
        "Active: x since Sun 2021-03-28 13:08:04 CEST; 5s ago\n{month} gone\n",
        "Active: x since Sun 2021-13-28 13:08:04 CEST; 5s ago\n" + LINES,
        "Active: x since Sun 2021-03-28 13:08:04 CEST; 99999999999999999999 years ago\n" + LINES,
    ],
)
def test_what_does_not_tell_it_is_passed_over(tmp_path, text):
    found, told = years(tmp_path, text.replace("{month}", "Mar"))
    assert not told
    assert found in ([], [dt.datetime.now(dt.UTC).year], [dt.datetime.now(dt.UTC).year - 1])


def test_each_unit_of_a_status_has_its_own(tmp_path):
    text = (
        status("Sun 2021-01-10 13:08:04 CET", "3 days", month="Dec")
        + "\n"
        + status("Sun 2021-01-11 13:08:04 CET", "2 days", month="Dec")
    )
    assert years(tmp_path, text) == ([2020], True)
