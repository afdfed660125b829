"""What last, lastb, utmpdump and who print, as the records it was printed from: oldest first, in the same words.

Each names the line of the listing in which it stands. Stamps that name no zone, or no year, are handed on without.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import kept, last_lines
from logsleuth.sources.stores.last_lines import Printed
from logsleuth.sources.stores.layouts import LAYOUTS, Kind
from logsleuth.sources.stores.login_words import Row, Words
from logsleuth.sources.stores.logins import INFO, NOTICE
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import record

_LIMIT = 64 << 20
_FEW = 2
_SHARE = 0.8
_NO_YEAR = 2000
_NO_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - as utmpdump prints it
_SECOND = dt.timedelta(seconds=1)
_TYPES: dict[Kind, int] = {kind: number for number, kind in (LAYOUTS[0].kinds or {}).items()}
_DUMPED = re.compile(
    # [7] [02357] [ts/0] [rika    ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] [2013-12-13T14:45:56+00:00]
    r"\[(?P<type>\d)\] \[(?P<pid>\d+)\] \[.{4}\] \[(?P<user>.*?) *\] \[(?P<tty>.*?) *\] \[(?P<host>.*?) *\] "
    r"\[(?P<addr>[\da-fA-F.:]+) *\] \[(?P<time>[^\]]+?) *\] *"
)
_WHO = re.compile(
    # rika     + pts/0        2026-12-17 04:50   .          2357 (192.0.2.7)
    r"(?:(?P<user>\S+) +(?:[-+?] +)?(?P<tty>(?:tty|pts|console|:|hvc|vc/|cua|sshd|ftp)\S*)"
    r"| *(?P<what>system boot|run-level [0-9A-Za-z])) +"
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d)(?: +(?!\()\S.*?)?(?: *\((?P<host>[^)]*)\))? *"
)


@dataclass(slots=True)
class _Event:
    at: dt.datetime
    kind: Kind
    line: int
    user: str = ""
    tty: str = ""
    host: str = ""
    pid: int = 0


def _lines(sample: bytes) -> list[str]:
    text = sample.decode("utf-8", "replace")
    return [line for line in text.splitlines() if line.strip()]


def _share(lines: list[str], fits: Iterable[bool]) -> bool:
    count = sum(fits)
    return count >= _FEW and count >= _SHARE * len(lines)


def _cut(sample: bytes) -> list[str]:
    """The first lines, without one that the sample cuts."""
    head = sample[: 8 << 10]
    return _lines(head[: head.rfind(b"\n") + 1] or head)[:40]


def detect_last(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether these lines are what last or lastb prints."""
    if b"\0" in sample[:512] or not re.search(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z]|T\d\d:\d\d:", sample[:512]):
        return False
    lines = _cut(sample)
    return _share(lines, (last_lines.read(x) is not None or last_lines.begins(x) is not None for x in lines))


def detect_dump(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether these lines are what utmpdump prints; it says first what it dumps."""
    lines = [line for line in _cut(sample) if not line.startswith("Utmp dump of ")]
    return sample[:1] in {b"[", b"U"} and bool(lines) and all(_DUMPED.fullmatch(line) for line in lines)


def detect_who(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether these lines are what who prints."""
    lines = _cut(sample)
    return bool(lines) and len(sample) < 64 << 10 and all(_WHO.fullmatch(line) for line in lines)


def _read(source: Source, problems: list[Skipped]) -> list[tuple[int, str]]:
    data = b""
    for block in stream.blocks(source, problems):
        data += block
        if len(data) > _LIMIT:
            problems.append(Skipped(source.name, f"only the first {_LIMIT:,} bytes are read", partial=True))
            break
    numbered = enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1)
    return [(number, line.rstrip("\r")) for number, line in numbered if line.strip()]


