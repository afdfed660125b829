"""From the paths that were given to the logs that can be read, and the reasons why others cannot."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import archives, kinds, packing, rotation, stores
from logsleuth.sources.disk import why
from logsleuth.sources.source import PLAIN, Source
from logsleuth.sources.stdin import Spool, spool
from logsleuth.sources.stream import blocks, first, tail
from logsleuth.sources.walk import Candidate, shown, walk

if TYPE_CHECKING:
    # What opens archives is imported when there is one.
    from logsleuth.sources.archives.opening import Within
    from logsleuth.sources.archives.shelf import Shelf

STDIN = "-"
STDIN_NAME = "<stdin>"
_SAMPLE = 64 << 10
_NUL_LIMIT = 64 << 20
"""A packed file that begins with NUL bytes, as copytruncate leaves them, is searched for text so far."""

_PIPE = "a named pipe, which can be read only once; try: logsleuth ... - < {}"
_SPECIAL = (
    (stat.S_ISFIFO, _PIPE),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def find(paths: Sequence[str], stdin: BinaryIO | None = None) -> tuple[list[Source], list[Skipped]]:
    """Logs sorted by stream and age, and everything else that was met, sorted by name.

    A path is a file, a folder or '-' for `stdin`, which is read to its end here.
    """
    sources: list[Source] = []
    problems: list[Skipped] = []
    opening = _Opening()
    if STDIN in paths:
        sources.extend(_standard_input(stdin, problems, opening))
    # Named files first, and files before links: the first name of a file is the one under which it is read.
    met = sorted(
        walk([path for path in paths if path != STDIN], problems),
        key=lambda candidate: (not candidate.given, candidate.link, candidate.name),
    )
    sources.extend(_files(met, problems, opening))
    if any(archives.dropped(source) for source in sources):
        from logsleuth.sources.archives.shelf import TOO_MUCH

        problems.extend(Skipped(source.name, TOO_MUCH) for source in sources if archives.dropped(source))
        sources = [source for source in sources if not archives.dropped(source)]
    sources.sort(key=lambda source: (source.stream, source.rank, source.name))
    problems.sort(key=lambda skipped: (skipped.name, skipped.reason))
    return sources, problems


@dataclass(slots=True)
class _Opening:
    """What the archives of one run share, made when the first is met."""

    _shelf: Shelf | None = None

    def within(self) -> Within:
        """For another file on disk."""
        from logsleuth.sources.archives.opening import Within
        from logsleuth.sources.archives.shelf import Shelf

        self._shelf = self._shelf or Shelf()
        return Within(self._shelf, _inspected)


def _standard_input(stdin: BinaryIO | None, problems: list[Skipped], opening: _Opening) -> Iterator[Source]:
    if stdin is None:
        problems.append(Skipped(STDIN_NAME, "no standard input"))
        return
    kept = spool(stdin)
    if kept.failure:
        reason = f"{kept.failure} after {kept.size:,} bytes"
        problems.append(Skipped(STDIN_NAME, reason, partial=kept.size > 0))
    if not kept.failure or kept.size:
        yield from _inspected(_source_of(kept), problems, opening)


def _source_of(kept: Spool) -> Source:
    return Source(
        name=STDIN_NAME,
        path=None,
        packing=PLAIN,
        size=kept.size,
        mtime=kept.mtime,
        stream=STDIN_NAME,
        rank=rotation.LIVE,
        root=STDIN,
        given=True,
        content=kept,
    )


def _files(candidates: Sequence[Candidate], problems: list[Skipped], opening: _Opening) -> Iterator[Source]:
    seen: set[tuple[int, int]] = set()
    for candidate in candidates:
        try:
            status = candidate.path.stat()
        except OSError as error:
            broken = candidate.link and not isinstance(error, PermissionError)
            problems.append(Skipped(candidate.name, "broken link" if broken else why(error)))
            continue
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            yield from _file(candidate, status, problems, opening)


def _file(candidate: Candidate, status: os.stat_result, problems: list[Skipped], opening: _Opening) -> Iterator[Source]:
    for is_kind, reason in _SPECIAL:
        if is_kind(status.st_mode):
            problems.append(Skipped(candidate.name, reason.format(candidate.name)))
            return
    stream, rank = _stream(candidate.path)
    source = Source(
        name=candidate.name,
        path=candidate.path,
        packing=PLAIN,
        size=status.st_size,
        mtime=status.st_mtime_ns,
        stream=stream,
        rank=rank,
        root=candidate.root,
        given=candidate.given,
    )
    yield from _inspected(source, problems, opening)


def _stream(path: Path) -> tuple[str, tuple[int, ...]]:
    stem, rank = rotation.split_name(path.name)
    return shown(os.path.normpath(path.parent / stem)), rank


def _inspected(source: Source, problems: list[Skipped], within: Within | _Opening) -> Iterator[Source]:
    """The source with its packing, if it is a log; the logs in it if it is an archive."""
    if source.size == 0:
        problems.append(Skipped(source.name, "empty file"))
        return
    sample, trouble = first(source, _SAMPLE)
    how = packing.detect(sample)
    if how is not None:
        mtime = _written(sample) if how.name == "gzip" else None
        source = replace(source, packing=how.name, mtime=mtime or source.mtime)
        sample, trouble = _unpacked_sample(source, how)
    kind = archives.detect(sample)
    if kind is not None:
        from logsleuth.sources.archives.opening import opened

        yield from opened(source, kind, problems, within.within() if isinstance(within, _Opening) else within)
        return
    store = stores.detect(sample, source.size if source.packing == PLAIN else 0)
    if store is None and source.seekable and sample and not sample.strip(b"\0"):
        store = stores.detect_end(tail(source, _SAMPLE), source.size)
    reason = _reason(source, sample, trouble) if store is None else store.refusal(sample)
    if reason:
        problems.append(Skipped(source.name, reason))
    else:
        yield source if store is None else replace(source, store=store.name)


def _unpacked_sample(source: Source, how: packing.Packing) -> tuple[bytes, str]:
    if how.new is None:
        return b"", f"packed by {how.name}; try: pip install zstandard"
    return first(source, _SAMPLE)


def _reason(source: Source, sample: bytes, trouble: str) -> str:
    """Why the source is not read; empty if it is."""
    packed = "" if source.packing == PLAIN else f"packed by {source.packing}: "
    if not sample:
        return trouble or f"{packed}empty"
    if packed and (inner := packing.detect(sample)):
        return f"{packed}packed by {inner.name} once more; unpack it first"
    reason = kinds.refusal(sample)
    if reason == kinds.ONLY_NUL:
        reason = _behind_nul(source)
    if reason == kinds.BINARY and _last_volume(source):
        reason = "the last part of a zip archive in several volumes; join them first (zip -s 0)"
    if not reason and not source.given and kinds.not_a_log(sample):
        reason = f"a program, a document or a key, not a log; {_anyway(source)}"
    return f"{packed}{reason}" if reason else ""


def _last_volume(source: Source) -> bool:
    from logsleuth.sources.archives.zip import last_volume

    return last_volume(tail(source, _SAMPLE))


def _anyway(source: Source) -> str:
    if source.tree is not None:
        return "unpack it and name it to have it read"
    return "name the file itself to have it read"


def _behind_nul(source: Source) -> str:
    """A log that begins with NUL bytes was perhaps cut while its writer went on at the old offset."""
    if source.seekable:
        return kinds.refusal(tail(source, _SAMPLE))
    searched = 0
    for block in blocks(source, []):
        searched += len(block)
        if text := block.lstrip(b"\0"):
            return kinds.refusal(text[:_SAMPLE])
        if searched >= _NUL_LIMIT:
            break
    return kinds.ONLY_NUL


def _written(header: bytes) -> int | None:
    """Gzip keeps when its text was last written (MTIME, RFC 1952); a copy of the file does not."""
    return int.from_bytes(header[4:8], "little") * 1_000_000_000 or None
