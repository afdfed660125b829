"""Every format by number, and which of them are tried.

A line's `layout` is an index in `ALL`. The list only ever grows, so that what was read before a user's formats came in
keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import FORMATS
from logsleuth.formats.model import Format
from logsleuth.formats.plain import PLAIN

ALL: list[Format] = [*FORMATS, PLAIN]
_own: list[Format] = []


def use(own: Sequence[Format]) -> None:
    """From now on try these formats of a user, before the shipped ones; to be called before a run's first read."""
    ALL.extend(form for form in own if form not in ALL)
    _own[:] = own


def tried() -> tuple[Format, ...]:
    """The formats that a line or a file may be in, in the order in which they are tried."""
    return (*_own, *FORMATS)


def number(form: Format) -> int:
    """A format's index in `ALL`."""
    # Formats are compared by identity: there are many, and to compare all they hold takes longer than to read a line.
    return next(i for i, other in enumerate(ALL) if other is form)


def table(attribute: str) -> NDArray[np.bool_]:
    """For each layout whether that is true of its format (`heading`) or of its stamp (`yearless`); -1: False."""
    return _table(attribute, len(ALL))


@lru_cache(maxsize=32)
def _table(attribute: str, count: int) -> NDArray[np.bool_]:
    values = [bool(getattr(form if hasattr(form, attribute) else form.stamp, attribute)) for form in ALL[:count]]
    return np.array([*values, False])
