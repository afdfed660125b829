"""All hops on one page: paths, sources, logs, timeline; signs, rules, incidents, report."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logsleuth import sources
from logsleuth.clock.logs import Settings, open_logs
from logsleuth.clock.zones import local_zone, zone_named
from logsleuth.entries import Merged, Stream, merge, read, streams
from logsleuth.entries.copies import Copies, without_copies
from logsleuth.entries.copies import copies as copies_in
from logsleuth.entries.read import BLOCK
from logsleuth.entries.ties import told_first, uptimes_of
from logsleuth.errors import NothingReadable
from logsleuth.home import cache_folder, known_messages, rule_files, rule_set, use_formats
from logsleuth.parallel import can_fork
from logsleuth.report import Availability, Boot, Report
from logsleuth.reported import make_report
from logsleuth.run import Logs

if TYPE_CHECKING:
    # What reasons is imported by the hops that reason: a timeline is to start without it.
    import pandas as pd

    from logsleuth.cache import Shelf
    from logsleuth.entries.drawn import Drawn
    from logsleuth.entries.slices import Slice
    from logsleuth.entries.trial import Trial
    from logsleuth.incidents.compare import Ask
    from logsleuth.rules.infer import Inference
    from logsleuth.rules.match import Match
    from logsleuth.rules.model import RuleSet
    from logsleuth.signs.boots import Ledger
    from logsleuth.signs.collect import Signs
    from logsleuth.signs.model import EventType, Fact

DEFAULT_PATHS = ("/var/log",)


def open_paths(
    paths: Sequence[str], settings: Settings, stdin: BinaryIO | None = None, shelf: Shelf | None = None
) -> Logs:
    """Find the logs under some paths, and settle format, host, zone and year of each."""
    use_formats(settings.formats)
    found, skipped = sources.find(list(paths) or list(DEFAULT_PATHS), stdin)
    opened = open_logs(found, settings, shelf)
    return Logs(opened, [*skipped, *opened.skipped], shelf=shelf)


def entries(
    logs: Logs, since: int | None = None, *, numbered: bool = True, copies: Copies | None = None
) -> Iterator[Merged]:
    """The merged timeline, a stretch at a time.

    Much before `since` (UTC nanoseconds) is not even read; not all: `select` has the last word. Unless `numbered`, the
    numbers of lines need not be right. With `copies`, what several files of one machine hold comes once: see there.
    """
    members = told_first(streams(logs.opened.logs))
    block = max(128 << 10, min(BLOCK, (128 << 20) // max(1, len(members))))
    made = [
        Stream(
            read(files, logs.problems, logs.tallies, block, since, numbered=numbered),
            all(f.format.ordered for f in files),
            machine=uptimes_of(files),
        )
        for files in members
    ]
    yield from without_copies(merge(made), copies)


def drawn(logs: Logs, report: Report, most: int) -> Drawn:
    """At most so many entries from around a report's incidents; of all the logs where there are none."""
    from logsleuth.entries import drawn as sample
    from logsleuth.entries.select import Select, selected

    spans = sample.around(report)
    if not spans:
        spans = [(report.window.earliest or 0, report.window.latest or 0)]
    low, high = min(s for s, _ in spans), max(e for _, e in spans)
    stretches = entries(logs, low, copies=copies_in(logs.opened.logs))
    found = selected(stretches, Select(since=low, until=high), logs.opened.logs, logs.tallies)
    return sample.drawn(found, logs.opened.logs, spans, most)


def slices(logs: Logs, since: int | None = None, until: int | None = None, *, numbered: bool = True) -> Sequence[Slice]:
    """The timeline in parts that several processes can make at once; none where that would gain nothing."""
    from logsleuth.entries.slices import plan

    found = plan(logs.opened.logs, logs.jobs if can_fork() else 1, numbered=numbered)
    return [
        part
        for part in found
        if (since is None or part.high is None or part.high > since)
        and (until is None or part.low is None or part.low <= until)
    ]


def trials(logs: Logs, most: int) -> Iterator[Trial]:
    """How each file is read, its first `most` entries taken apart."""
    from logsleuth.entries.trial import trial

    for log in logs.opened.logs:
        yield trial(log, read([log], logs.problems, logs.tallies), most)


