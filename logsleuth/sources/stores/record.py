"""How a record is written as text: nothing in it can end its line, or be taken for another record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

_SECOND = 1_000_000_000
_DAY = 86_400
_EPOCH = dt.date(1970, 1, 1).toordinal()
_BREAKING = {0: b"\\x00", 13: b"\\x0d", 11: b"\\x0b", 12: b"\\x0c"}
_BARE = b"\r\n \t"
UNNAMED = b"unknown"
"""The program of a record that names none, as journalctl says it."""


def stamp(time: int) -> bytes:
    """UTC nanoseconds as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, with nine digits where six do not do; raises ValueError.

    >>> stamp(1_704_164_645_123_456_000)
    b'2024-01-02T03:04:05.123456Z'
    """
    seconds, rest = divmod(time, _SECOND)
    day, second = divmod(seconds, _DAY)
    date = dt.date.fromordinal(_EPOCH + day)
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    fraction = f"{rest // 1000:06}" if rest % 1000 == 0 else f"{rest:09}"
    return f"{date.isoformat()}T{hour:02}:{minute:02}:{second:02}.{fraction}Z".encode()


def word(value: bytes, instead: bytes = UNNAMED) -> bytes:
    r"""A host's or program's name as one word: spaces and control bytes as `\x20`, as systemd escapes them."""
    if value.isalnum():
        return value
    return b"".join(_ESCAPED[byte] for byte in value) or instead


_ESCAPED = [bytes([b]) if b > 0x20 and b != 0x7F else b"\\x%02x" % b for b in range(256)]


def message(value: bytes) -> bytes:
    r"""A message's lines, each but the first after a tab; its end bare, NUL and CR visible as `\x00`, `\x0d`."""
    value = value.rstrip(_BARE)
    for byte, shown in _BREAKING.items():
        if byte in value:
            value = value.replace(bytes([byte]), shown)
    return value.replace(b"\n", b"\n\t") if b"\n" in value else value


def messages(values: Sequence[bytes]) -> list[bytes]:
    """As `message`, of many at once: hardly any holds what has to be looked at byte by byte."""
    bare = [value.rstrip(_BARE) for value in values]
    joined = b"\0".join(bare)
    if joined.count(b"\0") < max(1, len(bare)) and not any(byte in joined for byte in (*_BREAKING, 10) if byte):
        return bare
    return [message(value) for value in values]


def record(
    time: int, host: bytes, program: bytes, pid: bytes | int | None, text: bytes, priority: int | None = None
) -> bytes:
    """One record with its line's end; `time` in UTC nanoseconds, `priority` facility * 8 + severity if known."""
    head = b"" if priority is None else b"<%d>" % priority
    process = b"" if pid is None else b"[%d]" % int(pid)
    return b"%b%b %b %b%b: %b\n" % (head, stamp(time), word(host, b"-"), word(program), process, message(text))
