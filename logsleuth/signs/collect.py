"""One pass over all logs: facts, pauses, heartbeats, and what the files themselves betray."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch, Tally, read, streams
from logsleuth.report import Evidence, Skipped
from logsleuth.signs import beats as heart
from logsleuth.signs.beats import Beats
from logsleuth.signs.match import MOST, Matcher, count_repeats, merge_copies, short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse

_LONGEST_LINE = 1 << 16
_LESSONS = 3
"""Blocks of an access log in which its heartbeats are looked for: they are there from the start."""
_MOST_STEPS = 200
"""Steps back that are noted in one block of a file: more say no more."""


@dataclass(slots=True)
class Signs:
    """Everything that one pass over the logs brought up."""

    logs: Sequence[Log]
    facts: list[Fact] = field(default_factory=list)
    pulses: dict[int, Pulse] = field(default_factory=dict)
    beats: list[Beats] = field(default_factory=list)
    tallies: dict[int, Tally] = field(default_factory=dict)
    problems: list[Skipped] = field(default_factory=list)
    before: dict[tuple[int, int], Place] = field(default_factory=dict)
    """For a line (log, number) that a boot begins with: the entry before it."""
    capped: tuple[str, ...] = ()
    """Events of which only the first `MOST` were kept."""

    def host_of(self, log: int) -> str:
        """The host whose life a log tells of, in the short form that facts bear."""
        return short_host(self.logs[log].host)

    def line(self, place: Place) -> Evidence:
        """An entry's line, read from its file again."""
        log = self.logs[place.log]
        return Evidence(log.name, place.line, _text_at(log, place.offset), place.time)


def collect(logs: Sequence[Log], matcher: Matcher, begins: frozenset[str]) -> Signs:
    """Read every log once. `begins` are the events with which a boot can begin."""
    signs = Signs(logs)
    counts: dict[str, int] = {}
    for members in streams(logs):
        _read_stream(signs, members, matcher, counts, begins)
    for beat in signs.beats:
        heart.in_order(beat)
    count_repeats(signs.facts)
    signs.facts = merge_copies(signs.facts)
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped = tuple(sorted(name for name, n in counts.items() if n >= MOST))
    return signs


def collect_more(signs: Signs, matcher: Matcher) -> None:
    """Read the logs again for events that were left out the first time."""
    counts: dict[str, int] = {}
    more: list[Fact] = []
    for members in streams(signs.logs):
        for batch in read(members, [], {}):
            more.extend(matcher.facts(batch, signs.logs[batch.log], counts))
    count_repeats(more)
    signs.facts.extend(merge_copies(more))
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped += tuple(sorted(name for name, n in counts.items() if n >= MOST))


def _read_stream(
    signs: Signs, members: list[Log], matcher: Matcher, counts: dict[str, int], begins: frozenset[str]
) -> None:
    learned: list[Beats] = []
    lessons = 0
    last: Batch | None = None
    for batch in read(members, signs.problems, signs.tallies):
        log = signs.logs[batch.log]
        if log.format.kind == "access":
            if not learned and lessons < _LESSONS:
                lessons += 1
                learned = heart.learn(log, batch)
                signs.beats.extend(learned)
            heart.listen(learned, batch)
        signs.pulses.setdefault(log.index, Pulse(log.index)).add(batch)
        facts = matcher.facts(batch, log, counts)
        facts.extend(_betrayed(batch, log, last))
        for fact in facts:
            if fact.type in begins:
                signs.before.update(_entry_before(fact, batch, last))
        signs.facts.extend(facts)
        last = batch


def _betrayed(batch: Batch, log: Log, last: Batch | None) -> Iterator[Fact]:
    """Facts that no pattern finds: a run of NULs, a stamp that runs backwards."""
    host = short_host(log.host)
    if batch.torn is not None:
        for row in batch.torn.nonzero()[0].tolist():
            yield _fact("log.torn", batch, log, row, host, {"path": log.name})
    if not log.format.ordered:
        return
    previous = int(last.time[-1]) if last is not None and len(last) and last.log == batch.log else UNKNOWN
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


def _entry_before(fact: Fact, batch: Batch, last: Batch | None) -> dict[tuple[int, int], Place]:
    """The entry before the boot whose line `fact` is: the last that was written before its second."""
    row = int(batch.line.searchsorted(fact.line, side="right")) - 1
    while row >= 0 and int(batch.time[row]) >= fact.lo - SECOND:
        row -= 1
    if row >= 0 and int(batch.time[row]) != UNKNOWN:
        place = _place(batch, row)
    elif last is not None and len(last) and last.log == batch.log and int(last.time[-1]) != UNKNOWN:
        place = _place(last, len(last) - 1)
    else:
        return {}
    return {(fact.log, fact.line): place}


def _place(batch: Batch, row: int) -> Place:
    return Place(batch.log, int(batch.time[row]), int(batch.line[row]), int(batch.start[row]) + batch.base)


def _text_at(log: Log, offset: int) -> str:
    """The line that begins at a position of the unpacked file."""
    skip = offset if log.source.seekable else 0
    seen = skip
    for block in sources.blocks(log.source, [], _LONGEST_LINE if skip == offset else 4 << 20, skip):
        if seen + len(block) > offset:
            begin = offset - seen
            end = block.find(b"\n", begin)
            line = block[begin : end if end >= 0 else len(block)]
            return line.rstrip(b"\r\0").decode("utf-8", "replace")
        seen += len(block)
    return ""
