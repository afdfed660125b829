"""Mermaid charts of a write-up: what led to what, and when each host was up. No text of a log can leave its label."""

from __future__ import annotations

import datetime as dt

from logsleuth.narrative import safe
from logsleuth.render.sheet import Sheet
from logsleuth.report import Bounds, Incident, Report

_MOST = 30
"""Findings in a chart; more cannot be read."""
_LONGEST = 90
_DAY = 86_400 * 10**9


def graph(sheet: Sheet, incident: Incident) -> list[str]:
    """Causes and effects as a flow chart; nothing where there is but one finding."""
    steps = sheet.teller.chain(incident)[:_MOST]
    if len(steps) < 2:
        return []
    name = {step.finding.id: f"n{n}" for n, step in enumerate(steps)}
    out = ["```mermaid", "flowchart TD"]
    for step in steps:
        word = sheet.teller.confidence(step.finding.confidence)
        title = sheet.names.within(sheet.teller.named(step.finding))
        out.append(f'    {name[step.finding.id]}["{_label(title)}<br/>({_label(word)})"]')
    arrows = [(link.cause, link.effect) for link in incident.links if link.cause in name and link.effect in name]
    out += [f"    {name[cause]} --> {name[effect]}" for cause, effect in dict.fromkeys(arrows) if cause != effect]
    return [*out, "```", ""]


def outage(sheet: Sheet, incident: Incident, report: Report) -> list[str]:
    """The lives of the incident's hosts around it as a Gantt chart; nothing where none of them was down."""
    low, high = incident.start.earliest, incident.end.latest
    if low is None or high is None:
        return []
    margin = max((high - low) // 4, 600 * 10**9)
    low, high = max(low - margin, low - _DAY), min(high + margin, high + _DAY)
    sections: list[str] = []
    down = False
    for host in dict.fromkeys(b.host for b in report.boots if b.host in incident.hosts):
        sections.append(f"    section {_word(host) or '-'}")
        lives = [b for b in report.boots if b.host == host]
        for life, after in zip(lives, [*lives[1:], None], strict=True):
            until = _first(life.end) if life.down is not None or life.how == "still up" else _last(life.end)
            sections += _bar(sheet, sheet.say("chart_up"), "done", _last(life.start), until, low, high)
            if after is not None and life.down is not None:
                gap = (life.end.earliest, after.start.latest)
                bar = _bar(sheet, sheet.say("chart_down"), "crit", *gap, low, high)
                down = down or bool(bar)
                sections += bar
    if not down:
        return []
    head = [
        "```mermaid",
        "gantt",
        f"    title {_word(sheet.say('chart_title', zone=sheet.zone))}",
        "    dateFormat YYYY-MM-DD HH:mm:ss",
        "    axisFormat %m-%d %H:%M",
    ]
    return [*head, *sections, "```", ""]


def _bar(sheet: Sheet, name: str, tag: str, start: int | None, end: int | None, low: int, high: int) -> list[str]:
    """One task, cut off where the chart ends; an open side goes on to there."""
    start, end = max(low, start if start is not None else low), min(high, end if end is not None else high)
    if end <= start:
        return []
    at, to = (
        dt.datetime.fromtimestamp(t // 10**9, sheet.teller.clock.zone).strftime("%Y-%m-%d %H:%M:%S")
        for t in (start, max(end, start + 10**9))
    )
    return [f"    {_word(name)} :{tag}, {at}, {to}"]


def _first(moment: Bounds) -> int | None:
    return moment.earliest if moment.earliest is not None else moment.latest


def _last(moment: Bounds) -> int | None:
    return moment.latest if moment.latest is not None else moment.earliest


def _label(text: str) -> str:
    """Text within quotes: all but letters, digits and the plainest marks as Mermaid's entities."""
    shown = safe(text)
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return "".join(c if c.isalnum() or c in " .,-/…" else f"#{ord(c)};" for c in shown)


def _word(text: str) -> str:
    """A name in a Gantt chart, which knows no entities: what it could act on is left out."""
    return "".join(c if c.isalnum() or c in " .-/+" else " " for c in safe(text)[:_LONGEST]).strip()
