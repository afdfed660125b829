"""How JSON objects divide into columns, and what of them is left when those are taken."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, json_levels
from logsleuth.formats.json_keys import HOST, LEVEL, MESSAGE, NUMBER, PID, PROGRAM, TIME
from logsleuth.formats.json_scan import NESTED, STRING, Members, members
from logsleuth.formats.json_scan import NUMBER as NUMERIC
from logsleuth.formats.json_stamp import NONE, best, stamp_members
from logsleuth.formats.model import Columns
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass


def split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The columns of objects whose opening braces stand before `at`."""
    start = np.maximum(at - 1, 0)
    close = np.maximum(stop - (buffer[np.maximum(stop - 1, 0)] == ord("}")), at)
    return divided(buffer, view, members(buffer, view, start, stop), start, stop, at, close)


def divided(
    buffer: Bytes,
    view: Words,
    found: Members,
    start: Positions,
    stop: Positions,
    at: Positions,
    close: Positions,
) -> Columns:
    """The columns of lines whose members are known and stand in [at, close)."""
    stamp = stamp_members(buffer, view, found, start, stop)
    pick = _Pick(found, len(at))
    message = pick.best(MESSAGE, _messages(buffer, found))
    host = pick.best(HOST, _texts(found))
    pid = pick.best(PID, pick.pids(view))
    severity, level = pick.severities(buffer, view, message)
    program = pick.best(PROGRAM, _texts(found) & pick.names(host, pid, level))
    rest = _rest(buffer, [pick.span(c, close) for c in (stamp, level, message, host, program, pid)], at, close)
    text_at, text_end = pick.value(message, at)
    text_end = before_line_ends(buffer, text_at, text_end)
    escaped = holds(buffer, ord("\\"), text_at, text_end) | ((buffer[text_at] == ord("[")) & pick.listed(message))
    return Columns(
        *pick.value(host, at), *pick.value(program, at), pick.number(view, pid), severity, text_at, None, text_end,
        escaped, rest,
    )  # fmt: skip


def mixed(
    columns: Columns, odd: NDArray[np.int64], buffer: Bytes, view: Words, at: Positions, stop: Positions
) -> Columns:
    """Columns of which the rows `odd` are filled in by `split`."""
    other = split(buffer, view, at[odd], stop[odd])

    def filled(values: NDArray[Any], some: NDArray[Any]) -> NDArray[Any]:
        out = values.copy()
        out[odd] = some
        return out

    host_at, host_end, program_at, program_end, pid, severity, text_at = (
        filled(ours, theirs) for ours, theirs in zip(columns[:7], other[:7], strict=True)
    )
    text_end, escaped = (filled(getattr(columns, n), getattr(other, n)) for n in ("text_end", "escaped"))
    rest = tuple((filled(at, first), filled(at, last)) for first, last in other.rest)
    return Columns(host_at, host_end, program_at, program_end, pid, severity, text_at, None, text_end, escaped, rest)


def _texts(found: Members) -> Mask:
    texts: Mask = (found.kind == STRING) & (found.value_end > found.value)
    return texts


def _messages(buffer: Bytes, found: Members) -> Mask:
    """Strings that say something; and journald's lists of bytes."""
    digit = buffer[found.value + 1] - np.uint8(ord("0")) <= 9
    listed = (found.kind == NESTED) & (found.key == NUMBER["message"]) & (buffer[found.value] == ord("[")) & digit
    said: Mask = _texts(found) | listed
    return said


