"""The kernel's lines in a log of syslogd, boot by boot: what a capture without stamps is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field

import numpy as np

from logsleuth import sources
from logsleuth.clock.model import Log
from logsleuth.clock.offsets import UNKNOWN, FoldState
from logsleuth.clock.ring import utc_of
from logsleuth.clock.years import in_year
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass
from logsleuth.sources import Source

_SEARCHED = 64 << 20
"""Bytes of the files of each stamped log, the last ones before the captures were written."""
_HITS = 50_000
"""Lines of one file."""
_CLUSTER = 12
"""A kernel's first words are so many lines at most, and each of them may be the first that is left."""
FIRST = lazy_pattern(
    rb"^(?:(---<<BOOT>>---)|(Booting Linux on physical CPU|Linux version \d)|(OpenBSD \d+\.\d)|(NetBSD \d+\.\d)"
    rb"|(FreeBSD \d+\.\d+-|DragonFly v\d)|(Copyright \(c\) (?:199[56], 199\d,|[\d, -]+ The (?:FreeBSD|DragonFly) Pro))"
    rb"|(SunOS Release \d)|(Darwin Kernel Version))",
    re.MULTILINE,
)
"""A kernel's first words, by kind. The BSDs' copyright stands before their name."""
_STAMP = lazy_pattern(rb"\[ *\d+(?:\.\d+)?\] ?")
"""The kernel's own, which one of both may keep: Linux, NetBSD 9, FreeBSD with kern.msgbuf_show_timestamp."""
_MEASURED = lazy_pattern(rb"\d[ -]?[KMG]?Hz\b|BogoMIPS|\bfrequency \d")
_DIGITS = lazy_pattern(rb"\d+")
_SOON = 300
"""Lines of a boot in which it measures its clocks; what says so later is of something else."""
_LOGGED = tuple(
    (
        tag,
        lazy_pattern(
            re.escape(tag) + rb"(?:\[0\])?(?:: | - - - )(?:\[ID \d+ kern\.\w+\] )?"
            rb"(?:\[ *\d+(?:\.\d+)?\] ?)?[ \t]*([^\r\n]*)"
        ),
    )
    for tag in (b"kernel", b"/bsd", b"/netbsd", b"unix")
)
"""How syslogd tags the kernel's lines: FreeBSD and Linux, OpenBSD, NetBSD, Solaris (unix, genunix)."""


Measured = dict[bytes, set[bytes]]
"""Lines in which a boot tells a clock's frequency, by what they are without their numbers: each boot measures anew."""


@dataclass(slots=True)
class Firsts:
    """Where one boot ends and the next begins in the kernel's lines, which are shown one after the other."""

    _last: int = -_CLUSTER
    _kinds: set[int | None] = field(default_factory=set)

    def begin(self, number: int, kind: int | None) -> bool:
        """Whether a first word of some kind (None: no such line), in line `number`, is a boot's first."""
        if kind is None:
            return False
        new = number - self._last >= _CLUSTER or kind in self._kinds
        self._kinds = {kind} if new else self._kinds | {kind}
        self._last = number
        return new


def kind_of(text: bytes) -> int | None:
    """Which of a kernel's first words a line is."""
    match = FIRST.match(text)
    return match.lastindex if match else None


@dataclass(slots=True)
class Boot:
    """Of one boot in a stamped log the kernel's lines that are looked for, in their order."""

    number: list[int] = field(default_factory=list)
    """Which of the log's kernel lines each is."""
    time: list[int] = field(default_factory=list)
    text: list[bytes] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    firsts: dict[int, bytes] = field(default_factory=dict)
    """The kernel's first words by their kind; none where the log begins later."""
    measured: Measured = field(default_factory=dict)

    def until(self, time: int) -> Boot:
        """The same, without what was stamped later."""
        rows = [i for i, at in enumerate(self.time) if at <= time]
        if len(rows) == len(self.time):
            return self
        return Boot(
            [self.number[i] for i in rows],
            [self.time[i] for i in rows],
            [self.text[i] for i in rows],
            [self.log[i] for i in rows],
            self.firsts,
            self.measured,
        )


