"""Lines that no rule knows, read by those that rules do know: the messages of all samples, and the cause of each.

The nearest messages vote, each by the cosine of the words and pairs of words that it has in common with a line (rare
ones weigh more). Where this spoke of posts that no rule had been written for, it was right twice of three times: so it
is never more than possible, and is asked only of an excerpt in which nothing else was found. Of a whole log, somebody
has to pick first what matters.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from logsleuth.records import dataclass
from logsleuth.report import Evidence
from logsleuth.rules.match import Match
from logsleuth.rules.used import mask, used_lines
from logsleuth.signs.model import EventType, Fact, LazyPattern

ALIKE = "line.alike"
"""The event that a line becomes: fields `like` (a cause), `kin` (the rule whose message is nearest)."""
EXCERPT = 16 << 10
"""Bytes of logs up to which they can be what somebody picked out."""
MOST_LINES = 400
"""The same in lines: what is packed may be far more than its bytes."""
ANY_LINE = EventType("line.any", (LazyPattern(r"\S"),))
_TROUBLE = re.compile(
    r"(?i)fail(?!2ban)|error|cannot|can't|could not|couldn't|unable|invalid|denied|refused|timed out|corrupt|exceed"
    r"|expired|unknown|wrong|panic|missing|crash|mismatch|unreachable|\blost\b|degraded|abort|fatal|not responding"
    r"|not found|no such|unexpected|illegal|critical|\balert\b|emerg|terminated|killed|fault|\bbad\b|\bmust\b"
    r"|\bnot (?:supported|allowed|permitted|recogni[sz]ed|valid|running|ready|a )"
)
"""Words without which a line is not read at all."""
_CALM = re.compile(
    r"(?i)ignor(?:ed|ing)\b|skipp(?:ed|ing)\b|non-?fatal|not fatal|harmless|success(?:ful)?\b|succeeded|shutting down"
    r"|graceful|\b(?:0|no|zero|without) (?:\w+ )?(?:errors?|failures?)|(?:will|shall|going to) (?:retry|try)|retrying"
    r"|deprecat|\bif (?:this|that|it|you)\b|\bwarn(?:ing)?s? (?:if|when)\b|\bDEBUG\b|\[debug|\bINFO\b"
    r"|level=(?:info|debug)|\[Note\]|\bNOTICE\b|<info>|\binfo:|disabl|not due|\bALLOWED\b|default|process exited, code="
)
"""Words of a line that is no trouble."""
_HEAD = re.compile(
    r"^(?:<\d+>)?(?:[A-Z][a-z]{2} +\d+ [\d:.]+ \S+ |\d{4}-\d\d-\d\d[T ][\d:.,]+\S* (?:\S+ )?|\[[^\]]*\d[^\]]*\] ?)"
)
_PATH = re.compile(r"(?<!\w)/[\w./+@-]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z']+")
_LINES = 1
"""A sample of more lines is a story, and not each of its lines tells of its cause."""
_WORDS = 60
_KIN = 9
"""The nearest messages that vote."""
_EVERYWHERE = 3_000
"""Messages that hold a word which tells nothing."""
_STRANGE = 6.0
"""What a word weighs that no message holds."""
_FAINT = 0.02
"""Votes below which a line is like nothing that is known."""
_MANY = 200
"""Kinds of lines that are read."""
_RANKED = 2
"""Causes that are told of a line."""
_NO_REASONS = frozenset(
    [
        *("service-failed", "service-gave-up", "service-exits", "service-down", "process-killed", "job-failure"),
        *("mail-deferred", "mailbox-update-failed", "printer-unreachable"),
    ]
)
"""Causes of symptoms that say what failed; those of others (`disk-full`, `cert-expired`) say why as well."""


def features(text: str) -> set[str]:
    """Words of a message and pairs of neighbours, in lower case; paths are all one word."""
    words = [w.lower() for w in _WORD.findall(_PATH.sub(" PATH ", _HEAD.sub("", text)))][:_WORDS]
    return {*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))}


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is known: its text, the rule that it is a sample of, and its cause; none where it says nothing."""

    text: str
    rule: str
    cause: str


