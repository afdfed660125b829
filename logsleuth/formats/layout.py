r"""The part of a line after its stamp, spelled as a line with names in it: ` {program}[{pid}]: {severity} {message}`.

Names are `host`, `program`, `pid`, `severity` and `message`; `{}` is passed over. A name ends where the text after it
begins. A blank stands for one or more, `\n` for a line's end and the blanks after it (see `Format.heading`). All lines
are divided at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.model import NO_SEVERITY, Body, Columns, empty_columns
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

NAMES = ("host", "program", "pid", "severity", "message")
STATUS = "status"
"""An HTTP status: gives the severity, in the formats of access logs."""
_PIECE = lazy_pattern(r"\{(\w*)\}|([^{}]+)")
_PART = lazy_pattern(rb" +|\n|[^ \n]+")
_AFTER = lazy_pattern(rb" +|\n|[^ \n]+ ?")
_ROUNDS = 8
"""How often the first byte of a text may stand in a name before the text itself is met."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A name, or a text that stands between two."""

    name: str | None
    text: bytes = b""


@dataclass(slots=True)
class Walk:
    """Lines on their way through the pieces."""

    buffer: Bytes
    view: Words
    begin: Positions
    at: Positions
    stop: Positions
    fits: Mask
    found: dict[str, tuple[Positions, Positions]] = field(default_factory=dict)


def pieces(notation: str, also: tuple[str, ...] = ()) -> tuple[Piece, ...]:
    """The names and texts of a notation; ValueError says what is wrong with one. `also`: more names it may hold."""
    out: list[Piece] = []
    seen: set[str] = set()
    for match in _PIECE.finditer(notation):
        name, text = match[1], match[2]
        if name is None:
            out.append(Piece(None, text.encode()))
            continue
        if out and out[-1].name is not None:
            raise ValueError(f"{{{out[-1].name}}} and {{{name}}} have no text between them that would tell them apart")
        if name and name not in (*NAMES, *also):
            known = ", ".join((*NAMES, *also))
            raise ValueError(f"there is no part {{{name}}}; there are {known}, and {{}} for what is skipped")
        if name and name in seen:
            raise ValueError(f"{{{name}}} stands twice")
        seen.add(name)
        out.append(Piece(name))
    if _PIECE.sub("", notation):
        raise ValueError("a brace stands alone; write {} around the name of a part")
    return tuple(out)


def layout(*notations: str, severities: Mapping[str, int] | None = None, strict: bool = True) -> Body:
    """The body of a format: each line is divided by the first notation that fits it; one that none fits is all text.

    `severities` are words of the program's own, at most eight bytes each. `strict`: a line whose severity is none of
    those nor a usual one does not fit.
    """
    return divided([pieces(notation) for notation in notations], severities, strict=strict)


def divided(
    made: Sequence[tuple[Piece, ...]], severities: Mapping[str, int] | None = None, *, strict: bool = True
) -> Body:
    """As `layout`, of notations taken apart already."""
    words = severity_words(severities)

    def split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
        whole = body.skip_spaces(buffer, at, stop)
        out = [column.copy() for column in empty_columns(whole)[:7]]
        rest = np.arange(len(at))
        for wanted in made:
            if not rest.size:
                break
            walk = follow(wanted, buffer, view, at[rest], stop[rest])
            got = columns(walk, words, strict=strict)
            rows = rest[walk.fits]
            for column, values in zip(out, got[:7], strict=True):
                column[rows] = values[walk.fits]
            rest = rest[~walk.fits]
        return Columns(out[0], out[1], out[2], out[3], out[4], out[5], out[6])

    return split


Severities = list[tuple[np.uint64, int]]


def severity_words(severities: Mapping[str, int] | None) -> Severities:
    """Words of a program's own for severities, at most eight bytes each."""
    return [(vector.word(name.encode()), value) for name, value in (severities or {}).items()]


