"""Headers of a tar archive: ustar and pax (POSIX 1003.1, pax), GNU and old ones (GNU tar manual, "Basic Tar Format").

Read one after the other, so that a damaged archive gives all that is whole in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from logsleuth.records import dataclass
from logsleuth.sources.archives import sparse
from logsleuth.sources.archives.forward import Forward
from logsleuth.sources.archives.member import Extents, Kind, Member

BLOCK = 512
_LONGEST = 1 << 20
"""Bytes of a long name or a pax header; more is made up."""
_PADDING = 64 << 20
"""NUL bytes after the end that are looked through for another archive (`cat a.tar b.tar`)."""
_KINDS: dict[bytes, Kind] = {
    b"1": "hard link",
    b"2": "link",
    b"3": "device",
    b"4": "device",
    b"5": "folder",
    b"6": "named pipe",
    b"D": "other",
    b"M": "continued",
    b"V": "other",
    b"N": "other",
}
_WITHOUT_DATA = b"123456V"
_END = bytes(BLOCK)


class _Header(NamedTuple):
    name: bytes
    size: int
    mtime: int
    type: bytes
    link: bytes
    block: bytes


@dataclass(slots=True)
class Headers:
    """All members of a tar, in order; a member's bytes may be taken from `source` before the next is asked for."""

    source: Forward
    troubles: list[str] = field(default_factory=list)
    """What was damaged, once all has been read."""
    _name: bytes | None = None
    _link: bytes | None = None
    _pax: dict[str, bytes] = field(default_factory=dict)
    _data: int = 0
    """Where the member's own bytes begin."""

    def __iter__(self) -> Iterator[Member]:
        ended = False
        passed_from: int | None = None
        while True:
            at = self.source.place
            block = self.source.read(BLOCK)
            if len(block) < BLOCK:
                self._finish(at, passed_from, len(block), ended=ended)
                return
            if block == _END:
                if ended and not self._beyond_padding():
                    if self.source.trouble:  # a sum behind the end that is wrong
                        self.troubles.append(self.source.trouble)
                    return
                ended = True
                continue
            header = parse(block)
            if header is None or (passed_from is not None and not _surely(block)):
                passed_from = at if passed_from is None else passed_from
                continue
            if passed_from is not None:
                self._passed(passed_from, at)
                passed_from = None
            ended = False
            self._data = self.source.place
            size = 0 if header.type in _WITHOUT_DATA else self._size(header)
            if header.type in b"xLKgX":
                self._extend(header)
            else:
                yield self._member(header)
            self.source.seek(self._data + _padded(size))

    def _finish(self, at: int, passed_from: int | None, left: int, *, ended: bool) -> None:
        if passed_from is not None:
            self._passed(passed_from, at + left)
        if self.source.trouble:
            self.troubles.append(f"{self.source.trouble}; what follows is lost")
        elif not ended and passed_from is None:
            self.troubles.append(f"ends early, at byte {at + left:,}, without its end mark; what may follow is lost")

    def _passed(self, start: int, stop: int) -> None:
        self.troubles.append(f"damaged at byte {start:,}: {stop - start:,} bytes are no members and were passed over")

    def _beyond_padding(self) -> bool:
        """Whether something follows the NUL bytes after the end."""
        start = self.source.place
        while (piece := self.source.read(64 * BLOCK)) and self.source.place - start < _PADDING:
            if solid := piece.lstrip(b"\0"):
                inside = (len(piece) - len(solid)) // BLOCK * BLOCK
                self.source.seek(self.source.place - len(piece) + inside)
                self.source.ended = False
                return True
        return False

    def _size(self, header: _Header) -> int:
        told = self._pax.get("size") if header.type not in b"xgLKX" else None
        return _decimal(told, header.size)

    def _extend(self, header: _Header) -> None:
        """A name that is too long for a header, or what pax knows more than ustar."""
        if header.size > _LONGEST:
            self.troubles.append(f"a header of {header.size:,} bytes at byte {self.source.place:,} was passed over")
            return
        data = self.source.read(header.size)
        if header.type == b"L":
            self._name = data.rstrip(b"\0")
        elif header.type == b"K":
            self._link = data.rstrip(b"\0")
        elif header.type in b"xX":
            self._pax = pax(data)

    def _member(self, header: _Header) -> Member:
        told, self._pax = self._pax, {}
        name = told.get("GNU.sparse.name", told.get("path", self._name or header.name))
        link = told.get("linkpath", self._link or header.link)
        self._name = self._link = None
        size = _decimal(told.get("size"), header.size)
        kind = _KINDS.get(header.type, "file")
        if kind == "file" and name.endswith(b"/"):
            kind = "folder"
        at = self.source.place
        extents: Extents = ((0, at, size),) if size else ()
        whole = size
        if header.type == b"S" or any(key.startswith("GNU.sparse.") for key in told):
            laid = sparse.laid(self.source, header.block if header.type == b"S" else None, told, size)
            if header.type == b"S":  # its map stands before the bytes that its size counts
                self._data = self.source.place
            if laid is None:
                kind = "sparse"
            else:
                whole, extents = laid
        return Member(_text(name), kind, whole, _mtime(told.get("mtime"), header.mtime), _text(link), extents)


