"""The scan by hyperscan: texts and cheap patterns everywhere, dear patterns on the lines that a gate lets through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import hyperscan
import numpy as np
from numpy.typing import NDArray

from logsleuth.scan.gates import gate_of_text, gates
from logsleuth.scan.kinds import Found, Kinds, zeroed
from logsleuth.scan.weaker import TEXT, escaped, shortened, without_names

Expression = tuple[int, str, bool]
"""Number, regex, whether letters stand for both cases."""
_FANCY = re.compile(r"\\[1-9]|\(\?P=|\(\?[=!]|\(\?<[=!]")
"""What hyperscan only takes in a weaker form: back-references and look-around."""
_HALF = 2
_FEW = 100
"""Rows that are all looked for everywhere: so few take no time."""
_MANY = 1_000
"""Rows from which a line is only looked at when none of its kind was; fewer take no longer than to tell its kind."""
_RARE = 1_000
"""Places whose lines are sought one by one: to look for every line's end takes longer."""


class Native:
    """Two compiled databases; the second is for the lines on which the first one found a gate."""

    def __init__(self, rows: Sequence[tuple[str, bool]], left: Sequence[Sequence[int]] = (), kept: bytes = b"") -> None:
        """`left`, `kept`: those of the same rows before. Raises `hyperscan.error` where they are of another version."""
        self._kinds = Kinds(self._scan) if len(rows) > _MANY else None
        if self._kinds is not None:
            rows = [(zeroed(regex), fold) for regex, fold in rows]
        self._gate = len(rows)
        if kept:
            size = int.from_bytes(kept[:8], "little")
            self._databases = [_loaded(kept[8 : 8 + size]), _loaded(kept[8 + size :])]
            self.left = [list(some) for some in left]
        else:
            dear = {n: found for n, row in enumerate(rows) if (found := _gates(*row))} if len(rows) > _FEW else {}
            keys = sorted({key for some in dear.values() for key in some})
            cheap = [(n, shortened(regex), fold) for n, (regex, fold) in enumerate(rows) if n not in dear]
            first = [*cheap, *((self._gate, *key) for key in keys)]
            second = [(n, shortened(rows[n][0], beginning=True), rows[n][1]) for n in dear]
            made = [_made(first), _made(second)]
            self._databases, self.left = [d for d, _ in made], [some for _, some in made]
        self._others = [[(n, _compiled(*rows[n])) for n in some] for some in self.left]

    def dumped(self) -> bytes:
        """Both databases."""
        first, second = (hyperscan.dumpb(d) if d is not None else b"" for d in self._databases)
        return len(first).to_bytes(8, "little") + first + second

    def scan(self, data: bytes | memoryview) -> Found:
        """All hits; a row may hit a line more than once, and where there are many rows, with other digits."""
        return self._scan(data) if self._kinds is None else self._kinds.scan(data)

    def _scan(self, data: bytes | memoryview) -> Found:
        ids, ends = self._hits(0, data)
        at_gate = ids == self._gate
        if not at_gate.any():
            return ids, ends
        more, places = self._closely(bytes(data), ends[at_gate])
        return np.concatenate((ids[~at_gate], more)), np.concatenate((ends[~at_gate], places))

    def _closely(self, data: bytes, places: NDArray[np.int64]) -> Found:
        begins, stops = _lines(data, places)
        lengths = stops - begins + 1
        if _HALF * lengths.sum() > len(data):
            return self._hits(1, data)
        lines = b"\n".join([data[a:b] for a, b in zip(begins.tolist(), stops.tolist(), strict=True)])
        ids, ends = self._hits(1, lines)
        offsets = np.cumsum(lengths) - lengths
        line = np.searchsorted(offsets, ends, side="right") - 1
        return ids, begins[line] + ends - offsets[line]

    def _hits(self, stage: int, data: bytes | memoryview) -> Found:
        ids: list[int] = []
        ends: list[int] = []
        add_id, add_end = ids.append, ends.append

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_id(number)
            add_end(end)

        if self._databases[stage] is not None:
            self._databases[stage].scan(data, match_event_handler=hit)
        for number, pattern in self._others[stage]:
            for match in pattern.finditer(data):
                hit(number, 0, match.end(), 0, None)
        # hyperscan tells where a match ends: the position before that lies inside it.
        return np.array(ids, np.int64), np.maximum(np.array(ends, np.int64) - 1, 0)


def _lines(data: bytes, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the lines that hold some places begin and end."""
    if len(places) < _RARE:
        return _lines_one_by_one(data, np.unique(places).tolist())
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    line = np.unique(np.searchsorted(ends, places))
    bounds = np.concatenate(([-1], ends, [len(data)]))
    return bounds[line] + 1, bounds[line + 1]


def _lines_one_by_one(data: bytes, places: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    begins: list[int] = []
    stops: list[int] = []
    stop = -1
    for place in places:
        if place > stop:
            begins.append(data.rfind(b"\n", 0, place) + 1)
            stop = data.find(b"\n", place)
            stop = len(data) if stop < 0 else stop
            stops.append(stop)
    return np.array(begins, np.int64), np.array(stops, np.int64)


def _gates(regex: str, fold: bool) -> list[tuple[str, bool]]:  # noqa: FBT001 as a row has it
    """Rows one of which stands on each line that a row matches; none where it is best looked for everywhere."""
    if TEXT.fullmatch(regex):
        word = gate_of_text(re.sub(r"\\(\W)", r"\1", regex))
        return [(escaped(word), True)] if word else []
    return [(gate, fold) for gate in gates(regex) or ()]


def _compiled(regex: str, fold: bool) -> re.Pattern[bytes]:  # noqa: FBT001 as a row has it
    return re.compile(shortened(regex).encode(), re.MULTILINE | (re.IGNORECASE if fold else 0))


def _made(expressions: list[Expression]) -> tuple[Any, list[int]]:
    """(database, numbers of what hyperscan does not take)."""
    forms = [(n, *_native_form(regex, fold=fold)) for n, regex, fold in expressions]
    good = [not flags & hyperscan.HS_FLAG_PREFILTER or _takes(regex, flags) for _, regex, flags in forms]
    taken = [form for form, taken in zip(forms, good, strict=True) if taken]
    return _database(taken), [n for (n, *_), taken in zip(forms, good, strict=True) if not taken]


def _native_form(regex: str, *, fold: bool) -> tuple[str, int]:
    """(expression, flags) as hyperscan wants them."""
    flags = int(hyperscan.HS_FLAG_MULTILINE) | (int(hyperscan.HS_FLAG_CASELESS) if fold else 0)
    if _FANCY.search(regex):
        return regex, flags | int(hyperscan.HS_FLAG_PREFILTER)
    return without_names(regex), flags


def _takes(regex: str, flags: int) -> bool:
    """Whether hyperscan takes an expression at all."""
    try:
        _database([(0, regex, flags)])
    except hyperscan.error:
        return False
    return True


def _database(forms: list[tuple[int, str, int]]) -> Any:
    if not forms:
        return None
    database = hyperscan.Database()
    database.compile(
        expressions=[regex.encode() for _, regex, _ in forms],
        ids=[n for n, _, _ in forms],
        elements=len(forms),
        flags=[flags for _, _, flags in forms],
    )
    return database


def _loaded(kept: bytes) -> Any:
    if not kept:
        return None
    database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database
