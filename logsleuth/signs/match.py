"""Lines to facts: one scan for every pattern of every event, then a close look at the lines that hit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.entries import Batch
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.formats.registry import ALL
from logsleuth.report import Evidence
from logsleuth.scan import Pattern, Scanner
from logsleuth.scan.literals import Texts, needed
from logsleuth.signs import nested
from logsleuth.signs.model import EventType, Fact, LazyPattern
from logsleuth.signs.repeats import unwrapped

MOST = 200_000
"""Facts of one type that are kept; more of one kind of line say nothing new."""
_LONGEST_JOINED = 4096
_LONGEST_TEXT = 16_384
_PATIENCE = 0.5
"""Seconds a pattern may take on one line."""
_STRIKES = 3
"""After so many lines on which it took too long, a pattern is no longer tried."""
_OF_ONE_PROGRAM = {"access", "error"}
"""Kinds of logs that a server keeps for itself."""
_COLOUR = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
"""What colours a word on a terminal."""
_CLASS = re.compile(r"(?<!\\)\[\^")
_SPACE = re.compile(r"(?<!\\)\\s")


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
    out, inside, i = [], False, 0
    while i < len(regex):
        two = regex[i : i + 2]
        if two == r"\s":
            out.append(r" \t" if inside else r"[ \t]")
            i += 2
        elif two[:1] == "\\":
            out.append(two)
            i += 2
        else:
            inside = (regex[i] == "[" or inside) and regex[i] != "]"
            out.append(regex[i])
            i += 1
    return "".join(out)


@dataclass
class Matcher:
    """The events of a rule set, ready to be looked for in logs of every kind."""

    types: Sequence[EventType]
    cache: Path | None = None
    """Folder that keeps what takes long to work out."""
    _parts: dict[tuple[str, str], _Part] = field(default_factory=dict)

    def facts(self, batch: Batch, log: Log, counts: dict[str, int]) -> list[Fact]:
        """Facts of one batch, in the order of its lines. `counts` (facts of each type so far) is kept up to date."""
        return self._part(log).facts(batch, log, counts)

    def prepare(self, logs: Sequence[Log]) -> None:
        """Compile what some logs need, so that processes that are forked from this one find it done."""
        for log in logs:
            self._part(log)

    def _part(self, log: Log) -> _Part:
        form = log.format
        key = form.kind, form.program if form.kind in _OF_ONE_PROGRAM else ""
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = _Part([t for t in self.types if _occurs(t, log)], *key, self.cache)
        return part


def _occurs(kind: EventType, log: Log) -> bool:
    """Whether an event can stand in a log of this kind at all."""
    if kind.kind and kind.kind != log.format.kind:
        return False
    # All of an access log is the web server's.
    web = log.format.kind == "access" and bool(log.format.program) and kind.program is not None
    return not web or kind.program is None or bool(kind.program.compiled.fullmatch(log.format.program))


@dataclass
class _Part:
    """The events that can stand in logs of one kind."""

    types: Sequence[EventType]
    kind: str
    program: str
    """Whose log it is, if it is one program's."""
    cache: Path | None
    scanner: Scanner = field(init=False)
    _owner: NDArray[np.int64] = field(init=False)
    _programs: list[Texts | None] = field(init=False)
    _patterns: list[LazyPattern] = field(init=False)

    def __post_init__(self) -> None:
        self._patterns = [p for t in self.types for p in t.match]
        self._owner = np.array([i for i, t in enumerate(self.types) for _ in t.match], np.int64)
        self._programs = [
            needed(t.program.pattern, ignore_case=True) if t.program is not None else None for t in self.types
        ]
        patterns = [self._looked_for(t, p) for t in self.types for p in t.match]
        self.scanner = Scanner(patterns, cache=self.cache)

    def _looked_for(self, kind: EventType, pattern: LazyPattern) -> Pattern:
        program = kind.program
        if (
            self.kind == "error"
            and self.program
            and program is not None
            and not program.compiled.fullmatch(self.program)
        ):
            # In a server's own log another program has to be named: its name is rarer than words of failure are there.
            names = needed(program.pattern, ignore_case=True)
            if names is not None and not names.common:
                return Pattern(program.pattern, ignore_case=True)
        # In syslog every line names its program: where that is rarer than the message's words, it is looked for.
        named = self.kind == "syslog" and program is not None
        beside = program.pattern if named and program is not None else ""
        return Pattern(scan_pattern(pattern.pattern), pattern.ignore_case, beside)

    def facts(self, batch: Batch, log: Log, counts: dict[str, int]) -> list[Fact]:
        """Facts of one batch, in the order of its lines. `counts` (facts of each type so far) is kept up to date."""
        origin = batch
        if needs_spelling(batch):
            batch = spelled(batch, np.arange(len(batch)), flat=True)[0]
        ids, ends = self.scanner.scan(batch.buffer.data)
        if not len(ids):
            return []
        rows = np.maximum(np.searchsorted(batch.start, ends, side="right") - 1, 0)
        inside = ends < batch.stop[rows]
        ids, ends, rows = ids[inside], ends[inside], rows[inside]
        said = self._in_message(batch, rows, ends)
        ids, ends, rows = ids[said], ends[said], rows[said]
        first = ends <= batch.line_stop[rows]
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        # Of hits on an entry's first line one a pattern is enough; on the lines that follow it each may be another.
        keys = np.unique(rows[first] * len(self._owner) + ids[first])
        pairs = zip((keys // len(self._owner)).tolist(), (keys % len(self._owner)).tolist(), strict=True)
        here, line = -1, b""
        for row, number in pairs:
            if row != here:
                here, line = row, _COLOUR.sub(b"", batch.bytes_of(row))
            if self.scanner.possible(number, line) and self._may_write(number, line, log):
                found[row, -1].add(number)
        rest = zip(rows[~first].tolist(), ends[~first].tolist(), ids[~first].tolist(), strict=True)
        for row, end, number in rest:
            found[row, end].add(number)
        return self._look(batch, origin, log, found, counts)

    def _in_message(self, batch: Batch, rows: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Hits that do not lie in a line's head: an error log says `[error]` in each of its lines."""
        if self.kind != "error" or not len(rows):
            return np.ones(len(rows), bool)
        wanted, place = np.unique(rows, return_inverse=True)
        said: NDArray[np.bool_] = ends >= batch.columns(wanted).text_at[place]
        return said

    def _by_owner(self, hits: set[int]) -> dict[int, list[int]]:
        """Patterns that hit, by the event they belong to, in the order of its file."""
        out: dict[int, list[int]] = {}
        for number in sorted(hits):
            out.setdefault(int(self._owner[number]), []).append(number)
        return out

    def _may_write(self, number: int, line: bytes, log: Log) -> bool:
        """Whether the line holds what the name of the event's program must hold; outside syslog it need not."""
        owner = int(self._owner[number])
        program = self.types[owner].program
        if program is None:
            return True
        if log.format.program:
            # A server's own log; a line in it that bears another program's name is looked at by the event's pattern.
            return bool(program.compiled.fullmatch(log.format.program)) or bool(program.compiled.search(_tag_of(line)))
        names = self._programs[owner]
        return names is None or log.format.kind != "syslog" or names.held_by(line)

    def _look(
        self, batch: Batch, origin: Batch, log: Log, found: dict[tuple[int, int], set[int]], counts: dict[str, int]
    ) -> list[Fact]:
        """`origin` holds the same entries as they stand in the file, to be cited."""
        facts: list[Fact] = []
        rows = np.unique(np.array([row for row, _ in found], np.int64))
        parts = dict(zip(rows.tolist(), _messages(batch, rows, log, origin), strict=True))
        seen: set[tuple[int, int]] = set()
        anywhere: dict[int, set[int]] = defaultdict(set)
        for (row, _), hits in found.items():
            anywhere[row] |= hits
        for (row, end), hits in sorted(found.items()):
            whole = parts[row]
            own = int(batch.line[row]) + whole.below
            tries = [(own, whole, hits)]
            if whole.joined:
                # What was wrapped may match as one text though no line of it does.
                tries.append((own, whole.as_one(), anywhere[row]))
            if end >= 0:
                line, start, stop = batch.line_at(row, end)
                text = _text(batch, start, stop)
                raw = _text(batch, start, stop, raw=True)
                alone = Message(whole.time, whole.host, whole.program, -1, text, text, raw, named=False)
                tries = [(line, alone, hits), *tries[1:]]
            for owner, numbers in self._by_owner(hits).items():
                kind = self.types[owner]
                if counts.get(kind.name, 0) >= MOST:
                    continue
                for place, message, wanted in tries:
                    if (place, owner) in seen:
                        break
                    patterns = [
                        self._patterns[n]
                        for n in (numbers if wanted is hits else sorted(wanted))
                        if self._owner[n] == owner
                    ]
                    fact = _match(kind, patterns, message, log, place)
                    if fact is None and (inner := message.inner()) is not None:
                        fact = _match(kind, patterns, inner, log, place)
                    if fact is not None:
                        seen.add((place, owner))
                        counts[kind.name] = counts.get(kind.name, 0) + 1
                        facts.append(fact)
                        break
        return facts


@dataclass(frozen=True, slots=True)
class Message:
    """One line, taken apart."""

    time: int
    host: str
    program: str
    pid: int
    text: str
    whole: str
    """With the tag that `text` lacks."""
    raw: str
    named: bool
    """Its format says for sure which program wrote it."""
    joined: str = ""
    """With the lines that follow it, where there are any: what was wrapped is one text again."""
    below: int = 0
    """How many lines below its entry's first it stands: 1 under a heading."""
    values: tuple[str, ...] = ()
    """Of an object's members: a pattern may be meant for one that is not its message."""
    n: int = 1
    """How often it stood there, if its line says so."""

    def as_one(self) -> Message:
        """The message with its further lines."""
        return replace(self, text=self.joined, whole=self.joined)

    def inner(self) -> Message | None:
        """The message that this one hands on from another program, or quotes."""
        found = nested.message_in(self.program if self.named else "", self.text if self.named else self.raw)
        if found is None:
            return None
        program = found.program or self.program
        named = self.named or bool(found.program)
        return replace(self, program=program, pid=found.pid, text=found.text, whole=found.text, named=named)


def _messages(batch: Batch, rows: NDArray[np.int64], log: Log, origin: Batch) -> list[Message]:
    columns = batch.columns(rows)
    out = []
    data = batch.buffer.data
    lead = columns.lead_end.tolist() if columns.lead_end is not None else None
    for i, row in enumerate(rows.tolist()):
        stop = int(batch.line_stop[row])
        start = int(batch.start[row])
        end = stop if columns.text_end is None else min(stop, int(columns.text_end[i]))
        layout = int(batch.layout[row])
        form = ALL[layout] if layout >= 0 else log.format
        host = bytes(data[int(columns.host_at[i]) : int(columns.host_end[i])]).decode("utf-8", "replace")
        program = bytes(data[int(columns.program_at[i]) : int(columns.program_end[i])]).decode("utf-8", "replace")
        front = "" if lead is None or lead[i] <= start else _text(batch, start, lead[i])
        text, count = unwrapped(front + _text(batch, int(columns.text_at[i]), end))
        whole = front + _text(batch, max(int(columns.host_end[i]), int(batch.body[row])), stop).lstrip()
        # Elsewhere a first word with a colon may be the text's own; with a process id it is a tag for sure.
        heading, _, raw = _text(origin, int(origin.start[row]), int(origin.line_stop[row]), raw=True).rpartition("\n")
        named = bool(program) and (form.kind == "syslog" or int(columns.pid[i]) >= 0)
        out.append(
            Message(
                int(batch.time[row]),
                short_host(host or log.host),
                program.rpartition("/")[2] if program.startswith("/") else program or form.program,
                int(columns.pid[i]),
                text,
                whole,
                raw,
                named or bool(form.program),
                _joined(batch, row, front + _text(batch, int(columns.text_at[i]), stop)),
                int(bool(heading)),
                () if form.spelling is None else form.spelling.values(raw),
                count,
            )
        )
    return out


def short_host(name: str) -> str:
    """A host's first label in lower case: some daemons write the whole name, some do not. Addresses stay."""
    lower = name.lower()
    return lower if lower.replace(".", "").isdigit() or ":" in lower else lower.split(".", 1)[0]


def host_named(text: str) -> str:
    """The short form of a host that a line names, with its port or export left off: `db1.example.org:5432`."""
    name, colon, port = text.strip("[]").partition(":")
    return short_host(name) if colon and (port.isdigit() or port.startswith("/")) else short_host(text)


def _tag_of(line: bytes) -> str:
    """The beginning of a line, where a program's name would stand."""
    return line[:120].decode("utf-8", "replace")


def _joined(batch: Batch, row: int, text: str) -> str:
    """An entry's text with its further lines, the breaks between them made spaces."""
    first, stop = int(batch.line_stop[row]), int(batch.stop[row])
    if stop <= first or len(text) >= _LONGEST_JOINED:
        return ""
    rest = _text(batch, first, min(stop, first + _LONGEST_JOINED))
    return text + " " + " ".join(rest.split())


def _text(batch: Batch, start: int, stop: int, *, raw: bool = False) -> str:
    """A part of the buffer; for patterns, without colours."""
    data = bytes(batch.buffer.data[start : min(stop, start + _LONGEST_TEXT)])
    return (data if raw or b"\x1b" not in data else _COLOUR.sub(b"", data)).decode("utf-8", "replace")


def _match(kind: EventType, patterns: Sequence[LazyPattern], message: Message, log: Log, number: int) -> Fact | None:
    if kind.kind and kind.kind != log.format.kind:
        return None
    known = message.named and message.program
    if known and kind.program is not None and not kind.program.compiled.fullmatch(message.program):
        return None
    for text in (message.text,) if known else dict.fromkeys((message.text, message.whole, *message.values)):
        groups = _search(patterns, text)
        if groups is not None:
            break
    if groups is None or any(veto.compiled.search(text) for veto in kind.veto):
        return None
    fields = {k: v for k, v in groups.items() if v is not None}
    for name, template in kind.derive:
        try:
            fields[name] = template.format(**fields)
        except KeyError:
            continue
    time = message.time
    evidence = Evidence(log.name, number, message.raw, None if time == UNKNOWN else time)
    high = time if time == UNKNOWN or time % SECOND else time + SECOND - 1
    return Fact(
        kind.name,
        time,
        high,
        message.host,
        fields,
        (evidence,),
        message.program,
        message.pid,
        text,
        log.index,
        n=message.n,
    )


def _search(patterns: Sequence[LazyPattern], text: str) -> dict[str, str | None] | None:
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
            return match.groupdict()
    return None
