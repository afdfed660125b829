"""One incident told shortly: headline, when, causes above their effects with a paragraph for each, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logsleuth.narrative import Piece, Pieces, Step, cause_unknown, shortened, text_of
from logsleuth.records import dataclass
from logsleuth.render.layout import Run, cells
from logsleuth.render.names import few
from logsleuth.render.page import Page
from logsleuth.render.story import SIDES, rivals, surety, titled
from logsleuth.report import SAME_LINE, SAME_MESSAGE, Evidence, Finding, Incident, Statement, Value

_MOST = 12
"""Findings of one incident that are told without -v; an incident with more is mostly repetition."""
_PARAGRAPH = 580
"""Cells of a paragraph: whole sentences up to here, those before others that cite lines of their own."""
_REMEDY = 200
_SETTLE = 300
"""Cells of an advice: whole sentences up to here, at least one."""
_QUOTED = 100
"""Characters of a log's text that a sentence quotes here."""


def tell_briefly(page: Page, incident: Incident, number: int, advised: set[str]) -> None:
    """What a person must know who has to act; every sentence with its own lines is for -v.

    `advised` holds what earlier incidents advised, which stands there once.
    """
    steps = page.teller.chain(incident)
    chosen = _chosen(page, incident, steps)
    alone = len(chosen) == 1
    _head(page, incident, number, chosen)
    told: set[str] = set()
    for one in chosen:
        if alone:
            _body(page, one, told, _sentences(one.step.finding, ()), 3)
        else:
            _node(page, one, told)
    left_out = len(steps) - sum(one.stands_for for one in chosen)
    if left_out:
        page.blank()
        page.add(page.teller.say("page.more_effects", effects=page.teller.count("effect", left_out)), indent=3)
    # A symptom goes when what explains it does.
    faults = [one.step.finding for one in chosen if not (one.step.depth and one.step.finding.kind == "symptom")]
    _advice(page, "remedy", [f.remedy for f in faults], _REMEDY, advised, alone=alone)
    roots = [one.step.finding for one in chosen if not one.step.depth]
    _advice(page, "settle", [f.settle for f in roots], _SETTLE, advised, alone=alone)


def _head(page: Page, incident: Incident, number: int, chosen: Sequence[_Chosen]) -> None:
    """The headline, how sure it is if it says all, and the times that it does not tell itself."""
    page.blank()
    lead = f"{number}. "
    headline = page.teller.headline(incident)
    runs = [Run(headline, "bold")]
    if len(chosen) == 1 and not (chosen[0].root and cause_unknown(chosen[0].step.finding)):
        runs += surety(page, chosen[0].step.finding, root=chosen[0].root)
    page.add(*runs, first=lead, hang=len(lead))
    told = (
        bool(chosen) and incident.start == chosen[0].step.finding.start and incident.end.latest == incident.start.latest
    )
    if not told:
        page.add(page.teller.when(incident), indent=3)
    page.blank()


@dataclass(slots=True)
class _Chosen:
    step: Step
    causes: tuple[Finding, ...]
    root: bool
    times: int = 1
    """Effects of the same title that it stands for, itself too."""
    stands_for: int = 1
    """Findings that need no telling beside it, itself too."""


def _chosen(page: Page, incident: Incident, steps: Sequence[Step]) -> list[_Chosen]:
    """Those that say something that the ones before them do not."""
    causes = _causes(incident)
    roots = {f.id for f in incident.causes}
    told: dict[str, _Chosen] = {}  # by the id of a finding, its own entry or the one that stands for it
    titles: dict[str, _Chosen] = {}
    out: list[_Chosen] = []
    for step in steps:
        finding = step.finding
        above = [told[c.id] for c, why in causes.get(finding.id, ()) if c.id in told and _again(finding, c, why)]
        same = titles.get(page.teller.title(finding)) if step.depth else None
        entry = above[0] if above else same
        if entry is None:
            entry = _Chosen(step, tuple(c for c, _ in causes.get(finding.id, ())), finding.id in roots)
            out.append(entry)
        else:
            entry.stands_for += 1
            entry.times += not above
        told[finding.id] = entry
        titles.setdefault(page.teller.title(finding), entry)
    return out[:_MOST]


def _again(finding: Finding, cause: Finding, why: str) -> bool:
    """Another reading of lines that its cause rests on already, or of their copies; the symptom of a known fault."""
    if why == SAME_MESSAGE:
        return True
    return (finding.kind == "symptom" or why == SAME_LINE) and set(finding.evidence) <= set(cause.evidence)


def _causes(incident: Incident) -> Mapping[str, Sequence[tuple[Finding, str]]]:
    out: dict[str, list[tuple[Finding, str]]] = {}
    by_id = {f.id: f for f in (*incident.causes, *incident.effects)}
    for link in incident.links:
        if link.cause in by_id and link.effect in by_id and link.cause != link.effect:
            out.setdefault(link.effect, []).append((by_id[link.cause], link.why))
    return out