def gather(logs: Logs, rules: RuleSet) -> Signs:
    """Read every log once and pick out what means something; of what only weighs other signs, what is rare."""
    from logsleuth.incidents.changes import CHANGE
    from logsleuth.incidents.unexplained import TROUBLE
    from logsleuth.signs.repeats import REPEATED

    weighing = frozenset(rules.events) - rules.needed_first()
    types = [t for t in rules.events.values() if not (t.ordinary and t.name in weighing)]
    return _collected(logs, [*types, TROUBLE, CHANGE, REPEATED], weighing)


def investigate(logs: Logs, rules: RuleSet) -> tuple[Signs, Inference]:
    """Signs, and what the rules conclude from them."""
    from logsleuth.rules.alike import ANY_LINE, EXCERPT, MOST_LINES, alike
    from logsleuth.rules.infer import infer
    from logsleuth.signs.collect import collect, collect_more
    from logsleuth.signs.match import Matcher
    from logsleuth.signs.repeats import REPEATED

    signs = gather(logs, rules)

    def look_again(names: frozenset[str]) -> None:
        if wanted := [t for t in rules.events.values() if t.name in names & signs.dropped]:
            collect_more(signs, Matcher([*wanted, REPEATED], cache_folder()), logs.jobs, logs.shelf)

    def resembling(found: list[Match]) -> list[Fact]:
        lines = collect(logs.opened.logs, Matcher([ANY_LINE]), frozenset()).facts
        return alike(lines, found, known_messages())

    lines = sum(tally.lines for tally in logs.tallies.values())
    excerpt = lines <= MOST_LINES and sum(log.source.size for log in logs.opened.logs) <= EXCERPT
    return signs, infer(rules, signs, look_again, resembling if excerpt else None)


def explained(
    logs: Logs,
    rules: Sequence[Path] = (),
    *,
    since: int | None = None,
    until: int | None = None,
    zone: str = "UTC",
    command: str = "",
    digests: bool = False,
    compared: Ask | None = None,
) -> Report:
    """The report, by all rules and those in the files `rules`; see `reported.make_report`.

    With a shelf, that of an earlier run is taken where nothing that it rests on has changed.
    """
    from logsleuth.remembered import remembered
    from logsleuth.rules.files import digest

    files = rule_files(rules)

    def make() -> Report:
        known = rule_set(rules, files)
        signs, found = investigate(logs, known)
        return make_report(
            logs,
            known,
            signs,
            found,
            since=since,
            until=until,
            zone=zone,
            command=command,
            digests=digests,
            compared=compared,
        )

    asked = (digest(files), since, until, zone, digests, compared)
    return remembered(logs, asked, command, make)


def why_not(rules: RuleSet, found: Inference, name: str) -> str:
    """Why a rule does not hold on these logs, as safe text."""
    from logsleuth.rules import why
    from logsleuth.safe import safe

    return "\n".join(safe(line) for line in why.why_not(rules, found.engine, name).splitlines()) + "\n"


def lives(logs: Logs) -> tuple[list[Boot], list[Availability]]:
    """The ledger of boots of every host, and how long each was up."""
    from logsleuth.incidents import lives as told
    from logsleuth.rules.infer import built_in_senders
    from logsleuth.signs.boots import down_spans

    signs, book = _lived(logs)
    downs = down_spans(book, built_in_senders(signs, book))
    return told.boots(book, downs), told.availability(book, downs)


def _lived(logs: Logs) -> tuple[Signs, Ledger]:
    from logsleuth.signs.boots import ledger

    types = [t for t in rule_set().events.values() if t.role is not None]
    signs = _collected(logs, types)
    return signs, ledger(signs, types)


def _collected(logs: Logs, types: Sequence[EventType], weighing: frozenset[str] = frozenset()) -> Signs:
    from logsleuth.signs.collect import collect
    from logsleuth.signs.match import Matcher

    begins = frozenset(t.name for t in types if t.role in {"boot", "start"})
    signs = collect(logs.opened.logs, Matcher(types, cache_folder(), weighing), begins, logs.jobs, logs.shelf)
    logs.problems.extend(signs.problems)
    logs.tallies.update(signs.tallies)
    if logs.shelf is not None:
        logs.shelf.trim()
    return signs


