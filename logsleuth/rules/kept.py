"""What all rule files come to, kept between runs: to read, check and put them together is a third of a small run."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from logsleuth.cache import Entry, Shelf
from logsleuth.cache.plain import Plain
from logsleuth.rules.alike import Known, Message, messages
from logsleuth.rules.files import digest
from logsleuth.rules.model import Clause, Condition, EvidenceItem, LinkRule, Moment, Ref, Rule, RuleSet
from logsleuth.signs.model import EventType, HeartbeatType, LazyPattern, SpanType

_PLAIN = Plain(
    (RuleSet, EventType, SpanType, HeartbeatType, Rule, Clause, Condition, EvidenceItem, Moment, Ref, LinkRule),
    {LazyPattern: ("pattern", "flags")},
)
_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def known_of(files: Sequence[tuple[str, str]], shelf: Shelf) -> Known:
    """The messages in the samples of all rule files, to compare lines with."""
    all_of_it = digest(files, shelf.program)
    key = f"messages {[name for name, _ in files]}"
    with contextlib.suppress(*_WRONG):
        entry = shelf.load(key)
        if entry is not None and entry.head["rules"] == all_of_it:
            return Known([Message(*row) for row in entry.body()])
    made = messages(files)
    with contextlib.suppress(*_WRONG):
        shelf.store(key, Entry.of({"rules": all_of_it}, [[m.text, m.rule, m.cause] for m in made]))
    return Known(made)


def rules_of(files: Sequence[tuple[str, str]], shelf: Shelf) -> RuleSet:
    """As `load.load(files, samples=False)`, with the same result; raises RuleError as it does."""
    all_of_it = digest(files, shelf.program)
    key = f"rules {[name for name, _ in files]}"
    with contextlib.suppress(*_WRONG):
        entry = shelf.load(key)
        if entry is not None and entry.head["rules"] == all_of_it:
            found = _PLAIN.value(entry.body())
            if isinstance(found, RuleSet):
                return found
    from logsleuth.rules import load

    made = load.load(files, samples=False)
    with contextlib.suppress(*_WRONG):
        shelf.store(key, Entry.of({"rules": all_of_it}, _PLAIN.data(made)))
    return made