@dataclass
class _Pick:
    """Which member of each row is taken for what."""

    found: Members
    count: int

    def best(self, role: int, good: Mask) -> NDArray[np.int64]:
        return best(self.found.row, self.found.rank, good & (self.found.role == role), self.count)

    def value(self, chosen: NDArray[np.int64], at: Positions) -> tuple[Positions, Positions]:
        """Where the values lie; nothing at `at` where none is chosen."""
        if not len(self.found.row):
            return at, at
        has = chosen >= 0
        return np.where(has, self.found.value[chosen], at), np.where(has, self.found.value_end[chosen], at)

    def span(self, chosen: NDArray[np.int64], close: Positions) -> tuple[Positions, Positions]:
        """Where the members lie in their objects; nothing at `close` where none is chosen, or it lies deeper."""
        if not len(self.found.row):
            return close, close
        # Of a member within a member only a stamp is all that the outer one holds.
        has = (chosen >= 0) & (~self.found.deep[chosen] | (self.found.role[chosen] == TIME))
        return np.where(has, self.found.at[chosen], close), np.where(has, self.found.end[chosen], close)

    def listed(self, chosen: NDArray[np.int64]) -> Mask:
        if not len(self.found.row):
            return np.zeros(self.count, bool)
        listed: Mask = (chosen >= 0) & (self.found.kind[chosen] == NESTED)
        return listed

    def pids(self, view: Words) -> Mask:
        found = self.found
        wide = found.value_end - found.value
        digit = (view[found.value] & np.uint64(0xFF)) - np.uint64(ord("0")) <= 9
        fits: Mask = digit & ((found.kind == NUMERIC) | (found.kind == STRING)) & (wide > 0) & (wide <= 8)
        return fits

    def number(self, view: Words, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self.found.row):
            return np.full(self.count, -1)
        value, _ = body.numbers(view, self.found.value[chosen])
        return np.where(chosen >= 0, value, -1)

    def severities(
        self, buffer: Bytes, view: Words, message: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Severities, and which members say so."""
        found = self.found
        known = np.full(len(found.row), -1)
        some = np.flatnonzero((found.role == LEVEL) & ((found.kind == STRING) | (found.kind == NUMERIC)))
        if not some.size:
            return np.full(self.count, -1), np.full(self.count, NONE)
        at, end = found.value[some], found.value_end[some]
        # Small numbers are syslog's under the journal's PRIORITY and in GELF, which has a `short_message`.
        gelf = (message >= 0) & (found.key[message] == NUMBER["short_message"])
        syslog = (found.key[some] == NUMBER["priority"]) | gelf[found.row[some]]
        digit = buffer[at] - np.uint8(ord("0")) <= 9
        severity = json_levels.words(buffer, view, at, end)
        if digit.any():
            severity = np.where(digit, json_levels.numbers(view, at, end, syslog), severity)
        # MongoDB's `s` is a letter; under other programs' `s` stands anything.
        severity[(found.key[some] == NUMBER["s"]) & (end - at > 2)] = -1
        known[some] = severity
        chosen = self.best(LEVEL, known >= 0)
        return np.where(chosen >= 0, known[chosen], -1), chosen

    def names(self, host: NDArray[np.int64], pid: NDArray[np.int64], level: NDArray[np.int64]) -> Mask:
        """Whether a key that may name a program does: `name` beside what pino and bunyan write, MongoDB's `c`."""
        found = self.found
        if not len(found.row):
            return np.zeros(0, bool)
        key = np.where(level >= 0, found.key[level], -1)
        logger = (host >= 0) | (pid >= 0) | (key == NUMBER["levelname"])
        mongo = key == NUMBER["s"]
        good: Mask = np.where(
            found.key == NUMBER["name"],
            logger[found.row] | found.deep,
            (found.key != NUMBER["c"]) | mongo[found.row],
        )
        return good


Spans = list[tuple[Positions, Positions]]


def _rest(buffer: Bytes, taken: Spans, at: Positions, close: Positions) -> tuple[tuple[Positions, Positions], ...]:
    """What the taken members leave of the objects [at, close): the stretches between them without their commas."""
    begin, end = np.stack([a for a, _ in taken], axis=1), np.stack([e for _, e in taken], axis=1)
    order = np.argsort(begin, axis=1, kind="stable")
    begin, end = np.take_along_axis(begin, order, 1), np.take_along_axis(end, order, 1)
    low = np.maximum.accumulate(np.concatenate((at[:, None], end), axis=1), axis=1)
    high = np.concatenate((begin, close[:, None]), axis=1)
    out = []
    for k in range(low.shape[1]):
        first, last = _trimmed(buffer, low[:, k], np.minimum(high[:, k], close))
        if (last > first).any():
            out.append((first, last))
    return tuple(out)


def _trimmed(buffer: Bytes, at: Positions, end: Positions) -> tuple[Positions, Positions]:
    """Stretches without the blanks and commas at both ends."""
    at, end = at.copy(), np.maximum(end, at)
    rows = np.flatnonzero(end > at)
    for _ in range(8):
        rows = rows[_separates(buffer[at[rows]]) & (at[rows] < end[rows])]
        if not rows.size:
            break
        at[rows] += 1
    rows = np.flatnonzero(end > at)
    for _ in range(8):
        rows = rows[_separates(buffer[end[rows] - 1]) & (at[rows] < end[rows])]
        if not rows.size:
            break
        end[rows] -= 1
    return at, end


def _separates(byte: Bytes) -> Mask:
    separates: Mask = (byte == ord(",")) | (byte == ord(" "))
    return separates


def before_line_ends(buffer: Bytes, at: Positions, end: Positions) -> Positions:
    r"""Ends of messages without the `\n` or `\r\n` that Docker and others keep in them."""
    for letter in b"nr":
        place = np.maximum(end - 2, 0)
        ends = (end - at >= 2) & (buffer[place] == ord("\\")) & (buffer[place + 1] == letter)
        # Of two backslashes the second is the escaped one.
        ends &= (buffer[np.maximum(end - 3, 0)] != ord("\\")) | (end - at == 2)
        end = end - 2 * ends
    return end


def holds(buffer: Bytes, byte: int, at: Positions, end: Positions) -> Mask:
    """Stretches in which a byte stands."""
    if not len(at):
        return np.zeros(0, bool)
    low, high = int(at.min()), int(end.max())
    places = np.flatnonzero(buffer[low:high] == byte) + low
    if not len(places):
        return np.zeros(len(at), bool)
    follows = np.searchsorted(places, at)
    held: Mask = (follows < len(places)) & (places[np.minimum(follows, len(places) - 1)] < end)
    return held
