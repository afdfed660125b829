"""Stamps as producers spell them, and what only looks like one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.formats import FORMATS
from logsleuth.formats.registry import ALL
from logsleuth.formats.split import decode, lines_of
from logsleuth.formats.stamp import NO_ZONE, Stamp

BY_NAME = {form.name: form for form in FORMATS}


def stamp(name, line):
    """(stamp as written, nanoseconds of its fraction, offset) and the rest of the line; None where it has none."""
    return decoded(BY_NAME[name].stamp, line)


def decoded(decoder, line):
    lines = lines_of(line)
    got = decoder.decode(lines.buffer, lines.view, lines.start, lines.stop)
    if not got.valid[0]:
        return None
    wall, offset = int(got.wall[0]), int(got.offset[0])
    zone = None if offset == NO_ZONE else offset
    return str(np.datetime64(wall // 10**9, "s")), wall % 10**9, zone, line[int(got.end[0]) :]


@pytest.mark.parametrize("zone", [(b"Z", 0), (b"+01:00", 3600), (b"-0330", -12_600), (b"+14:00", 50_400), (b"", None)])
@pytest.mark.parametrize("digits", range(10))
def test_an_iso_stamp_has_up_to_nine_digits_and_a_zone_or_none(digits, zone):
    fraction = b"123456789"[:digits]
    line = b"2024-02-29T23:59:59" + (b"." + fraction if digits else b"") + zone[0] + b" gate cron[1]: x"
    nanoseconds = int(fraction.ljust(9, b"0"))
    assert stamp("iso-syslog", line) == ("2024-02-29T23:59:59", nanoseconds, zone[1], b" gate cron[1]: x")


@given(st.integers(0, 999_999_999), st.integers(1, 9))
def test_a_fraction_is_read_to_its_last_digit(nanoseconds, digits):
    written = f"{nanoseconds:09}"[:digits]
    got = stamp("stamped-iso-dash", f"2019-05-06 07:08:09,{written} x".encode())
    assert got == ("2019-05-06T07:08:09", int(written.ljust(9, "0")), None, b" x")


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("apache-error", b"[Wed Oct  7 09:12:44 2009] x", ("2009-10-07T09:12:44", 0, None, b" x")),
        ("apache-error", b"[Wed Oct 07 09:12:44 2009] x", ("2009-10-07T09:12:44", 0, None, b" x")),
        ("apache-error", b"[Wed Oct 07 09:12:44.000001 2009] x", ("2009-10-07T09:12:44", 1000, None, b" x")),
        ("apache-error", b"[Wed Oct 07 09:12:44. 2009] x", None),
        ("apache-error", b"[Wed Oct 07 09:12:44.5] x", None),
        ("apache-error", b"[Wed Oct 07 09:12:44 20", None),
        ("apache-error", b"[Wed Oct 07 09:12:44 2009", None),
        ("apache-error", b"[Wed Oct 07 09:12:44 2009 x", None),
        ("apache-error", b"[Wes Oct 07 09:12:44 2009] x", None),
        ("bsd-syslog", b"Mar  4 09:15:02 gate a: b", ("2000-03-04T09:15:02", 0, None, b" gate a: b")),
        ("bsd-syslog", b"Mar 04 09:15:02.5 gate a: b", ("2000-03-04T09:15:02", 500_000_000, None, b" gate a: b")),
        ("bsd-syslog", b"Feb 29 09:15:02 gate a: b", ("2000-02-29T09:15:02", 0, None, b" gate a: b")),
        ("bsd-syslog", b"Dec 31 23:59:60 gate a: b", ("2001-01-01T00:00:00", 0, None, b" gate a: b")),
        ("bsd-syslog", b"<13>Mar  4 09:15:02 gate a: b", ("2000-03-04T09:15:02", 0, None, b" gate a: b")),
        ("bsd-syslog", b"Feb 30 09:15:02 gate a: b", None),
        ("bsd-syslog", b"Mar  0 09:15:02 gate a: b", None),
        ("bsd-syslog", b"Mrz  4 09:15:02 gate a: b", None),
        ("bsd-syslog", b"Mar 4 09:15:02 gate a: b", None),
        ("bsd-syslog", b" Mar  4 09:15:02 gate a: b", None),
        ("bsd-syslog", b"Mar  4 9:15:02 gate a: b", None),
        ("bsd-syslog", b"Mar  4 09:15:0", None),
        ("iso-syslog", b"2023-02-29T00:00:00Z gate a: b", None),
        ("iso-syslog", b"2024-13-01T00:00:00Z gate a: b", None),
        ("iso-syslog", b"2024-01-02 00:00:00Z gate a: b", None),
        ("rfc5424", b"<34>1 2023-10-11T22:14:15Z g s 8 - - x", ("2023-10-11T22:14:15", 0, 0, b" g s 8 - - x")),
        ("rfc5424", b"<34>2 2023-10-11T22:14:15Z g s 8 - - x", None),
        ("rfc5424", b"1 2023-10-11T22:14:15Z g s 8 - - x", None),
        ("access", b'::1 - a b [07/Oct/2009:09:12:44 +0900] "-"', ("2009-10-07T09:12:44", 0, 32_400, b' "-"')),
        ("access", b"[::1]:80 ::1 - - [07/Oct/2009:09:12:44 +0900] x", ("2009-10-07T09:12:44", 0, 32_400, b" x")),
        ("kernel-ring", b"[    0.000000] x", ("1970-01-01T00:00:00", 0, None, b" x")),
        ("kernel-ring", b"[1234567.000001] x", ("1970-01-15T06:56:07", 1000, None, b" x")),
        ("kernel-ring", b"<6>[    5.100000] x", ("1970-01-01T00:00:05", 100_000_000, None, b" x")),
        ("kernel-ring", b"<30>[    5.100000] x", ("1970-01-01T00:00:05", 100_000_000, None, b" x")),
        ("kernel-ring", b"[    1.5", None),
        ("kernel-ring", b"[    1] x is long enough", None),
        ("kernel-ring", b"[    a.000000] x", None),
        ("stamped-ymd", b"20190506 07:08:09 x", ("2019-05-06T07:08:09", 0, None, b" x")),
        ("stamped-mdy-slash", b"26/05/2019 07:08:09 x", None),
        ("stamped-dmy-dash", b" 6-May-2019 07:08:09 x", None),
        ("stamped-php", b"[06-May-2019 07:08:09 Asia/Tokyo] x", ("2019-05-06T07:08:09", 0, 32_400, b" x")),
        ("stamped-php", b"[06-May-2019 07:08:09 Asia/Nowhere] x", None),
    ],
)  # fmt: skip
def test_a_stamp_is_read_where_its_format_puts_it(name, line, expected):
    assert stamp(name, line) == expected


@pytest.mark.parametrize(
    ("template", "line", "expected"),
    [
        ("YYYYMMDD HHMMSS", b"20190710 163808 x", ("2019-07-10T16:38:08", 0, None, b" x")),
        ("YYYYMMDD HHMMSS", b"20190710 16380 x", None),
        ("YYYYMMDD HHMMSS", b"20190710 166038 x", None),
        ("SU MM/DD HH:MM ", b"SU 07/10 16:38 + pts/0 a-b", ("2000-07-10T16:38:00", 0, None, b"+ pts/0 a-b")),
        ("SU MM/DD HH:MM ", b"SU 07/10 24:00 + pts/0 a-b", None),
        ("SU MM/DD HH:MM ", b"SU 07/10 16:38:08 + a-b", None),
        ("MM/DD/YY HH:MM:SS.F", b"07/10/19 16:38:08.5 x", ("2019-07-10T16:38:08", 500_000_000, None, b" x")),
        ("MM/DD/YY HH:MM:SS.F", b"07/10/70 16:38:08,25 x", ("1970-07-10T16:38:08", 250_000_000, None, b" x")),
        ("MM/DD/YY HH:MM:SS.F", b"07/10/19 16:38:08 x", None),
        ("mmm dd HH:MM:SS", b"dec 31 16:38:08 x", ("2000-12-31T16:38:08", 0, None, b" x")),
        ("mmm dd HH:MM:SS", b"DEC 31 16:38:08 x", ("2000-12-31T16:38:08", 0, None, b" x")),
        ("mmm dd HH:MM:SS", b"dek 31 16:38:08 x", None),
        ("(YYYY-MM-DD HH:MM:SS.fz) ", b"(2019-07-10 16:38:08 +0200) x", ("2019-07-10T16:38:08", 0, 7200, b"x")),
        ("(YYYY-MM-DD HH:MM:SS.fz) ", b"(2019-07-10 16:38:08 x", None),
        ("YYYY-MM-DD HH:MM:SSz", b"2019-07-10 16:38:08+02 h", ("2019-07-10T16:38:08", 0, 7200, b" h")),
        ("YYYY-MM-DD HH:MM:SSz", b"2019-07-10 16:38:08-07:30 h", ("2019-07-10T16:38:08", 0, -27_000, b" h")),
        ("YYYY-MM-DD HH:MM:SSz", b"2019-07-10 16:38:08 -07 h", ("2019-07-10T16:38:08", 0, None, b" -07 h")),
    ],
)
def test_a_template_spells_any_stamp(template, line, expected):
    assert decoded(Stamp(template), line) == expected


@pytest.mark.parametrize("year", ["1200", "1677", "2263", "2999"])
def test_a_year_beyond_what_nanoseconds_hold_is_no_stamp(year):
    assert stamp("stamped-iso-dash", f"{year}-01-01 07:08:09 x".encode()) is None
    assert stamp("stamped-ctime", f"Mon May  6 07:08:09 {year} x".encode()) is None


@pytest.mark.parametrize("text", [" +5000 units sold", " -9999 points", " +0860 m"])
def test_a_number_that_no_zone_has_is_text(text):
    assert stamp("stamped-iso-dash", f"2019-05-06 07:08:09{text}".encode()) == (
        "2019-05-06T07:08:09", 0, None, text.encode(),
    )  # fmt: skip


def test_dates_may_change_from_line_to_line():
    days = [b"Jan  1", b"Jan  1", b"Dec 31", b"xxx 10", b"Jan  1", b"Feb 29"]
    lines = lines_of(b"".join(day + b" 10:00:00 gate a: b\n" for day in days))
    got = decode(lines, BY_NAME["bsd-syslog"])
    assert (got.layout >= 0).tolist() == [True, True, True, False, True, True]
    walls = [str(np.datetime64(int(w), "ns"))[5:10] for w in got.wall[got.layout >= 0]]
    assert walls == ["01-01", "01-01", "12-31", "01-01", "02-29"]


def test_a_line_in_another_format_is_read_by_that_one():
    content = b"\n".join(
        [
            b"Mar  4 09:15:02 gate sshd[4121]: one",
            b"2024-03-04T09:15:03.5+01:00 gate sshd[4121]: two",
            b"\tthree",
            b"[Mon Mar 04 09:15:04 2024] [error] four",
            b"Mar  4 09:15:05 gate sshd[4121]: five",
            b"Mar  4 09:15:06 without any tag",
        ]
    )
    got = decode(lines_of(content), BY_NAME["bsd-syslog"])
    names = [ALL[i].name if i >= 0 else None for i in got.layout]
    assert names == ["bsd-syslog", "iso-syslog", None, "apache-error", "bsd-syslog", "bsd-syslog"]
    assert got.offset.tolist() == [NO_ZONE, 3600, NO_ZONE, NO_ZONE, NO_ZONE, NO_ZONE]


@pytest.mark.parametrize("name", ["stamped-iso-dash", "iso-syslog"])
def test_behind_a_stamp_at_a_lines_end_nothing_is_left(name):
    first, lone = b"2019-05-06 07:08:09 x", b"2019-05-06 07:08:10"
    text = b"\n".join(s.replace(b" ", b"T", 1) if name == "iso-syslog" else s for s in (first, lone))
    lines = lines_of(text)
    got = BY_NAME[name].stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
    assert got.valid.all()
    assert got.end.tolist() == [19, len(text)]
