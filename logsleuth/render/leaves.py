"""The report's leaves as JSON holds them: instants in ISO 8601, sentences in words, log lines as they are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from logsleuth.narrative import Teller, steering, whole
from logsleuth.report import (
    Assumption,
    Availability,
    Boot,
    Bounds,
    Evidence,
    FileRead,
    Finding,
    Group,
    Incident,
    Skipped,
    Statement,
)

Leaf = dict[str, Any]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def dumps(document: Leaf | list[Leaf]) -> str:
    """JSON text that is safe to show in a terminal and to encode as UTF-8."""
    return steering(json.dumps(_whole(document), ensure_ascii=False, indent=2)) + "\n"


def instant(time: int | None) -> str | None:
    """`2008-12-17T06:19:41Z`, with six or nine digits of a fraction where there is one."""
    if time is None:
        return None
    seconds, rest = divmod(time, 10**9)
    text = (_EPOCH + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    if rest == 0:
        return f"{text}Z"
    return f"{text}.{rest:09d}Z" if rest % 1000 else f"{text}.{rest // 1000:06d}Z"


def bounds(moment: Bounds) -> Leaf:
    """Null on a side that is open."""
    return {"earliest": instant(moment.earliest), "latest": instant(moment.latest)}


def references(lines: Sequence[Evidence]) -> list[Leaf]:
    """Where to look, without the text."""
    return [{"file": line.file, "line": line.line} for line in lines]


def evidence(line: Evidence) -> Leaf:
    """The line as it stands in the file."""
    return {"file": line.file, "line": line.line, "text": line.text, "time": instant(line.time)}


def sentence(said: Statement, teller: Teller) -> Leaf:
    """In words, with where to look it up."""
    return {"text": teller.tell(said), "evidence": references(said.evidence)}


def finding(found: Finding, teller: Teller) -> Leaf:
    """A fault with what speaks for and against it."""
    return {
        "id": found.id,
        "rule": found.rule,
        "kind": found.kind,
        "cause": found.cause,
        "confidence": found.confidence,
        "host": found.host,
        "title": teller.tell(found.title),
        "narrative": [sentence(s, teller) for s in found.narrative],
        "reasons": [{"side": r.side, **sentence(r, teller)} for r in found.reasons],
        "remedy": teller.tell(found.remedy) if found.remedy is not None else None,
        "settle": teller.tell(found.settle) if found.settle is not None else None,
        "evidence": [evidence(line) for line in found.evidence],
        "start": bounds(found.start),
        "end": bounds(found.end),
    }


def incident(one: Incident, teller: Teller) -> Leaf:
    """One outage; `narrative` is the whole story in the order in which it is told."""
    story = [s for step in teller.chain(one) for s in step.finding.narrative]
    return {
        "id": one.id,
        "hosts": list(one.hosts),
        "headline": teller.headline(one),
        "start": bounds(one.start),
        "end": bounds(one.end),
        "causes": [finding(f, teller) for f in one.causes],
        "effects": [finding(f, teller) for f in one.effects],
        "links": [{"cause": li.cause, "effect": li.effect, "why": li.why} for li in one.links],
        "narrative": [sentence(s, teller) for s in story],
    }


def group(lines: Group) -> Leaf:
    """Lines of one kind that no rule used."""
    return {
        "pattern": lines.pattern,
        "count": lines.count,
        "severity": lines.severity,
        "program": lines.program,
        "new": lines.new,
        "first": evidence(lines.first),
        "last": evidence(lines.last),
    }


def boot(life: Boot, teller: Teller) -> Leaf:
    """One life of a host; down-times in seconds."""
    return {
        "host": life.host,
        "number": life.number,
        "seen": life.seen,
        "start": bounds(life.start),
        "first": evidence(life.first),
        "end": bounds(life.end),
        "last": evidence(life.last),
        "how": life.how,
        "because": sentence(life.because, teller),
        "down": None if life.down is None else {"least": life.down[0] / 10**9, "most": life.down[1] / 10**9},
    }


def availability(share: Availability) -> Leaf:
    """Shares from 0 to 1."""
    return {
        "host": share.host,
        "window": bounds(share.window),
        "least": share.least,
        "most": share.most,
        "boots": share.boots,
        "unclean": share.unclean,
    }


def file(row: FileRead) -> Leaf:
    """One row of the table of sources."""
    return {
        "file": row.file,
        "stream": row.stream,
        "host": row.host,
        "format": row.format,
        "lines": row.lines,
        "entries": row.entries,
        "first": instant(row.first),
        "last": instant(row.last),
        "backwards": row.backwards,
    }


def assumption(one: Assumption) -> Leaf:
    """What no line states."""
    return {"about": one.about, "text": one.text}


def skipped(one: Skipped) -> Leaf:
    """What was found and not (wholly) read."""
    return {"name": one.name, "reason": one.reason, "partial": one.partial}


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value
