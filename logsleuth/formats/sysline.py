"""What follows the stamp of a syslog line: host, tag, process, and what single syslogds and devices add to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import body, vector
from logsleuth.formats.levels import ESC, level_words, skip_colour
from logsleuth.formats.model import NO_SEVERITY, Columns, columns_of
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_LONGEST_HOST = 256
_LONGEST_CISCO = 100


def _bytes(text: bytes) -> Mask:
    table = np.zeros(256, bool)
    table[np.frombuffer(text, np.uint8)] = True
    return table


_ODD_HOST, _ODD_TAG, _ODD_TEXT = _bytes(b"(-"), _bytes(b"%*:0123456789"), _bytes(b"<%")
_BYTE = np.uint64(0xFF)
_ID = vector.word(b"[ID ")
_JOB = vector.word(b"(com.")
_LAST = vector.word(b"last mes")
_BSD_WIDTH = len("Mar  4 09:15:02")


def syslog(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` HOST TAG[PID]: text`, with FreeBSD's optional `<facility.priority>` before the host (syslogd -v, -vv)."""
    at = body.skip_spaces(buffer, at, stop, 2)
    severity = np.full(len(at), NO_SEVERITY, np.int64)
    mark = buffer[at]
    if (mark == ESC).any():
        at = body.skip_spaces(buffer, skip_colour(buffer, at, stop), stop, 2)
        mark = buffer[at]
    verbose = (at < stop) & (mark == ord("<"))
    if verbose.any():
        at, severity = _facility(buffer, view, at, stop, verbose)
    host_end = vector.find_byte(view, at, np.minimum(stop, at + _LONGEST_HOST), ord(" "))
    tag_at = body.skip_spaces(buffer, host_end, stop, 2)
    tag_end, pid, text = body.tag(buffer, view, tag_at, stop)
    columns = Columns(at, host_end, tag_at, tag_end, pid, severity, text)
    return _odd(buffer, view, _after_facility(buffer, view, columns, stop), stop)


