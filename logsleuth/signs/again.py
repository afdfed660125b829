"""A stream of which much was read by an earlier run: only what is new is read."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from logsleuth import sources
from logsleuth.cache import Entry, Shelf, State, grown, identity, state_of, still
from logsleuth.clock.logs import Log
from logsleuth.entries.read import BLOCK
from logsleuth.entries.reading import Mark, Reading
from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.signs import kept
from logsleuth.signs.match import MOST
from logsleuth.signs.stream import BETRAYED, Carried, Found, Look, Piece, add, handed_on, read_file

_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What a file that is gone, or an entry that is not as we write them, raises."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier run knew of a file."""

    entry: Entry
    whole: bool
    """All of it, and the file is unchanged; else all up to its last block."""


@dataclass(frozen=True, slots=True)
class Memo:
    """Where what a look brought up is kept."""

    shelf: Shelf
    digest: str
    """Of what is looked for."""

    def find(self, log: Log, carried: Carried) -> Kept | None:
        """What is known of a file, if it still holds."""
        with contextlib.suppress(*_WRONG):
            entry = self.shelf.load(self._key(log))
            if entry is None:
                return None
            state = State.from_data(entry.head["state"])
            now = kept.head(log, carried, state, self.shelf.program)
            if kept.agrees(entry.head, now) and still(log.source, state):
                return Kept(entry, whole=True)
            block = entry.head["block"]
            if block and _goes_on(log) and kept.agrees(entry.head, now, block) and grown(log.source, state):
                return Kept(entry, whole=False)
        return None

    def keep(self, log: Log, entry: Entry) -> None:
        """Nothing depends on whether that works."""
        with contextlib.suppress(*_WRONG):
            self.shelf.store(self._key(log), entry)

    def _key(self, log: Log) -> str:
        return f"signs {self.digest} {identity(log.source)}"


def unread(members: Sequence[Log], memo: Memo) -> tuple[Found | None, int]:
    """All of a stream, if nothing of it is new; else None and about how many bytes have to be read."""
    found, carried = Found(), Carried()
    for at, log in enumerate(members):
        known = memo.find(log, carried)
        handed = _taken(known, log, found) if known is not None and known.whole else None
        if handed is None:
            begun = known.entry.head["block"] if known is not None and not known.whole else 0
            return None, sum(m.source.size for m in members[at:]) - begun
        carried = handed
    return found, 0


def read_new(members: Sequence[Log], look: Look, memo: Memo) -> Found:
    """As `stream.read_stream`, with the same result."""
    found, carried = Found(), Carried()
    for log in members:
        known = memo.find(log, carried)
        handed = _taken(known, log, found) if known is not None and known.whole else None
        carried = handed or _read(log, look, memo, known, found, carried)
    return found


def _taken(known: Kept, log: Log, found: Found) -> Carried | None:
    """Take a file as it was kept; None where that cannot be."""
    try:
        piece, tally, fold, key = kept.whole(known.entry.body(), log)
    except _WRONG:
        return None
    if not _counted(piece, found.counts):
        return None
    add(found, piece, tally)
    return handed_on(Reading(log, [], fold=fold, key=key), piece)


def _counted(piece: Piece, counts: dict[str, int]) -> bool:
    """Count kept facts; False, and nothing is counted, where there would be too many of one type."""
    own = Counter(fact.type for fact in piece.facts if fact.type not in BETRAYED)
    if any(counts.get(name, 0) + n >= MOST for name, n in own.items()):
        return False
    for name, n in own.items():
        counts[name] = counts.get(name, 0) + n
    return True


def _read(log: Log, look: Look, memo: Memo, known: Kept | None, found: Found, carried: Carried) -> Carried:
    """Read a file, from its last block on where more is known, and keep what it brought up."""
    before = _state(log)
    problems: list[Skipped] = []
    begun = _begun(known, log, problems, found) if known is not None and not known.whole else None
    if begun is None:
        state = Reading(log, problems, fold=replace(carried.fold), key=carried.key)
        piece, held = Piece.begun(log, carried), b""
    else:
        state, piece, held = begun
    mark: Mark | None = None
    cut: Piece | None = None
    for mark in read_file(state, piece, look, found.counts, held):
        if mark is not None and mark.block + BLOCK >= log.source.size:
            cut = piece.snapshot()
    found.problems.extend(problems)
    full = any(n >= MOST for n in found.counts.values())
    after = None if problems or state.guessed or full else _state(log)
    if before is not None and after is not None and (before.size, before.digest) == (after.size, after.digest):
        now = replace(before, settled=before.settled and before.mtime == after.mtime)
        if cut is None or not _goes_on(log):
            mark = cut = None
        memo.keep(log, kept.entry(kept.head(log, carried, now, memo.shelf.program), state, piece, mark, cut))
    add(found, piece, state.tally)
    return handed_on(state, piece)


def _goes_on(log: Log) -> bool:
    """What is added to the file is added to its text."""
    return log.source.seekable and not log.source.store and log.source.content is None


def _begun(known: Kept, log: Log, problems: list[Skipped], found: Found) -> tuple[Reading, Piece, bytes] | None:
    try:
        mark, piece = kept.begun(known.entry.body(), log)
        held = _between(log, mark.base, mark.block)
    except _WRONG:
        return None
    if not _counted(piece, found.counts):
        return None
    return mark.state(log, problems), piece, held


def _between(log: Log, start: int, stop: int) -> bytes:
    parts: list[bytes] = []
    size = stop - start
    for block in sources.blocks(log.source, [], max(size, 1), start) if size else ():
        parts.append(block[:size])
        size -= len(parts[-1])
        if size <= 0:
            break
    if size > 0:
        raise ValueError("the file has shrunk")
    return b"".join(parts)


def _state(log: Log) -> State | None:
    try:
        return state_of(log.source)
    except (OSError, ValueError):
        return None
