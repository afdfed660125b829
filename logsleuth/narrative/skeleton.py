"""What translators are given: every sentence of the rules as PO entries, with what is translated already kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from logsleuth.narrative.po import Entry
from logsleuth.narrative.translation import sources
from logsleuth.rules.model import Rule, RuleSet
from logsleuth.templates import PLACEHOLDER

_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")
_ALIKE = 0.6
"""How much of a sentence must be left for its translation to be offered for the new one."""
PROGRAM = "program.po"


def skeleton(rules: RuleSet) -> dict[str, list[Entry]]:
    """Entries without translations by the name of their PO file, as the knowledge files lie; sentences of code last."""
    out: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for rule in rules.rules.values():
        for part, text in _said(rule):
            out[_po(rule.file)][f"{rule.id} {part}", text] = None
    for link in rules.links:
        out[_po(link.file)]["link because", link.because] = None
    shown = _shown(rules)
    for event in rules.events.values():
        for field, text in event.derive:
            if field in shown and _WORDS.search(text):
                out[_po(event.where.rpartition(":")[0])][f"{event.name} ${field}", text] = None
    for context, texts in sources().items():
        for text in texts:
            out[PROGRAM][context, text] = None
    return {name: [Entry(*key) for key in keys] for name, keys in out.items()}


def renewed(fresh: Mapping[str, Sequence[Entry]], old: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The skeleton with the translations that there are.

    A sentence that has moved to another rule or file keeps its translation. For one that has changed the translation
    of the sentence that it was is offered, marked fuzzy; of sentences that are gone nothing is kept.
    """
    by_key: dict[tuple[str, str], Entry] = {}
    by_text: dict[str, Entry] = {}
    for entry in old:
        if entry.said:
            by_key[entry.context, entry.source] = entry
            if not entry.fuzzy:
                by_text.setdefault(entry.source, entry)
    wanted = {(e.context, e.source) for entries in fresh.values() for e in entries}
    left: dict[str, list[Entry]] = defaultdict(list)
    for key, entry in by_key.items():
        if key not in wanted:
            left[entry.context].append(entry)
    return {name: [_kept(e, by_key, by_text, left) for e in entries] for name, entries in fresh.items()}


def placeholders(template: str) -> list[str]:
    """Everything in braces, sorted: a translation has the same ones, in any order."""
    return sorted(re.findall(r"\{[^{}]*\}", template))


def _kept(
    entry: Entry,
    by_key: Mapping[tuple[str, str], Entry],
    by_text: Mapping[str, Entry],
    left: Mapping[str, Sequence[Entry]],
) -> Entry:
    known = by_key.get((entry.context, entry.source))
    if known is not None:
        return known
    same = by_text.get(entry.source)
    if same is not None:
        return entry._replace(said=same.said, notes=same.notes)
    likely = max(left.get(entry.context, ()), key=lambda o: _ratio(o.source, entry.source), default=None)
    if likely is None or _ratio(likely.source, entry.source) < _ALIKE:
        return entry
    return entry._replace(said=likely.said, fuzzy=True, before=likely.before or likely.source, notes=likely.notes)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _said(rule: Rule) -> Iterator[tuple[str, str]]:
    """The sentences of a rule, each by what it is; advice is told line by line."""
    yield "title", rule.title
    for line in rule.narrative:
        yield "narrative", line
    for item in rule.evidence:
        yield item.side, item.say
    for part, text in (("remedy", rule.remedy), ("settle", rule.settle)):
        for line in text.splitlines():
            if line.strip():
                yield part, line.strip()


def _shown(rules: RuleSet) -> set[str]:
    """Fields that some sentence puts in."""
    return {field for rule in rules.rules.values() for _, text in _said(rule) for _, field in PLACEHOLDER.findall(text)}


def _po(file: str) -> str:
    """`knowledge/host/boots.yaml` is translated in `host/boots.po`."""
    return re.sub(r"\.ya?ml$", ".po", file.removeprefix("knowledge/"))
