"""Lines that stood there more often than once, by the word of the syslogd that left them out."""

from __future__ import annotations

import re

from logsleuth.signs.model import EventType, Fact, LazyPattern

_WRAPPED = re.compile(r"^message repeated (\d{1,9}) times: \[ ?(.*?)\]?$", re.DOTALL)


REPEATED = EventType(
    "line.repeated",
    (
        LazyPattern(r"^(?:-+ )?last message (?:repeated|buffered) (?P<times>\d+) times?"),
        LazyPattern(r"^Last message '.*' repeated (?P<times>\d+) times?"),
    ),
)
"""syslogd's word that the line before stood there so many times more (FreeBSD, sysklogd, NetBSD, macOS, syslog-ng)."""


def count_repeats(facts: list[Fact]) -> None:
    """Let every fact whose line was repeated count as often as syslogd says, and cite its word for it."""
    by_line = {(f.log, f.line): f for f in facts if f.type == REPEATED.name}
    if not by_line:
        return
    for fact in facts:
        if fact.type == REPEATED.name:
            continue
        after = fact.line + 1
        while (word := by_line.get((fact.log, after))) is not None:
            fact.n += int(word.fields["times"])
            fact.lines += word.lines
            after += 1


def unwrapped(text: str) -> tuple[str, int]:
    """A message that rsyslog wrote as `message repeated 3 times: [ text]`, and how often it was repeated; else 1.

    Source: rsyslog ratelimit.c; the first of them stands on a line of its own before.
    """
    match = _WRAPPED.match(text)
    return (match[2], max(1, int(match[1]))) if match else (text, 1)
