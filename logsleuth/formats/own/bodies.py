"""How the lines of a user's format divide: by pieces all at once, by a regular expression one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import regex

from logsleuth.formats import body
from logsleuth.formats.layout import NAMES, Piece, Walk, columns, divided, follow, severity_words
from logsleuth.formats.model import Body, Columns
from logsleuth.formats.placed import Place
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_LONGEST_LEAD = 512
"""A stamp stands within so many bytes from its line's start."""
_LIMIT = 0.05
"""Seconds that a pattern may take for a line."""
_STRIKES = 3
"""A pattern that took too long so many times is not tried again."""


def behind(before: tuple[Piece, ...]) -> Place:
    """A stamp's place behind some pieces."""

    def place(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
        walk = follow(before, buffer, view, start, np.minimum(stop, start + _LONGEST_LEAD))
        return walk.at, walk.fits & (walk.at < stop)

    return place


def by_pieces(
    before: tuple[Piece, ...], after: Sequence[tuple[Piece, ...]], severities: Mapping[str, int], *, access: bool
) -> Body:
    """Parts before the stamp and after it; of an access log what stands before is the message's beginning."""
    rest = divided(after, severities, strict=len(after) > 1)
    named = any(piece.name for piece in before)
    if not named and not access:
        return rest

    def split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
        out = rest(buffer, view, at, stop)
        walk = follow(before, buffer, view, _line_start(buffer, at), at)
        if access:
            # Brackets around the stamp go with it.
            opened = (buffer[np.maximum(walk.at - 1, 0)] == ord("[")) & (buffer[np.minimum(at, stop)] == ord("]"))
            text = np.where(opened, body.skip_spaces(buffer, np.minimum(at + 1, stop), stop), out.text_at)
            return out._replace(lead_end=np.where(walk.fits, walk.at - opened, at), text_at=text)
        early = columns(walk, [], strict=False)
        host, program = walk.fits & ("host" in walk.found), walk.fits & ("program" in walk.found)
        return out._replace(
            host_at=np.where(host, early.host_at, out.host_at),
            host_end=np.where(host, early.host_end, out.host_end),
            program_at=np.where(program, early.program_at, out.program_at),
            program_end=np.where(program, early.program_end, out.program_end),
            pid=np.where(walk.fits & (early.pid >= 0), early.pid, out.pid),
        )

    return split


def divides(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """A `Check`: lines of which more than the message was found."""
    named = (columns.host_end > columns.host_at) | (columns.program_end > columns.program_at)
    found: Mask = named | (columns.pid >= 0) | (columns.severity >= 0)
    return found


def _line_start(buffer: Bytes, at: Positions) -> Positions:
    """Where the lines begin that stamps end in."""
    if not len(at):
        return at
    low = max(0, int(at.min()) - 2 * _LONGEST_LEAD)
    seen = buffer[low : int(at.max())]
    ends = np.flatnonzero((seen == ord("\n")) | (seen == 0)) + low
    before = np.searchsorted(ends, at, side="left") - 1
    start: Positions = np.where(before >= 0, np.append(ends, 0)[before] + 1, low)
    return start


def by_pattern(pattern: regex.Pattern[bytes], severities: Mapping[str, int]) -> Body:
    """Parts are the groups of a pattern that is matched from the stamp's end on; a line it does not match is text."""
    wanted = [name for name in NAMES if name in pattern.groupindex]
    words = severity_words(severities)
    strikes = 0

    def spans(line: bytes) -> list[tuple[int, int]] | None:
        nonlocal strikes
        if strikes >= _STRIKES:
            return None
        try:
            match = pattern.match(line, timeout=_LIMIT)
        except TimeoutError:
            strikes += 1
            return None
        return [match.span(name) for name in wanted] if match else None

    def split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
        data = buffer.data
        fits = np.zeros(len(at), bool)
        found = np.zeros((len(wanted), 2, len(at)), np.int64)
        for row, (begin, end) in enumerate(zip(at.tolist(), stop.tolist(), strict=True)):
            got = spans(bytes(data[begin:end]))
            if got is not None:
                fits[row] = True
                found[:, :, row] = [(begin + max(a, 0), begin + max(b, 0)) for a, b in got]
        text = body.skip_spaces(buffer, at, stop)
        walk = Walk(buffer, view, at, text, stop, fits)
        for (first, last), name in zip(found, wanted, strict=True):
            walk.found[name] = (np.where(fits, first, text), np.where(fits, last, text))
        return columns(walk, words, strict=False)

    return split


def first_bytes(before: tuple[Piece, ...], stamp: bytes) -> bytes:
    """The bytes with which a line can begin; empty for any."""
    if not before:
        return stamp
    return before[0].text[:1] if before[0].name is None else b""