def messages(files: Iterable[tuple[str, str]]) -> list[Message]:
    """Of the samples of rule files, as (name, text). What is not as it should be is passed over."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    out: list[Message] = []
    for _, text in files:
        with contextlib.suppress(yaml.YAMLError, AttributeError, TypeError, KeyError):
            out += _of_file(yaml.load(text, loader))  # noqa: S506 it is a safe one
    return out


def _of_file(file: Any) -> Iterator[Message]:
    # What a symptom's or a restart's line says is not a cause.
    faults = {r["id"]: r["cause"] for r in file.get("rules", ()) if r.get("kind", "fault") == "fault"}
    for sample in file.get("samples", ()):
        names = sample["rule"] if isinstance(sample["rule"], list) else [sample["rule"]]
        told = {faults.get(name, "") for name in names}
        silent = sample.get("expect") in {"none", "ruled out", None}
        causes = {""} if silent else told
        if len(causes) != 1 or any(cause.startswith("$") for cause in told):
            continue
        for text in sample["logs"].values():
            lines = [line for line in text.splitlines() if line.strip()]
            if silent or len(lines) <= _LINES:
                yield from (Message(line, names[0], *causes) for line in lines[:_WORDS])


class Known:
    """Known messages, ready to be compared with."""

    def __init__(self, known: Sequence[Message]) -> None:
        self.messages = known
        sets = [features(m.text) for m in known]
        counts = Counter(word for one in sets for word in one)
        self._weight = {word: math.log(len(sets) / n) for word, n in counts.items()}
        self._length = [math.sqrt(sum(self._weight[w] ** 2 for w in one)) or 1.0 for one in sets]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(sets):
            for word in one:
                self._holders[word].append(number)

    def votes(self, text: str) -> dict[str, tuple[float, str]]:
        """For each cause that a line may tell of, how much speaks for it, and the rule whose message is nearest."""
        words = features(text)
        length = math.sqrt(sum(self._weight.get(w, _STRANGE) ** 2 for w in words)) or 1.0
        common: dict[int, float] = defaultdict(float)
        for word in words:
            holders = self._holders.get(word, ())
            if len(holders) < _EVERYWHERE:
                weight = self._weight.get(word, 0.0) ** 2
                for number in holders:
                    common[number] += weight
        out: dict[str, tuple[float, str]] = {}
        for number, weight in heapq.nlargest(_KIN, common.items(), key=lambda item: item[1]):
            kin = self.messages[number]
            before, nearest = out.get(kin.cause, (0.0, kin.rule))
            out[kin.cause] = before + (weight / (length * self._length[number])) ** 2, nearest
        out.pop("", None)
        return out


def unanswered(matches: Iterable[Match]) -> bool:
    """Whether nothing was found but what failed: nothing that says why, however doubtful, and no orderly restart."""
    return all(
        m.confidence == "ruled out" or (m.rule.kind == "symptom" and m.rule.cause in _NO_REASONS) for m in matches
    )


def alike(lines: Sequence[Fact], matches: Iterable[Match], known: Known) -> list[Fact]:
    """What the lines of an excerpt tell of most likely by their words, and what next: events of one line at most."""
    used = used_lines(matches)
    left = [f for f in reversed(lines) if _troubled(f.text) and not _in(f.lines, used)]
    kinds = {(f.program, mask(f.text)): f for f in left}
    best: dict[str, tuple[float, str, Fact]] = {}
    for fact in list(kinds.values())[-_MANY:]:
        for cause, (vote, rule) in known.votes(f"{fact.program}: {fact.text}").items():
            if vote > max(_FAINT, best[cause][0] if cause in best else 0.0):
                best[cause] = vote, rule, fact
    ranked = sorted(best.items(), key=lambda item: -item[1][0])[:_RANKED]
    return [replace(fact, type=ALIKE, fields={"like": cause, "kin": rule}) for cause, (_, rule, fact) in ranked]


def _troubled(text: str) -> bool:
    return bool(_TROUBLE.search(text)) and not _CALM.search(text)


def _in(lines: Sequence[Evidence], used: set[tuple[str, int]]) -> bool:
    return any((line.file, line.line) in used for line in lines)
