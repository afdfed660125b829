"""What rules cost: the scan with twice as many of them, and a million sessions joined with what happened in them."""

from __future__ import annotations

import codecs
import gc
import re
import sys
import tempfile
import time
from pathlib import Path

from logsleuth.clock.offsets import SECOND
from logsleuth.pipeline import default_settings, open_paths
from logsleuth.rules import load
from logsleuth.rules.engine import Engine
from logsleuth.rules.graph import build
from logsleuth.rules.model import RuleSet
from logsleuth.rules.store import Store
from logsleuth.signs.boots import Ledger
from logsleuth.signs.collect import Signs, collect
from logsleuth.signs.match import Matcher
from logsleuth.signs.model import EventType, Fact, LazyPattern
from logsleuth.signs.spans import by_type, spans
from tests.bench.corpus import SEED, corpus

SLOWER = 0.10
"""By so much at most may twice the rules slow the scan."""
SECONDS = 60.0
"""In which a million sessions are to be joined."""
SESSIONS = 1_000_000
_USERS = 5_000
_TOKEN = re.compile(
    r"\\.|\(\?P=\w+\)|\(\?P<\w+>|\(\?[a-zA-Z:=!<>-]+|\[\^?\]?[^\]]*\]|\{[\d,]+\}|(?P<word>[a-zA-Z]{3,})"
)

RULES = """\
events:
  open: {match: '^opened (?P<user>\\w+)'}
  close: {match: '^closed (?P<user>\\w+)'}
  fault: {match: '^fault (?P<user>\\w+)'}
spans:
  session: {open: open, close: close, key: [pid]}
rules:
- id: in-a-session
  cause: some
  bind:
    err: {event: fault}
    in: {span: session, where: {user: $err.user}, open_at: $err.t}
  title: t
  narrative: n
- id: after-a-session
  cause: other
  kind: symptom
  bind:
    in: {span: session, where: {outcome: closed}}
    err: {event: fault, where: {user: $in.user}, after: $in.end, before: $in.end + 1s}
  title: t
  narrative: n
- id: many-at-once
  cause: third
  bind:
    all: {event: open, by: [user], gap: 1m, count: 3, within: 5m}
  title: t
  narrative: n
links:
- {cause: [third, some], effect: symptom, within: 10m, where: [{user: user}], because: b}
"""


def foreign(pattern: str) -> str:
    """A pattern of the same shape whose words nobody writes: each letter thirteen further on."""
    return _TOKEN.sub(lambda m: codecs.encode(m[0], "rot13") if m["word"] else m[0], pattern)


def doubled(types: list[EventType]) -> list[EventType]:
    """As many kinds of lines again, as long and as particular as the first, of the same programs."""
    out = list(types)
    for kind in types:
        match = tuple(LazyPattern(foreign(p.pattern), p.flags) for p in kind.match)
        out.append(EventType(f"{kind.name}2", match, kind.program, kind=kind.kind))
    return out


def scans(megabytes: int, keep: str | None, runs: int) -> tuple[float, float, int]:
    """CPU seconds of one pass over the logs with the shipped rules and with twice as many; how many kinds of lines."""
    logs = open_paths([corpus(megabytes, SEED, keep).folder], default_settings("UTC"))
    rules = load.load(load.shipped(), samples=False)
    types = [t for t in rules.events.values() if not t.ordinary]
    used: list[list[float]] = [[], []]
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(runs + 1):
            # One after the other in turn: what else the machine does hits both.
            for times, kinds in zip(used, (types, doubled(types)), strict=True):
                # A new one each time: it remembers kinds of lines.
                matcher = Matcher(kinds, Path(cache))
                matcher.prepare(logs.opened.logs)
                begin = time.process_time()
                collect(logs.opened.logs, matcher, frozenset())
                times.append(time.process_time() - begin)
    return min(used[0][1:]), min(used[1][1:]), len(types)


def sessions(count: int) -> dict[str, list[Fact]]:
    """Opened and closed at all times, a thousand side by side, with a fault in one of a hundred."""
    facts: dict[str, list[Fact]] = {"open": [], "close": [], "fault": []}
    fields = [{"user": f"u{n}"} for n in range(_USERS)]
    for n in range(count):
        start = n * SECOND // 4
        own = fields[n * 7919 % _USERS]
        for kind, at in (("open", start), ("close", start + 250 * SECOND)):
            facts[kind].append(Fact(kind, at, at, "gate", own, (), "app", n % 30_000, log=0, boot=0))
        if n % 100 == 0:
            at = start + (100 if n % 200 else 250) * SECOND
            facts["fault"].append(Fact("fault", at, at, "gate", own, (), "app", 7, log=1, boot=0))
    return facts


def join(count: int) -> tuple[float, float, float, int]:
    """Seconds for the spans, the rules and the graph over so many sessions, and how many findings there were."""
    rules: RuleSet = load.load([("bench.yaml", RULES)])
    facts = sessions(count)
    gc.freeze()
    begin = time.process_time()
    found = spans(rules.spans["session"], by_type([f for group in facts.values() for f in group]), Ledger())
    spanned = time.process_time()
    store = Store()
    for group in (*facts.values(), found):
        store.add(group)
    matches = Engine(rules, store, Signs([])).run()
    ruled = time.process_time()
    build(matches, rules.links)
    return spanned - begin, ruled - spanned, time.process_time() - ruled, len(matches)


def main(megabytes: int = 50, keep: str | None = None, runs: int = 5) -> None:
    """Print both measures."""
    one, two, kinds = scans(megabytes, keep, runs)
    slower = two / one - 1
    print(f"scan of {megabytes} MB: {one:.2f} s of CPU with {kinds:,} kinds of lines, {two:.2f} s with twice as many: "
          f"{slower:+.0%} (goal: at most {SLOWER:+.0%}, {_met(slower <= SLOWER)})", flush=True)  # fmt: skip
    spanned, ruled, linked, found = join(SESSIONS)
    met = _met(spanned + ruled + linked <= SECONDS)
    print(f"{SESSIONS:,} sessions: spans {spanned:.1f} s, rules {ruled:.1f} s, graph of {found:,} findings "
          f"{linked:.1f} s of CPU (goal: at most {SECONDS:.0f} s in all, {met})")  # fmt: skip


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


if __name__ == "__main__":
    main(keep=sys.argv[1] if len(sys.argv) > 1 else None)
