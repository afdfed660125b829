"""A file that is one JSON document: a container's or an image's description, `docker inspect`, a saved object.

It is one entry, at the latest of the instants that it gives for its making, starting or finishing: by then all that it
says was so. It is read where it is named; in a folder it is no log.
"""

from __future__ import annotations

import json

import numpy as np

from logsleuth.formats import json_keys, moments, vector
from logsleuth.formats.model import Columns, Format, empty_columns
from logsleuth.formats.stamp import NO_ZONE, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_LARGEST = 64 << 10
_INSTANT = lazy_pattern(
    rb'"(?i:created|created_?at|creation_?timestamp|creation_?time|started_?at|finished_?at|last_?modified|updated_?at'
    rb'|start_?time|finish_?time|completion_?time)"\s*:\s*"([0-9][^"\\]{17,40})"'
)
_OF_LOGS = {*json_keys.STRONG, "message", "msg", "log", "level", "severity", "lvl", "event", "eventname", "eventtime"}
"""An object with one of these keys is a line of a log."""


@dataclass(frozen=True)
class _DocumentStamp:
    """Looks at the whole piece, which begins with the document."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b""

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        """The first line has the document's stamp, the others none."""
        count = len(start)
        out = Stamps(np.zeros(count, bool), np.zeros(count, np.int64), np.zeros(count, np.int64), start.copy())
        size = len(buffer) - vector.PAD
        first = int(start[0]) if count else 1
        # At the piece's start, or behind the mark that some programs put before it.
        if first not in {0, 3} or buffer[first] != ord("{") or size > _LARGEST:
            return out
        text = bytes(buffer.data[first:size])
        if not _is_document(text):
            return out
        instants = [_instant(match[1]) for match in _INSTANT.finditer(text)]
        known = [instant for instant in instants if instant is not None]
        if known:
            # One without a zone is compared as if it were in UTC.
            wall, offset = max(known, key=lambda one: one[0] - (one[1] if one[1] != NO_ZONE else 0) * 1_000_000_000)
            out.valid[0], out.wall[0], out.offset[0], out.end[0] = True, wall, offset, first + 1
        return out


def _is_document(text: bytes) -> bool:
    """One object, whose last line's brace may have been taken for the next piece's."""
    for tail in (b"", b"}"):
        try:
            value = json.loads(text + tail)
        except (ValueError, RecursionError):
            continue
        return isinstance(value, dict) and not {str(key).lower() for key in value} & _OF_LOGS
    return False


def _instant(text: bytes) -> tuple[int, int] | None:
    buffer = np.frombuffer(text + bytes(vector.PAD), np.uint8)
    got = moments.read(buffer, vector.words(buffer), np.array([0]), np.array([len(text)]))
    return (int(got.wall[0]), int(got.offset[0])) if got.valid[0] else None


def _split(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:  # noqa: ARG001
    return empty_columns(np.minimum(np.maximum(at - 1, 0), stop))


FORMAT = Format(
    name="json-document",
    about="one JSON document: a container's config.json, an image's json, docker inspect of one object",
    stamp=_DocumentStamp(),
    body=_split,
    kind="document",
    samples=(
        (
            b'{"State":{"Running":true,"StartedAt":"2019-05-06T07:08:09.25Z","FinishedAt":"0001-01-01T00:00:00Z"},'
            b'"Created":"2019-05-06T07:08:08.5Z","Path":"/bin/sh"}'
        ),
    ),
)
