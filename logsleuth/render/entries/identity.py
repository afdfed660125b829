"""Names of entries that stay the same however often, from wherever and under whatever rotated name a log is read.

An entry is called `FILE-LINE`: FILE is a digest of the host, the log's name without its folder and rotation, and its
lines up to the first one with a time of day (a heading alone is the same in all of a stream's files); LINE is the
number of the entry's first line. So an index that was given a log twice holds it once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from logsleuth import sources
from logsleuth.clock.logs import Log
from logsleuth.sources import Source

_HEAD = 4096
_UP_TO_A_TIME = re.compile(rb"(?s:.*?)(?:\d:\d\d|\d{10})[^\n]*|[^\n]*")


def file_ids(logs: Sequence[Log]) -> list[str]:
    """FILE of each log: 16 hexadecimal digits."""
    return [_digest(log.source, log.host) for log in logs]


@lru_cache(maxsize=4096)
def _digest(source: Source, host: str) -> str:
    # Writers in other processes are forked from one that has made a writer already: nothing is read twice.
    name = source.stream.rpartition("/")[2]
    found = _UP_TO_A_TIME.match(sources.head(source, _HEAD))
    first = found[0] if found else b""
    parts = (host.encode(errors="surrogateescape"), name.encode(errors="surrogateescape"), first)
    return blake2b(b"\0".join(parts), digest_size=8).hexdigest()
