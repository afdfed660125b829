"""How the part of a line after its stamp divides: the ways that several formats share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.formats import vector
from logsleuth.formats.model import NO_SEVERITY, SEVERITIES, Columns, empty_columns
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_NAMES = (
    {name: i for i, name in enumerate(SEVERITIES)}
    | {
        "error": 3,
        "warn": 4,
        "critical": 2,
        "panic": 0,
        "fatal": 2,
        "information": 6,
        "trace": 7,
    }
    | {f"trace{n}": 7 for n in range(1, 9)}
)
_WORDS = tuple((vector.word(name.encode()), value) for name, value in _NAMES.items() if len(name) <= 8)
"""The names that fit a word, in the case in which programs write them."""
_SPELLED = np.array([*sorted(word for word, _ in _WORDS), np.uint64((1 << 64) - 1)], np.uint64)
_MEANT = np.array([*(dict(_WORDS)[word] for word in _SPELLED[:-1]), NO_SEVERITY], np.int64)
"""The same in the order of their values; what follows the last is none."""
_LONGEST_TAG = 128
_STAMP_WIDTH = 40
"""No stamp is wider; a priority stands right before it."""


def skip_spaces(buffer: Bytes, at: Positions, stop: Positions, most: int = 8) -> Positions:
    """The first position from `at` on that holds no space."""
    at = at.astype(np.int64)
    if native.lib is not None:
        native.lib.skip_spaces(buffer, at, vector.column(stop), most)
        return at
    for _ in range(most):
        more = (at < stop) & (buffer[at] == ord(" "))
        if not more.any():
            break
        at += more
    return at


def numbers(view: Words, at: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Values of the decimal digits (at most 8) at every position, -1 where none stands; and their ends."""
    if native.lib is not None:
        value, end = np.empty(len(at), np.int64), np.empty(len(at), np.int64)
        native.lib.numbers(view, vector.column(at), value, end)
        return value, end
    count, digits = vector.leading_digits(view[at])
    shift = (np.uint64(8) * (np.uint64(8) - count.astype(np.uint64))) & np.uint64(63)
    value = vector.eight_digits(digits << shift)
    return np.where(count > 0, value, -1), at + count


