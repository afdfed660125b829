from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from logsleuth.narrative.catalogue import catalogue
from logsleuth.narrative.moments import Clock
from logsleuth.report import UNKNOWN, Bounds
from tests.render.reports import MINUTE, SECOND, T0

HOUR = 60 * MINUTE
DAY = 24 * HOUR
TOKYO = ZoneInfo("Asia/Tokyo")
EVENING = Bounds(T0, T0 + 127 * SECOND)
NIGHT = Bounds(T0, T0 + 6 * HOUR)


@pytest.fixture(scope="module")
def clock():
    return Clock(TOKYO, catalogue("en"))


@pytest.mark.parametrize(
    ("bounds", "how", "expected"),
    [
        (Bounds(T0, T0), "at", "at 2024-03-03 19:00:00"),
        (Bounds(T0, T0 + SECOND - 1), "bare", "2024-03-03 19:00:00"),
        (EVENING, "at", "between 2024-03-03 19:00:00 and 19:02:07"),
        (EVENING, "bare", "a moment between 2024-03-03 19:00:00 and 19:02:07"),
        (EVENING, "cell", "2024-03-03 19:00:00 to 19:02:07"),
        (NIGHT, "at", "between 2024-03-03 19:00:00 and 2024-03-04 01:00:00"),
        (Bounds(T0, None), "at", "after 2024-03-03 19:00:00"),
        (Bounds(None, T0), "at", "before 2024-03-03 19:00:00"),
        (Bounds(None, T0), "bare", "a moment before 2024-03-03 19:00:00"),
        (UNKNOWN, "at", "at an unknown time"),
        (UNKNOWN, "cell", "unknown"),
    ],
)
def test_moment(clock, bounds, how, expected):
    assert clock.moment(bounds, how) == expected


def test_offsets_are_zones_too():
    assert Clock(timezone(timedelta(hours=-3)), catalogue("en")).instant(T0) == "2024-03-03 07:00:00"


def test_the_hour_that_stands_twice_names_its_offset():
    clock = Clock(ZoneInfo("Europe/Berlin"), catalogue("en"))
    two = 1_729_987_200 * SECOND  # 2024-10-27 00:00:00 UTC
    assert clock.instant(two) == "2024-10-27 02:00:00 CEST"
    assert clock.instant(two + HOUR) == "2024-10-27 02:00:00 CET"
    assert clock.instant(two + 2 * HOUR) == "2024-10-27 03:00:00"


def test_utc_stays_utc(clock):
    assert clock.utc(T0) == "2024-03-03 10:00:00"
    assert clock.utc(None) == "unknown"
    assert Clock(UTC, catalogue("en")).instant(T0) == clock.utc(T0)


@pytest.mark.parametrize(
    ("length", "up", "expected"),
    [
        (0, False, "0 s"),
        (1, False, "less than 1 s"),
        (59 * SECOND, False, "59 s"),
        (127 * SECOND, False, "2 min 7 s"),
        (2 * MINUTE, False, "2 min"),
        (7 * HOUR + 10 * MINUTE + 59 * SECOND, False, "7 h 10 min"),
        (7 * HOUR + 10 * MINUTE + 59 * SECOND, True, "7 h 11 min"),
        (59 * MINUTE + 59 * SECOND + 1, True, "1 h"),
        (DAY, False, "1 day"),
        (3 * DAY + 4 * HOUR, False, "3 days 4 h"),
        (110 * DAY + 5 * HOUR, False, "110 days"),
    ],
)
def test_duration(clock, length, up, expected):
    assert clock.duration(length, up=up) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (None, None, "for an unknown time"),
        (HOUR, None, "at least 1 h"),
        (None, HOUR, "at most 1 h"),
        (0, 121 * SECOND, "at most 2 min 1 s"),
        (2 * HOUR, 130 * MINUTE, "between 2 h and 2 h 10 min"),
        (HOUR, HOUR, "1 h"),
        (0, 0, "0 s"),
        (39 * SECOND + 1, 41 * SECOND - 1, "40 s"),
    ],
)
def test_between(clock, least, most, expected):
    assert clock.between(least, most) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (0.9962, 0.9965, "between 99.62 % and 99.65 %"),
        (0.99999, 1.0, "between 99.99 % and 100 %"),
        (1.0, 1.0, "100 %"),
        (0.5, 0.5, "50.00 %"),
        (0.99, 0.99999, "between 99.000 % and 99.999 %"),
    ],
)
def test_share_is_never_rounded_beyond_its_bounds(clock, least, most, expected):
    assert clock.share(least, most) == expected
