"""The entries of a journal as text, a stretch of them at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources.disk import Lost
from logsleuth.sources.source import Source
from logsleuth.sources.stores import record
from logsleuth.sources.stores.access import Bytes, random_access
from logsleuth.sources.stores.journal import layout, line
from logsleuth.sources.stores.journal.fields import Chunk, Fields
from logsleuth.sources.stores.journal.index import Index, Offsets, index
from logsleuth.sources.stores.model import Life

_ENTRIES = 4096
_SPAN = 4 << 20
"""A stretch holds at most so many entries, and bytes of the file."""
_BEFORE = 1 << 20
"""An entry's data objects lie before it, mostly within this."""
_LATEST = 9_223_372_036_854_775
"""Microseconds that still fit the nanoseconds of a time: the year 2262."""
_NO_MESSAGE = b"(damaged: the message could not be read)"
_MARKS_KEPT = 64

_marks: dict[tuple[object, ...], list[int]] = {}
"""Of journals that were read from the start: the length of each stretch's text."""


_NOBODY = Life(None, None)


@dataclass(slots=True)
class _Journal:
    source: Source
    data: Bytes
    head: layout.Header
    index: Index
    reader: Fields
    prefixes: dict[tuple[bytes | None, ...], bytes] = field(default_factory=dict)
    damaged: int = 0
    """Entries of which fields could not be read."""
    lost: int = 0
    """Entries that could not be read at all."""
    unread: Counter[str] = field(default_factory=Counter)
    """Stretches of the disk that could not be read, by reason."""


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """All entries, in the order of the journal."""
    with random_access(source, problems) as data:
        journal = _opened(source, data)
        marks: list[int] = []
        for first, stop in _stretches(journal.index.offsets):
            block = _block(journal, first, stop)
            marks.append(len(block))
            if block:
                yield block
        if len(_marks) >= _MARKS_KEPT:
            _marks.clear()
        _marks[_key(source)] = marks
        problems.extend(_problems(journal))


def resume(source: Source, problems: list[Skipped], start: int) -> tuple[int, Iterator[bytes]]:
    """(where they begin, blocks) from the stretch on that holds byte `start` of the text."""
    marks = _marks.get(_key(source))
    if marks is None:
        return 0, text(source, problems)
    before, stretch = 0, 0
    for length in marks:
        if before + length > start:
            break
        before += length
        stretch += 1
    return before, _from(source, problems, stretch)


def _from(source: Source, problems: list[Skipped], skipped: int) -> Iterator[bytes]:
    with random_access(source, problems) as data:
        journal = _opened(source, data)
        for i, (first, stop) in enumerate(_stretches(journal.index.offsets)):
            if i >= skipped and (block := _block(journal, first, stop)):
                yield block


def tail(source: Source, size: int) -> bytes:
    """The last entries, about `size` bytes of text."""
    with random_access(source, []) as data:
        journal = _opened(source, data)
        blocks: list[bytes] = []
        for first, stop in reversed(list(_stretches(journal.index.offsets))):
            blocks.insert(0, _block(journal, first, stop))
            if sum(map(len, blocks)) >= size:
                break
    return b"".join(blocks)[-size:]


def lives(source: Source) -> tuple[Life, Life]:
    """Of which machine and boot the first and the last entry are."""
    with random_access(source, []) as data:
        journal = _opened(source, data)
        last = len(journal.index.offsets) - 1
        return (_lived(journal, 0), _lived(journal, last)) if last >= 0 else (_NOBODY, _NOBODY)


def _key(source: Source) -> tuple[object, ...]:
    return source.name, source.path, source.packing, source.size, source.mtime


def _opened(source: Source, data: Bytes) -> _Journal:
    head = layout.header(data.read(0, 512))
    if head is None:
        raise Lost("it ends within its header")
    return _Journal(source, data, head, index(data, head), Fields(data, head))


def _stretches(offsets: Offsets) -> Iterator[tuple[int, int]]:
    """(first, stop): runs of entries that lie near each other. They depend on the entries before them alone."""
    first = 0
    while first < len(offsets):
        stop = int(np.searchsorted(offsets, offsets[first] + _SPAN, "right"))
        stop = min(max(stop, first + 1), first + _ENTRIES)
        yield first, stop
        first = stop


def _block(journal: _Journal, first: int, stop: int) -> bytes:
    offsets = journal.index.offsets[first:stop]
    if not len(offsets):
        return b""
    before = int(journal.index.offsets[first - 1]) if first else journal.head.size
    begin = max(before & ~7, int(offsets[0]) - _BEFORE)
    end = int(offsets[-1]) + layout.ENTRY_HEAD + layout.MOST_ITEMS * journal.head.item
    chunk = journal.reader.read(_window(journal, begin, min(end, journal.data.size)), begin, offsets)
    return _lines(journal, chunk, _lived(journal, first - 1) if first else _NOBODY)


