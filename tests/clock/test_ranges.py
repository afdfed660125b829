"""What --since and --until understand."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.clock.ranges import parse_instant
from logsleuth.errors import UsageError

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2008, 12, 17, 10, 30, 15, 250_000, tzinfo=TOKYO)  # a Wednesday; 01:30:15.25 in UTC
BOOTS = (100, 200, 300)


def nanoseconds(instant):
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def utc(text):
    """`2008-12-17 01:30:15.25`, always with seconds, as UTC nanoseconds."""
    whole, _, fraction = text.partition(".")
    return nanoseconds(datetime.fromisoformat(whole + "+00:00")) + int(fraction.ljust(9, "0") or 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # dates and times
        ("2008-12-16", "2008-12-15 15:00:00"),
        ("2008-12-16 09:00", "2008-12-16 00:00:00"),
        ("2008-12-16  9:00", "2008-12-16 00:00:00"),
        (" 2008-12-16T09:00:01 ", "2008-12-16 00:00:01"),
        ("2008-12-16t09:00:01z", "2008-12-16 09:00:01"),
        ("2008-12-16 09:00:01.5", "2008-12-16 00:00:01.5"),
        ("2008-12-16 09:00:01,123456789", "2008-12-16 00:00:01.123456789"),
        ("2008-12-16T09:00:00Z", "2008-12-16 09:00:00"),
        ("2008-12-16T09:00:00+01:00", "2008-12-16 08:00:00"),
        ("2008-12-16 09:00 -0330", "2008-12-16 12:30:00"),
        ("2008-12-16 09:00 Europe/Berlin", "2008-12-16 08:00:00"),
        ("2008-12-16 09:00 UTC", "2008-12-16 09:00:00"),
        ("1969-12-31T23:59:59.75Z", "1969-12-31 23:59:59.75"),
        # words
        ("now", "2008-12-17 01:30:15.25"),
        ("NOW", "2008-12-17 01:30:15.25"),
        ("today", "2008-12-16 15:00:00"),
        ("yesterday", "2008-12-15 15:00:00"),
        ("tomorrow", "2008-12-17 15:00:00"),
        ("yesterday 10:30", "2008-12-16 01:30:00"),
        ("monday", "2008-12-14 15:00:00"),
        ("Tue", "2008-12-15 15:00:00"),
        ("wednesday", "2008-12-16 15:00:00"),
        ("last wednesday", "2008-12-09 15:00:00"),
        ("thursday", "2008-12-10 15:00:00"),
        ("sunday 23:59:59", "2008-12-14 14:59:59"),
        # a time alone is today's
        ("09:00", "2008-12-17 00:00:00"),
        ("23:00:01", "2008-12-17 14:00:01"),
        ("20:00 UTC", "2008-12-17 20:00:00"),
        # relative
        ("-2h", "2008-12-16 23:30:15.25"),
        ("2h", "2008-12-16 23:30:15.25"),
        ("2h ago", "2008-12-16 23:30:15.25"),
        ("2 hours ago", "2008-12-16 23:30:15.25"),
        ("+2h", "2008-12-17 03:30:15.25"),
        ("-90m", "2008-12-17 00:00:15.25"),
        ("90 mins ago", "2008-12-17 00:00:15.25"),
        ("-15s", "2008-12-17 01:30:00.25"),
        ("-1d12h", "2008-12-15 13:30:15.25"),
        ("1 day 12 hours ago", "2008-12-15 13:30:15.25"),
        ("3 days ago", "2008-12-14 01:30:15.25"),
        ("1 week ago", "2008-12-10 01:30:15.25"),
        ("an hour ago", "2008-12-17 00:30:15.25"),
        ("A day ago", "2008-12-16 01:30:15.25"),
        # epoch
        ("@1229472000", "2008-12-17 00:00:00"),
        ("@1229472000.5", "2008-12-17 00:00:00.5"),
        ("@1229472000.123456789", "2008-12-17 00:00:00.123456789"),
        ("@0", "1970-01-01 00:00:00"),
        ("@-1.25", "1969-12-31 23:59:58.75"),
        # other full dates with one meaning
        ("17 Dec 2008", "2008-12-16 15:00:00"),
        ("December 17, 2008 10:30 pm", "2008-12-17 13:30:00"),
        ("Wed Dec 17 10:30:00 2008", "2008-12-17 01:30:00"),
        ("Wed, 17 Dec 2008 10:30:00 +0100", "2008-12-17 09:30:00"),
        ("Wed Dec 17 10:30:00 UTC 2008", "2008-12-17 10:30:00"),
        ("17/Dec/2008:10:30:00 +0900", "2008-12-17 01:30:00"),
        ("12/17/2008", "2008-12-16 15:00:00"),
        ("2008/12/17 00:30", "2008-12-16 15:30:00"),
        ("17.12.2008 10:30:00.5", "2008-12-17 01:30:00.5"),
        ("20081217", "2008-12-16 15:00:00"),
        ("20081217T103000", "2008-12-17 01:30:00"),
    ],
)
def test_understood(text, expected):
    assert parse_instant(text, now=NOW, zone=TOKYO) == utc(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008-12-16", "2008-12-16 14:59:59.999999999"),
        ("today", "2008-12-17 14:59:59.999999999"),
        ("yesterday", "2008-12-16 14:59:59.999999999"),
        ("monday", "2008-12-15 14:59:59.999999999"),
        ("17 Dec 2008", "2008-12-17 14:59:59.999999999"),
        # all these are instants already
        ("2008-12-16 09:00", "2008-12-16 00:00:00"),
        ("17 Dec 2008 00:00", "2008-12-16 15:00:00"),
        ("now", "2008-12-17 01:30:15.25"),
        ("-1d", "2008-12-16 01:30:15.25"),
        ("09:00", "2008-12-17 00:00:00"),
        ("@0", "1970-01-01 00:00:00"),
    ],
)
def test_an_end_takes_in_the_whole_day(text, expected):
    assert parse_instant(text, now=NOW, zone=TOKYO, end=True) == utc(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "noon",
        "soon\nor later",
        "a" * 5000,
        "2008",
        "2008-12",
        "Dec 2008",
        "Dec 17",
        "Dec 17 10:30:00",  # no year
        "2008-02-30",
        "2008-13-01",
        "2008-12-16 24:00",
        "2008-12-16 10:60",
        "2008-12-16 10",
        "Dec 17 2008 10",
        "2008-12-16 10:30:00.1234567891",
        "0001-01-01",
        "9999-12-31",
        "1600-01-01",
        "2300-01-01",
        "25:00",
        "10:30 am",  # am of which day?
        "am",
        "as",
        "2",
        "-2",
        "2 fortnights ago",
        "-2h ago",
        "+2h ago",
        "2hago",
        "ago",
        "99999999999999999999d",
        "9" * 5000 + "h",
        "@",
        "@12x",
        "@1e9",
        "@99999999999",
        "1229472000",
        "10/12/2008",  # December or October?
        "01/02/03",
        "17 Dec 08",
        "17/12/99",
        "Mon Dec 17 10:30:00 2008",  # it was a Wednesday
        "Wed Dec 17 10:30:00 JST 2008",
        "17 Dec 2008 10:30 UTC+3",
        "17 Dec 2008 10:30 T",
        "17 Dec 2008 around 10:30",
        "17 Dec 2008 10:30:00.123456789",  # dateutil would drop the last three digits
        "\uff12008-12-17",  # a full-width digit
        "boots",
        "boot+1",
        "last",
        "next monday",
    ],
)
def test_refused_in_one_line_that_says_what_is_accepted(text):
    with pytest.raises(UsageError, match=r"^cannot read .+ as a time: write 2008-12-17, ") as refusal:
        parse_instant(text, now=NOW, zone=TOKYO, boots=BOOTS)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_an_unknown_zone_is_named():
    with pytest.raises(UsageError, match=r"unknown time zone 'Asia/Tokio': did you mean Asia/Tokyo"):
        parse_instant("2008-12-16 09:00 Asia/Tokio", now=NOW, zone=UTC)


@pytest.mark.parametrize(
    ("text", "expected"), [("boot", 300), ("Boot", 300), ("boot-0", 300), ("boot-1", 200), ("boot-2", 100)]
)
def test_boots_are_counted_back_from_the_newest(text, expected):
    assert parse_instant(text, now=NOW, zone=TOKYO, boots=BOOTS) == expected


@pytest.mark.parametrize(
    ("text", "boots", "message"),
    [
        ("boot", None, "boot: these logs show no boot; write a time such as 2008-12-17 or -2h"),
        ("boot-1", (), "boot-1: these logs show no boot; write a time such as 2008-12-17 or -2h"),
        ("boot-1", (100,), "boot-1: these logs show one boot only"),
        ("boot-3", BOOTS, "boot-3: these logs show 3 boots, back to boot-2"),
    ],
)
def test_a_boot_that_is_not_known_is_an_error(text, boots, message):
    with pytest.raises(UsageError) as refusal:
        parse_instant(text, now=NOW, zone=TOKYO, boots=boots)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        # 31 March 2024: 02:00 CET became 03:00 CEST
        ("2024-03-31", False, "2024-03-30 23:00:00"),
        ("2024-03-31", True, "2024-03-31 21:59:59.999999999"),
        ("2024-03-31 02:30", False, "2024-03-31 01:30:00"),
        ("2024-03-31 02:30", True, "2024-03-31 01:30:00"),
        # 27 October 2024: 03:00 CEST became 02:00 CET
        ("2024-10-27", True, "2024-10-27 22:59:59.999999999"),
        ("2024-10-27 02:30", False, "2024-10-27 00:30:00"),
        ("2024-10-27 02:30", True, "2024-10-27 01:30:00"),
        ("2024-10-27 02:30+02:00", True, "2024-10-27 00:30:00"),
        ("Oct 27 2024 02:30", True, "2024-10-27 01:30:00"),
    ],
)
def test_days_on_which_the_clocks_change(text, end, expected):
    assert parse_instant(text, now=NOW, zone=BERLIN, end=end) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "text", "end", "expected"),
    [
        # São Paulo went from 23:59:59 to 01:00 and had no midnight
        ("America/Sao_Paulo", "2018-11-04", False, "2018-11-04 03:00:00"),
        ("America/Sao_Paulo", "2018-11-03", True, "2018-11-04 02:59:59.999999999"),
        # Havana went from 00:59:59 back to 00:00 and had two
        ("America/Havana", "2023-11-05", False, "2023-11-05 04:00:00"),
        ("America/Havana", "2023-11-04", True, "2023-11-05 03:59:59.999999999"),
        # Samoa left out 30 December 2011
        ("Pacific/Apia", "2011-12-29", True, "2011-12-30 09:59:59.999999999"),
        ("Pacific/Apia", "2011-12-31", False, "2011-12-30 10:00:00"),
    ],
)
def test_a_day_starts_once(zone, text, end, expected):
    assert parse_instant(text, now=NOW, zone=ZoneInfo(zone), end=end) == utc(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1d", "2024-03-30 11:00:00"),  # noon to noon was 23 hours
        ("-24h", "2024-03-30 10:00:00"),
        ("-1d1h", "2024-03-30 10:00:00"),
        ("-1w", "2024-03-24 11:00:00"),
        ("yesterday 12:00", "2024-03-30 11:00:00"),
        ("today", "2024-03-30 23:00:00"),
    ],
)
def test_a_day_is_not_always_24_hours(text, expected):
    noon = datetime(2024, 3, 31, 12, tzinfo=BERLIN)
    assert parse_instant(text, now=noon, zone=BERLIN) == utc(expected)


def test_hours_are_counted_from_the_second_of_two_equal_times():
    second = datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=1)
    assert parse_instant("-30m", now=second, zone=BERLIN) == utc("2024-10-27 01:00:00")
    assert parse_instant("now", now=second, zone=BERLIN) == utc("2024-10-27 01:30:00")


def test_today_is_that_of_the_zone_not_of_the_clock_given():
    late = datetime(2008, 12, 16, 23, tzinfo=UTC)  # already the 17th in Tokyo
    assert parse_instant("today", now=late, zone=TOKYO) == utc("2008-12-16 15:00:00")
    assert parse_instant("today 09:00 UTC", now=late, zone=TOKYO) == utc("2008-12-16 09:00:00")


def test_a_naive_now_is_a_bug():
    with pytest.raises(ValueError, match="aware"):
        parse_instant("now", now=NOW.replace(tzinfo=None), zone=TOKYO)


@pytest.mark.parametrize("name", ["UTC", "Asia/Tokyo", "Europe/Berlin"])
def test_the_zone_of_the_machine_changes_nothing(name, monkeypatch):
    monkeypatch.setenv("TZ", name)
    assert parse_instant("Wed Dec 17 10:30:00 2008", now=NOW, zone=TOKYO) == utc("2008-12-17 01:30:00")
    assert parse_instant("Wed Dec 17 10:30:00 GMT 2008", now=NOW, zone=TOKYO) == utc("2008-12-17 10:30:00")


INSTANTS = st.datetimes(datetime(1700, 1, 1), datetime(2250, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.one_of(
    st.timezones(),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@settings(deadline=None)
@given(INSTANTS, ZONES)
def test_what_isoformat_writes_is_read_back(instant, zone):
    expected = nanoseconds(instant)
    assert parse_instant(instant.isoformat(), now=NOW, zone=zone) == expected
    assert parse_instant(instant.isoformat(" ").removesuffix("+00:00"), now=NOW, zone=UTC) == expected
    seconds, rest = divmod(expected, 10**9)
    if seconds >= 0:
        assert parse_instant(f"@{seconds}.{rest:09}", now=NOW, zone=zone) == expected


@settings(deadline=None)
@given(st.dates(date(1700, 1, 1), date(2250, 1, 1)), st.timezones())
def test_the_end_of_a_day_touches_the_start_of_the_next(day, zone):
    following = (day + timedelta(days=1)).isoformat()
    end = parse_instant(day.isoformat(), now=NOW, zone=zone, end=True)
    start = parse_instant(day.isoformat(), now=NOW, zone=zone)
    assert end + 1 == parse_instant(following, now=NOW, zone=zone)
    assert start <= end + 1  # equal for a day that a zone left out


PIECES = "2008 12 17 Dec Wed Mon - / : . , + @ T Z UTC GMT am pm 10:30 1d h ago an hour last boot today ' st"
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=9)


@settings(deadline=None)
@given(st.one_of(st.text(), WORDS.map(" ".join), WORDS.map("".join)))
def test_any_text_is_an_instant_or_a_usage_error(text):
    try:
        found = parse_instant(text, now=NOW, zone=TOKYO, boots=BOOTS)
    except UsageError:
        return
    assert -(2**63) < found < 2**63
