"""The members of an archive as sources, found in one pass over it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources import kinds, packing, rotation, stores
from logsleuth.sources.archives import Kind, detect, tar, zip  # noqa: A004 - the name of the format
from logsleuth.sources.archives.aside import Aside
from logsleuth.sources.archives.forward import FREE, Forward, forward
from logsleuth.sources.archives.layers import Unpacked, content_of
from logsleuth.sources.archives.member import Member
from logsleuth.sources.archives.names import inside
from logsleuth.sources.archives.shelf import LIMIT, Kept, Shelf
from logsleuth.sources.companions import LARGEST, Companion, kept
from logsleuth.sources.content import Content, Readable, Slice, SliceCursor
from logsleuth.sources.disk import Lost, why
from logsleuth.sources.source import PLAIN, Source
from logsleuth.sources.stream import head

DEEPEST = 4
"""Archives inside one another."""
MOST = 1_000_000
"""Members of all archives inside one file."""
_HOLES = 1_000
"""Times the bytes that are there; a sparse file of more than this is not read."""
_SAMPLE = 64 << 10
_DOCUMENTS = ("META-INF/", "[Content_Types].xml", "mimetype", "AndroidManifest.xml")
"""First in a zip that is a Java program, an office document, a book or a telephone's program."""


@dataclass(slots=True)
class Within:
    """What the members of one file on disk share, however deep they lie."""

    shelf: Shelf
    inspect: Callable[[Source, list[Skipped], Within], Iterator[Source]]
    """Gives a source back if it is a log, or the logs in it."""
    depth: int = 0
    tree: dict[str, Companion] = field(default_factory=dict)
    seen: list[int] = field(default_factory=lambda: [0])
    """How many members there were so far."""

    def deeper(self) -> Within:
        return replace(self, depth=self.depth + 1)


def opened(container: Source, kind: Kind, problems: list[Skipped], within: Within) -> list[Source]:
    """The logs in an archive; `problems` tells of all else in it. Never raises."""
    if within.depth >= DEEPEST:
        problems.append(Skipped(container.name, f"a {kind} archive inside {DEEPEST} others; unpack those first"))
        return []
    opening = _Opening(container, within.deeper(), Aside(container.name))
    try:
        opening.read(kind)
    except Lost as lost:
        opening.aside.troubles.append(str(lost))
    except OSError as error:
        opening.aside.troubles.append(why(error))
    return opening.done(problems)


