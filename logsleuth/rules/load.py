"""Rule files to a `RuleSet`: strict, and every mistake one line `file:line: rule: what, and what to try`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import regex

from logsleuth.errors import RuleError
from logsleuth.formats.model import SEVERITIES
from logsleuth.nodes import CATASTROPHIC, Node, compose, duration
from logsleuth.report import CONFIDENCE, Confidence
from logsleuth.rules import sigma
from logsleuth.rules.check import check
from logsleuth.rules.files import from_paths, shipped
from logsleuth.rules.model import (
    DEFAULT_GAP,
    Clause,
    Condition,
    EvidenceItem,
    LinkRule,
    Moment,
    Ref,
    Rule,
    RuleSet,
    Sample,
)
from logsleuth.scan.ambiguous import ambiguous
from logsleuth.signs.model import GRAVE, ROLES, EventType, HeartbeatType, LazyPattern, SpanType

__all__ = ["forgiving", "from_paths", "load", "pattern", "shipped"]

SECTIONS = ("about", "events", "heartbeats", "spans", "rules", "links", "samples")
_EVENT = ("program", "match", "not", "set", "kind", "severity", "role", "ordinary", "source")
_SPAN = ("open", "close", "key", "scope", "reopen", "max", "for", "fade")
_RULE = (
    "id", "cause", "kind", "bind", "absent", "evidence", "base", "cap", "title", "narrative", "remedy", "settle",
    "fields", "at", "last", "source",
)  # fmt: skip
_CLAUSE = (
    "event", "span", "fact", "where", "after", "before", "open_at", "during", "pick", "by", "gap", "count", "distinct",
    "within", "host", "scope", "optional", "link", "coverage",
)  # fmt: skip
_LINK = ("cause", "effect", "within", "before", "where", "host", "because")
_SAMPLE = ("rule", "name", "year", "logs", "expect", "text", "fields", "explained_by", "not_text", "not_explained_by")
THOROUGH = False
"""Check the patterns of the shipped files too: the rule tests set it."""
_KINDS = ("fault", "symptom", "harmless")
_SAMPLES = re.compile(r"^samples:.*?(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)
_REF = re.compile(r"\$(?P<name>\w+)(?:\.(?P<field>\w+))?$")
_MOMENT = re.compile(r"\$(?P<name>\w+)\.(?P<field>\w+)(?:\s*(?P<sign>[+-])\s*(?P<by>[\d.a-z ]+))?$")
_WORDS = CONFIDENCE[1:]


def load(files: Iterable[tuple[str, str]], *, complete: bool = True, samples: bool = True) -> RuleSet:
    """(name, text) of rule files, later ones overriding by id.

    `complete`: refuse what refers to nothing. `samples`: read those too; they are most of a file.
    """
    out = RuleSet()
    for file, text in files:
        if sigma.recognized(text):
            found = sigma.from_sigma(text, file)
            out.events |= found.events
            out.rules |= found.rules
        else:
            _file(out, compose(text if samples else _SAMPLES.sub(_blank, text), file))
    out.order = check(out) if complete else list(out.rules)
    return out


def _blank(section: re.Match[str]) -> str:
    """Empty lines, so that what follows keeps its line numbers."""
    return "\n" * section[0].count("\n")


def forgiving(files: Iterable[tuple[str, str]]) -> tuple[RuleSet, list[RuleError]]:
    """As `load`, but what is wrong is left out and told instead: one broken file does not stop work on another."""
    errors: list[RuleError] = []
    good: list[tuple[str, str]] = []
    for file, text in files:
        try:
            load([(file, text)], complete=False)
        except RuleError as error:
            errors.append(error)
        else:
            good.append((file, text))
    out = load(good, complete=False)
    while True:
        try:
            out.order = check(out)
        except RuleError as error:
            errors.append(error)
            if not _drop(out, error):
                raise
        else:
            return out, errors


def _drop(out: RuleSet, error: RuleError) -> bool:
    """Take out what an error is about."""
    if error.rule in out.rules:
        del out.rules[error.rule]
    elif error.rule.removeprefix("span ") in out.spans:
        del out.spans[error.rule.removeprefix("span ")]
    elif any(b.event == error.rule for b in out.heartbeats):
        out.heartbeats = [b for b in out.heartbeats if b.event != error.rule]
    else:
        return False
    return True


def _file(out: RuleSet, root: Node) -> None:
    sections = root.entries(SECTIONS)
    if "events" in sections:
        for name, node in sections["events"].entries().items():
            out.events[name] = _event(name, node.named(f"event {name}"))
    if "spans" in sections:
        for name, node in sections["spans"].entries().items():
            out.spans[name] = _span(name, node.named(f"span {name}"))
    for node in _listed(sections, "heartbeats"):
        parts = node.entries(("event", "every"))
        period = parts["every"].duration() if "every" in parts else None
        event = _needed(node, parts, "event")
        out.heartbeats.append(HeartbeatType(event.text(), period, f"{node.file}:{event.line}"))
    for node in _listed(sections, "rules"):
        rule = _rule(node)
        out.rules[rule.id] = rule
    out.links.extend(_link(node.named("link")) for node in _listed(sections, "links"))
    out.samples.extend(_sample(node) for node in _listed(sections, "samples"))


def _listed(sections: dict[str, Node], name: str) -> list[Node]:
    if name not in sections:
        return []
    return [] if sections[name].raw.value == "" else sections[name].items()


def _needed(node: Node, parts: dict[str, Node], key: str) -> Node:
    if key not in parts:
        raise node.fail(f"{key!r} is missing")
    return parts[key]


def pattern(node: Node, *, ignore_case: bool = False) -> LazyPattern:
    """A scalar as a pattern; that of a shipped file was checked by the tests, and is compiled when it is needed."""
    text = node.text()
    lazy = LazyPattern(text, regex.IGNORECASE if ignore_case else 0)
    if not _checked(node):
        return lazy
    try:
        compiled = lazy.compiled
    except regex.error as error:
        raise node.fail(f"not a regular expression: {error}") from None
    if ambiguous(text, ignore_case=ignore_case):
        raise node.fail(CATASTROPHIC)
    if compiled.search("") is not None:
        raise node.fail("matches an empty text, so every line; make it say something")
    return lazy


def _checked(node: Node) -> bool:
    """Its patterns are looked at: those of the shipped files were, by the tests."""
    return THOROUGH or not node.file.startswith("knowledge/")


def _event(name: str, node: Node) -> EventType:
    parts = node.entries(_EVENT)
    role = parts["role"].one_of(ROLES) if "role" in parts else None
    return EventType(
        name=name,
        match=tuple(pattern(item) for item in _needed(node, parts, "match").items()),
        program=pattern(parts["program"], ignore_case=True) if "program" in parts else None,
        veto=tuple(pattern(item) for item in parts["not"].items()) if "not" in parts else (),
        derive=tuple((k, v.text()) for k, v in parts["set"].entries().items()) if "set" in parts else (),
        kind=parts["kind"].one_of(("syslog", "error", "access", "kernel", "stamped", "plain"))
        if "kind" in parts
        else "",
        severity=SEVERITIES.index(parts["severity"].one_of(GRAVE)) if "severity" in parts else None,
        role=role,  # type: ignore[arg-type]  # one_of has checked it
        ordinary="ordinary" in parts and parts["ordinary"].truth(),
        where=f"{node.file}:{node.line}",
    )


def _span(name: str, node: Node) -> SpanType:
    parts = node.entries(_SPAN)
    clocked = "for" in parts
    if clocked == ("close" in parts):
        raise node.fail("say either 'close' (the events that end it) or 'for' (how long it lasts)")
    return SpanType(
        name=name,
        opens=_needed(node, parts, "open").texts(),
        closes=parts["close"].texts() if "close" in parts else (),
        key=parts["key"].texts() if "key" in parts and parts["key"].raw.value else (),
        scope="host" if "scope" in parts and parts["scope"].one_of(("boot", "host")) == "host" else "boot",
        restart="reopen" in parts and parts["reopen"].one_of(("ignore", "restart")) == "restart",
        longest=parts["max"].duration() if "max" in parts else None,
        lasts=parts["for"].duration() if clocked else None,
        fades=parts["fade"].duration() if "fade" in parts else None,
        where=f"{node.file}:{node.line}",
    )


def _rule(node: Node) -> Rule:
    parts = node.entries(_RULE)
    name = _needed(node, parts, "id").text()
    node = node.named(name)
    parts = node.entries(_RULE)
    bind = tuple((k, _clause(v)) for k, v in _needed(node, parts, "bind").entries().items())
    if not bind:
        raise node.fail("'bind' is empty; name at least one event, span or fact")
    base = _word(parts["base"]) if "base" in parts else "probable"
    return Rule(
        id=name,
        cause=_needed(node, parts, "cause").text(),
        kind=parts["kind"].one_of(_KINDS) if "kind" in parts else "fault",  # type: ignore[arg-type]
        bind=bind,
        absent=tuple(_clause(item) for item in parts["absent"].items()) if "absent" in parts else (),
        evidence=tuple(_evidence(item) for item in parts["evidence"].items()) if "evidence" in parts else (),
        base=base,
        cap=_word(parts["cap"]) if "cap" in parts else "confirmed",
        title=_needed(node, parts, "title").text().strip(),
        narrative=_lines(_needed(node, parts, "narrative")),
        remedy=parts["remedy"].text().strip() if "remedy" in parts else "",
        settle=parts["settle"].text().strip() if "settle" in parts else "",
        fields=tuple((k, _value(v)) for k, v in parts["fields"].entries().items()) if "fields" in parts else (),
        at=_moment(parts["at"]) if "at" in parts else None,
        file=node.file,
        line=node.line,
        last="last" in parts and parts["last"].truth(),
    )


def _lines(node: Node) -> tuple[str, ...]:
    return tuple(line.strip() for line in node.text().splitlines() if line.strip())


def _word(node: Node) -> Confidence:
    return node.one_of(_WORDS)  # type: ignore[return-value]  # one_of has checked it


def _clause(node: Node) -> Clause:
    parts = node.entries(_CLAUSE)
    source = [k for k in ("event", "span", "fact") if k in parts]
    if len(source) != 1:
        raise node.fail("a clause names exactly one of event, span, fact")
    count = parts["count"].number() if "count" in parts else 1
    if "by" not in parts and {"count", "distinct", "within"} & set(parts):
        raise node.fail("'count' and 'within' need 'by': which fields the counted events have in common")
    if "distinct" in parts and count < 2:
        raise node.fail("'distinct' needs 'count': of how many different values there must be lines")
    pick = parts["pick"].one_of(("each", "first", "last", "nearest", "all")) if "pick" in parts else "each"
    by = parts["by"].texts() if "by" in parts and parts["by"].raw.value else () if "by" in parts else None
    return Clause(
        source=source[0],
        names=parts[source[0]].texts(),
        where=tuple(_condition(k, v) for k, v in parts["where"].entries().items()) if "where" in parts else (),
        after=_moment(parts["after"]) if "after" in parts else None,
        before=_moment(parts["before"]) if "before" in parts else None,
        open_at=_moment(parts["open_at"]) if "open_at" in parts else None,
        during=parts["during"].text().lstrip("$") if "during" in parts else "",
        pick=pick,  # type: ignore[arg-type]
        by=by,
        gap=parts["gap"].duration() if "gap" in parts else DEFAULT_GAP,
        count=count,
        distinct=parts["distinct"].text() if "distinct" in parts else "",
        within=parts["within"].duration() if "within" in parts else None,
        any_host="host" in parts and parts["host"].one_of(("any", "same")) == "any",
        same_boot="scope" in parts and parts["scope"].one_of(("boot", "any")) == "boot",
        optional="optional" in parts and parts["optional"].truth(),
        link=parts["link"].one_of(("cause", "none", "effect")) if "link" in parts else "cause",  # type: ignore[arg-type]
        coverage=parts["coverage"].texts() if "coverage" in parts else (),
        line=node.line,
    )


def _condition(field: str, node: Node) -> Condition:
    items = node.items()
    if len(items) > 1:
        return Condition(field, "in", tuple(_value(item) for item in items))
    text = items[0].text()
    if text.startswith("!"):
        return Condition(field, "ne", _value_of(text[1:], node))
    if text.startswith("~"):
        lazy = LazyPattern(text[1:])
        try:
            _ = lazy.compiled if _checked(node) else None
        except regex.error as error:
            raise node.fail(f"not a regular expression: {error}") from None
        if _checked(node) and ambiguous(text[1:]):
            raise node.fail(CATASTROPHIC)
        return Condition(field, "re", text[1:], lazy)
    if re.fullmatch(r"[<>]\s*\d+(\.\d+)?", text):
        return Condition(field, "gt" if text[0] == ">" else "lt", float(text[1:]))
    return Condition(field, "eq", _value(items[0]))


def _value(node: Node) -> str | Ref:
    return _value_of(node.text(), node)


def _value_of(text: str, node: Node) -> str | Ref:
    if not text.startswith("$"):
        return text
    match = _REF.match(text)
    if not match or not match["field"]:
        raise node.fail(f"{text!r} is not a reference; write $name.field")
    return Ref(match["name"], match["field"])


def _moment(node: Node) -> Moment:
    match = _MOMENT.match(node.text().strip())
    if not match:
        raise node.fail(f"{node.text()!r} is not a moment; write $name.t, $name.start + 5m or $name.end - 1d")
    offset = duration(match["by"].strip(), node) if match["by"] else 0
    return Moment(Ref(match["name"], match["field"]), -offset if match["sign"] == "-" else offset)


def _evidence(node: Node) -> EvidenceItem:
    parts = node.entries(("side", "if", "absent", "steps", "say"))
    side = _needed(node, parts, "side").one_of(("for", "against"))
    return EvidenceItem(
        side=side,  # type: ignore[arg-type]  # one_of has checked it
        clause=_clause(_needed(node, parts, "if")),
        absent="absent" in parts and parts["absent"].truth(),
        steps=parts["steps"].number() if "steps" in parts else 1,
        say=_needed(node, parts, "say").text().strip(),
    )


def _link(node: Node) -> LinkRule:
    parts = node.entries(_LINK)
    where = [
        tuple((k, v.text()) for k, v in item.entries().items())
        for item in (parts["where"].items() if "where" in parts else [])
    ]
    return LinkRule(
        causes=_needed(node, parts, "cause").texts(),
        effects=_needed(node, parts, "effect").texts(),
        within=parts["within"].duration() if "within" in parts else 10 * 60 * 10**9,
        before=parts["before"].duration() if "before" in parts else 0,
        where=tuple(where),
        any_host="host" in parts and parts["host"].one_of(("any", "same")) == "any",
        because=_needed(node, parts, "because").text().strip(),
        file=node.file,
        line=node.line,
    )


def _sample(node: Node) -> Sample:
    parts = node.entries(_SAMPLE)
    rules = _needed(node, parts, "rule").texts()
    node = node.named(f"sample of {', '.join(rules)}")
    logs = _needed(node, parts, "logs").entries()
    fields = parts["fields"].entries() if "fields" in parts else {}
    return Sample(
        rules=rules,
        name=parts["name"].text() if "name" in parts else "",
        logs=tuple((k, v.text()) for k, v in logs.items()),
        year=parts["year"].number() if "year" in parts else 2024,
        expect=_needed(node, parts, "expect").named(node.about).one_of((*_WORDS, "none", "ruled out")),
        text=parts["text"].text() if "text" in parts else "",
        fields=tuple((k, v.text()) for k, v in fields.items()),
        explained_by=parts["explained_by"].text() if "explained_by" in parts else "",
        not_text=parts["not_text"].text() if "not_text" in parts else "",
        not_explained_by=parts["not_explained_by"].text() if "not_explained_by" in parts else "",
        file=node.file,
        line=node.line,
    )


def source_of(rule: Rule) -> str:
    """The text of a rule in its file."""
    text = next((t for name, t in shipped() if name == rule.file), None)
    lines = (text if text is not None else Path(rule.file).read_text(encoding="utf-8")).splitlines()
    end = rule.line
    while end < len(lines) and not re.match(r"- |[a-z]", lines[end]):
        end += 1
    return "\n".join(lines[rule.line - 1 : end]).rstrip()
