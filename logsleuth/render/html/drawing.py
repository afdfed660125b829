"""What the timeline draws, as JSON: lanes, bands of boots and outages, findings, lines, links, and the zone's steps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from logsleuth.entries.select import worded
from logsleuth.narrative import safe, text_of
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup
from logsleuth.report import Boot, Bounds, Evidence

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = 86_400
_MOST_LANES = 80
"""Sources that are drawn; a page with more is one that nobody reads."""
_WORDS = ("chosen_events", "more_here", "packed", "no_match", "matches", "left_out")
Item = dict[str, Any]


class Drawing:
    """Lanes by (host, stream) and what lies on them; times in milliseconds since 1970."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self._streams = {f.file: (f.host, f.stream) for f in leaf.report.files}
        self.sources: dict[tuple[str, str], int] = {}
        self.items: list[Item] = []
        self.links: list[list[Any]] = []
        self.spans: list[list[Any]] = []
        for life, after in zip_longest(leaf.report.boots, leaf.report.boots[1:]):
            self._boot(life, after if after is not None and after.host == life.host else None)
        self._incidents()

    def source(self, host: str, stream: str) -> int:
        """Number of a lane."""
        return self.sources.setdefault((host, stream), len(self.sources))

    def document(self, events: Item | None) -> Item:
        """Everything; `events` are the columns of entries, packed."""
        say, short = self.leaf.say, self.leaf.names.short
        kept = list(self.sources)[:_MOST_LANES]
        low, high = self._range(events)
        return {
            "zone": _steps(self.leaf.options.zone, low, high),
            "sources": [[safe(host), short(stream)] for host, stream in kept],
            "left_out": len(self.sources) - len(kept),
            "items": self.items,
            "links": self.links,
            "spans": self.spans,
            "range": [low, high],
            "events": events,
            "words": {key: say(f"html.{key}", n="{n}") for key in _WORDS},
        }

    def _boot(self, life: Boot, after: Boot | None) -> None:
        teller = self.leaf.teller
        refs = self._refs((life.first, life.last, *life.because.evidence))
        title = text_of(teller.boot_pieces(life))
        self._add("up", life.host, life.start, life.end, title, refs, how=life.how)
        if after is not None:
            title = self.leaf.say("html.outage")
            if life.down is not None:
                title = f"{title}: {teller.clock.between(*life.down)}"
            refs = self._refs((life.last, *life.because.evidence, after.first))
            self._add("down", life.host, life.end, after.start, title, refs, how=life.how)

    def _incidents(self) -> None:
        told: dict[tuple[str, int], Evidence] = {}
        for number, incident in enumerate(self.leaf.report.incidents, 1):
            place: dict[str, int] = {}
            for finding in (*incident.causes, *incident.effects):
                place[finding.id] = len(self.items)
                title = self.leaf.teller.title(finding)
                word = self.leaf.teller.confidence(finding.confidence)
                name = self.leaf.finding_id(number, finding)
                refs = [[title, name], *self._refs(finding.evidence)]
                said = f"{title} ({word})"
                more = {"sure": finding.confidence, "root": finding in incident.causes}
                self._add("finding", finding.host, finding.start, finding.end, said, refs, **more)
                told.update({(x.file, x.line): x for x in finding.evidence})
            for link in incident.links:
                if link.cause in place and link.effect in place:
                    self.links.append([place[link.cause], place[link.effect]])
            span = [_ms(incident.start.earliest), _ms(incident.end.latest)]
            spots = [t for t in (*span, _ms(incident.start.latest), _ms(incident.end.earliest)) if t is not None]
            if spots:
                self.spans.append([number, min(spots), max(spots)])
        for line in told.values():
            self._line(line)

    def _line(self, line: Evidence) -> None:
        if line.time is None:
            return
        host, stream = self._streams.get(line.file, ("", line.file))
        lane = self.source(host, stream)
        text = safe(line.text[:400])
        refs = self._refs((line,))
        at = Bounds(line.time, line.time)
        self._add("line", host, at, at, text, refs, lane=lane, severity=worded(line.text))

    def _add(self, kind: str, host: str, start: Bounds, end: Bounds, title: str, refs: Any, **more: Any) -> None:
        clock = self.leaf.teller.clock
        when = clock.moment(start, "cell")
        if end != start:
            when = self.leaf.say("html.range", start=when, end=clock.moment(end, "cell"))
        times = [_ms(t) for t in (start.earliest, start.latest, end.earliest, end.latest)]
        item = {"kind": kind, "host": safe(host), "at": times, "when": when, "title": title, "refs": refs[:12]}
        self.items.append(item | more)

    def _refs(self, lines: Sequence[Evidence]) -> list[list[str]]:
        every = {self.leaf.line_id(x): self.leaf.names.reference(x) for x in lines}
        return [[ref, name] for name, ref in every.items()]

    def _range(self, events: Item | None) -> tuple[float, float]:
        times = [t for item in self.items for t in item["at"] if t is not None]
        times += [t for _, *ends in self.spans for t in ends]
        if events is not None:
            times += [events["first"], events["last"]]
        if not times:
            return 0.0, 1.0
        low, high = min(times), max(times)
        pad = max(1000.0, (high - low) * 0.02)
        return low - pad, high + pad


def script(name: str, document: Item) -> Markup:
    """JSON as an element that is never run, and that no text can end."""
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(f'<script type="application/json" id="{name}">{text}</script>')


def _ms(time: int | None) -> float | None:
    return None if time is None else time / 1e6


def _steps(zone: dt.tzinfo, low: float, high: float) -> list[list[float]]:
    """[from (ms), offset (ms)]: a browser need not know the zone, and knows it as this report does."""
    first, last = int(low // 1000), int(high // 1000) + 1
    step = max(_DAY, (last - first) // 4000)
    out = [[float(first * 1000), _offset(zone, first) * 1000.0]]
    for at in range(first + step, last + step, step):
        if _offset(zone, at) * 1000 != out[-1][1]:
            before, after = at - step, at
            while after - before > 1:
                middle = (before + after) // 2
                same = _offset(zone, middle) * 1000 == out[-1][1]
                before, after = (middle, after) if same else (before, middle)
            out.append([after * 1000.0, _offset(zone, after) * 1000.0])
    return out


def _offset(zone: dt.tzinfo, seconds: int) -> int:
    try:
        offset = (_EPOCH + dt.timedelta(seconds=seconds)).astimezone(zone).utcoffset()
    except (OverflowError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0
