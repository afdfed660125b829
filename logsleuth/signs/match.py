"""Lines to facts: one scan for every pattern of every event, then a close look at the lines that hit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.report import Evidence
from logsleuth.scan import Pattern, Scanner
from logsleuth.scan.literals import Texts, needed
from logsleuth.signs.heads import without_levels
from logsleuth.signs.message import Message, messages, text_of
from logsleuth.signs.model import EventType, Fact, LazyPattern
from logsleuth.signs.named import Named
from logsleuth.signs.sift import sifted

MOST = 200_000
"""Facts of one type that are kept; more of one kind of line say nothing new."""
FEW = 500
"""The same for events that only weigh others, while it is not known whether a rule asks for them."""
_PATIENCE = 0.5
"""Seconds a pattern may take on one line."""
_STRIKES = 3
"""After so many lines on which it took too long, a pattern is no longer tried."""
_GRAVE = (
    r"(?:emerg|alert|crit|fatal|panic|FATA\[|\"s\":\"F\"|\.go:\d+\]"
    r"| F (?:STORAGE|CONTROL|NETWORK|REPL|ACCESS|INDEX|-) )"
)
"""What a line holds somewhere whose level is one of GRAVE, in any layout."""
_CLASS = re.compile(r"(?<!\\)\[\^")
_SPACE = re.compile(r"(?<!\\)\\s")
_TOKEN = re.compile(r"\\.|[\[\]]", re.DOTALL)


@cache
def scan_pattern(regex: str) -> str:
    """A weaker form of a rule's pattern to scan bytes with.

    `^` and `$` mean the message's ends there and the line's here, so they are dropped; nothing may run past a line.
    """
    loose = _CLASS.sub(r"[^\\n", regex)
    loose = re.sub(r"(?<![\\\[])\^", "", loose)
    loose = re.sub(r"(?<!\\)\$(?=$|\)|\|)", "", loose)
    # A counted repeat costs the scanner a state for each count; without its limit it finds no less.
    loose = re.sub(r"(?<!\\)\{0,\d+\}", "*", loose)
    loose = re.sub(r"(?<!\\)\{[1-9]\d*,\d*\}", "+", loose)
    return _outside_classes(loose)


def _outside_classes(regex: str) -> str:
    r"""Replace `\s` by blanks and tabs, which keeps a match inside its line."""
    if r"\s" not in regex:
        return regex
    inside = False

    def put(token: re.Match[str]) -> str:
        nonlocal inside
        text = token[0]
        if text == r"\s":
            return r" \t" if inside else r"[ \t]"
        if text in {"[", "]"}:
            inside = text == "["
        return text

    return _TOKEN.sub(put, regex)


@dataclass
class Matcher:
    """The events of a rule set, ready to be looked for in logs of every kind."""

    types: Sequence[EventType]
    cache: Path | None = None
    """Folder that keeps what takes long to work out."""
    weighing: frozenset[str] = frozenset()
    """Events of which `FEW` facts are kept: those that are rarer need no second look."""
    _parts: dict[str | None, _Part] = field(default_factory=dict)

    def facts(self, batch: Batch, log: Log, counts: dict[str, int], dropped: set[str] | None = None) -> list[Fact]:
        """Facts of one batch, in the order of its lines. `counts` (facts of each type so far) is kept up to date.

        To `dropped` go the weighing events that may stand in more lines than those that were kept.
        """
        return self._part(log).facts(batch, log, counts, set() if dropped is None else dropped)

    def prepare(self, logs: Sequence[Log]) -> None:
        """Compile what some logs need, so that processes that are forked from this one find it done."""
        for log in logs:
            self._part(log)

    def _part(self, log: Log) -> _Part:
        # A scan takes seconds to make ready, so all logs share one, but for those of requests, of which there are many.
        key = log.format.program if log.format.kind == "access" else None
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = _Part([t for t in self.types if _occurs(t, log)], self.cache, self.weighing)
        return part


def _occurs(kind: EventType, log: Log) -> bool:
    """Whether an event can stand in a log of requests such as this, or in any log but those."""
    if log.format.kind != "access":
        return kind.kind != "access"
    if kind.kind:
        return kind.kind == "access"
    # All of an access log is the web server's, and its words are whatever clients ask for.
    return kind.program is not None and (
        not log.format.program or bool(kind.program.compiled.fullmatch(log.format.program))
    )


@dataclass
class _Part:
    """The events that can stand in the logs that share a scan."""

    types: Sequence[EventType]
    cache: Path | None
    weighing: frozenset[str]
    scanner: Scanner = field(init=False)
    _owner: NDArray[np.int64] = field(init=False)
    _graded: NDArray[np.bool_] = field(init=False)
    """Of each event, whether its lines must bear a level."""
    _of_levels: set[int] = field(init=False)
    """The patterns of those."""
    _levels: Scanner | None = field(init=False)
    _kinds: list[str] = field(init=False)
    """The kind of log that each event is bound to, if any."""
    _programs: list[Texts | None] = field(init=False)
    _patterns: list[LazyPattern] = field(init=False)
    _light: frozenset[int] = field(init=False)
    """The events that only weigh others."""

    def __post_init__(self) -> None:
        self._patterns = [p for t in self.types for p in t.match]
        self._light = frozenset(n for n, t in enumerate(self.types) if t.name in self.weighing)
        self._owner = np.array([i for i, t in enumerate(self.types) for _ in t.match], np.int64)
        self._graded = np.array([t.severity is not None for t in self.types], bool)
        self._kinds = [t.kind for t in self.types]
        self._programs = [
            needed(t.program.pattern, ignore_case=True) if t.program is not None else None for t in self.types
        ]
        patterns = [_looked_for(t, p) for t in self.types for p in t.match]
        self.scanner = Scanner(patterns, cache=self.cache)
        graded = np.flatnonzero(self._graded[self._owner]) if len(self._owner) else np.zeros(0, np.int64)
        self._of_levels = set(graded.tolist())
        self._levels = Scanner([Pattern(_GRAVE, ignore_case=True)]) if self._of_levels else None

    def facts(self, batch: Batch, log: Log, counts: dict[str, int], dropped: set[str]) -> list[Fact]:
        """As `Matcher.facts`."""
        origin = batch
        if needs_spelling(batch):
            batch = spelled(batch, np.arange(len(batch)), flat=True)[0]
        ids, ends = self.scanner.scan((without_levels(batch) if log.format.kind == "error" else batch.buffer).data)
        ids, ends = self._of_kind(ids, ends, log.format.kind)
        ids, ends = self._without_spent(ids, ends, counts, dropped)
        apart = self._rows_by_level(origin) if origin is not batch else ()
        if not len(ids) and not len(apart):
            return []
        rows = np.maximum(np.searchsorted(batch.start, ends, side="right") - 1, 0)
        inside = ends < batch.stop[rows]
        ids, ends, rows = ids[inside], ends[inside], rows[inside]
        if log.format.kind == "error":
            if log.format.program:
                may = self._named.may_tell(batch, rows, self._owner[ids], log.format.program)
                ids, ends, rows = ids[may], ends[may], rows[may]
            said = _in_message(batch, rows, ends) | self._graded[self._owner[ids]]
            ids, ends, rows = ids[said], ends[said], rows[said]
        first = ends <= batch.line_stop[rows]
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        # Of hits on an entry's first line one a pattern is enough; on the lines that follow it each may be another.
        for row, number, line, lower in sifted(self.scanner, batch, rows[first], ids[first]):
            if self._may_write(number, line, lower, log) or _untagged(batch, row, line):
                found[row, -1].add(number)
        for row in apart:
            found[row, -1] |= self._of_levels
        for row, place, number in self._on_further_lines(batch, rows[~first], ends[~first], ids[~first]):
            found[row, place].add(number)
        return self._look(batch, origin, log, found, counts)

    def _on_further_lines(
        self, batch: Batch, rows: NDArray[np.int64], ends: NDArray[np.int64], ids: NDArray[np.int64]
    ) -> Iterator[tuple[int, int, int]]:
        """(row, where the line begins, pattern) of hits on an entry's further lines, but those that it rules out."""
        whole = bytes(batch.buffer.data) if len(rows) else b""
        here, texts, can = -1, list[tuple[bytes, bytes]](), dict[int, bool]()
        for row, end, number in zip(rows.tolist(), ends.tolist(), ids.tolist(), strict=True):
            if row != here:
                entry = whole[int(batch.start[row]) : int(batch.stop[row])]
                # What a pattern needs may be wrapped over two lines.
                here, texts, can = row, [(t, t.lower()) for t in (entry, b" ".join(entry.split()))], {}
            if number not in can:
                can[number] = any(self.scanner.possible(number, *text) for text in texts)
            if can[number]:
                yield row, whole.rfind(b"\n", 0, end) + 1, number

    @cached_property
    def _named(self) -> Named:
        return Named(self.types, self.cache)

    def _of_kind(
        self, ids: NDArray[np.int64], ends: NDArray[np.int64], kind: str
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Hits without those of events that stand in other kinds of logs alone."""
        here = np.array([not bound or bound == kind for bound in self._kinds], bool)
        if here.all() or not len(ids):
            return ids, ends
        kept = here[self._owner[ids]]
        return ids[kept], ends[kept]

    def _without_spent(
        self, ids: NDArray[np.int64], ends: NDArray[np.int64], counts: dict[str, int], dropped: set[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Hits without those of weighing events that are too many; which need not all be lines of theirs."""
        if not self._light or not len(ids):
            return ids, ends
        owner = self._owner[ids]
        hits = np.bincount(owner, minlength=len(self.types))
        spent = [n for n in self._light if hits[n] and hits[n] + counts.get(self.types[n].name, 0) > FEW]
        if not spent:
            return ids, ends
        dropped.update(self.types[n].name for n in spent)
        kept = ~np.isin(owner, spent)
        return ids[kept], ends[kept]

    def _rows_by_level(self, batch: Batch) -> Sequence[int]:
        """Entries whose bytes name a grave level; where an object is written out, its level is left behind."""
        if self._levels is None:
            return ()
        _, ends = self._levels.scan(batch.buffer.data)
        rows = np.unique(np.maximum(np.searchsorted(batch.start, ends, side="right") - 1, 0))
        return rows[rows < len(batch)].tolist() if len(batch) else ()

    def _by_owner(self, hits: set[int]) -> dict[int, list[int]]:
        """Patterns that hit, by the event they belong to, in the order of its file."""
        out: dict[int, list[int]] = {}
        for number in sorted(hits):
            out.setdefault(int(self._owner[number]), []).append(number)
        return out

    def _may_write(self, number: int, line: bytes, lower: bytes, log: Log) -> bool:
        """Whether the line holds what the name of the event's program must hold; outside syslog it need not."""
        owner = int(self._owner[number])
        program = self.types[owner].program
        if program is None:
            return True
        if log.format.program:
            # A server's own log; a line in it that bears another program's name is looked at by the event's pattern.
            return bool(program.compiled.fullmatch(log.format.program)) or bool(program.compiled.search(_tag_of(line)))
        names = self._programs[owner]
        return names is None or log.format.kind != "syslog" or names.held_by(line, lower)

    def _look(
        self, batch: Batch, origin: Batch, log: Log, found: dict[tuple[int, int], set[int]], counts: dict[str, int]
    ) -> list[Fact]:
        """`origin` holds the same entries as they stand in the file, to be cited."""
        facts: list[Fact] = []
        rows = np.unique(np.array([row for row, _ in found], np.int64))
        parts = dict(zip(rows.tolist(), messages(batch, rows, log, origin), strict=True))
        seen: set[tuple[int, int] | tuple[int, int, str]] = set()
        for (row, end), hits in sorted(found.items()):
            whole = parts[row]
            own = int(batch.line[row]) + whole.below
            place, message = own, whole
            if end >= 0:
                place, start, stop = batch.line_at(row, end)
                text = text_of(batch, start, stop)
                raw = text_of(batch, start, stop, raw=True)
                # A further line may be another program's, but not in the kernel's own log.
                named = log.format.kind == "kernel"
                message = Message(whole.time, whole.host, whole.program, -1, text, text, raw, named=named)
            for owner, numbers in self._by_owner(hits).items():
                kind = self.types[owner]
                if counts.get(kind.name, 0) >= MOST or (place, owner) in seen:
                    continue
                patterns = [self._patterns[n] for n in numbers]
                fact, number = _match(kind, patterns, message, log, place), place
                if fact is None and (inner := message.inner()) is not None:
                    fact = _match(kind, patterns, inner, log, place)
                if (
                    whole.joined is not None
                    and not {(own, owner), (row, owner, "joined")} & seen
                    and (fact is None or whole.joined.short)
                ):
                    # What was wrapped may match as one text though no line of it does, or say more as one.
                    seen.add((row, owner, "joined"))
                    more = _match(kind, kind.match, whole.as_one(), log, own, batch)
                    if more is not None and (fact is None or len(more.fields) > len(fact.fields)):
                        fact, number = more, own
                if fact is not None:
                    seen |= {(number, owner)} if len(fact.lines) == 1 else {(x.line, owner) for x in fact.lines}
                    counts[kind.name] = counts.get(kind.name, 0) + 1
                    facts.append(fact)
        return facts


def _looked_for(kind: EventType, pattern: LazyPattern) -> Pattern:
    if kind.severity is not None:
        return Pattern(_GRAVE, ignore_case=True)
    # In syslog every line names its program: where that is rarer than the message's words, it is looked for.
    beside = kind.program.pattern if kind.kind == "syslog" and kind.program is not None else ""
    return Pattern(scan_pattern(pattern.pattern), pattern.ignore_case, beside)


def _in_message(batch: Batch, rows: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Hits that do not lie in a line's head: an error log says `[error]` in each of its lines."""
    if not len(rows):
        return np.ones(0, bool)
    wanted, place = np.unique(rows, return_inverse=True)
    said: NDArray[np.bool_] = ends >= batch.columns(wanted).text_at[place]
    return said


def _untagged(batch: Batch, row: int, line: bytes) -> bool:
    """Whether nothing on the line can be a tag: who wrote it is not known, and may be anybody."""
    rest = line[int(batch.body[row]) - int(batch.start[row]) :]
    return b":" not in rest and b"[" not in rest


def _tag_of(line: bytes) -> str:
    """The beginning of a line, where a program's name would stand."""
    return line[:120].decode("utf-8", "replace")


def _match(
    kind: EventType,
    patterns: Sequence[LazyPattern],
    message: Message,
    log: Log,
    number: int,
    batch: Batch | None = None,
) -> Fact | None:
    """What a message says of an event. `batch` holds the lines of one that was wrapped."""
    if kind.kind and kind.kind != log.format.kind:
        return None
    if kind.severity is not None and not 0 <= message.severity <= kind.severity:
        return None
    known = message.named and message.program
    if known and kind.program is not None and not kind.program.compiled.fullmatch(message.program):
        return None
    for text in (message.text,) if known else dict.fromkeys((message.text, message.whole, *message.values)):
        match = _search(patterns, text)
        if match is not None:
            break
    if match is None or any(veto.compiled.search(text) for veto in kind.veto):
        return None
    fields = {k: v for k, v in match.groupdict().items() if v is not None}
    for name, template in kind.derive:
        try:
            fields[name] = template.format(**fields)
        except KeyError:
            continue
    time = message.time
    head = Evidence(log.name, number, message.raw, None if time == UNKNOWN else time)
    lines = (head,) if batch is None or message.joined is None else message.joined.cited(batch, match, head)
    high = time if time == UNKNOWN or time % SECOND else time + SECOND - 1
    return Fact(
        kind.name,
        time,
        high,
        message.host,
        fields,
        lines,
        message.program,
        message.pid,
        text,
        log.index,
        n=message.n,
    )


def _search(patterns: Sequence[LazyPattern], text: str) -> regex.Match[str] | None:
    for pattern in patterns:
        if pattern.strikes >= _STRIKES:
            continue
        try:
            match = pattern.compiled.search(text, timeout=_PATIENCE)
        except TimeoutError:
            # A pattern that backtracks for so long on one line is as good as one that does not match there.
            pattern.strikes += 1
            continue
        if match:
            return match
    return None
