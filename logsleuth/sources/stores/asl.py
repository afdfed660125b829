"""Apple System Log files (`/var/log/asl/*.asl`, Mac OS X 10.5.6 to 10.15).

A header of 80 bytes, then objects one behind the other, all numbers big-endian (libsystem_asl asl_file.c, asl_file.h):
type (0 a message, 1 a string), length of what follows, content. A message points at its strings, which stand before it,
and at the next message. The objects are read by their place, so a link that was never written, or is damaged, loses
nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources.source import Source
from logsleuth.sources.stores import kept
from logsleuth.sources.stores.access import random_access
from logsleuth.sources.stores.layouts import UNTIL
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import message as lines_of
from logsleuth.sources.stores.record import record, word

_COOKIE = b"ASL DB\0\0\0\0\0\0"
_HEADER = 80
_VERSION = 2
_MESSAGE, _STRING = 0, 1
_OBJECT = struct.Struct(">HI")
_FIXED = struct.Struct(">QQqIHHiiiiiiIQQQQQQ")
"""next, id, seconds, nanoseconds, level, flags, pid, uid, gid, two readers, ref pid, pairs; and six strings."""
_LINK = struct.Struct(">Q")
_LEAST = _FIXED.size + _LINK.size
_MOST_PAIRS = 4096
_LIMIT = 1 << 30
"""Bytes of a file that are read."""
_INLINE = 0x80
"""Set in the first byte of a pointer that holds the string itself, of at most seven bytes."""
_PIECE = 512
"""Records that are given at a time."""
_FACILITIES = {
    name: number
    for number, names in enumerate(
        ("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
         "netinfo", "remoteauth", "install", "ras")
    )
    for name in (names.encode(),)
} | {b"local%d" % n: 16 + n for n in range(8)}  # fmt: skip
_DAEMON = 3
_BEGUN = 5 * 8 + 6
"""Priority of the header's own stamp: syslogd's, info."""


def detect(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether these first bytes are the header of such a file."""
    return sample.startswith(_COOKIE)


def refusal(sample: bytes) -> str:
    """Files of other versions are not read."""
    version = int.from_bytes(sample[12:16], "big")
    return "" if version == _VERSION else f"an Apple System Log of version {version}; try: syslog -f FILE"


