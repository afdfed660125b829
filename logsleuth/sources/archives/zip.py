"""The directory of a zip archive, zip64 too (PKWARE APPNOTE.TXT 6.3); without it, the headers before the members."""

from __future__ import annotations

import calendar
import struct
import zlib
from collections.abc import Iterator
from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.sources.archives.forward import FREE
from logsleuth.sources.archives.member import Kind, Member
from logsleuth.sources.content import Readable

LOCAL, CENTRAL, END, SPANNED = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
_END64, _LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_TAIL = 66_000
"""The end record, the longest comment and the zip64 records."""
_PIECE = 1 << 20
_DIRECTORY = 64 << 20
"""Bytes, for some 600,000 members; a longer one is not believed."""

_METHODS = {0: "plain", 8: "deflate", 12: "bzip2", 93: "zstd", 95: "xz"}
_NAMED = {1: "Shrink", 6: "Implode", 9: "Deflate64", 14: "LZMA", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES"}
_ENCRYPTED, _LATER, _UTF8 = 0x1, 0x8, 0x800
_UNIX = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    time: int
    date: int
    packed: int
    size: int
    header: int
    """Where its local header stands."""
    mode: int = 0
    """Of a Unix file; 0 where another system packed it."""
    extra: bytes = b""


@dataclass(slots=True)
class Directory:
    """All members of a zip."""

    source: Readable
    size: int
    troubles: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Member]:
        end = self._end()
        if end is None:
            yield from self._without()
            return
        entries, shift = end
        place = -1
        for entry in sorted(entries, key=lambda e: e.header):
            if entry.header + shift < place:
                self.troubles.append(f"the member {_text(entry)} overlaps another, as in a bomb: not read")
                return
            start = self._data(entry.header + shift)
            place = (entry.header + shift if start is None else start) + entry.packed
            yield self._member(entry, start)

    def _end(self) -> tuple[Iterator[_Entry], int] | None:
        """The entries, and what stands before the archive's first byte; None without a usable directory."""
        base = max(0, self.size - _TAIL)
        tail = self._at(base, _TAIL)
        at = tail.rfind(END)
        if at < 0 or len(tail) < at + 22:
            return None
        disk, start_disk, _, total, length, offset = struct.unpack_from("<4H2I", tail, at + 4)
        end = base + at
        if 0xFFFF in {disk, total} or 0xFFFFFFFF in {length, offset}:
            locator = self._at(end - 20, 20)
            if locator[:4] == _LOCATOR:
                record = self._at(int.from_bytes(locator[8:16], "little"), 56)
                if record[:4] == _END64 and len(record) == 56:
                    disk, start_disk, _, total, length, offset = struct.unpack_from("<2I4Q", record, 16)
                    end = int.from_bytes(locator[8:16], "little")
        if disk or start_disk:
            self.troubles.append("one part of a zip archive in several volumes; join them first (zip -s 0)")
            return iter(()), 0
        shift = end - length - offset
        if length > min(_DIRECTORY, end) or shift < 0:
            return None
        data = self._at(offset + shift, length)
        if total and data[:4] != CENTRAL:
            return None
        return self._entries(data, total), shift

    def _entries(self, data: bytes, total: int) -> Iterator[_Entry]:
        at = count = 0
        while at + 46 <= len(data) and data[at : at + 4] == CENTRAL:
            made, _, flags, method, time, date, _, packed, size, names, extras, comments, _, _, outer, header = (
                struct.unpack_from("<6H3I5H2I", data, at + 4)
            )
            name = data[at + 46 : at + 46 + names]
            extra = data[at + 46 + names : at + 46 + names + extras]
            size, packed, header = _wide(extra, size, packed, header)
            mode = outer >> 16 if made >> 8 == _UNIX else 0
            if made >> 8 == 0 and b"/" not in name:
                name = name.replace(b"\\", b"/")
            yield _Entry(name, flags, method, time, date, packed, size, header, mode, extra)
            at += 46 + names + extras + comments
            count += 1
        if count < total & 0xFFFFFFFF:
            self.troubles.append(f"its directory is damaged: {count:,} of {total:,} members are named in it")

    def _member(self, entry: _Entry, start: int | None) -> Member:
        kind: Kind = "folder" if entry.name.endswith(b"/") else "file"
        refused = ""
        if entry.flags & _ENCRYPTED:
            refused = "encrypted with a password; unpack the zip archive first"
        elif entry.method not in _METHODS:
            how = _NAMED.get(entry.method, "")
            refused = f"packed by zip's method {entry.method}{f' ({how})' if how else ''}; unpack the zip archive first"
        elif start is None:
            refused = "its header in the zip archive is damaged"
        form = entry.mode & 0o170000
        link = ""
        if form == 0o120000:
            kind = "link"
            if start is not None and entry.size < 4096 and not entry.flags & _ENCRYPTED:
                link = _bytes_text(self._small(entry, start))
        elif form in {0o020000, 0o060000}:
            kind = "device"
        elif form == 0o010000:
            kind = "named pipe"
        extents = ((0, start or 0, entry.packed),) if entry.packed else ()
        packing = _METHODS.get(entry.method, "plain")
        return Member(_text(entry), kind, entry.size, _mtime(entry), link, extents, packing, refused)

    def _small(self, entry: _Entry, start: int) -> bytes:
        raw = self._at(start, min(entry.packed, 8192))
        if entry.method != 8:
            return raw if entry.method == 0 else b""
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, 4096)
        except zlib.error:
            return b""

    def _data(self, header: int) -> int | None:
        """Where the bytes behind a local header begin; its name and extra differ from those of the directory."""
        local = self._at(header, 30)
        if len(local) < 30 or local[:4] != LOCAL:
            return None
        names, extras = struct.unpack_from("<2H", local, 26)
        return int(header + 30 + names + extras)

    def _without(self) -> Iterator[Member]:
        """Header by header from the start on: an archive that was cut short has no directory."""
        at = 4 if self._at(0, 4) == SPANNED else 0
        while (local := self._at(at, 30))[:4] == LOCAL and len(local) == 30:
            _, flags, method, time, date, _, packed, size, names, extras = struct.unpack_from("<5H3I2H", local, 4)
            rest = self._at(at + 30, names + extras)
            size, packed, _ = _wide(rest[names:], size, packed, 0)
            start = at + 30 + names + extras
            stop = start + packed
            if flags & _LATER and not packed:
                found = self._inflated(start) if method == 8 and not flags & _ENCRYPTED else None
                stop, size = found or (self.size, self.size - start)
            entry = _Entry(rest[:names], flags, method, time, date, min(stop, self.size) - start, size, at)
            yield self._member(entry, start)
            at = self._descriptor_skipped(stop) if flags & _LATER else stop
        self.troubles.append(
            "has no directory: it was cut short, or is one part of several; read up to byte "
            f"{min(at, self.size):,} of {self.size:,}"
        )

    def _inflated(self, start: int) -> tuple[int, int] | None:
        """Where deflated bytes end, and how many they come to; the end of the archive if they are cut."""
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        at, size = start, 0
        try:
            while piece := self._at(at, _PIECE):
                at += len(piece)
                while piece and not unpacker.eof:
                    size += len(unpacker.decompress(piece, _PIECE))
                    piece = unpacker.unconsumed_tail
                if unpacker.eof:
                    return at - len(unpacker.unused_data), size
                if size > FREE:
                    return None
        except zlib.error:
            return None
        return at, size

    def _descriptor_skipped(self, at: int) -> int:
        """Sizes stand behind the bytes, with or without a signature, in four bytes or in eight each."""
        behind = self._at(at, 28)
        for length in (16, 12, 24, 20):
            if behind[length : length + 4] in {LOCAL, CENTRAL}:
                return at + length
        return at

    def _at(self, offset: int, size: int) -> bytes:
        if offset < 0 or size <= 0:
            return b""
        taken = b""
        size = min(size, max(0, self.size - offset))
        while len(taken) < size:
            self.source.seek(offset + len(taken))
            piece = self.source.read(size - len(taken))
            if not piece:
                break
            taken = taken + piece if taken else piece
        return taken


