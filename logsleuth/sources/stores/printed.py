"""The journal as journalctl -o export and -o verbose print it: text of many lines an entry, with binary fields in it.

https://systemd.io/JOURNAL_EXPORT_FORMATS. Each entry becomes a record on the line on which it begins, and the lines
that are left of it are empty: so a line's number is that of the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import record
from logsleuth.sources.stores.journal import line
from logsleuth.sources.stores.model import Store

_CURSOR = rb"s=[0-9a-f]{32};i=[0-9a-f]+;b=[0-9a-f]{32};m=[0-9a-f]+;t=([0-9a-f]+);x=[0-9a-f]+"
"""An entry's place in its journal; `t` is its time, microseconds."""
_BOOT = re.compile(rb";b=([0-9a-f]{32});")
_EXPORTED = re.compile(rb"^__CURSOR=[^\n]*\n(?:__[A-Z_]+=[^\n]*\n)*?__REALTIME_TIMESTAMP=(\d{1,17})\n", re.MULTILINE)
_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
_VERBOSE = re.compile(rb"^" + _DAYS + rb"[^\[\n]{20,60}\[" + _CURSOR + rb"\]$", re.MULTILINE)
_PREAMBLE = rb"(?:-- [^\n]*\n|\n)*"
_FIELD = re.compile(rb"^(" + b"|".join(n[:-1] for n in line.NAMES) + rb")=([^\n]*)$", re.MULTILINE)
_BINARY = re.compile(rb"^[A-Z0-9_]+$", re.MULTILINE)
_INDENTED = re.compile(rb"^    ([A-Z0-9_]+)=([^\n]*(?:\n {5,}[^\n]*)*)", re.MULTILINE)
_INDEX = {name[:-1]: i for i, name in enumerate(line.NAMES)}
_BLOCK = 1 << 20
_LONGEST = 64 << 20
"""Bytes of one entry; one that does not end within them is given up."""
_LATEST = 1 << 53


@dataclass(slots=True)
class _Parser:
    """Turns the bytes of one file to text with as many lines."""

    entry: Callable[[bytes, int, bool], int]
    """(bytes, where an entry begins, these are the last bytes) to where it ends; -1 if more bytes are needed."""
    time: Callable[[bytes], int | None]
    fields: Callable[[bytes], list[tuple[bytes, bytes]]]
    heads: re.Pattern[bytes]
    prefixes: dict[tuple[bytes | None, ...], bytes] = field(default_factory=dict)
    damaged: int = 0
    held: bytes = b""
    """The last record, behind which the line between two boots may have to stand."""
    host: bytes | None = None
    life: tuple[bytes | None, bytes] | None = None
    """Of which machine and boot it is."""

    def text(self, source: Source, problems: list[Skipped]) -> Iterator[bytes]:
        rest = b""
        blocks = stream.blocks(source, problems, _BLOCK)
        while True:
            block = next(blocks, b"")
            rest += block
            shown, rest = self._whole(rest, last=not block)
            if shown:
                yield shown
            if not block:
                break
        if self.damaged:
            problems.append(Skipped(source.name, f"{self.damaged:,} entries are damaged", partial=True))

    def _whole(self, data: bytes, *, last: bool) -> tuple[bytes, bytes]:
        """The text of the entries that end in `data`, and the bytes of the one that does not."""
        parts, self.held = [self.held], b""
        at, kept = 0, 0
        while (head := self.heads.search(data, at)) is not None:
            begin = head.start()
            end = self.entry(data, begin, last)
            if end < 0 and len(data) - begin < _LONGEST:
                break
            end = len(data) if end < 0 else end
            gap = b"\n" * data.count(b"\n", at, begin)
            shown, before = self._record(data[begin:end]), self.life
            self.life = _life(data[begin:end], self.host) or before
            if before is not None and self.life is not None and before != self.life and before[0] == self.life[0]:
                gap = _parted(parts, gap, self.life[1])
            parts += [gap, shown]
            at, kept = end, len(parts) - 1
        if last:
            parts.append(b"\n" * data.count(b"\n", at))
            return b"".join(parts), b""
        # What is no entry, and cannot become the head of one, is passed over.
        if head is None and len(data) - at > _BLOCK:
            cut = data.rfind(b"\n", at, len(data) - 4096) + 1
            parts.append(b"\n" * data.count(b"\n", at, max(cut, at)))
            at = max(cut, at)
        self.held = b"".join(parts[kept:])
        return b"".join(parts[:kept]), data[at:]

    def _record(self, entry: bytes) -> bytes:
        """Its record, and empty lines up to the number of lines that it has."""
        lines, self.host = entry.count(b"\n"), None
        time = self.time(entry)
        if time is None or not 0 < time < _LATEST:
            self.damaged += 1
            return b"\n" * lines
        values: list[bytes | None] = [None] * len(line.NAMES)
        fields = self.fields(entry)
        for name, value in fields:
            if name in _INDEX:
                values[_INDEX[name]] = value
        key = tuple(values[1:])
        prefix = self.prefixes.get(key)
        if prefix is None:
            if len(self.prefixes) > 1 << 15:
                self.prefixes.clear()
            prefix = self.prefixes[key] = line.prefix(*key)
        said = values[line.MESSAGE]
        if said is None:
            said = line.without_message([b"%b=%b" % f for f in fields if not f[0].startswith(b"__")])
        self.host = values[line.HOST]
        shown: bytes = prefix % (record.stamp(time * 1000)[:-1], record.message(said))
        return shown + b"\n" * (lines - shown.count(b"\n"))


