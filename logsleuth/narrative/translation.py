"""The sentences of rules and of code in another language, from the PO files in the folder of its name beside this."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from itertools import combinations
from pathlib import Path

from logsleuth.narrative import po
from logsleuth.records import dataclass
from logsleuth.templates import bare

_HERE = Path(__file__).parent
_PART = re.compile(r"\{(\w+)\}")
_VALUE = re.compile(r"\{\w+\.\w+(?::[^{}]*)?\}")
_FIELD = re.compile(r"\S+ \$(\w+)")
"""Context of a field that an event sets to words: `pop.bad_spool $meaning`."""

_VALUES = 4
"""More of them in one title are missing all or none."""
_NUMBERS = ("n", "m")
"""Parts that hold digits only."""
_LONGEST = 2000
"""Characters of a sentence of code that is looked at: names in it come from outside."""


@dataclass(slots=True)
class Translation:
    """What English sentences are in one language; what it lacks stays English."""

    sentences: dict[str, str] = field(default_factory=dict)
    """By the whole English sentence: where that has changed, nothing is found, and no stale one is said."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """By field: words that an event sets."""
    patterns: dict[str, list[tuple[re.Pattern[str], str]]] = field(default_factory=dict)
    """Sentences of code that have parts `{name}`, by context."""
    by_rule: dict[tuple[str, str], str] = field(default_factory=dict)
    """By rule and sentence: what one English sentence is may differ from rule to rule."""

    def sentence(self, english: str, rule: str = "") -> str:
        """A template of a rule, or why the engine doubts."""
        said = self.by_rule.get((rule, english)) or self.sentences.get(english)
        return said if said is not None else self._filled(english, self.patterns.get("doubt", ()))

    def spelled(self, english: str) -> str:
        """A sentence that code has spelled, its parts put in already."""
        said = self.sentences.get(english)
        if said is not None:
            return said
        # The one with the most words of its own is the one that is meant.
        every = sorted((p for some in self.patterns.values() for p in some), key=lambda p: -len(p[0].pattern))
        return self._filled(english, every)

    def value(self, name: str, english: str) -> str | None:
        """The words of a field; None where it holds none that are known."""
        words = self.values.get(name)
        if words is None:
            return None
        if english in words:
            return words[english]
        said = self._filled(english, [(_pattern(k), v) for k, v in words.items() if _PART.search(k)])
        return None if said == english else said

    def _filled(self, english: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
        if len(english) > _LONGEST:
            return english
        for pattern, said in patterns:
            match = pattern.fullmatch(english)
            if match is not None:
                # A part may be a sentence of code too, such as the reason of a choice.
                parts = {k: self.spelled(v) if len(v) < len(english) else v for k, v in match.groupdict().items()}
                return _PART.sub(lambda m, parts=parts: parts[m[1]], said)  # type: ignore[misc]  # a bound default
        return english


@cache
def translation(language: str, falls: tuple[str, ...] = ()) -> Translation:
    """`falls`: see Catalogue. Read when the first sentence is told; English has no files, and costs nothing."""
    out = Translation()
    for name, text in files(language):
        for entry in po.parse(text, f"{language}/{name}"):
            if entry.fuzzy or not entry.said:
                continue
            fields = _FIELD.fullmatch(entry.context)
            if fields is not None:
                out.values.setdefault(fields[1], {})[entry.source] = entry.said
            if _PART.search(entry.source):
                out.patterns.setdefault(entry.context, []).append((_pattern(entry.source), entry.said))
            else:
                out.by_rule[entry.context.partition(" ")[0], entry.source] = entry.said
                out.sentences.setdefault(entry.source, entry.said)
                for missing in _lacking(entry):
                    out.sentences.setdefault(bare(entry.source, missing), _bare(entry.said, falls, missing))
    return out


def files(language: str) -> list[tuple[str, str]]:
    """(name below the language's folder, text) of its PO files."""
    folder = _HERE / language
    return sorted(_below(folder, "")) if folder.is_dir() else []


def _lacking(entry: po.Entry) -> list[list[str]]:
    """Which values may be missing of a sentence that is told without them: any of a title, else all."""
    values = list(dict.fromkeys(_VALUE.findall(entry.source)))
    if not entry.context.endswith(" title") or len(values) > _VALUES:
        return [values] if values else []
    return [list(some) for n in range(1, len(values) + 1) for some in combinations(values, n)]


def _bare(said: str, falls: tuple[str, ...], missing: Sequence[str] | None = None) -> str:
    """A translation without some placeholders, or all; a noun before one takes over the particle behind it."""
    if not falls:
        return bare(said, missing)
    particle = "|".join(map(re.escape, falls))
    which = _VALUE.pattern if missing is None else "(?:" + "|".join(map(re.escape, missing)) + ")"
    value = rf" ?「?{which}」? ?"
    said = re.sub(rf"(?<=[\u30a1-\u30fc\u3400-\u9fff]){value}(?={particle})", "", said)
    said = re.sub(rf"{value}(?:{particle})?、?", "", said)
    return re.sub(r" ?\(\s*\)|(?<=、) ", "", said).strip(" :、")


def sources() -> Mapping[str, list[str]]:
    """Sentences that code spells, by context; `en/program.toml` holds them for translators."""
    import tomllib

    text = (_HERE / "en" / "program.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".po"):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """The sentences that a source with parts can become."""
    seen: set[str] = set()
    out, place = "", 0
    for match in _PART.finditer(source):
        out += re.escape(source[place : match.start()])
        inside = r"[\d,]+" if match[1] in _NUMBERS else "(?:(?!; ).)+?"
        out += f"(?P={match[1]})" if match[1] in seen else f"(?P<{match[1]}>{inside})"
        seen.add(match[1])
        place = match.end()
    return re.compile(out + re.escape(source[place:]), re.DOTALL)
