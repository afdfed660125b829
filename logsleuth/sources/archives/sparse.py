"""Files with holes in a tar (GNU tar manual, "Storing Sparse Files"): where the bytes between the holes lie."""

from __future__ import annotations

from itertools import pairwise

from logsleuth.sources.archives.forward import Forward
from logsleuth.sources.archives.member import Extents

_BLOCK = 512
_MOST = 1 << 16
"""Stretches of one file."""


def laid(source: Forward, header: bytes | None, told: dict[str, bytes], stored: int) -> tuple[int, Extents] | None:
    """The size of the whole file and its stretches; None if the map makes no sense.

    `header` is that of a GNU 'S' member; the pax formats 0.0, 0.1 and 1.0 stand in `told`. Reads the map where it
    stands before the bytes.
    """
    try:
        if header is not None:
            size, numbers = _in_header(source, header)
        elif told.get("GNU.sparse.major") == b"1":
            start = source.place
            size, numbers = int(told["GNU.sparse.realsize"]), _before_data(source)
            stored -= source.place - start
        else:
            size = int(told.get("GNU.sparse.size") or told["GNU.sparse.realsize"])
            numbers = [int(n) for n in told.get("GNU.sparse.map", b"").split(b",") if n]
    except (ValueError, KeyError):
        return None
    return _extents(size, numbers, source.place, stored)


def _extents(size: int, numbers: list[int], at: int, stored: int) -> tuple[int, Extents] | None:
    if len(numbers) % 2 or len(numbers) > 2 * _MOST:
        return None
    out = []
    begin = at
    for here, length in zip(numbers[::2], numbers[1::2], strict=True):
        if here < 0 or length < 0 or here + length > size:
            return None
        if length:
            out.append((here, at, length))
        at += length
    apart = all(a[0] + a[2] <= b[0] for a, b in pairwise(out))
    return (size, tuple(out)) if apart and at - begin <= stored else None


def _in_header(source: Forward, header: bytes) -> tuple[int, list[int]]:
    numbers = _pairs(header[386:482])
    more = header[482]
    while more and len(numbers) < 2 * _MOST:
        block = source.read(_BLOCK)
        if len(block) < _BLOCK:
            raise ValueError
        numbers += _pairs(block[:504])
        more = block[504]
    return _number(header[483:495]), numbers


def _pairs(raw: bytes) -> list[int]:
    fields = [raw[i : i + 12] for i in range(0, len(raw), 12)]
    pairs = zip(fields[::2], fields[1::2], strict=True)
    return [_number(field) for pair in pairs if pair[1].strip(b"\0 ") for field in pair]


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    return int(field.split(b"\0", 1)[0].strip() or b"0", 8)


def _before_data(source: Forward) -> list[int]:
    """Format 1.0: a count and the numbers, each on a line, filled up to whole blocks."""
    text = b""
    while True:
        block = source.read(_BLOCK)
        if len(block) < _BLOCK or len(text) > 64 * _MOST:
            raise ValueError
        text += block
        count, newline, rest = text.partition(b"\n")
        if newline and rest.count(b"\n") >= 2 * int(count):
            return [int(line) for line in rest.split(b"\n")[: 2 * int(count)]]
