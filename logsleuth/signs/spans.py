"""Points to spans: what was open from one event to another, and how each ended."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

from logsleuth.clock.offsets import UNKNOWN
from logsleuth.signs.boots import Ledger
from logsleuth.signs.model import Fact, SpanType


def spans(kind: SpanType, facts: dict[str, list[Fact]], book: Ledger) -> list[Fact]:
    """All spans of one type, by their start. `facts` are in the order of time, by event."""
    opens = [(f, True) for name in kind.opens for f in facts.get(name, ()) if f.timed]
    closes = [(f, False) for name in kind.closes for f in facts.get(name, ()) if f.timed]
    if kind.lasts is not None:
        return [_by_clock(kind, f) for f, _ in sorted(opens, key=_order)]
    open_now: dict[tuple[str, ...], Fact] = {}
    out: list[Fact] = []
    for fact, opening in heapq.merge(sorted(opens, key=_order), sorted(closes, key=_order), key=_order):
        key = _key(kind, fact)
        if key is None:
            continue
        span = open_now.get(key)
        if span is not None and _is_cut(kind, span, fact):
            out.append(_cut(span, book))
            span = None
            del open_now[key]
        if opening and (span is None or kind.restart):
            if span is not None:
                out.append(_close(kind, span, fact, "unknown"))
            open_now[key] = _open(kind, fact)
        elif not opening and span is not None:
            out.append(_close(kind, span, fact, "closed"))
            del open_now[key]
    out.extend(_leave(kind, span, book) for span in open_now.values())
    return sorted(out, key=lambda f: (f.lo, f.log, f.line))


def _order(item: tuple[Fact, bool]) -> tuple[int, int, int]:
    return item[0].lo, item[0].log, item[0].line


def _key(kind: SpanType, fact: Fact) -> tuple[str, ...] | None:
    words = [fact.host]
    for name in kind.key:
        word = fact.word(name)
        if word is None:
            return None
        words.append(word)
    return tuple(words)


def _open(kind: SpanType, fact: Fact) -> Fact:
    return Fact(
        kind.name,
        fact.lo,
        fact.hi,
        fact.host,
        dict(fact.fields),
        fact.lines,
        fact.program,
        fact.pid,
        fact.text,
        fact.log,
        fact.boot,
        end_lo=UNKNOWN,
        end_hi=UNKNOWN,
        outcome="open",
        members=(fact,),
    )


def _by_clock(kind: SpanType, fact: Fact) -> Fact:
    span = _open(kind, fact)
    lasts = kind.lasts or 0
    span.end_lo = span.end_hi = fact.hi + lasts
    span.fade = fact.hi + kind.fades if kind.fades is not None else None
    span.outcome = "closed"
    return span


def _is_cut(kind: SpanType, span: Fact, fact: Fact) -> bool:
    return kind.scope == "boot" and fact.boot != span.boot and fact.boot >= 0


def _cut(span: Fact, book: Ledger) -> Fact:
    lives = book.lives.get(span.host, [])
    if 0 <= span.boot < len(lives):
        end = lives[span.boot].end
        span.end_lo = end.earliest if end.earliest is not None else UNKNOWN
        span.end_hi = end.latest if end.latest is not None else UNKNOWN
    span.outcome = "cut"
    return span


def _close(kind: SpanType, span: Fact, fact: Fact, outcome: str) -> Fact:
    span.end_lo, span.end_hi, span.outcome = fact.lo, fact.hi, outcome
    if kind.longest is not None and fact.lo - span.lo > kind.longest:
        span.outcome = "unknown"
    else:
        span.lines += fact.lines
    span.members = (*span.members, fact)
    for name, value in fact.fields.items():
        span.fields.setdefault(name, value)
    return span


def _leave(kind: SpanType, span: Fact, book: Ledger) -> Fact:
    """A span that nothing closes: cut by a later boot, or open when the log ends."""
    lives = book.lives.get(span.host, [])
    later = kind.scope == "boot" and 0 <= span.boot < len(lives) - 1
    left = _cut(span, book) if later else span
    known = left.end_lo if later else lives[-1].last_time if lives else UNKNOWN
    if kind.longest is not None and known not in {None, UNKNOWN} and (known or 0) - span.lo > kind.longest:
        # So long ago that its end must have been missed.
        left.end_lo = left.end_hi = UNKNOWN
        left.outcome = "unknown"
    return left


def by_type(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Facts by their type, in the order given."""
    out: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        out[fact.type].append(fact)
    return out
