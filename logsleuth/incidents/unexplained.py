"""Lines that sound like trouble and that no finding rests on, grouped by their wording."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.report import Group
from logsleuth.rules.used import mask
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
