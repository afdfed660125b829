"""A report from the JSON that `explain --format json` wrote, see docs/report-json.md."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from logsleuth.errors import LogsleuthError
from logsleuth.report import (
    COMPARED_NOTES,
    CONFIDENCE,
    FORMAT_VERSION,
    SORTS,
    WHY_NOT,
    Assumption,
    Availability,
    Boot,
    Bounds,
    Comparison,
    Difference,
    Evidence,
    FileRead,
    Finding,
    Group,
    Incident,
    Link,
    Report,
    Skipped,
    Statement,
    Uncompared,
)

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


class Unreadable(LogsleuthError):
    """The text is no report, or one that this version cannot read."""


def read(text: str) -> Report:
    """The report; raises Unreadable."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {error}") from error
    if not isinstance(document, dict) or "format_version" not in document:
        raise Unreadable("it is no report of logsleuth: format_version is missing")
    version = document["format_version"]
    if version != FORMAT_VERSION:
        raise Unreadable(
            f"it is a report of format version {str(version)[:20]!r}, and this program reads version {FORMAT_VERSION}: "
            "show it with the version that wrote it, or explain the logs again"
        )
    try:
        return _Reader(document).report()
    except KeyError as error:
        raise Unreadable(f"it is damaged: {error.args[0]!r} is missing") from error
    except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable(f"it is damaged: {error}") from error


class _Reader:
    """The document, and the lines that its sentences cite."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.originals = document.get("originals", {})
        self.lines = {(x["file"], x["line"]): _evidence(x) for x in document["lines"]}

    def report(self) -> Report:
        doc = self.document
        return Report(
            incidents=tuple(self.incident(i) for i in doc["incidents"]),
            set_aside=tuple(self.finding(f) for f in doc["set_aside"]),
            unexplained=tuple(_group(g) for g in doc["unexplained"]),
            boots=tuple(self.boot(b) for b in doc["boots"]),
            availability=tuple(_availability(a) for a in doc["availability"]),
            files=tuple(_file(f) for f in doc["files"]),
            assumptions=tuple(
                Assumption(self.english(a["about"]), self.english(a["text"])) for a in doc["assumptions"]
            ),
            skipped=tuple(
                Skipped(_text(s["name"]), self.english(s["reason"]), partial=bool(s["partial"])) for s in doc["skipped"]
            ),
            window=_bounds(doc["window"]),
            told=_bounds(doc["told"]),
            zone=_text(doc["zone"]),
            version=_text(doc["version"]),
            command=_text(doc["command"]),
            hidden=_number(doc["hidden"]),
            notes=tuple(self.english(n) for n in doc["notes"]),
            changes=tuple(_evidence(x) for x in doc["changes"]),
            digested=bool(doc["digested"]),
            # Reports of an earlier program have none.
            compared=tuple(self.comparison(c) for c in doc.get("compared", ())),
        )

    def english(self, value: Any) -> str:
        """A sentence without a template, as it was before it was told in the report's language."""
        return _text(self.originals.get(_text(value), value))

    def incident(self, one: dict[str, Any]) -> Incident:
        return Incident(
            id=_text(one["id"]),
            hosts=tuple(_text(h) for h in one["hosts"]),
            causes=tuple(self.finding(f) for f in one["causes"]),
            effects=tuple(self.finding(f) for f in one["effects"]),
            links=tuple(Link(_text(x["cause"]), _text(x["effect"]), self.english(x["why"])) for x in one["links"]),
            start=_bounds(one["start"]),
            end=_bounds(one["end"]),
        )

    def finding(self, one: dict[str, Any]) -> Finding:
        said, rule = one["said"], _text(one["rule"])

        def statement(part: dict[str, Any]) -> Statement:
            return replace(self.statement(part), rule=rule)

        return Finding(
            id=_text(one["id"]),
            rule=rule,
            cause=_text(one["cause"]),
            kind=_one_of(one["kind"], "fault", "symptom", "harmless"),
            confidence=_one_of(one["confidence"], *CONFIDENCE),
            host=_text(one["host"]),
            title=statement(said["title"]),
            narrative=tuple(statement(s) for s in one["narrative"]),
            reasons=tuple(statement(s) for s in one["reasons"]),
            remedy=_maybe(said["remedy"], statement),
            settle=_maybe(said["settle"], statement),
            evidence=tuple(_evidence(x) for x in one["evidence"]),
            start=_bounds(one["start"]),
            end=_bounds(one["end"]),
        )

    def statement(self, one: dict[str, Any]) -> Statement:
        return Statement(
            _text(one["template"]),
            {_text(key): _value(value) for key, value in one["values"].items()},
            tuple(self.cited(x) for x in one["evidence"]),
            _one_of(one["side"], "for", "against", "note"),
        )

    def cited(self, one: dict[str, Any]) -> Evidence:
        line = self.lines.get((one["file"], one["line"]))
        if line is None:
            raise ValueError(f"{one['file']}:{one['line']} is cited, but not among its lines")
        return _evidence({**_as_table(line), **one}) if len(one) > 2 else line

    def comparison(self, one: dict[str, Any]) -> Comparison:
        return Comparison(
            host=_text(one["host"]),
            by=_one_of(one["by"], "boot", "day", "window"),
            before=_bounds(one["before"]),
            after=_bounds(one["after"]),
            why_not=_one_of(one["why_not"] or "", "", *WHY_NOT),
            differences=tuple(self.difference(d) for d in one["differences"]),
            left_out=tuple(_number(one["left_out"][sort]) for sort in SORTS),
            uncompared=tuple(
                Uncompared(_text(u["file"]), _instant(u["first"]), _instant(u["last"])) for u in one["uncompared"]
            ),
            notes=tuple(_one_of(n, *COMPARED_NOTES) for n in one["notes"]),
        )

    def difference(self, one: dict[str, Any]) -> Difference:
        before, after = one["before"], one["after"]
        return Difference(
            sort=_one_of(one["sort"], *SORTS),
            program=_text(one["program"]),
            pattern=_text(one["pattern"]),
            severity=_text(one["severity"]),
            counts=(_number(before["lines"]), _number(after["lines"])),
            lengths=(round(before["seconds"] * 10**9), round(after["seconds"] * 10**9)),
            lines=tuple(self.cited(x) for x in one["evidence"]),
            at_boot=bool(one["at_boot"]),
            earlier=bool(one["earlier"]),
            former=_text(one["former"]),
        )

    def boot(self, one: dict[str, Any]) -> Boot:
        down = one["down"]
        return Boot(
            host=_text(one["host"]),
            number=_number(one["number"]),
            start=_bounds(one["start"]),
            first=_evidence(one["first"]),
            seen=bool(one["seen"]),
            end=_bounds(one["end"]),
            last=_evidence(one["last"]),
            how=_one_of(one["how"], "clean", "unclean", "still up", "unknown"),
            because=self.statement(one["because"]),
            down=None if down is None else (round(down["least"] * 10**9), round(down["most"] * 10**9)),
        )


