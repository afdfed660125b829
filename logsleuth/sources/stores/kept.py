"""Texts of small stores, kept for the next one who asks: lines are read again one by one when they are cited."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from logsleuth.report import Skipped
from logsleuth.sources.source import Source
from logsleuth.sources.stores.model import Text

_MOST = 32 << 20
"""Bytes of text that are kept of one store."""
_STORES = 8

_kept: OrderedDict[tuple[object, ...], tuple[bytes, tuple[Skipped, ...]]] = OrderedDict()


def resume(text: Text) -> Callable[[Source, list[Skipped], int], tuple[int, Iterator[bytes]]]:
    """What a `Store` needs to give its text from some byte on."""

    def resumed(source: Source, problems: list[Skipped], start: int) -> tuple[int, Iterator[bytes]]:  # noqa: ARG001
        found = _whole(source, text)
        if found is None:
            return 0, text(source, problems)
        problems.extend(found[1])
        return 0, iter((found[0],))

    return resumed


def tail(text: Text) -> Callable[[Source, int], bytes]:
    """What a `Store` needs to give its text's last bytes."""

    def last(source: Source, size: int) -> bytes:
        found = _whole(source, text)
        if found is not None:
            return found[0][-size:]
        held = b""
        for piece in text(source, []):
            held = (held + piece)[-size:]
        return held

    return last


def _whole(source: Source, text: Text) -> tuple[bytes, tuple[Skipped, ...]] | None:
    """All of a store's text, None if it is too long to be kept."""
    key = (source.name, source.path, source.packing, source.size, source.mtime, id(source.content))
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    problems: list[Skipped] = []
    pieces, length = [], 0
    for piece in text(source, problems):
        pieces.append(piece)
        length += len(piece)
        if length > _MOST:
            return None
    _kept[key] = b"".join(pieces), tuple(problems)
    while len(_kept) > _STORES:
        _kept.popitem(last=False)
    return _kept[key]