def _lived(journal: _Journal, place: int) -> Life:
    """Of which machine and boot the entry at a place is."""
    counted = journal.reader.unreadable.copy()
    offset = int(journal.index.offsets[place])
    end = min(offset + layout.ENTRY_HEAD + layout.MOST_ITEMS * journal.head.item, journal.data.size)
    chunk = journal.reader.read(_window(journal, offset, end), offset, journal.index.offsets[[place]])
    journal.reader.unreadable = counted
    return Life(chunk.values[line.HOST][0], chunk.boot[0].tobytes()) if chunk.good[0] else _NOBODY


def _window(journal: _Journal, begin: int, end: int) -> bytes:
    """The bytes, what the disk does not give as NULs, to a multiple of eight, and 128 more."""
    pad = bytes(-(end - begin) % 8 + 128)
    try:
        return journal.data.read(begin, end - begin).ljust(end - begin, b"\0") + pad
    except Lost:
        parts = []
        for page in range(begin, end, 4096):
            length = min(4096, end - page)
            try:
                parts.append(journal.data.read(page, length).ljust(length, b"\0"))
            except Lost as lost:
                journal.unread[str(lost).partition(" at byte")[0]] += 1
                parts.append(bytes(length))
        return b"".join(parts) + pad


def _lines(journal: _Journal, chunk: Chunk, before: Life) -> bytes:
    """The entries, and as journalctl prints it a line between those of two boots."""
    good = chunk.good & (chunk.realtime > 0) & (chunk.realtime < _LATEST)
    journal.lost += int((~good).sum())
    journal.damaged += int((good & chunk.damaged).sum())
    times = np.datetime_as_string(np.where(good, chunk.realtime, 0).astype("M8[us]")).astype("S26").tolist()
    for row, items in chunk.items.items():
        said = _NO_MESSAGE if chunk.damaged[row] else _without_message(journal, items)
        chunk.values[line.MESSAGE][row] = said
    messages = record.messages([message or b"" for message in chunk.values[line.MESSAGE]])
    prefixes = journal.prefixes
    if len(prefixes) > 1 << 15:
        prefixes.clear()
    parts: list[bytes] = []
    for time, message, *key in zip(times, messages, *chunk.values[1:], strict=True):
        who = tuple(key)
        prefix = prefixes.get(who)
        if prefix is None:
            prefix = prefixes[who] = line.prefix(*who)
        parts.append(prefix % (time, message))
    for row in _other_boots(chunk, good, before):
        parts[row] = b"-- Boot %b --\n%b" % (chunk.boot[row].tobytes().hex().encode(), parts[row])
    return b"".join(parts if good.all() else compress(parts, good.tolist()))


def _other_boots(chunk: Chunk, good: NDArray[np.bool_], before: Life) -> Iterator[int]:
    """Entries of another boot of the same machine than the entry before: a file may hold those of several machines."""
    rows = np.flatnonzero(good)
    changed = np.ones(len(rows), bool)
    changed[1:] = (chunk.boot[rows[1:]] != chunk.boot[rows[:-1]]).any(axis=1)
    hosts = chunk.values[line.HOST]
    for place in np.flatnonzero(changed).tolist():
        row = int(rows[place])
        last = int(rows[place - 1])
        host, boot = (hosts[last], chunk.boot[last].tobytes()) if place else before
        if host is not None and host == hosts[row] and boot != chunk.boot[row].tobytes():
            yield row


def _without_message(journal: _Journal, items: Offsets) -> bytes:
    return line.without_message(
        [whole for at in sorted(items.tolist()) if (whole := journal.reader.whole(at)) is not None]
    )


def _problems(journal: _Journal) -> Iterator[Skipped]:
    found = [
        (journal.index.missing + journal.lost, "{:,} entries are damaged and could not be read"),
        (journal.damaged, "{:,} entries are damaged in part: some of their fields could not be read"),
        *(
            (count, "{:,} fields could not be read: " + why.replace("{", "(").replace("}", ")"))
            for why, count in sorted(journal.reader.unreadable.items())
            if why != "damaged"
        ),
        *((count, "{:,} pages could not be read: " + why) for why, count in sorted(journal.unread.items())),
    ]
    for count, reason in found:
        if count:
            yield Skipped(journal.source.name, reason.format(count), partial=True)
