"""One pass over all logs: facts, pauses, heartbeats, and what the files themselves betray."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from logsleuth import sources
from logsleuth.cache import Shelf
from logsleuth.clock.logs import Log
from logsleuth.entries import Tally, streams
from logsleuth.parallel import in_order
from logsleuth.report import Evidence, Skipped
from logsleuth.signs import beats as heart
from logsleuth.signs.again import Memo, read_new, unread
from logsleuth.signs.beats import Beats
from logsleuth.signs.copies import merge_copies
from logsleuth.signs.kept import digest
from logsleuth.signs.match import MOST, Matcher
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse
from logsleuth.signs.repeats import count_repeats
from logsleuth.signs.rotated import boots_between_files
from logsleuth.signs.stream import Found, Look, read_stream

_LONGEST_LINE = 1 << 16
_WORTH_IT = 16 << 20
"""Bytes from which other processes gain more time than they cost."""


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
    dropped: frozenset[str] = frozenset()
    """Events that only weigh others and stand in many lines: they are left out until somebody asks (`collect_more`)."""

    def host_of(self, log: int) -> str:
        """The host whose life a log tells of, in the short form that facts bear."""
        return short_host(self.logs[log].host)

    def line(self, place: Place) -> Evidence:
        """An entry's line, read from its file again."""
        log = self.logs[place.log]
        return Evidence(log.name, place.line, _text_at(log, place.offset), place.time)


def collect(
    logs: Sequence[Log], matcher: Matcher, begins: frozenset[str], jobs: int = 1, shelf: Shelf | None = None
) -> Signs:
    """Read every log once. `begins` are the events with which a boot can begin.

    On the shelf lies what earlier runs found; with it, only what is new is read.
    """
    # Weighing events that the matcher was not even given are dropped beforehand.
    signs = Signs(logs, dropped=matcher.weighing - {t.name for t in matcher.types})
    counts: Counter[str] = Counter()
    for found in _spread(logs, Look(matcher, begins), jobs, shelf):
        signs.facts.extend(found.facts)
        signs.pulses.update(found.pulses)
        signs.beats.extend(found.beats)
        signs.tallies.update(found.tallies)
        signs.problems.extend(found.problems)
        signs.before.update(found.before)
        counts.update(found.counts)
        signs.dropped |= found.dropped
    for beat in signs.beats:
        heart.in_order(beat)
    signs.facts = _settled([f for f in signs.facts if f.type not in signs.dropped], logs)
    signs.facts.extend(boots_between_files(logs, signs.pulses, signs.line))
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped = tuple(sorted(name for name, n in counts.items() if n >= MOST))
    return signs


def collect_more(signs: Signs, matcher: Matcher, jobs: int = 1, shelf: Shelf | None = None) -> None:
    """Read the logs again for events that were dropped the first time."""
    counts: Counter[str] = Counter()
    more: list[Fact] = []
    for found in _spread(signs.logs, Look(matcher, None), jobs, shelf):
        more.extend(found.facts)
        counts.update(found.counts)
    signs.facts.extend(_settled(more, signs.logs))
    signs.facts.sort(key=lambda f: (f.lo, f.log, f.line))
    signs.capped += tuple(sorted(name for name, n in counts.items() if n >= MOST))


def _settled(facts: list[Fact], logs: Sequence[Log]) -> list[Fact]:
    count_repeats(facts)
    captures = {log.index for log in logs if log.twins is not None}
    return merge_copies(facts, {log.index for log in logs if log.source.store}, captures)


def _spread(logs: Sequence[Log], look: Look, jobs: int, shelf: Shelf | None) -> Iterator[Found]:
    """Stream by stream, the largest first, so that no process has to wait long for the last one."""
    members = streams(logs)
    sizes = [sum(log.source.size for log in files) for files in members]
    known: dict[int, Found] = {}
    memo = None if shelf is None else Memo(shelf, digest(look))
    if memo is not None:
        for i, files in enumerate(members):
            found, sizes[i] = unread(files, memo)
            if found is not None:
                known[i] = found
    if sum(sizes) < _WORTH_IT or any(log.source.shared for log in logs):
        # What keeps its place in an open file (a spool) keeps one for all processes.
        jobs = 1
    if jobs > 1:
        look.matcher.prepare(logs)
    order = sorted((i for i in range(len(members)) if i not in known), key=lambda i: -sizes[i])
    tasks = [partial(_read, members[i], look, memo) for i in order]
    known.update(zip(order, in_order(tasks, jobs), strict=True))
    yield from (known[i] for i in range(len(members)))


def _read(members: list[Log], look: Look, memo: Memo | None) -> Found:
    return read_stream(members, look) if memo is None else read_new(members, look, memo)


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
