"""Severities, process ids and loggers' names that stand between a stamp and its text, as most programs write them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.model import NO_SEVERITY, Columns
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

LEVELS = {
    "emerg": 0, "emergency": 0, "panic": 0, "alert": 1, "crit": 2, "critical": 2, "fatal": 2,
    "err": 3, "error": 3, "severe": 3, "warn": 4, "warning": 4, "notice": 5, "note": 5,
    "info": 6, "information": 6, "informational": 6, "log": 6, "system": 5,
    "debug": 7, "trace": 7, "verbose": 7, "config": 7, "fine": 7, "finer": 7, "finest": 7,
} | {f"debug{n}": 7 for n in range(1, 6)} | {f"trace{n}": 7 for n in range(1, 9)}  # fmt: skip
"""Words for a severity in any case, and their places in SEVERITIES."""
_SMALL = np.uint64(0x2020202020202020)
_TABLE = sorted((int(vector.word(name.encode())), len(name), value) for name, value in LEVELS.items())
_WORDS = np.array(sorted({word for word, _, _ in _TABLE}), np.uint64)
_VALUES = np.array([next(v for w, _, v in _TABLE if w == int(word)) for word in _WORDS], np.int64)
_LENGTHS = [{n for w, n, _ in _TABLE if w == int(word)} for word in _WORDS]
_SHORTEST = np.array([min(n) for n in _LENGTHS], np.int64)
_LONGEST = np.array([max(n) for n in _LENGTHS], np.int64)
_LONGEST_FIELD = 100
ESC = 0x1B


def level_words(view: Words, at: Positions, end: Positions) -> NDArray[np.int64]:
    """Severities of the words [at, end), in any case; NO_SEVERITY for other words."""
    length = np.maximum(end - at, 0)
    word = (view[at] | _SMALL) & vector.KEEP[np.minimum(length, 8)]
    index = np.minimum(np.searchsorted(_WORDS, word), len(_WORDS) - 1)
    known = (_WORDS[index] == word) & (length >= _SHORTEST[index]) & (length <= _LONGEST[index])
    return np.where(known, _VALUES[index], NO_SEVERITY)


def skip_colour(buffer: Bytes, at: Positions, stop: Positions) -> Positions:
    """Behind the terminal's colour codes (`ESC [ 1 ; 31 m`) that stand at `at`, at most three of them."""
    for _ in range(3):
        # An escape that begins no such code is the text's own, and stays visible.
        rows = np.flatnonzero((at + 1 < stop) & (buffer[at] == ESC) & (buffer[at + 1] == ord("[")))
        if not rows.size:
            return at
        here, end = at[rows] + 2, stop[rows]
        for _ in range(12):
            more = (here < end) & ((buffer[here] >= ord("0")) & (buffer[here] <= ord("?")))
            if not more.any():
                break
            here = here + more
        at = at.copy()
        at[rows] = np.minimum(here + 1, end)
    return at


