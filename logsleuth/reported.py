"""The last hop: what was found, as a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth import __version__
from logsleuth.report import Bounds, Report
from logsleuth.run import Logs, assumptions, file_rows

if TYPE_CHECKING:
    from logsleuth.incidents.compare import Ask
    from logsleuth.rules.infer import Inference
    from logsleuth.rules.model import RuleSet
    from logsleuth.signs.collect import Signs


def make_report(
    logs: Logs,
    rules: RuleSet,
    signs: Signs,
    found: Inference,
    *,
    since: int | None = None,
    until: int | None = None,
    zone: str = "UTC",
    command: str = "",
    digests: bool = False,
    compared: Ask | None = None,
    novel: bool = True,
) -> Report:
    """Everything that was found, as leaves that a renderer understands.

    With `digests`, SHA-256 of each file too; with `compared`, what differs from an earlier time. Unless `novel`, new
    kinds of lines are not looked for, which takes a look into what was written before.
    """
    from logsleuth.incidents import incidents
    from logsleuth.incidents import lives as life
    from logsleuth.incidents.changes import changes
    from logsleuth.incidents.companions import with_companions
    from logsleuth.incidents.compare import compare
    from logsleuth.incidents.context import with_context
    from logsleuth.incidents.findings import identity
    from logsleuth.incidents.novel import first_boots, new_kinds, together, windows
    from logsleuth.incidents.unexplained import TROUBLE, unexplained
    from logsleuth.rules.used import used_kinds, used_lines
    from logsleuth.signs.match import MOST

    told, aside = incidents(found.matches, rules.links)
    used = used_lines(found.matches)
    all_troubles = [f for f in signs.facts if f.type == TROUBLE.name]
    told, beside = with_companions(told, {identity(m): m for m in found.matches}, all_troubles, used)
    inside = with_context(
        [i for i in told if i.within(since, until)], {identity(m): m for m in found.matches}, logs.opened.logs
    )
    downs = found.engine.store.all("host.down")
    troubles = [
        f
        for f in all_troubles
        if not f.timed or ((since is None or f.hi >= since) and (until is None or f.lo <= until))
    ]
    where = windows(inside, since, until) if novel else []
    new, hidden = new_kinds(logs.opened.logs, logs.tallies, where, used_kinds(found.matches), first_boots(found.book))
    differences, uncompared = (
        compare(logs.opened, logs.tallies, compared, found.book, signs.facts, inside, (since, until))
        if compared is not None
        else ((), 0)
    )
    files = file_rows(logs, digests=digests)
    times = [t for f in files for t in (f.first, f.last) if t is not None]
    return Report(
        incidents=tuple(inside),
        set_aside=tuple(aside),
        unexplained=tuple(together(unexplained(troubles, used | beside), new)),
        boots=tuple(life.boots(found.book, downs)),
        availability=tuple(life.availability(found.book, downs)),
        files=tuple(files),
        assumptions=tuple(assumptions(logs, found)),
        skipped=tuple(dict.fromkeys([*logs.skipped, *logs.problems])),
        window=Bounds(min(times, default=None), max(times, default=None)),
        told=Bounds(since, until),
        zone=zone,
        version=__version__,
        command=command,
        hidden=len(told) - len(inside),
        notes=tuple(found.engine.notes)
        + ((f"of the kinds of lines that are new, {hidden:,} more are not listed",) if hidden else ())
        + ((f"of the hosts, {uncompared:,} more were not compared",) if uncompared else ())
        + tuple(f"only the first {MOST:,} lines of the kind {name} were looked at" for name in signs.capped),
        changes=changes(inside, signs.facts),
        digested=digests,
        compared=differences,
    )