def severity_names(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> NDArray[np.int64]:
    """Severities of the words [at, stop): the usual ones by comparing all lines at once, the rest one by one."""
    length = np.clip(stop - at, 0, 9)
    words = np.where(length <= 8, view[at] & vector.KEEP[np.minimum(length, 8)], 0)
    place = np.searchsorted(_SPELLED, words)
    out = np.where(_SPELLED[place] == words, _MEANT[place], NO_SEVERITY)
    left = np.flatnonzero((out == NO_SEVERITY) & (length > 0))
    if left.size:
        heads = vector.runs(view[at[left]], length[left].astype(np.uint64))
        data = buffer.data
        ends = np.minimum(stop, at + 16)
        values = [
            _NAMES.get(bytes(data[int(at[row]) : int(ends[row])]).decode("latin-1").lower(), NO_SEVERITY)
            for row in left[heads].tolist()
        ]
        out[left] = np.repeat(np.array(values, np.int64), np.diff(np.append(heads, len(left))))
    return out


def tag(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> tuple[Positions, NDArray[np.int64], Positions]:
    """`PROGRAM[PID]: text`, `PROGRAM: text`: end of the program's name (`at` where there is no tag), pid, text."""
    limit = np.minimum(stop, at + _LONGEST_TAG)
    end = vector.find_any(view, at, limit, b":[ ")
    mark = np.where(end < limit, buffer[end], 0)
    opened = mark == ord("[")
    pid, after = numbers(view, np.where(opened, end + 1, at))
    closed = opened & (pid >= 0) & (buffer[after] == ord("]"))
    # `name[123]:`, but some write `name[123] text`; a colon that ends no word (`a:b`) is not the end of a tag.
    past = np.where(closed, after + 1, end)
    colon = (past < stop) & (buffer[past] == ord(":"))
    bare = (mark == ord(":")) & ((end + 1 >= stop) | (buffer[end + 1] == ord(" ")))
    named = (end > at) & (closed | bare)
    odd = (end > at) & ~named & (mark != ord(" ")) & (mark != 0)
    if odd.any():
        end, pid, past, colon, named = _odd_tags(buffer, at, stop, odd, end, pid, past, colon, named)
    text = skip_spaces(buffer, np.where(named, past + colon, at), stop, 2)
    return np.where(named, end, at), np.where(named & (closed | odd), pid, -1), text


def _odd_tags(
    buffer: Bytes,
    at: Positions,
    stop: Positions,
    odd: Mask,
    end: Positions,
    pid: NDArray[np.int64],
    past: Positions,
    colon: Mask,
    named: Mask,
) -> tuple[Positions, NDArray[np.int64], Positions, Mask, Mask]:
    """Tags with a colon or a bracket inside the name (`foo::bar[1]:`, `app[web.1]:`), one by one."""
    end, pid, past, colon, named = end.copy(), pid.copy(), past.copy(), colon.copy(), named.copy()
    data = buffer.data
    for row in np.flatnonzero(odd).tolist():
        a = int(at[row])
        word = bytes(data[a : min(int(stop[row]), a + _LONGEST_TAG)]).split(b" ", 1)[0]
        if not word.endswith(b":") or len(word) < 2:
            continue
        name, bracket, rest = word[:-1].partition(b"[")
        digits = rest[:-1] if rest.endswith(b"]") else b""
        named[row], colon[row] = True, True
        end[row], past[row] = a + len(name), a + len(word) - 1
        pid[row] = int(digits) if bracket and digits.isdigit() and len(digits) < 10 else -1
    return end, pid, past, colon, named


def severity_before(buffer: Bytes, stamp_end: Positions) -> NDArray[np.int64]:
    """From the priority before the stamp: the last `>` of the line within a stamp's width before its end."""
    window = np.lib.stride_tricks.sliding_window_view(buffer, _STAMP_WIDTH)
    from_ = np.maximum(stamp_end - _STAMP_WIDTH, 0)
    block = window[from_]
    inside = np.arange(_STAMP_WIDTH) < (stamp_end - from_)[:, None]
    back = np.argmax((inside & ((block == ord(">")) | (block == ord("\n"))))[:, ::-1], axis=1)
    close = from_ + _STAMP_WIDTH - 1 - back
    digits = np.stack([buffer[np.maximum(close - k, 0)].astype(np.int64) - 48 for k in (1, 2, 3)])
    good = (digits >= 0) & (digits <= 9)
    value = digits[0] + np.where(good[1], digits[1] * 10, 0) + np.where(good[1] & good[2], digits[2] * 100, 0)
    return np.where(good[0] & (buffer[close] == ord(">")), value & 7, NO_SEVERITY)


def tagged(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` TAG[PID]: text` without a host, as scripts and daemons write into files of their own."""
    at = skip_spaces(buffer, at, stop)
    tag_end, pid, text = tag(buffer, view, at, stop)
    none = np.full(len(at), NO_SEVERITY, np.int64)
    return Columns(at, at, at, tag_end, pid, none, text)


def plain(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:  # noqa: ARG001
    """Text alone."""
    return empty_columns(skip_spaces(buffer, at, stop))


def bracketed(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """Apache's error log after its stamp: ` [level] text` (1.3, 2.2), ` [module:level] [pid 1:tid 2] text` (2.4)."""
    at = skip_spaces(buffer, at, stop)
    limit = np.minimum(stop, at + 64)
    opened = (at < stop) & (buffer[at] == ord("["))
    close = vector.find_byte(view, at, limit, ord("]"))
    opened &= (close < stop) & (buffer[close] == ord("]"))
    colon = vector.find_byte(view, at, close, ord(":"))
    word = np.where(opened, np.where(colon < close, colon + 1, at + 1), at)
    severity = severity_names(buffer, view, word, np.where(opened, close, at))
    # A bracket that holds no level, `[client ...]`, is text.
    opened &= severity >= 0
    text = skip_spaces(buffer, np.where(opened, close + 1, at), stop, 2)
    process = opened & (view[text] & vector.KEEP[5] == vector.word(b"[pid "))
    pid, _ = numbers(view, np.where(process, text + 5, text))
    after = vector.find_byte(view, text, np.minimum(stop, text + 64), ord("]"))
    text = skip_spaces(buffer, np.where(process, np.minimum(after + 1, stop), text), stop, 2)
    none = np.where(opened, severity, NO_SEVERITY)
    return Columns(at, at, at, at, np.where(process, pid, -1), none, text)