def skip_marks(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Positions:
    """Behind blanks, colours and the marks `-`, `:` and `|` that stand for themselves."""
    for _ in range(3):
        at = skip_colour(buffer, body.skip_spaces(buffer, at, stop, 16), stop)
        two = view[np.minimum(at, stop)] & vector.KEEP[2]
        byte = two & np.uint64(0xFF)
        mark = (byte == ord("\t")) | (byte == ord("|")) | (two == vector.word(b": ")) | (two == vector.word(b"- "))
        mark &= at < stop
        if not mark.any():
            break
        at = at + mark
    return body.skip_spaces(buffer, at, stop, 16)


def leveled(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`[812] [error] text`, `ERROR: text`, ` - name - ERROR - text`, ` [thread] WARN text`; else as `body.tagged`.

    A word without brackets or a colon is a level only in capitals: prose may begin with `error`.
    """
    columns = _fields(buffer, view, at, stop)
    bare = np.flatnonzero((columns.severity < 0) & (columns.pid < 0))
    if not bare.size:
        return columns
    rest = body.tagged(buffer, view, at[bare], stop[bare])
    out = [column.copy() for column in columns[:7]]
    for column, values in zip(out, rest[:7], strict=True):
        column[bare] = values
    return Columns(out[0], out[1], out[2], out[3], out[4], out[5], out[6])


def _fields(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    severity = np.full(len(at), NO_SEVERITY, np.int64)
    pid = np.full(len(at), -1, np.int64)
    text = np.minimum(at, stop)
    rows, here = np.arange(len(at)), text
    for _ in range(4):
        here, end = skip_marks(buffer, view, here, stop[rows]), stop[rows]
        field = _Field(buffer, view, here, end)
        level = np.where(severity[rows] < 0, field.level, NO_SEVERITY)
        number = np.where(pid[rows] < 0, field.number, -1)
        said = (level >= 0) | (number >= 0)
        severity[rows] = np.where(level >= 0, level, severity[rows])
        pid[rows] = np.where(number >= 0, number, pid[rows])
        text[rows[said]] = field.after[said]
        # What is neither may be a thread or a logger before the level; if none follows it was text.
        go_on = said | ((field.skipped > here) & (severity[rows] < 0))
        here = np.where(said, field.after, field.skipped)[go_on]
        rows = rows[go_on]
        if not rows.size:
            break
    found = (severity >= 0) | (pid >= 0)
    text = np.where(found, skip_marks(buffer, view, text, stop), text)
    return Columns(at, at, at, at, pid, severity, text)


class _Field:
    """What stands at `at`, in or without brackets."""

    def __init__(self, buffer: Bytes, view: Words, at: Positions, stop: Positions) -> None:
        mark = np.where(at < stop, buffer[at], 0)
        square, round_, angle = mark == ord("["), mark == ord("("), mark == ord("<")
        opened = square | round_ | angle
        inner = body.skip_spaces(buffer, at + opened, stop, 16)
        end = vector.find_any(view, inner, np.minimum(stop, inner + 15), b" ]>):|\t\x1b")
        last = body.skip_spaces(buffer, end, stop, 4)
        closing = np.where(opened, last, end)
        byte = np.where(closing < stop, buffer[np.minimum(closing, stop)], ord(" "))
        shut = (square & (byte == ord("]"))) | (round_ & (byte == ord(")"))) | (angle & (byte == ord(">")))
        capital = (view[inner] & _SMALL & vector.KEEP[np.clip(end - inner, 0, 4)]) == 0
        blank = (byte == ord(" ")) | (byte == ord("|")) | (byte == ord("\t")) | (byte == ESC)
        bare = ~opened & ((byte == ord(":")) | (capital & blank))
        level = level_words(view, inner, end)
        self.level: NDArray[np.int64] = np.where(shut | bare, level, NO_SEVERITY)
        value, digits_end = body.numbers(view, inner)
        number = shut & (square | round_) & (digits_end == end) & (end > inner)
        self.number: NDArray[np.int64] = np.where(number, value, -1)
        colon = closing + shut
        colon = colon + ((colon < stop) & (buffer[np.minimum(colon, stop)] == ord(":")))
        self.after: Positions = np.minimum(colon, stop)
        self.skipped: Positions = _over(view, at, stop, square)


def _over(view: Words, at: Positions, stop: Positions, square: Mask) -> Positions:
    """Behind `[thread]`, or behind a word that ` - ` follows; `at` where neither stands."""
    limit = np.minimum(stop, at + _LONGEST_FIELD)
    close = vector.find_byte(view, np.where(square, at, limit), limit, ord("]"))
    space = vector.find_byte(view, np.where(square, limit, at), limit, ord(" "))
    dash = ~square & (space + 3 < stop) & (view[np.minimum(space, stop)] & vector.KEEP[3] == vector.word(b" - "))
    return np.where(square & (close < limit), close + 1, np.where(dash & (space > at), space + 3, at))


def java(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """As `leveled`, then `[thread] package.Class - text`, `package.Class: text`: the logger is the program."""
    columns = _fields(buffer, view, at, stop)
    process, text = _process(buffer, view, columns, stop)
    for _ in range(3):
        opened = (text < stop) & (buffer[np.minimum(text, stop)] == ord("["))
        limit = np.minimum(stop, text + _LONGEST_FIELD)
        close = vector.find_byte(view, np.where(opened, text, limit), limit, ord("]"))
        opened &= (close < limit) & (columns.severity >= 0)
        if not opened.any():
            break
        text = skip_marks(buffer, view, np.where(opened, close + 1, text), stop)
    name_end, after = _logger(buffer, view, text, stop)
    named = (after > text) & (columns.severity >= 0)
    after = body.skip_spaces(buffer, np.where(named, after, text), stop, 4)
    return columns._replace(
        program_at=text,
        program_end=np.where(named, name_end, text),
        pid=np.where(process >= 0, process, columns.pid),
        text_at=np.minimum(after, stop),
    )


def _process(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Spring Boot's ` 812 --- ` behind the level: the pid, and the position behind it."""
    at = columns.text_at
    value, end = body.numbers(view, at)
    process = (value >= 0) & (view[np.minimum(end, stop)] & vector.KEEP[5] == vector.word(b" --- "))
    return np.where(process, value, -1), np.where(process, body.skip_spaces(buffer, end + 5, stop, 4), at)


def _logger(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """End of a logger's name at `at` and where the text begins; both `at` where none stands."""
    limit = np.minimum(stop, at + _LONGEST_FIELD)
    space = vector.find_byte(view, at, limit, ord(" "))
    wide = body.skip_spaces(buffer, space, stop, 40)
    mark = view[np.minimum(wide, stop)] & vector.KEEP[2]
    apart = (space < limit) & (wide + 2 <= stop) & ((mark == vector.word(b"- ")) | (mark == vector.word(b": ")))
    dot = vector.find_byte(view, at, space, ord("."))
    joined = (space < limit) & (space > at + 1) & (buffer[np.maximum(space - 1, at)] == ord(":")) & (dot < space)
    end = np.where(apart, space, np.where(joined, space - 1, at))
    return end, np.where(apart, wide + 2, np.where(joined, space + 1, at))
