"""The report of an earlier run, where nothing that it rests on has changed: the logs, the rules, what was asked."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from logsleuth import sources
from logsleuth.cache import Entry, identity, state_of
from logsleuth.cache.plain import Plain
from logsleuth.clock.logs import Log
from logsleuth.report import (
    Assumption,
    Availability,
    Boot,
    Bounds,
    Comparison,
    Difference,
    Evidence,
    FileRead,
    Finding,
    Group,
    Incident,
    Link,
    Report,
    Skipped,
    Statement,
    Uncompared,
)
from logsleuth.run import Logs

_PLAIN = Plain(
    (
        *(Report, Incident, Finding, Statement, Evidence, Bounds, Link, Group, FileRead, Boot, Availability),
        *(Assumption, Skipped, Comparison, Difference, Uncompared),
    ),
    shared=(Evidence,),
)
_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What a file that is gone, or an entry that is not as we write them, raises."""


def remembered(logs: Logs, asked: Sequence[object], command: str, make: Callable[[], Report]) -> Report:
    """What `make` gives, or gave an earlier run.

    `asked` is all that the report depends on beside the logs and this program: rules, the window, the zone.
    """
    before = _rests_on(logs, asked)
    if logs.shelf is None or before is None:
        return make()
    # A later report about the same takes the place of an earlier one.
    sort = [one if isinstance(one, bool) else type(one).__name__ for one in asked]
    key = f"report {[log.name for log in logs.opened.logs]} {sort}"
    with contextlib.suppress(*_WRONG):
        entry = logs.shelf.load(key)
        if entry is not None and entry.head["rests on"] == before:
            found = _PLAIN.value(entry.body())
            if isinstance(found, Report) and _still_are(found, logs):
                return replace(found, command=command)
    made = make()
    with contextlib.suppress(*_WRONG):
        if _rests_on(logs, asked) == before:
            logs.shelf.store(key, Entry.of({"rests on": before}, _PLAIN.data(made)))
    return made


def _still_are(report: Report, logs: Logs) -> bool:
    """The files are those that a report vouches for by their digests: such a word is never taken from a cache."""
    if not report.digested:
        return True
    told = {(f.file, f.sha256) for f in report.files}
    return told == {(log.name, sources.sha256(log.source)) for log in logs.opened.logs}


def _rests_on(logs: Logs, asked: Sequence[object]) -> str | None:
    """A digest; None where a log may be written right now, or has no file."""
    if logs.shelf is None or logs.problems:
        return None
    digest = hashlib.sha256(logs.shelf.program.encode())
    said = (*asked, logs.skipped, logs.opened.assumptions)
    digest.update(repr(said).encode("utf-8", "surrogateescape"))
    try:
        for log in logs.opened.logs:
            state = state_of(log.source)
            if not state.settled:
                return None
            row = identity(log.source), state.as_data(), _read_as(log)
            digest.update(repr(row).encode("utf-8", "surrogateescape"))
    except (OSError, ValueError):
        return None
    return digest.hexdigest()


def _read_as(log: Log) -> tuple[Any, ...]:
    """What its lines mean, beside what they are."""
    source, form, years = log.source, log.format, log.years
    return (
        *(source.name, source.stream, source.rank, source.packing, source.store, source.mtime),
        *(form.name, form.kind, form.program, log.machine, log.host, log.offsets.digest(), log.written, log.boots),
        None if years is None else (tuple(years.offsets), tuple(years.values)),
        log.twins and log.twins.digest(),
    )
