"""One stream of files, oldest first, as batches of entries on the UTC clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN, FoldState
from logsleuth.entries import keys, window
from logsleuth.entries.batch import Batch
from logsleuth.entries.dated import to_utc
from logsleuth.entries.reading import Mark, Reading
from logsleuth.entries.tally import Tally
from logsleuth.formats.plain import PLAIN
from logsleuth.formats.registry import table
from logsleuth.formats.split import PADDING, Lines, Stamped, decode, padded_lines
from logsleuth.formats.vector import distinct
from logsleuth.report import Skipped

BLOCK = 1 << 20
_STAMP_BELOW = 64 << 10
"""A stamp that belongs to the lines before it stands at most so far below."""
_LONGEST_ENTRY = 8 << 20
"""An entry that has not ended after so many bytes is handed on in pieces."""

_LONGEST_PREAMBLE = 200
"""Lines."""
_LONGEST_LEAD = 64

Ahead = tuple[Stamped, NDArray[np.int64], NDArray[np.int64]]
"""The row of a line that the next piece begins with, and where it begins in this one."""


def streams(logs: Sequence[Log]) -> list[list[Log]]:
    """Files that rotate into one another, together and oldest first.

    Captures do not: what the kernel still holds of its messages stands in each of them.
    """
    out: dict[tuple[str, str], list[Log]] = defaultdict(list)
    for log in logs:
        out[log.source.stream, log.name if log.twins is not None else ""].append(log)
    return [sorted(members, key=lambda log: log.source.rank) for members in out.values()]


def read(
    logs: Sequence[Log],
    problems: list[Skipped],
    tallies: dict[int, Tally],
    block: int = BLOCK,
    since: int | None = None,
    *,
    numbered: bool = True,
) -> Iterator[Batch]:
    """Batches of the files of one stream, oldest file first; keys never run backwards in the whole stream.

    `problems` and `tallies` (by a log's index) are filled while reading. Of what lies before `since` (UTC nanoseconds)
    as much is passed over as can be without reading it; unless `numbered`, the lines of that are not even counted.
    """
    key = UNKNOWN
    fold = FoldState()
    for log in logs if since is None else window.needed(logs, since):
        state = Reading(log, problems, fold=fold, key=key)
        tallies[log.index] = state.tally
        if since is not None and not log.source.seekable:
            held, rest = _pass_over(state, since, block, numbered=numbered)
            yield from batches(state, block, held=held, coming=rest)
        else:
            if since is not None:
                _begin_late(state, since, numbered=numbered)
            yield from batches(state, block)
        key = state.key


def _begin_late(state: Reading, since: int, *, numbered: bool) -> None:
    """Set the state to that of a reader who has come to the place where `since` is near."""
    start = window.start_for(state.log, since)
    if start is None:
        return
    state.base = start.offset
    state.tally.numbered, state.tally.steps = numbered, None
    if numbered:
        state.tally.lines = window.lines_before(state.log, [start.offset])[0]


def _pass_over(state: Reading, since: int, block: int, *, numbered: bool) -> tuple[bytes, Iterator[bytes]]:
    """Unpack a file to where `since` is near: the bytes from there on that are at hand, and those to come.

    Of what lies before, the last stamp of each block alone is looked at.
    """
    coming = sources.blocks(state.log.source, state.problems, block)
    held = b""
    for data in coming:
        place = window.last_before(state.log, data, state.base + len(held), since)
        if place is None:
            return held, chain((data,), coming)
        state.tally.numbered, state.tally.steps = numbered, None
        cut = place - state.base - len(held)
        if numbered:
            state.tally.lines += held.count(b"\n") + data.count(b"\n", 0, cut)
        state.base, held = place, data[cut:]
    return held, iter(())


def batches(
    state: Reading, block: int, stop: int | None = None, held: bytes = b"", coming: Iterator[bytes] | None = None
) -> Iterator[Batch]:
    """Batches of one file from where its state says, to its end or to a line that begins at the offset `stop`.

    `held` are bytes from there on that need not be read again (see `Mark`), `coming` the ones after them, if they are
    not to be read from the file anew.
    """
    rest: list[bytes | memoryview] = [held]
    size = len(held)
    data = b""
    at = state.base + size
    if coming is None:
        coming = sources.blocks(state.log.source, state.problems, block, at)
    for data in _up_to(coming, at, stop):
        state.mark = Mark.of(state, at)
        at += len(data)
        cut = data.rfind(b"\n") + 1
        if not cut and size < _LONGEST_ENTRY * 2:
            rest.append(data)
            size += len(data)
            continue
        # One copy of the bytes: what was kept, the whole lines, and the padding, laid end to end.
        whole = memoryview(data)[: cut or len(data)]
        piece = b"".join((*rest, whole, PADDING))
        batch, kept = _entries(state, piece, last=False)
        state.base += len(piece) - len(PADDING) - len(kept)
        rest = [kept, data[cut:] if cut else b""]
        size = len(rest[0]) + len(rest[1])
        if batch is not None:
            yield batch
    batch, _ = _entries(state, b"".join((*rest, PADDING)), last=True)
    if data and not data.endswith(b"\n"):
        state.tally.lines += 1
        if batch is not None:
            batch.lines += 1
    if batch is not None:
        yield batch


def _up_to(blocks: Iterator[bytes], at: int, stop: int | None) -> Iterator[bytes]:
    """Blocks of which the first begins at `at`, cut off at `stop`."""
    for block in blocks:
        if stop is not None and at + len(block) >= stop:
            if at < stop:
                yield block[: stop - at]
            return
        at += len(block)
        yield block


def _entries(state: Reading, padded: bytes, *, last: bool) -> tuple[Batch | None, bytes]:
    """The whole entries of a piece, and the bytes of its last entry, which may go on in the next piece."""
    size = len(padded) - len(PADDING)
    if not size:
        return None, b""
    lines = padded_lines(padded)
    twins = state.log.twins
    stamped = decode(lines, state.log.format if twins is None or twins.form is None else twins.form)
    if state.log.format is PLAIN:
        return _plain(state, lines, stamped), b""
    heads = _without_opening(state, lines, stamped)
    kept, ahead = b"", None
    if not last and not len(heads) and size < min(_STAMP_BELOW, _LONGEST_ENTRY):
        return None, padded[:size]
    if not last and len(heads):
        # A line that a run of NULs glues to the one before cannot be cut from it without losing its number.
        free = heads[(heads == 0) | (lines.number[heads - 1] != lines.number[heads])]
        row = int(free[-1]) if len(free) else 0
        if row == heads[0] and size < _STAMP_BELOW and _only_tells(state, lines, row):
            return None, padded[:size]
        cut = _begins(lines, padded, row)
        if len(free) and size - cut < _LONGEST_ENTRY:
            kept = padded[cut:size]
            ahead = stamped, np.array([row]), lines.start[[row]]
            lines, stamped = _first(lines, stamped, row, lines.count - kept.count(b"\n"))
            heads = heads[heads < row]
    if not len(lines.start):
        state.tally.lines += lines.count
        state.torn = state.torn or (lines.torn_end and not kept)
        return None, kept
    batch = _batch(state, lines, stamped, heads, ahead)
    return (batch if len(batch) else None), kept


def _without_opening(state: Reading, lines: Lines, stamped: Stamped) -> NDArray[np.int64]:
    """The rows that begin an entry; not a file's first, where all it tells is the year of those below."""
    heads: NDArray[np.int64] = np.flatnonzero(stamped.layout >= 0)
    leads = state.log.format.preamble
    if leads and len(heads) > 1 and not state.tally.entries and table("dates")[stamped.layout[heads[0]]]:
        at = int(lines.start[heads[0]])
        if bytes(lines.buffer[at : at + _LONGEST_LEAD]).startswith(leads):
            stamped.layout[heads[0]] = -1
            return heads[1:]
    return heads


def _begins(lines: Lines, padded: bytes, row: int) -> int:
    """Where the line of a row begins in the piece, the run of NULs before it included."""
    if lines.torn is None or not lines.torn[row]:
        return int(lines.start[row])
    return padded.find(b"\n", int(lines.stop[row - 1])) + 1 if row else 0


def _first(lines: Lines, stamped: Stamped, count: int, feeds: int) -> tuple[Lines, Stamped]:
    return (
        Lines(
            lines.buffer,
            lines.view,
            lines.start[:count],
            lines.stop[:count],
            lines.number[:count],
            None if lines.torn is None else lines.torn[:count],
            feeds,
            plain=lines.plain,
        ),
        Stamped(stamped.layout[:count], stamped.wall[:count], stamped.offset[:count], stamped.end[:count]),
    )


def _batch(
    state: Reading, lines: Lines, stamped: Stamped, heads: NDArray[np.int64], ahead: Ahead | None = None
) -> Batch:
    count = len(lines.start)
    # Where every line begins an entry, as in most logs, nothing is copied.
    pick: slice | NDArray[np.int64] = slice(None) if len(heads) == count else heads
    start, line_stop, body = lines.start[pick], lines.stop[pick], stamped.end[pick]
    time = to_utc(state, stamped, heads, start)
    stop = line_stop
    if len(heads) < count or state.log.source.store:
        last = np.append(heads[1:], count)[: len(heads)] - 1
        if state.log.source.store:
            last = _filled(lines)[last]
        stop = lines.stop[last]
    layout, number = stamped.layout[pick], lines.number[pick]
    torn = None if lines.torn is None else lines.torn[pick]
    heading = table("heading")[distinct(layout)].any() and table("heading")[layout]
    if np.any(heading):
        below = np.minimum(heads + 1, count - 1)
        line_stop = np.where(heading, np.minimum(lines.stop[below], stop), line_stop)
    orphans, above = int(heads[0]) if len(heads) else count, -1
    first = _before_stamps(state, lines, orphans)
    if len(first) and len(heads) and _only_tells(state, lines, orphans):
        first, above = first[:0], int(lines.start[first[0]])
    if len(first):
        # At the time of the entry that they go on from, if there is one.
        start, line_stop = np.append(lines.start[first], start), np.append(lines.stop[first], line_stop)
        stop = np.append(lines.stop[np.append(first[1:], orphans)[: len(first)] - 1], stop)
        body, number = np.append(lines.start[first], body), np.append(lines.number[first], number)
        layout = np.append(np.full(len(first), -1, np.int16), layout)
        time = np.append(np.full(len(first), state.last_time), time)
        torn = None if torn is None or lines.torn is None else np.append(lines.torn[first], torn)
    state.tally.take(lines, time, number, count - len(heads))
    following = partial(_peek, state, time, *ahead) if ahead is not None else lambda: UNKNOWN
    key = _keys(state, time, number, following, goes_on=len(first) > 0)
    base = state.tally.lines + 1
    if state.tally.steps is not None and state.log.format.ordered:
        state.tally.steps.add(time, number + base, start, lines.buffer)
    state.tally.lines += lines.count
    if state.torn and len(start):
        torn = np.zeros(len(start), bool) if torn is None else torn
        torn[0] = True
    state.torn = lines.torn_end or (state.torn and not len(start))
    if len(time):
        state.last_time = int(time[-1])
    return Batch(
        state.log.index,
        lines.buffer,
        lines.view,
        start,
        stop,
        line_stop,
        body,
        number + base,
        time,
        key,
        layout,
        torn,
        lines.count,
        above,
        state.base,
        plain=lines.plain,
    )


def _only_tells(state: Reading, lines: Lines, count: int) -> bool:
    """Whether the first lines of a file say how it is laid out, and nothing else."""
    leads = state.log.format.preamble
    if not leads or not 0 < count <= _LONGEST_PREAMBLE or state.tally.entries:
        return False
    data = lines.buffer.data
    ends = zip(lines.start[:count].tolist(), lines.stop[:count].tolist(), strict=True)
    return all(
        stop <= start or bytes(data[start : min(stop, start + _LONGEST_LEAD)]).startswith(leads) for start, stop in ends
    )


def _before_stamps(state: Reading, lines: Lines, count: int) -> NDArray[np.int64]:
    """First lines of the entries that the lines before a piece's first stamp make.

    They go on the entry before. At a file's start they are one entry, in a shell's history one each; blank lines there
    are none.
    """
    if state.tally.entries:
        return np.zeros(min(count, 1), np.int64)
    filled = np.flatnonzero(lines.stop[:count] > lines.start[:count])
    return filled if state.log.format.kind == "history" else filled[:1]


def _filled(lines: Lines) -> NDArray[np.int64]:
    """For each line the last up to it that is not empty: empty ones only keep the count of a printed journal."""
    filled: NDArray[np.int64] = np.maximum.accumulate(
        np.where(lines.stop > lines.start, np.arange(len(lines.start)), 0)
    )
    return filled


def _plain(state: Reading, lines: Lines, stamped: Stamped) -> Batch:
    """Text without stamps: each line is an entry, but an indented one goes on from the one above.

    Their times are unknown, unless a log with stamps holds some of the lines (`clock.captures`).
    """
    count = len(lines.start)
    first = lines.buffer[lines.start]
    indented = ((first == ord(" ")) | (first == ord("\t"))) & (lines.stop > lines.start)
    indented[:1] = False
    heads = np.flatnonzero(~indented)
    stop = np.empty_like(heads)
    stop[:-1] = lines.stop[heads[1:] - 1]
    stop[-1:] = lines.stop[-1:]
    time = key = np.full(len(heads), UNKNOWN, np.int64)
    if state.log.twins is not None and len(heads):
        time = state.log.twins.times(lines.start[heads] + state.base)
        key = keys.ascending(state.key, time)
        state.key, state.last_time = int(key[-1]), int(time[-1])
    base = state.tally.lines + 1
    state.tally.take(lines, time, lines.number[heads], count)
    state.tally.lines += lines.count
    return Batch(
        state.log.index,
        lines.buffer,
        lines.view,
        lines.start[heads],
        stop,
        lines.stop[heads],
        stamped.end[heads],
        lines.number[heads] + base,
        time,
        key,
        stamped.layout[heads],
        None if lines.torn is None else lines.torn[heads],
        lines.count,
        0,
        state.base,
    )


def _keys(
    state: Reading, time: NDArray[np.int64], number: NDArray[np.int64], after: Callable[[], int], *, goes_on: bool
) -> NDArray[np.int64]:
    """Keys of some entries; `after` looks up the stamp that follows them, UNKNOWN where none is near.

    If it `goes_on`, the first entry is a part of one in the piece before.
    """
    if not len(time):
        return time
    if not state.log.format.ordered:
        state.key = max(state.key, int(time.max()))
        return time
    before = state.last_time if state.last_time != UNKNOWN else state.key
    rows = keys.suspicious(before, time)
    if goes_on or len(rows):
        time = time.copy()
        following = after() if len(rows) and int(rows[-1]) == len(time) - 1 else UNKNOWN
        wrong = keys.outliers(before, time, following, rows)
        state.tally.note_ahead(time[wrong] - np.concatenate(([before], time))[wrong], number[wrong])
        time[wrong] = UNKNOWN
        time[:goes_on] = UNKNOWN
    key = keys.ascending(state.key, time)
    state.key = int(key[-1])
    return key


def _peek(
    state: Reading, time: NDArray[np.int64], stamped: Stamped, row: NDArray[np.int64], at: NDArray[np.int64]
) -> int:
    """The time of the line with which the next piece begins, read as it will be then; nothing is changed."""
    fold, last = state.fold, state.last_time
    state.fold, state.last_time = replace(fold), int(time[-1])
    try:
        return int(to_utc(state, stamped, row, at)[0])
    finally:
        state.fold, state.last_time = fold, last
