"""Whether the day or the month comes first, where a file's first lines would let a stamp of numbers be read both ways.

What tells, the surest first: lines that only one way reads, lines that would run backwards, a last line of the day on
which the file was changed last.
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
_BEHIND = "-day-first"
_LATE = 2 * DAY
"""A file is changed when its last line is written; its zone is not known yet."""


class Settled(NamedTuple):
    """A format, and whether anything tells that it is not the other way."""

    format: Format
    sure: bool


@cache
def twin(form: Format) -> Format | None:
    """The format that reads the same stamps with day and month the other way round."""
    for other in FORMATS:
        if _BEHIND in {form.name.removeprefix(other.name), other.name.removeprefix(form.name)}:
            return other
        if form.body is other.body and _template(other) == _swapped(_template(form)) != "":
            return other
    return None


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
    back, their_back = _backwards(ours), _backwards(theirs)
    if back != their_back and form.ordered:
        return Settled(form if back < their_back else other, sure=True)
    if changed is not None:
        near, their_near = (abs(int(walls[-1]) - changed) < _LATE for walls in (ours, theirs))
        if near != their_near:
            return Settled(form if near else other, sure=True)
    return Settled(form, sure=False)


def _read(form: Format, *pieces: bytes) -> NDArray[np.int64]:
    walls = []
    for piece in pieces:
        lines = lines_of(piece)
        got = form.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
        walls.append(got.wall[got.valid])
    return np.concatenate(walls)


def _backwards(walls: NDArray[np.int64]) -> int:
    return int((np.diff(walls) < -DAY).sum())
