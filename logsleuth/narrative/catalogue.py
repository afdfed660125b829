"""Fixed phrases and formats of one language, read from `<language>.toml` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from logsleuth.errors import UsageError, quoted
from logsleuth.narrative.translation import Translation, translation
from logsleuth.records import dataclass

_HERE = Path(__file__).parent
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Phrases by dotted key, and what becomes of words around a placeholder."""

    language: str
    phrases: Mapping[str, str]
    at: tuple[str, ...]
    """Words before an instant that its phrase takes the place of: `at {x}` becomes `between … and …`."""
    one: Mapping[str, str]
    """Phrases around a number {n} in the plural, and what they are for 1."""
    falls: tuple[str, ...]
    """Words behind a placeholder that fall with it where it has no value, such as the particles of Japanese."""
    second: tuple[str, ...]
    """Words after a number of seconds that its phrase takes the place of: `26400 s` becomes `7 h 20 min`."""

    @property
    def rules(self) -> Translation:
        """The sentences of rules and of code in this language; read when the first of them is told."""
        return translation(self.language, self.falls)

    def counted(self, key: str, n: int) -> str:
        """The phrase for so many of a thing; `zero` and `one` may be left out."""
        special = {0: "zero", 1: "one"}.get(n, "other")
        return self.phrases.get(f"{key}.{special}", self.phrases[f"{key}.other"])


def languages() -> list[str]:
    """Those that have a catalogue."""
    return sorted(f.name.removesuffix(".toml") for f in _HERE.iterdir() if f.name.endswith(".toml"))


def language_of(name: str) -> str | None:
    """The catalogue that serves a code or a locale (`ja`, `ja-JP`, `ja_JP.UTF-8`); None where none does."""
    code = name.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    known = {one.lower(): one for one in languages()}
    return known.get(code) or known.get(code.partition("_")[0])


@cache
def catalogue(language: str) -> Catalogue:
    """One language's phrases; what it lacks is said in English."""
    if language not in languages():
        raise UsageError(f"no phrases in language {quoted(language)}; there are: {', '.join(languages())}")
    own = _table(language)
    match = {**_table(_FALLBACK)["match"], **own.get("match", {})}
    said = dict(_flat(own.get("phrases", {})))
    # Where a language counts in one way only, the English word for 1 is not what it lacks.
    counted = {key.removesuffix("other") + n for key in said for n in ("zero", "one") if key.endswith(".other")}
    phrases = {k: v for k, v in _flat(_table(_FALLBACK)["phrases"]) if k not in counted} | said
    return Catalogue(
        language,
        phrases,
        at=tuple(match["at"]),
        one=match["one"],
        falls=tuple(match["falls"]),
        second=tuple(match["second"]),
    )


def _table(language: str) -> dict[str, Any]:
    text = (_HERE / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
