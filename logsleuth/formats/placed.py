"""Stamps that do not begin their line: after a few words, or behind a fixed beginning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.levels import skip_colour
from logsleuth.formats.model import Decoder
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_LONGEST_WORD = 40
_TRIES = 12
"""How often the first byte of a text may stand in a line before the text itself is met."""
Place = Callable[[Bytes, Words, Positions, Positions], tuple[Positions, Mask]]
"""(buffer, view, start, stop) to where a line's stamp begins, and whether the line can have one."""


@dataclass(frozen=True)
class Placed:
    """`stamp` where `place` finds it."""

    stamp: Decoder
    place: Place
    first_bytes: bytes
    """The bytes with which a line that carries it can begin; empty for any."""
    inside: bool = False
    """It is a part of the text: all of the line is its message."""

    @property
    def yearless(self) -> bool:
        """Its stamps name no year."""
        return self.stamp.yearless

    @property
    def relative(self) -> bool:
        """Its stamps count from the boot."""
        return self.stamp.relative

    @property
    def zoned(self) -> bool:
        """Its stamps name their zone."""
        return bool(getattr(self.stamp, "zoned", False))

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        at, can = self.place(buffer, view, start, stop)
        got = self.stamp.decode(buffer, view, np.where(can, at, start), stop)
        valid = got.valid & can
        end = start if self.inside else np.where(valid, got.end, start)
        return Stamps(valid, np.where(valid, got.wall, 0), got.offset, end)


@dataclass(frozen=True)
class Utc:
    """`stamp`, which names no zone but is in UTC by its format's definition."""

    stamp: Stamp
    zoned: bool = True

    @property
    def yearless(self) -> bool:
        """Its stamps name no year."""
        return self.stamp.yearless

    @property
    def relative(self) -> bool:
        """They are dates."""
        return False

    @property
    def first_bytes(self) -> bytes:
        """As the stamp's."""
        return self.stamp.first_bytes

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = self.stamp.decode(buffer, view, start, stop)
        return Stamps(got.valid, got.wall, np.zeros(len(start), np.int64), got.end)


@dataclass(frozen=True)
class Either:
    """The first of some spellings that a line has; they name the year all, or none does."""

    stamps: tuple[Decoder, ...]

    @property
    def yearless(self) -> bool:
        """They name no year."""
        return self.stamps[0].yearless

    @property
    def relative(self) -> bool:
        """They are dates."""
        return False

    @property
    def first_bytes(self) -> bytes:
        """Any of theirs."""
        return b"".join(stamp.first_bytes for stamp in self.stamps)

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        out = self.stamps[0].decode(buffer, view, start, stop)
        for stamp in self.stamps[1:]:
            rows = np.flatnonzero(~out.valid)
            if not rows.size:
                break
            got = stamp.decode(buffer, view, start[rows], stop[rows])
            rows, good = rows[got.valid], got.valid
            out.valid[rows], out.wall[rows], out.offset[rows] = True, got.wall[good], got.offset[good]
            out.end[rows] = got.end[good]
        return out


def after_words(count: int) -> Place:
    """Behind the first `count` words."""

    def place(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
        at, can = start, np.ones(len(start), bool)
        for _ in range(count):
            end = vector.find_byte(view, at, np.minimum(stop, at + _LONGEST_WORD), ord(" "))
            can &= (end > at) & (end < stop) & (buffer[end] == ord(" "))
            at = body.skip_spaces(buffer, end, stop)
        return at, can

    return place


def after_byte(byte: bytes, most: int, more: int = 1) -> Place:
    """`more` bytes behind the first `byte`, which stands within `most` bytes."""

    def place(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:  # noqa: ARG001
        limit = np.minimum(stop, start + most)
        end = vector.find_byte(view, start, limit, byte[0])
        can = (end < limit) & (end + more < stop)
        return np.where(can, end + more, start), can

    return place


def after_text(text: bytes, most: int, leads: tuple[bytes, ...] = (b"",)) -> Place:
    """Behind the first `text`, which stands within `most` bytes, in lines that begin with one of `leads`."""

    def place(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:  # noqa: ARG001
        can = np.zeros(len(start), bool)
        for lead in leads:
            can |= vector.starts(view, start, lead)
        rows, at = np.flatnonzero(can), start.copy()
        can[:] = False
        limit = np.minimum(stop, start + most)
        for _ in range(_TRIES):
            at[rows] = vector.find_byte(view, at[rows], limit[rows], text[0])
            rows = rows[at[rows] + len(text) <= stop[rows]]
            found = vector.starts(view, at[rows], text)
            can[rows[found]] = True
            rows = rows[~found]
            if not rows.size:
                break
            at[rows] += 1
        return np.where(can, at + len(text), start), can

    return place


def behind(width: int, marks: dict[int, bytes]) -> Place:
    """Behind `width` bytes, where all of `marks` (offset from the line's start: one of these bytes) are right."""

    def place(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:  # noqa: ARG001
        can = start + max(width, *marks) < stop
        for offset, allowed in marks.items():
            byte = buffer[np.minimum(start + offset, stop)]
            can &= np.logical_or.reduce([byte == one for one in allowed])
        return np.where(can, start + width, start), can

    return place


def line_start(buffer: Bytes, at: Positions, most: int) -> Positions:
    """Where the lines begin that `at` lies in, at most `most` bytes on, behind colours.

    Bodies use it to look before the stamp.
    """
    most = min(most, len(buffer))
    base = np.maximum(at - most, 0)
    window = np.lib.stride_tricks.sliding_window_view(buffer, most)[base]
    ahead = np.arange(most) < (at - base)[:, None]
    ends = ((window == ord("\n")) | (window == 0)) & ahead
    back = np.argmax(ends[:, ::-1], axis=1)
    start: Positions = np.where(ends.any(axis=1), base + most - back, base)
    return skip_colour(buffer, start, at)
