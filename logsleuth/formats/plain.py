"""Text without stamps: a console capture, a bare list of kernel messages, a pasted snippet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logsleuth.formats import body
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words


@dataclass(frozen=True)
class _NoStamp:
    """No line has a stamp: every line is an entry of its own, at a time unknown."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        none = np.zeros(len(start), np.int64)
        return Stamps(np.zeros(len(start), bool), none, none + NO_ZONE, start)


PLAIN = Format(
    name="plain",
    about="text without stamps",
    stamp=_NoStamp(),
    body=body.tagged,
    samples=(
        b"Copyright (c) 1992-2021 The FreeBSD Project.",
        b"da0: <ATA WDC 0820> Fixed Direct Access device",
    ),
    kind="plain",
)
