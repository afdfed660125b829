"""First looks, kept between runs: to find the years in a packed file, all of it has to be unpacked."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import numpy as np

from logsleuth import sources
from logsleuth.cache import Entry, Shelf, State, identity, state_of, still
from logsleuth.clock import hints, years
from logsleuth.clock.survey import HEAD, Survey, survey, turned
from logsleuth.formats import PLAIN, RECORDS
from logsleuth.formats.registry import tried
from logsleuth.sources import Source

_WRONG = (OSError, ValueError, KeyError, TypeError, StopIteration)
"""What a file that is gone, or an entry that is not as we write them, raises."""
_SIMPLE = ("share", "last_dated", "build", "last_uptime", "restarts", "zoneless")


def surveyed(source: Source, shelf: Shelf | None) -> Survey:
    """As `survey`, with the same result; of a file that did not change since only the first bytes are read."""
    if shelf is None:
        return survey(source)
    state = None
    with contextlib.suppress(*_WRONG):
        entry = shelf.load(_key(source))
        if entry is not None and entry.head["program"] == shelf.program:
            state = State.from_data(entry.head["state"])
            if still(source, state):
                return _survey_of(entry.body(), source)
    with contextlib.suppress(*_WRONG):
        state = state_of(source)
    seen = survey(source)
    with contextlib.suppress(*_WRONG):
        if state is not None and state.settled and state_of(source) == state:
            shelf.store(_key(source), Entry.of({"program": shelf.program, "state": state.as_data()}, _data(seen)))
    return seen


def _key(source: Source) -> str:
    return f"survey {identity(source)}"


def _data(seen: Survey) -> dict[str, Any]:
    return {
        "format": seen.format.name,
        "hosts": list(seen.hosts.items()),
        "steps": [seen.steps.first, seen.steps.last, *(column.tolist() for column in seen.steps.rows())],
        "hints": [seen.hints.dates, seen.hints.weekdays, seen.hints.leap_days],
        "marks": seen.marks,
        "zones": seen.zones,
        **{name: getattr(seen, name) for name in _SIMPLE},
    }


def _survey_of(data: Any, source: Source) -> Survey:
    form = next(f for f in (*tried(), PLAIN, RECORDS) if f.name == data["format"])
    first, last, *columns = data["steps"]
    dates, weekdays, leap_days = data["hints"]
    steps = years.Steps(first, last, *([np.array(column, np.int64)] for column in columns))
    seen = Survey(source, form, data["share"], sources.head(source, HEAD), Counter(dict(data["hosts"])), steps)
    seen.hints = hints.Hints([tuple(d) for d in dates], [tuple(d) for d in weekdays], list(leap_days))
    seen.marks = [tuple(mark) for mark in data["marks"]]
    seen.zones = [tuple(zone) for zone in data["zones"]]
    for name in _SIMPLE:
        setattr(seen, name, data[name])
    return turned(seen)
