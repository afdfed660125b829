"""The rules' own samples, run through the whole program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePath

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.report import CONFIDENCE
from logsleuth.rules.alike import ALIKE, ANY_LINE, Known, alike, messages
from logsleuth.rules.files import shipped
from logsleuth.rules.graph import build
from logsleuth.rules.infer import infer
from logsleuth.rules.match import Env, Match
from logsleuth.rules.model import RuleSet, Sample
from logsleuth.signs.collect import Signs, collect
from logsleuth.signs.match import Matcher
from logsleuth.signs.repeats import REPEATED
from logsleuth.sources import Memory, Source, split_name
from logsleuth.templates import PLACEHOLDER


class Trial:
    """A rule set made ready once, for many samples."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.matcher = Matcher([*rules.events.values(), REPEATED])
        self.begins = frozenset(t.name for t in rules.events.values() if t.role in {"boot", "start"})

    def signs(self, sample: Sample) -> Signs:
        """What stands in a sample's logs."""
        now = int(dt.datetime(sample.year, 12, 31, 23, 59, 59, tzinfo=dt.UTC).timestamp()) * 10**9
        settings = Settings(dt.UTC, "UTC (samples)", now, zone_given=True, year=sample.year)
        opened = open_logs([_source(name, text) for name, text in sample.logs], settings)
        return collect(opened.logs, self.matcher, self.begins)

    def matches(self, sample: Sample) -> list[Match]:
        """What the rules conclude from a sample's logs."""
        signs = self.signs(sample)
        tried = [self.rules.rules[name] for name in sample.rules if name in self.rules.rules]
        if not any(ALIKE in clause.names for rule in tried for _, clause in rule.bind):
            return infer(self.rules, signs).matches
        lines = collect(signs.logs, Matcher([ANY_LINE]), frozenset()).facts
        return infer(self.rules, signs, resembling=lambda found: alike(lines, found, self.known)).matches

    @cached_property
    def known(self) -> Known:
        """The messages that lines can be compared with."""
        return Known(messages(shipped()))

    def problems(self, sample: Sample) -> list[str]:
        """What a sample expects and does not get; empty when it passes."""
        matches = self.matches(sample)
        return [p for rule in sample.rules for p in judge(self.rules, sample, rule, matches)]


def run(rules: RuleSet, samples: Iterable[Sample]) -> Iterator[tuple[Sample, list[str]]]:
    """Every sample with its problems."""
    trial = Trial(rules)
    for sample in samples:
        yield sample, trial.problems(sample)


def _source(name: str, text: str) -> Source:
    data = text.encode()
    path = PurePath(name)
    stem, rank = split_name(path.name)
    return Source(
        name,
        None,
        "plain",
        len(data),
        None,
        str(path.with_name(stem)),
        rank,
        ".",
        given=True,
        content=Memory(data),
    )


def judge(rules: RuleSet, sample: Sample, rule: str, matches: list[Match]) -> list[str]:
    """What a sample expects of a rule and does not get."""
    found = [m for m in matches if m.rule.id == rule]
    best = max(found, key=lambda m: CONFIDENCE.index(m.confidence), default=None)
    word = best.confidence if best is not None else "none"
    if sample.expect != word:
        others = ", ".join(sorted({m.rule.id for m in matches})) or "nothing"
        return [f"{rule}: {sample.expect} expected, {word} found (what holds: {others})"]
    if best is None:
        return []
    out = [
        f"{rule}: field {name} is {best.fact.word(name)!r}, not {value!r}"
        for name, value in sample.fields
        if all(m.fact.word(name) != value for m in found)
    ]
    if sample.text and not any(sample.text in text for m in found for text in told(m)):
        out.append(f"{rule}: no sentence contains {sample.text!r}; it says: {' '.join(told(best))}")
    if sample.explained_by and not any(sample.explained_by in _above(rules, matches, m) for m in found):
        out.append(f"{rule}: not explained by {sample.explained_by}")
    if sample.not_text and any(sample.not_text in text for m in found for text in told(m)):
        out.append(f"{rule}: a sentence contains {sample.not_text!r}")
    if sample.not_explained_by and any(sample.not_explained_by in _above(rules, matches, m) for m in found):
        out.append(f"{rule}: explained by {sample.not_explained_by}")
    return out


def told(match: Match) -> list[str]:
    """A match's sentences with plain values, for tests: times as they stand in the facts."""
    texts = (match.rule.title, *match.rule.narrative, match.rule.remedy, match.rule.settle)
    out = [_filled(text, match.env) for text in texts]
    out.extend(_filled(reason.item.say, {**reason.env, "it": reason.fact}) for reason in match.reasons)
    return out


def _filled(text: str, env: Env) -> str:
    return PLACEHOLDER.sub(lambda m: _plain(env, m[1], m[2]), text)


def _plain(env: Env, name: str, field: str) -> str:
    fact = env.get(name)
    value = fact.get(field) if fact is not None else None
    return "" if value is None else str(value)


def _above(rules: RuleSet, matches: list[Match], match: Match) -> set[str]:
    """Ids of the rules whose findings explain a match, directly or over others."""
    graph = build(matches, rules.links)
    here = next(i for i, m in enumerate(graph.nodes) if m is match)
    return {m.rule.id for i, m in enumerate(graph.nodes) if i != here and graph.reaches(i, here)}
