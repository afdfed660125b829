"""A timeline written by several processes, each of which reads, merges and writes slices of its own."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import BinaryIO

from logsleuth.clock.logs import Log
from logsleuth.entries import Merged, Stream, Tally, merge, streams
from logsleuth.entries.select import Select, selected
from logsleuth.entries.slices import Slice, read_share
from logsleuth.entries.ties import told_first, uptimes_of
from logsleuth.parallel import in_order
from logsleuth.render.entries.gather import gathered
from logsleuth.render.entries.timed import Timed
from logsleuth.render.entries.writer import Writer
from logsleuth.report import Skipped

_PIECE = 1 << 20


@dataclass(slots=True)
class Told:
    """What a process says of a slice; its lines lie in a file that it shares with this one."""

    size: int
    tallies: dict[int, Tally] = field(default_factory=dict)
    problems: list[Skipped] = field(default_factory=list)
    left_out: int = 0
    """Entries that the writer was not given: see `Timed`."""


def sliced(
    logs: Sequence[Log],
    slices: Sequence[Slice],
    select: Select,
    writer: Callable[[], Writer],
    jobs: int,
) -> Iterator[memoryview | Told]:
    """The lines of all slices in the order of the timeline; after those of each, what its reading brought up.

    A piece of them is gone when the next is asked for.
    """
    # A file whose lines were taken is the next slice's: what the system has given once it need not make empty again.
    ahead = jobs + 1
    files = [_memory() for _ in range(min(ahead, len(slices)))]
    try:
        tasks = [partial(_write, logs, part, select, writer, files[k % ahead]) for k, part in enumerate(slices)]
        for k, told in enumerate(in_order(tasks, jobs, ahead)):
            yield from _lines(files[k % ahead], told.size)
            yield told
    finally:
        for file in files:
            file.close()


def _lines(file: BinaryIO, size: int) -> Iterator[memoryview]:
    """The first bytes of a file, as they lie in memory."""
    if not size:
        return
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as lines, memoryview(lines) as whole:
        for at in range(0, size, _PIECE):
            with whole[at : at + _PIECE] as piece:
                yield piece


def _memory() -> BinaryIO:
    """A file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("logsleuth"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _write(logs: Sequence[Log], part: Slice, select: Select, writer: Callable[[], Writer], file: BinaryIO) -> Told:
    told = Told(0)
    lines = writer()
    timed = Timed(logs)
    found = selected(_merged(logs, part, told), select, logs)
    for stretch in gathered(timed(found) if lines.timed else found):
        rest = lines.lines(stretch)
        while rest:
            # At its place: a process that was killed may have left something there.
            written = os.pwrite(file.fileno(), rest, told.size)
            told.size, rest = told.size + written, rest[written:]
    told.left_out = timed.left_out
    for index, tally in told.tallies.items():
        tally.lines -= part.shares[index].start.line or 0
    return told


def _merged(logs: Sequence[Log], part: Slice, told: Told) -> Iterator[Merged]:
    made = []
    for index in (log.index for files in told_first(streams(logs)) for log in files if log.index in part.shares):
        tally = told.tallies[index] = Tally()
        share = read_share(part, logs[index], told.problems, tally)
        made.append(Stream(share, logs[index].format.ordered, machine=uptimes_of([logs[index]])))
    return merge(made)


def added(tallies: Mapping[int, Tally], more: Mapping[int, Tally]) -> dict[int, Tally]:
    """What was read of each file by all slices so far."""
    out = dict(tallies)
    for index, new in more.items():
        old = out.get(index)
        if old is None:
            # A timeline that begins in the middle tells of no steps, nor does one that is not cut.
            out[index] = replace(new, steps=None) if new.begun else new
            continue
        out[index] = _joined(old, new)
    return out


def _joined(old: Tally, new: Tally) -> Tally:
    """What was read of one file up to the end of one more slice."""
    again = new.begun <= old.begun
    if not (again or new.numbered) and old.numbered:
        # Each slice of a file goes on where the one before it ends.
        moved = None if new.steps is None else new.steps.below(old.lines)
        lines = {"furthest_line": new.furthest_line + old.lines, "ahead_line": new.ahead_line + old.lines}
        new = replace(new, steps=moved, numbered=True, **lines)
    steps = new.steps
    # A file that could not be cut was read from its start for each slice: what the last reading found is all.
    if not again:
        steps = None if old.steps is None else old.steps.copy()
        if steps is not None and new.steps is not None:
            steps.follow(new.steps)
    worst = max(old, new, key=lambda tally: tally.furthest)
    return replace(
        old,
        lines=old.lines + new.lines,
        entries=old.entries + new.entries,
        unstamped=old.unstamped + new.unstamped,
        backwards=old.backwards + new.backwards,
        furthest=worst.furthest,
        furthest_line=worst.furthest_line,
        torn=old.torn + new.torn,
        ahead=old.ahead + new.ahead,
        ahead_by=old.ahead_by or new.ahead_by,
        ahead_line=old.ahead_line or new.ahead_line,
        numbered=old.numbered and new.numbered,
        steps=steps,
        begun=new.begun,
    )
