"""One stream of files, oldest first, read for what its lines say; what one file hands on to the next."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN, FoldState
from logsleuth.entries import Batch, Tally
from logsleuth.entries.read import BLOCK, batches
from logsleuth.entries.reading import Mark, Reading
from logsleuth.records import dataclass
from logsleuth.report import Evidence, Skipped
from logsleuth.signs import beats as heart
from logsleuth.signs import captures
from logsleuth.signs.beats import Beats
from logsleuth.signs.match import Matcher
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse
from logsleuth.signs.separators import SEPARATOR, Separators

_LESSONS = 3
"""Blocks of an access log in which its heartbeats are looked for: they are there from the start."""
_MOST_STEPS = 200
"""Steps back that are noted in one block of a file: more say no more."""
BETRAYED = frozenset({"log.torn", "clock.back", SEPARATOR})
"""Facts that no pattern finds."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for in every file."""

    matcher: Matcher
    begins: frozenset[str] | None
    """The events with which a boot can begin. None: a second look, for facts alone."""


@dataclass(slots=True)
class Found:
    """What reading one stream brought up."""

    facts: list[Fact] = field(default_factory=list)
    pulses: dict[int, Pulse] = field(default_factory=dict)
    beats: list[Beats] = field(default_factory=list)
    tallies: dict[int, Tally] = field(default_factory=dict)
    problems: list[Skipped] = field(default_factory=list)
    before: dict[tuple[int, int], Place] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """Facts of each type."""
    dropped: set[str] = field(default_factory=set)
    """Weighing events of which not all were kept."""


@dataclass(slots=True)
class Carried:
    """What a file hands on to the next one of its stream."""

    fold: FoldState = field(default_factory=FoldState)
    key: int = UNKNOWN
    lessons: int = 0
    """Blocks in which heartbeats were looked for in vain."""
    heartbeats: tuple[tuple[bytes, int], ...] = ()
    """(request, period) of those that were learned."""


@dataclass(slots=True)
class Piece:
    """What one file brought up, as far as it was read."""

    log: Log
    lessons: int
    heard: list[Beats]
    """Of the stream's heartbeats, in their order, what this file has; those that it taught come last."""
    facts: list[Fact] = field(default_factory=list)
    pulse: Pulse | None = None
    before: dict[tuple[int, int], Place] = field(default_factory=dict)
    last: Place | None = None
    """The last entry so far."""
    separators: Separators = field(default_factory=Separators)
    dropped: set[str] = field(default_factory=set)
    """As in `Found`."""

    @classmethod
    def begun(cls, log: Log, carried: Carried) -> Piece:
        """Of a file of which nothing was read yet."""
        heard = [Beats(log.index, request, period) for request, period in carried.heartbeats]
        return cls(log, carried.lessons, heard)

    def snapshot(self) -> Piece:
        """What was found so far; the facts and heartbeats themselves are shared."""
        heard = [replace(b, times=b.times[:], addresses=b.addresses[:], lines=b.lines[:]) for b in self.heard]
        return replace(
            self,
            heard=heard,
            facts=self.facts[:],
            pulse=copy.copy(self.pulse),
            before=dict(self.before),
            separators=copy.copy(self.separators),
            dropped=set(self.dropped),
        )

    def take(self, batch: Batch, look: Look, counts: dict[str, int]) -> None:
        """Take up the file's next batch; `counts` are the facts of each type in the stream."""
        log = self.log
        facts = look.matcher.facts(batch, log, counts, self.dropped)
        if log.twins is not None:
            captures.bound(facts, batch, log, log.twins)
        if look.begins is not None:
            self._listen(batch)
            self.pulse = self.pulse or Pulse(log.index)
            if log.twins is None:
                # When a capture's lines were written others tell; it says nothing of what was not.
                self.pulse.add(batch)
            facts.extend(_betrayed(batch, log, self.last))
            facts.extend(self.separators.look(batch, log))
            for fact in facts:
                if fact.type in look.begins:
                    self.before.update(_entry_before(fact, batch, self.last))
        self.facts.extend(facts)
        self.last = _place(batch, len(batch) - 1)

    def _listen(self, batch: Batch) -> None:
        if self.log.format.kind != "access":
            return
        if not self.heard and self.lessons < _LESSONS:
            self.lessons += 1
            self.heard = heart.learn(self.log, batch)
        heart.listen(self.heard, batch)