def _life(entry: bytes, host: bytes | None) -> tuple[bytes | None, bytes] | None:
    """Of which machine and boot an entry is, by its cursor."""
    found = _BOOT.search(entry, 0, entry.find(b"\n") + 1)
    return None if found is None or host is None else (host, found[1])


def _parted(parts: list[bytes], gap: bytes, boot: bytes) -> bytes:
    """The empty lines before an entry with the line that journalctl puts between two boots; as many lines as before."""
    text = b"-- Boot %b --\n" % boot
    if gap:
        return gap[1:] + text
    if parts[-1].endswith(b"\n\n"):
        parts[-1] = parts[-1][:-1] + text
    return gap


def _export_end(data: bytes, begin: int, last: bool) -> int:  # noqa: FBT001 - see _Parser.entry
    """Behind the empty line that ends an entry; binary fields are passed over by their length."""
    end = data.find(b"\n\n", begin)
    if end < 0 and not last:
        return -1
    end = len(data) if end < 0 else end + 2
    if _BINARY.search(data, begin, end) is None:
        return end
    at = begin
    while at < len(data):
        stop = data.find(b"\n", at)
        if stop == at:
            return at + 1
        if stop < 0:
            break
        if data.find(b"=", at, stop) < 0:
            at = _binary_end(data, stop + 1)
            if at > len(data):
                break
        else:
            at = stop + 1
    return len(data) if last else -1


def _binary_end(data: bytes, at: int) -> int:
    """Behind a field's value: eight bytes of length, the value, a line feed; beyond the data where it is cut."""
    if at + 8 > len(data):
        return len(data) + 1
    return at + 8 + int.from_bytes(data[at : at + 8], "little") + 1


def _export_fields(entry: bytes) -> list[tuple[bytes, bytes]]:
    if _BINARY.search(entry) is None:
        found = _FIELD.findall(entry)
        if any(name == b"MESSAGE" for name, _ in found):
            return list(found)
    out: list[tuple[bytes, bytes]] = []
    at = 0
    while at < len(entry):
        stop = entry.find(b"\n", at)
        stop = len(entry) if stop < 0 else stop
        name, equals, value = entry[at:stop].partition(b"=")
        at = stop + 1
        if not equals and name:
            end = _binary_end(entry, at)
            if end > len(entry) + 1:  # cut off
                break
            value, at = entry[at + 8 : end - 1], end
        if name:
            out.append((name, value))
    return out


def _export_time(entry: bytes) -> int | None:
    found = _EXPORTED.match(entry)
    return int(found[1]) if found else None


def _verbose_end(data: bytes, begin: int, last: bool) -> int:  # noqa: FBT001 - see _Parser.entry
    """Before the first line that is not indented."""
    at = data.find(b"\n", begin) + 1
    while at and at < len(data):
        if not data.startswith(b"    ", at):
            # Of the next line not even the indentation may have been read yet.
            cut = not last and len(data) - at < 4 and not data[at:].strip(b" ")
            return -1 if cut else at
        at = data.find(b"\n", at) + 1
    return len(data) if last else -1


def _verbose_fields(entry: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, value.replace(b"\n" + b" " * (len(name) + 5), b"\n")) for name, value in _INDENTED.findall(entry)]


def _verbose_time(entry: bytes) -> int | None:
    found = _VERBOSE.match(entry)
    return int(found[1], 16) if found else None


def _export(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    return _Parser(_export_end, _export_time, _export_fields, _EXPORTED).text(source, problems)


def _verbose(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    return _Parser(_verbose_end, _verbose_time, _verbose_fields, _VERBOSE).text(source, problems)


_BEGINS_EXPORTED = re.compile(_PREAMBLE + _EXPORTED.pattern[1:])
_BEGINS_VERBOSE = re.compile(_PREAMBLE + _VERBOSE.pattern[1:], re.MULTILINE)

EXPORT = Store(
    name="journal export",
    about="journalctl -o export",
    detect=lambda sample, _: _BEGINS_EXPORTED.match(sample) is not None,
    text=_export,
)
VERBOSE = Store(
    name="journal verbose",
    about="journalctl -o verbose",
    detect=lambda sample, _: _BEGINS_VERBOSE.match(sample) is not None,
    text=_verbose,
)