@dataclass(slots=True)
class _File:
    """The bytes of a file, and what is wrong with it."""

    data: bytes
    broken: int = 0
    """Links between messages that lead elsewhere."""
    first_broken: int = 0
    lost: int = 0
    """Bytes that belong to no object."""
    first_lost: int = 0
    texts: int = 0
    """Strings that could not be read."""
    strings: dict[int, bytes] = field(default_factory=dict)

    def messages(self) -> Iterator[int]:
        """Where the content of each message begins."""
        at, end = _HEADER, len(self.data)
        while at + _OBJECT.size <= end:
            kind, length = _OBJECT.unpack_from(self.data, at)
            if not self._whole(at, kind, length):
                beyond = self._next(at)
                self.first_lost = self.first_lost or at
                self.lost += beyond - at
                at = beyond
                continue
            if kind == _MESSAGE:
                yield at + _OBJECT.size
            at += _OBJECT.size + length
        if at < end:
            self.first_lost = self.first_lost or at
            self.lost += end - at

    def _whole(self, at: int, kind: int, length: int) -> bool:
        stop = at + _OBJECT.size + length
        if stop > len(self.data):
            return False
        if kind == _STRING:
            return length > 0 and self.data[stop - 1] == 0
        return kind == _MESSAGE and self._is_message(at + _OBJECT.size, length)

    def _is_message(self, at: int, length: int) -> bool:
        if length < _LEAST:
            return False
        values = _FIXED.unpack_from(self.data, at)
        pairs = values[12]
        fits = pairs <= _MOST_PAIRS and length == _LEAST + 8 * pairs
        return bool(fits and values[3] < 1_000_000_000 and 0 <= values[2] < UNTIL)

    def _next(self, at: int) -> int:
        """Where objects can be read again: the next message, told by its length, its number of pairs and its time."""
        end = len(self.data)
        while (at := self.data.find(b"\0\0\0\0", at + 1)) >= 0 and at + _OBJECT.size + _LEAST <= end:
            kind, length = _OBJECT.unpack_from(self.data, at)
            if kind == _MESSAGE and length >= _LEAST and self._whole(at, kind, length):
                return at
        return end

    def string(self, pointer: int) -> bytes:
        """What a pointer leads to; empty for none."""
        if not pointer:
            return b""
        if pointer >> 56 & _INLINE:
            return pointer.to_bytes(8, "big")[1 : 1 + (pointer >> 56 & 0x0F)]
        if (known := self.strings.get(pointer)) is not None:
            return known
        if pointer + _OBJECT.size <= len(self.data):
            kind, length = _OBJECT.unpack_from(self.data, pointer)
            stop = pointer + _OBJECT.size + length
            if kind == _STRING and stop <= len(self.data):
                found = self.data[pointer + _OBJECT.size : stop].split(b"\0", 1)[0]
                if len(self.strings) < 1 << 16:
                    self.strings[pointer] = found
                return found
        self.texts += 1
        return b"?"


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One message a record."""
    with random_access(source, problems) as store:
        file = _File(store.read(0, min(store.size, _LIMIT)))
        if store.size > _LIMIT:
            problems.append(Skipped(source.name, f"more than {_LIMIT:,} bytes; the rest is lost", partial=True))
    begun = int.from_bytes(file.data[24:32], "big")
    lines = []
    if 0 < begun < UNTIL:
        lines.append(record(begun * 1_000_000_000, b"", b"asl", None, b"log file begun", _BEGUN))
    expected = int.from_bytes(file.data[16:24], "big")
    for at in file.messages():
        if expected != at - _OBJECT.size:
            file.first_broken = file.first_broken or at - _OBJECT.size
            file.broken += 1
        line, expected = _message(file, at)
        lines.append(line)
        if len(lines) == _PIECE:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)
    problems.extend(_told(source.name, file))


def _message(file: _File, at: int) -> tuple[bytes, int]:
    """A message as a record, and where it says that the next one is."""
    (link, _, seconds, nano, level, _, pid, _, _, _, _, _, pairs, host, sender, facility, message, *_) = (
        _FIXED.unpack_from(file.data, at)
    )
    said = file.string(message)
    if not said:
        # Messages of utmpx and lastlog consist of keys and values alone.
        pointers = struct.unpack_from(f">{pairs}Q", file.data, at + _FIXED.size)
        values = [file.string(pointer) for pointer in pointers]
        said = b" ".join(key + b"=" + value for key, value in zip(values[::2], values[1::2], strict=False))
    number = _FACILITIES.get(file.string(facility), _DAEMON)
    own = pid if pid >= 0 else None
    when = seconds * 1_000_000_000 + nano
    if not seconds:  # it goes on from the message above
        return b"\t%b: %b\n" % (word(file.string(sender)), lines_of(said)), link
    return record(when, file.string(host), file.string(sender), own, said, number * 8 + min(level, 7)), link


def _told(name: str, file: _File) -> Iterator[Skipped]:
    if file.broken:
        reason = (
            f"{file.broken:,} links of its list of messages are broken, the first before byte {file.first_broken:,}"
        )
        yield Skipped(name, f"{reason}: the messages were read by their place in the file", partial=True)
    if file.lost:
        reason = f"{file.lost:,} bytes from byte {file.first_lost:,} on are no messages"
        yield Skipped(name, f"{reason}; what follows them is read", partial=True)
    if file.texts:
        yield Skipped(name, f"{file.texts:,} texts of messages could not be read", partial=True)


STORE = Store(
    name="Apple System Log",
    about="syslogd of Mac OS X 10.5.6 to macOS 10.15 (/var/log/asl)",
    detect=detect,
    text=text,
    refusal=refusal,
    resume=kept.resume(text),
    tail=kept.tail(text),
)
