"""What one file brought up, kept between runs: facts and all the rest as plain data, and back.

Names and numbers of files differ from run to run, so neither is kept.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from dataclasses import astuple, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logsleuth.cache import Entry, State
from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import FoldState
from logsleuth.clock.spells import Step, Steps
from logsleuth.entries import Tally
from logsleuth.entries.reading import Mark, Reading
from logsleuth.report import Bounds, Evidence
from logsleuth.signs.beats import Beats
from logsleuth.signs.model import Fact
from logsleuth.signs.pulse import Place, Pulse
from logsleuth.signs.stream import BETRAYED, Carried, Look, Piece

Data = Any
"""What JSON gives back."""


def digest(look: Look) -> str:
    """Of all that is looked for."""
    types = [
        (
            t.name,
            [(p.pattern, p.flags) for p in t.match],
            t.program and (t.program.pattern, t.program.flags),
            [(p.pattern, p.flags) for p in t.veto],
            t.derive,
            (t.kind, t.severity),
        )
        for t in look.matcher.types
    ]
    begins = None if look.begins is None else sorted(look.begins)
    return hashlib.sha256(repr((types, begins, sorted(look.matcher.weighing))).encode()).hexdigest()


def head(log: Log, carried: Carried, state: State, program: str) -> dict[str, Data]:
    """What has to be the same for a file's entry to hold."""
    return {
        "program": program,
        "state": state.as_data(),
        "given": [
            [log.format.name, log.format.kind, log.format.program, log.host, log.offsets.digest()],
            [carried.fold.second, carried.fold.last, carried.key, carried.lessons],
            [[_text(request), period] for request, period in carried.heartbeats],
        ],
        "years": None if log.years is None else [list(log.years.offsets), list(log.years.values)],
        "boots": [list(boot) for boot in log.boots],
        "twins": log.twins and [log.twins.digest(), log.written],
    }


def agrees(kept: dict[str, Data], now: dict[str, Data], until: int | None = None) -> bool:
    """Whether what a file's lines mean is the same as when it was kept, for those before offset `until`."""
    if any(kept.get(name) != now[name] for name in ("program", "given")):
        return False
    if until is None:
        return all(kept.get(name) == now[name] for name in ("years", "boots", "twins"))
    if kept.get("twins") or now["twins"]:
        return False  # what was added tells of the lines before, too
    same = _years(kept.get("years"), until) == _years(now["years"], until)
    return same and bool(_boots(kept, until) == _boots(now, until))


def _years(years: Data, until: int) -> Data:
    if years is None:
        return None
    count = bisect_left(years[0], until)
    return years[0][:count], years[1][: count + 1]


def _boots(one: dict[str, Data], until: int) -> Data:
    return [boot for boot in one.get("boots", ()) if boot[0] < until]


def entry(head: dict[str, Data], state: Reading, piece: Piece, mark: Mark | None, cut: Piece | None) -> Entry:
    """All of a file, and where to go on when it has grown: `cut` is what was found up to `mark`."""
    body = {
        "facts": [_fact(fact) for fact in piece.facts],
        "before": [[line, _place(place)] for (_, line), place in piece.before.items()],
        "heard": [_beats(beat) for beat in piece.heard],
        "lessons": piece.lessons,
        "dropped": sorted(piece.dropped),
        "pulse": _pulse(piece.pulse),
        "last": _place(piece.last),
        "tally": _tally(state.tally),
        "out": [state.fold.second, state.fold.last, state.key],
        "mark": None if mark is None else _mark(mark),
        "cut": None,
    }
    if cut is not None:
        body["cut"] = {
            "facts": len(cut.facts),
            "before": len(cut.before),
            "heard": [len(beat.times) for beat in cut.heard],
            "lessons": cut.lessons,
            "pulse": _pulse(cut.pulse),
            "last": _place(cut.last),
            "open": cut.separators.open_data(),
        }
    return Entry.of({**head, "block": None if mark is None else mark.block}, body)


def whole(body: Data, log: Log) -> tuple[Piece, Tally, FoldState, int]:
    """A file as it was read to its end: what it brought up, in figures, and what it hands on."""
    second, last, key = body["out"]
    return _piece(body, log), _tally_of(body["tally"]), FoldState(second, last), key


