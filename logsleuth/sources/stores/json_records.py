"""JSON that is not a line for each record: an array of objects, one in an object, or objects written over many lines.

So CloudTrail's files (`{"Records": [...]}`), what the command lines of Azure and Google Cloud print, exports of audit
logs, and `journalctl -o json-pretty`. A record becomes a line with the object behind its message; lines that are left
of an object are empty, so that a line's number is that of the file, where each object has lines of its own. A time
without a zone is UTC, as all of these write it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import kept
from logsleuth.sources.stores.layouts import SINCE, UNTIL
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import message, record

_OPENING = re.compile(
    r'\s*(?:\[\s*(?=\{)|\{\s*"(?:records|value|items|logs|events|entries|results)"\s*:\s*\[\s*(?=\{)|(?=\{\s*\n\s*"))',
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,]*")
_TIMES = (
    "__REALTIME_TIMESTAMP", "eventTime", "eventTimestamp", "event_timestamp", "@timestamp", "timestamp", "timeStamp",
    "Timestamp", "time", "ts", "createdDateTime", "activityDateTime", "CreationTime", "CreationDate", "TimeGenerated",
    "TimeCreated", "published", "requestReceivedTimestamp", "receiveTimestamp", "datetime", "date",
)  # fmt: skip
"""The surest first."""
_MESSAGES = (
    "MESSAGE", "message", "msg", "textPayload", "eventName", "operationName", "Operation", "activityDisplayName",
    "displayMessage", "eventMessage", "log",
)  # fmt: skip
_PROGRAMS = ("SYSLOG_IDENTIFIER", "_COMM", "eventSource", "service", "logger", "program", "app")
_HOSTS = ("_HOSTNAME", "hostname", "host", "computer", "Computer")
_PIDS = ("_PID", "SYSLOG_PID", "pid")
_LEVELS = {
    "EMERGENCY": 0, "ALERT": 1, "CRITICAL": 2, "FATAL": 2, "ERROR": 3, "WARNING": 4, "WARN": 4, "NOTICE": 5, "INFO": 6,
    "INFORMATIONAL": 6, "INFORMATION": 6, "DEBUG": 7,
}  # fmt: skip
_UNITS = {10: 10**9, 13: 10**6, 16: 10**3, 19: 1}
"""Of counts since 1970, by how many digits they have."""
_FRACTION = re.compile(r"[.,](\d+)")
_LIMIT = 256 << 20
_USER = 8
_PIECE = 512
Object = dict[str, Any]


def detect(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether the first object of such a file is whole there, and has a time."""
    text = sample.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    found = _OPENING.match(text)
    if found is None:
        return False
    try:
        first, end = json.JSONDecoder().raw_decode(text, found.end())
    except (ValueError, RecursionError):
        return False
    # One object alone, over several lines, is a document.
    alone = not found[0].strip() and not text.startswith("{", _next(text, end))
    return not alone and isinstance(first, dict) and _time(first)[1] is not None


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One record a line."""
    data = _read(source, problems).removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    found = _OPENING.match(data)
    at = found.end() if found else 0
    decoder = json.JSONDecoder()
    lines = ["\n" * data.count("\n", 0, at)]
    while data.startswith("{", at):
        try:
            item, end = decoder.raw_decode(data, at)
        except (ValueError, RecursionError):
            break
        beyond = _next(data, end)
        lines.append(_line(item, data.count("\n", at, beyond)))
        at = beyond
        if len(lines) >= _PIECE:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()
    if data.startswith("{", at):
        reason = f"{len(data[at:].encode()):,} bytes from byte {len(data[:at].encode()):,} on are no whole object"
        problems.append(Skipped(source.name, reason, partial=True))


def _next(data: str, at: int) -> int:
    """Behind what stands between two objects."""
    found = _BETWEEN.match(data, at)
    return found.end() if found else at


def _read(source: Source, problems: list[Skipped]) -> bytes:
    blocks, size = [], 0
    for block in stream.blocks(source, problems):
        blocks.append(block)
        size += len(block)
        if size > _LIMIT:
            problems.append(Skipped(source.name, f"more than {_LIMIT:,} bytes; the rest is lost", partial=True))
            break
    return b"".join(blocks)


def _line(item: Object, count: int) -> str:
    """An object's record, and empty lines up to its `count`."""
    key, time = _time(item)
    said_key, said = _first(item, _MESSAGES)
    said_text = said if isinstance(said, str) else _spelled(said)
    if "__REALTIME_TIMESTAMP" in item:
        shown = said_text
    else:
        rest = {name: value for name, value in item.items() if name not in {key, said_key}}
        spelled = _json(rest) if rest else ""
        shown = f"{said_text} {spelled}".strip()
    raw = shown.encode(errors="replace")
    if time is None:
        line = b"\t" + message(raw) + b"\n"
    else:
        host, program, pid = (_word(_first(item, names)[1]) for names in (_HOSTS, _PROGRAMS, _PIDS))
        number = int(pid) if pid.isdigit() and len(pid) < 10 else None
        line = record(time, host, program, number, raw, _priority(item))
    return line.decode(errors="replace") + "\n" * max(0, count - line.count(b"\n"))


