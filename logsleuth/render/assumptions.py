"""What no line states, and what was not read: those with one text told once."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from logsleuth.narrative import Teller
from logsleuth.render.names import Names
from logsleuth.report import Assumption, FileRead, Skipped

_MOST_NAMES = 3
_ALIKE = 3
"""From so many texts on that differ in numbers alone, or files with one reason, they are told as one."""
_NUMBERS = re.compile(r"\d+")


def grouped(
    assumptions: Sequence[Assumption],
    files: Collection[FileRead],
    names: Names,
    teller: Teller,
    *,
    alike: bool = False,
) -> list[str]:
    """A sentence for each text, with what it is about; with `alike` one for those that differ in numbers alone."""
    known = {name for f in files for name in (f.file, f.stream)}
    about: dict[str, list[str]] = {}
    for one in assumptions:
        about.setdefault(names.within(teller.plain(one.text)), []).append(teller.plain(one.about))
    shapes: dict[str, list[str]] = {}
    for text in about:
        shapes.setdefault(_NUMBERS.sub("0", text) if alike else text, []).append(text)
    out = []
    for texts in shapes.values():
        told, rest = (texts[:1], texts[1:]) if len(texts) >= _ALIKE else (texts, [])
        for text in told:
            said = _sentence(text, list(dict.fromkeys(about[text])), known, names, teller)
            others = list(dict.fromkeys(a for t in rest for a in about[t]))
            if others:
                said = teller.say(
                    "brief.alike",
                    text=said,
                    files=teller.count("file", len(others)),
                    names=_listed(others, names, teller),
                )
            out.append(said)
    return out


def skipped(what: Sequence[Skipped], names: Names, teller: Teller, *, alike: bool = False) -> list[str]:
    """A sentence for each; with `alike` one for those that were skipped for one reason."""
    by_reason: dict[tuple[str, bool], list[Skipped]] = {}
    for one in what:
        by_reason.setdefault((names.within(teller.plain(one.reason)), one.partial), []).append(one)
    out = []
    for (reason, partial), same in by_reason.items():
        if alike and len(same) >= _ALIKE and not partial:
            listed = _listed([one.name for one in same], names, teller)
            out.append(teller.say("brief.skipped", reason=reason, files=teller.count("file", len(same)), names=listed))
            continue
        key = "page.partial" if partial else "page.whole"
        out += [teller.say(key, name=names.short(one.name), reason=reason) for one in same]
    return out


def _sentence(text: str, subjects: Sequence[str], known: Collection[str], names: Names, teller: Teller) -> str:
    if len(subjects) == 1:
        return teller.say("page.assumed_one", about=names.short(subjects[0]), text=text)
    listed = _listed(subjects, names, teller)
    if all(s in known for s in subjects):
        files = teller.count("file", len(subjects))
        return teller.say("page.assumed_files", text=text, files=files, names=listed)
    return teller.say("page.assumed_many", text=text, names=listed)


def _listed(subjects: Sequence[str], names: Names, teller: Teller) -> str:
    shown = [names.short(s) for s in subjects[:_MOST_NAMES]]
    return teller.words.phrases["format.list"].join([*shown, *(["…"] if len(subjects) > _MOST_NAMES else [])])
