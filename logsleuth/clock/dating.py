"""The years of all files whose stamps name none, and what is assumed to say so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from logsleuth.clock.model import Settings
from logsleuth.clock.survey import Survey
from logsleuth.clock.witness import ORDER, Choice, Trust, Witness, choose
from logsleuth.clock.years import Turns, Years, wall_in
from logsleuth.formats.stamp import DAY
from logsleuth.records import dataclass
from logsleuth.report import Assumption
from logsleuth.sources import Source

_MINUTE = 60 * 10**9
_STRONG = {"given", "text", "rotation", "mtime-close"}


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known of all files of a run together."""

    surveys: Sequence[Survey]
    machines: Sequence[str]
    settings: Settings
    trust: Trust
    shared: int | None
    """The minute of the last change that most files share, as copies do."""


def years_of(
    surveys: Sequence[Survey], machines: Sequence[str], settings: Settings, assumptions: list[Assumption]
) -> dict[int, Years]:
    """The years of every source, by its index, that has lines without one."""
    run = _Run(surveys, machines, settings, _trust(surveys), _shared_minute(surveys))
    streams: dict[str, list[int]] = {}
    for index, seen in enumerate(surveys):
        if seen.turns is not None:
            streams.setdefault(seen.source.stream, []).append(index)
    out: dict[int, Years] = {}
    for stream, members in streams.items():
        members.sort(key=lambda i: surveys[i].source.rank)
        out.update(_date_stream(run, stream, members, assumptions))
    return out


def chosen_until(surveys: Sequence[Survey], now: int) -> int | None:
    """UTC nanoseconds from which on `years_of` may come to something else: what lay in the future no longer does.

    That is a day before the date of a file's last line comes round, or a stamp or a last change comes true.
    """
    year = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=now / 1000)).year
    times = [wall_in(s.turns.anchor, year + n) for s in surveys if s.turns is not None for n in range(3)]
    times += [t for s in surveys for t in (s.last_dated, s.source.mtime) if t is not None]
    return min((t - DAY for t in times if t - DAY > now), default=None)


def _date_stream(run: _Run, stream: str, members: list[int], assumptions: list[Assumption]) -> dict[int, Years]:
    """From the member whose year is best known to the older ones before it and the newer ones after it."""
    turns = {i: t for i in members if (t := run.surveys[i].turns) is not None}
    choices = {i: _choose(run, i, turns[i]) for i in members}
    order = ORDER[run.trust]
    if run.settings.year is not None:
        place = len(members) - 1
    else:
        place = min(range(len(members)), key=lambda k: (order.index(choices[members[k]].witness.kind), -k))
    first: dict[int, int] = {}

    def settle(index: int, year: int, choice: Choice | None = None) -> None:
        """The year of the member's last line that can be trusted."""
        first[index] = year - turns[index].anchor_year
        if choice is not None:
            about = stream if len(members) == 1 or index == members[-1] else run.surveys[index].source.name
            assumptions.append(Assumption(about, _said(turns[index], choice)))

    settle(members[place], choices[members[place]].year, choices[members[place]])
    for older, newer in zip(reversed(members[:place]), reversed(members[1 : place + 1]), strict=True):
        start = run.surveys[newer].first_wall
        late = start is not None and turns[older].anchor > start + 2 * DAY
        goes_on = first[newer] - (1 if late else 0)
        own = choices[older]
        firm = own.witness.kind in {"text", "rotation"} or (own.witness.kind == "mtime-close" and own.year < goes_on)
        # The newer file goes on where this one ends, unless this one knows better.
        settle(older, own.year if firm else goes_on, own if firm else None)
    for older, newer in zip(members[place:], members[place + 1 :], strict=False):
        start = run.surveys[newer].first_wall
        late = start is not None and turns[older].anchor > start + 2 * DAY
        begins = first[older] + turns[older].anchor_year + (1 if late else 0)
        own = choices[newer]
        firm = own.witness.kind in _STRONG or run.trust == "kept"
        settle(newer, own.year if firm else begins + turns[newer].anchor_year, own if firm else None)
    for index in members:
        if turns[index].unseen:
            text = "dates in its lines show that more than a year passed in it where no stamp tells of it"
            assumptions.append(Assumption(run.surveys[index].source.name, text))
    return {index: turns[index].years.moved(first[index]) for index in members}