def _after_facility(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Columns:
    """Lines without a tag are looked at again behind a word like the `daemon.err ` that busybox writes before it.

    RouterOS writes `interface,info ` there, and no tag.
    """
    rows = np.flatnonzero((columns.program_end == columns.program_at) & (columns.text_at < stop))
    if not rows.size:
        return columns
    at, end = columns.program_at[rows], stop[rows]
    space = vector.find_byte(view, at, np.minimum(end, at + 40), ord(" "))
    dot = last_of(view, at, space, b".,")
    good = (dot > at) & (dot < space) & (buffer[space] == ord(" "))
    rows, at, end, space, dot = rows[good], at[good], end[good], space[good], dot[good]
    severity = level_words(view, dot + 1, space)
    known = severity >= 0
    rows, end, at = rows[known], end[known], space[known] + 1
    tag_end, pid, text = body.tag(buffer, view, at, end)
    topics = buffer[dot[known]] == ord(",")
    tag_end, pid, text = np.where(topics, at, tag_end), np.where(topics, -1, pid), np.where(topics, at, text)
    out = [column.copy() for column in columns[:7]]
    for column, values in zip(out[2:], (at, tag_end, pid, severity[known], text), strict=True):
        column[rows] = values
    return Columns(out[0], out[1], out[2], out[3], out[4], out[5], out[6])


def prioritized(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """As `syslog`, with the wire's priority `<34>` before the stamp, where one stands there."""
    columns = syslog(buffer, view, at, stop)
    before = body.severity_before(buffer, at)
    return columns._replace(severity=np.where(before >= 0, before, columns.severity))


def bsd(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """As `syslog` behind a stamp `Mmm dd HH:MM:SS`, before which the wire's priority may stand."""
    columns = syslog(buffer, view, at, stop)
    rows = np.flatnonzero(buffer[np.maximum(at, _BSD_WIDTH + 1) - _BSD_WIDTH - 1] == ord(">"))
    if rows.size:
        before = body.severity_before(buffer, at[rows])
        columns.severity[rows] = np.where(before >= 0, before, columns.severity[rows])
    return columns


def _facility(
    buffer: Bytes, view: Words, at: Positions, stop: Positions, verbose: Mask
) -> tuple[Positions, NDArray[np.int64]]:
    """`<2.5> ` or `<mail.notice> `: the position after it, and the severity."""
    dot = vector.find_byte(view, at, np.minimum(stop, at + 16), ord("."))
    close = vector.find_byte(view, at, np.minimum(stop, at + 24), ord(">"))
    good = verbose & (dot < close) & (close < stop) & (buffer[close] == ord(">"))
    number, _ = body.numbers(view, dot + 1)
    named = body.severity_names(buffer, view, np.where(good, dot + 1, at), np.where(good, close, at))
    severity = np.where(number >= 0, np.minimum(number, 7), named)
    after = body.skip_spaces(buffer, np.where(good, close + 1, at), stop, 2)
    return after, np.where(good, severity, NO_SEVERITY)


def last_of(view: Words, at: Positions, stop: Positions, marks: bytes) -> Positions:
    """The last of some marks before a word's end; `stop` where there is none."""
    found = vector.find_any(view, at, stop, marks)
    for _ in range(4):
        later = vector.find_any(view, np.minimum(found + 1, stop), stop, marks)
        if not (later < stop).any():
            break
        found = np.where(later < stop, later, found)
    return found


def _odd(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Columns:
    """Lines of single syslogds and of devices, told by one byte of the host, the tag or the text."""
    word = view[columns.host_at]
    text = view[np.minimum(columns.text_at, stop)]
    odd = _ODD_HOST[(word & _BYTE).astype(np.uint8)] | _ODD_TAG[buffer[columns.program_at]]
    odd |= buffer[columns.host_end - 1] == ord(":")
    odd |= _ODD_TEXT[(text & _BYTE).astype(np.uint8)]
    odd |= (word == _LAST) | ((text & vector.KEEP[4]) == _ID) | ((text & vector.KEEP[5]) == _JOB)
    rows = np.flatnonzero(odd & (columns.host_at < stop))
    if not rows.size:
        return columns
    some = columns_of(columns, rows)
    some = _hosts(buffer, view, some, stop[rows])
    for change in (_solaris, _apple, _cisco):
        some = change(buffer, view, some, stop[rows])
    out = [column.copy() for column in columns[:7]]
    for column, values in zip(out, some[:7], strict=True):
        column[rows] = values
    return Columns(out[0], out[1], out[2], out[3], out[4], out[5], out[6])


def _hosts(buffer: Bytes, view: Words, c: Columns, stop: Positions) -> Columns:
    """`U7LT,f09fc2a1b2c3,v4.3.20:` and `("U7PG2,788a2001,v4.0")` of UniFi; `tag[7]:` without a host; `---`, `-`."""
    final = buffer[np.maximum(c.host_end, 1) - 1]
    comma = vector.find_byte(view, c.host_at, c.host_end, ord(",")) < c.host_end
    quoted = (buffer[c.host_at] == ord("(")) & (final == ord(")")) & (c.host_end - c.host_at > 4)
    at = c.host_at + 2 * quoted
    end = c.host_end - 2 * quoted - (comma & (final == ord(":")))
    # syslogd of macOS: `--- last message repeated 3 times ---`.
    rule = (view[c.host_at] & vector.KEEP[4]) == vector.word(b"--- ")
    # Records of binary stores that name no host.
    nil = (view[c.host_at] & vector.KEEP[2]) == vector.word(b"- ")
    bare = (final == ord(":")) & ~comma & (c.host_end - c.host_at > 1)
    tag_end, pid, text = body.tag(buffer, view, c.host_at, stop)
    bare &= tag_end > c.host_at
    # A log that names no hosts: `last message repeated 3 times`.
    again = view[c.host_at] == _LAST
    nobody = bare | rule | nil | again
    at = at + nil
    return Columns(
        at,
        np.where(nobody, at, end),
        np.where(bare, c.host_at, c.program_at),
        np.where(bare, tag_end, c.program_end),
        np.where(bare, pid, c.pid),
        c.severity,
        np.where(again, c.host_at, np.where(bare, text, c.text_at)),
    )


def _solaris(buffer: Bytes, view: Words, c: Columns, stop: Positions) -> Columns:
    """`[ID 702911 daemon.error] ` before the text, as syslogd of Solaris 7 and later writes it (msgid(1M))."""
    at = c.text_at
    close = vector.find_byte(view, at, np.minimum(stop, at + 48), ord("]"))
    dot = vector.find_byte(view, at, close, ord("."))
    good = ((view[np.minimum(at, stop)] & vector.KEEP[4]) == vector.word(b"[ID ")) & (dot < close) & (close < stop)
    level = level_words(view, np.where(good, dot + 1, at), np.where(good, close, at))
    text = body.skip_spaces(buffer, np.minimum(close + 1, stop), stop, 2)
    return c._replace(
        severity=np.where(good & (level >= 0), level, c.severity), text_at=np.where(good, text, c.text_at)
    )


def _apple(buffer: Bytes, view: Words, c: Columns, stop: Positions) -> Columns:
    """`<Error>: ` before the text, as ASL's standard format of macOS has it; the kernel's `<6>` before its own.

    launchd names the job that it speaks of before it, ` (com.example.job) <Warning>: `.
    """
    at = c.text_at
    job = (at < stop) & (buffer[np.minimum(at, stop)] == ord("("))
    behind = vector.find_byte(view, np.where(job, at, stop), np.minimum(stop, at + _LONGEST_HOST), ord(")")) + 2
    at = np.where(job, np.minimum(behind, stop), at)
    close = vector.find_byte(view, at, np.minimum(stop, at + 12), ord(">"))
    good = (at < stop) & (buffer[np.minimum(at, stop)] == ord("<")) & (close < stop) & (buffer[close] == ord(">"))
    colon = good & (close + 1 < stop) & (buffer[np.minimum(close + 1, stop)] == ord(":"))
    word = level_words(view, np.where(colon, at + 1, at), np.where(colon, close, at))
    digit = buffer[np.minimum(at + 1, stop)].astype(np.int64) - ord("0")
    number = good & ~job & (close == at + 2) & (digit >= 0) & (digit <= 7)
    level = np.where(number, digit, word)
    text = body.skip_spaces(buffer, np.minimum(close + 1 + colon, stop), stop, 2)
    return c._replace(
        severity=np.where(level >= 0, level, c.severity), text_at=np.where((level >= 0) & ~job, text, c.text_at)
    )


def _cisco(buffer: Bytes, view: Words, c: Columns, stop: Positions) -> Columns:
    """`%LINK-3-UPDOWN: text`, with a number and the device's own stamp before it or not: the text begins at the `%`."""
    tag = buffer[c.program_at]
    stamped = ((tag >= ord("0")) & (tag <= ord("9"))) | (tag == ord("*")) | (tag == ord(":"))
    at = np.where(stamped | (tag == ord("%")), c.program_at, c.text_at)
    limit = np.minimum(stop, at + np.where(stamped, _LONGEST_CISCO, 1))
    sign = vector.find_byte(view, at, limit, ord("%"))
    severity = mnemonic(buffer, view, np.minimum(sign, stop), stop)
    good = (sign < limit) & (severity >= 0)
    text = np.where(good, sign, c.text_at)
    # Behind `mgd[812]: ` the tag is the program's, else there is none.
    tagged = good & (at == c.text_at) & (c.pid >= 0)
    return c._replace(
        severity=np.where(good & (c.severity < 0), severity, c.severity),
        program_end=np.where(good & ~tagged, c.program_at, c.program_end),
        text_at=text,
    )


def mnemonic(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> NDArray[np.int64]:
    """Severity of `%FACILITY-SEVERITY-MNEMONIC: ` at `at`; NO_SEVERITY where none stands there."""
    end = vector.find_any(view, at, np.minimum(stop, at + 64), b": ")
    severity = np.full(len(at), NO_SEVERITY, np.int64)
    dash = at
    for _ in range(4):
        dash = vector.find_byte(view, np.minimum(dash + 1, end), end, ord("-"))
        digit = buffer[np.minimum(dash + 1, stop)].astype(np.int64) - ord("0")
        good = (dash + 2 < end) & (digit >= 0) & (digit <= 7) & (buffer[np.minimum(dash + 2, stop)] == ord("-"))
        severity = np.where(good & (severity < 0), digit, severity)
    return np.where((at < stop) & (buffer[at] == ord("%")), severity, NO_SEVERITY)


BODIES = (syslog, bsd, prioritized)
"""Those behind whose host the line reads `PROGRAM[PID]: TEXT`."""
