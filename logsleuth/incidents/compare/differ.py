"""What differs between two windows of one host: kinds of lines new or gone, programs gone, rates, versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field

from logsleuth.clock.offsets import SECOND
from logsleuth.incidents.compare.chance import changed, stopped
from logsleuth.incidents.compare.counts import BOOT, Counts, Key, Seen, severity_of
from logsleuth.incidents.compare.reach import Stream
from logsleuth.incidents.compare.spans import Pair, Span
from logsleuth.incidents.compare.versions import KERNEL, version_of
from logsleuth.incidents.novel import runs_of
from logsleuth.records import dataclass
from logsleuth.report import Difference, Evidence, Sort
from logsleuth.rules.used import mask

_FEW = 20
"""A version is named now and then; a line that comes more often names something else."""
_WARNING = 4
_WORDS = {"error": 0, "warning": 1, "notice": 2}
_SETTLES = 60 * SECOND
_STARTED = 180 * SECOND
"""What a boot starts writes within this; what comes later may be a person's doing."""
_BEFORE, _AFTER = 0, 1


@dataclass(slots=True)
class Found:
    """A difference, and how telling it is among those of its sort (the smallest first)."""

    difference: Difference
    weight: tuple[float, ...]
    key: Key
    text: str = ""
    """Of a new kind, a line's whole text."""


@dataclass(slots=True)
class _Words:
    """What the kinds of a window say."""

    text: str
    known: dict[str, bool] = field(default_factory=dict)
    """Runs that were looked for: kinds with names in them share most of theirs."""

    def lack(self, text: str) -> bool:
        """Fewer than half of a text's runs of plain words stand there: a name alone makes no kind."""
        runs = runs_of(text)
        for run in runs:
            if run not in self.known:
                self.known[run] = run in self.text
        return bool(runs) and 2 * sum(self.known[run] for run in runs) < len(runs)


