"""The text of a source: its unpacked bytes, or the records of a binary store, a line each."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing

from logsleuth.report import Skipped
from logsleuth.sources import stores, stream
from logsleuth.sources.disk import Lost
from logsleuth.sources.source import Source
from logsleuth.sources.stream import BLOCK


def blocks(source: Source, problems: list[Skipped], size: int = BLOCK, start: int = 0) -> Generator[bytes]:
    """Text from byte `start` on, about `size` bytes at a time; `problems` tells what could not be read."""
    if not source.store:
        yield from stream.blocks(source, problems, size, start)
        return
    given = 0
    try:
        begin, text = _records(source, problems, start)
        for block in stream.cut(stream.beyond(text, start - begin), size):
            given += len(block)
            yield block
    except Lost as lost:
        problems.append(Skipped(source.name, f"{lost}; the rest is lost", partial=start + given > 0))


def head(source: Source, size: int = 256 << 10) -> bytes:
    """The first bytes of the text; fewer if the source is shorter or damaged."""
    if not source.store:
        return stream.first(source, size)[0]
    taken = b""
    with closing(blocks(source, [], size)) as text:
        for block in text:
            taken += block
            if len(taken) >= size:
                break
    return taken[:size]


def tail(source: Source, size: int = 64 << 10) -> bytes:
    """The last bytes of the text; nothing of a packed text, which had to be unpacked from its start."""
    if not source.store:
        return stream.tail(source, size)
    store = stores.by_name(source.store)
    if store.tail is not None:
        try:
            return store.tail(source, size)[-size:]
        except Lost:
            return b""
    last: deque[bytes] = deque()
    length = 0
    for block in blocks(source, [], size):
        last.append(block)
        length += len(block)
        while length - len(last[0]) >= size:
            length -= len(last.popleft())
    return b"".join(last)[-size:]


def lives(source: Source) -> tuple[stores.Life, stores.Life] | None:
    """Of which machine and boot the first and the last record are; None of a text or of what cannot be read."""
    read = stores.by_name(source.store).lives if source.store else None
    try:
        return None if read is None else read(source)
    except Lost:
        return None


def _records(source: Source, problems: list[Skipped], start: int) -> tuple[int, Iterator[bytes]]:
    store = stores.by_name(source.store)
    if store.resume is not None and start:
        return store.resume(source, problems, start)
    return 0, store.text(source, problems)
