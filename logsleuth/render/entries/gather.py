"""Stretches of a timeline in sizes that are quick to write: calls cost more than few lines, memory more than many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged, Piece
from logsleuth.entries.select import cut

_LINES = 8_000
"""Lines enough that calls no longer count; what is made of 30,000 has left the cache before it is written. The digits
of a file's times go by the stretches that they came in, so all forms and ways of writing have the same."""
_LINES_A_PIECE = 1_000
"""The same for each piece of a stretch: about 0.1 ms go by before its first line."""
_MOST_LINES = 100_000
"""Of hundreds of pieces: half a kilobyte a line is needed while they are written."""
_BYTES = 16 << 20
"""Of buffers that are kept at once: few lines may be wanted out of much that was read."""


def gathered(stretches: Iterable[Merged], lines: int = _LINES) -> Iterator[Merged]:
    """The same entries in the same order, in stretches of about so many lines where memory allows."""
    for merged in _large(stretches, lines):
        step = max(2 * lines, min(_LINES_A_PIECE * len(merged.pieces), _MOST_LINES))
        if len(merged) <= 2 * step:
            yield merged
            continue
        for first in range(0, len(merged), step):
            yield cut(merged, first, min(first + step, len(merged)))


def _large(stretches: Iterable[Merged], lines: int) -> Iterator[Merged]:
    waiting: list[Merged] = []
    count = size = 0
    seen: set[int] = set()
    for merged in stretches:
        waiting.append(merged)
        count += len(merged)
        for batch in (piece.batch for piece in merged.pieces if id(piece.batch) not in seen):
            seen.add(id(batch))
            size += len(batch.buffer)
        if count >= lines or size >= _BYTES:
            yield _joined(waiting)
            waiting, count, size = [], 0, 0
            seen.clear()
    if waiting:
        yield _joined(waiting)


def _joined(stretches: list[Merged]) -> Merged:
    """One stretch, in which what several took from one batch is one piece."""
    if len(stretches) == 1:
        return stretches[0]
    batches: dict[int, Batch] = {}
    rows: dict[int, list[NDArray[np.int64]]] = {}
    for piece in (piece for merged in stretches for piece in merged.pieces):
        batches[id(piece.batch)] = piece.batch
        rows.setdefault(id(piece.batch), []).append(piece.rows)
    pieces = [Piece(batch, np.concatenate(rows[key])) for key, batch in batches.items()]
    # Where the next row of each batch stands when all pieces are laid end to end.
    place = dict(zip(batches, np.cumsum([0, *map(len, (p.rows for p in pieces))]).tolist(), strict=False))
    order = [_places(merged, place) for merged in stretches]
    return Merged(pieces, np.concatenate(order))


def _places(merged: Merged, place: dict[int, int]) -> NDArray[np.int64]:
    """Where the entries of a stretch stand, in its order; `place` is moved on."""
    places = []
    for piece in merged.pieces:
        key = id(piece.batch)
        places.append(np.arange(place[key], place[key] + len(piece.rows)))
        place[key] += len(piece.rows)
    flat = np.concatenate(places)
    return flat if merged.order is None else flat[merged.order]
