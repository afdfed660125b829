"""Stamps of no fixed width, with zones' names, and numbers."""

import numpy as np
import pytest

from logsleuth.formats.epochs import Milliseconds, Tai64n
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.stamp import Stamp
from tests.formats.test_stamp import decoded


@pytest.mark.parametrize(
    ("template", "line", "expected"),
    [
        ("Mmm D H:MM:SS.f", b"Jan 2 3:04:05 x", ("2000-01-02T03:04:05", 0, None, b" x")),
        ("Mmm D H:MM:SS.f", b"Jan  2 03:04:05.25 x", ("2000-01-02T03:04:05", 250_000_000, None, b" x")),
        ("Mmm D H:MM:SS.f", b"Jan 12 13:04:05 x", ("2000-01-12T13:04:05", 0, None, b" x")),
        ("Mmm D H:MM:SS.f", b"Jan 32 3:04:05 x", None),
        ("Mmm D H:MM:SS.f", b"Jan 2 3:4:05 x", None),
        ("Mmm D H:MM:SS.f", b"Jan 2 at 3:04:05 x", None),
        ("YYMMDD H:MM:SS", b"060502 17:12:54 x", ("2006-05-02T17:12:54", 0, None, b" x")),
        ("YYMMDD H:MM:SS", b"060502  7:08:09 x", ("2006-05-02T07:08:09", 0, None, b" x")),
        ("YYMMDD H:MM:SS", b"990502  7:08:09 x", ("1999-05-02T07:08:09", 0, None, b" x")),
        ("YYMMDD H:MM:SS", b"061302 17:12:54 x", None),
        ("M/D/YYYY H:MM:SSAP", b"5/6/2019 12:00:01 AM x", ("2019-05-06T00:00:01", 0, None, b" x")),
        ("M/D/YYYY H:MM:SSAP", b"5/6/2019 12:00:01 PM x", ("2019-05-06T12:00:01", 0, None, b" x")),
        ("M/D/YYYY H:MM:SSAP", b"12/16/2019 1:00:01 pm x", ("2019-12-16T13:00:01", 0, None, b" x")),
        ("M/D/YYYY H:MM:SSAP", b"5/6/2019 13:00:01 PM x", None),
        ("M/D/YYYY H:MM:SSAP", b"5/6/2019 7:00:01 x", None),
        ("Mmm D H:MM:SS YYYY", b"Jan 2 3:04:05 2023 x", ("2023-01-02T03:04:05", 0, None, b" x")),
        ("D-Mmm-YYYY::H:MM:SS", b"6-May-2019::07:08:09 x", ("2019-05-06T07:08:09", 0, None, b" x")),
        ("Mmm D H:MM:SSZZZ", b"Jan 2 3:04:05 CEST x", ("2000-01-02T03:04:05", 0, 7200, b" x")),
        ("Mmm D H:MM:SSZZZ", b"Jan 2 3:04:05 GATE x", ("2000-01-02T03:04:05", 0, None, b" GATE x")),
    ],
)
def test_a_loose_template_reads_any_width(template, line, expected):
    assert decoded(LooseStamp(template), line) == expected


@pytest.mark.parametrize(
    ("zone", "offset", "rest"),
    [
        (b" UTC", 0, b" x"),
        (b" JST", 32_400, b" x"),
        (b" +03", 10_800, b" x"),
        (b" -0330", -12_600, b" x"),
        # Names that stand for several zones are read, but tell nothing.
        (b" CST", None, b" x"),
        (b" IST", None, b" x"),
        (b" MARK", None, b" MARK x"),
        (b" CESTA", None, b" CESTA x"),
    ],
)
def test_a_zones_short_name_is_believed_where_it_has_one_meaning(zone, offset, rest):
    got = decoded(Stamp("YYYY-MM-DD HH:MM:SS.fZZZ"), b"2019-05-06 07:08:09" + zone + b" x")
    assert got == ("2019-05-06T07:08:09", 0, offset, rest)


@pytest.mark.parametrize(("month", "hours"), [(b"Jan", 1), (b"Jul", 2)])
def test_a_place_has_the_offset_of_its_season(month, hours):
    line = b"[06-" + month + b"-2019 07:08:09 Europe/Berlin] x"
    assert decoded(Stamp("[DD-Mmm-YYYY HH:MM:SSzArea/City]"), line)[2] == hours * 3600


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # tai64nlocal reads this label as 2001-09-09 01:46:40 UTC: a thousand million seconds, and ten.
        (b"@400000003b9aca0a00000001 x", ("2001-09-09T01:46:40", 1, 0, b" x")),
        (b"@400000003b9aca0a3b9ac9ff x", ("2001-09-09T01:46:40", 999_999_999, 0, b" x")),
        (b"@400000003b9aca0a3b9aca00 x", None),
        (b"@500000003b9aca0a00000001 x", None),
        (b"@400000003B9ACA0A00000001 x", None),
        (b"@400000003b9aca0a0000000 x", None),
    ],
)
def test_a_tai64n_label_is_ten_seconds_ahead(line, expected):
    assert decoded(Tai64n(), line) == expected


def test_thirteen_digits_are_milliseconds():
    assert decoded(Milliseconds(), b"1557126489123 x") == ("2019-05-06T07:08:09", 123_000_000, 0, b" x")
    assert decoded(Milliseconds(), b"15571264891234 x") is None
    assert decoded(Milliseconds(), b"1557126489123") is None


def test_the_date_may_change_its_width_from_line_to_line():
    from logsleuth.formats.split import lines_of

    lines = lines_of(
        b"".join(b"Jan %d %d:00:00 x\n" % (day, hour) for day in (1, 9, 10, 31) for hour in (1, 9, 10, 23))
    )
    got = LooseStamp("Mmm D H:MM:SS").decode(lines.buffer, lines.view, lines.start, lines.stop)
    assert got.valid.all()
    walls = [str(np.datetime64(int(w), "ns"))[8:13] for w in got.wall]
    assert walls == [f"{day:02}T{hour:02}" for day in (1, 9, 10, 31) for hour in (1, 9, 10, 23)]