def _said(turned: Turns, choice: Choice) -> str:
    which = "its last line" if turned.fell is None else "the last line before its clock fell back"
    return f"year {choice.year} for {which}, {choice.witness.say}{choice.also}"


def _choose(run: _Run, index: int, turned: Turns) -> Choice:
    seen = run.surveys[index]

    def allowed(year: int) -> bool:
        return seen.hints.allows(turned.years.moved(year - turned.anchor_year))

    return choose(turned.anchor, list(_witnesses(run, index, turned)), run.trust, allowed)


def _witnesses(run: _Run, index: int, turned: Turns) -> Iterator[Witness]:
    seen, settings = run.surveys[index], run.settings
    if settings.year is not None:
        yield Witness("given", _middle(settings.year), "as given with --year")
        return
    year = seen.hints.first_year(turned.years)
    if year is not None:
        at = wall_in(turned.anchor, year + turned.anchor_year)
        yield Witness("text", at, "as dates in its lines say")
    date = _name_date(seen.source)
    if date is not None:
        yield Witness("rotation", date, "from the date in its name")
    yield from _others(run, index)
    if seen.source.mtime is not None:
        copied = run.shared is not None and seen.source.mtime // _MINUTE == run.shared
        doubt = " (in the same minute as most files here, as a copy: it may be older)" if copied else ""
        yield Witness("mtime-close", seen.source.mtime, "which puts it within a day of the file's last change")
        yield Witness("mtime", seen.source.mtime, f"the last that is not after the file's last change{doubt}")
    builds = [s.build for s, m in zip(run.surveys, run.machines, strict=True) if m == run.machines[index] and s.build]
    if builds:
        yield Witness("build", max(builds), "the first after the build of the kernel that it names")
    yield Witness("now", settings.now, "the last that is not in the future")


def _others(run: _Run, index: int) -> Iterator[Witness]:
    """Of the machine's and the run's files whose stamps name their years, those that were written last."""
    dated = [
        (s.last_dated, s.source.name, m == run.machines[index])
        for s, m in zip(run.surveys, run.machines, strict=True)
        if s.last_dated is not None
    ]
    for kind, own in (("neighbour", True), ("run", False)):
        these = [row for row in dated if row[2] is own]
        past = [row for row in these if row[0] <= run.settings.now + DAY]
        # A single stamp from the future is a mistake; where most are, the machine's clock was ahead, or ours is behind.
        at, name, _ = max(past if len(past) * 2 >= len(these) else these, default=(None, "", own))
        if at is not None:
            yield Witness(kind, at, f"as in {name}, whose stamps name it")


def _trust(surveys: Sequence[Survey]) -> Trust:
    """Files whose stamps name the year tell whether last changes are those of the writers or of a copy."""
    kept = copied = 0
    for seen in surveys:
        at, written = seen.last_dated, seen.source.mtime
        if at is None or written is None or seen.turns is not None or seen.source.packing != "plain":
            continue
        if abs(written - at) < DAY:
            kept += 1
        elif written > at:
            copied += 1
    return "kept" if kept > copied else "copied" if copied > kept else "unknown"


def _shared_minute(surveys: Sequence[Survey]) -> int | None:
    times = [s.source.mtime // _MINUTE for s in surveys if s.source.mtime is not None]
    if len(times) < 3:
        return None
    minute, count = Counter(times).most_common(1)[0]
    return minute if count * 2 > len(times) else None


def _name_date(source: Source) -> int | None:
    """UTC nanoseconds of the date in a rotated file's name, as `sources.rotation` ranks it: (0, YYYYMMDD, ...)."""
    if len(source.rank) < 2 or source.rank[0] != 0:
        return None
    day = source.rank[1]
    try:
        when = dt.datetime(day // 10_000, day // 100 % 100, max(1, day % 100), tzinfo=dt.UTC)
    except ValueError:
        return None
    return int(when.timestamp()) * 10**9


def _middle(year: int) -> int:
    return int(dt.datetime(year, 7, 1, tzinfo=dt.UTC).timestamp()) * 10**9
