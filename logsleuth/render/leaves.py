"""The report's leaves as JSON holds them: instants in ISO 8601, sentences in words, log lines as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from logsleuth.narrative import Teller, steering, whole
from logsleuth.render.laid import laid_out
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
    Value,
)

Leaf = dict[str, Any]
Known = dict[tuple[str, int], Evidence]
"""Every line that a sentence cites, by file and number."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def dumps(document: Leaf | list[Leaf]) -> str:
    """JSON text that is safe to show in a terminal and to encode as UTF-8."""
    text = laid_out(document)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = laid_out(_whole(document))
    return steering(text) + "\n"


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


def references(lines: Sequence[Evidence], known: Known) -> list[Leaf]:
    """Where to look; text and time are in the report's `lines`, and here only where they differ from those."""
    return [_reference(line, known) for line in lines]


def _reference(line: Evidence, known: Known) -> Leaf:
    out: Leaf = {"file": line.file, "line": line.line}
    told = known.setdefault((line.file, line.line), line)
    if told.text != line.text:
        out["text"] = line.text
    if told.time != line.time:
        out["time"] = instant(line.time)
    return out


def evidence(line: Evidence) -> Leaf:
    """The line as it stands in the file."""
    return {"file": line.file, "line": line.line, "text": line.text, "time": instant(line.time)}


def sentence(said: Statement, teller: Teller, known: Known) -> Leaf:
    """In words, with where to look it up; template and values tell it again in another zone or language."""
    return {
        "text": teller.tell(said),
        "evidence": references(said.evidence, known),
        "template": said.template,
        "values": {key: _value(value) for key, value in said.values.items()},
    }


def _value(value: Value) -> Any:
    return bounds(value) if isinstance(value, Bounds) else value


def _reason(said: Statement, teller: Teller, known: Known) -> Leaf:
    return {"side": said.side, **sentence(said, teller, known)}


def finding(found: Finding, teller: Teller, known: Known) -> Leaf:
    """A fault with what speaks for and against it."""
    return {
        "id": found.id,
        "rule": found.rule,
        "kind": found.kind,
        "cause": found.cause,
        "confidence": found.confidence,
        "host": found.host,
        "title": teller.tell(found.title),
        "narrative": [_reason(s, teller, known) for s in found.narrative],
        "reasons": [_reason(r, teller, known) for r in found.reasons],
        "remedy": teller.tell(found.remedy) if found.remedy is not None else None,
        "settle": teller.tell(found.settle) if found.settle is not None else None,
        "evidence": [evidence(line) for line in found.evidence],
        "start": bounds(found.start),
        "end": bounds(found.end),
        "said": {
            "title": _reason(found.title, teller, known),
            "remedy": _reason(found.remedy, teller, known) if found.remedy is not None else None,
            "settle": _reason(found.settle, teller, known) if found.settle is not None else None,
        },
    }


def incident(one: Incident, teller: Teller, known: Known) -> Leaf:
    """One outage; `narrative` is the whole story in the order in which it is told."""
    story = [s for step in teller.chain(one) for s in step.finding.narrative]
    return {
        "id": one.id,
        "hosts": list(one.hosts),
        "headline": teller.headline(one),
        "start": bounds(one.start),
        "end": bounds(one.end),
        "causes": [finding(f, teller, known) for f in one.causes],
        "effects": [finding(f, teller, known) for f in one.effects],
        "links": [{"cause": li.cause, "effect": li.effect, "why": teller.plain(li.why)} for li in one.links],
        "narrative": [{"text": teller.tell(s), "evidence": references(s.evidence, known)} for s in story],
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


def boot(life: Boot, teller: Teller, known: Known) -> Leaf:
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
        "because": _reason(life.because, teller, known),
        "down": None if life.down is None else {"least": _seconds(life.down[0]), "most": _seconds(life.down[1])},
    }


def _seconds(length: int) -> float:
    return length / 10**9


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
        "sha256": row.sha256 or None,
    }


def assumption(one: Assumption, teller: Teller) -> Leaf:
    """What no line states."""
    return {"about": teller.plain(one.about), "text": teller.plain(one.text)}


def skipped(one: Skipped, teller: Teller) -> Leaf:
    """What was found and not (wholly) read."""
    return {"name": one.name, "reason": teller.plain(one.reason), "partial": one.partial}


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value
