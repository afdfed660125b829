"""Unpacked bytes of a source in big blocks, and whatever of them a damaged file still gives.

Of a binary store these are its own bytes; `sources.text` gives the text of any source.
"""

from collections.abc import Generator, Iterator
from contextlib import closing

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources.disk import Lost, pieces
from logsleuth.sources.packing import BY_NAME, DAMAGE, LONGEST_MAGIC, Decompressor, Packing
from logsleuth.sources.source import PLAIN, Source

BLOCK = 4 << 20
_FEED = 64 << 10
"""Packed bytes at a time. More gains little (isal: 900 MB/s, 1,100 with 1 MiB), but samples cost more."""
_PART = 4 << 20
"""Unpacked bytes at a time at most, so that a bomb does no harm; more than a block of bzip2 (900 kB)."""
_SMALL = 512 << 10
"""Below this many packed bytes a thread costs more than it gains."""


def blocks(source: Source, problems: list[Skipped], size: int = BLOCK, start: int = 0) -> Iterator[bytes]:
    """Unpacked bytes from `start` on, about `size` at a time; `problems` tells what could not be read."""
    given = 0
    try:
        flowing = flow(source, size, start)
        threaded = not source.seekable and source.size > _SMALL
        with closing(flowing), closing(_ahead(flowing) if threaded else flowing) as ready:
            for block in ready:
                given += len(block)
                yield block
    except Lost as lost:
        problems.append(Skipped(source.name, f"{lost}; the rest is lost", partial=start + given > 0))


def head(source: Source, size: int = 256 << 10) -> bytes:
    """The first bytes, unpacked; fewer if the source is shorter or damaged."""
    return first(source, size)[0]


def tail(source: Source, size: int = 64 << 10) -> bytes:
    """The last bytes of a plain source; nothing of a packed one, which had to be unpacked from its start."""
    if not source.seekable:
        return b""
    return _taken(flow(source, size, max(0, source.size - size)), size)[0]


def first(source: Source, size: int) -> tuple[bytes, str]:
    """The first bytes, unpacked, and why they are fewer than they should be (empty if they are not)."""
    return _taken(flow(source, size, 0), size)


def _taken(flowing: Generator[bytes], size: int) -> tuple[bytes, str]:
    taken, length = [], 0
    with closing(flowing):
        try:
            for block in flowing:
                taken.append(block)
                length += len(block)
                if length >= size:
                    break
        except Lost as lost:
            return b"".join(taken)[:size], str(lost)
    return b"".join(taken)[:size], ""


def flow(source: Source, size: int, start: int) -> Generator[bytes]:
    """The blocks; raises Lost where they end too early."""
    if source.packing == PLAIN:
        yield from pieces(source, size, start)
    else:
        yield from cut(beyond(_unpacked(source), start), size)


def _ahead(flowing: Iterator[bytes]) -> Generator[bytes]:
    """Unpacks the next block in a thread while the caller works on this one."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, flowing, b"")
        while block := coming.result():
            coming = pool.submit(next, flowing, b"")
            yield block


def cut(parts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in blocks of `size`, of which only the last is shorter."""
    held: list[bytes] = []
    length = 0
    try:
        for part in parts:
            held.append(part)
            length += len(part)
            if length >= size:
                joined = b"".join(held)
                whole = length - length % size
                yield from (joined[at : at + size] for at in range(0, whole, size))
                held, length = [joined[whole:]], length - whole
    except Lost:
        if length:
            yield b"".join(held)
        raise
    if length:
        yield b"".join(held)


def beyond(parts: Iterator[bytes], start: int) -> Iterator[bytes]:
    """What comes after the first `start` bytes."""
    for part in parts:
        if start < len(part):
            yield part[start:] if start else part
        start = max(0, start - len(part))


class _Damaged(Exception):
    """A decompressor gave up, and kept what it had unpacked in that call to itself."""


@dataclass(slots=True)
class _Feed:
    """Pieces of a packed file, and where the last one began."""

    pieces: Iterator[bytes]
    last: int = 0
    end: int = 0

    def next(self) -> bytes:
        """Empty at the end."""
        piece = next(self.pieces, b"")
        self.last, self.end = self.end, self.end + len(piece)
        return piece


def _unpacked(source: Source) -> Iterator[bytes]:
    """All members; raises Lost with the number of bytes that came before."""
    packing = BY_NAME[source.packing]
    feed = _Feed(pieces(source, _FEED))
    given = 0
    try:
        for part in _members(feed, packing):
            given += len(part)
            yield part
    except EOFError:
        trouble = f"{packing.name} ends early: {given:,} unpacked bytes could be read"
    except Lost as lost:
        trouble = f"{lost}: {given:,} unpacked bytes could be read"
    except _Damaged:
        for part in _salvaged(source, packing, feed.last, given):
            given += len(part)
            yield part
        trouble = f"{packing.name} is damaged: {given:,} unpacked bytes could be read, the last may be wrong"
    else:
        return
    raise Lost(trouble)


def _confirmed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Each part when the next call has gone well."""
    held = b""
    try:
        for part in parts:
            if held:
                yield held
            held = part
    except (EOFError, Lost):
        if held:
            yield held
        raise
    if held:
        yield held


def _salvaged(source: Source, packing: Packing, bad: int, given: int) -> Iterator[bytes]:
    """Bytes after the first `given`: unpacks again, and byte by byte from the piece at which it failed."""
    feed = _Feed(_crumbled(pieces(source, _FEED), bad))
    try:
        yield from beyond(_members(feed, packing), given)
    except (EOFError, Lost, _Damaged):
        return


def _crumbled(whole: Iterator[bytes], bad: int) -> Iterator[bytes]:
    at = 0
    for piece in whole:
        if at < bad:
            yield piece
        else:
            yield from (piece[i : i + 1] for i in range(len(piece)))
        at += len(piece)


def _members(feed: _Feed, packing: Packing) -> Iterator[bytes]:
    """Raises EOFError if the last has no end, Lost if something else follows, or _Damaged."""
    parts = _every_member(feed, packing)
    return _confirmed(parts) if packing.checks_late else parts


def _every_member(feed: _Feed, packing: Packing) -> Iterator[bytes]:
    if packing.new is None:
        raise Lost(f"no library for {packing.name} is installed")
    rest = feed.next()
    while rest:
        rest = yield from _member(packing.new(), rest, feed)
        rest = _padding_skipped(rest, feed)
        if rest and not packing.begins(rest):
            raise Lost(f"something other than {packing.name} follows")


def _member(unpacker: Decompressor, piece: bytes, feed: _Feed) -> Generator[bytes, None, bytes]:
    """Returns what follows the member."""
    while True:
        if part := _decompressed(unpacker, piece):
            yield part
        if unpacker.eof:
            return unpacker.unused_data
        piece = feed.next() if unpacker.needs_input else b""
        if not piece and unpacker.needs_input:
            while part := _decompressed(unpacker, b""):  # bzip2 may have kept the end of a block
                yield part
            if getattr(unpacker, "open_ended", False):
                return b""
            raise EOFError


def _decompressed(unpacker: Decompressor, piece: bytes) -> bytes:
    try:
        return unpacker.decompress(piece, _PART)
    except DAMAGE as error:
        raise _Damaged from error


def _padding_skipped(rest: bytes, feed: _Feed) -> bytes:
    """Tapes, xz and an unclean stop leave NUL bytes behind the end; empty if nothing follows them."""
    rest = rest.lstrip(b"\0")
    while len(rest) < LONGEST_MAGIC and (more := feed.next()):
        rest = (rest + more).lstrip(b"\0")
    return rest
