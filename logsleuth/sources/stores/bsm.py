"""BSM audit trails of FreeBSD, macOS (/var/audit) and Solaris.

Records one behind the other, numbers big-endian: a header token with the record's length, version, event and time, more
tokens, and a trailer token with a mark and the length again (audit.log(5); OpenBSM's sys/bsm/audit_record.h). Between
records file tokens tell where a trail was begun and ended.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import kept
from logsleuth.sources.stores.bsm_tokens import told
from logsleuth.sources.stores.layouts import SINCE, UNTIL
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import record

_HEADER = struct.Struct(">BIBHH")
_TIMES = {0x14: (">II", False), 0x15: (">II", True), 0x74: (">QQ", False), 0x79: (">QQ", True)}
"""Seconds and milliseconds; with a machine's address before them or not."""
_FILE = 0x11
_FILE_HEAD = struct.Struct(">BIIH")
_LONGEST_NAME = 4096
_TRAILER = b"\x13\xb1\x05"
_TRAILER_SIZE = 7
_SHORTEST = 25
_LONGEST = 1 << 20
_MILLION = 1_000_000
_AUDIT = 13 * 8
"""The facility of audit logs."""
_FAILED, _DONE = 4, 6
_BEGINS = re.compile(rb"[\x14\x15\x74\x79]\0[\0-\x0f]")
"""A header's type, and a length below `_LONGEST`."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What a header says."""

    size: int
    event: int
    time: int
    """UTC nanoseconds."""
    body: int
    """Where the first token lies, from the record's start."""


def _head(data: bytes, at: int) -> _Head | None:
    """The header there; None where none is."""
    if len(data) - at < _SHORTEST or data[at] not in _TIMES:
        return None
    kind, size, _, event, _ = _HEADER.unpack_from(data, at)
    form, addressed = _TIMES[kind]
    place = at + _HEADER.size
    if addressed:
        # Its address is one of four or of sixteen bytes.
        place += 4 + (16 if int.from_bytes(data[place : place + 4], "big") == 16 else 4)
    if place + struct.calcsize(form) > len(data) or not _SHORTEST <= size <= _LONGEST:
        return None
    seconds, milliseconds = struct.unpack_from(form, data, place)
    if not SINCE < seconds < UNTIL:
        return None
    fraction = milliseconds if milliseconds < 1000 else 0
    return _Head(size, event, (seconds * 1000 + fraction) * _MILLION, place + struct.calcsize(form) - at)


def _whole(data: bytes, at: int, head: _Head) -> bool:
    """Its trailer stands at its end."""
    end = at + head.size
    return end <= len(data) and data[end - _TRAILER_SIZE : end - _TRAILER_SIZE + len(_TRAILER)] == _TRAILER


def _file_size(data: bytes, at: int) -> int:
    """Bytes of a file token there; 0 where none is."""
    if len(data) - at < _FILE_HEAD.size or data[at] != _FILE:
        return 0
    length = _FILE_HEAD.unpack_from(data, at)[3]
    end = at + _FILE_HEAD.size + length
    return end - at if 0 < length <= _LONGEST_NAME and (end > len(data) or data[end - 1] == 0) else 0


def detect(sample: bytes, size: int) -> bool:  # noqa: ARG001
    """Whether a record that ends as one stands there, perhaps behind a file token."""
    at = _file_size(sample, 0)
    head = _head(sample, at)
    return head is not None and _whole(sample, at, head)


@dataclass(slots=True)
class _Damage:
    lost: int = 0
    first: int = 0
    odd: int = 0

    def told(self, name: str, torn: int) -> Iterator[Skipped]:
        if self.lost:
            reason = f"{self.lost:,} bytes from byte {self.first:,} on are no audit records"
            yield Skipped(name, f"{reason}; what follows them is read", partial=True)
        if torn:
            yield Skipped(name, f"the last record is torn: {torn:,} bytes of it are there", partial=True)
        if self.odd:
            yield Skipped(name, f"{self.odd:,} audit records hold tokens that could not be read", partial=True)


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One record a line."""
    damage, rest, base = _Damage(), b"", 0
    for block in stream.blocks(source, problems):
        rest += block
        lines, used = _records(rest, base, damage, last=False)
        rest, base = rest[used:], base + used
        yield b"".join(lines)
    lines, used = _records(rest, base, damage, last=True)
    yield b"".join(lines)
    problems.extend(damage.told(source.name, len(rest) - used))


def _records(data: bytes, base: int, damage: _Damage, *, last: bool) -> tuple[list[bytes], int]:
    """The whole records of these bytes as lines, and how many bytes they have."""
    lines: list[bytes] = []
    at = 0
    while at < len(data):
        if size := _file_size(data, at):
            if at + size > len(data):
                break
            at += size
            continue
        head = _head(data, at)
        if head is not None and _whole(data, at, head):
            lines.append(_line(data, at, head, damage))
            at += head.size
            continue
        begun = head is not None and at + head.size > len(data)
        beyond = _next(data, at)
        # The rest of it may follow.
        if beyond == len(data) and (begun or len(data) - at < _SHORTEST or not last):
            if last or len(data) - at < 2 * _LONGEST:
                break
            beyond -= _LONGEST
        damage.first = damage.first if damage.lost else base + at
        damage.lost += beyond - at
        at = beyond
    return lines, at


def _next(data: bytes, at: int) -> int:
    """Where the next whole record begins; the end where none does."""
    for found in _BEGINS.finditer(data, at + 1):
        head = _head(data, found.start())
        if head is not None and _whole(data, found.start(), head):
            return found.start()
    return len(data)


def _line(data: bytes, at: int, head: _Head, damage: _Damage) -> bytes:
    said, pid, failed, whole = told(head.event, data[at + head.body : at + head.size - _TRAILER_SIZE])
    damage.odd += not whole
    return record(head.time, b"", b"audit", pid, said, _AUDIT + (_FAILED if failed else _DONE))


STORE = Store(
    name="BSM audit trail",
    about="the audit trails of FreeBSD, macOS and Solaris",
    detect=detect,
    text=text,
    resume=kept.resume(text),
    tail=kept.tail(text),
)
