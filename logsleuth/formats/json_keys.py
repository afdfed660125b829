"""Under which keys programs write the parts of a log entry into a JSON object, the surest key of each part first.

Sources: ECS and ecs-logging, GELF 1.1, systemd.journal-fields(7), MongoDB's structured logs (4.4), zap, zerolog,
logrus, pino, bunyan, winston, structlog, python-json-logger, Monolog, log4j2's JsonLayout, logstash-logback-encoder,
Serilog's CLEF, OpenTelemetry's log model, and the exports of CloudTrail, Azure, Google Cloud and Cloudflare. Case does
not count.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from logsleuth.formats import vector
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

TIME, LEVEL, MESSAGE, HOST, PROGRAM, PID, NANOS, PARENT = range(8)
STRONG = ("time", "timestamp", "@timestamp", "ts", "t")
"""Keys of the stamp that are believed before all others where they come first or last in an object."""

_KEYS: dict[int, tuple[str, ...]] = {
    TIME: (
        "@timestamp", "timestamp", "time", "ts", "@t", "t", "datetime", "date_time", "eventtime", "event_time",
        "event_timestamp", "eventtimestamp", "asctime", "__realtime_timestamp", "timemillis", "timeunixnano",
        "time_unix_nano", "timegenerated", "timecreated", "time_iso8601", "iso8601", "time_local", "msec", "log_time",
        "logtime", "logged_at", "_time", "date", "start_time", "starttime", "published", "creationtime", "creationdate",
        "createddatetime", "activitydatetime", "requestreceivedtimestamp", "stagetimestamp", "created_at", "createdat",
        "created", "receivetimestamp", "observedtimeunixnano", "edgestarttimestamp", "timestamp_ms", "unixtime",
        "epoch",
    ),
    LEVEL: (
        "level", "severity", "lvl", "levelname", "level_name", "log.level", "loglevel", "log_level", "@l",
        "severity_text", "severitytext", "priority", "s",
    ),
    MESSAGE: (
        "message", "msg", "log", "@m", "short_message", "textpayload", "event", "body", "@mt", "full_message", "text",
        "eventname", "event_name", "operationname", "operation_name", "displaymessage", "eventmessage",
        "activitydisplayname", "operation", "request", "description",
    ),
    HOST: ("hostname", "_hostname", "host", "host.name", "machinename", "computer"),
    PROGRAM: (
        "syslog_identifier", "program", "service", "service.name", "app", "application", "appname", "app_name",
        "process.name", "_comm", "logger", "logger_name", "loggername", "log.logger", "component", "name", "c",
        "eventsource",
    ),
    PID: ("pid", "_pid", "syslog_pid", "process.pid", "process_id", "processid", "process"),
}  # fmt: skip
_CHILDREN: dict[int, tuple[str, ...]] = {
    TIME: (
        "t.$date",
        "ts.$date",
        "id.time",
        "time.$date",
        "timestamp.$date",
        "timestamp.seconds",
        "instant.epochsecond",
    ),
    NANOS: ("timestamp.nanos", "instant.nanoofsecond"),
    LEVEL: ("log.level",),
    MESSAGE: ("jsonpayload.message", "jsonpayload.msg"),
    HOST: ("host.name", "host.hostname"),
    PROGRAM: ("service.name", "process.name", "log.logger"),
    PID: ("process.pid",),
}
"""In an object within the object."""
_LATER = 100
"""Added to the rank of children."""


class Meaning(NamedTuple):
    """What a key stands for."""

    role: NDArray[np.int64]
    """-1: nothing by itself."""
    rank: NDArray[np.int64]
    """The lower, the surer."""


def _names() -> list[str]:
    flat = [name for names in _KEYS.values() for name in names]
    nested = [part for names in _CHILDREN.values() for name in names for part in name.split(".", 1)]
    return list(dict.fromkeys([*flat, *nested]))


NAMES = _names()
"""All keys that mean something, by number."""
NUMBER = {name: k for k, name in enumerate(NAMES)}


def _meanings() -> Meaning:
    role, rank = np.full(len(NAMES), -1), np.full(len(NAMES), 0)
    for part, names in _KEYS.items():
        for k, name in enumerate(names):
            role[NUMBER[name]], rank[NUMBER[name]] = part, k
    return Meaning(role, rank)


def _children() -> Meaning:
    shape = (len(NAMES), len(NAMES))
    role, rank = np.full(shape, -1), np.full(shape, 0)
    for part, names in _CHILDREN.items():
        for k, name in enumerate(names):
            parent, child = name.split(".", 1)
            place = NUMBER[parent], NUMBER[child]
            role[place], rank[place] = part, k + _LATER
    return Meaning(role, rank)


OWN = _meanings()
"""Of a key of the object itself, by its number."""
CHILD = _children()
"""Of a key in an object within it, by the numbers of both keys."""
IS_STRONG = np.array([name in STRONG for name in NAMES])

_BITS = 13
_LOWER = np.uint64(0x2020202020202020)
"""Set in every byte it makes letters small, and leaves digits, `@`'s kin and the rest distinct enough."""
_C1, _C2, _C3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)


