"""Instants as local ISO 8601, many at once."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from logsleuth import native
from logsleuth.clock.offsets import SECOND, UNKNOWN, Offsets
from logsleuth.formats import vector

Matrix = NDArray[np.uint8]
Times = NDArray[np.int64]

_DAY = 86_400


def _times_of_day() -> NDArray[np.uint64]:
    """`HH:MM:SS` of every second of a day, each as one word."""
    second = np.arange(_DAY)
    out = np.full((_DAY, 8), ord(":"), np.uint8)
    for at, value in ((0, second // 3600), (3, second // 60 % 60), (6, second % 60)):
        out[:, at], out[:, at + 1] = ord("0") + value // 10, ord("0") + value % 10
    words: NDArray[np.uint64] = out.view("<u8").reshape(-1)
    return words


class Display:
    """A zone's clock: times to `2008-12-17T15:19:41.250+09:00`."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self._offsets = Offsets(zone)
        self._of_day = _times_of_day()
        self._digits: dict[int, int] = {}

    def digits(self, log: int, times: Times) -> int:
        """Digits of the fractions of a log's times: as many as any so far has needed, 0, 3, 6 or 9."""
        if native.lib is not None:
            self._digits[log] = max(native.lib.digits(vector.column(times)), self._digits.get(log, 0))
            return self._digits[log]
        fraction = (times % SECOND)[times != UNKNOWN]
        needed = 0
        if fraction.any():
            needed = 3 if not (fraction % 1_000_000).any() else 6 if not (fraction % 1000).any() else 9
        self._digits[log] = max(needed, self._digits.get(log, 0))
        return self._digits[log]

    def told(self, log: int) -> int:
        """Digits that a log's times have needed so far."""
        return self._digits.get(log, 0)

    def minutes(self, times: Times) -> Times:
        """How far the zone's clock is ahead of UTC at each time, or one number for all.

        Old zones may be off by seconds, which ISO 8601 cannot say: the clock is then shown by whole minutes.
        """
        if not len(times):
            return np.zeros(1, np.int64)
        if int(times.min()) == UNKNOWN:
            times = np.where(times == UNKNOWN, max(int(times.max()), 0), times)
        only = self._offsets.steady(int(times.min()), int(times.max()))
        if only is not None:
            return np.array([only // 60])
        ahead: Times = (self._offsets.from_utc(times) - times) // (60 * SECOND)
        return ahead

    def matrix(self, times: Times, digits: int, before: bytes = b"", after: bytes = b"") -> Matrix:
        """A row for each time, with the same text before and after all of them; unknown times give nonsense."""
        times = np.where(times == UNKNOWN, 0, times)
        local = self._offsets.from_utc(times)
        # Old zones may be off by seconds, which ISO 8601 cannot say: the clock is then shown by whole minutes.
        offset = (local - times) // (60 * SECOND)
        seconds, fraction = np.divmod(times + offset * (60 * SECOND), SECOND)
        day, second = np.divmod(seconds, _DAY)
        zone_at = 19 + (digits + 1 if digits else 0)
        heads = vector.runs(day.view(np.uint64), offset.view(np.uint64))
        rows = [_template(int(day[h]), int(offset[h]), zone_at) for h in heads.tolist()]
        out = _repeated([before + row + after for row in rows], heads, len(times))
        _words(out, len(before) + 11)[:] = self._of_day[second]
        if digits:
            _write_fraction(out, len(before) + 20, fraction, digits)
        return out


def _template(day: int, offset: int, zone_at: int) -> bytes:
    date = str(np.datetime64(day, "D"))
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    return f"{date + 'T':.<{zone_at}}{sign}{minutes // 60:02}:{minutes % 60:02}".encode()


def _repeated(rows: list[bytes], heads: NDArray[np.int64], count: int) -> Matrix:
    """A matrix in which each row stands from its head to the next one."""
    out = np.empty((count, len(rows[0]) if rows else 0), np.uint8)
    for row, first, last in zip(rows, heads.tolist(), [*heads.tolist()[1:], count], strict=True):
        out[first:last] = np.frombuffer(row, np.uint8)
    return out


def _words(out: Matrix, column: int) -> NDArray[np.uint64]:
    """Eight columns of a matrix as one word a row."""
    return np.ndarray((out.shape[0],), "<u8", out.data, column, (out.shape[1],))


def _write_fraction(out: Matrix, column: int, fraction: Times, digits: int) -> None:
    value = fraction // 10 ** (9 - digits)
    for k in reversed(range(digits)):
        value, digit = np.divmod(value, 10)
        out[:, column + k] = digit + ord("0")


def decimals(
    values: NDArray[np.int64], before: bytes = b"", after: bytes = b""
) -> tuple[Matrix, NDArray[np.int64], NDArray[np.int64]]:
    """Numbers (0 and up) in decimal between two texts, the first of at most 8 bytes.

    The bytes, and where in them each begins and ends.
    """
    digits = len(str(int(values.max(initial=0))))
    width = 8 + digits + -digits % 4 + len(after)
    out = np.empty((len(values), width), np.uint8)
    out[:, width - len(after) :] = np.frombuffer(after, np.uint8)
    rest = values
    for column in range(width - len(after) - 4, 7, -4):
        rest, four = np.divmod(rest, 10_000)
        np.ndarray((len(values),), "<u4", out.data, column, (width,))[:] = _FOUR_DIGITS[four]
    length = np.ones(len(values), np.int64)
    for k in range(1, digits):
        length += values >= 10**k
    end = np.arange(1, len(values) + 1) * width
    flat, at = out.reshape(-1), end - len(after) - length
    if before:
        # A word that ends where the number begins; what stands before the text in it is part of no string.
        vector.words(flat)[at - 8] = vector.word(before.rjust(8))
    return flat, at - len(before), end


def _four_digits() -> NDArray[np.uint32]:
    """`0000` to `9999`, each as one word."""
    number = np.arange(10_000)
    columns = [ord("0") + number // 10**k % 10 for k in (3, 2, 1, 0)]
    words: NDArray[np.uint32] = np.stack(columns, axis=1).astype(np.uint8).view("<u4").reshape(-1)
    return words


_FOUR_DIGITS = _four_digits()
