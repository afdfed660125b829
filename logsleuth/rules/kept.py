"""What all rule files come to, kept between runs: to read, check and put them together is a third of a small run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

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
_T = TypeVar("_T")
_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def known_of(files: Sequence[tuple[str, str]], shelf: Shelf) -> Known:
    """The messages in the samples of all rule files, to compare lines with."""

    def of(data: Any) -> Known:
        return Known([Message(*row) for row in data])

    return _kept(
        "messages",
        files,
        shelf,
        made=lambda: Known(messages(files)),
        data=lambda known: [[m.text, m.rule, m.cause] for m in known.messages],
        of=of,
    )


def rules_of(files: Sequence[tuple[str, str]], shelf: Shelf) -> RuleSet:
    """As `load.load(files, samples=False)`, with the same result; raises RuleError as it does."""

    def made() -> RuleSet:
        from logsleuth.rules import load

        return load.load(files, samples=False)

    def of(data: Any) -> RuleSet | None:
        found = _PLAIN.value(data)
        return found if isinstance(found, RuleSet) else None

    return _kept("rules", files, shelf, made=made, data=_PLAIN.data, of=of)


def _kept(
    what: str,
    files: Sequence[tuple[str, str]],
    shelf: Shelf,
    *,
    made: Callable[[], _T],
    data: Callable[[_T], object],
    of: Callable[[Any], _T | None],
) -> _T:
    """What rule files come to: from the shelf while their texts are the same, otherwise made and put there."""
    all_of_it = digest(files, shelf.program)
    key = f"{what} {[name for name, _ in files]}"
    with contextlib.suppress(*_WRONG):
        entry = shelf.load(key)
        if entry is not None and entry.head["rules"] == all_of_it and (found := of(entry.body())) is not None:
            return found
    new = made()
    with contextlib.suppress(*_WRONG):
        shelf.store(key, Entry.of({"rules": all_of_it}, data(new)))
    return new
