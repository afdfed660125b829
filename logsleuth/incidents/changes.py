"""What somebody changed before an incident and during it: commands of an administrator, packages, logins."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.clock.offsets import SECOND
from logsleuth.report import Evidence, Incident
from logsleuth.signs.model import EventType, Fact, LazyPattern

_BEFORE = 7 * 86_400 * SECOND
_MOST = 60
"""Of an incident; those nearest to its begin."""

CHANGE = EventType(
    "line.change",
    (
        LazyPattern(
            # sudo (logging.c); doas (doas.c)
            r"^ *\S+ : .{0,300}COMMAND=\S|^\S+ ran command \S"
            # dpkg.log; apt's history.log; yum, dnf and rpm; pacman; pkg(8); zypp is a table of its own
            r"|^(?:install|upgrade|remove|purge) [\w.+:-]+ \S+ \S+$|^Commandline: \S"
            r"|^(?:Installed|Updated|Upgraded?|Erased|Removed|Downgraded): \S+"
            r"|^\[ALPM\] (?:installed|upgraded|removed|downgraded) "
            r"|^[\w.+-]+ (?:upgraded|installed|deinstalled|reinstalled):? "
            r"|^(?:[\w.+-]+-\d[\w.,+]* installed|[\w.+-]+-\d[\w.,+]* deinstalled)$"
            # BSD's and Linux's su
            r"|^\S+ to root on |^\(to root\) \S+ on |^Successful su for root by "
        ),
    ),
)
"""Not an event of any rule: an edit explains nothing by itself, but a write-up asks for it first."""


def changes(told: Sequence[Incident], facts: Sequence[Fact]) -> tuple[Evidence, ...]:
    """Lines of change from a week before each incident to its end, in the order of time, each once."""
    kept: dict[tuple[str, int], tuple[int, Evidence]] = {}
    known = [f for f in facts if f.type == CHANGE.name and f.timed and f.lines]
    for incident in told:
        begin, end = incident.start.earliest, incident.end.latest
        if begin is None:
            continue
        near = [f for f in known if begin - _BEFORE <= f.lo and (end is None or f.lo <= end)]
        for fact in sorted(near, key=lambda f: abs(f.lo - begin))[:_MOST]:
            line = fact.lines[0]
            kept[line.file, line.line] = (fact.lo, line)
    return tuple(line for _, line in sorted(kept.values(), key=lambda pair: (pair[0], pair[1].file, pair[1].line)))
