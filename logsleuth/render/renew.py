"""A write-up that is there already, with what was generated renewed and every word of a person kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import field

from logsleuth.narrative.catalogue import catalogue, languages
from logsleuth.records import dataclass

_BEGIN = re.compile(r"<!-- logsleuth: ([A-Za-z0-9_ -]+?) -->")
_END = re.compile(r"<!-- /logsleuth: ([A-Za-z0-9_ -]+?)(?: ([0-9a-f]{12}))? -->")
_LIKE = re.compile(r"\s*<!--?\s*/?\s*logsleuth\b", re.IGNORECASE)
_GONE = "<!-- this run tells nothing here any more -->"


class Broken(Exception):
    """A mark is damaged: nobody can tell which text is whose."""


@dataclass
class _Part:
    """Text between marks (with a name), or outside of them."""

    name: str = ""
    lines: list[str] = field(default_factory=list)
    digest: str = ""
    line: int = 0

    @property
    def edited(self) -> bool:
        """A person changed what was generated."""
        return bool(self.digest) and digest(self.lines) != self.digest


def digest(lines: Sequence[str]) -> str:
    """What the end mark says of a block, such that another hand in it shows."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def language_of(old: str) -> str | None:
    """The language of a write-up, by the title of its first part; None where it has none of them."""
    lines = set(old.splitlines())
    return next((name for name in languages() if f"## {catalogue(name).phrases['writeup.about']}" in lines), None)


def renewed(old: str, new: str) -> tuple[str, list[str]]:
    """The new text of a file that held `old`, and what there is to say about it; raises Broken."""
    if not old.strip():
        return new, []
    ending = "\r\n" if "\r\n" in old else "\n"
    were, are = _parts(old.lstrip("\ufeff")), _parts(new)
    if not any(p.name for p in were):
        raise Broken("there is a text without a mark of logsleuth in it, which is not to be lost; choose another name")
    before = {p.name: p for p in were if p.name}
    now = {p.name: p for p in are if p.name}
    again = _same_incident(before, now)
    for part in were:
        part.name = again.get(part.name, part.name)
    before = {p.name: p for p in were if p.name}
    said: list[str] = []
    out: list[str] = []
    added = _added(are, before)
    out += added.get("", [])
    for part in were:
        if not part.name:
            out += part.lines
            continue
        out += _block(part, now.get(part.name), said)
        out += added.get(part.name, [])
    return ending.join(out).strip("\r\n") + ending, said


def _block(old: _Part, new: _Part | None, said: list[str]) -> list[str]:
    if old.edited:
        said.append(f"the part '{old.name}' was edited by hand and is kept as it is; take it out to have it made anew")
        return _marked(old.name, old.lines, old.digest)
    if new is None:
        return _marked(old.name, ["", _GONE, ""], digest([_GONE]))
    return _marked(new.name, new.lines, new.digest)


def _marked(name: str, lines: Sequence[str], seal: str) -> list[str]:
    return [f"<!-- logsleuth: {name} -->", *lines, f"<!-- /logsleuth: {name}{f' {seal}' if seal else ''} -->"]


def _added(are: Sequence[_Part], before: dict[str, _Part]) -> dict[str, list[str]]:
    """Blocks that the file does not have yet, with the headings and prompts before them, by the block they follow."""
    out: dict[str, list[str]] = {}
    anchor, free = "", list[str]()
    for part in are:
        if not part.name:
            free = part.lines
            continue
        if part.name in before:
            anchor = part.name
        else:
            lead = free if anchor or out.get(anchor) else []
            out.setdefault(anchor, []).extend([*lead, *_marked(part.name, part.lines, part.digest)])
        free = []
    return out


def _same_incident(before: dict[str, _Part], now: dict[str, _Part]) -> dict[str, str]:
    """Where one incident was told and one is, it is the same one, though more lines changed its name."""
    old, new = (sorted({i for name in names if (i := _incident(name))}) for names in (before, now))
    if len(old) != 1 or len(new) != 1 or old == new:
        return {}
    return {name: name.removesuffix(old[0]) + new[0] for name in before if _incident(name)}


def _incident(name: str) -> str:
    return name.partition(" ")[2]


def _parts(text: str) -> list[_Part]:
    parts = [_Part()]
    seen: dict[str, int] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        begin, end = _BEGIN.fullmatch(line.strip()), _END.fullmatch(line.strip())
        inside = bool(parts[-1].name)
        if begin is not None:
            if inside:
                raise Broken(f"line {number}: the part '{parts[-1].name}' of line {parts[-1].line} has no end mark")
            if begin[1] in seen:
                first = seen[begin[1]]
                raise Broken(f"line {number}: the part '{begin[1]}' begins a second time (first in line {first})")
            seen[begin[1]] = number
            parts.append(_Part(begin[1], line=number))
        elif end is not None:
            if not inside or parts[-1].name != end[1]:
                raise Broken(f"line {number}: the part '{end[1]}' ends, but did not begin")
            parts[-1].digest = end[2] or ""
            parts.append(_Part())
        elif _LIKE.match(line):
            raise Broken(f"line {number}: the mark is damaged: {line.strip()[:60]!r}")
        else:
            parts[-1].lines.append(line)
    if parts[-1].name:
        raise Broken(f"the part '{parts[-1].name}' of line {parts[-1].line} has no end mark")
    return parts