def parse(block: bytes) -> _Header | None:
    """None if the block is no header: its sum is not what it says."""
    if len(block) < BLOCK or not block[0]:
        return None
    try:
        told = number(block[148:156])
        if told != sum(block[:148]) + 256 + sum(block[156:]) and told != _signed_sum(block):
            return None
        size, mtime = number(block[124:136]), number(block[136:148])
    except ValueError:
        return None
    if size < 0:
        return None
    name = _field(block[:100])
    if block[257:263] == b"ustar\0" and (prefix := _field(block[345:500])):
        name = prefix + b"/" + name
    return _Header(name, size, mtime, block[156:157], _field(block[157:257]), block)


def number(field: bytes) -> int:
    """Octal digits, or (GNU, star) a binary number whose first bit is set; raises ValueError."""
    if field[0] in {0x80, 0xFF}:
        return int.from_bytes(field[1:], "big") - (256 ** (len(field) - 1) if field[0] == 0xFF else 0)
    return int(field.split(b"\0", 1)[0].strip() or b"0", 8)


def pax(data: bytes) -> dict[str, bytes]:
    r"""Records of the form b"30 mtime=1229472000.123456789\n"; nothing after the first that is malformed."""
    records: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        digits, space, _ = data[at : at + 20].partition(b" ")
        if not (space and digits.isdigit() and len(digits) + 1 < int(digits) <= len(data) - at):
            break
        key, _, value = data[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        name = key.decode("utf-8", "replace")
        if name in {"GNU.sparse.offset", "GNU.sparse.numbytes"}:  # these alone are repeated (sparse format 0.0)
            value = b",".join(filter(None, (records.get("GNU.sparse.map", b""), value)))
            name = "GNU.sparse.map"
        records[name] = value
        at += int(digits)
    return records


def _surely(block: bytes) -> bool:
    """A sum alone is too little to believe in the middle of damage."""
    return block[257:262] == b"ustar"


def _signed_sum(block: bytes) -> int:
    """As some old tars reckoned."""
    return 256 + sum(b - 256 if b > 127 else b for b in block[:148] + block[156:])


def _field(raw: bytes) -> bytes:
    return raw.split(b"\0", 1)[0]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _decimal(told: bytes | None, otherwise: int) -> int:
    return int(told) if told is not None and told.isdigit() and len(told) < 20 else otherwise


def _mtime(told: bytes | None, seconds: int) -> int | None:
    """UTC nanoseconds; None for 0, which stands where nothing is known."""
    if told is not None:
        whole, _, part = told.partition(b".")
        if whole.isdigit() and len(whole) < 12 and (part.isdigit() or not part):
            return int(whole) * 10**9 + int(part[:9].ljust(9, b"0") or b"0") or None
    return seconds * 10**9 if 0 < seconds < 1 << 33 else None


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
