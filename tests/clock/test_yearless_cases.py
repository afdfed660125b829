"""Year-less logs whose true year is known: what is beside them, what is in them, and what their files' times tell."""

import datetime as dt
import gzip
import os
import struct
from typing import Any

import pytest

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.entries import read, streams
from logsleuth.sources import find

NOW = "2024-09-10 12:00:00"


def seconds(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def syslog(*stamps, text="cron[7]: (root) CMD (x)"):
    return "".join(f"{stamp} gate {text}\n" for stamp in stamps)


def packed(text, written):
    """As gzip(1) packs it: with the time of the last write of what it packs."""
    return gzip.compress(text.encode(), mtime=0)[:4] + struct.pack("<I", seconds(written)) + gzip.compress(
        text.encode(), mtime=0
    )[8:]  # fmt: skip


def years_in(folder, files, *, now=NOW, year=None):
    """The years of each file's lines, and what was assumed; files are (content, last change)."""
    for name, (content, mtime) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        when = seconds(mtime)
        os.utime(path, (when, when))
    opened = open_logs(find([str(folder)])[0], Settings(dt.UTC, "UTC", seconds(now) * 10**9, year=year))
    out: dict[str, list[Any]] = {os.path.relpath(log.name, folder): [] for log in opened.logs}
    for members in streams(opened.logs):
        for batch in read(members, [], {}):
            name = os.path.relpath(opened.logs[batch.log].name, folder)
            out[name] += (batch.time.astype("datetime64[ns]").astype("datetime64[Y]").astype(int) + 1970).tolist()
    return out, " ".join(a.text for a in opened.assumptions)


ISO = "2019-11-20T10:00:00Z gate app[1]: up\n"
BESIDE = {"dpkg.log", "a.log"}
CASES = {
    # The last change of the file.
    "left alone since its last line": ({"syslog": (syslog("Nov 20 10:00:00"), "2019-11-20 10:00:01")}, [2019]),
    "closed in April, its lines say November": (
        {"syslog": (syslog("Nov 20 10:00:00"), "2020-04-03 00:00:00")}, [2019]),
    "a New Year between last line and last change": (
        {"syslog": (syslog("Dec 31 23:59:59"), "2020-01-01 00:00:01")}, [2019]),
    "over a New Year": (
        {"syslog": (syslog("Dec 30 10:00:00", "Jan  2 10:00:00"), "2020-01-02 10:00:01")}, [2019, 2020]),
    "three years": (
        {"syslog": (syslog("Dec 30 10:00:00", "Jun  2 10:00:00", "Dec  1 10:00:00", "Mar  2 10:00:00"),
                    "2020-03-02 10:00:01")}, [2018, 2019, 2019, 2020]),
    "last change in 1970": ({"syslog": (syslog("Nov 20 10:00:00"), "1970-01-01 00:00:00")}, [2023]),
    "last change in the future": ({"syslog": (syslog("Nov 20 10:00:00"), "2031-01-01 00:00:00")}, [2023]),
    "two writers around New Year": (
        {"syslog": (syslog("Dec 31 23:59:59", "Jan  1 00:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01"),
                    "2020-01-01 00:00:01")}, [2019, 2020, 2019, 2020]),
    # 29 February.
    "29 February, last change in a year without": (
        {"syslog": (syslog("Feb 29 10:00:00"), "2019-03-05 00:00:00")}, [2016]),
    "29 February before the last lines": (
        {"syslog": (syslog("Feb 29 10:00:00", "Mar  5 10:00:00"), "2019-03-05 10:00:00")}, [2016, 2016]),
    "29 February before a New Year": (
        {"syslog": (syslog("Feb 29 10:00:00", "Dec  5 10:00:00", "Jan  5 10:00:00"), "2020-01-05 10:00:00")},
        [2016, 2016, 2017]),
    # Clocks that fell.
    "a clock without a battery": (
        {"syslog": (syslog("Aug  5 10:00:00", "Jan  1 00:00:05", "Jan  1 00:00:30", "Aug  5 10:02:00"),
                    "2020-08-05 10:02:00")}, [2020] * 4),
    "the same in New York": (
        {"syslog": (syslog("Aug  5 10:00:00", "Dec 31 19:00:05", "Dec 31 19:00:30", "Aug  5 10:02:00"),
                    "2020-08-05 10:02:00")}, [2020, 2019, 2019, 2020]),
    "a clock that has not come back": (
        {"syslog": (syslog("Aug  5 10:00:00", "Aug  5 10:01:00", "Jan  1 00:00:05", "Jan  1 00:01:00"),
                    "2020-08-05 10:08:00")}, [2020] * 4),
    "a file that begins while the clock is wrong": (
        {"syslog": (syslog("Jan  1 00:00:05", "Aug  5 10:00:00"), "2020-08-05 10:00:00")}, [2020, 2020]),
    # What the lines say.
    "a weekday in the lines": (
        # 6 May was a Thursday in 2021 and not again until now.
        {"syslog": (syslog("May  6 10:00:00", text="app[1]: report for Thu May  6"), "2024-09-09 00:00:00")}, [2021]),
    "a weekday that agrees with the last change": (
        {"syslog": (syslog("May  6 10:00:00", text="app[1]: report for Mon May  6"), "2024-05-06 10:00:00")}, [2024]),
    "a weekday of another day says nothing": (
        {"syslog": (syslog("May  6 10:00:00", text="app[1]: due Fri May 10"), "2023-05-06 10:00:00")}, [2023]),
    "a date of the same moment in a text": (
        {"syslog": (syslog("May  6 10:00:00", text="app[1]: 2019-05-06 10:00:00,123 started"),
                    "2024-09-09 00:00:00")}, [2019]),
    "the same in another zone": (
        {"syslog": (syslog("Jan  1 01:00:00", text="app[1]: 2018-12-31T23:00:00Z started"),
                    "2024-09-09 00:00:00")}, [2019]),
    "date(1) in a text": (
        {"syslog": (syslog("May  6 10:00:00", text="root: begin at Mon May  6 10:00:00 CEST 2019"),
                    "2024-09-09 00:00:00")}, [2019]),
    "the kernel sets its clock": (
        {"kern.log": (syslog("May  6 10:00:00", text="kernel: rtc_cmos 00:00: setting system clock to "
                             "2019-05-06T10:00:00 UTC (1557136800)"), "2024-09-09 00:00:00")}, [2019]),
    "an audit record's epoch": (
        {"syslog": (syslog("May  6 10:00:00", text="kernel: audit: type=1400 audit(1557136800.120:5): x"),
                    "2024-09-09 00:00:00")}, [2019]),
    "a certificate's end says nothing": (
        {"syslog": (syslog("May  6 10:00:00", text="stunnel: notAfter=Sat May  6 23:59:59 2017 GMT"),
                    "2023-05-06 10:00:01")}, [2023]),
    "the date of a mail says nothing": (
        {"syslog": (syslog("May  6 10:00:00", text="fetchmail[9]: message of 2011-03-09 08:17:23"),
                    "2024-09-09 00:00:00")}, [2024]),
    "more than a year of silence": (
        {"syslog": (syslog("Mar  3 10:00:00", text="app[1]: 2017-03-03 10:00:00 up")
                    + syslog("Mar  9 10:00:00") + syslog("May  6 10:00:00", text="app[1]: 2019-05-06 10:00:00 up"),
                    "2024-09-09 00:00:00")}, [2017, 2017, 2019]),
    "a build of the kernel": (
        {"messages": (syslog("Mar  3 10:00:00", text="kernel: FreeBSD 7.0-RELEASE #0: Sun Feb 24 19:59:52 UTC 2008"),
                      "2024-09-09 00:00:00")}, [2008]),
    "BSD stamps that go over to ISO ones": (
        {"syslog": (syslog("Nov 19 10:00:00", "Nov 20 09:00:00") + ISO, "2024-09-09 00:00:00")}, [2019, 2019, 2019]),
    # Files beside it.
    "a neighbour that names the year": (
        {"dpkg.log": ("2019-11-25 10:00:00 startup\n" * 9, "2024-09-09 00:00:00"),
         "syslog": (syslog("Nov 20 10:00:00"), "2024-09-09 00:00:00")}, [2019]),
    "a neighbour of long ago, while last changes are true": (
        {"dpkg.log": ("2019-11-25 10:00:00 startup\n" * 9, "2019-11-25 10:00:00"),
         "syslog": (syslog("Nov 20 10:00:00"), "2023-04-20 10:00:00")}, [2022]),
    "a neighbour of long ago, and a file that was written to its end": (
        {"dpkg.log": ("2019-11-25 10:00:00 startup\n" * 9, "2019-11-25 10:00:00"),
         "syslog": (syslog("Apr 20 10:00:00"), "2023-04-20 10:00:00")}, [2023]),
    "a machine whose clock is ahead of ours": (
        {"dpkg.log": ("2024-12-25 10:00:00 startup\n" * 9, "2024-09-09 00:00:00"),
         "syslog": (syslog("Dec 24 10:00:00"), "2024-09-09 00:00:00")}, [2024]),
    "one stamp from the future beside": (
        {"a.log": ("2036-02-07 06:28:16 x\n", "2024-09-09 00:00:00"),
         "dpkg.log": ("2019-11-25 10:00:00 startup\n" * 9, "2024-09-09 00:00:00"),
         "syslog": (syslog("Nov 20 10:00:00"), "2024-09-09 00:00:00")}, [2019]),
    # Rotation.
    "a date in its name": ({"syslog-20190101": (syslog("Dec 31 10:00:00"), "2024-09-09 00:00:00")}, [2018]),
    "a date in its name, and 29 February": (
        {"syslog-20200301": (syslog("Feb 29 10:00:00"), "2024-09-09 00:00:00")}, [2020]),
    "rotated files go on from one another": (
        {"syslog.2": (syslog("Nov 20 10:00:00", "Dec 28 10:00:00"), "2024-09-09 00:00:00"),
         "syslog.1": (syslog("Dec 29 10:00:00", "Jan  3 10:00:00"), "2024-09-09 00:00:00"),
         "syslog": (syslog("Jan  4 10:00:00"), "2020-01-04 10:00:00")}, [2019, 2019, 2019, 2020, 2020]),
    "a gzip's header knows better than its file": (
        {"syslog.gz": (packed(syslog("Nov 20 10:00:00"), "2017-11-20 10:00:05"), "2024-09-09 00:00:00")}, [2017]),
    "a gzip's header dates the newer files too": (
        {"syslog.2.gz": (packed(syslog("Nov 20 10:00:00"), "2017-11-20 10:00:05"), "2024-09-09 00:00:00"),
         "syslog.1": (syslog("Nov 21 10:00:00", "Jan  3 10:00:00"), "2024-09-09 00:00:00"),
         "syslog": (syslog("Jan  4 10:00:00"), "2024-09-09 00:00:00")}, [2017, 2017, 2018, 2018]),
    "years of silence between rotated files": (
        {"syslog.1.gz": (packed(syslog("Nov 20 10:00:00"), "2017-11-20 10:00:05"), "2024-09-09 00:00:00"),
         "syslog": (syslog("Jan  4 10:00:00"), "2020-01-04 10:00:05")}, [2017, 2020]),
    "an empty year between rotated files with dates in their names": (
        {"syslog-20170301": (syslog("Feb 20 10:00:00"), "2024-09-09 00:00:00"),
         "syslog-20190301": (syslog("Feb 21 10:00:00"), "2024-09-09 00:00:00")}, [2017, 2019]),
    # Lines out of order.
    "lines that come weeks late": (
        {"syslog": (syslog("Mar 20 10:00:00", "Feb 27 10:00:00", "Mar 20 10:00:05"), "2020-03-20 10:00:05")},
        [2020] * 3),
    "lines of the old year that come late": (
        {"syslog": (syslog("Jan  2 10:00:00", "Dec 28 10:00:00", "Jan  2 10:00:05"), "2020-01-02 10:00:05")},
        [2020, 2019, 2020]),
    "a winter without a line": (
        {"syslog": (syslog("Nov  2 10:00:00", "Feb  7 10:00:00"), "2020-02-07 10:00:05")}, [2019, 2020]),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES)
def test_every_line_is_dated_right(tmp_path, files, expected):
    got, said = years_in(tmp_path, files)
    assert [year for name in files if name not in BESIDE for year in got[name]] == expected
    assert "year" in said


def test_a_copy_is_called_one(tmp_path):
    files = {f"{name}.log": (syslog("Nov 20 10:00:00"), "2024-09-09 00:00:07") for name in ("auth", "cron", "mail")}
    assert "in the same minute as most files here, as a copy" in years_in(tmp_path, files)[1]


def test_silence_of_years_is_said(tmp_path):
    assert "more than a year passed in it" in years_in(tmp_path, CASES["more than a year of silence"][0])[1]


def test_the_user_goes_before_all(tmp_path):
    files = {"syslog": (syslog("May  6 10:00:00", text="app[1]: 2019-05-06 10:00:00 up"), "2024-09-09 00:00:00")}
    assert years_in(tmp_path, files, year=2001)[0]["syslog"] == [2001]
