"""From the parts of a stretch to its lines: each writer says what a line is made of, all else is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.arrow import strings, substituted
from logsleuth.entries.merge import Merged
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.formats import vector
from logsleuth.formats.model import Columns
from logsleuth.formats.vector import Mask, Positions
from logsleuth.render.entries.part import Part, part_of
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.times import Display, decimals

Composed = Callable[[Pool, Part], Index]
"""Says which strings each line of a part is made of."""


def laid(
    composed: Composed, pool: Pool, merged: Merged, logs: Sequence[Log], *, as_they_stand: bool = False
) -> memoryview:
    """The lines of a stretch, in its order; messages are written out (`spelled`) unless wanted as they stand."""
    return pool.join(indexed(composed, pool, merged, logs, as_they_stand=as_they_stand))


def indexed(
    composed: Composed, pool: Pool, merged: Merged, logs: Sequence[Log], *, as_they_stand: bool = False
) -> Index:
    """Which strings of the pool the lines of a stretch are made of, in its order."""
    blocks = []
    for piece in merged.pieces:
        part = part_of(piece, logs)
        part = part if as_they_stand else written_out(part)
        index = composed(pool, part)
        blocks.append(index if part.place is None else index[part.place])
    index = pool.stack(blocks)
    return index if merged.order is None else index[merged.order]


def written_out(part: Part) -> Part:
    """A part whose messages are such as a reader is to see them."""
    if not needs_spelling(part.batch, part.rows):
        return part
    made = spelled(part.batch, part.rows)[0]
    return replace(part, batch=made, rows=np.arange(len(part.rows)), original=part)


def stamps(pool: Pool, part: Part, display: Display, before: bytes, after: bytes, unknown: bytes) -> Index:
    """The times between two texts; `unknown` stands for all three where there is none."""
    times = part.time
    matrix = display.matrix(times, display.digits(part.log.index, times), before, after)
    return np.where(times == UNKNOWN, pool.constant(unknown), pool.matrix(matrix))


def numbers(
    pool: Pool, values: NDArray[np.int64], before: bytes = b"", after: bytes = b"", missing: bytes = b""
) -> Index:
    """Numbers between two texts, the first of at most 8 bytes; `missing` stands for all where one is negative."""
    buffer, at, end = decimals(np.maximum(values, 0), before, after)
    index = pool.columns(buffer, at, end)[0]
    return np.where(values < 0, pool.constant(missing), index)


def shared(part: Part, at: Positions, end: Positions) -> bytes:
    """The text that all rows have at [at, end); empty if they differ."""
    first, last = int(at[0]), int(end[0])
    text = bytes(part.batch.buffer.data[first:last])
    if len(text) > vector.PAD or ((end - at) != last - first).any():
        return b""
    for k in range(0, len(text), 8):
        kept = vector.KEEP[min(8, len(text) - k)]
        if (part.batch.view[at + k] & kept != vector.word(text[k : k + 8])).any():
            return b""
    return text


def choice(pool: Pool, which: NDArray[Any], texts: Sequence[bytes]) -> Index:
    """One of some texts for each row, by its number."""
    return np.array([pool.constant(t) for t in texts])[np.asarray(which, np.int64)]


class Fields(NamedTuple):
    """Strings of the file's own bytes for each row, and which rows have them."""

    columns: Columns
    named: Mask
    """The line names its host."""
    host: Index
    program_named: Mask
    program: Index
    lead: Index | None
    """The part of a message before the stamp; None where no row has one."""
    text: Index

    @property
    def message(self) -> list[Index]:
        return [self.text] if self.lead is None else [self.lead, self.text]


def fields(pool: Pool, part: Part, constant: Callable[[str], bytes]) -> Fields:
    """The strings that lines are made of; `constant` writes a host or program that no line names."""
    c = part.columns()
    start, buffer = part.start, part.batch.buffer
    lead = start if c.lead_end is None else c.lead_end
    pairs = ((start, lead), (c.host_at, c.host_end), (c.program_at, c.program_end), (c.text_at, part.stop))
    if (c.host_end > c.program_at).any() or (c.program_end > c.text_at).any():
        # A user's format may have its parts in any order; those of the shipped ones are cut in one go.
        before, host, program, text = (pool.columns(buffer, *pair)[0] for pair in pairs)
    else:
        before, host, program, text = pool.columns(buffer, *(bound for pair in pairs for bound in pair))
    named, program_named = c.host_end > c.host_at, c.program_end > c.program_at
    if not named.all():
        host = np.where(named, host, pool.constant(constant(part.log.host)))
    if not program_named.all():
        program = np.where(program_named, program, _programs(pool, part, constant))
    return Fields(c, named, host, program_named, program, None if c.lead_end is None else before, text)


def _programs(pool: Pool, part: Part, constant: Callable[[str], bytes]) -> Index:
    layout = part.layout
    if (layout == layout[0]).all():
        return np.full(len(layout), pool.constant(constant(part.owner(int(layout[0])))))
    kinds, which = np.unique(layout, return_inverse=True)
    return choice(pool, which, [constant(part.owner(kind)) for kind in kinds.tolist()])


def labels(pool: Pool, part: Part, named: Mask, pid: Positions) -> list[Index]:
    """What stands between program and message: `[812]: `, `: ` or nothing."""
    known = named | part.owned
    if (pid < 0).all():
        return [choice(pool, known, (b"", b": "))]
    return [np.where(pid >= 0, numbers(pool, pid, b"[", b"]: "), choice(pool, known, (b"", b": ")))]


def replaced(
    part: Part,
    at: Positions,
    which: Mask,
    old_new: Sequence[tuple[str, str]],
    pool: Pool,
    end: Positions | None = None,
) -> Index:
    """The texts from `at` to the end of some rows, or to an `end` of each, by one substitution after another."""
    values = strings(part.batch.buffer, at[which], (part.stop if end is None else end)[which])
    for old, new in old_new:
        values = substituted(values, old, new)
    return pool.strings(values)


Write = Callable[[str], str]
"""Makes a text fit for its place in the output; bytes that are no UTF-8 come as surrogates."""


def rewritten(part: Part, at: Positions, end: Positions, which: Mask, write: Write, pool: Pool) -> Index:
    """The texts [at, end) of some rows, rewritten one by one."""
    data = part.batch.buffer.data
    places = zip(at[which].tolist(), end[which].tolist(), strict=True)
    return pool.texts([write(bytes(data[a:b]).decode("utf-8", "surrogateescape")).encode() for a, b in places])


def reworded(pool: Pool, part: Part, f: Fields, which: Mask, name: Write, text: Write) -> Fields:
    """Fields of which those of some rows are rewritten: names by one function, messages by another."""
    if not which.any():
        return f
    c = f.columns
    host, program, said = f.host.copy(), f.program.copy(), f.text.copy()
    own = which & f.named
    host[own] = rewritten(part, c.host_at, c.host_end, own, name, pool)
    own = which & f.program_named
    program[own] = rewritten(part, c.program_at, c.program_end, own, name, pool)
    said[which] = rewritten(part, c.text_at, part.stop, which, text, pool)
    lead = f.lead
    if lead is not None and c.lead_end is not None:
        lead = lead.copy()
        lead[which] = rewritten(part, part.start, c.lead_end, which, text, pool)
    return f._replace(host=host, program=program, text=said, lead=lead)
