"""The line as it stands in the file, beside a message that is part of it."""

from __future__ import annotations

import numpy as np

from logsleuth.formats.registry import table
from logsleuth.render.entries.as_json import JSON, inner
from logsleuth.render.entries.escaped import Escaped
from logsleuth.render.entries.hostile import hostile
from logsleuth.render.entries.lay import replaced, rewritten
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool


def original(pool: Pool, part: Part, e: Escaped) -> list[Index]:
    """Whole entries to stand between the quotes of a JSON string; their line ends are LF."""
    if part.original is not None:
        return [_whole(pool, part.original)]
    # Behind what comes before it in the line, the message is a string that the pool has already.
    text_at = e.fields.columns.text_at
    before = pool.columns(part.batch.buffer, part.start, text_at)[0]
    # What stands before it may be a line of its own.
    odd = e.odd | table("heading")[part.layout]
    if odd.any():
        before[odd] = rewritten(part, part.start, text_at, odd, inner, pool)
    return [before, e.fields.text]


def _whole(pool: Pool, part: Part) -> Index:
    """The entries of a format whose messages were written out anew, which is one full of quotes."""
    odd = hostile(part)
    index = np.empty(len(odd), np.int64)
    if not odd.all():
        index[~odd] = replaced(part, part.start, ~odd, JSON.replaced, pool)
    if odd.any():
        index[odd] = rewritten(part, part.start, part.stop, odd, inner, pool)
    return index
