"""Whether the day or the month comes first, where a file's first lines would let a stamp of numbers be read both ways.

What tells, the surest first: lines that only one way reads, lines that would run backwards, a last line of the day on
which the file was changed last. The same tells which language's months stamps name, where one name stands for other
months in two of them (`local_syslog`).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import FORMATS
from logsleuth.formats.model import Format
from logsleuth.formats.split import lines_of
from logsleuth.formats.stamp import DAY, Stamp
from logsleuth.lazy import lazy_pattern

_NUMBERS = lazy_pattern(r"(?:DD|D)(?P<mark>[/.-])(?:MM|M)\b|(?:MM|M)(?P<mark2>[/.-])(?:DD|D)\b")
_CROATIAN = "-croatian"
_BEHIND = {"-day-first", _CROATIAN}
_LATE = 2 * DAY
"""A file is changed when its last line is written; its zone is not known yet."""
_YEAR = 31_556_952 * 10**9
"""On average."""
_DAY_OR_MONTH = "nothing in it tells whether the day or the month comes first in its stamps: the more usual is taken"
_LANGUAGE = (
    "nothing in it tells whether its stamps name months in Croatian or in another language, in which lip, srp and lis "
    "are other months: the more widespread is taken"
)


class Settled(NamedTuple):
    """A format, and whether anything tells that it is not the other way."""

    format: Format
    sure: bool


@cache
def twin(form: Format) -> Format | None:
    """The format that reads the same stamps with day and month the other way round, or as other months."""
    for other in FORMATS:
        if _BEHIND & {form.name.removeprefix(other.name), other.name.removeprefix(form.name)}:
            return other
        if form.body is other.body and _template(other) == _swapped(_template(form)) != "":
            return other
    return None


def doubt(form: Format) -> str:
    """What is assumed where a format is taken and nothing tells that it is not its twin."""
    other = twin(form)
    return _LANGUAGE if other is not None and _in_croatian(form, other) else _DAY_OR_MONTH


def _in_croatian(form: Format, other: Format) -> bool:
    return form.name.endswith(_CROATIAN) or other.name.endswith(_CROATIAN)


def _template(form: Format) -> str:
    return form.stamp.template if isinstance(form.stamp, Stamp) else ""


def _swapped(template: str) -> str:
    found = _NUMBERS.search(template)
    if not found:
        return ""
    mark = found["mark"] or found["mark2"]
    first, second = found[0].split(mark)
    return template.replace(found[0], f"{second}{mark}{first}", 1)


def settled(form: Format, head: bytes, later: bytes, changed: int | None) -> Settled:
    """The way that fits a file's first and later lines, whole ones, and its last change (UTC nanoseconds)."""
    other = twin(form)
    if other is None:
        return Settled(form, sure=True)
    ours, theirs = _read(form, head, later), _read(other, head, later)
    if len(ours) != len(theirs):
        return Settled(form if len(ours) > len(theirs) else other, sure=True)
    if (ours == theirs).all():
        return Settled(form, sure=True)
    return _borne_out(form, other, ours, theirs, changed)


def _borne_out(
    form: Format, other: Format, ours: NDArray[np.int64], theirs: NDArray[np.int64], changed: int | None
) -> Settled:
    """Of two ways that read the same lines the one that these bear out, by the order or months of all of them."""
    if _in_croatian(form, other) and _mixed(ours, theirs):
        return Settled(form if form.name.endswith(_CROATIAN) else other, sure=True)
    back, their_back = _backwards(ours), _backwards(theirs)
    if back != their_back and form.ordered:
        return Settled(form if back < their_back else other, sure=True)
    if changed is not None:
        near, their_near = (_apart(form, int(walls[-1]), changed) < _LATE for walls in (ours, theirs))
        if near != their_near:
            return Settled(form if near else other, sure=True)
    return Settled(form, sure=False)


def _apart(form: Format, wall: int, changed: int) -> int:
    """Between a stamp and the file's last change, in nanoseconds; of one without a year, to the nearest year's."""
    apart = abs(wall - changed)
    return min(apart % _YEAR, -apart % _YEAR) if form.stamp.yearless else apart


def _read(form: Format, *pieces: bytes) -> NDArray[np.int64]:
    walls = []
    for piece in pieces:
        lines = lines_of(piece)
        got = form.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
        walls.append(got.wall[got.valid])
    return np.concatenate(walls)


def _mixed(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> bool:
    """Other languages than Croatian have `lip` for July, or `srp` for August and `pro` for December, never both."""
    later = np.maximum(ours, theirs)  # every doubtful month is a later one in them
    met = set((later // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1)
    return 7 in met and not met.isdisjoint({8, 12})


def _backwards(walls: NDArray[np.int64]) -> int:
    return int((np.diff(walls) < -DAY).sum())
