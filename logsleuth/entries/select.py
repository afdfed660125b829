"""Which entries are wanted: by time, host, program, severity and text, decided for many rows at once."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.arrow import arrow, strings, values_of
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import SLACK, Merged, Piece
from logsleuth.entries.tally import Tally
from logsleuth.errors import UsageError, quoted
from logsleuth.formats.model import NO_SEVERITY, Columns
from logsleuth.formats.registry import ALL
from logsleuth.formats.vector import Bytes, Mask, Positions, distinct
from logsleuth.records import dataclass
from logsleuth.scan import Pattern, Scanner

Rows = NDArray[np.int64]

ORDINARY = 6
"""The severity of an entry that neither names one nor has a word that tells: info."""
_WORDS = (
    # Severity, and the words that make a text tell of it; the worst word counts.
    (0, r"\b(?:emergency|panic(?:ked|king)?)\b"),
    (1, r"\balert\b"),
    (2, r"\b(?:critical|fatal)\b"),
    (3, r"\b(?:err|errors?|fail|fails|failed|failing|failures?)\b"),
    (4, r"\b(?:warn|warnings?)\b"),
)


@dataclass(frozen=True)
class Select:
    """What the user asked for; with nothing said, every entry is wanted."""

    since: int | None = None
    """UTC nanoseconds, as is `until`; where one is given, entries at unknown times are not wanted."""
    until: int | None = None
    """The last nanosecond that is wanted."""
    hosts: tuple[str, ...] = ()
    """Glob patterns in either case, for the whole name or the part before its first dot."""
    programs: tuple[str, ...] = ()
    """Glob patterns in either case: `cron` is /usr/sbin/cron too, `postfix` and `smtpd` are postfix/smtpd."""
    severity: int | None = None
    """Index in SEVERITIES: this and worse."""
    grep: tuple[str, ...] = ()
    """Regular expressions that must all match the entry as it stands in the file; ^ and $ match at each line."""
    ignore_case: bool = False
    """Otherwise case counts in those patterns that have a capital letter."""
    invert: bool = False
    """Wanted are entries that not all of `grep` match."""

    def rows(self, batch: Batch, rows: Rows, log: Log) -> Rows:
        """Those of some rows that are wanted, in the order given."""
        rows = self._in_time(batch, rows)
        if (self.hosts or self.programs or self.severity is not None) and len(rows):
            rows = rows[self._named(batch, rows, log)]
        if self._patterns and len(rows):
            rows = rows[self._matched(batch, rows) ^ self.invert]
        return rows

    @property
    def everything(self) -> bool:
        """Nothing is left out."""
        return self == Select(ignore_case=self.ignore_case, invert=self.invert)

    @cached_property
    def _patterns(self) -> tuple[Callable[[Any], Mask], ...]:
        return tuple(_pattern(text, ignore_case=self.ignore_case or _lower(text)) for text in self.grep)

    def check(self) -> None:
        """Raise UsageError for a pattern that cannot be read."""
        _ = self._patterns

    def _in_time(self, batch: Batch, rows: Rows) -> Rows:
        if self.since is None and self.until is None:
            return rows
        time = batch.time[rows]
        keep = time != UNKNOWN
        if self.since is not None:
            keep &= time >= self.since
        if self.until is not None:
            keep &= time <= self.until
        kept: Rows = rows[keep]
        return kept

    def _named(self, batch: Batch, rows: Rows, log: Log) -> Mask:
        columns = batch.columns(rows)
        keep = np.ones(len(rows), bool)
        if self.hosts:
            keep &= _tested(batch.buffer, columns.host_at, columns.host_end, self._host)
            unnamed = columns.host_end <= columns.host_at
            keep[unnamed] = self._host(log.host)
        if self.programs:
            keep &= self._of_programs(batch, rows, columns)
        if self.severity is not None:
            keep &= severities(batch, rows, columns) <= self.severity
        return keep

    def _of_programs(self, batch: Batch, rows: Rows, columns: Columns) -> Mask:
        keep = _tested(batch.buffer, columns.program_at, columns.program_end, self._program)
        unnamed = columns.program_end <= columns.program_at
        layout = batch.layout[rows]
        for kind in distinct(layout[unnamed]).tolist():
            keep[unnamed & (layout == kind)] = self._program(ALL[kind].program if kind >= 0 else "")
        return keep

    def _host(self, name: str) -> bool:
        return _any_glob(self.hosts, {name, name.partition(".")[0]})

    def _program(self, name: str) -> bool:
        return _any_glob(self.programs, {name, name.rpartition("/")[2], name.partition("/")[0]})

    def _matched(self, batch: Batch, rows: Rows) -> Mask:
        texts = strings(batch.buffer, batch.start[rows], batch.stop[rows])
        found = np.ones(len(rows), bool)
        for matches in self._patterns:
            found &= matches(texts)
        return found


def selected(
    stretches: Iterable[Merged], select: Select, logs: Sequence[Log], tallies: Mapping[int, Tally] | None = None
) -> Iterator[Merged]:
    """What is wanted of a timeline, which is read no further than that takes.

    `tallies` are those that reading fills: they show a file whose clock was set back.
    """
    # The place to pass over whole files, and to begin in the middle of one, is before the merge: `entries.read`
    # could bisect a plain file for `since`, and leave out one whose survey ends before it.
    for merged in stretches:
        if select.until is not None and _passed(merged, select.until, tallies or {}):
            return
        wanted = merged if select.everything else _filtered(merged, select, logs)
        if len(wanted):
            yield wanted


def _passed(merged: Merged, until: int, tallies: Mapping[int, Tally]) -> bool:
    """All that follows on the timeline lies after `until`.

    Where a clock had been ahead and was set back, lines keep their place after the later time though their own stamps
    may lie before `until`: once such a step was met, all is read.
    """
    if min(int(p.batch.key[p.rows[0]]) for p in merged.pieces) <= until:
        return False
    return all(tally.furthest <= SLACK for tally in tallies.values())


def _filtered(merged: Merged, select: Select, logs: Sequence[Log]) -> Merged:
    kept = [Piece(p.batch, select.rows(p.batch, p.rows, logs[p.batch.log])) for p in merged.pieces]
    order = merged.order
    if order is not None:
        keep = np.concatenate(
            [np.isin(p.rows, k.rows, assume_unique=True) for p, k in zip(merged.pieces, kept, strict=True)]
        )
        number = np.cumsum(keep) - 1
        order = number[order[keep[order]]]
    return Merged([p for p in kept if len(p.rows)], order)


def head(stretches: Iterable[Merged], limit: int) -> Iterator[Merged]:
    """The first `limit` entries; nothing is read beyond them."""
    left = limit
    for merged in stretches if limit > 0 else ():
        yield merged if len(merged) <= left else cut(merged, 0, left)
        left -= len(merged)
        if left <= 0:
            return


def tail(stretches: Iterable[Merged], limit: int) -> list[Merged]:
    """The last `limit` entries, oldest first; no more than they need is kept."""
    kept: deque[Merged] = deque()
    count = 0
    for merged in stretches:
        kept.append(merged)
        count += len(merged)
        while kept and count - len(kept[0]) >= limit:
            count -= len(kept.popleft())
    if count > limit:
        kept[0] = cut(kept[0], count - limit, len(kept[0]))
    return list(kept)


def turned(merged: Merged) -> Merged:
    """The same entries, the last one first."""
    order = np.arange(len(merged)) if merged.order is None else merged.order
    return Merged(merged.pieces, order[::-1])


def cut(merged: Merged, first: int, last: int) -> Merged:
    """The entries [first, last) of a stretch, in the order of the timeline."""
    order = np.arange(len(merged)) if merged.order is None else merged.order
    wanted = order[first:last]
    keep = np.sort(wanted)
    pieces, begin = [], 0
    for piece in merged.pieces:
        inside = keep[np.searchsorted(keep, begin) : np.searchsorted(keep, begin + len(piece.rows))] - begin
        begin += len(piece.rows)
        if len(inside):
            pieces.append(Piece(piece.batch, piece.rows[inside]))
    return Merged(pieces, None if merged.order is None else np.searchsorted(keep, wanted))


def severities(batch: Batch, rows: Rows, columns: Columns) -> NDArray[np.int64]:
    """What each line says of its severity: in a field of its own, else by words of its text, else ORDINARY."""
    stated = columns.severity
    silent = np.flatnonzero(stated == NO_SEVERITY)
    out = np.where(stated == NO_SEVERITY, ORDINARY, stated)
    if not len(silent):
        return out
    order = silent[np.argsort(batch.start[rows[silent]], kind="stable")]
    start, text_at, stop = batch.start[rows[order]], columns.text_at[order], batch.stop[rows[order]]
    if columns.text_end is not None:
        # `"error":null` behind a message tells of no error.
        stop = columns.text_end[order]
    low = int(start[0])
    numbers, at = _word_scanner().scan(batch.buffer.data[low : int(stop[-1])])
    row = np.searchsorted(start, at + low, side="right") - 1
    inside = (row >= 0) & (at + low >= text_at[row]) & (at + low < stop[row])
    told = np.full(len(order), ORDINARY)
    for number, (severity, words) in enumerate(_WORDS):
        # The scanner only says where it is worth a look.
        rows_left = np.unique(row[inside & (numbers == number)])
        rows_left = rows_left[told[rows_left] > severity]
        texts = strings(batch.buffer, text_at[rows_left], stop[rows_left])
        told[rows_left[_matching(texts, words, ignore_case=True)]] = severity
    out[order] = told
    return out


def worded(text: str) -> int:
    """What a line alone tells of its severity, by its words."""
    return next((severity for severity, words in _WORDS if re.search(words, text, re.IGNORECASE)), ORDINARY)


@cache
def _word_scanner() -> Scanner:
    return Scanner([Pattern(words, ignore_case=True) for _, words in _WORDS])


def _any_glob(patterns: Sequence[str], names: set[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns for name in names)


def _tested(buffer: Bytes, at: Positions, end: Positions, test: Callable[[str], bool]) -> Mask:
    """Which of the names [at, end) pass a test, each different one tested once."""
    coded = strings(buffer, at, end).dictionary_encode()
    passed = [test(name.decode("utf-8", "replace")) for name in coded.dictionary.to_pylist()]
    keep: Mask = np.array(passed, bool)[values_of(coded.indices, np.int32)]
    return keep


def _lower(pattern: str) -> bool:
    r"""It has no capital letter, classes (`\S`, `\pL`) and names of groups apart."""
    bare = re.sub(r"\\[pP]\{\w+\}|\\.|\(\?P<\w+>", "", pattern)
    return bare == bare.lower()


def _pattern(text: str, *, ignore_case: bool) -> Callable[[Any], Mask]:
    def fast(values: Any) -> Mask:
        return _matching(values, text, ignore_case=ignore_case)

    pa = arrow()
    try:
        fast(pa.nulls(1, pa.large_binary()))
    except pa.ArrowInvalid:  # RE2 has no look-around and no back-references
        return _slow(text, ignore_case=ignore_case)
    except UnicodeEncodeError:
        raise UsageError(f"--grep: {quoted(text)} is not UTF-8") from None
    return fast


def _matching(values: Any, pattern: str, *, ignore_case: bool) -> Mask:
    import pyarrow.compute as pc

    pa = arrow()
    texts = values.view(pa.large_string())
    found = pc.match_substring_regex(texts, pattern=f"(?m){pattern}", ignore_case=ignore_case)
    return values_of(found.cast(pa.uint8()), np.uint8).astype(bool)


def _slow(text: str, *, ignore_case: bool) -> Callable[[Any], Mask]:
    import regex

    try:
        compiled = regex.compile(text, regex.MULTILINE | (regex.IGNORECASE if ignore_case else 0))
    except regex.error as error:
        raise UsageError(f"--grep: cannot read {quoted(text)}: {error}") from None

    def matches(values: Any) -> Mask:
        texts = (value.decode("utf-8", "replace") for value in values.to_pylist())
        return np.fromiter((compiled.search(t) is not None for t in texts), bool, len(values))

    return matches
