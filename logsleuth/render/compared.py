"""What changed between two times, in sentences that every form of a report shares."""

from __future__ import annotations

from collections.abc import Iterator

from logsleuth.narrative import Pieces, Teller, log, text_of
from logsleuth.render import leaves
from logsleuth.report import SORTS, Comparison, Difference, Sort, Uncompared

_HOUR = 3600 * 10**9


def lead(teller: Teller, one: Comparison) -> Pieces:
    """What was compared with what; or why nothing could be."""
    host = [log(one.host)] if one.host else teller.compose("writeup.no_hosts")
    if one.why_not:
        return teller.compose("compare.nothing", host=host, why=teller.say(f"compare.why.{one.why_not}"))
    clock = teller.clock
    times = {
        f"{name}_{end}": clock.instant(time)
        for name, bounds in (("before", one.before), ("after", one.after))
        for end, time in (("first", bounds.earliest), ("last", bounds.latest))
    }
    return teller.compose(f"compare.by.{one.by}", host=host, **times)


def groups(one: Comparison) -> Iterator[tuple[Sort, list[Difference], int]]:
    """What differs, sort by sort, and how much more of each sort there is than the report holds."""
    for sort, left in zip(SORTS, one.left_out, strict=True):
        own = [d for d in one.differences if d.sort == sort]
        if own:
            yield sort, own, left


def said(teller: Teller, one: Difference) -> Pieces:
    """One difference in a sentence."""
    what = _what(teller, one)
    before, after = (teller.count("line", n) for n in one.counts)
    if one.sort == "version":
        return teller.compose("compare.version", what=what, now=[log(one.pattern)], former=[log(one.former)])
    if one.sort == "package":
        return what
    if one.sort == "new":
        return teller.compose("compare.new_earlier" if one.earlier else "compare.new", what=what, after=after)
    rates = [_rate(teller, n, length) for n, length in zip(one.counts, one.lengths, strict=True)]
    if one.sort == "rate":
        return teller.compose(
            "compare.rate", what=what, rate=rates[0], later=rates[1], before=before, after=teller.number(one.counts[1])
        )
    if one.at_boot:
        return teller.compose("compare.gone_boot", what=what, before=before)
    return teller.compose("compare.gone", what=what, rate=rates[0], before=before)


def beside(teller: Teller, one: Comparison) -> list[Pieces]:
    """What bounds the comparison: logs that do not reach back, boots that only one of the two times holds."""
    if one.why_not:
        return [_uncompared(teller, one, u) for u in one.uncompared]
    none = [] if one.differences else [teller.compose("compare.same")]
    return [
        *none,
        *(_uncompared(teller, one, u) for u in one.uncompared),
        *(teller.compose(f"compare.note.{n}") for n in one.notes),
    ]


def _what(teller: Teller, one: Difference) -> Pieces:
    program, pattern = [log(one.program)] if one.program else [], [log(one.pattern)]
    if one.sort == "silent" or (one.sort == "version" and program):
        return program
    if not one.pattern:
        return teller.compose("compare.program", program=program)
    if one.sort == "version":
        return teller.compose("compare.unnamed")
    return teller.compose("compare.what", program=program, pattern=pattern) if program else pattern


def _rate(teller: Teller, n: int, length: int) -> str:
    rate = n * _HOUR / length if length > 0 else 0.0
    return teller.number(round(rate)) if rate >= 10 else f"{rate:.2g}"


def _uncompared(teller: Teller, whole: Comparison, one: Uncompared) -> Pieces:
    begin, clock = whole.after.earliest, teller.clock
    if begin is not None and one.last is not None and one.last < begin:
        return teller.compose("compare.ended", file=[log(one.file)], last=clock.instant(one.last))
    return teller.compose("compare.late", file=[log(one.file)], first=clock.instant(one.first))


def comparison(one: Comparison, teller: Teller, known: leaves.Known) -> leaves.Leaf:
    """As JSON holds it."""
    return {
        "host": one.host,
        "by": one.by,
        "text": text_of(lead(teller, one)),
        "before": leaves.bounds(one.before),
        "after": leaves.bounds(one.after),
        "why_not": one.why_not or None,
        "differences": [_difference(d, teller, known) for d in one.differences],
        "left_out": dict(zip(SORTS, one.left_out, strict=True)),
        "uncompared": [
            {"file": u.file, "first": leaves.instant(u.first), "last": leaves.instant(u.last)} for u in one.uncompared
        ],
        "notes": list(one.notes),
    }


def _difference(one: Difference, teller: Teller, known: leaves.Known) -> leaves.Leaf:
    before, after = ({"lines": n, "seconds": length / 10**9} for n, length in zip(one.counts, one.lengths, strict=True))
    return {
        "sort": one.sort,
        "text": text_of(said(teller, one)),
        "program": one.program,
        "pattern": one.pattern,
        "severity": one.severity,
        "before": before,
        "after": after,
        "at_boot": one.at_boot,
        "earlier": one.earlier,
        "former": one.former,
        "evidence": leaves.references(one.lines, known),
    }
