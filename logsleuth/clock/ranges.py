"""Instants as people write them in --since and --until."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, NamedTuple

from logsleuth.clock.zones import zone_named
from logsleuth.errors import UsageError, quoted
from logsleuth.lazy import lazy_pattern

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INT64: Final = range(-(2**63) + 1, 2**63)  # the lowest value is NumPy's NaT
_SECOND: Final = 1_000_000_000
_FLAGS: Final = re.VERBOSE | re.ASCII | re.IGNORECASE
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
                  "october", "november", "december")  # fmt: skip

_ACCEPTED: Final = (
    "2008-12-17, '2008-12-17 10:30', 2008-12-17T10:30:00+09:00, today, yesterday, monday, 10:30, -2h, "
    "-1d12h, '3 days ago', @1229472000, now, boot or boot-1"
)


class _Asked(NamedTuple):
    """What was written, and what it is to be read against."""

    text: str
    now: datetime
    """In `zone`."""
    zone: tzinfo
    boots: Sequence[int]
    end: bool


def parse_instant(
    text: str, *, now: datetime, zone: tzinfo, boots: Sequence[int] | None = None, end: bool = False
) -> int:
    """UTC nanoseconds of what `text` means at `now` (aware) in `zone`.

    `boots` are instants in UTC nanoseconds, ascending. With `end`, a day without a time means its last
    nanosecond instead of its first, and a time that a clock showed twice means the second.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    asked = _Asked(" ".join(text.split()), now.astimezone(zone), zone, () if boots is None else boots, end)
    found = _first_reading(asked)
    if found is None or found not in _INT64:
        raise UsageError(f"cannot read {quoted(text)} as a time: write {_ACCEPTED}")
    return found


def _first_reading(asked: _Asked) -> int | None:
    for read in _READINGS:
        try:
            found = read(asked)
        except (ValueError, OverflowError):  # 30 February, the year 10000
            return None
        if found is not None:
            return found
    return None


def _now(asked: _Asked) -> int | None:
    return _nanoseconds(asked.now) if asked.text.lower() == "now" else None


_SINCE_EPOCH: Final = lazy_pattern(r"@(?P<sign>-?)(?P<seconds>\d+)(?:\.(?P<fraction>\d{1,9}))?", re.ASCII)


def _since_epoch(asked: _Asked) -> int | None:
    match = _SINCE_EPOCH.fullmatch(asked.text)
    if match is None:
        return None
    distance = int(match["seconds"]) * _SECOND + _fraction(match["fraction"])
    return -distance if match["sign"] else distance


_BOOT: Final = lazy_pattern(r"boot(?:-(?P<back>\d{1,9}))?", _FLAGS)


def _boot(asked: _Asked) -> int | None:
    match = _BOOT.fullmatch(asked.text)
    if match is None:
        return None
    known = len(asked.boots)
    back = int(match["back"] or 0)
    if known == 0:
        raise UsageError(f"{asked.text}: these logs show no boot; write a time such as 2008-12-17 or -2h")
    if back >= known:
        shown = "one boot only" if known == 1 else f"{known} boots, back to boot-{known - 1}"
        raise UsageError(f"{asked.text}: these logs show {shown}")
    return int(asked.boots[known - 1 - back])


# Longest first within a letter, so that `mins` is not read as `m` and a rest.
_UNIT: Final = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)"
_SPAN: Final = lazy_pattern(rf"(?P<count>\d+|an?(?=\s))\s?(?P<unit>{_UNIT})", _FLAGS)
_RELATIVE: Final = lazy_pattern(
    rf"""
    (?P<sign>[-+])?                      # -2h and 2h are past, +2h is to come
    (?P<spans>(?:(?:\d+|an?(?=\s))\s?{_UNIT}\s?)+)  # 1d12h, 3 days, an hour
    (?P<ago>(?<=\s)ago)?
    """,
    _FLAGS,
)
_LENGTHS: Final = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1),
                   "d": timedelta(days=1), "w": timedelta(weeks=1)}  # fmt: skip


def _relative(asked: _Asked) -> int | None:
    match = _RELATIVE.fullmatch(asked.text)
    if match is None or (match["sign"] and match["ago"]):
        return None
    days = elapsed = timedelta()
    for count, unit in _SPAN.findall(match["spans"]):
        letter = unit[0].lower()
        span = _LENGTHS[letter] * (int(count) if count.isdigit() else 1)
        if letter in "dw":
            days += span
        else:
            elapsed += span
    if match["sign"] != "+":
        days, elapsed = -days, -elapsed
    return _days_then_elapsed(asked, days, elapsed)


def _days_then_elapsed(asked: _Asked, days: timedelta, elapsed: timedelta) -> int:
    """Days keep the time on the wall, whatever the clocks did; hours are hours."""
    # NOTE: adding even nothing to a datetime forgets its fold, the second 02:30 of an autumn night.
    start = _on_the_wall(asked.now + days, end=asked.end) if days else _nanoseconds(asked.now)
    return start + elapsed // timedelta(microseconds=1) * 1000


