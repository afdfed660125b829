"""Lines that sound like trouble and that no finding rests on, grouped by their wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from logsleuth.report import Group
from logsleuth.rules.match import Match
from logsleuth.signs.model import EventType, Fact, LazyPattern

TROUBLE = EventType(
    "line.trouble",
    (
        LazyPattern(
            r"(?i)(?<![\w-])(?:error|errors|fail|failed|failing|failure|fatal|panic|critical|emergency"
            r"|corrupt(?:ed|ion)?|denied|refused|unable|cannot|can't|couldn't|could not|timed out|timeout|segfault"
            r"|abort(?:ed|ing)?|unreachable)(?![\w-])"
            # A key of structured text with a number or nothing behind it: `"error":null`, `"timeout":30`, `errors=0`.
            r"(?!\"\s?:\s?(?:-?\d|null|false|\"\"|\[\]|\{\})|=(?:0|null|nil|false|\"\"|\d+m?s)(?!\w))"
        ),
    ),
    veto=(LazyPattern(r"(?i)without (?:any )?(?:errors?|failures?)|\b(?:0|no|zero) (?:\w+ )?(?:errors?|failures?)"),),
)
"""Words of failure in a line. Not an event of any rule: what no rule uses of these is told as unexplained."""
_MASK = re.compile(
    r"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-fA-F]{8,}\b|\d+"
    r"|\"[^\"]*\"|'[^']*'|<[^>]*>|(?<=user )\S+|(?<=for )\S+(?= from)"
)
_LONGEST = 160


def mask(text: str) -> str:
    """A text with its variable parts replaced by `*`, so that equal kinds of lines look equal."""
    return _MASK.sub("*", text)[:_LONGEST]


def used_lines(matches: Iterable[Match]) -> set[tuple[str, int]]:
    """Every line that a match rests on, all members of its groups included."""
    out: set[tuple[str, int]] = set()
    for match in matches:
        facts = [f for f in match.env.values() if f is not None] + [r.fact for r in match.reasons if r.fact is not None]
        while facts:
            fact = facts.pop()
            out.update((line.file, line.line) for line in fact.lines)
            facts.extend(m for m in fact.members if m is not fact)
    return out


def used_kinds(matches: Iterable[Match]) -> set[str]:
    """The masked texts of the lines that matches rest on: a kind of line that is explained once is explained."""
    out: set[str] = set()
    for match in matches:
        facts = [f for f in match.env.values() if f is not None] + [r.fact for r in match.reasons if r.fact is not None]
        out.update(mask(m.text) for f in facts for m in (f, *f.members[:200]))
    return out


def unexplained(troubles: Sequence[Fact], used: set[tuple[str, int]]) -> list[Group]:
    """Groups of lines of trouble that no match uses, the most frequent kinds last to first."""
    # A line that several files hold was merged into one fact, so its copies need not be looked for.
    texts = {(f.host, f.program, f.text) for f in troubles if any((x.file, x.line) in used for x in f.lines)}
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in troubles:
        if any((x.file, x.line) in used for x in fact.lines) or (fact.host, fact.program, fact.text) in texts:
            continue
        groups.setdefault((fact.program, mask(fact.text)), []).append(fact)
    ranked = sorted(groups.items(), key=lambda item: (-sum(f.n for f in item[1]), item[0]))
    return [
        Group(pattern, sum(f.n for f in facts), facts[0].lines[0], facts[-1].lines[0], "error", program)
        for (program, pattern), facts in ranked
    ]
