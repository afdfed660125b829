"""A boot between two files of a rotated journal: entries bear the ids of boots, but between files stands no line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND
from logsleuth.entries import streams
from logsleuth.report import Bounds, Evidence
from logsleuth.signs.message import short_host
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse
from logsleuth.signs.separators import SEPARATOR

_SHORTEST = 2 * SECOND
"""No machine boots in less: files that follow each other closer are of one boot."""


def boots_between_files(
    logs: Sequence[Log], pulses: Mapping[int, Pulse], line: Callable[[Place], Evidence]
) -> Iterator[Fact]:
    """A separator for each, at the time of the newer file's first entry; `line` reads that of a place."""
    for files in streams([log for log in logs if log.source.store]):
        for older, newer in pairwise(files):
            last, first = _edge(pulses, older).last, _edge(pulses, newer).first
            if last is None or first is None or first.time - last.time < _SHORTEST:
                continue
            before, after = sources.lives(older.source), sources.lives(newer.source)
            if before is None or after is None:
                continue
            (_, (host, boot)), ((other, following), _) = before, after
            if None in {host, boot, following} or host != other or boot == following:
                continue
            told = line(first)
            since = {"since": Bounds(last.time, last.time)}
            yield Fact(
                *(SEPARATOR, first.time, first.time, short_host(newer.host), {}, (told,)),
                text=told.text,
                log=newer.index,
                values=since,
            )


def _edge(pulses: Mapping[int, Pulse], log: Log) -> Pulse:
    return pulses.get(log.index) or Pulse(log.index)
