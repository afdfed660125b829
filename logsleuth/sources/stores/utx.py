"""FreeBSD's login records since 9.0: `utx.log`, `utx.active` and `utx.lastlogin` (lib/libc/gen/utxdb.h, struct futx).

A record has 197 bytes, numbers big-endian, microseconds since 1970. The log writes each without the NUL bytes at its
end, after its length in two bytes; the other two files hold whole records, one for a terminal or a user, in no order.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import field
from pathlib import PurePath

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import kept
from logsleuth.sources.stores.layouts import LAYOUTS, SINCE, UNTIL, Kind, Layout
from logsleuth.sources.stores.login_words import Row, Words
from logsleuth.sources.stores.logins import written
from logsleuth.sources.stores.model import Store

_RECORD = struct.Struct(">BQ8sI32s16s128s")
_SIZE = _RECORD.size
_KINDS: dict[int, Kind] = {
    1: "boot", 2: "old time", 3: "new time", 4: "login", 5: "init", 6: "prompt", 7: "logout", 8: "shutdown",
}  # fmt: skip
_LAYOUT = Layout("FreeBSD utx", LAYOUTS[0].record, _KINDS)
_HEAD = re.compile(rb"\x00[\x04-\xc5][\x01-\x08]\x00[\x02-\x0e]")
"""Of a record in the log: its length, its type, and the first bytes of a time between 1989 and 2100."""
_SHORTEST = 4
_FEW = 3
_LIMIT = 1 << 30
_PIECE = 512


def detect(sample: bytes, size: int) -> bool:
    """Whether these first bytes are such records, whole or with their lengths."""
    return _is_log(sample, size) or _is_table(sample)


def _is_log(sample: bytes, size: int) -> bool:
    at = count = 0
    while at + 2 <= len(sample) and count < 64:
        length = int.from_bytes(sample[at : at + 2], "big")
        if at + 2 + length > len(sample):
            break
        if _row(sample[at + 2 : at + 2 + length]) is None:
            return False
        at, count = at + 2 + length, count + 1
    return count >= _FEW or (count > 0 and at == max(size, len(sample)))


def _is_table(sample: bytes) -> bool:
    records = [sample[at : at + _SIZE] for at in range(0, min(len(sample), 64 * _SIZE) - _SIZE + 1, _SIZE)]
    used = [record for record in records if record.strip(b"\0")]
    # Texts are filled up with NUL bytes, so that chance cannot look like them.
    tidy = all(re.fullmatch(rb"[\x20-\x7e]*\0*", r[at:stop]) for r in used for at, stop in ((21, 53), (53, 69)))
    return bool(used) and tidy and all(_row(record) is not None for record in used)


def _row(raw: bytes) -> tuple[Row, bytes] | None:
    """A record and its id; None if it cannot be one."""
    if not _SHORTEST <= len(raw) <= _SIZE:
        return None
    kind, micro, name, pid, user, line, host = _RECORD.unpack(raw.ljust(_SIZE, b"\0"))
    if kind not in _KINDS or not SINCE < micro // 1_000_000 < UNTIL:
        return None
    if re.search(rb"[\x01-\x1f\x7f]", line.split(b"\0", 1)[0]):
        return None
    return Row(micro * 1000, kind, pid, line, user, host), name


@dataclass(slots=True)
class _Damage:
    size: int = 0
    first: int = 0
    torn: int = 0
    places: set[int] = field(default_factory=set)

    def told(self, name: str) -> Iterator[Skipped]:
        if self.size:
            reason = (
                f"{self.size:,} bytes in {len(self.places):,} places, the first at byte {self.first:,}, are no records"
            )
            yield Skipped(name, f"{reason}; what follows them is read", partial=True)
        if self.torn:
            yield Skipped(name, f"the last record is torn: {self.torn:,} bytes of it are there", partial=True)


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One record a line."""
    data = b"".join(stream.blocks(source, problems))
    damage = _Damage()
    if _is_log(data[: 64 << 10], len(data)):
        found = _logged(data, damage)
    else:
        found = iter(sorted(_tabled(data, damage), key=lambda pair: pair[0].time))
    tag = _tag(source.name)
    words = Words(_LAYOUT, failures=False)
    open_: dict[bytes, Row] = {}
    lines: list[bytes] = []
    for row, name in found:
        lines.append(written(_with_terminal(row, name, open_), words, tag))
        if len(lines) == _PIECE:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)
    problems.extend(damage.told(source.name))


def _logged(data: bytes, damage: _Damage) -> Iterator[tuple[Row, bytes]]:
    at, end = 0, len(data)
    while at + 2 <= end:
        length = int.from_bytes(data[at : at + 2], "big")
        found = _row(data[at + 2 : at + 2 + length]) if at + 2 + length <= end else None
        if found is not None:
            yield found
            at += 2 + length
            continue
        head = _HEAD.search(data, at + 1)
        beyond = head.start() if head else end
        if beyond == end and _HEAD.match(data, at) and at + 2 + length > end:
            damage.torn = end - at
            return
        if not damage.size:
            damage.first = at
        damage.size += beyond - at
        damage.places.add(at)
        at = beyond
    damage.torn += end - at


def _tabled(data: bytes, damage: _Damage) -> Iterator[tuple[Row, bytes]]:
    for at in range(0, len(data) - _SIZE + 1, _SIZE):
        raw = data[at : at + _SIZE]
        found = _row(raw)
        if found is not None:
            yield found
        elif raw.strip(b"\0"):
            damage.first = damage.first if damage.size else at
            damage.size += _SIZE
            damage.places.add(at)
    damage.torn = len(data) % _SIZE


def _with_terminal(row: Row, name: bytes, open_: dict[bytes, Row]) -> Row:
    """A logout bears only the id of its login; terminal and user are those of the login that is open under it."""
    kind = _KINDS[row.type]
    if kind == "login":
        open_[name] = row
    elif kind == "logout":
        before = open_.pop(name, None)
        if before is not None and not row.line.strip(b"\0"):
            row.line, row.user = before.line, before.user
    elif kind in {"boot", "shutdown"}:
        open_.clear()
    return row


def _tag(name: str) -> bytes:
    found = re.search(r"utx\.(?:log|active|lastlogin)", PurePath(name).name)
    return found[0].encode() if found else b"utx.log"


STORE = Store(
    name="FreeBSD login records",
    about="utx.log, utx.active, utx.lastlogin of FreeBSD 9 and later",
    detect=detect,
    text=text,
    resume=kept.resume(text),
    tail=kept.tail(text),
)