def measure(measured: Measured, text: bytes, number: int) -> None:
    """Take up a line of a boot, of which `number` kernel lines went before."""
    if number < _SOON and _MEASURED.search(text):
        measured.setdefault(_DIGITS.sub(b"0", text), set()).add(text)


def bare(line: bytes) -> bytes:
    """A line without blanks at its ends, and without the kernel's own stamp."""
    line = line.strip()
    return _STAMP.sub(b"", line, count=1).strip() if line.startswith(b"[") else line


def whole_lines(source: Source, start: int, most: int) -> Iterator[tuple[int, bytes]]:
    """Whole lines from about an offset on, and where they begin; about so many bytes at most."""
    rest, base, size = b"", start, 0
    headless = start > 0
    for block in sources.blocks(source, [], start=start):
        piece = rest + block
        begin = piece.find(b"\n") + 1 if headless else 0
        cut = piece.rfind(b"\n") + 1
        headless = headless and not begin
        if cut > begin:
            yield base + begin, piece[begin:cut]
        base, rest = base + cut, piece[cut:]
        size += len(block)
        if size > most:
            return
    if rest and not headless:
        yield base, rest


def boots_in(files: Sequence[Log], wanted: AbstractSet[bytes], until: int) -> list[Boot]:
    """The boots of a stamped log, of whose lines those are kept that are wanted; none after `until` is."""
    left = _SEARCHED
    members: list[tuple[Log, int, int]] = []
    for log in reversed(files):
        end = _end(log, until)
        if left > 0 and end:
            members.append((log, max(0, end - left) if log.source.seekable and not log.source.store else 0, left))
            left -= end
    out: list[Boot] = []
    number = begun = 0
    firsts = Firsts()
    for log, base, most in reversed(members):
        hits, number = _hits(log, wanted, base, most, number)
        times = utc_of(log, [line for *_, line in hits], np.array([at for _, at, _, _ in hits], np.int64)).tolist()
        for (which, _, text, _), time in zip(hits, times, strict=True):
            if time == UNKNOWN:
                continue
            kind = kind_of(text)
            if firsts.begin(which, kind) or not out:
                out.append(Boot())
                begun = which
            measure(out[-1].measured, text, which - begun)
            if kind is not None:
                out[-1].firsts.setdefault(kind, text)
            elif text not in wanted:
                continue
            out[-1].number.append(which)
            out[-1].time.append(time)
            out[-1].text.append(text)
            out[-1].log.append(log.name)
    return out


def _end(log: Log, until: int) -> int:
    """About where in a file what was stamped until an instant ends; 0 where all of it is later."""
    if not log.marks or log.years is None:
        return log.source.size
    at, wall = (np.array(column, np.int64) for column in zip(*log.marks, strict=True))
    utc = log.offsets.to_utc(in_year(wall, log.years.at(at)), FoldState())
    early = np.flatnonzero(utc <= until)
    if not len(early):
        return 0
    return int(at[early[-1] + 1]) if early[-1] + 1 < len(at) else log.source.size


def _hits(
    log: Log, wanted: AbstractSet[bytes], base: int, most: int, number: int
) -> tuple[list[tuple[int, int, bytes, bytes]], int]:
    """Of the kernel's lines the wanted, a boot's first words and what it measures: number, offset, text, line."""
    found: list[tuple[int, int, bytes, bytes]] = []
    for at, piece in whole_lines(log.source, base, most):
        patterns = [pattern for tag, pattern in _LOGGED if tag in piece]
        texts = [text for pattern in patterns for text in pattern.findall(piece)]
        # Most stretches of a log hold no line that is wanted.
        if wanted.isdisjoint(texts) and not any(map(FIRST.match, texts)):
            number += len(texts)
            continue
        matches = [match for pattern in patterns for match in pattern.finditer(piece)]
        if len(patterns) > 1:
            matches.sort(key=re.Match.start)
        for match in matches:
            number += 1
            text = match[1].rstrip()
            if (text in wanted or FIRST.match(text) or _MEASURED.search(text)) and len(found) < _HITS:
                begin = piece.rfind(b"\n", 0, match.start()) + 1
                found.append((number, at + begin, text, piece[begin : match.end()]))
    return found, number
