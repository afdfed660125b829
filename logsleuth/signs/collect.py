"""One pass over all logs: facts, pauses, heartbeats, and what the files themselves betray."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch, Tally, read, streams
from logsleuth.parallel import in_order
from logsleuth.report import Evidence, Skipped
from logsleuth.signs import beats as heart
from logsleuth.signs.beats import Beats
from logsleuth.signs.copies import merge_copies
from logsleuth.signs.match import MOST, Matcher, short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse
from logsleuth.signs.repeats import count_repeats

_LONGEST_LINE = 1 << 16
_WORTH_IT = 16 << 20
"""Bytes from which other processes gain more time than they cost."""
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


def collect(logs: Sequence[Log], matcher: Matcher, begins: frozenset[str], jobs: int = 1) -> Signs:
    """Read every log once. `begins` are the events with which a boot can begin."""
    signs = Signs(logs)
    counts: Counter[str] = Counter()
    for found in _spread(logs, matcher, lambda members: _read_stream(logs, members, matcher, begins), jobs):
        signs.facts.extend(found.facts)
        signs.pulses.update(found.pulses)
        signs.beats.extend(found.beats)
        signs.tallies.update(found.tallies)
        signs.problems.extend(found.problems)
        signs.before.update(found.before)
        counts.update(found.counts)
    for beat in signs.beats:
        heart.in_order(beat)
    signs.facts = _settled(signs.facts, logs)
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped = tuple(sorted(name for name, n in counts.items() if n >= MOST))
    return signs


def collect_more(signs: Signs, matcher: Matcher, jobs: int = 1) -> None:
    """Read the logs again for events that were left out the first time."""
    counts: Counter[str] = Counter()
    more: list[Fact] = []
    for found in _spread(signs.logs, matcher, lambda members: _read_again(signs.logs, members, matcher), jobs):
        more.extend(found.facts)
        counts.update(found.counts)
    signs.facts.extend(_settled(more, signs.logs))
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped += tuple(sorted(name for name, n in counts.items() if n >= MOST))


def _settled(facts: list[Fact], logs: Sequence[Log]) -> list[Fact]:
    count_repeats(facts)
    return merge_copies(facts, {log.index for log in logs if log.source.store})


def _spread(
    logs: Sequence[Log], matcher: Matcher, read_one: Callable[[list[Log]], Found], jobs: int
) -> Iterator[Found]:
    """Stream by stream, the largest first, so that no process has to wait long for the last one."""
    members = streams(logs)
    sizes = [sum(log.source.size for log in files) for files in members]
    if sum(sizes) < _WORTH_IT or any(log.source.shared for log in logs):
        # What keeps its place in an open file (a spool) keeps one for all processes.
        jobs = 1
    if jobs > 1:
        matcher.prepare(logs)
    order = sorted(range(len(members)), key=lambda i: -sizes[i])
    tasks = [partial(read_one, members[i]) for i in order]
    found = dict(zip(order, in_order(tasks, jobs), strict=True))
    yield from (found[i] for i in range(len(members)))


def _read_again(logs: Sequence[Log], members: list[Log], matcher: Matcher) -> Found:
    found = Found()
    for batch in read(members, [], {}):
        found.facts.extend(matcher.facts(batch, logs[batch.log], found.counts))
    return found


def _read_stream(logs: Sequence[Log], members: list[Log], matcher: Matcher, begins: frozenset[str]) -> Found:
    found = Found()
    learned: list[Beats] = []
    lessons = 0
    last: Batch | None = None
    for batch in read(members, found.problems, found.tallies):
        log = logs[batch.log]
        if log.format.kind == "access":
            if not learned and lessons < _LESSONS:
                lessons += 1
                learned = heart.learn(log, batch)
                found.beats.extend(learned)
            heart.listen(learned, batch)
        found.pulses.setdefault(log.index, Pulse(log.index)).add(batch)
        facts = matcher.facts(batch, log, found.counts)
        facts.extend(_betrayed(batch, log, last))
        for fact in facts:
            if fact.type in begins:
                found.before.update(_entry_before(fact, batch, last))
        found.facts.extend(facts)
        last = batch
    return found


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
