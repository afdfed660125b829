"""`TIME HOST FILE PROGRAM[PID]: TEXT`, a line each, continuation lines below it: for other tools to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logsleuth import native
from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns
from logsleuth.formats.vector import Mask, Positions
from logsleuth.render.entries import woven
from logsleuth.render.entries.hostile import hostile, lines, visible
from logsleuth.render.entries.lay import fields, labels, laid, replaced, reworded, rewritten, stamps
from logsleuth.render.entries.part import Part, short_names
from logsleuth.render.entries.pool import Index, Pool
from logsleuth.render.entries.terminal import Terminal
from logsleuth.render.entries.times import Display
from logsleuth.render.entries.woven import Loom, Tokens
from logsleuth.render.entries.writer import Look, Writer

NOTHING = "-"
"""Stands for an unknown time or host, so that columns can be counted."""
_FOLD = (("\r\n", "\n"), ("\n", "\n    "))
_UNFOLDED = ((b"\n", b"\n    "),)


def plain_or_terminal(logs: Sequence[Log], look: Look) -> Writer:
    return Terminal(logs, look) if look.aligned else Plain(logs, look)


class Plain(Writer):
    """Lines without colours or padding."""

    numbered = False

    def __init__(self, logs: Sequence[Log], look: Look) -> None:
        self._logs = logs
        self._pool = Pool()
        self._display = Display(look.zone)
        self._files = [visible(name) for name in short_names([log.name for log in logs])]
        self._loom = Loom(self._tokens, self._composed, self._display)

    def lines(self, merged: Merged) -> memoryview:
        if native.lib is not None:
            return self._loom.lines(merged, self._logs, native.lib)
        return laid(self._composed, self._pool, merged, self._logs)

    def _tokens(self, part: Part) -> Tokens:
        """What `_composed` makes, for lines of one layout in which nothing is hostile."""
        log, file = part.log, self._files[part.log.index]
        verbatim = bool(part.verbatim()[0])
        one = _one_host(part) if verbatim else None
        if one is not None:
            host, at = one
            rest = f"{visible(host)} {file} ".encode()
            before = (woven.instant(self._display, part, b"", b" " + rest, b"- " + rest),)
        else:
            c = part.columns()
            at = _behind_host(part, c) if verbatim else c.text_at
            before = (
                woven.instant(self._display, part, b"", b" ", b"- "),
                woven.span(c.host_at, c.host_end, visible(log.host or NOTHING).encode()),
                woven.text(f" {file} ".encode()),
                *(() if verbatim else _label(part, c)),
                *(() if c.lead_end is None else (woven.span(part.start, c.lead_end),)),
            )
        folded = part.folded
        fold = woven.span(at, part.stop, b"", _UNFOLDED, folded if folded.any() else None)
        return (*before, fold, woven.text(b"\n"))

    def _composed(self, pool: Pool, part: Part) -> Index:
        odd = hostile(part)
        place, at = self._verbatim(pool, part) or self._assembled(pool, part, odd)
        stop, folded = part.stop, part.folded & ~odd
        ended = bool((part.batch.buffer[stop] == ord("\n")).all()) and not folded.any()
        # Where every entry ends in a mere LF, that is taken from the file too.
        text = pool.columns(part.batch.buffer, at, stop + ended)[0]
        if folded.any():
            text[folded] = replaced(part, at, folded, _FOLD, pool)
        if odd.any():
            end = "\n" if ended else ""
            text[odd] = rewritten(part, at, stop, odd, lambda said: "\n    ".join(lines(said)) + end, pool)
        place.append(text)
        if not ended:
            place.append(np.full(len(at), pool.constant(b"\n")))
        return np.stack(place, axis=1)

    def _verbatim(self, pool: Pool, part: Part) -> tuple[list[Index], Positions] | None:
        """Syslog's lines, which can be copied from the program on: all before it is one string."""
        if not part.verbatim().all():
            return None
        found = _one_host(part)
        if found is None:
            return None
        host, at = found
        rest = f"{visible(host)} {self._files[part.log.index]} ".encode()
        return [stamps(pool, part, self._display, b"", b" " + rest, b"- " + rest)], at

    def _assembled(self, pool: Pool, part: Part, odd: Mask) -> tuple[list[Index], Positions]:
        """Lines of any layout, put together from their columns."""
        f = fields(pool, part, lambda name: visible(name).encode())
        f = reworded(pool, part, f, odd, visible, visible)
        host = f.host if part.log.host else np.where(f.named, f.host, pool.constant(NOTHING.encode()))
        verbatim = part.verbatim()
        file = pool.constant(f" {self._files[part.log.index]} ".encode())
        parts = [stamps(pool, part, self._display, b"", b" ", b"- "), host, np.full(len(host), file)]
        label = labels(pool, part, f.program_named, f.columns.pid)
        parts += [np.where(verbatim, pool.empty, i) for i in (f.program, *label)]
        if f.lead is not None:
            parts.append(f.lead)
        return parts, np.where(verbatim, _behind_host(part, f.columns), f.columns.text_at)


def _label(part: Part, c: Columns) -> Tokens:
    """Program and pid."""
    owner = part.owner(int(part.layout[0]))
    named = c.program_end > c.program_at
    # Where nothing is known, nothing stands there; a log's own program stands for one that is not named.
    pid = c.pid if owner or named.all() else np.where(named | (c.pid >= 0), c.pid, -2)
    program = woven.span(c.program_at, c.program_end, visible(owner).encode())
    return program, woven.number(pid, b"[", b"]: ", b": ")


def _behind_host(part: Part, c: Columns) -> Positions:
    """Where syslog's lines go on behind their host, what busybox or RouterOS write before a tag included."""
    behind = body.skip_spaces(part.batch.buffer, c.host_end, part.stop, 2)
    return np.where(c.host_end > c.host_at, behind, c.program_at)


def _one_host(part: Part) -> tuple[str, Positions] | None:
    """The host that all of the syslog lines name, and where their programs stand; None if it is not one."""
    batch = part.batch
    buffer, view, start = batch.buffer, batch.view, batch.body[part.pick]
    stop = batch.line_stop[part.pick]
    at = start + 1
    if native.lib is None and ((buffer[start] != ord(" ")).any() or (at >= stop).any()):
        return None
    first, last = int(at[0]), int(stop[0])
    name = bytes(buffer.data[first:last]).partition(b" ")[0] + b" "
    if len(name) > vector.PAD or len(name) < 2 or name[:1] == b"<" or first + len(name) > last:
        return None
    host = name[:-1].decode("utf-8", "surrogateescape")
    if native.lib is not None:
        behind = np.empty(len(at), np.int64)
        found = native.lib.behind_word(buffer, vector.column(start), vector.column(stop), name, behind)
        return (host, behind) if found else None
    for k in range(0, len(name), 8):
        width = min(8, len(name) - k)
        if (view[at + k] & vector.KEEP[width] != vector.word(name[k : k + width])).any():
            return None
    return host, body.skip_spaces(buffer, at + len(name) - 1, stop, 2)