@dataclass(slots=True)
class _Opening:
    container: Source
    within: Within
    aside: Aside
    found: dict[str, list[Source]] = field(default_factory=dict)
    """Member to the logs that it is, or holds."""

    def read(self, kind: Kind) -> None:
        base = content_of(self.container)
        with base.opened() as inner:
            if kind == "tar":
                source = forward(inner, self.container.size, packed=not base.seekable)
                headers = tar.Headers(source)
                self._all(headers, lambda m, name: self._of_tar(m, name, base, source))
                self.aside.troubles += headers.troubles
                return
            if base.seekable:
                self._zip(base, inner, self.container.size)
                return
            # A zip is read from its end.
            whole = self.within.shelf.taken(inner, 1 << 62, base, bare=False)
        if whole.frames is None:
            self.aside.troubles.append(f"a packed zip archive of more than {LIMIT >> 20:,} MiB; unpack it first")
            return
        with whole.opened() as inner:
            self._zip(whole, inner, whole.size)
        self._charge(whole, [s for sources in self.found.values() for s in sources])

    def _zip(self, base: Content, inner: Readable, size: int) -> None:
        directory = zip.Directory(inner, size)
        first = next(iter(directory), None)
        directory.troubles.clear()
        if first is not None and first.name.startswith(_DOCUMENTS) and not self.container.given:
            self.aside.troubles.append(
                "a program or a document in the form of a zip archive; name the file itself to read it"
            )
            return
        self._all(directory, lambda m, name: self._of_zip(m, name, base))
        self.aside.troubles += directory.troubles

    def _all(self, members: Iterable[Member], take: Callable[[Member, str], Iterable[Source]]) -> None:
        for member in members:
            self.within.seen[0] += 1
            if self.within.seen[0] > MOST:
                self.aside.troubles.append(f"more than {MOST:,} members; those that follow are not read")
                return
            if name := inside(member.name):
                self._one(member, name, take)
            self.aside.shorten()

    def _one(self, member: Member, name: str, take: Callable[[Member, str], Iterable[Source]]) -> None:
        if member.kind == "link" and kept(name):
            # What it says is the name that it bears: 'zoneinfo/Asia/Tokyo'.
            self._companion(name, Companion(b"", member.link))
            self.aside.names.add(name)
            return
        if self.aside.note(member, name):
            return
        if name in self.found:
            self.aside.say(name, "an older copy, replaced by a later one in the same archive")
        if reason := _refused(member):
            self.aside.say(name, reason)
        else:
            self.found[name] = list(take(member, name))

    def _of_zip(self, member: Member, name: str, base: Content) -> Iterable[Source]:
        packed = sum(length for _, _, length in member.extents)
        source = self._source(name, member, Slice(base, packed, member.extents), packed)
        if member.packing != PLAIN:
            source = replace(source, size=member.size, content=Unpacked(replace(source, packing=member.packing)))
        if kept(name) and member.size <= LARGEST:
            self._companion(name, Companion(head(source, LARGEST), ""))
        return self._inspected(source)

    def _of_tar(self, member: Member, name: str, base: Content, source: Forward) -> Iterable[Source]:
        origin = Slice(base, member.size, member.extents)
        if not base.seekable:
            return self._passing(member, name, origin, SliceCursor(source, member.size, member.extents), source)
        there = max(0, self.container.size - member.extents[0][1]) if member.extents else 0
        whole = self._source(name, member, origin, member.size)
        if there < sum(length for _, _, length in member.extents):
            self.aside.cut(name, there, member.size, "its archive ends early")
            whole = replace(whole, size=min(whole.size, there))
        if kept(name) and whole.size <= LARGEST:
            self._companion(name, Companion(head(whole, LARGEST), ""))
        return self._inspected(whole) if whole.size else ()

    def _passing(
        self, member: Member, name: str, origin: Content, body: SliceCursor, source: Forward
    ) -> Iterable[Source]:
        """A member of a packed tar, which comes by once."""
        sample = _filled(body, min(member.size, _SAMPLE))
        bare = packing.detect(sample) is not None
        if kept(name) and member.size <= LARGEST:
            self._companion(name, Companion(sample, ""))
        short = min(member.size, _SAMPLE) - len(sample)
        if not short and member.size > _SAMPLE:
            if reason := _hopeless(sample, member.size):
                self.aside.say(name, reason)
                return ()
            stay = self.within.shelf.taken(_Prefixed(sample, body), member.size, origin, bare=bare)
        else:
            # Most members are small, and few of them logs: those that are none are never packed.
            stay = Kept(len(sample), [sample], bare=True, origin=origin)
        if stay.size < member.size:
            self.aside.cut(name, stay.size, member.size, source.trouble or "its archive ends early")
            if not stay.size:
                return ()
        found = list(self._inspected(self._source(name, member, stay, stay.size)))
        if found and not bare:
            stay.packed()
        self._charge(stay, found)
        return found

    def _charge(self, stay: Kept, found: list[Source]) -> None:
        if any(_rests_on(source.content, stay) for source in found):
            self.within.shelf.charge(stay)

    def _inspected(self, source: Source) -> Iterator[Source]:
        return self.within.inspect(source, self.aside.said, self.within)

    def _source(self, name: str, member: Member, content: Content, size: int) -> Source:
        folder, _, file = name.rpartition("/")
        stem, rank = rotation.split_name(file)
        full = self.aside.full(name)
        return Source(
            name=full,
            path=self.container.path,
            packing=PLAIN,
            size=size,
            mtime=member.mtime,
            stream=os.path.normpath(self.aside.full(f"{folder}/{stem}" if folder else stem)),
            rank=rank,
            root=self.container.root,
            given=False,
            content=content,
            tree=self.within.tree,
        )

    def _companion(self, name: str, what: Companion) -> None:
        self.within.tree[posixpath.normpath(self.aside.full(name))] = what

    def done(self, problems: list[Skipped]) -> list[Source]:
        """The logs, with a word on what else there was."""
        sources = [source for found in self.found.values() for source in found]
        problems += self.aside.all(read=bool(sources))
        return sources


@dataclass(slots=True)
class _Prefixed:
    """A sample that was taken from a reader, and what follows it there."""

    sample: bytes
    rest: Readable
    place: int = 0

    def seek(self, offset: int, /) -> int:
        raise OSError(f"read once, not from {offset}")

    def read(self, size: int, /) -> bytes:
        if self.place < len(self.sample):
            piece = self.sample[self.place : self.place + size]
            self.place += len(piece)
            return piece
        return self.rest.read(size)


def _filled(body: Readable, size: int) -> bytes:
    taken = b""
    while len(taken) < size and (piece := body.read(size - len(taken))):
        taken += piece
    return taken


def _refused(member: Member) -> str:
    """Why a file is not even looked at."""
    if member.refused:
        return member.refused
    if not member.size:
        return "empty file"
    if member.size > FREE and member.size > _HOLES * sum(length for _, _, length in member.extents):
        return f"a file of {member.size:,} bytes, nearly all of them holes"
    return ""


def _hopeless(sample: bytes, size: int) -> str:
    """Why a member need not be kept to be looked at; empty if it must be."""
    if packing.detect(sample) or detect(sample) or stores.detect(sample, size):
        return ""
    reason = kinds.refusal(sample)
    return "" if reason == kinds.ONLY_NUL else reason


def _rests_on(content: Content | None, stay: Kept) -> bool:
    while content is not None and content is not stay:
        if isinstance(content, Slice):
            content = content.parent
        elif isinstance(content, Unpacked):
            content = content.packed.content
        else:
            return False
    return content is stay
