"""What comes first of entries with equal keys: in one file its order, of several files what is known to come first.

A stamp of whole seconds stands for the second's start: it goes before all that names a part of that second. Of what is
then still equal a boot's own record and the kernel come first, then the request, then what a server says of it. Of one
machine's syslog files the kernel's uptime tells, where lines carry it (`uptimes`); else files of one rank go by their
names. The rule looks at nothing but the logs themselves, so all readers of a run agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.clock.logs import Log

_RANKS = {"kernel": 0, "access": 1, "w3c": 1, "error": 4}
"""By `Format.kind`. Access logs stamp a request when it came, and its error came of it."""
_OTHERS = 2
_CAPTURES = 3
"""Lines without stamps stand behind the line of another log that their time is of."""


def told_first(streams: Sequence[list[Log]]) -> list[list[Log]]:
    """Streams in the order in which their entries with equal keys are told."""
    return sorted(streams, key=_place)


def _place(files: Sequence[Log]) -> tuple[int, bool, str]:
    machine = uptimes_of(files)
    rank = min(_CAPTURES if log.twins is not None else _RANKS.get(log.format.kind, _OTHERS) for log in files)
    return rank, machine is None, machine or ""


def uptimes_of(files: Sequence[Log]) -> str | None:
    """The machine whose kernel's uptime the lines of a stream may carry; None where they cannot."""
    fit = all(log.format.kind == "syslog" and not log.source.store for log in files)
    return files[0].machine if fit else None
