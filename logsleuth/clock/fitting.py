"""Which boot of a stamped log a part of a capture is of, and which of its lines are which there."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from logsleuth.clock.kernel_boots import Boot, Firsts, Measured, kind_of, measure
from logsleuth.records import dataclass

_TELLING = 10
"""Bytes of a line that is hardly any other's."""
_FEWEST = 3
"""Lines of one boot that both hold; fewer may be chance."""
_MANY = 8
"""So many lines that both hold and little between them are no chance; a line that comes more often tells no order."""
_PARTS = 256
"""Boots of a capture that are told apart, the last ones."""
_SKIPPED = 1.5
"""What it costs to leave out a part of which nothing tells its boot: more than one line that tells another's, less than
two."""


@dataclass(slots=True)
class Part:
    """Lines [begin, end) of a capture, which are of one boot."""

    begin: int
    end: int
    firsts: dict[int, bytes]
    """The kernel's first words by their kind; none where the capture begins later."""
    texts: set[bytes]
    measured: Measured


def parts_of(text: Sequence[bytes]) -> list[Part]:
    """A capture's boots: each begins with a kernel's first words, but the first one perhaps."""
    kinds = [kind_of(line) for line in text]
    firsts = Firsts()
    begins = sorted({0, *[i for i, kind in enumerate(kinds) if firsts.begin(i, kind)][-_PARTS:]})
    out = []
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=True):
        first = {kind: text[i] for i in range(end - 1, begin - 1, -1) if (kind := kinds[i]) is not None}
        measured: Measured = {}
        for i in range(begin, end):
            measure(measured, text[i], i - begin)
        out.append(Part(begin, end, first, set(text[begin:end]), measured))
    return out


def fitted(parts: Sequence[Part], boots: Sequence[Boot]) -> list[tuple[int, int, int]]:
    """(part, boot, how many boots fit it as well), in the order of both.

    A line that both hold speaks for a boot by one over the number of boots that have it: what every boot writes says
    little, what this one alone wrote all; and one that measured its clocks otherwise is another. Each part gets the
    boot that fits it best, or, so that the order is kept, one that costs it little, or none; of equal ones the last.
    """
    held = [set(boot.text) for boot in boots]
    frequent = Counter(text for texts in held for text in texts)
    rows = [[_weight(part, *one, frequent) for one in zip(boots, held, strict=True)] for part in parts]
    # costs[k][r]: of the first k parts in the first r boots.
    costs = [[0.0] * (len(boots) + 1)]
    for row in rows:
        above, best = costs[-1], max(row, default=0.0)
        # What the best boot has over all others would be lost.
        skip = _SKIPPED + best - max(sorted(row)[:-1], default=0.0) if best else 0.0
        here = [above[0] + skip]
        for r, weight in enumerate(row):
            skipped = above[r + 1] + skip
            here.append(min(here[r], skipped, above[r] + best - weight if weight else skipped))
        costs.append(here)
    out, r = [], len(boots)
    for k in range(len(parts), 0, -1):
        row = rows[k - 1]
        best = max(row, default=0.0)
        while r and costs[k][r] == costs[k][r - 1] and not _taken(costs, row, k, r, best):
            r -= 1
        if r and _taken(costs, row, k, r, best):
            r -= 1
            out.append((k - 1, r, sum(weight >= row[r] for weight in row)))
    return out[::-1]


def _taken(costs: Sequence[Sequence[float]], row: Sequence[float], k: int, r: int, best: float) -> bool:
    """Whether part k lies in boot r at the least cost (both counted from 1)."""
    return bool(row[r - 1]) and costs[k - 1][r - 1] + best - row[r - 1] <= costs[k][r]


def _weight(part: Part, boot: Boot, texts: Collection[bytes], frequent: Mapping[bytes, int]) -> float:
    """How much speaks for a part's being of a boot; 0 where it cannot be."""
    if any(boot.firsts.get(kind, text) != text for kind, text in part.firsts.items()):
        return 0.0
    clocks = part.measured.keys() & boot.measured.keys()
    if any(part.measured[clock].isdisjoint(boot.measured[clock]) for clock in clocks):
        return 0.0
    shared = part.texts.intersection(texts)
    if sum(1 for text in shared if len(text) >= _TELLING) < _FEWEST:
        return 0.0
    # Summed in a fixed order, so that equal sums are equal.
    return sum(count / which for which, count in sorted(Counter(frequent[text] for text in shared).items()))


def paired(lines: Sequence[bytes], boot: Boot) -> list[tuple[int, int]]:
    """Places of the lines of a part and of a boot that are the same; none where that may be chance."""
    pairs = in_order(lines, boot.text)
    if len({boot.text[j] for _, j in pairs if len(boot.text[j]) >= _TELLING}) < _FEWEST:
        return []
    span = boot.number[pairs[-1][1]] - boot.number[pairs[0][1]] + 1
    most = 2 * len(pairs) >= sum(1 for line in lines if line)
    return pairs if most or (len(pairs) >= _MANY and 2 * len(pairs) >= span) else []


def in_order(mine: Sequence[bytes], theirs: Sequence[bytes]) -> list[tuple[int, int]]:
    """Places of equal lines in two lists, as many as can be in one order; each ascending."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for j, text in enumerate(theirs):
        places[text].append(j)
    ends: list[int] = []
    chains: list[tuple[int, int, int]] = []
    last: list[int] = []
    # The longest ascending chain (Hunt and Szymanski); what comes again and again is fitted in below.
    for i, text in enumerate(mine):
        for j in reversed(places.get(text, ())) if len(places.get(text, ())) <= _MANY else ():
            k = bisect_left(ends, j)
            chains.append((i, j, last[k - 1] if k else -1))
            ends[k : k + 1] = [j]
            last[k : k + 1] = [len(chains) - 1]
    anchors: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        i, j, at = chains[at]
        anchors.append((i, j))
    out: list[tuple[int, int]] = []
    before = -1, -1
    for anchor in [*reversed(anchors), (len(mine), len(theirs))]:
        low = before[1] + 1
        for i in range(before[0] + 1, anchor[0]):
            own = places.get(mine[i], ())
            k = bisect_left(own, low)
            if k < len(own) and own[k] < anchor[1]:
                out.append((i, own[k]))
                low = own[k] + 1
        if anchor[0] < len(mine):
            out.append(anchor)
        before = anchor
    return out