def last(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """A listing of last or lastb."""
    rows: list[tuple[int, Printed]] = []
    other = 0
    failures, oldest = "lastb" in source.name or "btmp" in source.name, None
    for number, line in _read(source, problems):
        if (row := last_lines.read(line)) is not None:
            rows.append((number, row))
        elif (trailer := last_lines.begins(line)) is not None:
            failures, oldest = (
                failures or trailer[0].startswith("btmp"),
                trailer[1].moment if trailer[1].whole else None,
            )
        else:
            other += 1
    rows.reverse()
    yearless = oldest is None and any(not row.start.whole for _, row in rows)
    events = _of_last(_dated(rows, oldest), ends=not failures)
    yield from _written(events, failures=failures, yearless=yearless)
    if other:
        problems.append(Skipped(source.name, f"{other:,} lines are none that last prints", partial=True))


def _dated(rows: list[tuple[int, Printed]], oldest: dt.datetime | None) -> list[tuple[int, dt.datetime, Printed]]:
    """The rows, oldest first, with the years that follow from the line on the oldest record and from the weekdays.

    Without that line the first year is 2000, or another in which the weekday is right: no year is known.
    """
    out = []
    now = (oldest or dt.datetime(_NO_YEAR, 1, 1)) - dt.timedelta(days=1)  # noqa: DTZ001 - local time
    for number, row in rows:
        when = row.start if row.start.whole else row.start.in_year(now.year)
        if when is not None and not row.start.whole and when.moment < now:
            when = row.start.in_year(now.year + 1)
        if when is not None:
            out.append((number, when.moment, row))
            now = max(now, when.moment.replace(tzinfo=None) - dt.timedelta(days=1))
    return out


def _of_last(rows: list[tuple[int, dt.datetime, Printed]], *, ends: bool) -> list[_Event]:
    """Starts and ends. Without -x no shutdown is listed: then a boot that ended before the next one shows it."""
    out: list[_Event] = []
    listed = any(row.kind in {"shutdown", "runlevel"} for _, _, row in rows)
    boots = [at for _, at, row in rows if row.kind == "boot"]
    for number, at, row in rows:
        out.append(_Event(at, row.kind, number, row.user, row.tty, row.host))
        end = row.end(at)
        if end is None or not ends:
            continue
        if row.kind == "login":
            out.append(_Event(end, "logout", number, row.user, row.tty))
        elif row.kind == "boot" and not listed:
            following = next((boot for boot in boots if boot > at), None)
            if following is not None and end <= following - _SECOND:
                out.append(_Event(end, "shutdown", number, host=row.host))
    return out


def dumped(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """A listing of utmpdump."""
    events, bad = [], 0
    failures = "btmp" in source.name
    for number, line in _read(source, problems):
        match = _DUMPED.fullmatch(line)
        at = _instant(match["time"]) if match else None
        if match is None or at is None:
            failures = failures or "btmp" in line
            bad += not line.startswith("Utmp dump of ")
            continue
        kind: Kind = (LAYOUTS[0].kinds or {}).get(int(match["type"]), "")
        if match["tty"][:1] == "~" or kind == "runlevel":
            kind = "shutdown" if match["user"] == "shutdown" else kind
        host = match["host"] or ("" if match["addr"] in _NO_ADDRESS else match["addr"])
        tty = "" if kind == "runlevel" else match["tty"]
        events.append(_Event(at, kind, number, match["user"], tty, host, int(match["pid"])))
    yield from _written(events, failures=failures)
    if bad:
        problems.append(Skipped(source.name, f"{bad:,} lines are none that utmpdump prints", partial=True))


def _instant(text: str) -> dt.datetime | None:
    """`2013-12-13T14:45:56,907891+00:00`, or `Fri Dec 13 14:45:56 2013 UTC` of older ones."""
    old = re.fullmatch(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})(?: \S+)?", text)
    try:
        return dt.datetime.strptime(old[1], "%b %d %H:%M:%S %Y") if old else dt.datetime.fromisoformat(text)  # noqa: DTZ007 - local time
    except ValueError:
        return None


def who(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """A listing of who, with -b, -a and without."""
    events = []
    for number, line in _read(source, problems):
        match = _WHO.fullmatch(line)
        if match is None:
            continue
        at = dt.datetime.fromisoformat(match["time"])
        what = match["what"] or ""
        kind: Kind = "boot" if what == "system boot" else "runlevel" if what else "login"
        kind = "prompt" if match["user"] == "LOGIN" else kind
        events.append(_Event(at, kind, number, match["user"] or "", match["tty"] or what[-1:], match["host"] or ""))
    yield from _written(sorted(events, key=lambda event: event.at), failures=False)


def _written(events: list[_Event], *, failures: bool, yearless: bool = False) -> Iterator[bytes]:
    words = Words(LAYOUTS[0], failures)
    if events and all((event.at.tzinfo is None) == (events[0].at.tzinfo is None) for event in events):
        events = sorted(events, key=lambda event: event.at)
    for event in events:
        yield _record(event, words, yearless=yearless)


def _record(event: _Event, words: Words, *, yearless: bool) -> bytes:
    zoned = event.at.tzinfo is not None
    utc = event.at.astimezone(dt.UTC) if zoned else event.at.replace(tzinfo=dt.UTC)
    nano = (utc - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 1000
    row = Row(
        nano,
        1 if event.kind == "shutdown" else _TYPES.get(event.kind, 0),
        ord(event.tty) if event.kind == "runlevel" and len(event.tty) == 1 else event.pid,
        b"" if event.kind in {"runlevel", "shutdown"} else _raw(event.tty),
        b"shutdown" if event.kind == "shutdown" else _raw(event.user),
        _raw(event.host.split(" ")[-1] if event.kind in {"boot", "shutdown"} else event.host),
    )
    said = words.say(row)
    failed = said.startswith("failed")
    text = f"{said} [line {event.line}]".encode("utf-8", "replace")
    own = event.pid if event.pid > 0 and event.kind in {"login", "logout", "prompt", "init"} else None
    line = record(nano, b"", b"btmp" if failed else b"wtmp", own, text, NOTICE if failed else INFO)
    if yearless:
        # As syslog writes it; the year is settled as that of any other log.
        stamp = f"{event.at:%b} {event.at.day:2} {event.at:%H:%M:%S} - "
        return line[: line.index(b">") + 1] + stamp.encode() + line.split(b" - ", 1)[1]
    return line if zoned else line.replace(b"Z - ", b" - ", 1)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


LAST = Store("last", "what last and lastb print", detect_last, last, resume=kept.resume(last), tail=kept.tail(last))
DUMP = Store(
    "utmpdump", "what utmpdump prints", detect_dump, dumped, resume=kept.resume(dumped), tail=kept.tail(dumped)
)
WHO = Store("who", "what who prints", detect_who, who, resume=kept.resume(who), tail=kept.tail(who))