def read_stream(members: Sequence[Log], look: Look) -> Found:
    """Read the files of one stream, oldest first."""
    found = Found()
    carried = Carried()
    for log in members:
        state = Reading(log, found.problems, fold=replace(carried.fold), key=carried.key)
        piece = Piece.begun(log, carried)
        for _ in read_file(state, piece, look, found.counts):
            pass
        carried = handed_on(state, piece)
        add(found, piece, state.tally)
    return found


def read_file(
    state: Reading, piece: Piece, look: Look, counts: dict[str, int], held: bytes = b""
) -> Iterator[Mark | None]:
    """Read a file on from where its state is; gives the mark of each block before anything is taken from it."""
    mark = None
    for batch in batches(state, BLOCK, held=held):
        if state.mark is not mark:
            mark = state.mark
            yield mark
        piece.take(batch, look, counts)
    if state.mark is not mark:
        yield state.mark


def handed_on(state: Reading, piece: Piece) -> Carried:
    """What a file that was read to its end hands on."""
    return Carried(replace(state.fold), state.key, piece.lessons, tuple((b.request, b.period) for b in piece.heard))


def add(found: Found, piece: Piece, tally: Tally) -> None:
    """Add what a file brought up to what its stream did."""
    found.facts.extend(piece.facts)
    found.dropped |= piece.dropped
    found.tallies[piece.log.index] = tally
    found.before.update(piece.before)
    if piece.pulse is not None:
        found.pulses[piece.log.index] = piece.pulse
    for known, heard in zip(found.beats, piece.heard, strict=False):
        known.times.extend(heard.times)
        known.addresses.extend(heard.addresses)
        known.lines.extend(heard.lines)
    found.beats.extend(piece.heard[len(found.beats) :])


def _betrayed(batch: Batch, log: Log, last: Place | None) -> Iterator[Fact]:
    """Facts that no pattern finds: a run of NULs, a stamp that runs backwards."""
    host = short_host(log.host)
    if batch.torn is not None:
        for row in batch.torn.nonzero()[0].tolist():
            yield _fact("log.torn", batch, log, row, host, {"path": log.name})
    if not log.format.ordered:
        return
    previous = last.time if last is not None else UNKNOWN
    time = batch.time
    known = (time[1:] != UNKNOWN) & (time[:-1] != UNKNOWN)
    for row in (known & (time[1:] + 2 * SECOND < time[:-1])).nonzero()[0][:_MOST_STEPS].tolist():
        back = (int(time[row]) - int(time[row + 1])) // SECOND
        yield _fact("clock.back", batch, log, row + 1, host, {"path": log.name, "seconds": str(back)})
    if len(time) and UNKNOWN not in {int(time[0]), previous} and int(time[0]) < previous - 2 * SECOND:
        back = (previous - int(time[0])) // SECOND
        yield _fact("clock.back", batch, log, 0, host, {"path": log.name, "seconds": str(back)})


def _fact(kind: str, batch: Batch, log: Log, row: int, host: str, fields: dict[str, str]) -> Fact:
    time = int(batch.time[row])
    raw = bytes(batch.buffer.data[int(batch.start[row]) : int(batch.line_stop[row])]).decode("utf-8", "replace")
    line = Evidence(log.name, int(batch.line[row]), raw, None if time == UNKNOWN else time)
    return Fact(kind, time, time, host, fields, (line,), text=raw, log=log.index)


def _entry_before(fact: Fact, batch: Batch, last: Place | None) -> dict[tuple[int, int], Place]:
    """The entry before the boot whose line `fact` is: the last that was written before its second."""
    row = int(batch.line.searchsorted(fact.line, side="right")) - 1
    while row >= 0 and int(batch.time[row]) >= fact.lo - SECOND:
        row -= 1
    if row >= 0 and int(batch.time[row]) != UNKNOWN:
        place = _place(batch, row)
    elif last is not None and last.time != UNKNOWN:
        place = last
    else:
        return {}
    return {(fact.log, fact.line): place}


def _place(batch: Batch, row: int) -> Place:
    return Place(batch.log, int(batch.time[row]), int(batch.line[row]), int(batch.start[row]) + batch.base)