def asked(text: str, settings: Settings) -> Ask:
    """What is to be compared, as `--compare` says it."""
    from logsleuth.incidents.compare.asked import asked as read_asked

    return read_asked(text, dt.datetime.fromtimestamp(settings.now / 1e9, settings.zone), settings.zone)


def boot_instants(logs: Logs) -> list[int]:
    """UTC nanoseconds of every boot that the logs show, ascending."""
    return sorted(
        life.start.earliest
        for lives in _lived(logs)[1].lives.values()
        for life in lives
        if life.seen and life.start.earliest is not None
    )


def default_settings(
    tz: str | None = None,
    year: int | None = None,
    formats: Sequence[str] = (),
    hosts: Mapping[str, str] | None = None,
) -> Settings:
    """Settings for a caller who says no more than a zone, a year, and which host a path's logs are of."""
    if tz is not None:
        zone, said = zone_named(tz), f"{tz} (--tz)"
    else:
        zone, said = local_zone()
    files = tuple(Path(name) for name in formats)
    named = {os.path.normpath(path): name for path, name in (hosts or {}).items()}
    return Settings(zone, said, time.time_ns(), zone_given=tz is not None, formats=files, year=year, hosts=named)


def timeline(
    paths: Sequence[str] = DEFAULT_PATHS,
    *,
    since: str | None = None,
    until: str | None = None,
    tz: str | None = None,
    year: int | None = None,
    formats: Sequence[str] = (),
    hosts: Mapping[str, str] | None = None,
    keep_duplicates: bool = False,
) -> pd.DataFrame:
    """The merged timeline as a DataFrame: time (UTC), host, program, pid, severity, message, file, line.

    What several files of one machine hold is one row, unless `keep_duplicates`. `hosts` names hosts of folders, files
    and archives where nothing in them does, as `--host NAME=PATH`: {PATH: NAME}.
    """
    from logsleuth.entries.frame import frame
    from logsleuth.entries.select import Select

    settings = default_settings(tz, year, formats, hosts)
    logs = open_paths([paths] if isinstance(paths, str) else paths, settings)
    select = Select(since=_instant(since, settings), until=_instant(until, settings, end=True))
    known = None if keep_duplicates else copies_in(logs.opened.logs)
    return frame(entries(logs, select.since, copies=known), logs.opened.logs, select)


def explain(
    paths: Sequence[str] = DEFAULT_PATHS,
    *,
    since: str | None = None,
    until: str | None = None,
    tz: str | None = None,
    year: int | None = None,
    formats: Sequence[str] = (),
    rules: Sequence[str] = (),
    hosts: Mapping[str, str] | None = None,
    compare: str | None = None,
) -> Report:
    """What happened and why, as a `Report`; `hosts` as `timeline` takes it, `compare` as `--compare` does."""
    settings = default_settings(tz, year, formats, hosts)
    logs = open_paths([paths] if isinstance(paths, str) else paths, settings)
    if not logs.opened.logs:
        raise NothingReadable("; ".join(f"{s.name}: {s.reason}" for s in logs.skipped) or "no log was found")
    known = rule_set([Path(r) for r in rules])
    signs, found = investigate(logs, known)
    return make_report(
        logs,
        known,
        signs,
        found,
        since=_instant(since, settings),
        until=_instant(until, settings, end=True),
        zone=str(settings.zone),
        compared=None if compare is None else asked(compare, settings),
    )


def boots(
    paths: Sequence[str] = DEFAULT_PATHS,
    *,
    tz: str | None = None,
    year: int | None = None,
    hosts: Mapping[str, str] | None = None,
) -> tuple[list[Boot], list[Availability]]:
    """Every boot of every host, and the share of the time that each host was up; `hosts` as `timeline` takes it."""
    settings = default_settings(tz, year, hosts=hosts)
    return lives(open_paths([paths] if isinstance(paths, str) else paths, settings))


def _instant(text: str | None, settings: Settings, *, end: bool = False) -> int | None:
    if text is None:
        return None
    from logsleuth.clock.ranges import parse_instant

    now = dt.datetime.fromtimestamp(settings.now / 1e9, settings.zone)
    return parse_instant(text, now=now, zone=settings.zone, end=end)
