"""Lines said token by token: a text that all of them share, or a string for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats.vector import Mask
from logsleuth.render.entries.escaped import Escaped
from logsleuth.render.entries.lay import Write, choice, numbers, shared
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Index, Pool

Token = bytes | Index
Tokens = list[Token]


def laid_out(pool: Pool, part: Part, tokens: Sequence[Token]) -> Index:
    """The tokens as an index, a row for each entry; texts that stand next to each other become one."""
    columns: list[Index] = []
    waiting = b""
    for token in tokens:
        if isinstance(token, bytes):
            waiting += token
            continue
        if waiting:
            columns.append(np.full(len(part.rows), pool.constant(waiting)))
            waiting = b""
        columns.append(token)
    if waiting:
        columns.append(np.full(len(part.rows), pool.constant(waiting)))
    return np.stack(columns, axis=1)


def where(pool: Pool, known: Mask, *tokens: Token) -> Tokens:
    """The tokens in those rows alone."""
    if known.all():
        return list(tokens)
    if not known.any():
        return []
    return [np.where(known, pool.constant(t) if isinstance(t, bytes) else t, pool.empty) for t in tokens]


def one_of(pool: Pool, which: NDArray[Any], texts: Sequence[bytes]) -> Token:
    """One of some texts in each row, by its number."""
    first = int(which[0])
    return texts[first] if (which == first).all() else choice(pool, which, texts)


def number(pool: Pool, values: NDArray[np.int64], before: bytes = b"", after: bytes = b"") -> Tokens:
    """Numbers from 0 up between two texts; nothing where one is negative."""
    known = values >= 0
    return where(pool, known, before, numbers(pool, values), after) if known.any() else []


def signed(pool: Pool, values: NDArray[np.int64]) -> Tokens:
    """Numbers of either sign."""
    return [*where(pool, values < 0, b"-"), numbers(pool, np.abs(values))]


def host(pool: Pool, part: Part, e: Escaped, name: Write, before: bytes, after: bytes) -> Tokens:
    """The host between two texts; nothing where it is unknown."""
    columns, named = e.fields.columns, e.fields.named
    if not e.odd.any():
        text = shared(part, columns.host_at, columns.host_end)
        if text:
            return [before, text, after]
    if not named.any():
        return [before, name(part.log.host).encode(), after] if part.log.host else []
    return where(pool, named | bool(part.log.host), before, e.fields.host, after)


def programmed(part: Part, e: Escaped) -> Mask:
    """Rows whose program is known."""
    named = e.fields.program_named
    known: Mask = named if named.all() else named | part.owned
    return known


def label(pool: Pool, part: Part, e: Escaped, pid: tuple[bytes, bytes, bytes]) -> Tokens:
    """`[PROGRAM`, then the pid between two texts, or the third where there is none; nothing without a program."""
    known = programmed(part, e)
    before, after, missing = pid
    return where(pool, known, b"[", e.fields.program, numbers(pool, e.fields.columns.pid, before, after, missing))