def _hash(first: Words, last: Words, length: NDArray[np.int64], seed: np.uint64) -> NDArray[np.int64]:
    mixed = (first * _C1) ^ (last * _C2) ^ (length.astype(np.uint64) * _C3)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * seed
    place: NDArray[np.int64] = (mixed >> np.uint64(64 - _BITS)).astype(np.int64)
    return place


def _folded(words: Words, length: NDArray[np.int64]) -> Words:
    kept = vector.KEEP[np.minimum(length, 8)]
    return (words | _LOWER) & kept


class _Table:
    """First and last eight bytes of every key, by hash."""

    def __init__(self, names: list[str]) -> None:
        raw = [name.encode() for name in names]
        length = np.array([len(r) for r in raw], np.int64)
        first = _folded(np.array([vector.word(r) for r in raw], np.uint64), length)
        last = np.array([vector.word(r[-8:]) if len(r) > 8 else 0 for r in raw], np.uint64)
        last = np.where(length > 8, last | _LOWER, 0).astype(np.uint64)
        size = 1 << _BITS
        self.first, self.last = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        self.length, self.number = np.zeros(size, np.int64), np.full(size, -1)
        # The first odd factor by which no two keys share a place.
        self.seed = next(
            seed
            for seed in (_C1 + np.uint64(2 * k) for k in range(1000))
            if len(set(_hash(first, last, length, seed).tolist())) == len(names)
        )
        place = _hash(first, last, length, self.seed)
        self.first[place], self.last[place] = first, last
        self.length[place], self.number[place] = length, np.arange(len(names))


@functools.cache
def _table() -> _Table:
    return _Table(NAMES)


_WIDEST = 32
_BEGIN = np.zeros((256, _WIDEST), bool)
"""Whether any key has such a first byte and so many bytes."""
for _name in NAMES:
    _BEGIN[[ord(_name[0]), ord(_name[0].upper())], len(_name)] = True


def numbers(buffer: Bytes, view: Words, at: Positions, end: Positions) -> NDArray[np.int64]:
    """Number in NAMES of each key [at, end); -1 for one that means nothing."""
    out = np.full(len(at), -1)
    length = end - at
    some = np.flatnonzero(_BEGIN[buffer[at], np.minimum(length, _WIDEST - 1)])
    at, end, length = at[some], end[some], length[some]
    first = _folded(view[at], length)
    last = np.zeros(len(at), np.uint64)
    long = np.flatnonzero(length > 8)
    last[long] = view[end[long] - 8] | _LOWER
    table = _table()
    place = _hash(first, last, length, table.seed)
    same: Mask = (table.first[place] == first) & (table.last[place] == last) & (table.length[place] == length)
    out[some] = np.where(same, table.number[place], -1)
    return out