def _node(page: Page, one: _Chosen, told: set[str]) -> None:
    """A finding below its cause. `told` holds the reasons that were given before."""
    step, finding = one.step, one.step.finding
    if not step.depth:
        page.blank()
    arrow = "-> " if step.depth else ""
    indent = 3 if not step.depth else 2 + 3 * step.depth
    inner = indent + len(arrow) if step.depth else 5
    sentences = _sentences(finding, one.causes)
    # Of a symptom that something explains the title says enough.
    short = not sentences or (finding.kind == "symptom" and step.depth > 0)
    runs = titled(page, finding, root=one.root, style="bold")
    if one.times > 1:
        runs[0] = Run(page.teller.title(finding), "bold")
        runs.append(Run(page.teller.say("brief.times", n=one.times)))
    if step.why and step.why != SAME_LINE:
        runs.append(Run(page.teller.say("brief.because", why=page.names.within(page.teller.plain(step.why)))))
    lines = few(_lines(sentences or [finding.title]))
    page.add(*runs, *(page.cite(*lines) if short else []), indent=indent, first=arrow, hang=max(2, len(arrow)))
    if not short:
        _body(page, one, told, sentences, inner)
    if step.also:
        page.add(page.teller.say("brief.also", titles=rivals(page, step)), indent=inner, hang=2)


def _body(page: Page, one: _Chosen, told: set[str], sentences: Sequence[Statement], indent: int) -> None:
    """What the lines say, which they are, and what speaks for it and against."""
    lines = page.cite(*few(_lines(sentences or [one.step.finding.title])))
    page.add(_paragraph(page, sentences), *lines, indent=indent)
    _reasons(page, one.step.finding, told, indent)


def _reasons(page: Page, finding: Finding, told: set[str], indent: int) -> None:
    """What speaks for it in one go; what speaks against it on lines of its own, so that nobody misses it."""
    for side, between in (("for", page.teller.say("brief.semicolon")), ("against", "")):
        reasons = [r for r in finding.reasons if r.side == side]
        said = [text_of(_running(page, [r])) for r in reasons]
        said = [text for text in dict.fromkeys(said) if side != "for" or text not in told]
        told.update(said)
        for text in [between.join(said)] if said and between else said:
            page.add(Run(page.teller.say(f"label.{side}"), SIDES[side]), Run(" "), Run(text), indent=indent, hang=2)


def _sentences(finding: Finding, causes: Sequence[Finding]) -> list[Statement]:
    """Without those that rest on the very lines of a cause's, and those that add no more than a count of one."""
    if finding.narrative == (finding.title,):
        return []
    repeated = {s.evidence for cause in causes for s in cause.narrative if len(s.evidence) > 1}
    known: list[Value] = []
    out = []
    for sentence in [s for s in finding.narrative if s.evidence not in repeated] or finding.narrative:
        values = list(sentence.values.values())
        fresh = [v for v in values if v not in known]
        once = any(str(v) == "1" for v in values) and all(str(v) == "1" for v in fresh)
        if not (known and once):
            out.append(sentence)
        known += fresh
    return out


def _paragraph(page: Page, sentences: Sequence[Statement]) -> str:
    """As much as there is room for; `…` stands where something is left out at the end."""
    seen: set[Evidence] = set()
    fresh = []
    for sentence in sentences:
        fresh.append(not seen.issuperset(sentence.evidence))
        seen.update(sentence.evidence)
    kept: list[int] = []
    for n in sorted(range(len(sentences)), key=lambda n: not fresh[n]):
        trial = sorted([*kept, n])
        if kept and cells(text_of(_running(page, [sentences[i] for i in trial]))) > _PARAGRAPH:
            break
        kept = trial
    said = text_of(_running(page, [sentences[i] for i in kept]))
    return said if len(kept) == len(sentences) else page.teller.say("brief.cut", text=said)


def _running(page: Page, statements: Sequence[Statement]) -> Pieces:
    """Sentences that are read in one go."""
    space = Piece(page.teller.words.phrases["format.sentences"])
    out: Pieces = []
    with page.teller.clock.running():
        for statement in statements:
            said = [_clipped(p) for p in page.names.cut(page.teller.pieces(statement))]
            out += [space, *said] if out else said
    return out


def _clipped(piece: Piece) -> Piece:
    if piece.kind != "log" or len(piece.text) <= _QUOTED:
        return piece
    return piece._replace(text=piece.text[: _QUOTED - 1] + "…")


def _lines(sentences: Sequence[Statement]) -> list[Evidence]:
    """What they rest on: the first line of each before the others."""
    firsts = [s.evidence[0] for s in sentences if s.evidence]
    return list(dict.fromkeys([*firsts, *(line for s in sentences for line in s.evidence)]))


def _advice(
    page: Page, kind: str, advice: Sequence[Statement | None], most: int, advised: set[str], *, alone: bool
) -> None:
    """Below the only finding, or as a list for all, where what two of them advise stands once."""
    texts: dict[tuple[str, tuple[Value, ...]], str] = {}
    for one in advice:
        if one is not None:
            # The same advice for another time of the same thing is no other advice.
            about = tuple(v for v in one.values.values() if isinstance(v, (str, int)))
            pieces = page.teller.pieces(one)
            text = text_of(pieces)
            room = most * len(text) // max(1, cells(text))
            texts.setdefault((one.template, about), text_of(shortened(pieces, room)))
    fresh = [text for text in dict.fromkeys(texts.values()) if text not in advised]
    advised.update(fresh)
    if fresh and not alone:
        page.heading(f"brief.{kind}", indent=3)
    for text in fresh:
        if alone:
            page.add(Run(page.teller.say(f"label.{kind}"), "bold"), Run(" "), Run(text), indent=3, hang=2)
        else:
            page.add(text, indent=5, first="- ", hang=2)
