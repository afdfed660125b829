"""lastlog of Linux and the BSDs: of each user, by number, the last login. They are given in the order of time.

A user's record stands at its number times the size of one, so most of a file is a hole, and it can look larger than
the disk: holes are passed over where the system tells them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

import numpy as np

from logsleuth.files import open_file
from logsleuth.report import Skipped
from logsleuth.sources import stream
from logsleuth.sources.disk import Lost, why
from logsleuth.sources.source import PLAIN, Source
from logsleuth.sources.stores import kept
from logsleuth.sources.stores.layouts import Layout, Mask, Records, blank, each_order, fits, tidy, view
from logsleuth.sources.stores.login_words import Row, Words
from logsleuth.sources.stores.logins import INFO, rows
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import record

LAYOUTS: tuple[Layout, ...] = (
    # glibc bits/utmp.h: a 32-bit time where utmp has one, else 64 bits; then the BSDs' utmp.h.
    *each_order("Linux lastlog", None, 292, sec=("u4", 0), line=("S32", 4), host=("S256", 36)),
    *each_order("Linux lastlog with 64-bit time", None, 296, sec=("i8", 0), line=("S32", 8), host=("S256", 40)),
    *each_order("OpenBSD lastlog", None, 272, sec=("i8", 0), line=("S8", 8), host=("S256", 16)),
    *each_order("BSD lastlog", None, 28, sec=("u4", 0), line=("S8", 4), host=("S16", 12)),
)
_SAMPLE = 64 << 10
_SHARE = 0.75
_STEP = 1 << 20
_MOST = 1 << 20
"""Records that are kept to be put in order."""


def _share(records: Records, layout: Layout) -> float:
    """Part of the records in use that make sense; a single one must be beyond doubt."""
    used = records[~blank(records)]
    if not len(used):
        return 0.0
    good = fits(used, layout) & tidy(used, layout)
    return float(good.mean())


def layout_of(sample: bytes, at: int = 0) -> Layout | None:
    """The layout in which most of the records make sense; `at`: where in the file the bytes begin."""
    if sample.count(0) < len(sample) // 8:
        return None
    shares = [(_share(view(sample[-at % one.size :], one.record), one), one.size, one) for one in LAYOUTS]
    share, _, layout = max(shares, key=lambda entry: entry[:2])
    return layout if share >= _SHARE else None


def detect(sample: bytes, size: int) -> bool:
    """Whether these first bytes are a lastlog's; its size is a whole number of records."""
    layout = layout_of(sample)
    return layout is not None and size % layout.size == 0


def detect_end(sample: bytes, size: int) -> bool:
    """The same of a file's last bytes: where the first users never logged in, its beginning is empty."""
    layout = layout_of(sample, size - len(sample))
    return layout is not None and size % layout.size == 0


def text(source: Source, problems: list[Skipped]) -> Iterator[bytes]:
    """One user's last login a record, the oldest first."""
    layout = _settled(source)
    if layout is None:
        problems.append(Skipped(source.name, "a lastlog whose layout is not known"))
        return
    found: list[tuple[int, Row]] = []
    bad = 0
    for first, some in _used(source, layout, problems):
        good: Mask = fits(some, layout)
        used = ~blank(some)
        bad += int((used & ~good).sum())
        numbers = (first + np.flatnonzero(good & used)).tolist()
        found.extend(zip(numbers, rows(some[good & used], layout), strict=True))
        if len(found) > _MOST:
            problems.append(Skipped(source.name, f"only the first {_MOST:,} users were read", partial=True))
            break
    words = Words(layout, failures=False)
    found.sort(key=lambda pair: (pair[1].time, pair[0]))
    yield b"".join(_line(number, row, words) for number, row in found)
    if bad:
        problems.append(Skipped(source.name, f"{bad:,} records are damaged; the others are read", partial=True))


def _line(number: int, row: Row, words: Words) -> bytes:
    said = f"last login: uid {number} {words.place(row)}"
    return record(row.time, b"", b"lastlog", None, said.encode("utf-8", "replace"), INFO)


def _settled(source: Source) -> Layout | None:
    head = stream.first(source, _SAMPLE)[0]
    if head.strip(b"\0"):
        return layout_of(head)
    end = stream.tail(source, _SAMPLE)
    return layout_of(end, source.size - len(end))


def _used(source: Source, layout: Layout, problems: list[Skipped]) -> Iterator[tuple[int, Records]]:
    """(number of the first, records) of all parts of the file that are not holes."""
    if source.packing == PLAIN and source.content is None and source.path is not None and hasattr(os, "SEEK_DATA"):
        try:
            with open_file(source.path) as file:
                yield from _data(file, source.size, layout)
        except OSError as error:
            raise Lost(why(error)) from error
        return
    rest, first = b"", 0
    for block in stream.blocks(source, problems, _STEP):
        some = view(rest + block, layout.record)
        yield first, some
        rest, first = (rest + block)[len(some) * layout.size :], first + len(some)


def _data(file: io.FileIO, size: int, layout: Layout) -> Iterator[tuple[int, Records]]:
    step = _STEP // layout.size * layout.size
    at = 0
    while at < size:
        try:
            at = max(at, os.lseek(file.fileno(), at, os.SEEK_DATA)) // layout.size * layout.size
        except OSError:  # ENXIO: nothing but a hole is left
            return
        file.seek(at)
        piece = file.read(min(step, size - at))
        if len(piece) < layout.size:
            return
        some = view(piece, layout.record)
        yield at // layout.size, some
        at += len(some) * layout.size


STORE = Store(
    name="last logins",
    about="lastlog of Linux, FreeBSD before 9, OpenBSD",
    detect=detect,
    text=text,
    resume=kept.resume(text),
    tail=kept.tail(text),
    detect_end=detect_end,
)
