"""The logs of one run, and what can be said of the files when they were read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from logsleuth import sources
from logsleuth.clock.logs import Opened
from logsleuth.entries import Tally
from logsleuth.entries.skew import skews
from logsleuth.entries.tally import said
from logsleuth.parallel import cores
from logsleuth.records import dataclass
from logsleuth.report import Assumption, FileRead, Skipped

if TYPE_CHECKING:
    from logsleuth.cache import Shelf
    from logsleuth.rules.infer import Inference


_CAPTURE = "kernel-unstamped"
"""What text without stamps is called where other logs date it."""


@dataclass
class Logs:
    """The logs of one run, opened, and what came up while they were read."""

    opened: Opened
    skipped: list[Skipped]
    problems: list[Skipped] = field(default_factory=list)
    tallies: dict[int, Tally] = field(default_factory=dict)
    jobs: int = field(default_factory=cores)
    """Processes that may work at once."""
    shelf: Shelf | None = None
    """Where earlier runs left what they found; None: everything is read."""


def file_rows(logs: Logs, *, digests: bool = False) -> list[FileRead]:
    """What was read, a row a file."""
    rows = []
    for log in logs.opened.logs:
        tally = logs.tallies.get(log.index, Tally())
        rows.append(
            FileRead(
                log.name,
                log.source.stream,
                log.host,
                log.source.store or (log.format.name if log.twins is None else _CAPTURE),
                tally.lines,
                tally.entries,
                tally.first,
                tally.last,
                tally.backwards,
                sources.sha256(log.source) if digests else "",
            )
        )
    return rows


def assumptions(logs: Logs, found: Inference | None = None) -> list[Assumption]:
    """What no line states and the times or the story rest on."""
    out = list(logs.opened.assumptions)
    for log in logs.opened.logs:
        tally = logs.tallies.get(log.index)
        if tally is not None:
            out += [Assumption(log.name, text) for text in said(tally)]
        if tally is not None and tally.backwards and log.format.ordered:
            seconds = tally.furthest // 10**9
            out.append(
                Assumption(
                    log.name,
                    f"stamps run backwards {tally.backwards} times, at most {seconds} s"
                    f"{f' (line {tally.furthest_line})' if tally.numbered else ''}: "
                    "lines are kept in the order of the file",
                )
            )
    out += skews(logs.opened.logs)
    for name, host, reason in found.heartbeats if found is not None else ():
        out.append(Assumption(name, f"its regular requests are taken for heartbeats of {host}: {reason}"))
    return out