_CLOCK: Final = r"""
    (?P<hour>\d{1,2}) : (?P<minute>\d\d)                   # 10:30
    (?: : (?P<second>\d\d) (?:[.,](?P<fraction>\d{1,9}))?)?  # 10:30:59.123456789
    (?:\ ?(?!am\b|pm\b)(?P<zone>[a-z+-]\S*))?              # Z, +09:00, Asia/Tokyo
"""
_WALL: Final = lazy_pattern(
    rf"""
        (?P<day>
            (?P<iso>\d{{4}}-\d\d-\d\d)                     # 2008-12-17
          | today | yesterday | tomorrow
          | (?P<last>last\ )?(?P<weekday>{"|".join(f"{day[:3]}(?:{day[3:]})?" for day in _WEEKDAYS)})
        )
        (?:(?:\ |(?<=\d)T){_CLOCK})?
    """,
    _FLAGS,
)
_TIME_ALONE: Final = lazy_pattern(_CLOCK, _FLAGS)


def _wall(asked: _Asked) -> int | None:
    match = _WALL.fullmatch(asked.text) or _TIME_ALONE.fullmatch(asked.text)
    if match is None:
        return None
    zone = zone_named(match["zone"]) if match["zone"] else asked.zone
    today = asked.now.astimezone(zone).date()
    day = _day(match, today) if match.re.pattern == _WALL.pattern else today
    if match["hour"] is None:
        return _whole_day(day, zone, end=asked.end)
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), tzinfo=zone)
    return _on_the_wall(datetime.combine(day, clock), end=asked.end) + _fraction(match["fraction"])


def _day(match: re.Match[str], today: date) -> date:
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["weekday"]:
        wanted = [day[:3] for day in _WEEKDAYS].index(match["weekday"][:3].lower())
        back = (today.weekday() - wanted) % 7
        return today - timedelta(days=back or (7 if match["last"] else 0))
    return today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[match["day"].lower()])


_WORDS: Final = {"am", "pm", "t", "z", "utc", "gmt", "st", "nd", "rd", "th", "at", "on", "of", "sept",
                 *_WEEKDAYS, *_MONTHS, *(word[:3] for word in (*_WEEKDAYS, *_MONTHS))}  # fmt: skip
_HAS_CLOCK: Final = lazy_pattern(r":|[ap]m\b|\d{8}T\d{4}", re.ASCII | re.IGNORECASE)
# dateutil reads UTC+3 as three hours west, and drops what a fraction has beyond microseconds.
_MISREAD: Final = lazy_pattern(r"\b(?:utc|gmt|z)[+-]|[.,]\d{7}", re.ASCII | re.IGNORECASE)
_APACHE: Final = lazy_pattern(r"(?<=/\d{4}):(?=\d\d:)", re.ASCII)  # 17/Dec/2008:10:30:00 +0900


def _other(asked: _Asked) -> int | None:
    """Any other full date that has one meaning only: `17 Dec 2008 10:30`, never `10/12/2008`."""
    words = re.findall(r"[^\W\d_]+", asked.text.lower())
    if not _WORDS.issuperset(words) or not asked.text.isascii() or _MISREAD.search(asked.text):
        return None
    readings = _readings(_APACHE.sub(" ", asked.text), asked.zone)
    if len({reading.replace(hour=0) for reading in readings}) != 1:
        return None
    found = readings[0]
    if f"{found.year:04}" not in asked.text or not _weekday_agrees(words, found):
        return None
    if len(set(readings)) == 1:
        return _on_the_wall(found, end=asked.end) if _HAS_CLOCK.search(asked.text) else None
    return _whole_day(found.date(), found.tzinfo or asked.zone, end=asked.end)


def _readings(text: str, zone: tzinfo) -> list[datetime]:
    """One for each order of day, month and year and each of two sets of defaults.

    They differ where something is ambiguous or missing; in the hour alone if only the time is missing.
    """
    from dateutil.parser import parse

    def stated(name: str | None, seconds: int | None) -> tzinfo:
        if name is not None and seconds is None:
            raise ValueError(name)  # dateutil alone would take it for no zone, or for this machine's
        return zone if seconds is None else timezone(timedelta(seconds=seconds))

    defaults = (datetime(2000, 1, 1, 0, tzinfo=zone), datetime(2004, 3, 2, 1, tzinfo=zone))
    return [
        parse(text, default=default, dayfirst=dayfirst, yearfirst=yearfirst, tzinfos=stated)
        for default in defaults
        for dayfirst in (False, True)
        for yearfirst in (False, True)
    ]


def _weekday_agrees(words: Sequence[str], found: datetime) -> bool:
    said = {word[:3] for word in words} & {day[:3] for day in _WEEKDAYS}
    return said <= {_WEEKDAYS[found.weekday()][:3]}


_READINGS: Final[tuple[Callable[[_Asked], int | None], ...]] = (
    _now, _since_epoch, _boot, _relative, _wall, _other,  # the lenient one last
)  # fmt: skip


def _whole_day(day: date, zone: tzinfo, *, end: bool) -> int:
    if end:
        return _midnight(day + timedelta(days=1), zone) - 1
    return _midnight(day, zone)


def _midnight(day: date, zone: tzinfo) -> int:
    """The start of a day, which is not 00:00 where the clocks go forward at midnight."""
    return _nanoseconds(datetime.combine(day, time(), tzinfo=zone))


def _on_the_wall(shown: datetime, *, end: bool) -> int:
    """The instant at which a clock showed this; shown twice, the first or, for an end, the last."""
    first = _nanoseconds(shown.replace(fold=0))
    return max(first, _nanoseconds(shown.replace(fold=1))) if end else first


def _nanoseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1) * 1000


def _fraction(digits: str | None) -> int:
    return int((digits or "").ljust(9, "0"))