def begun(body: Data, log: Log) -> tuple[Mark, Piece]:
    """A file up to its last block, and where that begins."""
    cut, mark = body["cut"], body["mark"]
    heard = [
        {**beat, "times": beat["times"][:n], "addresses": beat["addresses"][:n], "lines": beat["lines"][:n]}
        for beat, n in zip(body["heard"], cut["heard"], strict=False)
    ]
    some = {"facts": body["facts"][: cut["facts"]], "before": body["before"][: cut["before"]], "heard": heard}
    some["dropped"] = body["dropped"]
    tally, fold = _tally_of(mark["tally"]), FoldState(*mark["fold"])
    return Mark(**{**mark, "tally": tally, "fold": fold}), _piece({**cut, **some}, log)


def _piece(data: Data, log: Log) -> Piece:
    piece = Piece(
        log,
        data["lessons"],
        [
            Beats(
                log.index,
                b["request"].encode("latin-1"),
                b["period"],
                list(b["times"]),
                list(b["addresses"]),
                [(log.index, line, offset) for line, offset in b["lines"]],
            )
            for b in data["heard"]
        ],
        [_fact_of(row, log) for row in data["facts"]],
        _pulse_of(data["pulse"], log),
        {(log.index, line): Place(log.index, *place) for line, place in data["before"]},
        None if data["last"] is None else Place(log.index, *data["last"]),
    )
    piece.separators.reopen(data.get("open"), log)
    piece.dropped.update(data["dropped"])
    return piece


def _fact(fact: Fact) -> Data:
    line = fact.lines[0]
    return [
        *(fact.type, fact.lo, fact.hi, fact.host, fact.fields, line.line, line.text, line.time),
        *(fact.program, fact.pid, fact.text, fact.n),
        {name: [value.earliest, value.latest] for name, value in fact.values.items()},
    ]


def _fact_of(row: Data, log: Log) -> Fact:
    kind, low, high, host, named, number, raw, time, program, pid, text, n, values = row
    if kind in BETRAYED and "path" in named:
        named = {**named, "path": log.name}
    lines = (Evidence(log.name, number, raw, time),)
    instants = {name: Bounds(*ends) for name, ends in values.items()}
    return Fact(kind, low, high, host, named, lines, program, pid, text, log.index, n=n, values=instants)


def _beats(beat: Beats) -> Data:
    return {
        "request": _text(beat.request),
        "period": beat.period,
        "times": beat.times,
        "addresses": beat.addresses,
        "lines": [[line, offset] for _, line, offset in beat.lines],
    }


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _mark(mark: Mark) -> Data:
    return {
        **{f.name: getattr(mark, f.name) for f in fields(mark)},
        "tally": _tally(mark.tally),
        "fold": [mark.fold.second, mark.fold.last],
    }


def _tally(tally: Tally) -> Data:
    data = {f.name: getattr(tally, f.name) for f in fields(tally)}
    if (steps := tally.steps) is not None:
        data["steps"] = {f.name: getattr(steps, f.name) for f in fields(steps)}
        data["steps"]["kept"] = [astuple(step) for step in steps.kept]
        data["steps"]["first"] = steps.first and astuple(steps.first)
        # Whether the last step is also the first is told by its being the same object.
        data["steps"]["last"] = steps.last is steps.first or (steps.last and astuple(steps.last))
    return data


def _tally_of(data: Data) -> Tally:
    if (found := data["steps"]) is None:
        return Tally(**data)
    first = Step(*found["first"]) if found["first"] else None
    last = first if found["last"] is True else Step(*found["last"]) if found["last"] else None
    near = {name: found[name] and tuple(found[name]) for name in ("begin_uptime", "end_uptime")}
    kept = [Step(*step) for step in found["kept"]]
    return Tally(**{**data, "steps": Steps(**{**found, "kept": kept, "first": first, "last": last, **near})})


def _place(place: Place | None) -> Data:
    return None if place is None else [place.time, place.line, place.offset]


def _pulse(pulse: Pulse | None) -> Data:
    if pulse is None:
        return None
    return [_array(pulse.before), _array(pulse.after), pulse.shortest, _place(pulse.first), _place(pulse.last)]


def _pulse_of(data: Data, log: Log) -> Pulse | None:
    if data is None:
        return None
    before, after, shortest, first, last = data
    ends = [None if place is None else Place(log.index, *place) for place in (first, last)]
    return Pulse(log.index, _array_of(before), _array_of(after), shortest, *ends)


def _array(rows: NDArray[np.int64]) -> str:
    return base64.b64encode(rows.astype("<i8").tobytes()).decode()


def _array_of(data: str) -> NDArray[np.int64]:
    return np.frombuffer(base64.b64decode(data), "<i8").astype(np.int64).reshape(3, -1)
