"""From the signs to matches: built-in facts, spans, then every rule."""

from __future__ import annotations

from collections.abc import Callable

from logsleuth.records import dataclass
from logsleuth.rules.alike import ALIKE, unanswered
from logsleuth.rules.engine import Engine
from logsleuth.rules.match import Match
from logsleuth.rules.model import RuleSet
from logsleuth.rules.store import Store
from logsleuth.signs.beats import Beats
from logsleuth.signs.boots import REASONS, Ledger, down_spans, ledger
from logsleuth.signs.collect import Signs
from logsleuth.signs.common import together
from logsleuth.signs.model import Fact
from logsleuth.signs.silence import address_changes, alone, away, logs_of, sender, silences
from logsleuth.signs.spans import by_type, spans


@dataclass(slots=True)
class Inference:
    """Everything that was concluded, and the engine for a second look (`--why-not`)."""

    engine: Engine
    matches: list[Match]
    book: Ledger
    heartbeats: tuple[tuple[str, str, str], ...]
    """(file, host that sends it, why one thinks so) of every heartbeat that was found."""


def infer(
    rules: RuleSet,
    signs: Signs,
    look_again: Callable[[frozenset[str]], None] | None = None,
    resembling: Callable[[list[Match]], list[Fact]] | None = None,
) -> Inference:
    """Run a rule set over what was collected.

    `look_again` collects events that were left out of `signs` at first, because they only weigh what others show;
    `resembling` reads lines by others that are known, where no cause was found (see `alike`).
    """
    book = ledger(signs, rules.events.values())
    store, heartbeats = _built_in(signs, book)
    if look_again is not None:
        bare = rules.bare()
        trial = Engine(bare, _with_facts(bare, signs, book, store.copy()), signs)
        wanted = rules.weighed_by({m.rule.id for m in trial.run()})
        if wanted:
            look_again(wanted)
    engine = Engine(rules, _with_facts(rules, signs, book, store), signs)
    matches = engine.run()
    if resembling is not None and unanswered(matches) and (more := resembling(matches)):
        store.add(more)
        matches = engine.run(ALIKE)
    return Inference(engine, matches, book, heartbeats)


def _with_facts(rules: RuleSet, signs: Signs, book: Ledger, store: Store) -> Store:
    for fact in signs.facts:
        if fact.timed:
            fact.boot = book.life_at(fact.host, fact.lo)
    store.add(signs.facts)
    typed = by_type(signs.facts)
    for kind in rules.spans.values():
        store.add(spans(kind, typed, book))
    return store


def built_in_senders(signs: Signs, book: Ledger) -> list[tuple[Beats, str, str]]:
    """Heartbeats that were heard, the host that sends each, and why one thinks so."""
    known = [(beat, *sender(signs, beat, book)) for beat in signs.beats if beat.times]
    return [(beat, of, reason) for beat, of, reason in known if of]


def _built_in(signs: Signs, book: Ledger) -> tuple[Store, tuple[tuple[str, str, str], ...]]:
    """Lives, outages, silences and changes of address; and the heartbeats they rest on."""
    store = Store()
    senders = built_in_senders(signs, book)
    heartbeats = [(signs.logs[beat.log].name, of, reason) for beat, of, reason in senders]
    downs = down_spans(book, senders)
    store.add(downs)
    store.add(together(downs))
    store.add(_ups(book))
    aways: list[Fact] = []
    for beat, of, _ in senders:
        silent = silences(signs, beat, of)
        store.add(silent)
        aways += (a for s in silent if (a := away(signs, s, downs, logs_of(signs, of))) is not None)
        store.add(address_changes(signs, beat, of))
    store.add(alone(aways, senders))
    return store, tuple(heartbeats)


def _ups(book: Ledger) -> list[Fact]:
    out = []
    for lives in book.lives.values():
        for life in lives:
            low = life.start.earliest if life.start.earliest is not None else life.start.latest or 0
            fields = {"clean": life.clean, "why": REASONS.get(life.reason, ""), "proof": life.reason}
            lines = (life.first, *((life.last,) if life.last is not None else ()))
            fact = Fact("host.up", low, life.start.latest or low, life.host, fields, lines, boot=life.number)
            fact.end_lo = life.end.earliest if life.end.earliest is not None else -(1 << 63)
            fact.end_hi = life.end.latest if life.end.latest is not None else -(1 << 63)
            fact.outcome = "open" if life.up else "cut" if life.clean == "no" else "closed"
            out.append(fact)
    return out