def last_volume(tail: bytes) -> bool:
    """The last bytes of a file that is no zip by its first ones: the end of an archive in several volumes."""
    at = tail.rfind(END)
    return 0 <= at <= len(tail) - 22 and 0 < int.from_bytes(tail[at + 4 : at + 6], "little") < 0xFFFF


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        yield tag, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _wide(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """zip64: the numbers that did not fit, in this order."""
    for tag, data in _extras(extra):
        if tag == 1:
            numbers = iter([int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data) - 7, 8)])
            size, packed, header = (next(numbers, n) if n == 0xFFFFFFFF else n for n in (size, packed, header))
    return size, packed, header


def _mtime(entry: _Entry) -> int | None:
    """UTC where Info-ZIP or NTFS kept it; else the local time of an unknown zone, read as UTC."""
    for tag, data in _extras(entry.extra):
        if tag == 0x5455 and len(data) >= 5 and data[0] & 1:
            return int.from_bytes(data[1:5], "little") * 10**9 or None
        if tag == 0x000A and len(data) >= 16 and data[4:8] == b"\1\0\x18\0":
            return (int.from_bytes(data[8:16], "little") - 116_444_736_000_000_000) * 100
    date, time = entry.date, entry.time
    fields = (1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, 2 * (time & 31))
    if not (1 <= fields[1] <= 12 and 1 <= fields[2] <= 31) or date == 0x21:
        return None
    return calendar.timegm(fields) * 10**9


def _text(entry: _Entry) -> str:
    return _bytes_text(entry.name, utf8=bool(entry.flags & _UTF8))


def _bytes_text(raw: bytes, *, utf8: bool = True) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if utf8 else raw.decode("cp437")
