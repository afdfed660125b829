"""What of an archive is not read, and the words for it: few, however many members there are."""

from __future__ import annotations

from dataclasses import field

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources.archives.member import Member
from logsleuth.sources.archives.names import inside, linked
from logsleuth.sources.walk import shown

_SAID = 1_000
"""Members of one archive that are named as skipped; what comes after them is counted."""
_FEW = 3
"""So many links or devices are named; of more, one."""
_UNREADABLE = {
    "continued": "the end of a file that began in another volume of the archive; join the volumes first",
    "sparse": "a sparse file whose map is damaged",
}


@dataclass(slots=True)
class Aside:
    """Collects while an archive is gone through."""

    container: str
    said: list[Skipped] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """Of the archive as a whole."""
    names: set[str] = field(default_factory=set)
    _unsaid: int = 0
    _links: list[tuple[str, str]] = field(default_factory=list)
    _hard_links: list[tuple[str, str]] = field(default_factory=list)
    _special: dict[str, list[str]] = field(default_factory=dict)
    """Kind to names."""

    def full(self, name: str) -> str:
        """A member's name in every output."""
        return f"{self.container}/{name}"

    def say(self, name: str, reason: str) -> None:
        """Why a member is not read."""
        self.said.append(Skipped(self.full(name), reason))

    def cut(self, name: str, length: int, size: int, reason: str) -> None:
        """A member of which only the first `length` bytes are there."""
        text = f"{reason}: {length:,} of {size:,} bytes could be read"
        self.said.append(Skipped(self.full(name), text, partial=length > 0))

    def note(self, member: Member, name: str) -> bool:
        """Takes up whatever is no file; False if it is one."""
        if member.kind != "other":
            self.names.add(name)
        if member.kind == "link":
            self._links.append((name, member.link))
        elif member.kind == "hard link":
            self._hard_links.append((name, inside(member.link)))
        elif member.kind in {"device", "named pipe"}:
            self._special.setdefault(member.kind, []).append(name)
        elif member.kind in _UNREADABLE:
            self.say(name, _UNREADABLE[member.kind])
        return member.kind != "file"

    def shorten(self) -> None:
        """Keeps memory bounded; what was read in part is always named."""
        if len(self.said) > _SAID:
            rest = [one for one in self.said[_SAID:] if one.partial]
            self._unsaid += len(self.said) - _SAID - len(rest)
            self.said[_SAID:] = rest

    def all(self, *, read: bool) -> list[Skipped]:
        """Every word; `read` if any log was found."""
        self.said += [Skipped(self.container, reason, partial=read) for reason in self.troubles]
        self._say_links()
        for kind, names in self._special.items():
            self._say_many([(name, "") for name in names], f"a {kind}", f"{kind}s")
        if self._unsaid:
            more = f"{self._unsaid:,} more of its members are no logs or cannot be read"
            self.said.append(Skipped(self.container, more, partial=read))
        if not (read or self.said or self.names):
            self.said.append(Skipped(self.container, "an empty archive"))
        return self.said

    def _say_links(self) -> None:
        """A link to what the archive holds is read under that name; nothing outside it is ever followed."""
        if not (self._links or self._hard_links):
            return
        held = set(self.names)
        for name in self.names:
            folder = name.rpartition("/")[0]
            while folder and folder not in held:
                held.add(folder)
                folder = folder.rpartition("/")[0]
        out = [(name, target) for name, target in self._links if not _leads_inside(name, target, held)]
        out += [(name, target) for name, target in self._hard_links if target not in held]
        self._say_many(out, "a link to what the archive does not hold", "links to what the archive does not hold")

    def _say_many(self, names: list[tuple[str, str]], one: str, many: str) -> None:
        if len(names) > _FEW:
            self.said.append(Skipped(self.container, f"holds {len(names):,} {many}, as {names[0][0]}", partial=True))
            return
        for name, target in names:
            self.say(name, f"{one}: {shown(target)}" if target else one)


def _leads_inside(name: str, target: str, held: set[str]) -> bool:
    """An absolute link may be meant from any folder above it that is the root of a backup."""
    there = linked(name, target)
    if there in held or not target:
        return True
    if not target.startswith("/"):
        return False
    parts = name.split("/")
    return any("/".join([*parts[:i], there]) in held for i in range(1, len(parts)))
