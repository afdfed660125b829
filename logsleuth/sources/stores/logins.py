"""wtmp, btmp and utmp of Linux, macOS, the BSDs and Solaris: who logged in, from where, and when the host booted.

Records of init, of getty and of free slots are kept: they show that the host was alive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.source import Source
from logsleuth.sources.stores import fixed, kept
from logsleuth.sources.stores.layouts import LAYOUTS, Layout, Records, blank, fits, slots, tidy, view
from logsleuth.sources.stores.login_words import Row, Words
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import record

_SAMPLE = 64 << 10
_RECORDS = 16
"""So many of the first records tell the layout; of those not empty, this share must be good."""
_SHARE = 0.75
_SURE = 0.2
"""This share must be more than free slots, which are mostly NUL bytes."""
_NAME = re.compile(r"(?i)(?<![a-z])(btmp|utmp|wtmp)")
INFO, NOTICE = 10 * 8 + 6, 10 * 8 + 5
"""Priorities: authpriv's."""


def layout_of(sample: bytes) -> Layout | None:
    """The layout in which most of the first records make sense; None if there is none."""
    if sample.count(0) < len(sample) // 8:  # such records are half empty; "2026-01-01 ..." is a time and two strings
        return None
    best, chosen = (0.0, 0), None
    for layout in LAYOUTS:
        some = view(sample[: _RECORDS * layout.size], layout.record)
        some = some[~blank(some)]
        if not len(some):
            continue
        good = fits(some, layout) & tidy(some, layout)
        share = float((good | slots(some, layout)).mean())
        if good.mean() > _SURE and share >= _SHARE and (share, layout.size) > best:
            best, chosen = (share, layout.size), layout
    return chosen


def detect(sample: bytes, size: int) -> bool:  # noqa: ARG001 - a torn file has any size
    """Whether these first bytes are login records of a known layout."""
    return layout_of(sample) is not None


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One record a line."""
    layout = layout_of(stream.first(source, _SAMPLE)[0])
    if layout is None:
        problems.append(Skipped(source.name, "login records whose layout is not known"))
        return
    tag = tag_of(source.name)
    words = Words(layout, failures=tag == b"btmp")
    damage = fixed.Damage()
    timeless = 0
    for some in _in_order(fixed.records(source, layout, problems, damage), tag):
        known = some["sec"] > 0
        timeless += int((~known & (some["type"] == 0)).sum()) if layout.has("type") else 0
        yield b"".join(written(row, words, tag) for row in rows(some[known], layout))
    problems.extend(damage.told(source, layout))
    if timeless:
        problems.append(
            Skipped(
                source.name,
                f"{timeless:,} free slots bear no time" if timeless > 1 else "1 free slot bears no time",
                partial=True,
            )
        )


def _in_order(parts: Iterator[Records], tag: bytes) -> Iterator[Records]:
    """As they stand; but utmp has a slot for each terminal, used again and again, and tells nothing by its order."""
    if tag != b"utmp":
        yield from parts
        return
    whole = [part.copy() for part in parts]
    if whole:
        joined = np.concatenate(whole)
        yield joined[np.argsort(joined["sec"], kind="stable")]


def tag_of(name: str) -> bytes:
    """`btmp`, `utmp` or `wtmp`: what the file's name says, or the last."""
    found = _NAME.search(PurePath(name).name)
    return found[0].lower().encode() if found else b"wtmp"


def rows(records: Records, layout: Layout) -> Iterator[Row]:
    """The records one by one; where the layout has no type or process, 0."""
    nano = records["sec"].astype(np.int64) * 1_000_000_000
    if layout.has("usec"):
        nano += records["usec"].astype(np.int64) * 1000
    none = [0] * len(records)
    addresses = [row.tobytes() for row in records["addr"]] if layout.has("addr") else [b""] * len(records)
    yield from map(
        Row,
        nano.tolist(),
        records["type"].tolist() if layout.has("type") else none,
        records["pid"].tolist() if layout.has("pid") else none,
        records["line"].tolist(),
        records["user"].tolist() if layout.has("user") else [b""] * len(records),
        records["host"].tolist(),
        addresses,
    )


def written(row: Row, words: Words, tag: bytes) -> bytes:
    """A record as a line."""
    said = words.say(row)
    failed = said.startswith("failed")
    # A run level stands where a process would, and what tells of the whole machine has none.
    own = row.pid > 0 and not said.startswith(("runlevel", "shutdown", "reboot", "clock"))
    return record(
        row.time,
        b"",
        b"btmp" if failed and tag == b"wtmp" else tag,
        row.pid if own else None,
        said.encode("utf-8", "replace"),
        NOTICE if failed else INFO,
    )


STORE = Store(
    name="login records",
    about="wtmp, btmp, utmp of Linux, macOS, the BSDs, Solaris",
    detect=detect,
    text=text,
    resume=kept.resume(text),
    tail=kept.tail(text),
)
