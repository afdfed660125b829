"""Entries of the timeline for the drawing: columns as packed bytes, texts as one packed text, never a node a line."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries.drawn import Drawn
from logsleuth.narrative import safe
from logsleuth.records import dataclass
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined


@dataclass(frozen=True, slots=True)
class Packed:
    """Columns of all entries in the order of time, and the lanes that they lie on."""

    said: str
    """How many there are, and how they were chosen."""
    lanes: tuple[tuple[str, str], ...]
    """(host, stream)."""
    first: float
    last: float
    """Milliseconds since 1970."""
    lane: NDArray[np.uint16]
    """Index in `lanes`."""
    columns: tuple[NDArray[Any], ...]
    """Milliseconds since the entry before (f8), number of the line (u4), index in `files` (u2), severity (u1)."""
    files: tuple[str, ...]
    texts: bytes
    """A line each, packed by zlib."""

    def document(self, numbers: list[int]) -> dict[str, Any]:
        """What the script reads first; `numbers` are those of the lanes on the page."""
        return {
            "count": len(self.lane),
            "first": self.first,
            "last": self.last,
            "files": self.files,
            "lanes": numbers,
        }

    def markup(self) -> Markup:
        """Columns and texts in elements that are never run; base64 cannot end them."""
        time, line, file, severity = self.columns
        whole = b"".join(np.ascontiguousarray(c).tobytes() for c in (time, line, self.lane, file, severity))
        return joined(_element("event-columns", zlib.compress(whole, 6)), _element("event-texts", self.texts))


def packed(drawn: Drawn, leaf: Leaf) -> Packed | None:
    """The entries that were chosen; None where there are none."""
    if not len(drawn.time):
        return None
    times = drawn.time // 1_000_000
    lanes = list(dict.fromkeys(zip(drawn.host.tolist(), drawn.log.tolist(), strict=True)))
    by_key: dict[tuple[str, str], int] = {}
    number = {}
    for host, log in lanes:
        key = (drawn.hosts[host], drawn.streams[log])
        number[host, log] = by_key.setdefault(key, len(by_key))
    lane = [number[key] for key in zip(drawn.host.tolist(), drawn.log.tolist(), strict=True)]
    shown, whole = leaf.teller.number(len(drawn.time)), leaf.teller.number(drawn.total)
    phrase = "html.events_all" if len(drawn.time) == drawn.total else "html.events_some"
    return Packed(
        leaf.say(phrase, shown=shown, all=whole),
        tuple(by_key),
        float(times[0]),
        float(times[-1]),
        np.array(lane, np.uint16),
        (
            np.diff(times, prepend=times[0]).astype("<f8"),
            drawn.line.astype("<u4"),
            drawn.log.astype("<u2"),
            drawn.severity.astype("u1"),
        ),
        tuple(leaf.names.short(f) for f in drawn.files),
        zlib.compress("\n".join(map(safe, drawn.texts)).encode("utf-8", "backslashreplace"), 6),
    )


def _element(name: str, data: bytes) -> Markup:
    text = base64.b64encode(data).decode()
    return Markup(f'<script type="application/octet-stream" id="{name}">{text}</script>')