def follow(wanted: tuple[Piece, ...], buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Walk:
    """Walk all lines through the pieces; `fits` says which came through, `at` where each then stands."""
    at = np.minimum(at, stop)
    walk = Walk(buffer, view, at, at, stop, np.ones(len(at), bool))
    for number, piece in enumerate(wanted):
        if piece.name is None:
            _pass(walk, piece.text)
            continue
        after = wanted[number + 1].text if number + 1 < len(wanted) else b""
        end = _find(walk, after) if after else stop
        if after:
            walk.fits &= end < stop
        if piece.name:
            walk.found[piece.name] = (walk.at, end)
            if piece.name not in {"message", "stamp"}:
                blank = vector.find_byte(view, walk.at, np.minimum(end, walk.at + 256), ord(" "))
                walk.fits &= (blank >= end) & (end > walk.at)
        walk.at = end
    return walk


def _pass(walk: Walk, text: bytes) -> None:
    for part in _PART.findall(text):
        if part[:1] == b" ":
            at = body.skip_spaces(walk.buffer, walk.at, walk.stop, 24)
            walk.fits &= at > walk.at
        elif part == b"\n":
            at = walk.at + ((walk.at < walk.stop) & (walk.buffer[walk.at] == ord("\r")))
            walk.fits &= (at < walk.stop) & (walk.buffer[at] == ord("\n"))
            at = body.skip_spaces(walk.buffer, np.minimum(at + 1, walk.stop), walk.stop, 24)
        else:
            walk.fits &= vector.starts(walk.view, walk.at, part)
            at = walk.at + len(part)
            walk.fits &= at <= walk.stop
        walk.at = np.minimum(at, walk.stop)


def _find(walk: Walk, text: bytes) -> Positions:
    """Where the text after a name begins; `stop` where it does not come."""
    part = _AFTER.findall(text)[0]
    part = part[:1] if part[:1] in {b" ", b"\n"} else part
    end = vector.find_byte(walk.view, walk.at, walk.stop, part[0])
    for _ in range(_ROUNDS if len(part) > 1 else 0):
        wrong = np.flatnonzero((end < walk.stop) & ~vector.starts(walk.view, end, part))
        if not wrong.size:
            break
        end[wrong] = vector.find_byte(walk.view, end[wrong] + 1, walk.stop[wrong], part[0])
    if part == b"\n":
        end = end - ((end > walk.at) & (end < walk.stop) & (walk.buffer[end - 1] == ord("\r")))
    return end


def columns(walk: Walk, words: Severities, *, strict: bool) -> Columns:
    """What was found, as columns."""
    # What is missing lies between its neighbours, for the parts are wanted in their order.
    host_at, host_end = walk.found.get("host", (walk.begin, walk.begin))
    program_at, program_end = walk.found.get("program", (host_end, host_end))
    text_at, _ = walk.found.get("message", (walk.at, walk.at))
    if STATUS in walk.found and "message" not in walk.found:
        # All of a request's line is its message.
        text_at = body.skip_spaces(walk.buffer, walk.begin, walk.stop)
    pid = np.full(len(walk.at), -1, np.int64)
    if "pid" in walk.found:
        at, end = walk.found["pid"]
        pid, after = body.numbers(walk.view, at)
        walk.fits &= (after == end) | (not strict)
        pid = np.where(after == end, pid, -1)
    severity = np.full(len(walk.at), NO_SEVERITY, np.int64)
    if "severity" in walk.found:
        severity = _severity(walk, words)
        if strict:
            walk.fits &= severity >= 0
    elif STATUS in walk.found:
        status, _ = body.numbers(walk.view, walk.found[STATUS][0])
        severity = np.select([status >= 500, status >= 400, status >= 100], [3, 4, 6], NO_SEVERITY)
    return Columns(host_at, host_end, program_at, program_end, pid, severity, text_at)


def _severity(walk: Walk, words: Severities) -> NDArray[np.int64]:
    at, end = walk.found["severity"]
    length = np.clip(end - at, 0, 9)
    word = np.where(length <= 8, walk.view[at] & vector.KEEP[np.minimum(length, 8)], 0)
    out = np.full(len(at), NO_SEVERITY, np.int64)
    for own, value in words:
        out[word == own] = value
    left = np.flatnonzero(out == NO_SEVERITY)
    if left.size:
        out[left] = body.severity_names(walk.buffer, walk.view, at[left], end[left])
    return out