def _word(value: Any) -> bytes:
    """A name or a number; nothing of what holds more."""
    return str(value).encode(errors="replace") if isinstance(value, str | int) else b""


def _first(item: Object, names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of some names that has a value, and that."""
    return next(((name, item[name]) for name in names if item.get(name) not in (None, "", {}, [])), ("", ""))


def _spelled(said: Any) -> str:
    """A message that is no text: the journal's list of bytes, Azure's `{"value": ...}`."""
    if isinstance(said, list) and all(isinstance(byte, int) and 0 <= byte < 256 for byte in said):
        return bytes(said).decode(errors="replace")
    if isinstance(said, dict) and isinstance(said.get("value"), str):
        return str(said["value"])
    return _json(said)


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "(nested too deeply)"


def _priority(item: Object) -> int | None:
    level = str(item.get("PRIORITY", item.get("severity", item.get("level", "")))).upper()
    if "PRIORITY" in item and level in set("01234567"):
        facility = str(item.get("SYSLOG_FACILITY", ""))
        return (int(facility) if facility.isdecimal() and len(facility) < 3 else _USER // 8) * 8 + int(level)
    return _USER + _LEVELS[level] if level in _LEVELS else None


def _time(item: Object) -> tuple[str, int | None]:
    """The key under which a time stands, and UTC nanoseconds."""
    for name in _TIMES:
        if name in item and (instant := _instant(item[name])) is not None:
            return name, instant
    return "", None


def _instant(value: Any) -> int | None:
    said = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    whole, _, fraction = said.partition(".")
    unit = _UNITS.get(len(whole)) if whole.isdecimal() and (not fraction or fraction.isdecimal()) else None
    if unit is not None:
        nanoseconds = int(whole) * unit + int((fraction + "0" * 9)[:9]) * unit // 10**9
        return nanoseconds if SINCE < nanoseconds // 10**9 < UNTIL else None
    found = _FRACTION.search(said)
    try:
        moment = dt.datetime.fromisoformat(said.replace(found[0], "") if found else said)
    except ValueError:
        return None
    if len(said) < len("2021-03-04T05:06:07"):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    seconds = int(moment.timestamp())
    return seconds * 10**9 + int((found[1] + "0" * 9)[:9] if found else 0) if SINCE < seconds < UNTIL else None


STORE = Store(
    name="JSON records",
    about="arrays of JSON objects, objects over many lines: CloudTrail, Azure, Google Cloud, journalctl -o json-pretty",
    detect=detect,
    text=text,
    resume=kept.resume(text),
    tail=kept.tail(text),
)
