"""What the name of a rotated log says: which log it belongs to, and where it stands among the old ones."""

import re
from datetime import UTC, datetime

from logsleuth.lazy import lazy_pattern

LIVE = (3,)
"""The file that is being written. Below: (0, date, ...) dated, (1, -number) numbered, (2, ...) put aside."""

_PACKED = lazy_pattern(r"\.(?:gz|bz2|xz|zstd?|lz4|lzma|lz|zip|Z)$")

_YEAR = r"(?:199\d|20[0-4]\d)"
_TAIL = r"(?P<tail>(?:\.[A-Za-z][A-Za-z_-]{0,15}){0,3})$"  # .log of x-20240101.log; .example.com.log

# logrotate dateext and dateformat, newsyslog -t, cronolog, log4j, tomcat, glog, kubelet
_DATED = lazy_pattern(
    rf"""
    (?P<stem>.*?) [-._]?                   # messages.
    (?<!\d) (?P<year>{_YEAR})              # 2024
    (?P<sep>[-._]?)
    (?P<month>0[1-9]|1[0-2])               # 01
    (?P=sep)
    (?P<day>0[1-9]|[12]\d|3[01])           # 01
    (?P<rest>(?:\d\d|\d{{4}}|\d{{6}})?     # 12: logrotate's hourly 2024010112
       (?:[-._:,T]\d+)*                    # T000000, -1704067200, .0: time of day, epoch or index
       Z?)
    {_TAIL}
    """,
    re.VERBOSE,
)
# x-202401.log
_MONTHLY = lazy_pattern(rf"(?P<stem>.+?)[-._](?P<year>{_YEAR})-?(?P<month>0[1-9]|1[0-2]){_TAIL}")
_EPOCH = lazy_pattern(rf"(?P<stem>.+?)[-._](?P<epoch>9\d{{8}}|[12]\d{{9}}){_TAIL}")  # rotatelogs: x.1229472000
_TAI64N = lazy_pattern(r"@(?P<tai>4[0-9a-f]{15})[0-9a-f]{8}\.[a-z]$")  # multilog: @4000000052d5a5b20e0b2ca4.s
# newsyslog, logrotate, savelog: x.0, x.1
_NUMBERED = lazy_pattern(r"(?P<stem>.+)\.(?P<number>0|[1-9]\d{0,3})$")
# systemd-journald: system.journal, system@ID-SEQNUM-TIME.journal (its first entry), system@TIME-RANDOM.journal~ (put
# aside then, because it had not been closed); the times are microseconds in sixteen hexadecimal digits
_JOURNAL = lazy_pattern(
    r"(?P<stem>[^@]+)(?:@(?:[0-9a-f]{32}-[0-9a-f]{16}-(?P<first>[0-9a-f]{16})\.|(?P<aside>[0-9a-f]{16})-[0-9a-f]{16}\.)"
    r"|\.)journal(?P<bad>~?)$"
)
_ASIDE = lazy_pattern(
    r"""
    (?P<stem>.+?)
    \.(?P<word>yesterday|today|old|bak|prev|previous)
    (?P<tail>(?:\.(?:log|txt))?)$          # kodi.old.log
    """,
    re.VERBOSE,
)
_ASIDE_RANK = {"yesterday": 0, "previous": 1, "prev": 1, "bak": 1, "old": 1, "today": 2}

_IPV4 = lazy_pattern(r"(?:.*\D)?\d{1,3}(?:\.\d{1,3}){3}$")
_VERSION = lazy_pattern(r"(?:.*\D)?\d+\.\d+$|\d+$")  # host-10.0.0 or nginx-1.18, before another .N


def split_name(filename: str) -> tuple[str, tuple[int, ...]]:
    """('messages', rank) for messages.2.bz2; ranks of one log sort oldest first.

    >>> split_name("messages.2.bz2"), split_name("x-20240101.log.gz"), split_name("php7.4-fpm.log")
    (('messages', (1, -2)), ('x.log', (0, 20240101)), ('php7.4-fpm.log', (3,)))
    """
    bare = _PACKED.sub("", filename)
    if not bare:
        return filename, LIVE
    # A name of letters alone says nothing.
    ways = () if bare.isalpha() else (_journal, _dated, _monthly, _epoch, _tai64n, _numbered, _aside)
    for told in ways:
        if (split := told(bare)) is not None:
            return split
    return (bare, LIVE) if bare == filename else (bare, (2, 1))


_Split = tuple[str, tuple[int, ...]] | None


def _journal(name: str) -> _Split:
    match = _JOURNAL.match(name)
    if match is None:
        return None
    stem = f"{match['stem']}.journal"
    time = match["first"] or match["aside"]
    if time is None:
        return stem, (2, 1) if match["bad"] else LIVE
    micros = int(time, 16)
    return stem, (*_instant(micros // 1_000_000), micros % 1_000_000)


def _dated(name: str) -> _Split:
    match = _DATED.match(name)
    if match is None:
        return None
    day = int(match["year"]) * 10_000 + int(match["month"]) * 100 + int(match["day"])
    finer = (int(number) for number in re.findall(r"\d+", match["rest"]))
    return (match["stem"] or "*") + match["tail"], (0, day, *finer)


def _monthly(name: str) -> _Split:
    match = _MONTHLY.match(name)
    if match is None:
        return None
    return match["stem"] + match["tail"], (0, int(match["year"]) * 10_000 + int(match["month"]) * 100)


def _epoch(name: str) -> _Split:
    match = _EPOCH.match(name)
    if match is None:
        return None
    return match["stem"] + match["tail"], _instant(int(match["epoch"]))


def _tai64n(name: str) -> _Split:
    match = _TAI64N.match(name)
    if match is None:
        return None
    return "current", _instant(int(match["tai"], 16) - (1 << 62))  # the live file beside them is called so


def _instant(epoch: int) -> tuple[int, ...]:
    """Comparable with the ranks of written dates."""
    try:
        when = datetime.fromtimestamp(epoch, UTC)
    except (OverflowError, ValueError, OSError):
        return (0, 0, epoch)
    return (0, when.year * 10_000 + when.month * 100 + when.day, epoch)


def _numbered(name: str) -> _Split:
    match = _NUMBERED.match(name)
    if match is None:
        return None
    stem = match["stem"]
    if not _IPV4.match(stem) and (_VERSION.match(stem) or _IPV4.match(name)):
        return None  # 10.0.0.1, nginx-1.18.0: a name of its own
    return stem, (1, -int(match["number"]))


def _aside(name: str) -> _Split:
    match = _ASIDE.match(name)
    if match is None:
        return None
    return match["stem"] + match["tail"], (2, _ASIDE_RANK[match["word"]])
