from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from logsleuth.render import Options, boots_table, sources_table
from logsleuth.render.layout import cells
from logsleuth.render.options import zone_name
from tests.render.reports import AVAILABILITY, BOOTS, FILES, REPORT, UNSAFE, hostile

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))


def test_sources():
    assert (
        sources_table(FILES, REPORT.assumptions, REPORT.skipped, TOKYO)
        == """\
Times are Asia/Tokyo.
Files are named from /srv/logs/gate/var/log/ on.

file      format      lines  first                last
maillog   bsd-syslog  1,200  2024-03-03 19:00:00  2024-03-04 03:00:00
messages  bsd-syslog     34  2024-03-03 19:00:00  -

Assumptions
  zone: stamps without a zone are read as Asia/Tokyo (--tz)
  year 2024 for its last line, as given with --year: 2 files (maillog, messages)

Skipped
  maillog.0.gz: gzip ends early after 12,345 bytes (read in part)
"""
    )


def test_boots():
    assert (
        boots_table(BOOTS, AVAILABILITY, TOKYO)
        == """\
Times are Asia/Tokyo.
Files are named from /srv/logs/gate/var/log/ on.

gate
  boot  started                     last sign of life    down
    -1  before 2024-03-02 19:00:00  2024-03-03 19:00:07  at most 2 min 1 s
        it ended without a shutdown between 2024-03-03 19:00:07 and 19:02:08: no
          line of a shutdown stands before the next boot [messages:12]
     0  2024-03-03 19:02:08         2024-03-04 03:00:00  -
        the log ends while the host is up [maillog:9]

gate was up between 99.62 % and 99.65 % of 110 days (1 boot, 1 ended without a
  shutdown).
"""
    )


def test_long_names_get_lines_of_their_own():
    long = (replace(FILES[0], file="/x/" + "a" * 60), replace(FILES[1], file="/x/b"))
    lines = sources_table(long, (), (), TOKYO).splitlines()
    assert "a" * 60 in lines
    assert "  bsd-syslog  1,200  2024-03-03 19:00:00  2024-03-04 03:00:00" in lines
    assert max(map(len, lines)) <= 80


def test_nothing_read():
    assert sources_table((), (), (), Options()) == "Times are UTC.\n\nno file was read.\n"
    assert boots_table((), (), Options()) == "Times are UTC.\n\nNo boot and no sign of life was found.\n"


def test_down_time_moves_where_there_is_no_room():
    text = boots_table(BOOTS, (), Options(width=66, zone=TOKYO.zone))
    assert "down-time at most 2 min 1 s" in text.replace("\n          ", " ")
    assert max(map(cells, text.splitlines())) <= 66


@pytest.mark.parametrize("width", [40, 80])
def test_hostile_text_is_shown_not_done(width):
    bad = hostile()
    options = replace(TOKYO, width=width)
    text = sources_table(bad.files, bad.assumptions, bad.skipped, options)
    text += boots_table(bad.boots, bad.availability, options)
    assert not set(UNSAFE) & set(text)


def test_zone_without_a_name():
    from dateutil import tz

    assert zone_name(tz.tzstr("CET-1CEST,M3.5.0,M10.5.0/3")) == "CEST/CET"
    assert zone_name(ZoneInfo("Asia/Tokyo")) == "Asia/Tokyo"
