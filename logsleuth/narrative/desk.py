"""The translator's desk: how much of the rules is told in a language, and the files to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from logsleuth.errors import UsageError, quoted
from logsleuth.narrative import po
from logsleuth.narrative.skeleton import placeholders, renewed, skeleton
from logsleuth.narrative.translation import files
from logsleuth.rules import load

_CODE = re.compile(r"[a-z]{2,3}(?:_[A-Z][A-Za-z]+)?")


def told(language: str) -> Iterator[str]:
    """A line for each file of the shipped translation that is not complete, and a sum."""
    old = [entry for name, text in files(_checked(language)) for entry in po.parse(text, f"{language}/{name}")]
    yield from _counted(renewed(_fresh(), old))


def written(language: str, folder: Path) -> Iterator[str]:
    """As `told`, and the files below a folder renewed; those of knowledge that is gone are removed."""
    own = folder / _checked(language)
    there = {str(p.relative_to(own).as_posix()): p for p in sorted(own.rglob("*.po"))}
    old = [entry for path in there.values() for entry in po.parse(path.read_text(encoding="utf-8"), str(path))]
    made = renewed(_fresh(), old)
    for name, entries in made.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(po.write(entries, language), encoding="utf-8", newline="\n")
    for name, path in there.items():
        if name not in made:
            path.unlink()
            yield f"removed {path}"
    phrases = folder / f"{language}.toml"
    if not phrases.exists():
        phrases.write_bytes(Path(__file__).with_name("en.toml").read_bytes())
        yield f"new {phrases}: the fixed phrases, in English still"
    yield from _counted(made)


def wrong(entries: Sequence[po.Entry]) -> Iterator[str]:
    """What of a translation cannot be said as it stands."""
    for entry in entries:
        if entry.said and placeholders(entry.said) != placeholders(entry.source):
            yield f"{entry.context}: other placeholders than in English: {entry.said}"
        if entry.fuzzy:
            yield f"{entry.context}: fuzzy: the English sentence has changed: {entry.source}"


def _counted(made: dict[str, list[po.Entry]]) -> Iterator[str]:
    done = every = 0
    for name, entries in sorted(made.items()):
        good = sum(bool(e.said) and not e.fuzzy for e in entries)
        done, every = done + good, every + len(entries)
        if good < len(entries):
            yield f"{name}: {good} of {len(entries)}"
        for said in wrong(entries):
            yield f"{name}: {said}"
    yield f"{done:,} of {every:,} sentences are translated"


def _fresh() -> dict[str, list[po.Entry]]:
    return skeleton(load.load(load.shipped(), samples=False))


def _checked(language: str) -> str:
    if not _CODE.fullmatch(language) or language == "en":
        raise UsageError(f"{quoted(language)} is no language to translate into; give a code such as ja, de or pt_BR")
    return language
