"""Which time zones can be named, and how this machine's is found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.clock.zones import local_zone, zone_named
from logsleuth.errors import UsageError

SUMMER = datetime(2008, 7, 1, 12)  # noqa: DTZ001 (a time on the wall)


def hours_east(zone, wall=SUMMER):
    offset = wall.replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return offset / timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Asia/Tokyo", 9),
        ("asia/tokyo", 9),
        (" Europe/Berlin ", 2),
        ("America/New_York", -4),
        ("Etc/GMT-9", 9),
        ("UTC", 0),
        ("utc", 0),
        ("Z", 0),
        ("GMT", 0),
        ("+09:00", 9),
        ("+0900", 9),
        ("+09", 9),
        ("+9", 9),
        ("-03:30", -3.5),
        ("-00:00", 0),
        ("UTC+9", 9),
        ("UTC-03:30", -3.5),
    ],
)
def test_understood(text, expected):
    assert hours_east(zone_named(text)) == expected


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Asia/Tokio", "did you mean Asia/Tokyo"),
        ("Europe/Berln", "did you mean Europe/Berlin"),
        ("Tokyo", "did you mean Asia/Tokyo"),
        ("new york", "did you mean America/New_York"),
        ("JST", "such short names stand for several zones; write Asia/Tokyo or +09:00"),
        ("oslo", "did you mean Europe/Oslo?"),
        ("Erope/Pariss", "did you mean Europe/Paris?"),
        ("US/Eastren", "did you mean US/Eastern?"),
        ("CEST", "such short names stand for several zones"),
        ("PDT", "such short names stand for several zones"),
        ("", "write a name such as"),
        ("Europe", "write a name such as"),
        ("../../etc/passwd", "write a name such as"),
        ("/etc/localtime", "write a name such as"),
        ("localtime", "write a name such as"),
        ("+25:00", "write a name such as"),
        ("+09:75", "write a name such as"),
        ("9", "write a name such as"),
        ("Asia/\0Tokyo", "did you mean Asia/Tokyo"),
        ("GMT+9", "write a name such as"),  # the Etc/GMT names count westwards: not guessed
    ],
)
def test_refused_with_advice(text, advice):
    with pytest.raises(UsageError, match=r"^unknown time zone ") as refusal:
        zone_named(text)
    assert "\n" not in str(refusal.value)
    assert advice in str(refusal.value)


@settings(deadline=None, max_examples=30)  # a miss looks through all names
@given(st.text())
def test_any_text_is_a_zone_or_a_usage_error(text):
    try:
        zone = zone_named(text)
    except UsageError:
        return
    assert abs(hours_east(zone)) <= 16


@pytest.mark.parametrize(
    ("value", "hours", "name"),
    [
        ("Europe/Berlin", 2, "Europe/Berlin (TZ of this machine)"),
        (":Asia/Tokyo", 9, "Asia/Tokyo (TZ of this machine)"),
        ("/usr/share/zoneinfo/Asia/Tokyo", 9, "Asia/Tokyo (TZ of this machine)"),
        ("JST-9", 9, "JST-9 (TZ of this machine)"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2, "CET-1CEST,M3.5.0,M10.5.0/3 (TZ of this machine)"),
        ("", 0, "UTC (TZ of this machine is empty)"),
        ("no such zone", 0, "UTC (TZ='no such zone' of this machine cannot be read)"),
    ],
)
def test_the_variable_comes_first(value, hours, name, tmp_path):
    (tmp_path / "timezone").write_text("America/Havana\n")
    zone, said = local_zone(environ={"TZ": value}, etc=tmp_path)
    assert (hours_east(zone), said) == (hours, name)


def test_the_link_comes_before_the_text(tmp_path):
    (tmp_path / "localtime").symlink_to("../usr/share/zoneinfo/Europe/Berlin")
    (tmp_path / "timezone").write_text("America/Havana\n")
    assert local_zone(environ={}, etc=tmp_path) == (ZoneInfo("Europe/Berlin"), "Europe/Berlin (this machine)")


def test_a_link_by_way_of_another_is_followed(tmp_path):
    (tmp_path / "chosen").symlink_to("share/zoneinfo/Asia/Tokyo")
    (tmp_path / "localtime").symlink_to("chosen")
    assert local_zone(environ={}, etc=tmp_path) == (ZoneInfo("Asia/Tokyo"), "Asia/Tokyo (this machine)")


def test_the_text_names_the_zone_that_the_file_does_not(tmp_path):
    (tmp_path / "localtime").write_bytes(b"a copy, not a link")
    (tmp_path / "timezone").write_text("Asia/Tokyo\n")
    assert local_zone(environ={}, etc=tmp_path) == (ZoneInfo("Asia/Tokyo"), "Asia/Tokyo (this machine)")


def test_a_copied_zone_file_is_used_without_a_name(tmp_path):
    copies = [Path(folder, "Asia/Tokyo") for folder in TZPATH]
    original = next((copy for copy in copies if copy.is_file()), None)
    if original is None:
        pytest.skip("no zone files outside the tzdata package")
    (tmp_path / "localtime").write_bytes(original.read_bytes())
    zone, said = local_zone(environ={}, etc=tmp_path)
    assert (hours_east(zone), said) == (9, "the zone in /etc/localtime (this machine)")


@pytest.mark.parametrize("text", [None, "", "not/a/zone\n", "\xe9\n"])
def test_utc_where_the_machine_says_nothing(text, tmp_path):
    if text is not None:
        (tmp_path / "timezone").write_text(text, encoding="latin-1")
    assert local_zone(environ={}, etc=tmp_path) == (UTC, "UTC (this machine names no zone)")


def test_local_is_the_zone_of_this_machine(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert zone_named("local") == ZoneInfo("Asia/Tokyo")
