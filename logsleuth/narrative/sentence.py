"""Templates of rules filled with their values: parts of a sentence, and which of them come from a log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from logsleuth.narrative.catalogue import Catalogue
from logsleuth.narrative.moments import SECOND, Clock
from logsleuth.report import Bounds, Value
from logsleuth.safe import safe

_PLACEHOLDER = re.compile(r"\{(\w+\.\w+)(?::[^{}]*)?\}")
_END = re.compile(r"[.!?](?= +\S)|[。！？](?!$)")  # noqa: RUF001 - Japanese ends sentences so
"""The end of a sentence that another one follows."""
_LONGEST = 300
"""Characters of a log's text that a sentence quotes; the evidence holds the rest."""


class Piece(NamedTuple):
    """A part of a sentence, safe to show; renderers mark what comes from a log."""

    text: str
    kind: Literal["word", "log", "time"] = "word"


Pieces = list[Piece]


class _Said(NamedTuple):
    """A value in words, and what becomes of the words around it."""

    before: str
    piece: Piece
    used: int = 0
    """Characters after the placeholder that the piece has said already."""


def fill(template: str, values: Mapping[str, Value], clock: Clock, words: Catalogue) -> Pieces:
    """The sentence in pieces; times, durations and the number 1 change the words beside them."""
    out: Pieces = []
    place = 0
    for match in _PLACEHOLDER.finditer(template):
        before, after = template[place : match.start()], template[match.end() :]
        said = _say(match[1], values.get(match[1]), before, after, clock, words)
        place = match.end() + said.used
        out += [Piece(safe(said.before)), said.piece]
    out.append(Piece(safe(template[place:])))
    return _capitalized([p for p in out if p.text])


def log(text: str) -> Piece:
    """Text of a log as a piece of a sentence."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return Piece(safe(shown), "log")


def text_of(pieces: Iterable[Piece]) -> str:
    """The plain sentence."""
    return "".join(p.text for p in pieces)


def shortened(pieces: Pieces, most: int) -> Pieces:
    """Whole sentences, at least the first, of no more than so many characters together; `…` stands for the rest."""
    text = text_of(pieces)
    ours = "".join(("." if p.kind == "word" else " ") * len(p.text) for p in pieces)
    ends = [m.end() for m in _END.finditer(text) if ours[m.start()] == "."]
    if len(text) <= most or not ends:
        return pieces
    room = max([end for end in ends if end <= most], default=ends[0])
    out: Pieces = []
    for piece in pieces:
        if room > 0:
            out.append(piece._replace(text=piece.text[:room]))
        room -= len(piece.text)
    return [*out, Piece(" …")]


def join(parts: Sequence[Pieces], between: str) -> Pieces:
    """Several runs of pieces as one."""
    out: Pieces = []
    for part in parts:
        if out:
            out.append(Piece(between))
        out += part
    return out


def number(n: int, words: Catalogue) -> str:
    """With the language's separator of thousands."""
    return f"{n:,}".replace(",", words.phrases["format.thousands"])


def _say(key: str, value: Value, before: str, after: str, clock: Clock, words: Catalogue) -> _Said:
    if isinstance(value, Bounds):
        return _moment(value, before, clock, words)
    if value is None:
        return _Said(before, Piece(words.phrases["value.unknown"]))
    if re.fullmatch(r"\d{1,10}", str(value)):
        said = _seconds(int(value), before, after, clock, words)
        if said is None and int(value) == 1:
            said = _one(before, after, words)
        if said is not None:
            return said
    if isinstance(value, int):
        return _Said(before, Piece(number(value, words)))
    field = key.partition(".")[2]
    if field == "hosts":
        value = value.replace(", ", words.phrases["format.list"])
    known = words.rules.value(field, value)
    return _Said(before, log(value) if known is None else Piece(safe(known)))


def _moment(bounds: Bounds, before: str, clock: Clock, words: Catalogue) -> _Said:
    """`at` and its like give way where bounds need another word."""
    for word in words.at:
        match = re.search(rf"(?:^|(?<=\W)){re.escape(word)} $", before, re.IGNORECASE)
        if match is not None:
            said = clock.moment(bounds, "at")
            text = said[0].upper() + said[1:] if match[0][0].isupper() else said
            return _Said(before[: match.start()], Piece(text, "time"))
    return _Said(before, Piece(clock.moment(bounds), "time"))


def _seconds(n: int, before: str, after: str, clock: Clock, words: Catalogue) -> _Said | None:
    """A number that the template goes on to call seconds."""
    for word in words.second:
        match = re.match(rf"\s?{re.escape(word)}{_end(word)}", after)
        if match is not None:
            return _Said(before, Piece(clock.duration(n * SECOND), "time"), match.end())
    return None


def _one(before: str, after: str, words: Catalogue) -> _Said | None:
    """The number 1 among words that stand in the plural."""
    for many, one in words.one.items():
        left, right = many.split("{n}")
        if before.endswith(left) and re.match(rf"{re.escape(right)}{_end(right)}", after):
            return _Said(before.removesuffix(left), Piece(one.format(n=1)), len(right))
    return None


def _end(word: str) -> str:
    """Where a word ends: only languages that put spaces between words show it."""
    return r"(?!\w)" if word.isascii() else ""


def _capitalized(pieces: Pieces) -> Pieces:
    """A sentence that begins with an instant (`between … and …`) begins with a capital all the same."""
    if pieces and pieces[0].kind == "time":
        first = pieces[0].text
        return [Piece(first[0].upper() + first[1:], "time"), *pieces[1:]]
    return pieces
