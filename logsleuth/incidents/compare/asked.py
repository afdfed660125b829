"""What `--compare` was told: boots, days, or an earlier window."""

from __future__ import annotations

import datetime as dt

from logsleuth.clock.offsets import SECOND
from logsleuth.clock.ranges import parse_instant
from logsleuth.errors import UsageError, quoted
from logsleuth.incidents.compare.spans import Ask

WORDS = ("auto", "boot", "day")


def asked(text: str, now: dt.datetime, zone: dt.tzinfo) -> Ask:
    """`auto`, `boot`, `day`, `FROM..TO`, or `FROM` alone: a day, or as long as what it is compared with.

    Raises UsageError for what is none of them.
    """
    if text in {"auto", "boot", "day"}:
        return Ask(text)  # type: ignore[arg-type]  # one of the words above
    begin, dots, end = text.partition("..")
    if not begin.strip():
        raise UsageError(f"cannot read {quoted(text)} as a window: write FROM..TO, or one of {', '.join(WORDS)}")
    low = parse_instant(begin, now=now, zone=zone)
    if dots and end.strip():
        high = parse_instant(end, now=now, zone=zone, end=True)
        if high <= low:
            raise UsageError(f"{quoted(text)}: the window ends before it begins")
        return Ask("window", low, high)
    whole = parse_instant(begin, now=now, zone=zone, end=True)
    # A day ends a day later; an instant at itself.
    return Ask("window", low, whole if whole - low > SECOND and not dots else None)


def is_asked(text: str) -> bool:
    """Whether a word on the command line can be meant for `--compare`, not for what comes after it."""
    now = dt.datetime.now(dt.UTC)
    try:
        asked(text, now, dt.UTC)
    except UsageError:
        return False
    return True
