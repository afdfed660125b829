"""Assumptions, those with one text told once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from logsleuth.narrative import Teller
from logsleuth.render.names import Names
from logsleuth.report import Assumption, FileRead

_MOST_NAMES = 3


def grouped(assumptions: Sequence[Assumption], files: Collection[FileRead], names: Names, teller: Teller) -> list[str]:
    """A sentence for each text, with what it is about."""
    known = {name for f in files for name in (f.file, f.stream)}
    about: dict[str, list[str]] = {}
    for one in assumptions:
        about.setdefault(names.within(teller.plain(one.text)), []).append(teller.plain(one.about))
    return [_sentence(text, list(dict.fromkeys(subjects)), known, names, teller) for text, subjects in about.items()]


def _sentence(text: str, subjects: Sequence[str], known: Collection[str], names: Names, teller: Teller) -> str:
    short = [names.short(s) for s in subjects]
    if len(short) == 1:
        return teller.say("page.assumed_one", about=short[0], text=text)
    between = teller.words.phrases["format.list"]
    listed = between.join([*short[:_MOST_NAMES], *(["…"] if len(short) > _MOST_NAMES else [])])
    if all(s in known for s in subjects):
        files = teller.count("file", len(short))
        return teller.say("page.assumed_files", text=text, files=files, names=listed)
    return teller.say("page.assumed_many", text=text, names=listed)
