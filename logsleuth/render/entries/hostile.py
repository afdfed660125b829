"""Entries with bytes that must not reach a terminal or a program's input as they are, found many at once."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.formats.vector import Bytes, Mask, Positions
from logsleuth.render.entries.part import Part
from logsleuth.safe import safe

_STEP = 1 << 16
"""Bytes compared at a time: what comes of it stays in the cache."""
_TAB, _LF, _CR, _SPACE, _DEL, _HIGH = 9, 10, 13, 32, 127, 128
# The UTF-8 of the characters that safe.py refuses: first bytes, and the range of the byte after them.
_SEQUENCES = (
    (b"\xc2", 0x80, 0x9F),  # C1
    (b"\xd8", 0x9C, 0x9C),  # U+061C
    (b"\xe2\x80", 0x8B, 0x8B),  # zero width space
    (b"\xe2\x80", 0x8E, 0x8F),  # marks of direction
    (b"\xe2\x80", 0xA8, 0xAE),  # separators of lines, embeddings and overrides of direction
    (b"\xe2\x81", 0xA0, 0xA9),  # invisible operators, isolates of direction
    (b"\xef\xbb", 0xBF, 0xBF),  # byte order mark
    (b"\xef\xbf", 0xB9, 0xBB),  # interlinear annotation
    (b"\xf3\xa0", 0x80, 0x81),  # tags
)


def hostile(part: Part) -> Mask:
    """Rows that hold a control character (tab apart), an invisible or turning one, or a byte that is no UTF-8."""
    mask = np.zeros(len(part.rows), bool)
    if part.batch.plain:
        return mask
    low, high = _span(part)
    text = part.batch.buffer[low:high]
    if native.lib.plain(part.batch.buffer, low, high) if native.lib is not None else _plain(text):
        return mask
    places = [_controls(text)]
    if text.max() >= _HIGH:
        beyond = np.flatnonzero(text >= _HIGH)
        places.append(_sequences(text, beyond))
        mask = _broken(part, text, beyond + low)
    return mask | rows_at(part, np.concatenate(places) + low)


def holding(part: Part, wanted: bytes) -> Positions:
    """Where in the buffer, within the rows' span, any of some bytes stands."""
    low, high = _span(part)
    found = []
    for begin in range(low, high, _STEP):
        text = part.batch.buffer[begin : min(begin + _STEP, high)]
        hits = text == wanted[0]
        for byte in wanted[1:]:
            hits |= text == byte
        found.append(np.flatnonzero(hits) + begin)
    return np.concatenate(found) if found else np.empty(0, np.int64)


def rows_at(part: Part, places: Positions, stop: Positions | None = None) -> Mask:
    """Rows that hold any of some positions of the buffer before their end, or before a `stop` of each."""
    mask = np.zeros(len(part.rows), bool)
    if len(places):
        row = np.searchsorted(part.start, places, side="right") - 1
        mask[row[(row >= 0) & (places < (part.stop if stop is None else stop)[row])]] = True
    return mask


def visible(text: str) -> str:
    r"""A text on one line: what is hostile as an escape, line ends included, a tab as it is.

    Of a run of NULs, which a crash leaves by the thousand, one is shown.
    """
    return "\t".join(safe(part) for part in _one_nul(text).split("\t"))


def lines(text: str) -> list[str]:
    """The lines of an entry, each fit to be shown; a run of NULs ends a line too."""
    cut = re.sub(r"\0(?!\n|\Z)", "\0\n", _one_nul(text.replace("\r\n", "\n")))
    return [visible(line) for line in cut.split("\n")]


def _one_nul(text: str) -> str:
    return re.sub(r"\0{2,}", "\0", text)


def _span(part: Part) -> tuple[int, int]:
    batch = part.batch
    return int(batch.start[part.rows[0]]), int(batch.stop[part.rows[-1]])


def _plain(text: Bytes) -> bool:
    """There is nothing but printable ASCII and line feeds, as in most logs: for that one look is enough."""
    if not len(text) or text.max() >= _DEL:
        return not len(text)
    hits = np.empty(_STEP, bool)
    for begin in range(0, len(text), _STEP):
        some = text[begin : begin + _STEP]
        out = hits[: len(some)]
        controls = np.count_nonzero(np.less(some, _SPACE, out=out))
        if controls != np.count_nonzero(np.equal(some, _LF, out=out)):
            return False
    return True


def _controls(text: Bytes) -> Positions:
    found = np.flatnonzero(((text < _SPACE) & (text != _LF) & (text != _TAB)) | (text == _DEL))
    # A CR before the LF is part of the line's end.
    after = text[np.minimum(found + 1, len(text) - 1)]
    kept: Positions = found[(text[found] != _CR) | (after != _LF)]
    return kept


def _sequences(text: Bytes, beyond: Positions) -> Positions:
    """Where a sequence of the table begins; `beyond` are the places of all bytes that are not ASCII."""
    last = len(text) - 1
    places = []
    for first, low, high in _SEQUENCES:
        found = beyond[text[beyond] == first[0]]
        for k, byte in enumerate(first[1:], 1):
            found = found[text[np.minimum(found + k, last)] == byte]
        after = text[np.minimum(found + len(first), last)]
        places.append(found[(after >= low) & (after <= high)])
    return np.concatenate(places)


def _broken(part: Part, text: Bytes, beyond: Positions) -> Mask:
    """Rows that are not UTF-8."""
    mask = np.zeros(len(part.rows), bool)
    if _is_utf8(bytes(text)):
        return mask
    data = part.batch.buffer.data
    suspects: NDArray[np.int64] = np.flatnonzero(rows_at(part, beyond))
    start, stop = part.start[suspects].tolist(), part.stop[suspects].tolist()
    broken = [not _is_utf8(bytes(data[a:b])) for a, b in zip(start, stop, strict=True)]
    mask[suspects[broken]] = True
    return mask


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
