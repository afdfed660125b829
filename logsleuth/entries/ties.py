"""What comes first of entries with equal keys: in one file its order, of several files what is known to come first.

A stamp of whole seconds stands for the second's start: it goes before all that names a part of that second. Of what is
then still equal a boot's own record and the kernel come first, then the request, then what a server says of it. Files
of one rank go by their names. The rule looks at nothing but the logs' formats, so all readers of a run agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.clock.logs import Log

_RANKS = {"kernel": 0, "access": 1, "w3c": 1, "error": 3}
"""By `Format.kind`. Access logs stamp a request when it came, and its error came of it."""
_OTHERS = 2


def told_first(streams: Sequence[list[Log]]) -> list[list[Log]]:
    """Streams in the order in which their entries with equal keys are told."""
    return sorted(streams, key=lambda files: min(_RANKS.get(log.format.kind, _OTHERS) for log in files))
