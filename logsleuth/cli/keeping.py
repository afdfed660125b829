"""What a run of `explain` rests on, so that what it wrote can be kept (`logsleuth.answered`) and written again."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from logsleuth import answered, home
from logsleuth.answered import Answer, Rests
from logsleuth.cli import options
from logsleuth.errors import UsageError
from logsleuth.report import Report
from logsleuth.run import Logs

_CENTURY = dt.timedelta(days=36_525)
"""So far ahead no word that goes by today's date means the same, the name of a weekday included."""


def keep(
    logs: Logs, report: Report, paths: Sequence[str], rules: Sequence[Path], words: Sequence[str | None], given: Answer
) -> None:
    """For the next run that is asked the same, where all that it rests on can be told. `words` name times."""
    asked = click.get_current_context().obj
    sources = [log.source for log in logs.opened.logs]
    if not isinstance(asked, str) or logs.shelf is None or logs.problems:
        return
    # The standard input is gone then, a log that was taken away is not what was read, and what nothing dates is dated
    # by now. Of a file in an archive one could vouch for its bytes only by unpacking it.
    if options.STDIN in paths or any(
        source.path is None
        or source.mtime is None
        or not source.path.exists()
        or (report.digested and source.content is not None)
        for source in sources
    ):
        return
    ends = [logs.opened.until, *(_meant_until(logs, word) for word in words if word is not None)]
    rests = Rests(
        began=logs.opened.settings.now,
        until=min((end for end in ends if end is not None), default=None),
        trees=(
            *(paths or options.DEFAULT_PATHS),
            *map(str, (*rules, *logs.opened.settings.formats, *home.own_folders())),
        ),
        places=tuple(dict.fromkeys(_places(logs))),
        digests={str(s.path): row.sha256 for s, row in zip(sources, report.files, strict=True) if report.digested},
    )
    answered.keep(asked, rests, given)


def _meant_until(logs: Logs, word: str) -> int | None:
    """UTC nanoseconds until which a word about time means what it means now; None: for ever.

    As time goes on no word comes to mean an earlier time, so what it means at both ends of a day, it means between.
    """
    from logsleuth.incidents.compare.asked import asked

    told = logs.opened.settings
    now = options.now_of(told)
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), tzinfo=told.zone)
    try:
        if "boot" in word.lower() or asked(word, now, told.zone) == asked(word, now + _CENTURY, told.zone):
            return None
        if asked(word, now, told.zone) == asked(word, midnight - dt.timedelta(microseconds=1), told.zone):
            return int(midnight.timestamp()) * 10**9
    except (UsageError, OverflowError):
        pass  # it can be read now, and not then
    return told.now


def _places(logs: Logs) -> Iterator[str]:
    """Where else something is, or is not: beside the logs, and what this machine knows of zones."""
    from zoneinfo import TZPATH

    from logsleuth.sources.companions import looked_for

    for machine in {log.machine for log in logs.opened.logs}:
        yield from looked_for(machine)
    yield from ("/etc/localtime", "/etc/timezone", os.environ.get("TZ", "").removeprefix(":") or "/etc/localtime")
    zones = {logs.opened.settings.zone, *(log.offsets.zone for log in logs.opened.logs)}
    names = sorted(str(zone.key) for zone in zones if getattr(zone, "key", None))  # type: ignore[attr-defined]
    for folder in TZPATH:
        yield folder
        yield from (str(Path(folder) / name) for name in names)