@dataclass(slots=True)
class Differ:
    """Two windows of one host, stream by stream."""

    streams: Sequence[Stream]
    others: tuple[dict[Key, Seen], dict[Key, Seen]]
    """What stands in either window of logs that hold nothing of the other one: it is there."""
    pair: Pair

    def all(self) -> list[Found]:
        """Everything that differs, but packages."""
        silent = self.silent()
        away = {f.key[0] for f in silent}
        versions = self.versions()
        told = {f.key for f in versions}
        rest = [*self.new(), *self.gone(away), *self.rates(away)]
        return [*versions, *silent, *(f for f in rest if f.key not in told)]

    def silent(self) -> list[Found]:
        """Programs that wrote at the boot before, or all the time, and no longer do."""
        present = {key[0] for key in self._keys(_AFTER)}
        gone: dict[str, list[tuple[Stream, Key, Seen]]] = defaultdict(list)
        for one in self.streams:
            for key, seen in one.kinds(_BEFORE).items():
                if key[0] and key[0] not in present:
                    gone[key[0]].append((one, key, seen))
        out = []
        for program, kinds in gone.items():
            # Of several logs that hold its lines, the one that holds most.
            by_stream: dict[int, list[Seen]] = defaultdict(list)
            for one, _, seen in kinds:
                by_stream[id(one)].append(seen)
            best = max(by_stream.values(), key=lambda some: sum(s.total for s in some))
            one = next(s for s, _, seen in kinds if seen is best[0])
            found = self._gone("silent", one, best, ("", program))
            if found is not None:
                found.key = program, ""
                out.append(found)
        return out

    def gone(self, away: set[str]) -> list[Found]:
        """Kinds of lines that came at the boot before, or all the time, and no longer do."""
        words = self._words(_AFTER)
        after = self._keys(_AFTER)
        out: dict[Key, Found] = {}
        for one in self.streams:
            if one.windows[_AFTER].crowded:
                continue
            for key, seen in one.kinds(_BEFORE).items():
                if key in after or key[0] in away or not words.lack(seen.text):
                    continue
                found = self._gone("gone", one, [seen], key)
                if found is not None and _more(found, out.get(key)):
                    out[key] = found
        return list(out.values())

    def _gone(self, sort: Sort, one: Stream, kinds: Sequence[Seen], key: Key) -> Found | None:
        counts: Counts = sum((s.counts for s in kinds[1:]), kinds[0].counts.copy())
        at_boot = bool(counts[BOOT]) and one.phases[0] and self._booted(min(s.first.time or 0 for s in kinds))
        steady = stopped(counts[one.used[_BEFORE]], len(one.used[_AFTER]))
        if not at_boot and not steady:
            return None
        last = max((s.last for s in kinds), key=lambda e: e.time or 0)
        first = min((s.first for s in kinds), key=lambda e: e.time or 0)
        worst = min(severity_of(s) for s in kinds)
        program = max(kinds, key=lambda s: s.total).program
        made = Difference(
            sort,
            program,
            key[1] if sort == "gone" else "",
            _word(worst),
            (int(counts.sum()), 0),
            one.written,
            (first,) if first == last or not steady else (first, last),
            at_boot=not steady,
        )
        return Found(made, (not at_boot, _WORDS[made.severity], -float(counts.sum())), key)

    def _booted(self, first: int) -> bool:
        """The boot after has gone on for long enough to have come as far as the one before."""
        boots: tuple[Span, ...] = self.pair.boots[_BEFORE]
        begun = max((low for low, high in boots if low <= first <= high), default=None)
        if begun is None or first - begun > _STARTED:
            return False
        age = self.pair.after[1] - max(low for low, _ in self.pair.boots[_AFTER])
        return age >= 2 * (first - begun) + _SETTLES

    def new(self) -> list[Found]:
        """Kinds of lines that did not stand in the window before."""
        words = self._words(_BEFORE)
        before = self._keys(_BEFORE)
        programs = {key[0] for key in before}
        kinds: dict[Key, Found] = {}
        for one in self.streams:
            for key, seen in one.kinds(_AFTER).items():
                count = one.comparable(seen)
                if key in before or not count or not words.lack(seen.text):
                    continue
                at_boot = count > 0 and not one.rest(seen)
                program = key[0] not in programs
                made = Difference(
                    "new", seen.program, mask(seen.text), _word(severity_of(seen)), (0, count), one.written,
                    (seen.first, seen.last) if seen.total > 1 and seen.last != seen.first else (seen.first,), at_boot,
                )  # fmt: skip
                weight = _WORDS[made.severity], not program, seen.first.time or 0
                found = Found(made, weight, key, seen.text)
                if _more(found, kinds.get(key)):
                    kinds[key] = found
        return list(kinds.values())

    def rates(self, away: set[str]) -> list[Found]:
        """Kinds that come more or less often, and programs whose lines as a whole do."""
        kinds: dict[Key, Found] = {}
        for one in self.streams:
            for key in one.kinds(_BEFORE).keys() & one.kinds(_AFTER).keys():
                found = self._rate(one, key, [one.kinds(_BEFORE)[key]], [one.kinds(_AFTER)[key]])
                if found is not None and _more(found, kinds.get(key)):
                    kinds[key] = found
        told = {key[0] for key in kinds}
        programs: dict[Key, Found] = {}
        for one in self.streams:
            for program in {k[0] for k in one.kinds(_BEFORE)} & {k[0] for k in one.kinds(_AFTER)} - told - away - {""}:
                sides = [[s for k, s in one.kinds(side).items() if k[0] == program] for side in (_BEFORE, _AFTER)]
                # Lines of one kind are told as such; of kinds with names in them only the sum tells.
                found = self._rate(one, (program, ""), *sides) if min(map(len, sides)) > 1 else None
                if found is not None and _more(found, programs.get((program, ""))):
                    programs[program, ""] = found
        return [*kinds.values(), *programs.values()]

    def _rate(self, one: Stream, key: Key, before: Sequence[Seen], after: Sequence[Seen]) -> Found | None:
        counts = sum(map(one.rest, before)), sum(map(one.rest, after))
        bins = sum((s.counts for s in before[1:]), before[0].counts.copy())[one.used[_BEFORE]]
        sure = changed(counts, one.written, bins)
        if not sure:
            return None
        most = max(after, key=lambda s: s.total)
        lines: tuple[Evidence, ...] = tuple(
            min((s for s in some if one.rest(s)), key=lambda s: s.first.time or 0, default=some[0]).first
            for some in (before, after)
        )
        worst = min(severity_of(s) for s in after)
        made = Difference("rate", most.program, key[1] and mask(most.text), _word(worst), counts, one.written, lines)
        return Found(made, (_WORDS[made.severity], -abs(sure)), key)

    def versions(self) -> list[Found]:
        """Versions that the same line names otherwise."""
        out: dict[Key, Found] = {}
        kernels: list[tuple[str, Seen] | None] = [None, None]
        for one in self.streams:
            for side in (_BEFORE, _AFTER):
                for key, seen in one.kinds(side).items():
                    named = version_of(seen.text)
                    if named is not None and named[0] == KERNEL:
                        kernels[side] = kernels[side] or (named[1], seen)
                    elif named is not None and side == _BEFORE and key in one.kinds(_AFTER):
                        later = one.kinds(_AFTER)[key]
                        now = version_of(later.text)
                        if now is not None and _constant(named[1], seen) and _constant(now[1], later):
                            self._version(out, key, (named[1], seen), (now[1], later))
        old, new = kernels
        if old is not None and new is not None:
            self._version(out, (KERNEL, ""), old, new)
        return list(out.values())

    def _version(self, out: dict[Key, Found], key: Key, old: tuple[str, Seen], new: tuple[str, Seen]) -> None:
        if old[0] == new[0] or key in out:
            return
        counts = old[1].total, new[1].total
        lines = old[1].last, new[1].first
        program = new[1].program
        made = Difference("version", program, new[0], "notice", counts, (0, 0), lines, former=old[0])
        out[key] = Found(made, (key[0] != KERNEL, new[1].first.time or 0), key)

    def _keys(self, side: int) -> set[Key]:
        return set(self.others[side]).union(*(s.kinds(side) for s in self.streams))

    def _words(self, side: int) -> _Words:
        """All that the kinds of a window say, to look for the words of others in."""
        texts = dict.fromkeys(seen.text for s in self.streams for seen in s.kinds(side).values())
        texts.update(dict.fromkeys(seen.text for seen in self.others[side].values()))
        return _Words("\n".join(texts))


def _constant(version: str, seen: Seen) -> bool:
    return seen.total <= _FEW and version in seen.last.text and version in seen.first.text


def _more(found: Found, known: Found | None) -> bool:
    """A line that several logs hold counts once, as often as in the one that holds most."""
    return known is None or sum(found.difference.counts) > sum(known.difference.counts)


def _word(severity: int) -> str:
    return "error" if severity < _WARNING else "warning" if severity == _WARNING else "notice"