def _as_table(line: Evidence) -> dict[str, Any]:
    return {"file": line.file, "line": line.line, "text": line.text, "time": _shown(line.time)}


def _shown(time: int | None) -> str | None:
    from logsleuth.render.leaves import instant

    return instant(time)


def _evidence(one: dict[str, Any]) -> Evidence:
    return Evidence(_text(one["file"]), _number(one["line"]), _text(one["text"]), _instant(one["time"]))


def _group(one: dict[str, Any]) -> Group:
    return Group(
        _text(one["pattern"]),
        _number(one["count"]),
        _evidence(one["first"]),
        _evidence(one["last"]),
        _text(one["severity"]),
        _text(one["program"]),
        new=bool(one["new"]),
    )


def _availability(one: dict[str, Any]) -> Availability:
    return Availability(
        _text(one["host"]),
        _bounds(one["window"]),
        least=float(one["least"]),
        most=float(one["most"]),
        boots=_number(one["boots"]),
        unclean=_number(one["unclean"]),
    )


def _file(one: dict[str, Any]) -> FileRead:
    return FileRead(
        _text(one["file"]),
        _text(one["stream"]),
        _text(one["host"]),
        _text(one["format"]),
        _number(one["lines"]),
        _number(one["entries"]),
        _instant(one["first"]),
        _instant(one["last"]),
        _number(one["backwards"]),
        _text(one["sha256"] or ""),
    )


def _value(value: Any) -> str | int | Bounds | None:
    if isinstance(value, dict):
        return _bounds(value)
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{str(value)[:40]!r} is no value of a sentence")


def _bounds(one: dict[str, Any]) -> Bounds:
    return Bounds(_instant(one["earliest"]), _instant(one["latest"]))


def _instant(text: str | None) -> int | None:
    if text is None:
        return None
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no instant")
    whole = dt.datetime.fromisoformat(match[1]).replace(tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (whole.days * 86_400 + whole.seconds) * 10**9 + int((match[2] or "0").ljust(9, "0"))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} is no number")
    return value


def _one_of(value: Any, *words: Any) -> Any:
    if value not in words:
        raise ValueError(f"{str(value)[:40]!r} is none of {', '.join(words)}")
    return value


def _maybe(value: Any, read_one: Callable[[Any], Statement]) -> Statement | None:
    return None if value is None else read_one(value)
